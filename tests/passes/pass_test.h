// Runs passes over a graph written as text, and checks what comes out: its text, and that it computes what it
// did before.
#pragma once

#include <string>
#include <string_view>

#include "core/passes/passes.h"
#include "tests/support/graph_text.h"

namespace lite::test {

// One pass until it changes nothing, with what is left over taken away; or a whole list.
Graph run_pass(std::string_view text, Result<bool> (*pass)(passes::Rewriter&, const PassOptions&),
               const PassOptions& options = {});
Graph run_list(std::string_view text, std::span<const Pass> passes, const PassOptions& options = {});

// dump_text without the graph's name and indentation.
std::string text_of(const Graph& graph);
// How many nodes of that operator.
int count(const Graph& graph, std::string_view op);

// The pass makes `after` of `before`, and both compute the same.
void expect_rewrite(std::string_view before, Result<bool> (*pass)(passes::Rewriter&, const PassOptions&),
                    std::string_view after, const PassOptions& options = {});
// The pass leaves it as it is.
void expect_kept(std::string_view text, Result<bool> (*pass)(passes::Rewriter&, const PassOptions&),
                 const PassOptions& options = {});
// Both graphs give the same on sample inputs, within `tolerance` of the largest output.
void expect_same_results(const Graph& before, const Graph& after, double tolerance = 1e-5);

}  // namespace lite::test
