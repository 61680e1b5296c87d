// Models that contradict the format or themselves, and what the importer must say about each.
#pragma once

#include <string>
#include <vector>

namespace lite::test {

struct HostileModel {
  std::string name;
  std::string bytes;
  std::string message;  // a part of the error's
};

std::vector<HostileModel> hostile_onnx_models();
// Right ones of many kinds, for the fuzzer to start from.
std::vector<HostileModel> sane_onnx_models();

}  // namespace lite::test
