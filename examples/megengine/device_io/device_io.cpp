// Input and output stay on the network's device; only the caller copies. The device here is the CPU; with
// another one only `device` changes.

#include <lite/network.h>
#include <lite/tensor.h>

#include <exception>
#include <memory>

#include "example.h"

int main(int argc, char** argv) {
  if (wrong_usage(argc, argv)) return 2;
  const LiteDeviceType device = LiteDeviceType::LITE_CPU;
  try {
    lite::Config config;
    config.device_type = device;
    lite::NetworkIO io;
    const bool is_host = false;
    io.inputs.push_back({"data", is_host});
    io.outputs.push_back({"prob", is_host});
    lite::Network network(config, io);
    network.load_model(argv[1]);
    const std::shared_ptr<lite::Tensor> input = network.get_io_tensor("data"),
                                        output = network.get_io_tensor("prob");

    lite::Tensor scan(LiteDeviceType::LITE_CPU, input->get_layout()), on_device(device, input->get_layout());
    if (scan_read(argv[2], static_cast<float*>(scan.get_memory_ptr()), SIDE, SIDE) != 0) return 1;
    on_device.copy_from(scan);
    input->reset(on_device.get_memory_ptr(), input->get_layout());

    network.forward();
    network.wait();
    lite::Tensor result;
    result.copy_from(*output);
    tell(static_cast<const float*>(result.get_memory_ptr()));
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 1;
  }
}
