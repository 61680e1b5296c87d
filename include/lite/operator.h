// lite::OperatorSpec: operators of the program's own, over the C API. docs/custom-operators.md is the guide.
//
//   lite::OperatorSpec spec("my.domain", "Scale");
//   spec.same_as_input().run([](lite::OperatorContext& c) {
//     const float factor = c.float_attribute("factor", 1.0f);
//     const auto x = c.input(0), y = c.output(0);
//     for (size_t i = 0; i < x.elements(); ++i) y.mutable_data<float>()[i] = factor * x.data<float>()[i];
//   });
//   lite::OperatorRegistration registration = lite::register_operator(spec);
//
// What callbacks throw becomes the status and the text of the call that led to them: a lite::Error keeps its
// code. What the C API says of threads and of how long things are valid holds here, too.
#ifndef LITE_OPERATOR_H_
#define LITE_OPERATOR_H_

#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <new>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "../lite-c/operator_c.h"
#include "error.h"

namespace lite {
inline namespace v1 {

/// An input, an output, or a tensor of an attribute, as a callback sees it.
class OperatorTensor {
 public:
  explicit OperatorTensor(const LiteOperatorTensor& tensor) : tensor_(tensor) {}

  /// False: the node leaves it out, or nobody reads it.
  bool present() const { return tensor_.present != 0; }
  bool has_dtype() const { return tensor_.dtype >= 0; }
  /// Precondition: has_dtype().
  LiteDataType dtype() const { return static_cast<LiteDataType>(tensor_.dtype); }
  bool has_rank() const { return tensor_.rank >= 0; }
  /// Precondition: has_rank(). In infer a dimension below 0 is not known.
  std::vector<int64_t> dims() const { return {tensor_.dims, tensor_.dims + tensor_.rank}; }
  int64_t dim(size_t axis) const { return tensor_.dims[axis]; }
  size_t rank() const { return static_cast<size_t>(tensor_.rank); }
  /// Precondition: all dimensions are known.
  size_t elements() const {
    size_t n = 1;
    for (size_t i = 0; i < rank(); ++i) n *= static_cast<size_t>(tensor_.dims[i]);
    return n;
  }
  size_t bytes() const { return tensor_.size; }
  /// NULL where the content is not known, and for strings.
  template <class T = void>
  const T* data() const {
    return static_cast<const T*>(tensor_.data);
  }
  /// Of an output.
  template <class T = void>
  T* mutable_data() const {
    return static_cast<T*>(tensor_.data);
  }

 private:
  LiteOperatorTensor tensor_;
};

/// What a callback is called for. Valid until it returns.
class OperatorContext {
 public:
  explicit OperatorContext(LiteOperatorContext context) : context_(context) {}
  OperatorContext(const OperatorContext&) = delete;
  OperatorContext& operator=(const OperatorContext&) = delete;

  /// For calls of the C API.
  LiteOperatorContext handle() const { return context_; }

  std::string node_name() const {
    const char* name = nullptr;
    detail::check(LITE_operator_get_node_name(context_, &name));
    return name;
  }
  size_t input_count() const {
    size_t count = 0;
    detail::check(LITE_operator_get_input_count(context_, &count));
    return count;
  }
  size_t output_count() const {
    size_t count = 0;
    detail::check(LITE_operator_get_output_count(context_, &count));
    return count;
  }
  OperatorTensor input(size_t index) const {
    LiteOperatorTensor tensor = LITE_OPERATOR_TENSOR_INIT;
    detail::check(LITE_operator_get_input(context_, index, &tensor));
    return OperatorTensor(tensor);
  }
  std::string input_string(size_t index, size_t element) const {
    const char* text = nullptr;
    size_t size = 0;
    detail::check(LITE_operator_get_input_string(context_, index, element, &text, &size));
    return std::string(text, size);
  }

  bool has_attribute(const char* name) const {
    LiteAttributeType type = LITE_ATTRIBUTE_OTHER;
    return found(LITE_operator_get_attribute_type(context_, name, &type, nullptr));
  }
  /// One that is not there throws; with a second argument that is returned instead.
  int64_t int_attribute(const char* name) const {
    int64_t value = 0;
    detail::check(LITE_operator_get_attribute_int(context_, name, &value));
    return value;
  }
  int64_t int_attribute(const char* name, int64_t otherwise) const {
    found(LITE_operator_get_attribute_int(context_, name, &otherwise));
    return otherwise;
  }
  float float_attribute(const char* name) const {
    float value = 0;
    detail::check(LITE_operator_get_attribute_float(context_, name, &value));
    return value;
  }
  float float_attribute(const char* name, float otherwise) const {
    found(LITE_operator_get_attribute_float(context_, name, &otherwise));
    return otherwise;
  }
  std::string string_attribute(const char* name) const { return strings_element(name, 0); }
  std::string string_attribute(const char* name, const std::string& otherwise) const {
    return has_attribute(name) ? strings_element(name, 0) : otherwise;
  }
  /// The lists are empty when the attribute is not there.
  std::vector<int64_t> ints_attribute(const char* name) const {
    const int64_t* values = nullptr;
    size_t length = 0;
    found(LITE_operator_get_attribute_ints(context_, name, &values, &length));
    return {values, values + length};
  }
  std::vector<float> floats_attribute(const char* name) const {
    const float* values = nullptr;
    size_t length = 0;
    found(LITE_operator_get_attribute_floats(context_, name, &values, &length));
    return {values, values + length};
  }
  std::vector<std::string> strings_attribute(const char* name) const {
    LiteAttributeType type = LITE_ATTRIBUTE_OTHER;
    size_t length = 0;
    std::vector<std::string> list;
    if (!found(LITE_operator_get_attribute_type(context_, name, &type, &length))) return list;
    for (size_t i = 0; i < length; ++i) list.push_back(strings_element(name, i));
    return list;
  }
  OperatorTensor tensor_attribute(const char* name) const {
    LiteOperatorTensor tensor = LITE_OPERATOR_TENSOR_INIT;
    detail::check(LITE_operator_get_attribute_tensor(context_, name, &tensor));
    return OperatorTensor(tensor);
  }

  /// In infer: dimensions below 0 are not known before the run.
  void set_output(size_t index, LiteDataType dtype, const std::vector<int64_t>& dims) {
    detail::check(LITE_operator_set_output(context_, index, static_cast<int>(dtype),
                                           static_cast<int>(dims.size()), dims.data()));
  }
  /// In infer: no more than the element type.
  void set_output(size_t index, LiteDataType dtype) {
    detail::check(LITE_operator_set_output(context_, index, static_cast<int>(dtype), -1, nullptr));
  }

  /// In run.
  OperatorTensor output(size_t index) const {
    LiteOperatorTensor tensor = LITE_OPERATOR_TENSOR_INIT;
    detail::check(LITE_operator_get_output(context_, index, &tensor));
    return OperatorTensor(tensor);
  }
  template <class T = void>
  T* allocate_output(size_t index, LiteDataType dtype, const std::vector<int64_t>& dims) {
    void* data = nullptr;
    detail::check(LITE_operator_allocate_output(context_, index, dtype, static_cast<int>(dims.size()),
                                                dims.data(), &data));
    return static_cast<T*>(data);
  }
  void set_output_string(size_t index, size_t element, const std::string& text) {
    detail::check(LITE_operator_set_output_string(context_, index, element, text.data(), text.size()));
  }
  size_t threads() const {
    size_t threads = 0;
    detail::check(LITE_operator_get_threads(context_, &threads));
    return threads;
  }
  bool should_stop() const {
    int stop = 0;
    detail::check(LITE_operator_should_stop(context_, &stop));
    return stop != 0;
  }
  /// In run: task(i) for each i in [0, count), in threads of the library's. One that throws ends the loop,
  /// and what it threw is thrown here.
  template <class F>
  void parallel_for(int64_t count, F&& task) {
    using Function = typename std::remove_reference<F>::type;
    struct Loop {
      Function* task;
      std::mutex mutex;
      std::exception_ptr thrown;
      static int run(void* data, int64_t index) {
        Loop& loop = *static_cast<Loop*>(data);
        try {
          (*loop.task)(index);
          return LITE_OK;
        } catch (...) {
          const std::lock_guard<std::mutex> lock(loop.mutex);
          if (!loop.thrown) loop.thrown = std::current_exception();
          return LITE_UNKNOWN_ERROR;
        }
      }
    };
    Loop loop{&task, {}, {}};
    const int code = LITE_operator_parallel_for(context_, count, &Loop::run, &loop);
    if (loop.thrown) std::rethrow_exception(loop.thrown);
    detail::check(code);
  }

 private:
  // False: there is no such attribute.
  static bool found(int code) {
    if (code != LITE_NOT_FOUND) detail::check(code);
    return code == LITE_OK;
  }
  std::string strings_element(const char* name, size_t element) const {
    const char* text = nullptr;
    size_t size = 0;
    detail::check(LITE_operator_get_attribute_string(context_, name, element, &text, &size));
    return std::string(text, size);
  }

  LiteOperatorContext context_;
};

class OperatorSpec;

/// Ends a registration when it goes. Networks that were loaded with the operator go on using it.
class OperatorRegistration {
 public:
  OperatorRegistration(std::string domain, std::string name, int since)
      : domain_(std::move(domain)), name_(std::move(name)), since_(since) {}
  OperatorRegistration(OperatorRegistration&& other) noexcept
      : domain_(std::move(other.domain_)), name_(std::move(other.name_)), since_(other.since_) {
    other.since_ = 0;
  }
  OperatorRegistration& operator=(OperatorRegistration&& other) noexcept {
    if (this == &other) return *this;
    end();
    domain_ = std::move(other.domain_);
    name_ = std::move(other.name_);
    since_ = other.since_;
    other.since_ = 0;
    return *this;
  }
  ~OperatorRegistration() { end(); }

  /// The operator stays registered until the process ends.
  void keep() noexcept { since_ = 0; }
  void unregister() { end(); }

 private:
  friend OperatorRegistration register_operator(const OperatorSpec& spec);
  void end() noexcept {
    if (since_ != 0) LITE_unregister_operator(domain_.c_str(), name_.c_str(), since_);
    since_ = 0;
  }

  std::string domain_, name_;
  int since_;  // 0: there is nothing to end
};

/// An operator to be registered.
class OperatorSpec {
 public:
  using Callback = std::function<void(OperatorContext&)>;

  /// domain "" is ai.onnx.
  OperatorSpec(std::string domain, std::string name) : domain_(std::move(domain)), name_(std::move(name)) {}

  /// The first version of the domain's opset that it is for.
  OperatorSpec& since(int version) {
    op_.since_version = version;
    return *this;
  }
  /// So many must be there, so many may be; -1: any number.
  OperatorSpec& inputs(int min, int max) {
    op_.min_inputs = min;
    op_.max_inputs = max;
    return *this;
  }
  OperatorSpec& outputs(int min, int max) {
    op_.min_outputs = min;
    op_.max_outputs = max;
    return *this;
  }
  /// LITE_TYPE_BITs that each input may have; the last is for all that follow.
  OperatorSpec& input_types(std::vector<uint64_t> types) {
    input_types_ = std::move(types);
    return *this;
  }
  OperatorSpec& output_types(std::vector<uint64_t> types) {
    output_types_ = std::move(types);
    return *this;
  }
  /// See LITE_OPERATOR_PURE.
  OperatorSpec& pure() {
    op_.flags |= static_cast<uint32_t>(LITE_OPERATOR_PURE);
    return *this;
  }
  /// Every output has the element type and shape of input 0.
  OperatorSpec& same_as_input() {
    op_.flags |= static_cast<uint32_t>(LITE_OPERATOR_SAME_AS_INPUT);
    return *this;
  }
  /// Called by several threads at once, as run is.
  OperatorSpec& infer(Callback callback) {
    callbacks_.infer = std::move(callback);
    return *this;
  }
  OperatorSpec& run(Callback callback) {
    callbacks_.run = [callback = std::move(callback)](void*, OperatorContext& c) { callback(c); };
    return *this;
  }
  /// Instead of run: an object for each node of a loaded model, made by Node(OperatorContext&) and run by
  /// its void run(OperatorContext&) const.
  template <class Node>
  OperatorSpec& node() {
    callbacks_.create = [](OperatorContext& c) -> void* { return new Node(c); };
    callbacks_.destroy = [](void* state) { delete static_cast<Node*>(state); };
    callbacks_.run = [](void* state, OperatorContext& c) { static_cast<const Node*>(state)->run(c); };
    return *this;
  }

 private:
  friend OperatorRegistration register_operator(const OperatorSpec& spec);

  struct Callbacks {
    Callback infer;
    std::function<void*(OperatorContext&)> create;
    std::function<void(void*)> destroy;
    std::function<void(void*, OperatorContext&)> run;
  };

  // What callbacks() throws, as a code and a text.
  template <class F>
  static int guarded(LiteOperatorContext context, F&& callback) noexcept {
    try {
      OperatorContext c(context);
      callback(c);
      return LITE_OK;
    } catch (const Error& e) {
      LITE_operator_set_error(context, e.what());
      return e.code();
    } catch (const std::bad_alloc&) {
      return LITE_OUT_OF_MEMORY;
    } catch (const std::exception& e) {
      LITE_operator_set_error(context, e.what());
    } catch (...) {
      LITE_operator_set_error(context, "an exception of unknown type");
    }
    return LITE_UNKNOWN_ERROR;
  }
  static Callbacks& of(void* user_data) { return *static_cast<Callbacks*>(user_data); }
  static int on_infer(void* user_data, LiteOperatorContext context) {
    return guarded(context, [&](OperatorContext& c) { of(user_data).infer(c); });
  }
  static int on_create(void* user_data, LiteOperatorContext context, void** state) {
    return guarded(context, [&](OperatorContext& c) { *state = of(user_data).create(c); });
  }
  static void on_destroy(void* user_data, void* state) { of(user_data).destroy(state); }
  static int on_run(void* user_data, void* state, LiteOperatorContext context) {
    return guarded(context, [&](OperatorContext& c) { of(user_data).run(state, c); });
  }
  static void on_release(void* user_data) { delete static_cast<Callbacks*>(user_data); }

  std::string domain_, name_;
  LiteOperator op_ = LITE_OPERATOR_INIT;
  std::vector<uint64_t> input_types_, output_types_;
  Callbacks callbacks_;
};

/// Registers an operator for the models that are loaded from now on.
inline OperatorRegistration register_operator(const OperatorSpec& spec) {
  LiteOperator op = spec.op_;
  op.domain = spec.domain_.c_str();
  op.name = spec.name_.c_str();
  op.input_type_count = static_cast<int>(spec.input_types_.size());
  op.output_type_count = static_cast<int>(spec.output_types_.size());
  op.input_types = spec.input_types_.empty() ? nullptr : spec.input_types_.data();
  op.output_types = spec.output_types_.empty() ? nullptr : spec.output_types_.data();
  if (spec.callbacks_.infer) op.infer = &OperatorSpec::on_infer;
  if (spec.callbacks_.create) op.create = &OperatorSpec::on_create;
  if (spec.callbacks_.destroy) op.destroy = &OperatorSpec::on_destroy;
  if (spec.callbacks_.run) op.run = &OperatorSpec::on_run;
  OperatorRegistration registration(spec.domain_, spec.name_, 0);
  std::unique_ptr<OperatorSpec::Callbacks> callbacks(new OperatorSpec::Callbacks(spec.callbacks_));
  op.user_data = callbacks.get();
  op.release = &OperatorSpec::on_release;
  detail::check(LITE_register_operator(&op));
  callbacks.release();
  registration.since_ = op.since_version;
  return registration;
}

}  // namespace v1
}  // namespace lite

#endif
