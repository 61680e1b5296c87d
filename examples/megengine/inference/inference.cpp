// Reads a picture, brings it to the size and the numbers that the model was trained with, and tells the five
// likeliest classes.

#include <lite/network.h>
#include <png.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <vector>

namespace {

struct Picture {
  size_t height, width;
  std::vector<png_byte> grey;
};

Picture read(const char* path) {
  png_image image = {};
  image.version = PNG_IMAGE_VERSION;
  if (!png_image_begin_read_from_file(&image, path)) throw std::runtime_error(image.message);
  image.format = PNG_FORMAT_GRAY;
  Picture picture{image.height, image.width, std::vector<png_byte>(PNG_IMAGE_SIZE(image))};
  if (!png_image_finish_read(&image, nullptr, picture.grey.data(), 0, nullptr))
    throw std::runtime_error(image.message);
  return picture;
}

// Nearest neighbours, from 0..255 to 0..1: as the digits' model wants it.
void fill(lite::Tensor& tensor, const Picture& picture) {
  const lite::Layout layout = tensor.get_layout();
  if (layout.ndim != 4 || layout.shapes[1] != 1 || layout.data_type != LiteDataType::LITE_FLOAT)
    throw std::runtime_error("the model does not take grey pictures");
  const size_t height = layout.shapes[2], width = layout.shapes[3];
  float* out = static_cast<float*>(tensor.get_memory_ptr());
  for (size_t y = 0; y < height; ++y)
    for (size_t x = 0; x < width; ++x)
      *out++ = static_cast<float>(
                   picture.grey[y * picture.height / height * picture.width + x * picture.width / width]) /
               255.0f;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: %s MODEL PICTURE.png\n", argv[0]);
    return 2;
  }
  try {
    lite::Network network;
    network.load_model(argv[1]);
    fill(*network.get_input_tensor(0), read(argv[2]));
    network.forward();
    network.wait();
    const std::shared_ptr<lite::Tensor> output = network.get_output_tensor(0);
    const float* const prob = static_cast<const float*>(output->get_memory_ptr());
    std::vector<size_t> order(output->get_tensor_total_size_in_byte() / sizeof(float));
    std::iota(order.begin(), order.end(), size_t{0});
    std::sort(order.begin(), order.end(), [prob](size_t a, size_t b) { return prob[a] > prob[b]; });
    for (size_t i = 0; i < std::min<size_t>(5, order.size()); ++i)
      std::printf("%zu: class %zu, %.2f %%\n", i + 1, order[i], 100.0 * static_cast<double>(prob[order[i]]));
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 1;
  }
}
