#include "tests/passes/pass_test.h"

#include <gtest/gtest.h>

#include <cmath>

namespace lite::test {
namespace {

void run(Graph& g, std::span<const Pass> passes, const PassOptions& options) {
  const Status status = run_passes(g, passes, options);
  EXPECT_TRUE(status.is_ok()) << status.message();
  const Status verified = g.verify();
  EXPECT_TRUE(verified.is_ok()) << verified.message();
}

std::string trimmed(std::string_view text) {
  std::string out;
  size_t at = 0;
  while (at < text.size()) {
    size_t end = text.find('\n', at);
    if (end == std::string_view::npos) end = text.size();
    std::string_view line = text.substr(at, end - at);
    while (!line.empty() && line.front() == ' ') line.remove_prefix(1);
    while (!line.empty() && line.back() == ' ') line.remove_suffix(1);
    if (!line.empty()) out += std::string(line) + '\n';
    at = end + 1;
  }
  return out;
}

}  // namespace

Graph run_pass(std::string_view text, Result<bool> (*pass)(passes::Rewriter&, const PassOptions&),
               const PassOptions& options) {
  const Pass list[] = {{"pass", pass}, {"remove_dead", passes::remove_dead}};
  return run_list(text, list, options);
}

Graph run_list(std::string_view text, std::span<const Pass> passes, const PassOptions& options) {
  Graph g = parse_graph(text);
  run(g, passes, options);
  return g;
}

std::string text_of(const Graph& graph) {
  const std::string text = dump_text(graph);
  return trimmed(std::string_view(text).substr(text.find('\n') + 1));
}

int count(const Graph& graph, std::string_view op) {
  int n = 0;
  for (NodeId id = 0; id < graph.num_nodes(); ++id)
    n += graph.alive(id) && op == graph.node(id).op->name ? 1 : 0;
  return n;
}

void expect_same_results(const Graph& before, const Graph& after, double tolerance) {
  const auto inputs = sample_inputs(before);
  const auto want = interpret(before, inputs), got = interpret(after, inputs);
  ASSERT_TRUE(want.is_ok()) << want.error().message;
  ASSERT_TRUE(got.is_ok()) << got.error().message;
  ASSERT_EQ(want.value().size(), got.value().size());
  for (size_t i = 0; i < want.value().size(); ++i) {
    const Tensor &w = want.value()[i].tensor, &g = got.value()[i].tensor;
    ASSERT_EQ(w.dtype(), g.dtype());
    ASSERT_EQ(w.dims(), g.dims());
    double scale = 1e-30, worst = 0;
    for (int64_t k = 0; k < w.elements(); ++k) {
      scale = std::max(scale, std::abs(w.float_at(k)));
      worst = std::max(worst, std::abs(w.float_at(k) - g.float_at(k)));
    }
    EXPECT_LE(worst, tolerance * scale) << "output " << i;
  }
}

void expect_rewrite(std::string_view before, Result<bool> (*pass)(passes::Rewriter&, const PassOptions&),
                    std::string_view after, const PassOptions& options) {
  const Graph rewritten = run_pass(before, pass, options);
  EXPECT_EQ(text_of(rewritten), trimmed(after));
  expect_same_results(parse_graph(before), rewritten);
}

void expect_kept(std::string_view text, Result<bool> (*pass)(passes::Rewriter&, const PassOptions&),
                 const PassOptions& options) {
  const Graph kept = run_pass(text, pass, options);
  EXPECT_EQ(text_of(kept), text_of(parse_graph(text)));
}

}  // namespace lite::test
