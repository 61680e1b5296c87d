#include "core/runtime/session.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <limits>
#include <mutex>
#include <optional>

#include "core/base/fp_mode.h"
#include "core/base/memory_budget.h"
#include "core/base/pages.h"
#include "core/ir/fact.h"
#include "core/runtime/dynamic_step.h"

namespace lite {
namespace {

using Where = Program::Buffer::Where;
constexpr size_t kStatesKept = 8;
// Shapes for which a body is compiled; a loop that makes its values longer each time has more.
constexpr size_t kBodyShapes = 4;

// What tells all of the fact of a sequence of tensors, in which there are no shapes; nothing of other values.
std::optional<DType> tensors_in(const Datum& d) {
  if (d.kind != Kind::kSequence) return std::nullopt;
  if (d.items.empty()) return d.element;
  if (d.items[0].kind != Kind::kTensor) return std::nullopt;
  return d.items[0].tensor.dtype();
}

bool same_shape(const Datum& a, const Datum& b) {
  if (a.kind != b.kind) return false;
  const auto in_a = tensors_in(a), in_b = tensors_in(b);
  if (in_a && in_b) return *in_a == *in_b;
  if (a.kind != Kind::kTensor) return fact_of(a) == fact_of(b);
  return a.tensor.dtype() == b.tensor.dtype() && a.tensor.dims() == b.tensor.dims();
}

// The memory is the session's alone: whoever was given it before has let it go.
bool is_free(const Tensor& own) { return own.defined() && own.owner().use_count() == 1; }

Status in_context_of(const Program::Step& step, Status status) {
  if (status.is_ok() || status.code() == Code::kCancelled || status.code() == Code::kTimedOut) return status;
  return std::move(status).with_context(cat(step.node.op->name, " '", step.node.name, "'"));
}

// The windows of a loop go to the images of a turn; whole batches lie where `whole` says.
void move_windows(const Program::MicroBatches& loop, size_t turn, const std::vector<void*>& whole,
                  std::vector<void*>& table) {
  for (const Program::MicroBatches::Window& w : loop.windows)
    table[w.slot] = static_cast<std::byte*>(whole[w.of]) + turn * w.stride;
}

// Threads that run a loop over a batch image by image are at most so many.
constexpr size_t kMostLanes = 64;

// How many threads take images of their own; 1: all threads share each step, for a thread in ten would have
// nothing to do.
size_t lanes_of(const Program::MicroBatches& loop, const Parallel& parallel) {
  const int64_t threads = std::min<int64_t>({parallel.threads, thread_pool::max_threads(), kMostLanes}),
                count = loop.count;
  if (threads < 2 || thread_pool::in_parallel()) return 1;
  const int64_t rounds = (count + threads - 1) / threads;
  return count * 10 >= rounds * threads * 9 ? static_cast<size_t>(threads) : 1;
}

}  // namespace

// One program as this session runs it.
struct Session::State {
  std::shared_ptr<const Program> program;
  std::vector<void*> table;    // by slot
  std::vector<Datum> dynamic;  // by dynamic index
  // Two each, of which bodies use the second while the first is still an input, as in a loop.
  std::vector<std::array<Tensor, 2>> own_outputs;
  std::vector<std::unique_ptr<DynamicStep>> steps;  // by step; null for those with a kernel
  void* arena = nullptr;                            // what the table was made for
  // Of threads that run stretches for their own images of a batch, beside the one whose arena and table are
  // above: what exists for the images at hand only, each has for itself.
  struct Lane {
    void* arena = nullptr;
    std::vector<void*> table;
  };
  std::vector<Lane> lanes;

  void* address(const Program::Buffer& b) const {
    switch (b.where) {
      case Where::kArena:
        return static_cast<std::byte*>(arena) + b.offset;
      case Where::kConstant:
        return static_cast<std::byte*>(const_cast<void*>(program->constants()[b.index].raw())) + b.offset;
      default:
        return nullptr;
    }
  }
};

Result<void*> Arena::reserve(size_t bytes) {
  if (bytes > bytes_ || data_ == nullptr) {
    data_.reset();
    bytes_ = 0;
    if (source_) {
      LITE_ASSIGN(data_, source_(bytes));
    } else {
      LITE_ASSIGN(PackCache::Packed block, PackCache::allocate(bytes));
      populate_small_pages(block.data.get(), bytes);
      data_ = std::move(block.data);
    }
    bytes_ = bytes;
  }
  return data_.get();
}

Arena& Arena::beside(size_t i) {
  while (beside_.size() <= i) beside_.push_back(std::make_unique<Arena>(source_));
  return *beside_[i];
}

size_t Arena::bytes() const {
  size_t all = bytes_;
  for (const auto& other : beside_) all += other->bytes();
  return all;
}

void Arena::trim() {
  data_.reset();
  bytes_ = 0;
  beside_.clear();
}

Session::Session(std::shared_ptr<Model> model)
    : model_(std::move(model)),
      arena_(std::make_shared<Arena>()),
      body_arenas_(std::make_shared<ArenaStack>()),
      inputs_(model_->num_inputs()),
      outputs_(model_->num_outputs()),
      bound_outputs_(model_->num_outputs()) {}

Session::Session(std::shared_ptr<Model> model, std::shared_ptr<ArenaStack> arenas, size_t depth,
                 size_t formal)
    : Session(std::move(model)) {
  formal_ = formal;
  if (arenas->size() < depth) arenas->resize(depth, arena_);
  arena_ = (*arenas)[depth - 1];
  body_arenas_ = std::move(arenas);
  depth_ = depth;
}

Session::~Session() = default;

void Session::share_arena(std::shared_ptr<Arena> arena) { arena_ = std::move(arena); }

Status Session::set_input(size_t i, Datum value) {
  if (i >= inputs_.size()) return invalid_argument("input ", i, ": the model has ", inputs_.size());
  if (running()) return fail(Code::kBusy, "input '", model_->input(i).name, "': the network is running");
  if (!same_shape(inputs_[i], value)) inputs_changed_ = true;
  inputs_[i] = std::move(value);
  return ok();
}

Status Session::set_output(size_t i, Tensor storage) {
  if (i >= bound_outputs_.size())
    return invalid_argument("output ", i, ": the model has ", bound_outputs_.size());
  if (running()) return fail(Code::kBusy, "output '", model_->output(i).name, "': the network is running");
  bound_outputs_[i] = std::move(storage);
  return ok();
}

// Once a body has been given many shapes it is compiled for what they have in common, and what depends on the
// rest finds its kernels as it runs: a loop must not wait for the compiler in each iteration.
Result<std::shared_ptr<const Program>> Session::program_for(std::span<const Fact> facts) {
  if (depth_ == 0) return model_->program(facts);
  if (auto known = model_->find_program(facts)) return known;
  if (general_.empty()) general_.assign(facts.begin(), facts.end());
  for (size_t i = 0; i < facts.size(); ++i) general_[i] = join(general_[i], facts[i]);
  return model_->program(++shapes_seen_ > kBodyShapes ? general_ : facts);
}

Status Session::prepare() {
  if (!inputs_changed_ && current_ != nullptr) return ok();
  std::vector<Fact> facts;
  for (size_t i = 0; i < inputs_.size(); ++i) {
    const Datum& d = inputs_[i];
    if (d.kind == Kind::kTensor && !d.tensor.defined()) {
      // Shapes that the model fixes are known without a value.
      if (!model_->input(i).fact.is_static())
        return invalid_argument("input '", model_->input(i).name, "' is not set; ",
                                to_text(model_->graph(), model_->input(i).fact), " is wanted");
      facts.push_back(model_->input(i).fact);
      continue;
    }
    facts.push_back(fact_of(d, &model_->input(i).fact));
  }
  {
    // Constants of a program outlive the run that it is compiled in.
    const MemoryBudget::Scope none(nullptr);
    LITE_ASSIGN(program_, program_for(facts));
  }
  const auto found =
      std::find_if(states_.begin(), states_.end(), [&](const auto& s) { return s->program == program_; });
  if (found != states_.end()) {
    std::rotate(states_.begin(), found, found + 1);
  } else {
    auto state = std::make_unique<State>();
    state->program = program_;
    state->table.assign(program_->slots().size(), nullptr);
    state->dynamic.resize(program_->num_dynamic());
    state->own_outputs.resize(outputs_.size());
    state->steps.resize(program_->steps().size());
    for (size_t s = 0; s < program_->steps().size(); ++s)
      if (program_->steps()[s].kernel == nullptr)
        state->steps[s] =
            std::make_unique<DynamicStep>(program_->steps()[s], *model_, body_arenas_, depth_ + 1);
    // The profile names steps by program: while it records, programs stay.
    if (states_.size() >= kStatesKept && !profiler_.enabled()) states_.pop_back();
    states_.insert(states_.begin(), std::move(state));
  }
  current_ = states_.front().get();
  inputs_changed_ = false;
  return ok();
}

Result<Fact> Session::output_fact(size_t i) {
  if (i >= outputs_.size()) return invalid_argument("output ", i, ": the model has ", outputs_.size());
  LITE_TRY(prepare());
  return program_->slots()[program_->outputs()[i]].fact;
}

// Outputs that are not bound to memory of the caller's are working memory of the run, too.
Result<size_t> Session::check_output_bytes() const {
  const size_t limit = model_->options().arena_limit_bytes;
  if (limit == SIZE_MAX) return limit;
  size_t left = limit - program_->arena_bytes();
  for (size_t i = 0; i < outputs_.size(); ++i) {
    const Program::Slot& slot = program_->slots()[program_->outputs()[i]];
    if (slot.buffer.where == Where::kDynamic || bound_outputs_[i].defined()) continue;
    const auto n = checked_elements(slot.fact.dims);
    const auto bytes = n ? dtype_bytes(slot.fact.dtype, *n) : std::nullopt;
    if (!bytes || *bytes > left)
      return fail(Code::kLimitExceeded, "output '", model_->output(i).name, "' is ",
                  dtype_name(slot.fact.dtype), slot.fact.dims, ", too large for the limit of ", limit,
                  " bytes (arena_limit)");
    left -= *bytes;
  }
  return left;
}

// Fills the table: pointers into the arena when it moved, inputs and outputs each time.
Status Session::bind(State& state) {
  const Program& p = *state.program;
  LITE_ASSIGN(void* const arena, arena_->reserve(p.arena_bytes()));
  if (arena != state.arena) {
    state.arena = arena;
    for (size_t s = 1; s < state.table.size(); ++s) state.table[s] = state.address(p.slots()[s].buffer);
  }
  for (size_t i = 0; i < inputs_.size(); ++i) {
    const Datum& d = inputs_[i];
    if (d.kind == Kind::kTensor && !d.tensor.defined())
      return invalid_argument("input '", model_->input(i).name, "' is not set");
    const Program::Slot& slot = p.slots()[p.inputs()[i]];
    if (slot.buffer.where != Where::kDynamic) continue;
    // Moved, so that the body may change a long list instead of copying it; what stays says of which type.
    if (i < formal_ && tensors_in(d) == d.element)
      state.dynamic[slot.buffer.index] = std::move(inputs_[i]);
    else
      state.dynamic[slot.buffer.index] = d;
  }
  for (size_t i = 0; i < outputs_.size(); ++i) {
    const Program::Slot& slot = p.slots()[p.outputs()[i]];
    if (slot.buffer.where == Where::kDynamic) continue;
    const Tensor& bound = bound_outputs_[i];
    outputs_[i] = Datum();
    if (bound.defined()) {
      if (bound.dtype() != slot.fact.dtype || !(bound.dims() == slot.fact.dims))
        return fail(Code::kShapeMismatch, "output '", model_->output(i).name, "': it is ",
                    dtype_name(slot.fact.dtype), slot.fact.dims, ", the memory given is for ",
                    dtype_name(bound.dtype()), bound.dims());
      outputs_[i].tensor = bound;
      continue;
    }
    auto& [first, second] = state.own_outputs[i];
    Tensor& own = depth_ > 0 && first.defined() && !is_free(first) ? second : first;
    // Somebody kept the last result: it stays as it is.
    if (!is_free(own)) {
      LITE_ASSIGN(own, Tensor::allocate(slot.fact.dtype, slot.fact.dims));
    }
    outputs_[i].tensor = own;
  }
  for (size_t s = 1; s < state.table.size(); ++s) {
    const Program::Buffer& b = p.slots()[s].buffer;
    if (b.where == Where::kInput)
      state.table[s] = static_cast<std::byte*>(const_cast<void*>(inputs_[b.index].tensor.raw())) + b.offset;
    else if (b.where == Where::kOutput)
      state.table[s] = static_cast<std::byte*>(outputs_[b.index].tensor.mutable_raw()) + b.offset;
  }
  return ok();
}

Status Session::execute_dynamic(State& state, size_t index, const Parallel& parallel) {
  const Program& p = *state.program;
  const Program::Step& step = p.steps()[index];
  std::vector<Datum> views(step.in.size()), out(step.out.size());
  std::vector<const Datum*> in(step.in.size(), nullptr);
  std::vector<Datum*> spent(step.in.size(), nullptr);
  for (size_t i = 0; i < step.in.size(); ++i) {
    if (step.in[i] == Program::kNone) continue;
    const Program::Slot& slot = p.slots()[step.in[i]];
    if (slot.buffer.where == Where::kDynamic) {
      Datum& d = state.dynamic[slot.buffer.index];
      in[i] = &d;
      const bool last = std::count(step.release.begin(), step.release.end(), step.in[i]) != 0;
      if (last && std::count(step.in.begin(), step.in.end(), step.in[i]) == 1) spent[i] = &d;
      continue;
    }
    views[i].tensor = slot.buffer.where == Where::kConstant
                          ? p.constants()[slot.buffer.index]
                          : Tensor::view(slot.fact.dtype, slot.fact.dims, state.table[step.in[i]]);
    in[i] = &views[i];
  }
  for (size_t i = 0; i < step.out.size(); ++i) {
    if (step.out[i] == Program::kNone) continue;
    const Program::Slot& slot = p.slots()[step.out[i]];
    if (slot.buffer.where != Where::kDynamic)
      out[i].tensor = Tensor::view(slot.fact.dtype, slot.fact.dims, state.table[step.out[i]]);
  }
  LITE_TRY(state.steps[index]->run(in, spent, out, parallel));
  for (size_t i = 0; i < step.out.size(); ++i) {
    if (step.out[i] == Program::kNone) continue;
    const Program::Slot& slot = p.slots()[step.out[i]];
    if (slot.buffer.where == Where::kDynamic) {
      state.dynamic[slot.buffer.index] = std::move(out[i]);
      continue;
    }
    const Tensor& t = out[i].tensor;
    if (!t.defined() || t.dtype() != slot.fact.dtype || !(t.dims() == slot.fact.dims))
      return fail(Code::kInternal, "output ", i, " is ", dtype_name(t.dtype()), t.dims(), ", inference said ",
                  slot.fact.dims);
    if (t.raw() != state.table[step.out[i]] && t.bytes() != 0)
      std::memcpy(state.table[step.out[i]], t.raw(), t.bytes());
  }
  return ok();
}

// Joins what a step has made for some images to what it made for those before, for the observer.
Status Session::gather_batch(const Program::MicroBatches& loop, uint32_t turn, size_t step,
                             std::vector<Datum>& out) {
  std::vector<Datum>& whole = observed_[step];
  whole.resize(out.size());
  for (size_t i = 0; i < out.size(); ++i) {
    const Tensor& part = out[i].tensor;
    if (!part.defined()) continue;
    if (turn == 0) {
      Dims dims = part.dims();
      dims[0] *= loop.count;
      LITE_ASSIGN(whole[i].tensor, Tensor::allocate(part.dtype(), dims));
    }
    std::memcpy(static_cast<std::byte*>(whole[i].tensor.mutable_raw()) + turn * part.bytes(), part.raw(),
                part.bytes());
  }
  if (turn + 1 == loop.count) {
    out = std::move(whole);
    observed_.erase(step);
  }
  return ok();
}

Status Session::execute_step(State& state, size_t index, const Parallel& parallel) {
  const Program::Step& step = state.program->steps()[index];
  void* const workspace = static_cast<std::byte*>(state.arena) + state.program->workspace_offset();
  Status status =
      step.kernel != nullptr
          ? step.kernel->run({state.table.data(), step.in.data(), step.out.data(), workspace, &parallel})
          : execute_dynamic(state, index, parallel);
  return in_context_of(step, std::move(status));
}

// Memory for as many lanes beside the first as there are threads. With less memory there are fewer lanes, and
// the same results.
void Session::reserve_lanes(State& state, const Parallel& parallel, size_t spare_bytes) {
  const Program& p = *state.program;
  size_t wanted = 0;
  for (const Program::MicroBatches& loop : p.micro_batches())
    wanted = std::max(wanted, lanes_of(loop, parallel) - 1);
  if (p.arena_bytes() > 0) wanted = std::min(wanted, spare_bytes / p.arena_bytes());
  state.lanes.resize(wanted);
  for (size_t i = 0; i < wanted; ++i) {
    const Result<void*> memory = arena_->beside(i).reserve(p.arena_bytes());
    if (!memory.is_ok()) return state.lanes.resize(i);
    State::Lane& lane = state.lanes[i];
    if (lane.arena == memory.value() && !lane.table.empty()) continue;
    lane.arena = memory.value();
    lane.table = state.table;
    for (size_t s = 1; s < lane.table.size(); ++s)
      if (const Program::Buffer& b = p.slots()[s].buffer; b.where == Where::kArena)
        lane.table[s] = static_cast<std::byte*>(lane.arena) + b.offset;
  }
}

// Each thread takes all steps of the loop for some images, without waiting for the others in between.
Status Session::execute_lanes(State& state, const Program::MicroBatches& loop, size_t lanes,
                              const Parallel& parallel) {
  const Program& p = *state.program;
  struct Failure {
    int64_t turn = std::numeric_limits<int64_t>::max();
    size_t step = 0;
    Status status;
  } first;
  std::mutex mutex;  // of `first`
  std::atomic<bool> failed{false};
  std::array<std::atomic<bool>, kMostLanes> taken{};
  const Parallel alone{1, parallel.cancel};
  thread_pool::run(loop.count, static_cast<int>(lanes), parallel.cancel, [&](int64_t turn) {
    if (failed.load(std::memory_order_relaxed)) return;
    // There are as many lanes as threads, so one is free.
    size_t l = 0;
    while (taken[l].exchange(true, std::memory_order_acquire)) l = (l + 1) % lanes;
    std::vector<void*>& table = l == 0 ? state.table : state.lanes[l - 1].table;
    void* const arena = l == 0 ? state.arena : state.lanes[l - 1].arena;
    void* const workspace = static_cast<std::byte*>(arena) + p.workspace_offset();
    move_windows(loop, static_cast<size_t>(turn), state.table, table);
    for (size_t s = loop.first; s <= loop.last && !parallel.cancel->stop_requested(); ++s) {
      const Program::Step& step = p.steps()[s];
      Status status = step.kernel->run({table.data(), step.in.data(), step.out.data(), workspace, &alone});
      if (status.is_ok()) continue;
      failed.store(true, std::memory_order_relaxed);
      const std::lock_guard lock(mutex);
      if (turn < first.turn) first = {turn, s, std::move(status)};
      break;
    }
    taken[l].store(false, std::memory_order_release);
  });
  return in_context_of(p.steps()[first.step], std::move(first.status));
}

Status Session::execute(State& state, const Parallel& parallel) {
  const Program& p = *state.program;
  const std::vector<Program::Step>& steps = p.steps();
  const bool watched = profiler_.enabled() || observer_;
  std::optional<FlushDenormals> flush(std::in_place);
  auto loop = p.micro_batches().begin();
  uint32_t turn = 0;  // of the loop
  for (size_t s = 0; s < steps.size(); ++s) {
    const Program::Step& step = steps[s];
    if (parallel.cancel->stop_requested()) return parallel.cancel->error();
    const bool looped = loop != p.micro_batches().end() && s >= loop->first;
    if (looped && s == loop->first) {
      // Who watches sees one step after the other.
      const size_t lanes = watched ? 1 : std::min(lanes_of(*loop, parallel), state.lanes.size() + 1);
      if (turn == 0 && lanes > 1) {
        LITE_TRY(execute_lanes(state, *loop, lanes, parallel));
        s = loop->last;
        ++loop;
        continue;
      }
      move_windows(*loop, turn, state.table, state.table);
    }
    const auto begin = watched ? Profiler::Clock::now() : Profiler::Clock::time_point{};
    LITE_TRY(execute_step(state, s, parallel));
    if (watched) {
      if (profiler_.enabled()) profiler_.record(&p, static_cast<uint32_t>(s), begin, Profiler::Clock::now());
      if (observer_) {
        std::vector<Datum> out(step.out.size());
        for (size_t i = 0; i < out.size(); ++i) {
          if (step.out[i] == Program::kNone) continue;
          const Program::Slot& slot = p.slots()[step.out[i]];
          if (slot.buffer.where == Where::kDynamic)
            out[i] = state.dynamic[slot.buffer.index];
          else
            out[i].tensor = Tensor::view(slot.fact.dtype, slot.fact.dims, state.table[step.out[i]]);
        }
        if (looped) LITE_TRY(gather_batch(*loop, turn, s, out));
        if (!looped || turn + 1 == loop->count) {
          flush.reset();  // the observer is the program's, and so is the mode that it runs in
          observer_(step, out);
          flush.emplace();
        }
      }
    }
    if (looped && s == loop->last) {
      if (++turn < loop->count) {
        s = loop->first - size_t{1};
      } else {
        ++loop;
        turn = 0;
      }
    }
    for (const uint32_t id : step.release) state.dynamic[p.slots()[id].buffer.index] = Datum();
  }
  // Cancelled inside the last kernel: what it wrote is incomplete.
  if (parallel.cancel->stop_requested()) return parallel.cancel->error();
  return ok();
}

Status Session::collect_outputs(State& state) {
  const Program& p = *state.program;
  for (size_t i = 0; i < outputs_.size(); ++i) {
    const Program::Slot& slot = p.slots()[p.outputs()[i]];
    if (slot.buffer.where != Where::kDynamic) continue;
    outputs_[i] = state.dynamic[slot.buffer.index];
    const Tensor& bound = bound_outputs_[i];
    if (!bound.defined()) continue;
    const Tensor& t = outputs_[i].tensor;
    if (outputs_[i].kind != Kind::kTensor || t.dtype() != bound.dtype() || !(t.dims() == bound.dims()) ||
        t.dtype() == DType::kString)
      return fail(Code::kShapeMismatch, "output '", model_->output(i).name, "': it is ",
                  dtype_name(t.dtype()), t.dims(), ", the memory given is for ", dtype_name(bound.dtype()),
                  bound.dims());
    if (t.bytes() != 0) std::memcpy(const_cast<void*>(bound.raw()), t.raw(), t.bytes());
    outputs_[i].tensor = bound;
  }
  for (Datum& d : state.dynamic) d = Datum();
  return ok();
}

Status Session::run_prepared(const Parallel& parallel) {
  LITE_TRY(prepare());
  LITE_ASSIGN(const size_t spare_bytes, check_output_bytes());
  State& state = *current_;
  LITE_TRY(bind(state));
  // What the steps allocate, those of bodies included, is held to what the arenas leave of the limit.
  const size_t limit = model_->options().arena_limit_bytes, arena = program_->arena_bytes();
  const auto outer = MemoryBudget::current();
  const bool allocates =
      std::any_of(state.steps.begin(), state.steps.end(), [](const auto& s) { return s != nullptr; });
  std::optional<MemoryBudget::Scope> scope;
  if (outer == nullptr && limit != SIZE_MAX && allocates)
    scope.emplace(std::make_shared<MemoryBudget>(limit - arena, "arena_limit"));
  // Steps that allocate need what the limit leaves.
  if (!program_->micro_batches().empty())
    reserve_lanes(state, parallel, allocates && limit != SIZE_MAX ? 0 : spare_bytes);
  LITE_TRY(execute(state, parallel));
  return collect_outputs(state);
}

Status Session::run_nested(const Parallel& parallel) { return run_prepared(parallel); }

Status Session::run() {
  if (running_.exchange(true, std::memory_order_acquire))
    return fail(Code::kBusy, "run: the network is running already");
  struct Done {
    std::atomic<bool>& flag;
    ~Done() { flag.store(false, std::memory_order_release); }
  } done{running_};
  const thread_pool::Caller caller;
  if (!armed_) arm();
  armed_ = false;
  const Parallel parallel{threads_ > 0 ? threads_ : thread_pool::max_threads(), &token_};
  const bool timed = profiler_.enabled();
  const auto begin = timed ? Profiler::Clock::now() : Profiler::Clock::time_point{};
  LITE_TRY(run_prepared(parallel));
  if (timed) profiler_.record_run(begin, Profiler::Clock::now());
  return ok();
}

void Session::arm() {
  token_.reset();
  if (timeout_.count() > 0)
    token_.set_deadline(CancelToken::Clock::now() + timeout_);
  else
    token_.clear_deadline();
  armed_ = true;
}

void Session::cancel() { token_.cancel(); }

bool Session::cancelled() const { return token_.error().code == Code::kCancelled; }

}  // namespace lite
