// .mge files that contradict the format or themselves, and what the importer must say about each.
#pragma once

#include "tests/import/hostile_onnx.h"

namespace lite::test {

std::vector<HostileModel> hostile_mge_models();
// Right ones of both containers, for the fuzzer to start from.
std::vector<HostileModel> sane_mge_models();

}  // namespace lite::test
