// Any bytes: a .mge model, or an error. What is imported is a sound graph.
#include <cstdint>
#include <cstdlib>

#include "core/import/megengine/megengine.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const lite::Bytes bytes{nullptr, std::as_bytes(std::span(data, size))};
  lite::ImportOptions options;
  options.limits.max_nodes = 1u << 12;
  options.limits.max_decoded_bytes = uint64_t{64} << 20;
  lite::ImportReport report;
  const lite::Result<lite::Graph> graph = lite::import_megengine(bytes, options, &report);
  if (!graph.is_ok()) {
    if (graph.error().message.empty() || graph.error().code == lite::Code::kInternal) std::abort();
    return 0;
  }
  if (!graph.value().verify().is_ok() || dump_text(graph.value()).empty()) std::abort();
  return 0;
}
