// Graphs from text, in the form in which dump_text() writes them, for tests:
//
//   input %x: float32[N,3,8,8]
//   %y = Conv(%x, float32[4,3,3,3], _) {pads=[1,1,1,1]}
//   %a, %b = Split(%y) {axis=1, num_outputs=2}
//   output %a
//
// A constant without elements ({1,2,...}) is filled with numbers of a fixed sequence, the same for the same
// place in the same text. `lite.` before an operator's name is its domain. What follows the attributes (":
// float32[...]") is not read.
#pragma once

#include <string_view>
#include <vector>

#include "core/ir/graph.h"
#include "core/ir/op_def.h"

namespace lite::test {

// Fails the running test, with the line, when the text makes no sense; facts are inferred.
Graph parse_graph(std::string_view text);

// Numbers of a fixed sequence, for every input of the graph; unknown dimensions become `unknown`.
std::vector<Datum> sample_inputs(const Graph& graph, int64_t unknown = 2);

}  // namespace lite::test
