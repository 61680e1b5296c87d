#include "tests/support/compiled_model.h"

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
  return Model::create_compiled(std::move(parts.graph), std::move(parts.specialised), options,
                                std::move(parts.packs));
}

}  // namespace lite::test
