// lite::Network, source compatible with MegEngine Lite's, over the C API.
//
// Failing calls throw lite::Error. One thread at a time uses a network; cancel() may be called from any
// thread.
#ifndef LITE_NETWORK_H_
#define LITE_NETWORK_H_

#include <exception>
#include <mutex>

#include "../lite-c/model_c.h"
#include "../lite-c/network_c.h"
#include "../lite-c/option_c.h"
#include "../lite-c/run_c.h"
#include "../lite-c/userdata_c.h"
#include "network_types.h"
#include "value.h"

namespace lite {
inline namespace v1 {
namespace detail {

/// What a network's tensors hold on to: the handle, and what the C API calls back.
class NetworkHandle : public std::enable_shared_from_this<NetworkHandle> {
 public:
  /// A function and whom it belongs to: the user_data of one callback.
  template <class Function>
  struct Callback {
    NetworkHandle* handle;
    Function function;
  };

  explicit NetworkHandle(LiteNetwork n) : network(n) {}
  ~NetworkHandle() { LITE_destroy_network(network); }
  NetworkHandle(const NetworkHandle&) = delete;
  NetworkHandle& operator=(const NetworkHandle&) = delete;

  /// As check(), but what a callback threw goes before the code that the library made of it.
  void check_run(int code) {
    const std::exception_ptr thrown = take_thrown();
    if (thrown) std::rethrow_exception(thrown);
    check(code);
  }
  std::exception_ptr take_thrown() noexcept {
    std::exception_ptr thrown;
    std::lock_guard<std::mutex> lock(mutex_);
    thrown.swap(thrown_);
    return thrown;
  }

  /// The old function goes when the library has let go of it.
  template <class Function, class Register>
  void set(std::unique_ptr<Callback<Function>>& slot, const Function& function, Register register_it) {
    std::unique_ptr<Callback<Function>> fresh(new Callback<Function>{this, function});
    check(register_it(fresh.get()));
    slot.swap(fresh);
  }

  static int on_async(void* data) noexcept {
    auto* callback = static_cast<Callback<AsyncCallback>*>(data);
    return callback->handle->guard([&] { callback->function(); });
  }
  /// Start and finish callbacks have one type. A run whose start callback throws does not happen.
  static int on_ios(const LiteIO* ios, const LiteTensor* tensors, size_t size, void* data) noexcept {
    auto* callback = static_cast<Callback<StartCallback>*>(data);
    NetworkHandle* const self = callback->handle;
    const int failed = self->guard([&] { callback->function(self->io_map(ios, tensors, size)); });
    if (failed != 0) LITE_cancel(self->network);
    return failed;
  }

  LiteNetwork network;
  std::unique_ptr<Callback<AsyncCallback>> async;
  std::unique_ptr<Callback<StartCallback>> start;
  std::unique_ptr<Callback<FinishCallback>> finish;

 private:
  using IOMap = std::unordered_map<std::string, std::pair<IO, std::shared_ptr<Tensor>>>;

  template <class F>
  int guard(F f) noexcept {
    try {
      f();
      return 0;
    } catch (...) {
      std::lock_guard<std::mutex> lock(mutex_);
      if (!thrown_) thrown_ = std::current_exception();
      return 1;
    }
  }

  IOMap io_map(const LiteIO* ios, const LiteTensor* tensors, size_t size) {
    IOMap map;
    for (size_t i = 0; i < size; ++i) {
      IO io = to_cpp(ios[i]);
      std::string name = io.name;
      map.emplace(std::move(name),
                  std::make_pair(std::move(io), std::make_shared<Tensor>(tensors[i], owner())));
    }
    return map;
  }

  /// While the network is being destroyed nobody can be made an owner any more.
  std::shared_ptr<void> owner() {
    try {
      return shared_from_this();
    } catch (const std::bad_weak_ptr&) {
      return std::shared_ptr<void>(this, [](void*) {});
    }
  }

  std::mutex mutex_;
  std::exception_ptr thrown_;
};

}  // namespace detail

/// A model and what it is run with. One thread at a time may use a network; cancel() is for any. Failing
/// calls throw lite::Error.
class Network {
 public:
  Network(const Config& config = {}, const NetworkIO& networkio = {}) { make(config, networkio); }
  Network(const NetworkIO& networkio, const Config& config = {}) { make(config, networkio); }
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;
  ~Network() = default;

  /// The handle, for calls of the C API. It stays this network's.
  LiteNetwork handle() const { return handle_->network; }

  /// As LITE_load_model_from_mem.
  void load_model(void* model_mem, size_t size) {
    detail::check(LITE_load_model_from_mem(handle(), model_mem, size));
  }
  /// As LITE_load_model_from_path.
  void load_model(std::string model_path) {
    detail::check(LITE_load_model_from_path(handle(), model_path.c_str()));
  }

  /// Before loading: leave out what only the outputs not named in NetworkIO need.
  void compute_only_configured_output() { set_option("compute_only_configured_output", "1"); }

  /// As LITE_get_io_tensor.
  std::shared_ptr<Tensor> get_io_tensor(std::string io_name,
                                        LiteTensorPhase phase = LiteTensorPhase::LITE_IO) {
    LiteTensor tensor = nullptr;
    detail::check(LITE_get_io_tensor(handle(), io_name.c_str(), phase, &tensor));
    return std::make_shared<Tensor>(tensor, handle_);
  }
  /// As LITE_get_discrete_tensor_count and LITE_get_discrete_tensor.
  std::vector<std::shared_ptr<Tensor>> get_discrete_tensors(
      std::string io_name, LiteTensorPhase phase = LiteTensorPhase::LITE_INPUT) {
    size_t count = 0;
    detail::check(LITE_get_discrete_tensor_count(handle(), io_name.c_str(), &count));
    std::vector<std::shared_ptr<Tensor>> tensors;
    for (size_t i = 0; i < count; ++i) {
      LiteTensor tensor = nullptr;
      detail::check(LITE_get_discrete_tensor(handle(), io_name.c_str(), i, phase, &tensor));
      tensors.push_back(std::make_shared<Tensor>(tensor, handle_));
    }
    return tensors;
  }
  std::shared_ptr<Tensor> get_input_tensor(size_t index) {
    return get_io_tensor(get_input_name(index), LiteTensorPhase::LITE_INPUT);
  }
  std::vector<std::shared_ptr<Tensor>> get_input_tensors(size_t index) {
    return get_discrete_tensors(get_input_name(index));
  }
  std::shared_ptr<Tensor> get_output_tensor(size_t index) {
    return get_io_tensor(get_output_name(index), LiteTensorPhase::LITE_OUTPUT);
  }

  /// Runs become asynchronous: forward returns at once, the callback is called in a library thread.
  Network& set_async_callback(const AsyncCallback& async_callback) {
    handle_->set(handle_->async, async_callback, [&](void* data) {
      return LITE_set_async_callback_with_userdata(
          handle(), async_callback ? &detail::NetworkHandle::on_async : nullptr, data);
    });
    return *this;
  }
  /// As LITE_set_start_callback_with_userdata.
  Network& set_start_callback(const StartCallback& start_callback) {
    handle_->set(handle_->start, start_callback, [&](void* data) {
      return LITE_set_start_callback_with_userdata(
          handle(), start_callback ? &detail::NetworkHandle::on_ios : nullptr, data);
    });
    return *this;
  }
  /// As LITE_set_finish_callback_with_userdata.
  Network& set_finish_callback(const FinishCallback& finish_callback) {
    handle_->set(handle_->finish, finish_callback, [&](void* data) {
      return LITE_set_finish_callback_with_userdata(
          handle(), finish_callback ? &detail::NetworkHandle::on_ios : nullptr, data);
    });
    return *this;
  }

  /// As LITE_forward. What a start or finish callback throws comes out.
  void forward() {
    handle_->take_thrown();  // by an earlier asynchronous run that nobody waited for
    handle_->check_run(LITE_forward(handle()));
  }
  /// As LITE_wait. What the callbacks of an asynchronous run throw comes out.
  void wait() { handle_->check_run(LITE_wait(handle())); }

  /// As LITE_get_input_name.
  std::string get_input_name(size_t index) const {
    const char* name = nullptr;
    detail::check(LITE_get_input_name(handle(), index, &name));
    return name;
  }
  /// As LITE_get_output_name.
  std::string get_output_name(size_t index) const {
    const char* name = nullptr;
    detail::check(LITE_get_output_name(handle(), index, &name));
    return name;
  }
  /// As LITE_get_all_input_name.
  std::vector<std::string> get_all_input_name() const {
    size_t size = 0;
    detail::check(LITE_get_all_input_name(handle(), &size, nullptr));
    std::vector<const char*> names(size);
    if (size != 0) detail::check(LITE_get_all_input_name(handle(), nullptr, names.data()));
    return std::vector<std::string>(names.begin(), names.end());
  }
  /// As LITE_get_all_output_name.
  std::vector<std::string> get_all_output_name() const {
    size_t size = 0;
    detail::check(LITE_get_all_output_name(handle(), &size, nullptr));
    std::vector<const char*> names(size);
    if (size != 0) detail::check(LITE_get_all_output_name(handle(), nullptr, names.data()));
    return std::vector<std::string>(names.begin(), names.end());
  }

  /// As LITE_set_device_id.
  Network& set_device_id(int device_id) {
    detail::check(LITE_set_device_id(handle(), device_id));
    return *this;
  }
  /// As LITE_get_device_id.
  int get_device_id() const {
    int id = 0;
    detail::check(LITE_get_device_id(handle(), &id));
    return id;
  }
  /// As LITE_set_stream_id.
  Network& set_stream_id(int stream_id) {
    detail::check(LITE_set_stream_id(handle(), stream_id));
    return *this;
  }
  /// As LITE_get_stream_id.
  int get_stream_id() const {
    int id = 0;
    detail::check(LITE_get_stream_id(handle(), &id));
    return id;
  }
  /// As LITE_get_device_type.
  LiteDeviceType get_device_type() const {
    LiteDeviceType type = LiteDeviceType::LITE_CPU;
    detail::check(LITE_get_device_type(handle(), &type));
    return type;
  }

  /// As LITE_enable_profile_performance.
  void enable_profile_performance(std::string profile_file_path) {
    detail::check(LITE_enable_profile_performance(handle(), profile_file_path.c_str()));
  }
  /// As LITE_get_model_extra_info.
  const std::string& get_model_extra_info() {
    const char* info = nullptr;
    int size = 0;
    detail::check(LITE_get_model_extra_info(handle(), &info, &size));
    extra_info_.assign(info, static_cast<size_t>(size));
    return extra_info_;
  }
  /// As LITE_get_static_memory_alloc_info.
  void get_static_memory_alloc_info(const std::string& log_dir = "logs/test") const {
    detail::check(LITE_get_static_memory_alloc_info(handle(), log_dir.c_str()));
  }
  /// As LITE_extra_configure.
  void extra_configure(const ExtraConfig& extra_config) {
    LiteExtraConfig config;
    config.disable_configure_by_model_info = extra_config.disable_configure_by_model_info;
    detail::check(LITE_extra_configure(handle(), config));
  }

  // ---- beyond MegEngine Lite

  /// As LITE_set_option.
  void set_option(const std::string& key, const std::string& value) {
    detail::check(LITE_set_option(handle(), key.c_str(), value.c_str()));
  }
  /// As LITE_get_option.
  std::string get_option(const std::string& key) const {
    const char* value = nullptr;
    detail::check(LITE_get_option(handle(), key.c_str(), &value));
    return value;
  }
  /// An input of any kind; it stays for the runs that follow.
  void set_input_value(const std::string& io_name, const Value& value) {
    detail::check(LITE_set_input_value(handle(), io_name.c_str(), value.handle()));
  }
  /// What the last run gave, of any kind; later runs leave it alone.
  Value get_output_value(const std::string& io_name) const {
    LiteValue value = nullptr;
    detail::check(LITE_get_output_value(handle(), io_name.c_str(), &value));
    return Value(value);
  }
  /// From any thread: stops the present run, whose forward or wait then throws LITE_CANCELLED.
  void cancel() { detail::check(LITE_cancel(handle())); }
  /// A limit for each following run; 0 removes it.
  void set_run_timeout(uint64_t microseconds) { detail::check(LITE_set_run_timeout(handle(), microseconds)); }
  /// As LITE_get_statistics.
  LiteStatistics get_statistics() const {
    LiteStatistics statistics = LITE_STATISTICS_INIT;
    detail::check(LITE_get_statistics(handle(), &statistics));
    return statistics;
  }

 private:
  void make(const Config& config, const NetworkIO& networkio) {
    const detail::NetworkIOView view(networkio);
    LiteNetwork network = nullptr;
    detail::check(LITE_make_network(&network, detail::to_c(config), view.io));
    try {
      handle_ = std::make_shared<detail::NetworkHandle>(network);
    } catch (...) {
      LITE_destroy_network(network);
      throw;
    }
    if (config.options.enable_f16_io_comp) set_option("enable_f16_io_comp", "1");
  }

  std::shared_ptr<detail::NetworkHandle> handle_;
  std::string extra_info_;
};

}  // namespace v1
}  // namespace lite

#include "runtime.h"

#endif
