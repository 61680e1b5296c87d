// What a LiteTensor names: shape, strides and memory, and the network it belongs to, if any.
#pragma once

#include <memory>

#include "capi/convert.h"
#include "capi/guard.h"
#include "capi/handle.h"
#include "capi/strided.h"
#include "core/ir/tensor.h"

namespace lite::capi {

class TensorObject;

// The network side of a tensor that belongs to one.
class TensorHost {
 public:
  // Called before a tensor is used. BUSY while another thread runs the network; an output is brought up to
  // date.
  virtual Outcome before_use(TensorObject& tensor) = 0;
  // Memory for its tensors.
  virtual Result<std::shared_ptr<void>> allocate(size_t bytes) = 0;

 protected:
  ~TensorHost() = default;
};

class TensorObject {
 public:
  // A tensor on the CPU without shape.
  explicit TensorObject(DType dtype = DType::kF32) : dtype_(dtype) {}
  TensorObject(const TensorObject&) = delete;
  TensorObject& operator=(const TensorObject&) = delete;
  // Takes the handle out of the table, if it has one.
  ~TensorObject();

  // The handle, made at the first call.
  LiteTensor handle();

  bool has_shape() const { return has_shape_; }
  DType dtype() const { return dtype_; }
  const Dims& dims() const { return dims_; }
  const Dims& strides() const { return strides_; }
  bool is_dense() const { return capi::is_dense(dims_, strides_); }
  int64_t elements() const { return lite::elements(dims_); }
  // Bytes of the elements lying densely; 0 without shape.
  size_t bytes() const;

  // Forgets the shape; the memory stays.
  void clear_shape();
  // A dense shape. Memory is kept when it is large enough; a slice has as much as its elements take, if they
  // are dense.
  void set_shape(DType dtype, Dims dims);
  // Same elements, another shape. Precondition: dense, same number of elements.
  void reshape(Dims dims);

  // Uses memory that somebody else keeps alive, or `owner` does. Precondition: has_shape().
  void use_memory(void* data, size_t capacity, std::shared_ptr<const void> owner, bool dense = true);
  // Takes over shape and memory, which this tensor then shares.
  void hold(const Tensor& tensor);
  void set_strides(Dims strides) { strides_ = std::move(strides); }
  // Makes sure that there is memory. Contents of new memory: zeros for a network's tensors, otherwise
  // undefined.
  Outcome ensure_memory();
  bool has_memory() const { return data_ != nullptr; }
  // True when the memory is the caller's.
  bool borrows() const { return borrowed_; }
  void drop_memory();
  // Preconditions: has_memory().
  std::byte* data() const { return data_; }
  size_t capacity() const { return capacity_; }
  const std::shared_ptr<const void>& owner() const { return owner_; }
  StridedView view() const { return {data_, dims_, strides_}; }
  // Dense tensors only. Shares the memory.
  Tensor as_core() const { return Tensor::view(dtype_, dims_, static_cast<void*>(data_), owner_); }

  // This tensor then sees `of`'s memory through other dims and strides.
  void alias(const TensorObject& of, Dims dims, Dims strides, int64_t offset_elements);

  // Grows with each change of shape or memory, so that a network knows when to bind anew.
  uint64_t version() const { return version_; }

  Outcome before_use() { return host_ == nullptr ? done() : host_->before_use(*this); }
  TensorHost* host() const { return host_; }
  void set_host(TensorHost* host) { host_ = host; }

  LiteDeviceType device_type = LITE_CPU;
  int device_id = 0;
  bool is_pinned_host = false;

 private:
  TensorHost* host_ = nullptr;
  uintptr_t handle_ = 0;
  DType dtype_;
  bool has_shape_ = false;
  bool borrowed_ = false;
  bool slice_ = false;
  Dims dims_, strides_;
  std::byte* data_ = nullptr;  // of the first element
  size_t capacity_ = 0;        // bytes from data_
  std::shared_ptr<const void> owner_;
  uint64_t version_ = 0;
};

// The object of a handle, ready for use.
struct TensorRef {
  TensorObject* object = nullptr;
  Outcome outcome;
};
TensorRef tensor_of(LiteTensor handle, const char* name, bool use = true);

// Declares `variable`, or returns the failure.
#define LITE_TENSOR(variable, handle)                                                \
  ::lite::capi::TensorRef variable##_ref = ::lite::capi::tensor_of(handle, #handle); \
  if (!variable##_ref.outcome.is_ok()) return std::move(variable##_ref.outcome);     \
  ::lite::capi::TensorObject& variable = *variable##_ref.object

// INVALID_ARGUMENT when the shape is not set.
Outcome require_shape(const TensorObject& tensor, const char* name);
// UNSUPPORTED for types of less than a byte.
Outcome require_whole_bytes(const TensorObject& tensor, const char* name);
// INVALID_ARGUMENT for strings, whose memory is not for callers.
Outcome require_plain_memory(const TensorObject& tensor, const char* name);
// INVALID_ARGUMENT for memory that is not aligned to its elements.
Outcome check_alignment(DType dtype, const void* data);
// The handle; the tensor is then its holder's.
LiteTensor give(std::unique_ptr<TensorObject> tensor);
// As LITE_tensor_copy does.
Outcome copy_tensor(TensorObject& dst, TensorObject& src);
// One dimension may be -1.
Outcome reshape_tensor(TensorObject& tensor, std::span<const int64_t> dims);
// Into `result`, which has neither shape nor memory. At least one source.
Outcome concat_tensors(std::span<TensorObject* const> sources, int dim, TensorObject& result);

}  // namespace lite::capi
