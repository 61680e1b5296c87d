// Runs in two threads, each on a CPU of its own where there are as many.

#include <lite/network.h>
#include <sched.h>

#include <exception>
#include <memory>
#include <vector>

#include "example.h"

int main(int argc, char** argv) {
  if (wrong_usage(argc, argv)) return 2;
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return std::perror("sched_getaffinity"), 1;
  std::vector<size_t> cpus;
  for (size_t cpu = 0; cpu < CPU_SETSIZE; ++cpu)
    if (CPU_ISSET(cpu, &allowed)) cpus.push_back(cpu);
  try {
    const auto network = std::make_shared<lite::Network>();
    lite::Runtime::set_cpu_threads_number(network, 2);  // before loading
    network->load_model(argv[1]);
    // Called once in each thread that works for the network.
    lite::Runtime::set_runtime_thread_affinity(network, [&cpus](int thread_id) {
      const size_t cpu = cpus[static_cast<size_t>(thread_id) % cpus.size()];
      cpu_set_t one;
      CPU_ZERO(&one);
      CPU_SET(cpu, &one);
      if (sched_setaffinity(0, sizeof one, &one) == 0) std::printf("thread %d on CPU %zu\n", thread_id, cpu);
    });
    const std::shared_ptr<lite::Tensor> input = network->get_io_tensor("data");
    if (scan_read(argv[2], static_cast<float*>(input->get_memory_ptr()), SIDE, SIDE) != 0) return 1;
    network->forward();
    network->wait();
    tell(static_cast<const float*>(network->get_io_tensor("prob")->get_memory_ptr()));
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 1;
  }
}
