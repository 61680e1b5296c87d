// What a LiteNetwork names: a configuration, a loaded model, its tensors, and the run that goes on, if any.
//
// state_ says who may touch what. Idle: the caller's thread. Claimed: the one call that claimed it. Running:
// the thread that runs; callbacks run in it and may use the network's tensors. What any thread may ask is
// atomic, or behind mutex_.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "capi/async.h"
#include "capi/load.h"
#include "capi/config.h"
#include "capi/tensor_object.h"
#include "core/runtime/session.h"
#include "lite-c/run_c.h"
#include "lite-c/userdata_c.h"

namespace lite::capi {

class Dump;

// The caller's allocator. Blocks hold on to it.
struct UserAllocator {
  LiteAllocate allocate = nullptr;
  LiteFree free = nullptr;
  LiteAllocateWithData allocate_with_data = nullptr;
  LiteFreeWithData free_with_data = nullptr;
  std::shared_ptr<LentData> user_data;
  int device_id = 0;

  // 64-byte aligned.
  static Result<std::shared_ptr<void>> allocate_from(const std::shared_ptr<UserAllocator>& self,
                                                     size_t bytes);
};

// Working memory, possibly of several networks, of which one runs at a time.
struct RuntimeMemory {
  explicit RuntimeMemory(std::shared_ptr<Arena> a) : arena(std::move(a)) {}
  std::shared_ptr<Arena> arena;
  std::atomic<const void*> user{nullptr};
};

struct Callbacks {
  LiteAsyncCallback async = nullptr;
  LiteAsyncCallbackWithData async_with_data = nullptr;
  LiteCompletionCallback completion = nullptr;
  void* async_data = nullptr;
  LiteStartCallback start = nullptr;
  LiteStartCallbackWithData start_with_data = nullptr;
  void* start_data = nullptr;
  LiteFinishCallback finish = nullptr;
  LiteFinishCallbackWithData finish_with_data = nullptr;
  void* finish_data = nullptr;

  bool asynchronous() const {
    return async != nullptr || async_with_data != nullptr || completion != nullptr;
  }
  // At most one of the functions is set; the others go.
  void set_async(LiteAsyncCallback plain, LiteAsyncCallbackWithData with_data,
                 LiteCompletionCallback with_status, void* data) {
    async = plain;
    async_with_data = with_data;
    completion = with_status;
    async_data = data;
  }
  void set_start(LiteStartCallback plain, LiteStartCallbackWithData with_data, void* data) {
    start = plain;
    start_with_data = with_data;
    start_data = data;
  }
  void set_finish(LiteFinishCallback plain, LiteFinishCallbackWithData with_data, void* data) {
    finish = plain;
    finish_with_data = with_data;
    finish_data = data;
  }
};

struct Affinity {
  LiteThreadAffinityCallback plain = nullptr;
  LiteThreadAffinityCallbackWithData with_data = nullptr;
  std::shared_ptr<LentData> user_data;
  bool pending = false;  // not yet called in the threads

  void call(int thread_id) const {
    if (plain != nullptr) plain(thread_id);
    if (with_data != nullptr) with_data(thread_id, user_data->user_data());
  }
};

// One input or output as the caller sees it.
struct Port {
  Kind kind = Kind::kTensor;
  std::unique_ptr<TensorObject> tensor;                 // none for other kinds
  std::vector<std::unique_ptr<TensorObject>> discrete;  // of a discrete input, instead of `tensor`
  std::unique_ptr<TensorObject> staging;                // dense memory for what does not lie densely
  std::optional<Datum> value;                           // of other kinds
  uint64_t value_version = 0;                           // grows with each change of `value`
  IoWish wish;
  uint64_t bound = UINT64_MAX;  // version of `tensor` or `value` that the session knows

  bool is_discrete() const { return kind == Kind::kTensor && tensor == nullptr; }
};

class NetworkObject final : public TensorHost, public AsyncJob {
 public:
  explicit NetworkObject(NetworkConfig config);
  // Cancels and waits. Precondition: !inside() and !in_completion_callback().
  ~NetworkObject() override;

  LiteNetwork handle() const { return reinterpret_cast<LiteNetwork>(handle_); }
  // True in a callback of this network: what waits for the run would wait for itself.
  bool inside() const noexcept;
  bool in_completion_callback() const noexcept;

  // ---- loading; the caller has a claim

  Outcome load(std::shared_ptr<const ModelSource> source);
  Outcome check(const ModelSource& source);
  Outcome share_weights_of(NetworkObject& other);
  bool loaded() const { return session_ != nullptr; }
  // Facts and source stay alive in the caller's hands. NOT_LOADED without a model.
  Outcome model(LoadedModel* out) const;
  Outcome require_model() const;
  const UnsupportedReport& unsupported_report() const { return unsupported_; }

  // ---- configuring; the caller has a claim

  NetworkConfig config;
  Callbacks callbacks;
  Affinity affinity;
  void set_allocator(std::shared_ptr<UserAllocator> allocator);
  void share_memory_of(NetworkObject& other);
  // The next run makes the model anew, because an option that it depends on has changed.
  void model_options_changed() { stale_ = loaded(); }
  void set_threads();
  void thread_number_changed();
  int threads() const { return static_cast<int>(std::min<size_t>(config.threads, 1024)); }
  void set_profiling(bool on);
  Outcome set_profile_file(const char* path);
  Outcome set_text_dump(const char* path);
  Outcome set_binary_dump(const char* directory);
  void trim();
  // LITE_get_static_memory_alloc_info. Precondition: loaded().
  Outcome write_memory_plan(const std::string& directory);
  // Makes the program for the present input shapes, so that its plan can be shown.
  Outcome prepare();
  Session* session() { return session_.get(); }

  // ---- tensors

  // nullptr when there is no such name on that side.
  Port* find_port(std::string_view name, LiteTensorPhase phase);
  bool is_input(const Port& port) const {
    return !inputs_.empty() && &port >= inputs_.data() && &port <= &inputs_.back();
  }
  // "inputs 'a', 'b' and outputs 'c'", for messages.
  std::string names() const;
  // Of any kind. The caller is in use().
  Outcome set_input_value(std::string_view name, const Datum& value);
  Outcome get_output_value(std::string_view name, Datum* value);
  // Calls f() with a claim, or without one inside a callback of the run.
  template <class F>
  Outcome use(F&& f);
  Outcome before_use(TensorObject& tensor) override;
  Result<std::shared_ptr<void>> allocate(size_t bytes) override;

  // ---- running

  Outcome forward();
  // Negative: for ever.
  Outcome wait(int64_t microseconds);
  void cancel() noexcept;
  bool running() const { return state_.load(std::memory_order_acquire) == State::kRunning; }
  // INVALID_ARGUMENT when the configuration forbids asynchronous runs.
  Outcome may_be_asynchronous() const;
  // No callback is on its way any more. The caller has a claim; BUSY in such a callback.
  Outcome wait_for_callback();
  void add_statistics(LiteStatistics& sum) const;

 private:
  friend class Claim;
  enum class State { kIdle, kClaimed, kRunning };

  // execute.cpp
  Outcome run();
  Outcome run_session();
  Outcome bind_inputs(bool for_shapes);
  Outcome bind_outputs();
  Outcome collect_outputs();
  Outcome infer_outputs();
  Outcome gather(Port& port, size_t index);
  void call_start();
  void call_finish();
  void set_affinity();
  void run_async() noexcept override;
  void stop_running() noexcept;
  void count_run(bool succeeded, int64_t nanoseconds);

  // network_object.cpp
  Outcome adopt(LoadedModel model);
  Outcome make_ports(const ModelFacts& facts, std::vector<Port>* inputs, std::vector<Port>* outputs);
  std::unique_ptr<Session> make_session(const LoadedModel& model);
  Outcome refresh();
  std::shared_ptr<Arena> make_arena() const;

  // dump.cpp
  void observe();
  Outcome dump_inputs();

  uintptr_t handle_ = 0;
  std::atomic<State> state_{State::kIdle};
  std::atomic<uint64_t> runs_begun_{0};  // changed by who has set state_ to kRunning

  // loaded_, last_ and runs_over_; changes of session_; the end of a run.
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  LoadedModel loaded_;
  std::optional<Failure> last_;  // of the last asynchronous run
  uint64_t runs_over_ = 0;       // those whose callbacks have returned, too

  std::unique_ptr<Session> session_;
  std::vector<Port> inputs_, outputs_;
  std::vector<LiteIO> input_ios_, output_ios_;  // for callbacks
  std::vector<LiteTensor> input_handles_, output_handles_;
  UnsupportedReport unsupported_;
  std::shared_ptr<RuntimeMemory> memory_;
  std::shared_ptr<UserAllocator> allocator_;
  const Program* bound_program_ = nullptr;  // for which the outputs are bound
  bool stale_ = false;
  bool has_run_ = false;
  uint64_t inferred_from_ = UINT64_MAX;  // sum of the inputs' versions
  std::string profile_file_;
  bool profiling_ = false;
  std::shared_ptr<Dump> dump_;

  struct Counters {
    std::atomic<uint64_t> arena_bytes{0}, io_bytes{0}, runs{0}, failed{0}, nanoseconds{0},
        last_nanoseconds{0};
    std::atomic<uint32_t> threads{0};
  } counters_;
};

// The right to change a network, for one call. BUSY when it runs or another call has it.
class Claim {
 public:
  explicit Claim(NetworkObject& network);
  Claim(const Claim&) = delete;
  Claim& operator=(const Claim&) = delete;
  ~Claim();
  Outcome outcome() const;

 private:
  NetworkObject* network_;
};

template <class F>
Outcome NetworkObject::use(F&& f) {
  if (inside()) return f();
  const Claim claim(*this);
  LITE_CHECK(claim.outcome());
  return f();
}

// The object of a handle.
struct NetworkRef {
  NetworkObject* object = nullptr;
  Outcome outcome;
};
NetworkRef network_of(LiteNetwork handle, const char* name);
// NOT_LOADED when it has no model.
Outcome require_loaded(const NetworkObject& network);

// Declares `variable`, or returns the failure.
#define LITE_NETWORK(variable, handle)                                                 \
  ::lite::capi::NetworkRef variable##_ref = ::lite::capi::network_of(handle, #handle); \
  if (!variable##_ref.outcome.is_ok()) return std::move(variable##_ref.outcome);       \
  ::lite::capi::NetworkObject& variable = *variable##_ref.object
// The same with a claim.
#define LITE_CLAIM(variable, handle)                    \
  LITE_NETWORK(variable, handle);                       \
  const ::lite::capi::Claim variable##_claim(variable); \
  LITE_CHECK(variable##_claim.outcome())

}  // namespace lite::capi
