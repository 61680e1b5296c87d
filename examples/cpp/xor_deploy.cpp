// MegEngine's tutorial net, which learnt that two numbers of different sign make class 1: tells how sure it
// is of both classes.
//
// usage: xor_deploy xornet_deploy.mge X Y

#include <lite/network.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: %s MODEL X Y\n", argv[0]);
    return 2;
  }
  try {
    lite::Network network;
    network.load_model(argv[1]);
    const std::shared_ptr<lite::Tensor> point = network.get_input_tensor(0);
    // The file was made for twelve points; it takes any number.
    point->set_layout(lite::Layout{{1, 2}, 2, LiteDataType::LITE_FLOAT});
    float* const xy = static_cast<float*>(point->get_memory_ptr());
    xy[0] = std::strtof(argv[2], nullptr);
    xy[1] = std::strtof(argv[3], nullptr);
    network.forward();
    network.wait();
    const float* const p = static_cast<const float*>(network.get_output_tensor(0)->get_memory_ptr());
    std::printf("Predicted: %f %f\n", static_cast<double>(p[0]), static_cast<double>(p[1]));
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 1;
  }
}
