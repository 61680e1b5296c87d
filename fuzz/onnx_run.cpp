// Any bytes: an ONNX model that loads and runs, or an error, within the limits of memory and time.
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "tests/support/run_model.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const lite::Bytes bytes{nullptr, std::as_bytes(std::span(data, size))};
  for (const bool optimise : {true, false}) {
    lite::test::RunLimits limits;
    limits.optimise = optimise;
    const lite::Status status = lite::test::load_and_run(bytes, limits);
    if (status.is_ok()) continue;
    if (status.code() != lite::Code::kInternal && !status.message().empty()) continue;
    std::fprintf(stderr, "%s: %s\n", lite::code_name(status.code()), status.message().c_str());
    std::abort();
  }
  return 0;
}
