// Loads a model from a file and from memory, with a callback that sees the inputs and one that sees the
// outputs.

#include <lite/global.h>
#include <lite/network.h>
#include <lite/tensor.h>

#include <exception>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "example.h"

namespace {

using Tensors = std::unordered_map<std::string, std::pair<lite::IO, std::shared_ptr<lite::Tensor>>>;

void tell_shapes(const char* which, const Tensors& tensors) {
  for (const auto& named : tensors) {
    const lite::Layout layout = named.second.second->get_layout();
    std::printf("%s %s:", which, named.first.c_str());
    for (size_t i = 0; i < layout.ndim; ++i) std::printf(" %zu", layout.shapes[i]);
    std::printf("\n");
  }
}

bool classify(lite::Network& network, const char* scan) {
  const std::shared_ptr<lite::Tensor> input = network.get_input_tensor(0);
  if (scan_read(scan, static_cast<float*>(input->get_memory_ptr()), SIDE, SIDE) != 0) return false;
  network.forward();
  network.wait();
  tell(static_cast<const float*>(network.get_output_tensor(0)->get_memory_ptr()));
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  if (wrong_usage(argc, argv)) return 2;
  try {
    lite::set_log_level(LiteLogLevel::WARN);
    lite::Network of_file;
    of_file.load_model(argv[1]);
    of_file.set_start_callback([](const Tensors& inputs) { tell_shapes("input", inputs); });
    of_file.set_finish_callback([](const Tensors& outputs) { tell_shapes("output", outputs); });
    if (!classify(of_file, argv[2])) return 1;

    std::ifstream file(argv[1], std::ios::binary);
    std::vector<char> bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    lite::Network of_memory;
    of_memory.load_model(bytes.data(), bytes.size());
    if (!classify(of_memory, argv[2])) return 1;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 1;
  }
}
