// ONNX models to Graph.
#pragma once

#include <span>
#include <vector>

#include "core/import/import.h"
#include "core/ir/graph.h"

namespace lite {

// The graph of a serialised ModelProto, every node at the operator's newest version, bodies closed, local
// functions inlined, types and shapes inferred.
//
// Constants point into `bytes` (and into external data), small ones that are not aligned for their type
// excepted; large ones may be unaligned: see Tensor::aligned(). So the graph shares bytes.owner; without an
// owner the caller keeps the bytes alive and unchanged as long as the graph or any copy. Names of inputs and
// outputs, their order and the names of symbolic dimensions are the model's.
//
// kInvalidModel when the bytes contradict the format or themselves, or go over a limit; kUnsupported when
// nodes cannot run here: the message, and `report` if given, list all of them at once. `report` is filled as
// far as the import got.
Result<Graph> import_onnx(const Bytes& bytes, const ImportOptions& options = {},
                          ImportReport* report = nullptr);

// An operator that an import replaces by others.
struct ReplacedOp {
  const char* name;
  const char* domain;
};
// Those that are not in ops::all(), by domain and name.
std::vector<ReplacedOp> replaced_onnx_ops();

// Whether the bytes start like a ModelProto. Cheap; a true answer promises nothing.
bool looks_like_onnx(std::span<const std::byte> bytes) noexcept;

// A ModelProto without the zeros that may follow it where a cipher pads its text: up to seven.
std::span<const std::byte> without_padding(std::span<const std::byte> bytes) noexcept;

}  // namespace lite
