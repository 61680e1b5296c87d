// Classifies scans of handwritten digits through the C++ API.
//
// usage: classify MODEL SCAN.png...

#include <lite/network.h>

#include <cstdio>
#include <exception>
#include <memory>

extern "C" {
#include "scan.h"
}

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: %s MODEL SCAN.png...\n", argv[0]);
    return 2;
  }
  try {
    lite::Network network;
    network.load_model(argv[1]);
    const std::shared_ptr<lite::Tensor> data = network.get_io_tensor("data"),
                                        prob = network.get_io_tensor("prob");
    data->set_layout(lite::Layout{{1, 1, 8, 8}, 4, LiteDataType::LITE_FLOAT});
    for (int i = 2; i < argc; ++i) {
      if (scan_read(argv[i], static_cast<float*>(data->get_memory_ptr()), 8, 8) != 0) return 1;
      network.forward();
      network.wait();
      const float* p = static_cast<const float*>(prob->get_memory_ptr());
      const size_t best = scan_argmax(p, 10);
      std::printf("%s: %zu (%.1f %%)\n", argv[i], best, 100.0 * static_cast<double>(p[best]));
    }
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 1;
  }
}
