#include "capi/network_object.h"

#include <algorithm>

#include "capi/operator_registry.h"
#include "capi/process_list.h"
#include "capi/text.h"
#include "core/base/log.h"
#include "core/base/pages.h"
#include "core/compile/choices.h"

namespace lite::capi {

Result<std::shared_ptr<void>> UserAllocator::allocate_from(const std::shared_ptr<UserAllocator>& self,
                                                           size_t bytes) {
  constexpr size_t kAlign = 64;
  void* const p = self->allocate != nullptr ? self->allocate(LITE_CPU, self->device_id, bytes, kAlign)
                                            : self->allocate_with_data(LITE_CPU, self->device_id, bytes,
                                                                       kAlign, self->user_data->user_data());
  if (p == nullptr)
    return fail(Code::kOutOfMemory, "the network's allocator gave no memory for ", bytes, " bytes");
  const auto free = [self](void* q) {
    if (self->free != nullptr)
      self->free(LITE_CPU, self->device_id, q);
    else
      self->free_with_data(LITE_CPU, self->device_id, q, self->user_data->user_data());
  };
  return std::shared_ptr<void>(p, free);  // calls free itself if it has no memory for its counter
}

NetworkObject::NetworkObject(NetworkConfig c)
    : config(std::move(c)), memory_(std::make_shared<RuntimeMemory>(std::make_shared<Arena>())) {
  handle_ = handles::add(HandleKind::kNetwork, this);
  try {
    process::add(this);
  } catch (...) {
    handles::remove(HandleKind::kNetwork, handle_);
    throw;
  }
}

NetworkObject::~NetworkObject() {
  handles::remove(HandleKind::kNetwork, handle_);
  {
    std::unique_lock lock(mutex_);
    // A callback may start another run: until all have returned, cancel what there is, again and again.
    while (runs_over_ != runs_begun_.load()) {
      session_->cancel();
      changed_.wait_for(lock, std::chrono::milliseconds(1));
    }
  }
  process::remove(this);
}

std::shared_ptr<Arena> NetworkObject::make_arena() const {
  if (!allocator_) return std::make_shared<Arena>();
  return std::make_shared<Arena>([allocator = allocator_](size_t bytes) {
    return UserAllocator::allocate_from(allocator, std::max<size_t>(bytes, 1));
  });
}

// ---- loading

Outcome NetworkObject::load(std::shared_ptr<const ModelSource> source) {
  // What is packed with the model changes the configuration, if all goes well.
  struct Change {
    NetworkConfig& config;
    NetworkConfig other;
    bool kept = false;
    ~Change() {
      if (!kept) std::swap(config, other);
    }
  } change{config, config};
  if (source->config) config = *source->config;
  LoadedModel model;
  LITE_CHECK(load_source(std::move(source), operators::current(), config, &unsupported_, &model));
  LentData& lent = *model.source->lent;
  LITE_CHECK(adopt(std::move(model)));
  change.kept = true;
  lent.keep();
  return done();
}

Outcome NetworkObject::check(const ModelSource& source) { return check_source(source, &unsupported_); }

Outcome NetworkObject::share_weights_of(NetworkObject& other) {
  LoadedModel model;
  LITE_CHECK(other.model(&model));
  unsupported_.nodes.clear();
  return adopt(std::move(model));
}

Outcome NetworkObject::model(LoadedModel* out) const {
  const std::lock_guard lock(mutex_);
  if (!loaded_.model) return fail(Code::kNotLoaded, "the network has no model yet");
  *out = loaded_;
  return done();
}

Outcome NetworkObject::require_model() const {
  const std::lock_guard lock(mutex_);
  if (!loaded_.model) return fail(Code::kNotLoaded, "the network has no model yet");
  return done();
}

std::unique_ptr<Session> NetworkObject::make_session(const LoadedModel& model) {
  auto session = std::make_unique<Session>(model.model);
  session->share_arena(memory_->arena);
  if (profiling_) session->profiler().enable();
  return session;
}

// Nothing changes unless all of it succeeds.
Outcome NetworkObject::adopt(LoadedModel model) {
  std::vector<Port> inputs, outputs;
  LITE_CHECK(make_ports(*model.facts, &inputs, &outputs));
  std::unique_ptr<Session> session = make_session(model);
  std::vector<LiteIO> input_ios, output_ios;
  std::vector<LiteTensor> input_handles, output_handles;
  for (Port& port : inputs) {
    input_ios.push_back(port.wish.to_c());
    input_handles.push_back(port.tensor ? port.tensor->handle() : nullptr);
  }
  for (Port& port : outputs) {
    output_ios.push_back(port.wish.to_c());
    output_handles.push_back(port.tensor ? port.tensor->handle() : nullptr);
  }
  // Ports move with their strings, whose short ones have their characters inside.
  inputs_ = std::move(inputs);
  outputs_ = std::move(outputs);
  for (size_t i = 0; i < inputs_.size(); ++i) input_ios[i].name = inputs_[i].wish.name.c_str();
  for (size_t i = 0; i < outputs_.size(); ++i) output_ios[i].name = outputs_[i].wish.name.c_str();
  input_ios_ = std::move(input_ios);
  output_ios_ = std::move(output_ios);
  input_handles_ = std::move(input_handles);
  output_handles_ = std::move(output_handles);
  bound_program_ = nullptr;
  stale_ = false;
  has_run_ = false;
  inferred_from_ = UINT64_MAX;
  const std::lock_guard lock(mutex_);
  session_ = std::move(session);
  loaded_ = std::move(model);
  last_.reset();
  set_threads();
  observe();
  return done();
}

Outcome NetworkObject::make_ports(const ModelFacts& facts, std::vector<Port>* inputs,
                                  std::vector<Port>* outputs) {
  const auto wish_for = [](const std::vector<IoWish>& wishes, const std::string& name) {
    for (const IoWish& w : wishes)
      if (w.name == name) return w;
    return IoWish{name, true, LITE_IO_VALUE, LITE_LAYOUT_INIT};
  };
  const auto warn_unknown = [](const std::vector<IoWish>& wishes, const std::vector<IoFact>& known,
                               const char* side) {
    for (const IoWish& w : wishes)
      if (std::none_of(known.begin(), known.end(), [&](const IoFact& f) { return f.name == w.name; }))
        log(LogLevel::kWarn,
            cat("the model has no ", side, " '", w.name, "'; what is configured for it is ignored"));
  };
  warn_unknown(config.inputs, facts.inputs, "input");
  warn_unknown(config.outputs, facts.outputs, "output");
  const auto make_port = [&](const std::vector<IoWish>& wishes, const IoFact& fact, const char* side,
                             Port* port) -> Outcome {
    port->kind = fact.fact.kind;
    port->wish = wish_for(wishes, fact.name);
    if (port->kind != Kind::kTensor && port->wish.layout.ndim != 0)
      return invalid_argument(side, " '", fact.name, "' is a ", kind_name(port->kind),
                              ", which has no layout; one is configured");
    return done();
  };
  const auto make_tensor = [&](const IoFact& fact) {
    auto tensor =
        std::make_unique<TensorObject>(fact.fact.dtype == DType::kUndefined ? DType::kF32 : fact.fact.dtype);
    tensor->set_host(this);
    tensor->device_id = config.device_id;
    return tensor;
  };
  for (const IoFact& fact : facts.inputs) {
    Port port;
    LITE_CHECK(make_port(config.inputs, fact, "input", &port));
    std::optional<Dims> dims = fact.initial_dims;
    DType dtype = fact.fact.dtype;
    if (port.wish.layout.ndim != 0) {
      LITE_ASSIGN(dims, checked_layout(port.wish.layout));
      LITE_ASSIGN(dtype, checked_dtype(port.wish.layout.data_type));
    }
    if (!config.discrete_input_name.empty() && fact.name == config.discrete_input_name) {
      if (!dims || dims->empty())
        return invalid_argument("discrete input '", fact.name,
                                "': its batch size is not known; set its config_layout");
      const int64_t count = (*dims)[0];
      (*dims)[0] = 1;
      for (int64_t i = 0; i < count; ++i) {
        port.discrete.push_back(make_tensor(fact));
        port.discrete.back()->set_shape(dtype, *dims);
      }
    } else if (port.kind == Kind::kTensor) {
      port.tensor = make_tensor(fact);
      if (dims) port.tensor->set_shape(dtype, std::move(*dims));
    }
    inputs->push_back(std::move(port));
  }
  for (const IoFact& fact : facts.outputs) {
    Port port;
    LITE_CHECK(make_port(config.outputs, fact, "output", &port));
    if (port.kind == Kind::kTensor) port.tensor = make_tensor(fact);
    outputs->push_back(std::move(port));
  }
  return done();
}

// Makes the model anew with the options as they are now. Tensors stay.
Outcome NetworkObject::refresh() {
  if (!stale_) return done();
  LoadedModel model;
  LITE_CHECK(load_source(loaded_.source, loaded_.operators, config, &unsupported_, &model));
  if (model.facts->inputs.size() != inputs_.size() || model.facts->outputs.size() != outputs_.size())
    return fail(Code::kInternal, "the model has other inputs and outputs than before");
  std::unique_ptr<Session> session = make_session(model);
  session->arm();
  for (Port& port : inputs_) port.bound = UINT64_MAX;
  for (Port& port : outputs_) port.bound = UINT64_MAX;
  bound_program_ = nullptr;
  stale_ = false;
  const std::lock_guard lock(mutex_);
  if (session_->cancelled()) session->cancel();  // by the start callback, for one
  session_ = std::move(session);
  loaded_ = std::move(model);
  set_threads();
  observe();
  return done();
}

// ---- configuring

void NetworkObject::set_threads() {
  if (!session_) return;
  session_->set_threads(threads());
  session_->set_timeout(std::chrono::microseconds(config.timeout_us));
  counters_.threads = static_cast<uint32_t>(threads());
}

void NetworkObject::thread_number_changed() {
  set_threads();
  // Kernels that were measured were so with a number of threads.
  if (config.model_options().tune || choices::size() > 0) model_options_changed();
}

void NetworkObject::set_allocator(std::shared_ptr<UserAllocator> allocator) {
  allocator_ = std::move(allocator);
  memory_ = std::make_shared<RuntimeMemory>(make_arena());
  if (session_) session_->share_arena(memory_->arena);
}

void NetworkObject::share_memory_of(NetworkObject& other) {
  memory_ = other.memory_;
  if (session_) session_->share_arena(memory_->arena);
}

void NetworkObject::set_profiling(bool on) {
  profiling_ = on;
  if (!session_) return;
  if (on)
    session_->profiler().enable();
  else
    session_->profiler().disable();
}

Outcome NetworkObject::set_profile_file(const char* path) {
  // Made now, so that a path that cannot be written is found out now.
  LITE_CHECK(write_file(path, ""));
  profile_file_ = path;
  if (!profiling_) set_profiling(true);
  return done();
}

void NetworkObject::trim() {
  if (!session_) return;
  if (memory_->arena.use_count() <= 2) memory_->arena->trim();
  session_->model()->trim();
  counters_.arena_bytes = memory_->arena->bytes();
}

Outcome NetworkObject::prepare() {
  LITE_CHECK(refresh());
  LITE_CHECK(bind_inputs(true));
  return session_->prepare();
}

// ---- tensors

Port* NetworkObject::find_port(std::string_view name, LiteTensorPhase phase) {
  const auto find = [&](std::vector<Port>& ports) -> Port* {
    for (Port& p : ports)
      if (p.wish.name == name) return &p;
    return nullptr;
  };
  Port* port = phase == LITE_OUTPUT ? nullptr : find(inputs_);
  if (port == nullptr && phase != LITE_INPUT) port = find(outputs_);
  return port;
}

std::string NetworkObject::names() const {
  const auto list = [](const std::vector<Port>& ports) {
    std::string text;
    for (const Port& p : ports) text += cat(text.empty() ? " '" : ", '", p.wish.name, "'");
    return text.empty() ? std::string(" none") : text;
  };
  return cat("inputs", list(inputs_), " and outputs", list(outputs_));
}

Outcome NetworkObject::set_input_value(std::string_view name, const Datum& value) {
  LITE_CHECK(require_loaded(*this));
  Port* const port = find_port(name, LITE_INPUT);
  if (port == nullptr) return fail(Code::kNotFound, "the model has no input '", name, "'; it has ", names());
  if (port->is_discrete())
    return invalid_argument("input '", name, "' is discrete; use LITE_get_discrete_tensor");
  const auto index = static_cast<size_t>(port - inputs_.data());
  const Fact& declared = loaded_.facts->inputs[index].fact;
  Datum given = value;
  if (port->kind == Kind::kOptional && given.kind != Kind::kOptional) {
    Datum inner = std::exchange(given, Datum());
    given.kind = Kind::kOptional;
    given.items = {std::move(inner)};
  }
  LITE_TRY(session_->model()->check_input(index, fact_of(given, &declared)));
  if (port->kind != Kind::kTensor) {
    port->value = std::move(given);
    ++port->value_version;
    return done();
  }
  // Not into memory that somebody lent.
  TensorObject from;
  from.hold(given.tensor);
  port->tensor->drop_memory();
  port->tensor->set_shape(from.dtype(), from.dims());
  return copy_tensor(*port->tensor, from);
}

Outcome NetworkObject::get_output_value(std::string_view name, Datum* value) {
  LITE_CHECK(require_loaded(*this));
  Port* const port = find_port(name, LITE_OUTPUT);
  if (port == nullptr) return fail(Code::kNotFound, "the model has no output '", name, "'; it has ", names());
  if (!has_run_) return fail(Code::kNotFound, "the network has not run yet");
  if (port->kind != Kind::kTensor) {
    if (!port->value) return fail(Code::kNotFound, "the network has not run yet");
    *value = *port->value;
    return done();
  }
  TensorObject copy(port->tensor->dtype());
  LITE_CHECK(copy_tensor(copy, *port->tensor));
  *value = Datum(copy.as_core());
  return done();
}

Result<std::shared_ptr<void>> NetworkObject::allocate(size_t bytes) {
  if (allocator_) return UserAllocator::allocate_from(allocator_, bytes);
  LITE_ASSIGN(PackCache::Packed block, PackCache::allocate(bytes));
  populate_small_pages(block.data.get(), bytes);
  return std::move(block.data);
}

Outcome NetworkObject::before_use(TensorObject& tensor) {
  if (running() && !inside()) return fail(Code::kBusy, "the tensor's network is running");
  if (has_run_ || running() || !session_) return done();
  // Until the first run, outputs have the shapes that the inputs' shapes lead to.
  for (const Port& port : outputs_)
    if (port.tensor.get() == &tensor) return infer_outputs();
  return done();
}

// ---- claims and handles

Claim::Claim(NetworkObject& network) : network_(&network) {
  auto expected = NetworkObject::State::kIdle;
  if (!network.state_.compare_exchange_strong(expected, NetworkObject::State::kClaimed,
                                              std::memory_order_acquire))
    network_ = nullptr;
}

Claim::~Claim() {
  if (network_ != nullptr) network_->state_.store(NetworkObject::State::kIdle, std::memory_order_release);
}

Outcome Claim::outcome() const {
  if (network_ == nullptr)
    return fail(Code::kBusy, "the network is in use by another thread, or this is one of its callbacks");
  return done();
}

NetworkRef network_of(LiteNetwork handle, const char* name) {
  NetworkRef ref;
  ref.object =
      static_cast<NetworkObject*>(handles::find(HandleKind::kNetwork, reinterpret_cast<uintptr_t>(handle)));
  if (ref.object == nullptr) ref.outcome = bad_handle("network", name, handle);
  return ref;
}

Outcome require_loaded(const NetworkObject& network) {
  if (!network.loaded()) return fail(Code::kNotLoaded, "the network has no model yet");
  return done();
}

}  // namespace lite::capi
