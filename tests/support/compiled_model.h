// Compiled models in memory, for tests of the container.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/compiled/compiled.h"
#include "tests/support/run_model.h"

namespace lite::test {

// The container of a model that is compiled for each of these sets of inputs.
Result<std::string> compiled(const Model& model, std::span<const std::vector<Fact>> inputs);
// The model in a container, whose bytes stay the caller's.
Result<std::shared_ptr<Model>> load_compiled(std::span<const std::byte> bytes, const ModelOptions& options,
                                             const ImportOptions& import = {}, bool thorough = false);

// Of a stranger's bytes: runs it as run_drawn() does, and compiles what is stored for other inputs.
Status load_and_run_compiled(std::span<const std::byte> bytes, const RunLimits& limits);

}  // namespace lite::test
