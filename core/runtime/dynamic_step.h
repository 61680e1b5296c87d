// A step whose shapes are known only when it runs: control flow, and what depends on data.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/runtime/session.h"

namespace lite {

class DynamicStep {
 public:
  // Step and model must outlive this. Its bodies are `depth` deep, and run in the arena of that depth.
  DynamicStep(const Program::Step& step, const Model& model, std::shared_ptr<ArenaStack> arenas, size_t depth)
      : step_(step), model_(model), arenas_(std::move(arenas)), depth_(depth) {}
  ~DynamicStep();

  // `in` as the step's inputs, nullptr where left out; `spent` those of them that nobody reads afterwards,
  // which may be moved from. Outputs that have storage (a defined tensor in `out`) are written there when the
  // shape found agrees with it. On success every output owns its storage or lies in the given one.
  Status run(std::span<const Datum* const> in, std::span<Datum* const> spent, std::span<Datum> out,
             const Parallel& parallel);

 private:
  // A kernel made for one set of shapes.
  struct Made {
    std::vector<Operand> in, out;
    std::unique_ptr<Kernel> kernel;  // null: the reference is all there is
    std::shared_ptr<void> workspace;
  };
  Result<Made*> kernel_for(std::span<const Datum* const> in);
  Status run_kernel(const Made& made, std::span<const Datum* const> in, std::span<Datum> out,
                    const Parallel& parallel);
  struct Body {
    std::unique_ptr<Session> session;
    std::vector<int32_t> passed;  // by output: the input that it is as it came, or -1
    size_t run = 0;               // of the step, for which the session has its captured values
  };
  Result<Body*> body_for(std::string_view attr, const Graph& graph);
  Status run_body(std::string_view attr, std::span<Datum> inputs, std::span<const Datum* const> step_in,
                  std::vector<Datum>& outputs, const Parallel& parallel);

  const Program::Step& step_;
  const Model& model_;
  std::shared_ptr<ArenaStack> arenas_;
  size_t depth_;
  std::vector<std::unique_ptr<Made>> made_;  // most recently used first
  std::map<std::string, Body, std::less<>> bodies_;
  size_t runs_ = 0;
};

}  // namespace lite
