// Feeds random numbers to a model that ends in softmax, whatever its input's shape: the outputs' sum is 1.
//
// usage: softmax MODEL
//
// c++ -std=c++14 softmax.cpp -llite_shared

#include <lite/network.h>

#include <cmath>
#include <cstdio>
#include <exception>
#include <memory>
#include <random>

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: %s MODEL\n", argv[0]);
    return 2;
  }
  try {
    const auto network = std::make_shared<lite::Network>();
    network->load_model(argv[1]);
    const std::shared_ptr<lite::Tensor> input = network->get_input_tensor(0);
    const size_t count = input->get_tensor_total_size_in_byte() / input->get_layout().get_elem_size();
    float* const in = static_cast<float*>(input->get_memory_ptr());
    std::mt19937 random(std::random_device{}());
    std::uniform_real_distribution<float> from_0_to_1;
    for (size_t i = 0; i < count; ++i) in[i] = from_0_to_1(random);
    network->forward();
    network->wait();

    const std::shared_ptr<lite::Tensor> output = network->get_output_tensor(0);
    const size_t classes = output->get_tensor_total_size_in_byte() / output->get_layout().get_elem_size();
    const float* const out = static_cast<const float*>(output->get_memory_ptr());
    float max = out[0], sum = 0;
    for (size_t i = 0; i < classes; ++i) {
      max = std::fmax(max, out[i]);
      sum += out[i];
    }
    std::printf("classes=%zu, max=%f, sum=%.4f\n", classes, static_cast<double>(max),
                static_cast<double>(sum));
    return std::fabs(sum - 1) > 1e-5f;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 1;
  }
}
