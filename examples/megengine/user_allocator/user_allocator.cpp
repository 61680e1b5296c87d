// Gives the network its memory, and sees that all of it comes back.

#include <lite/network.h>
#include <stdlib.h>

#include <atomic>
#include <exception>
#include <memory>

#include "example.h"

namespace {

// Called from any thread.
class Counting : public lite::Allocator {
 public:
  void* allocate(LiteDeviceType, int, size_t size, size_t align) override {
    void* block = nullptr;
    if (posix_memalign(&block, align < sizeof(void*) ? sizeof(void*) : align, size) != 0) return nullptr;
    ++blocks;
    bytes += size;
    return block;
  }
  void free(LiteDeviceType, int, void* block) override {
    ::free(block);
    --blocks;
  }

  std::atomic<size_t> blocks{0}, bytes{0};
};

}  // namespace

int main(int argc, char** argv) {
  if (wrong_usage(argc, argv)) return 2;
  const auto counting = std::make_shared<Counting>();
  try {
    const auto network = std::make_shared<lite::Network>();
    lite::Runtime::set_memory_allocator(network, counting);
    network->load_model(argv[1]);
    const std::shared_ptr<lite::Tensor> input = network->get_io_tensor("data");
    if (scan_read(argv[2], static_cast<float*>(input->get_memory_ptr()), SIDE, SIDE) != 0) return 1;
    network->forward();
    network->wait();
    tell(static_cast<const float*>(network->get_io_tensor("prob")->get_memory_ptr()));
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 1;
  }
  std::printf("%zu bytes given, %zu blocks not given back\n", counting->bytes.load(),
              counting->blocks.load());
  return counting->bytes == 0 || counting->blocks != 0;
}
