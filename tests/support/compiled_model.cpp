#include "tests/support/compiled_model.h"

namespace lite::test {

Result<std::string> compiled(const Model& model, std::span<const std::vector<Fact>> inputs,
                             const ImportReport& report) {
  std::vector<SpecialisedGraph> specialised;
  std::vector<std::shared_ptr<const Program>> programs;
  for (const std::vector<Fact>& facts : inputs) {
    LITE_ASSIGN(SpecialisedGraph s, model.specialise(facts));
    specialised.push_back(std::move(s));
    LITE_ASSIGN(std::shared_ptr<const Program> program, model.compile(specialised.back()));
    programs.push_back(std::move(program));
  }
  std::string bytes;
  CompiledSize size;
  LITE_TRY(write_compiled(
               {model, report, specialised},
               [&](std::span<const std::byte> part) {
                 bytes.append(reinterpret_cast<const char*>(part.data()), part.size());
                 return true;
               },
               &size)
               .status());
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
