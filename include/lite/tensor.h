// lite::Tensor, source compatible with MegEngine Lite's, over the C API.
//
// A Tensor is a reference: copies refer to the same tensor. The last one destroys it; one that belongs to a
// network keeps that network alive. Failing calls throw lite::Error. Use a tensor from one thread at a time.
#ifndef LITE_TENSOR_H_
#define LITE_TENSOR_H_

#include <cstdint>
#include <cstring>
#include <functional>
#include <iterator>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "../lite-c/tensor_c.h"
#include "../lite-c/tensor_ex_c.h"
#include "error.h"

namespace lite {
inline namespace v1 {

/// Shape and element type, at most seven dimensions. ndim 0 means "not set".
struct Layout {
  static constexpr uint32_t MAXDIM = LITE_LAYOUT_MAX_DIM;
  size_t shapes[LITE_LAYOUT_MAX_DIM];
  size_t ndim = 0;
  LiteDataType data_type = LiteDataType::LITE_FLOAT;

  /// Bytes of one element. Throws for types that are not whole bytes.
  size_t get_elem_size() const {
    size_t bits = 0;
    detail::check(LITE_get_dtype_bits(data_type, &bits));
    if (bits == 0 || bits % 8 != 0)
      throw Error(LITE_UNSUPPORTED, std::string("Layout: an element of ") + LITE_get_dtype_name(data_type) +
                                        " is not a whole number of bytes");
    return bits / 8;
  }

  bool operator==(const Layout& other) const {
    if (ndim != other.ndim || data_type != other.data_type) return false;
    for (size_t i = 0; i < ndim && i < MAXDIM; ++i)
      if (shapes[i] != other.shapes[i]) return false;
    return true;
  }
  bool operator!=(const Layout& other) const { return !(*this == other); }
};

#if __cplusplus < 201703L && defined(__GNUC__)
/// Before C++17 a constant that is bound to a reference needs a definition; a weak one may be in every file.
__attribute__((weak)) constexpr uint32_t Layout::MAXDIM;
#endif

namespace detail {

inline LiteLayout to_c(const Layout& layout) {
  if (layout.ndim > Layout::MAXDIM)
    throw Error(LITE_INVALID_ARGUMENT, "Layout: ndim is " + std::to_string(layout.ndim) + ", the most is 7");
  LiteLayout out = LITE_LAYOUT_INIT;
  out.ndim = layout.ndim;
  out.data_type = layout.data_type;
  for (size_t i = 0; i < layout.ndim; ++i) out.shapes[i] = layout.shapes[i];
  return out;
}

inline Layout to_cpp(const LiteLayout& layout) {
  Layout out;
  out.ndim = layout.ndim;
  out.data_type = layout.data_type;
  for (size_t i = 0; i < Layout::MAXDIM; ++i) out.shapes[i] = i < layout.ndim ? layout.shapes[i] : 0;
  return out;
}

/// A tensor handle: destroyed here, or kept alive by its network.
struct TensorHandle {
  TensorHandle(LiteTensor t, std::shared_ptr<void> network) : tensor(t), owner(std::move(network)) {}
  ~TensorHandle() {
    if (!owner) LITE_destroy_tensor(tensor);
  }
  TensorHandle(const TensorHandle&) = delete;
  TensorHandle& operator=(const TensorHandle&) = delete;

  LiteTensor tensor;
  std::shared_ptr<void> owner;
};

}  // namespace detail

/// An n-dimensional array: a reference to it. See the top of the file.
class Tensor {
 public:
  Tensor() : Tensor(0, LiteDeviceType::LITE_CPU) {}
  Tensor(LiteDeviceType device_type, bool is_pinned_host = false)
      : Tensor(0, device_type, Layout{}, is_pinned_host) {}
  Tensor(LiteDeviceType device_type, const Layout& layout, bool is_pinned_host = false)
      : Tensor(0, device_type, layout, is_pinned_host) {}
  Tensor(int device_id, LiteDeviceType device_type, const Layout& layout = {}, bool is_pinned_host = false) {
    LiteTensorDesc desc = LITE_TENSOR_DESC_INIT;
    desc.is_pinned_host = is_pinned_host;
    desc.layout = detail::to_c(layout);
    desc.device_type = device_type;
    desc.device_id = device_id;
    LiteTensor tensor = nullptr;
    detail::check(LITE_make_tensor(desc, &tensor));
    handle_ = std::make_shared<detail::TensorHandle>(tensor, nullptr);
  }
  /// A tensor has no stream of its own; the number is not used.
  Tensor(int device_id, int /*stream_id*/, LiteDeviceType device_type, bool is_pinned_host = false)
      : Tensor(device_id, device_type, Layout{}, is_pinned_host) {}
  Tensor(LiteBackend /*backend*/, LiteDeviceType device_type = LiteDeviceType::LITE_CPU, int device_id = 0,
         const Layout& layout = {}, bool is_pinned_host = false)
      : Tensor(device_id, device_type, layout, is_pinned_host) {}

  /// Takes over a handle of the C API: destroyed with the last copy, unless owner keeps alive whom it belongs
  /// to.
  explicit Tensor(LiteTensor tensor, std::shared_ptr<void> owner = nullptr)
      : handle_(std::make_shared<detail::TensorHandle>(tensor, std::move(owner))) {}

  /// The handle, for calls of the C API. It stays this tensor's.
  LiteTensor handle() const { return handle_->tensor; }

  /// As LITE_get_tensor_device_type.
  LiteDeviceType get_device_type() const {
    LiteDeviceType type = LiteDeviceType::LITE_CPU;
    detail::check(LITE_get_tensor_device_type(handle(), &type));
    return type;
  }
  /// As LITE_get_tensor_device_id.
  int get_device_id() const {
    int id = 0;
    detail::check(LITE_get_tensor_device_id(handle(), &id));
    return id;
  }
  /// As LITE_get_tensor_layout.
  Layout get_layout() const {
    LiteLayout layout = LITE_LAYOUT_INIT;
    detail::check(LITE_get_tensor_layout(handle(), &layout));
    return detail::to_cpp(layout);
  }
  /// As LITE_is_pinned_host.
  bool is_pinned_host() const {
    int pinned = 0;
    detail::check(LITE_is_pinned_host(handle(), &pinned));
    return pinned != 0;
  }

  /// The address of the elements; allocates them if there are none yet.
  void* get_memory_ptr() const {
    void* data = nullptr;
    detail::check(LITE_get_tensor_memory(handle(), &data));
    return data;
  }
  /// As LITE_get_tensor_memory_with_index.
  void* get_memory_ptr(const std::vector<size_t>& idx) const {
    void* data = nullptr;
    const size_t none = 0;
    detail::check(
        LITE_get_tensor_memory_with_index(handle(), idx.empty() ? &none : idx.data(), idx.size(), &data));
    return data;
  }
  /// As LITE_get_tensor_total_size_in_byte.
  size_t get_tensor_total_size_in_byte() const {
    size_t size = 0;
    detail::check(LITE_get_tensor_total_size_in_byte(handle(), &size));
    return size;
  }
  /// As LITE_is_memory_continue.
  bool is_continue_memory() const {
    int dense = 0;
    detail::check(LITE_is_memory_continue(handle(), &dense));
    return dense != 0;
  }

  /// As LITE_set_tensor_layout.
  void set_layout(const Layout& layout) {
    detail::check(LITE_set_tensor_layout(handle(), detail::to_c(layout)));
  }

  /// Use the caller's memory, which must outlive its use here.
  void reset(void* prepared_data, size_t data_length_in_byte) {
    detail::check(LITE_reset_tensor_memory(handle(), prepared_data, data_length_in_byte));
  }
  /// As LITE_reset_tensor.
  void reset(void* prepared_data, const Layout& layout) {
    detail::check(LITE_reset_tensor(handle(), detail::to_c(layout), prepared_data));
  }

  /// One dimension may be -1.
  void reshape(const std::vector<int>& shape) {
    const int none = 0;
    detail::check(
        LITE_tensor_reshape(handle(), shape.empty() ? &none : shape.data(), static_cast<int>(shape.size())));
  }

  /// A tensor that sees a part of this one's memory.
  std::shared_ptr<Tensor> slice(const std::vector<size_t>& start, const std::vector<size_t>& end,
                                const std::vector<size_t>& step = {}) {
    if (start.size() != end.size() || (!step.empty() && step.size() != start.size()))
      throw Error(LITE_INVALID_ARGUMENT,
                  "Tensor::slice: start, end and step must have the same length, not " +
                      std::to_string(start.size()) + ", " + std::to_string(end.size()) + " and " +
                      std::to_string(step.size()));
    LiteTensor part = nullptr;
    const size_t none = 0;
    detail::check(LITE_tensor_slice(handle(), start.empty() ? &none : start.data(),
                                    end.empty() ? &none : end.data(), step.empty() ? nullptr : step.data(),
                                    start.size(), &part));
    return std::make_shared<Tensor>(part);
  }

  /// As LITE_tensor_fill_zero.
  void fill_zero() { detail::check(LITE_tensor_fill_zero(handle())); }
  /// As LITE_tensor_copy.
  void copy_from(const Tensor& src) { detail::check(LITE_tensor_copy(handle(), src.handle())); }
  /// As LITE_tensor_share_memory_with.
  void share_memory_with(const Tensor& src_tensor) {
    detail::check(LITE_tensor_share_memory_with(handle(), src_tensor.handle()));
  }

  /// Nothing is kept here that could be out of date.
  void update_from_implement() {}

 private:
  std::shared_ptr<detail::TensorHandle> handle_;
};

/// A value of one of ten types.
class LiteAny {
 public:
  enum Type {
    STRING = 0,
    INT32 = 1,
    UINT32 = 2,
    UINT8 = 3,
    INT8 = 4,
    INT64 = 5,
    UINT64 = 6,
    BOOL = 7,
    VOID_PTR = 8,
    FLOAT = 9,
    NONE_SUPPORT = 10
  };

  LiteAny() = default;
  template <class T>
  LiteAny(T value)
      : value_(std::make_shared<Held<T>>(std::move(value))), type_(type_of(static_cast<T*>(nullptr))) {}
  LiteAny(const LiteAny& any) : value_(any.value_ ? any.value_->clone() : nullptr), type_(any.type_) {}
  LiteAny& operator=(const LiteAny& any) {
    if (this != &any) {
      value_ = any.value_ ? any.value_->clone() : nullptr;
      type_ = any.type_;
    }
    return *this;
  }

  template <class T>
  Type get_type() const {
    return type_of(static_cast<T*>(nullptr));
  }
  void type_missmatch(size_t expect, size_t get) const {
    throw Error(LITE_INVALID_ARGUMENT,
                "LiteAny: holds type " + std::to_string(expect) + ", asked for type " + std::to_string(get));
  }
  template <class T>
  T safe_cast() const {
    if (get_type<T>() != type_ || !value_) type_missmatch(type_, get_type<T>());
    return *static_cast<const T*>(value_->get());
  }
  template <class T>
  bool try_cast() const {
    return value_ && get_type<T>() == type_;
  }
  void* cast_void_ptr() const { return value_ ? value_->get() : nullptr; }

 private:
  struct HeldBase {
    virtual ~HeldBase() = default;
    virtual std::shared_ptr<HeldBase> clone() const = 0;
    virtual void* get() = 0;
  };
  template <class T>
  struct Held final : HeldBase {
    explicit Held(T v) : value(std::move(v)) {}
    std::shared_ptr<HeldBase> clone() const override { return std::make_shared<Held>(value); }
    void* get() override { return &value; }
    T value;
  };

  static constexpr Type type_of(std::string*) { return STRING; }
  static constexpr Type type_of(int32_t*) { return INT32; }
  static constexpr Type type_of(uint32_t*) { return UINT32; }
  static constexpr Type type_of(uint8_t*) { return UINT8; }
  static constexpr Type type_of(int8_t*) { return INT8; }
  static constexpr Type type_of(int64_t*) { return INT64; }
  static constexpr Type type_of(uint64_t*) { return UINT64; }
  static constexpr Type type_of(bool*) { return BOOL; }
  static constexpr Type type_of(void**) { return VOID_PTR; }
  static constexpr Type type_of(float*) { return FLOAT; }
  template <class T>
  static constexpr Type type_of(T*) {
    return NONE_SUPPORT;
  }

  std::shared_ptr<HeldBase> value_;
  Type type_ = NONE_SUPPORT;
};

/// What takes several tensors.
class TensorUtils {
 public:
  /// The tensors joined along an axis, in a new one.
  static std::shared_ptr<Tensor> concat(const std::vector<Tensor>& tensors, int dim,
                                        LiteDeviceType dst_device = LiteDeviceType::LITE_DEVICE_DEFAULT,
                                        int dst_device_id = -1) {
    std::vector<LiteTensor> handles;
    for (const Tensor& tensor : tensors) handles.push_back(tensor.handle());
    LiteTensor none = nullptr;
    LiteTensor result = nullptr;
    detail::check(LITE_tensor_concat(handles.empty() ? &none : handles.data(),
                                     static_cast<int>(handles.size()), dim, dst_device, dst_device_id,
                                     &result));
    return std::make_shared<Tensor>(result);
  }
};

}  // namespace v1
}  // namespace lite

#endif
