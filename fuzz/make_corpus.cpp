// make_corpus DIR: writes small models, right and wrong ones, for the fuzzers to start from: DIR/onnx,
// DIR/mge, DIR/pack and DIR/compiled.
#include <filesystem>
#include <fstream>
#include <iostream>

#include "core/import/onnx/onnx.h"
#include "core/ir/fact.h"
#include "tests/import/hostile_mge.h"
#include "tests/import/hostile_onnx.h"
#include "tests/package/hostile_packs.h"
#include "tests/support/compiled_model.h"
#include "tests/support/costly_onnx.h"
#include "tests/support/run_model.h"

namespace {

template <class Model>
bool write_models(const std::filesystem::path& dir, const std::vector<Model>& models) {
  std::filesystem::create_directories(dir);
  constexpr size_t kLargest = 16384;  // large ones only make the fuzzer slow
  size_t written = 0;
  for (const auto& m : models) {
    if (m.bytes.size() > kLargest) continue;
    std::ofstream file(dir / m.name, std::ios::binary);
    if (!(file << m.bytes)) {
      std::cerr << "make_corpus: cannot write " << (dir / m.name).string() << "\n";
      return false;
    }
    ++written;
  }
  std::cout << written << " models in " << dir.string() << "\n";
  return true;
}

// Of the right ones, those that can be compiled, each for inputs that would be drawn for it.
std::vector<lite::test::HostileModel> compiled_models() {
  using namespace lite;
  std::vector<test::HostileModel> models;
  for (const test::HostileModel& m : test::sane_onnx_models()) {
    const Bytes bytes{nullptr, std::as_bytes(std::span(m.bytes))};
    const test::RunLimits limits;
    auto graph = import_onnx(bytes, test::import_options(bytes, limits));
    if (!graph.is_ok()) continue;
    const auto model = Model::create(std::move(graph).value(), test::model_options(limits));
    const auto inputs = model.is_ok() ? test::draw_inputs(*model.value(), bytes.view) : model.status();
    if (!inputs.is_ok()) continue;
    std::vector<Fact> facts;
    for (size_t i = 0; i < inputs.value().size(); ++i)
      facts.push_back(fact_of(inputs.value()[i], &model.value()->input(i).fact));
    auto file = test::compiled(*model.value(), std::span(&facts, 1));
    if (file.is_ok()) models.push_back({m.name, std::move(file).value(), ""});
  }
  return models;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: make_corpus DIR\n";
    return 2;
  }
  const std::filesystem::path dir = argv[1];
  using namespace lite::test;
  const bool written =
      write_models(dir / "onnx", sane_onnx_models()) && write_models(dir / "onnx", hostile_onnx_models()) &&
      write_models(dir / "onnx", costly_onnx_models()) && write_models(dir / "mge", sane_mge_models()) &&
      write_models(dir / "mge", hostile_mge_models()) && write_models(dir / "pack", hostile_packs()) &&
      write_models(dir / "compiled", compiled_models());
  return written ? 0 : 1;
}
