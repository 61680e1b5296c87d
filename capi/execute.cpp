// Running a network: what is bound, called and waited for.

#include <algorithm>
#include <chrono>
#include <cstring>
#include <thread>

#include "capi/network_object.h"
#include "capi/text.h"
#include "core/base/thread_pool.h"

namespace lite::capi {
namespace {

using Where = Program::Buffer::Where;

// The network whose run or callback the calling thread is in.
constinit thread_local const NetworkObject* t_inside = nullptr;
// The network whose completion callback it is in.
constinit thread_local const NetworkObject* t_callback_of = nullptr;

class Inside {
 public:
  explicit Inside(const NetworkObject* network) : before_(t_inside) { t_inside = network; }
  Inside(const Inside&) = delete;
  Inside& operator=(const Inside&) = delete;
  ~Inside() { t_inside = before_; }

 private:
  const NetworkObject* before_;
};

}  // namespace

bool NetworkObject::inside() const noexcept { return t_inside == this; }
bool NetworkObject::in_completion_callback() const noexcept { return t_callback_of == this; }

// ---- inputs

// Joins a discrete input's tensors in staging memory.
Outcome NetworkObject::gather(Port& port, size_t index) {
  std::vector<TensorObject*> parts;
  for (const auto& part : port.discrete) parts.push_back(part.get());
  if (parts.empty()) return invalid_argument("input '", port.wish.name, "' has a batch size of 0");
  Dims dims = parts[0]->dims();
  dims[0] = 0;
  for (TensorObject* const part : parts) {
    if (!part->has_shape() || part->dims().size() != dims.size() || part->dtype() != parts[0]->dtype())
      return fail(Code::kShapeMismatch, "input '", port.wish.name,
                  "': its tensors differ in rank or element type");
    dims[0] += part->dims()[0];
  }
  if (!port.staging) {
    port.staging = std::make_unique<TensorObject>();
    port.staging->set_host(this);
  }
  TensorObject& whole = *port.staging;
  if (!whole.has_shape() || whole.dtype() != parts[0]->dtype() || !(whole.dims() == dims))
    whole.set_shape(parts[0]->dtype(), dims);
  LITE_CHECK(whole.ensure_memory());
  std::byte* at = whole.data();
  for (TensorObject* const part : parts) {
    Dims expected = whole.dims();
    expected[0] = part->dims()[0];
    if (!(part->dims() == expected))
      return fail(Code::kShapeMismatch, "input '", port.wish.name, "': one of its tensors is ", part->dims(),
                  ", another ", parts[0]->dims());
    LITE_CHECK(part->ensure_memory());
    copy_strided(part->dtype(), {at, part->dims(), whole.strides()}, part->view());
    at += part->bytes();
  }
  if (port.bound != whole.version()) {
    LITE_TRY(session_->set_input(index, Datum(whole.as_core())));
    port.bound = whole.version();
  }
  return done();
}

// Hands the session what changed. For shapes alone no memory is made.
Outcome NetworkObject::bind_inputs(bool for_shapes) {
  for (size_t i = 0; i < inputs_.size(); ++i) {
    Port& port = inputs_[i];
    if (port.is_discrete()) {
      LITE_CHECK(gather(port, i));
      continue;
    }
    const IoFact& fact = loaded_.facts->inputs[i];
    if (port.kind != Kind::kTensor) {
      if (!port.value)
        return invalid_argument("input '", fact.name, "' has no value; the model wants ", fact.type,
                                ": give it one with LITE_set_input_value");
      if (port.bound != port.value_version) LITE_TRY(session_->set_input(i, *port.value));
      port.bound = port.value_version;
      continue;
    }
    TensorObject& t = *port.tensor;
    if (!t.has_shape())
      return invalid_argument("input '", fact.name, "' has no shape; the model wants ",
                              to_text(session_->model()->graph(), fact.fact), ": set its layout");
    if (!t.is_dense() && !for_shapes) {
      if (!port.staging) {
        port.staging = std::make_unique<TensorObject>();
        port.staging->set_host(this);
      }
      LITE_CHECK(copy_tensor(*port.staging, t));
      LITE_TRY(session_->set_input(i, Datum(port.staging->as_core())));
      port.bound = UINT64_MAX;
      continue;
    }
    if (port.bound == t.version()) continue;
    if (!for_shapes) LITE_CHECK(t.ensure_memory());
    LITE_TRY(session_->set_input(i, Datum(Tensor::view(t.dtype(), t.dims(), static_cast<void*>(t.data())))));
    port.bound = t.has_memory() ? t.version() : UINT64_MAX;
  }
  return done();
}

// ---- outputs

// Before the first run: the shapes that follow from the inputs' shapes.
Outcome NetworkObject::infer_outputs() {
  uint64_t sum = 0;
  for (const Port& port : inputs_) {
    // Nothing follows yet.
    if (port.tensor && !port.tensor->has_shape()) return done();
    if (port.kind != Kind::kTensor && !port.value) return done();
    sum += port.tensor ? port.tensor->version() : port.value_version;
  }
  if (sum == inferred_from_) return done();
  LITE_CHECK(prepare());
  inferred_from_ = sum;
  for (size_t i = 0; i < outputs_.size(); ++i) {
    if (outputs_[i].kind != Kind::kTensor) continue;
    TensorObject& t = *outputs_[i].tensor;
    LITE_ASSIGN(const Fact fact, session_->output_fact(i));
    if (fact.kind != Kind::kTensor || !fact.has_rank || !fact.is_static() || t.borrows()) continue;
    if (!t.has_shape() || t.dtype() != fact.dtype || !(t.dims() == fact.dims))
      t.set_shape(fact.dtype, fact.dims);
  }
  return done();
}

// Outputs whose shape is known before the run are written where their tensors lie; addresses stay from run to
// run.
Outcome NetworkObject::bind_outputs() {
  const Program& program = *session_->program();
  const bool changed = bound_program_ != &program;
  for (size_t i = 0; i < outputs_.size(); ++i) {
    Port& port = outputs_[i];
    if (port.kind != Kind::kTensor) continue;
    TensorObject& t = *port.tensor;
    if (!changed && port.bound == t.version()) continue;
    const Program::Slot& slot = program.slots()[program.outputs()[i]];
    if (slot.buffer.where == Where::kDynamic || slot.fact.kind != Kind::kTensor) {
      LITE_TRY(session_->set_output(i, Tensor()));
      port.bound = t.version();
      continue;
    }
    const Dims& dims = slot.fact.dims;
    if (port.wish.layout.ndim != 0) {
      LITE_ASSIGN(const auto layout, checked_layout(port.wish.layout));
      const Dims wanted = layout ? Dims(*layout) : Dims();
      if (!(wanted == dims) || dtype_from_c(port.wish.layout.data_type) != slot.fact.dtype)
        return fail(Code::kShapeMismatch, "output '", port.wish.name, "' is ", dtype_name(slot.fact.dtype),
                    dims, ", configured is ", LITE_get_dtype_name(port.wish.layout.data_type), wanted);
    }
    const size_t needed = *dtype_bytes(slot.fact.dtype, elements(dims));
    if (t.borrows() && slot.fact.dtype != DType::kString) {
      const bool fits = t.is_dense() && t.capacity() >= needed && t.dtype() == slot.fact.dtype;
      if (!fits)
        return fail(Code::kShapeMismatch, "output '", port.wish.name, "' is ", dtype_name(slot.fact.dtype),
                    dims, " and needs ", needed, " bytes; the memory given for it has ", t.capacity(),
                    " and is for ", dtype_name(t.dtype()));
    }
    if (!t.has_shape() || t.dtype() != slot.fact.dtype || !(t.dims() == dims))
      t.set_shape(slot.fact.dtype, dims);
    LITE_CHECK(t.ensure_memory());
    LITE_TRY(session_->set_output(i, t.as_core()));
    port.bound = t.version();
  }
  bound_program_ = &program;
  return done();
}

// Outputs whose shape only the run knows.
Outcome NetworkObject::collect_outputs() {
  const Program& program = *session_->program();
  for (size_t i = 0; i < outputs_.size(); ++i) {
    Port& port = outputs_[i];
    if (port.kind != Kind::kTensor) {
      port.value = session_->output(i);
      continue;
    }
    if (program.slots()[program.outputs()[i]].buffer.where != Where::kDynamic) continue;
    TensorObject& t = *port.tensor;
    const Datum& datum = session_->output(i);
    if (datum.kind != Kind::kTensor) {
      t.drop_memory();
      t.clear_shape();
      continue;
    }
    const Tensor& from = datum.tensor;
    if (t.borrows()) {
      if (!t.is_dense() || t.capacity() < from.bytes() || t.dtype() != from.dtype())
        return fail(Code::kShapeMismatch, "output '", port.wish.name, "' is ", dtype_name(from.dtype()),
                    from.dims(), " and needs ", from.bytes(), " bytes; the memory given for it has ",
                    t.capacity(), " and is for ", dtype_name(t.dtype()));
      t.set_shape(from.dtype(), from.dims());
      if (from.bytes() != 0) std::memcpy(t.data(), from.raw(), from.bytes());
    } else if (from.owner() == nullptr) {  // an input passed through
      LITE_ASSIGN(const Tensor copy, from.clone());
      t.hold(copy);
    } else {
      t.hold(from);
    }
    port.bound = t.version();
  }
  return done();
}

// ---- callbacks

// What they return is ignored: MegEngine Lite does so, and there are callbacks that return anything.

void NetworkObject::call_start() {
  const Callbacks& c = callbacks;
  if (c.start != nullptr) c.start(input_ios_.data(), input_handles_.data(), input_ios_.size());
  if (c.start_with_data != nullptr)
    c.start_with_data(input_ios_.data(), input_handles_.data(), input_ios_.size(), c.start_data);
}

void NetworkObject::call_finish() {
  const Callbacks& c = callbacks;
  if (c.finish != nullptr) c.finish(output_ios_.data(), output_handles_.data(), output_ios_.size());
  if (c.finish_with_data != nullptr)
    c.finish_with_data(output_ios_.data(), output_handles_.data(), output_ios_.size(), c.finish_data);
}

// Calls the affinity callback in as many threads as the network uses: each waits until all are there.
void NetworkObject::set_affinity() {
  affinity.pending = false;
  const int threads = this->threads();
  if (threads <= 1) return affinity.call(0);
  if (thread_pool::max_threads() < threads) thread_pool::set_max_threads(threads);
  struct Meeting {
    std::mutex mutex;
    std::condition_variable all_here;
    int here = 0, next_id = 0;
  } meeting;
  const auto caller = std::this_thread::get_id();
  thread_pool::run_on_each(threads, [&](int64_t) {
    int id = threads - 1;
    {
      std::unique_lock lock(meeting.mutex);
      if (std::this_thread::get_id() != caller && meeting.next_id < threads - 1) id = meeting.next_id++;
      ++meeting.here;
      meeting.all_here.notify_all();
      // Should the pool not have that many threads, those that came do it all.
      meeting.all_here.wait_for(lock, std::chrono::seconds(1), [&] { return meeting.here >= threads; });
    }
    affinity.call(id);
  });
}

// ---- the run

Outcome NetworkObject::run_session() {
  LITE_CHECK(refresh());
  LITE_CHECK(bind_inputs(false));
  LITE_TRY(session_->prepare());
  LITE_CHECK(bind_outputs());
  if (affinity.pending) set_affinity();
  if (config.options.fake_next_exec != 0) {
    config.options.fake_next_exec = 0;
    return done();
  }
  if (dump_) LITE_CHECK(dump_inputs());
  LITE_TRY(session_->run());
  LITE_CHECK(collect_outputs());
  has_run_ = true;
  if (!profile_file_.empty()) LITE_CHECK(write_file(profile_file_, session_->profiler().chrome_trace()));
  return done();
}

Outcome NetworkObject::run() {
  const Inside inside_this(this);
  const void* nobody = nullptr;
  // The memory of that moment, whatever the callbacks do.
  const std::shared_ptr<RuntimeMemory> memory = memory_;
  if (!memory->user.compare_exchange_strong(nobody, this, std::memory_order_acquire))
    return fail(Code::kBusy, "a network that shares this one's working memory is running");
  struct Leave {
    RuntimeMemory& m;
    ~Leave() { m.user.store(nullptr, std::memory_order_release); }
  } leave{*memory};
  const auto begin = std::chrono::steady_clock::now();
  call_start();
  Outcome outcome = run_session();
  if (outcome.is_ok()) call_finish();
  const auto time = std::chrono::steady_clock::now() - begin;
  count_run(outcome.is_ok(), std::chrono::duration_cast<std::chrono::nanoseconds>(time).count());
  return outcome;
}

void NetworkObject::count_run(bool succeeded, int64_t nanoseconds) {
  counters_.arena_bytes.store(memory_->arena->bytes(), std::memory_order_relaxed);
  uint64_t io = 0;
  for (const std::vector<Port>* const ports : {&inputs_, &outputs_})
    for (const Port& port : *ports) {
      if (port.tensor && !port.tensor->borrows()) io += port.tensor->capacity();
      if (port.staging) io += port.staging->capacity();
      for (const auto& t : port.discrete) io += t->borrows() ? 0 : t->capacity();
    }
  counters_.io_bytes.store(io, std::memory_order_relaxed);
  counters_.runs.fetch_add(1, std::memory_order_relaxed);
  if (!succeeded) counters_.failed.fetch_add(1, std::memory_order_relaxed);
  counters_.nanoseconds.fetch_add(static_cast<uint64_t>(nanoseconds), std::memory_order_relaxed);
  counters_.last_nanoseconds.store(static_cast<uint64_t>(nanoseconds), std::memory_order_relaxed);
}

Outcome NetworkObject::forward() {
  auto expected = State::kIdle;
  if (!state_.compare_exchange_strong(expected, State::kRunning, std::memory_order_acquire))
    return fail(Code::kBusy, expected == State::kRunning ? "the network is running already"
                                                         : "another thread uses the network");
  runs_begun_.fetch_add(1, std::memory_order_relaxed);
  Outcome outcome;
  if (!session_) {
    outcome = fail(Code::kNotLoaded, "the network has no model yet");
  } else {
    session_->arm();
    if (callbacks.asynchronous()) {
      if (async::submit(*this)) return done();
      outcome = fail(Code::kOutOfMemory, "no thread for an asynchronous run");
    } else {
      try {
        outcome = run();
      } catch (...) {
        stop_running();
        throw;
      }
    }
  }
  stop_running();
  return outcome;
}

void NetworkObject::stop_running() noexcept {
  const std::lock_guard lock(mutex_);
  last_.reset();  // LITE_wait tells about asynchronous runs only
  // Of an asynchronous run that could not be started there may be an earlier one whose callback is on its
  // way; then it counts as if it had never begun.
  if (runs_over_ + 1 == runs_begun_.load(std::memory_order_relaxed))
    ++runs_over_;
  else
    runs_begun_.fetch_sub(1, std::memory_order_relaxed);
  state_.store(State::kIdle, std::memory_order_release);
  changed_.notify_all();
}

void NetworkObject::run_async() noexcept {
  std::optional<Failure> failure;
  try {
    Outcome outcome = run();
    if (!outcome.is_ok()) failure = std::move(outcome).take();
  } catch (const std::bad_alloc&) {
    failure = Failure(fail(Code::kOutOfMemory, "out of memory"));
  } catch (...) {
    failure = Failure(fail(Code::kInternal, "an exception of unknown type"));
  }
  const int status = failure ? failure->code : LITE_OK;
  const Callbacks c = callbacks;
  const uint64_t earlier = runs_begun_.load(std::memory_order_relaxed) - 1;
  std::unique_lock lock(mutex_);
  last_ = std::move(failure);
  state_.store(State::kIdle, std::memory_order_release);
  changed_.notify_all();
  // One callback at a time, in the order of the runs. This one may start the next run, and wait for it.
  changed_.wait(lock, [&] { return runs_over_ == earlier; });
  lock.unlock();
  {
    const Inside inside_callback(nullptr);
    t_callback_of = this;
    if (c.async != nullptr) c.async();
    if (c.async_with_data != nullptr) c.async_with_data(c.async_data);
    if (c.completion != nullptr) c.completion(status, c.async_data);
    t_callback_of = nullptr;
  }
  lock.lock();
  ++runs_over_;
  // Under the lock: after it, the network may be gone.
  changed_.notify_all();
}

Outcome NetworkObject::wait(int64_t microseconds) {
  if (inside()) return fail(Code::kBusy, "a callback cannot wait for the run that it belongs to");
  LITE_CHECK(require_model());
  // Far away times overflow in some libraries.
  constexpr int64_t kLongest = int64_t{86400} * 1000000 * 365;
  const uint64_t begun = runs_begun_.load(std::memory_order_relaxed);
  const bool in_callback = in_completion_callback();
  const auto over = [&] {
    // A completion callback cannot wait for itself to return: there, the run that it started counts.
    if (in_callback) return state_.load(std::memory_order_acquire) != State::kRunning;
    return runs_over_ >= std::min(begun, runs_begun_.load(std::memory_order_relaxed));
  };
  std::unique_lock lock(mutex_);
  if (microseconds < 0)
    changed_.wait(lock, over);
  else if (!changed_.wait_for(lock, std::chrono::microseconds(std::min(microseconds, kLongest)), over))
    return fail(Code::kTimedOut, "the run is not over after ", microseconds, " microseconds");
  if (last_) return *last_;
  return done();
}

Outcome NetworkObject::may_be_asynchronous() const {
  if (config.inplace) return invalid_argument("a network in inplace mode cannot run asynchronously");
  if (config.options.force_output_use_user_specified_memory != 0)
    return invalid_argument(
        "a network with force_output_use_user_specified_memory cannot run asynchronously");
  return done();
}

Outcome NetworkObject::wait_for_callback() {
  if (t_callback_of == this) return fail(Code::kBusy, "a callback cannot replace itself while it runs");
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return runs_over_ == runs_begun_.load(std::memory_order_relaxed); });
  return done();
}

void NetworkObject::cancel() noexcept {
  const std::lock_guard lock(mutex_);
  if (session_) session_->cancel();
}

void NetworkObject::add_statistics(LiteStatistics& sum) const {
  LoadedModel loaded;
  if (!model(&loaded).is_ok()) return;
  const ModelStatistics s = loaded.model->statistics();
  sum.threads = counters_.threads.load(std::memory_order_relaxed);
  sum.weight_bytes += s.weight_bytes;
  sum.packed_weight_bytes += s.packed_bytes;
  sum.cache_bytes += s.program_bytes;
  sum.cache_limit_bytes += loaded.model->options().program_cache_bytes;
  sum.programs += s.programs;
  sum.program_hits += s.program_hits;
  sum.program_misses += s.program_misses;
  sum.program_evictions += s.program_evictions;
  sum.arena_bytes += counters_.arena_bytes.load(std::memory_order_relaxed);
  sum.io_bytes += counters_.io_bytes.load(std::memory_order_relaxed);
  sum.runs += counters_.runs.load(std::memory_order_relaxed);
  sum.failed_runs += counters_.failed.load(std::memory_order_relaxed);
  sum.run_nanoseconds += counters_.nanoseconds.load(std::memory_order_relaxed);
  sum.last_run_nanoseconds = counters_.last_nanoseconds.load(std::memory_order_relaxed);
}

}  // namespace lite::capi
