// make_corpus DIR: writes small models, right and wrong ones, for the fuzzers to start from: DIR/onnx,
// DIR/mge and DIR/pack.
#include <filesystem>
#include <fstream>
#include <iostream>

#include "tests/import/hostile_mge.h"
#include "tests/import/hostile_onnx.h"
#include "tests/package/hostile_packs.h"
#include "tests/support/costly_onnx.h"

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
      write_models(dir / "mge", hostile_mge_models()) && write_models(dir / "pack", hostile_packs());
  return written ? 0 : 1;
}
