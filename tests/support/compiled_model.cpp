#include "tests/support/compiled_model.h"

#include <algorithm>

namespace lite::test {

Result<std::string> compiled(const Model& model, std::span<const std::vector<Fact>> inputs) {
  std::string bytes;
  CompiledSize size;
  const auto append = [&](std::span<const std::byte> part) {
    bytes.append(reinterpret_cast<const char*>(part.data()), part.size());
    return true;
  };
  LITE_TRY(write_compiled(model, ImportReport(), inputs, append, &size).status());
  if (size.bytes != bytes.size())
    return fail(Code::kInternal, "the container has ", bytes.size(), " bytes, ", size.bytes, " are told");
  return bytes;
}

Result<std::shared_ptr<Model>> load_compiled(std::span<const std::byte> bytes, const ModelOptions& options,
                                             const ImportOptions& import, bool thorough) {
  ImportReport report;
  LITE_ASSIGN(CompiledModel parts, read_compiled({nullptr, bytes}, import, thorough, &report));
  return Model::create_compiled(std::move(parts), options);
}

Status load_and_run_compiled(std::span<const std::byte> bytes, const RunLimits& limits) {
  ImportReport report;
  LITE_ASSIGN(CompiledModel parts,
              read_compiled({nullptr, bytes}, import_options({nullptr, bytes}, limits), false, &report));
  std::vector<std::vector<Fact>> stored;
  for (const StoredGraph& s : parts.specialised) stored.push_back(s.inputs);
  LITE_ASSIGN(const std::shared_ptr<Model> model,
              Model::create_compiled(std::move(parts), model_options(limits)));
  Status status = run_drawn(model, bytes, limits);
  constexpr size_t kMost = 4;
  for (size_t i = 0; i < std::min(kMost, stored.size()); ++i)
    if (Status s = model->program(stored[i]).status(); !s.is_ok() && status.is_ok()) status = std::move(s);
  return status;
}

}  // namespace lite::test
