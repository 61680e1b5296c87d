// Models of strangers: what can be read can be written, or is refused, and what was written can be read
// again.
#include <gtest/gtest.h>

#include "core/export/onnx/onnx.h"
#include "core/import/megengine/megengine.h"
#include "core/import/onnx/onnx.h"
#include "tests/import/hostile_mge.h"
#include "tests/import/hostile_onnx.h"
#include "tests/support/costly_onnx.h"

namespace lite::test {
namespace {

ImportOptions options_for(const Bytes& model) {
  ImportOptions options;
  options.limits.max_decoded_bytes = size_t{32} << 20;
  options.external = [&model](const std::string&) -> Result<Bytes> { return model; };
  return options;
}

Result<Graph> import(const Bytes& model) {
  if (looks_like_megengine(model.view)) return import_megengine(model, options_for(model));
  return import_onnx(model, options_for(model));
}

std::vector<std::string> names(const Graph& g, const std::vector<ValueId>& values) {
  std::vector<std::string> list;
  for (const ValueId v : values) list.push_back(g.value(v).name);
  return list;
}

// Whether the model could be written.
bool write_and_read(const HostileModel& m, const OnnxExportOptions& options) {
  const Bytes bytes = copy_bytes(std::as_bytes(std::span(m.bytes)));
  Result<Graph> graph = import(bytes);
  if (!graph.is_ok()) return false;
  const auto inputs = names(graph.value(), graph.value().inputs),
             outputs = names(graph.value(), graph.value().outputs);
  const Result<OnnxModel> model = export_onnx(std::move(graph).value(), options);
  if (!model.is_ok()) {
    EXPECT_NE(model.error().code, Code::kInternal) << model.error().message;
    EXPECT_FALSE(model.error().message.empty());
    return false;
  }
  auto written = std::make_shared<std::vector<std::byte>>();
  const onnx::Pieces& pieces = model.value().model;
  for (size_t i = 0; i < pieces.count(); ++i)
    written->insert(written->end(), pieces[i].begin(), pieces[i].end());
  const std::span<const std::byte> view(*written);
  const Bytes again{std::move(written), view};
  const Result<Graph> read = import_onnx(again, options_for(again));
  EXPECT_TRUE(read.is_ok()) << (read.is_ok() ? "" : read.error().message);
  if (!read.is_ok()) return false;
  EXPECT_EQ(names(read.value(), read.value().inputs), inputs);
  EXPECT_EQ(names(read.value(), read.value().outputs), outputs);
  return true;
}

int count_written(const std::vector<HostileModel>& models) {
  int written = 0;
  for (const HostileModel& m : models)
    for (const bool fold : {true, false}) {
      SCOPED_TRACE(m.name + (fold ? "" : ", as it is"));
      OnnxExportOptions options;
      options.fold = fold;
      written += write_and_read(m, options) ? 1 : 0;
    }
  return written;
}

TEST(Export, WritesWhatIsSane) {
  const auto onnx = sane_onnx_models(), mge = sane_mge_models();
  EXPECT_EQ(count_written(onnx), 2 * static_cast<int>(onnx.size()));
  EXPECT_EQ(count_written(mge), 2 * static_cast<int>(mge.size()));
}

TEST(Export, RefusesOrWritesWhatIsNot) {
  count_written(hostile_onnx_models());
  count_written(hostile_mge_models());
  EXPECT_GT(count_written(costly_onnx_models()), 0);
}

}  // namespace
}  // namespace lite::test
