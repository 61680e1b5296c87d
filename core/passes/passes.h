// Every pass, by name; pipeline.cpp puts them in order. What each does is said at the top of its file.
#pragma once

#include "core/passes/pass.h"

namespace lite::passes {

#define LITE_PASS(name) Result<bool> name(Graph& graph, const PassOptions& options)
LITE_PASS(remove_dead);
#undef LITE_PASS

}  // namespace lite::passes
