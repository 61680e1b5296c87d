// Starts a run and goes on; the library calls back when it is over.

#include <lite/network.h>

#include <exception>
#include <future>
#include <memory>

#include "example.h"

int main(int argc, char** argv) {
  if (wrong_usage(argc, argv)) return 2;
  try {
    lite::Config config;
    config.options.var_sanity_check_first_run = false;
    lite::Network network(config);
    network.load_model(argv[1]);
    std::promise<void> over;
    network.set_async_callback([&over] { over.set_value(); });  // in a thread of the library
    const std::shared_ptr<lite::Tensor> input = network.get_io_tensor("data");
    if (scan_read(argv[2], static_cast<float*>(input->get_memory_ptr()), SIDE, SIDE) != 0) return 1;
    network.forward();
    std::printf("running ...\n");
    over.get_future().wait();
    network.wait();  // returns at once, or throws what went wrong
    tell(static_cast<const float*>(network.get_io_tensor("prob")->get_memory_ptr()));
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 1;
  }
}
