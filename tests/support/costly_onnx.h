// Models that the format allows and that ask for too much, or for what cannot be done, when they are run.
#pragma once

#include "tests/import/hostile_onnx.h"

namespace lite::test {

// `message`: a part of the error's; "?" where an error and a result are both right; empty where there must be
// a result.
std::vector<HostileModel> costly_onnx_models();

}  // namespace lite::test
