// The network reads its input from the caller's memory and writes its output there: nothing is copied.

#include <lite/network.h>

#include <exception>
#include <vector>

#include "example.h"

int main(int argc, char** argv) {
  if (wrong_usage(argc, argv)) return 2;
  std::vector<float> pixels(SIDE * SIDE), prob(CLASSES);
  if (scan_read(argv[2], pixels.data(), SIDE, SIDE) != 0) return 1;
  try {
    lite::Config config;
    config.options.force_output_use_user_specified_memory = true;
    lite::Network network(config);
    network.load_model(argv[1]);
    const auto input = network.get_input_tensor(0);
    input->reset(pixels.data(), input->get_layout());
    network.get_output_tensor(0)->reset(prob.data(), lite::Layout{{1, CLASSES}, 2, LiteDataType::LITE_FLOAT});
    network.forward();
    network.wait();
    tell(prob.data());
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 1;
  }
}
