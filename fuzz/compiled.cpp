// Any bytes in the container of compiled models, sealed for this build: a model that loads and runs, or an
// error, within the limits of memory and time.
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "core/compiled/format.h"
#include "tests/support/compiled_model.h"
#include "tests/support/run_model.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace lite;
  std::vector<std::byte> bytes(size);
  if (size != 0) std::memcpy(bytes.data(), data, size);
  if (compiled::Header header; size >= sizeof header) {
    std::memcpy(&header, data, sizeof header);
    if (header.head_bytes <= size - sizeof header)
      compiled::seal(std::span(bytes).first(sizeof header + header.head_bytes));
  }
  test::RunLimits limits;
  const Status status = test::load_and_run_compiled(bytes, limits);
  if (status.is_ok() || (status.code() != Code::kInternal && !status.message().empty())) return 0;
  std::fprintf(stderr, "%s: %s\n", code_name(status.code()), status.message().c_str());
  std::abort();
}
