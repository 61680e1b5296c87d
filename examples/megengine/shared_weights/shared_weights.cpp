// Two networks on one model's weights, each with its own input, output and working memory.

#include <lite/network.h>

#include <cstring>
#include <exception>
#include <memory>

#include "example.h"

namespace {

const float* classify(lite::Network& network, const char* scan) {
  const std::shared_ptr<lite::Tensor> input = network.get_io_tensor("data");
  if (scan_read(scan, static_cast<float*>(input->get_memory_ptr()), SIDE, SIDE) != 0) return nullptr;
  network.forward();
  network.wait();
  const float* const prob = static_cast<const float*>(network.get_io_tensor("prob")->get_memory_ptr());
  tell(prob);
  return prob;
}

}  // namespace

int main(int argc, char** argv) {
  if (wrong_usage(argc, argv)) return 2;
  try {
    const auto first = std::make_shared<lite::Network>();
    first->load_model(argv[1]);
    const auto second = std::make_shared<lite::Network>(lite::Config(), lite::NetworkIO());
    lite::Runtime::shared_weight_with_network(second, first);
    const float* const one = classify(*first, argv[2]);
    const float* const two = classify(*second, argv[2]);
    if (!one || !two) return 1;
    if (std::memcmp(one, two, CLASSES * sizeof(float)) != 0) return std::fprintf(stderr, "they differ\n"), 1;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 1;
  }
}
