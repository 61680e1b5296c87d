// make_onnx_corpus DIR: writes small models, right and wrong ones, for the fuzzer to start from.
#include <filesystem>
#include <fstream>
#include <iostream>

#include "tests/import/hostile_onnx.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: make_onnx_corpus DIR\n";
    return 2;
  }
  const std::filesystem::path dir = argv[1];
  std::filesystem::create_directories(dir);
  size_t written = 0;
  constexpr size_t kLargest = 16384;  // large ones only make the fuzzer slow
  for (const auto& models : {lite::test::sane_onnx_models(), lite::test::hostile_onnx_models()}) {
    for (const auto& m : models) {
      if (m.bytes.size() > kLargest) continue;
      std::ofstream file(dir / (m.name + ".onnx"), std::ios::binary);
      if (!(file << m.bytes)) {
        std::cerr << "make_onnx_corpus: cannot write " << (dir / m.name).string() << "\n";
        return 1;
      }
      ++written;
    }
  }
  std::cout << written << " models in " << dir.string() << "\n";
  return 0;
}
