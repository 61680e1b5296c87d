// MegEngine's .mge models to Graph.
#pragma once

#include <span>

#include "core/import/import.h"
#include "core/ir/graph.h"

namespace lite {

// The graph of a .mge file of either container, in ONNX's words and a few of domain "megengine". Of a file
// that holds several graphs the first is read; test cases after a model are left alone.
//
// Constants of 1 MiB or more, and smaller ones that are aligned, point into `bytes`; see import_onnx about
// owners. Inputs have the rank that the file gives and unknown sizes, because MegEngine's callers may feed
// any; report->traced_inputs has the sizes that the file was made with. Quantised variables are integers
// inside the graph.
//
// kInvalidModel when the bytes contradict the format or themselves, or go over a limit; kUnsupported when
// operators cannot run here: the message, and `report` if given, list all of them at once.
Result<Graph> import_megengine(const Bytes& bytes, const ImportOptions& options = {},
                               ImportReport* report = nullptr);

// Whether the bytes start like one of MegEngine's containers. Cheap; a true answer promises nothing.
bool looks_like_megengine(std::span<const std::byte> bytes) noexcept;

}  // namespace lite
