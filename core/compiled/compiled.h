// The container of compiled models: the graph after the load-time passes, what was made of it for some
// inputs, and the weights as kernels want them. Loaded by mapping it; docs/decisions/compiled-models.md has
// the layout and why it is as it is.
//
// A file is good for the build of the library and the processor that made it. It comes from a stranger all
// the same.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/base/mapped_file.h"
#include "core/import/import.h"
#include "core/runtime/model.h"

namespace lite {

bool looks_like_compiled(std::span<const std::byte> bytes) noexcept;

// The parts for Model::create_compiled, which lie where the bytes do, or in a copy when those are not aligned
// to 64 bytes. kUnsupported when it was compiled by another build, for another processor, or has operators
// that nobody has registered; kInvalidModel when the bytes are damaged. With `thorough` the graphs are
// decoded, and the contents of constants and packings held against what was written; without, nothing reads
// them.
Result<CompiledModel> read_compiled(const Bytes& bytes, const ImportOptions& options, bool thorough,
                                    ImportReport* report);

struct CompiledSize {
  uint64_t bytes = 0, constants = 0, packed = 0;  // bytes: of all
  size_t nodes = 0, packings = 0;
};
// Takes a part of the file; false stops.
using PutBytes = std::function<bool(std::span<const std::byte>)>;
// Compiles the model for each of these sets of inputs, and writes all that this gives. False when `put` said
// so. As Model::program() fails for inputs that the model does not take.
Result<bool> write_compiled(const Model& model, const ImportReport& report,
                            std::span<const std::vector<Fact>> inputs, const PutBytes& put,
                            CompiledSize* size);

}  // namespace lite
