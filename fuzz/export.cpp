// Any bytes: a model that is written as ONNX or refused. What was written reads again, with the same inputs
// and outputs.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "core/export/onnx/onnx.h"
#include "core/import/megengine/megengine.h"
#include "core/import/onnx/onnx.h"
#include "core/ir/fact.h"
#include "core/ops/utf8.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

using namespace lite;

[[noreturn]] void fail_with(const char* what, const std::string& text) {
  std::fprintf(stderr, "%s: %s\n", what, text.c_str());
  std::abort();
}

void check_error(const Error& e) {
  if (e.code == Code::kInternal || e.message.empty()) fail_with(code_name(e.code), e.message);
}

Result<Graph> import(const Bytes& bytes) {
  ImportOptions options;
  options.limits.max_nodes = 1u << 12;
  options.limits.max_decoded_bytes = uint64_t{64} << 20;
  options.external = [&](const std::string&) -> Result<Bytes> { return bytes; };
  if (looks_like_megengine(bytes.view)) return import_megengine(bytes, options);
  return import_onnx(bytes, options);
}

struct Port {
  std::string name, type;
  Fact fact;
};

std::vector<Port> ports(const Graph& g, const std::vector<ValueId>& values) {
  std::vector<Port> list;
  for (const ValueId v : values)
    list.push_back({g.value(v).name, to_text(g, g.value(v).fact), g.value(v).fact});
  return list;
}

// Names are text in ONNX: one that is not becomes another.
bool same_name(const std::string& want, const std::string& got) {
  const std::u32string points = ops::from_utf8(want);
  const bool text =
      std::none_of(points.begin(), points.end(), [](char32_t c) { return c >= 0xdc80 && c <= 0xdcff; });
  return !text || want == got;
}

// What is known of an output may become more when constants are calculated, but not something else.
bool agree(const Fact& a, const Fact& b) {
  if (a.kind != b.kind || (a.dtype != b.dtype && a.dtype != DType::kUndefined)) return false;
  if (a.element && b.element) return agree(*a.element, *b.element);
  if (!a.has_rank || !b.has_rank) return true;
  return std::equal(a.dims.begin(), a.dims.end(), b.dims.begin(), b.dims.end(),
                    [](int64_t x, int64_t y) { return x < 0 || y < 0 || x == y; });
}

void compare(const char* what, const std::vector<Port>& want, const std::vector<Port>& got, bool exactly) {
  if (want.size() != got.size()) fail_with(what, "another number of them");
  for (size_t i = 0; i < want.size(); ++i)
    if (!same_name(want[i].name, got[i].name) ||
        (exactly ? !same_name(want[i].type, got[i].type) : !agree(want[i].fact, got[i].fact)))
      fail_with(what, got[i].name + " " + got[i].type + ", was " + want[i].name + " " + want[i].type);
}

void write_and_read(Graph graph, const OnnxExportOptions& options) {
  const std::vector<Port> inputs = ports(graph, graph.inputs), outputs = ports(graph, graph.outputs);
  const Result<OnnxModel> model = export_onnx(std::move(graph), options);
  if (!model.is_ok()) return check_error(model.error());
  const auto written = std::make_shared<std::vector<std::byte>>();
  const onnx::Pieces& pieces = model.value().model;
  for (size_t i = 0; i < pieces.count(); ++i)
    written->insert(written->end(), pieces[i].begin(), pieces[i].end());
  const Result<Graph> again = import_onnx(Bytes{written, *written}, {});
  if (!again.is_ok()) fail_with("what was written is refused", again.error().message);
  compare("input", inputs, ports(again.value(), again.value().inputs), true);
  compare("output", outputs, ports(again.value(), again.value().outputs), false);
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const Bytes bytes{nullptr, std::as_bytes(std::span(data, size))};
  for (const bool fold : {true, false}) {
    Result<Graph> graph = import(bytes);
    if (!graph.is_ok()) {
      check_error(graph.error());
      return 0;
    }
    OnnxExportOptions options;
    options.fold = fold;
    options.own_domain = !fold;
    write_and_read(std::move(graph).value(), options);
  }
  return 0;
}
