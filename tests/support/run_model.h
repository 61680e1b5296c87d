// Loads a model from a stranger's bytes and runs it, within limits: for fuzzing and for tests of hostile
// models.
#pragma once

#include <chrono>
#include <cstddef>
#include <span>
#include <vector>

#include "core/base/mapped_file.h"
#include "core/import/import.h"
#include "core/runtime/model.h"

namespace lite::test {

struct RunLimits {
  size_t memory = size_t{64} << 20;  // of a run; constants that folding makes get a quarter of it
  std::chrono::milliseconds time{1000};
  bool optimise = true;
};

// What is unknown of the inputs' shapes is taken from the bytes, and so are their contents: a model is always
// run the same way. External data is the model itself, whatever its location.
Status load_and_run(const Bytes& model, const RunLimits& limits);

// The parts of it.
ImportOptions import_options(const Bytes& model, const RunLimits& limits);
ModelOptions model_options(const RunLimits& limits);
Result<std::vector<Datum>> draw_inputs(const Model& model, std::span<const std::byte> bytes);
Status run_drawn(const std::shared_ptr<Model>& model, std::span<const std::byte> bytes,
                 const RunLimits& limits);

}  // namespace lite::test
