// One execution of a model at a time: bound inputs and outputs, the arena, the profile.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/base/cancel.h"
#include "core/runtime/model.h"
#include "core/runtime/profiler.h"

namespace lite {

// Working memory of a run. Sessions that never run at the same time may share one.
class Arena {
 public:
  // Where its memory comes from; 64-byte aligned.
  using Source = std::function<Result<std::shared_ptr<void>>(size_t bytes)>;
  explicit Arena(Source source = {}) : source_(std::move(source)) {}

  // At least that many bytes, 64-byte aligned; grows, never shrinks but by trim(). Contents are lost when it
  // grows.
  Result<void*> reserve(size_t bytes);
  // Another one from the same source, which exists from the first call on: for threads that run steps beside
  // the caller's.
  Arena& beside(size_t i);
  // Those beside it included.
  size_t bytes() const;
  void trim();

 private:
  Source source_;
  std::shared_ptr<void> data_;
  size_t bytes_ = 0;
  std::vector<std::unique_ptr<Arena>> beside_;
};

// The arenas of bodies, by how deep they are: bodies of one depth never run at the same time.
using ArenaStack = std::vector<std::shared_ptr<Arena>>;

// Not thread-safe but for cancel(), which any thread may call; a run on a session that is running returns
// kBusy.
class Session {
 public:
  explicit Session(std::shared_ptr<Model> model);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  const std::shared_ptr<Model>& model() const { return model_; }

  // Binds an input; the session shares the storage, nothing is copied. kInvalidArgument or kShapeMismatch
  // when type or shape cannot fit what the model declares.
  Status set_input(size_t i, Datum value);
  // Binds storage for an output: it is written there when type and size fit, otherwise run() fails with
  // kShapeMismatch, telling the shape needed. An undefined tensor unbinds.
  Status set_output(size_t i, Tensor storage);
  // 0 = thread_pool::max_threads().
  void set_threads(int threads) { threads_ = threads; }
  int threads() const { return threads_; }
  void share_arena(std::shared_ptr<Arena> arena);
  const std::shared_ptr<Arena>& arena() const { return arena_; }

  // Compiles (or finds) the program for the inputs bound now, and reserves memory. run() does it too when
  // needed.
  Status prepare();
  // The next run() begins now, as far as cancel() and the time limit are concerned. run() does it when it was
  // not done.
  void arm();
  Status run();
  // Type and shape of output i for the inputs bound now; compiles if needed. Unknown dims when they depend on
  // data.
  Result<Fact> output_fact(size_t i);
  // The output of the last successful run: a tensor in the bound storage, or in the session's own, which the
  // next run writes over unless the caller keeps a copy of the Datum (then the session takes new storage).
  const Datum& output(size_t i) const { return outputs_[i]; }

  // Stops the run in progress or armed, or, when there is none, does nothing.
  void cancel();
  // The run in progress or armed is one that cancel() was called for.
  bool cancelled() const;
  // Time limit for each following run; zero = none.
  void set_timeout(std::chrono::nanoseconds timeout) { timeout_ = timeout; }
  bool running() const { return running_.load(std::memory_order_acquire); }

  Profiler& profiler() { return profiler_; }
  const Profiler& profiler() const { return profiler_; }
  // The program last prepared; may be null.
  const std::shared_ptr<const Program>& program() const { return program_; }

  // Called after each step of a run when set: for dumps of intermediate values. Slow.
  using StepObserver = std::function<void(const Program::Step&, std::span<const Datum> outputs)>;
  void set_step_observer(StepObserver observer) { observer_ = std::move(observer); }

  struct State;  // of one program in this session

 private:
  friend class DynamicStep;
  // A body, that deep inside the session that owns the arenas. It is given its first `formal` inputs anew for
  // each run, and need not keep them.
  Session(std::shared_ptr<Model> model, std::shared_ptr<ArenaStack> arenas, size_t depth, size_t formal);
  // Inside a step of another session: its threads and its token. The outputs are the caller's to keep.
  Status run_nested(const Parallel& parallel);
  Datum release_output(size_t i) { return std::move(outputs_[i]); }
  Result<std::shared_ptr<const Program>> program_for(std::span<const Fact> facts);
  // Bytes that the limit leaves, when the arena and the outputs have theirs.
  Result<size_t> check_output_bytes() const;
  Status run_prepared(const Parallel& parallel);
  Status bind(State& state);
  Status execute(State& state, const Parallel& parallel);
  Status execute_step(State& state, size_t step, const Parallel& parallel);
  void reserve_lanes(State& state, const Parallel& parallel, size_t spare_bytes);
  Status execute_lanes(State& state, const Program::MicroBatches& loop, size_t lanes,
                       const Parallel& parallel);
  Status gather_batch(const Program::MicroBatches& loop, uint32_t turn, size_t step, std::vector<Datum>& out);
  Status execute_dynamic(State& state, size_t step, const Parallel& parallel);
  Status collect_outputs(State& state);

  std::shared_ptr<Model> model_;
  std::shared_ptr<Arena> arena_;
  std::shared_ptr<ArenaStack> body_arenas_;
  size_t depth_ = 0, formal_ = 0;
  std::vector<Fact> general_;  // what the shapes that this body has been given have in common
  size_t shapes_seen_ = 0;
  std::vector<Datum> inputs_, outputs_;
  std::vector<Tensor> bound_outputs_;
  std::vector<std::unique_ptr<State>> states_;  // most recently used first
  std::shared_ptr<const Program> program_;
  State* current_ = nullptr;
  CancelToken token_;
  std::atomic<bool> running_{false};
  std::chrono::nanoseconds timeout_{0};
  int threads_ = 0;
  bool inputs_changed_ = true;
  bool armed_ = false;
  Profiler profiler_;
  StepObserver observer_;
  std::map<size_t, std::vector<Datum>> observed_;  // by step: what it has made of a batch so far
};

}  // namespace lite
