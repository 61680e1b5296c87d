#include "capi/tensor_object.h"

#include <cstring>

namespace lite::capi {

TensorObject::~TensorObject() {
  if (handle_ != 0) handles::remove(HandleKind::kTensor, handle_);
}

LiteTensor TensorObject::handle() {
  if (handle_ == 0) handle_ = handles::add(HandleKind::kTensor, this);
  return reinterpret_cast<LiteTensor>(handle_);
}

size_t TensorObject::bytes() const { return has_shape_ ? dtype_bytes(dtype_, elements()).value_or(0) : 0; }

void TensorObject::clear_shape() {
  has_shape_ = false;
  dims_ = Dims();
  strides_ = Dims();
  ++version_;
}

void TensorObject::set_shape(DType dtype, Dims dims) {
  const bool strings = dtype == DType::kString || dtype_ == DType::kString;
  const bool same_count = has_shape_ && dtype == dtype_ && lite::elements(dims) == elements();
  // A slice must write only where its own elements lie.
  const size_t room = slice_ ? (is_dense() ? bytes() : 0) : capacity_;
  dtype_ = dtype;
  dims_ = std::move(dims);
  strides_ = row_major_strides(dims_);
  has_shape_ = true;
  ++version_;
  // Strings cannot change their number in place.
  if (bytes() > room || (strings && !same_count)) drop_memory();
}

void TensorObject::reshape(Dims dims) {
  dims_ = std::move(dims);
  strides_ = row_major_strides(dims_);
  ++version_;
}

void TensorObject::drop_memory() {
  data_ = nullptr;
  capacity_ = 0;
  owner_.reset();
  borrowed_ = false;
  slice_ = false;
  ++version_;
}

void TensorObject::use_memory(void* data, size_t capacity, std::shared_ptr<const void> owner, bool dense) {
  data_ = static_cast<std::byte*>(data);
  capacity_ = capacity;
  owner_ = std::move(owner);
  borrowed_ = true;
  slice_ = false;
  if (dense) strides_ = row_major_strides(dims_);
  ++version_;
}

void TensorObject::hold(const Tensor& tensor) {
  dtype_ = tensor.dtype();
  dims_ = tensor.dims();
  strides_ = row_major_strides(dims_);
  has_shape_ = true;
  data_ = static_cast<std::byte*>(const_cast<void*>(tensor.raw()));
  capacity_ = tensor.bytes();
  owner_ = tensor.owner();
  borrowed_ = false;
  slice_ = false;
  ++version_;
}

Outcome TensorObject::ensure_memory() {
  if (data_ != nullptr) return done();
  const size_t size = bytes();
  if (dtype_ == DType::kString) {
    LITE_ASSIGN(Tensor t, Tensor::allocate(dtype_, dims_));
    data_ = static_cast<std::byte*>(t.mutable_raw());
    owner_ = t.owner();
  } else if (host_ != nullptr) {
    LITE_ASSIGN(const std::shared_ptr<void> block, host_->allocate(size == 0 ? 1 : size));
    std::memset(block.get(), 0, size);
    data_ = static_cast<std::byte*>(block.get());
    owner_ = block;
  } else {
    LITE_ASSIGN(Tensor t, Tensor::allocate(DType::kU8, Dims{static_cast<int64_t>(size)}));
    data_ = static_cast<std::byte*>(t.mutable_raw());
    owner_ = t.owner();
  }
  capacity_ = size;
  borrowed_ = false;
  slice_ = false;
  ++version_;
  return done();
}

void TensorObject::alias(const TensorObject& of, Dims dims, Dims strides, int64_t offset_elements) {
  const size_t offset = of.dtype_ == DType::kString
                            ? static_cast<size_t>(offset_elements) * sizeof(std::string)
                            : *dtype_bytes(of.dtype_, offset_elements);
  dtype_ = of.dtype_;
  dims_ = std::move(dims);
  strides_ = std::move(strides);
  has_shape_ = true;
  data_ = of.data_ + offset;
  capacity_ = of.capacity_ - std::min(of.capacity_, offset);
  owner_ = of.owner_;
  borrowed_ = of.borrowed_;
  slice_ = of.slice_ || offset != 0 || !(dims_ == of.dims_);
  ++version_;
}

TensorRef tensor_of(LiteTensor handle, const char* name, bool use) {
  TensorRef ref;
  ref.object =
      static_cast<TensorObject*>(handles::find(HandleKind::kTensor, reinterpret_cast<uintptr_t>(handle)));
  if (ref.object == nullptr)
    ref.outcome = bad_handle("tensor", name, handle);
  else if (use)
    ref.outcome = ref.object->before_use();
  return ref;
}

Outcome require_shape(const TensorObject& tensor, const char* name) {
  if (!tensor.has_shape()) return invalid_argument(name, " has no shape yet; set its layout first");
  return done();
}

Outcome require_whole_bytes(const TensorObject& tensor, const char* name) {
  if (dtype_bits(tensor.dtype()) % 8 != 0)
    return unsupported(name, " is of ", dtype_name(tensor.dtype()), ", whose elements share bytes");
  return done();
}

Outcome require_plain_memory(const TensorObject& tensor, const char* name) {
  if (tensor.dtype() == DType::kString)
    return invalid_argument(name, " holds strings; use LITE_get_tensor_string and LITE_set_tensor_string");
  return done();
}

Outcome check_alignment(DType dtype, const void* data) {
  const size_t size = std::max<size_t>(1, dtype_bits(dtype) / 8);
  // Complex numbers are aligned as their parts are.
  const size_t align = dtype == DType::kC64 || dtype == DType::kC128 ? size / 2 : size;
  if (reinterpret_cast<uintptr_t>(data) % align != 0)
    return invalid_argument("data is not aligned to the ", align, " bytes of ", dtype_name(dtype));
  return done();
}

LiteTensor give(std::unique_ptr<TensorObject> tensor) {
  const LiteTensor handle = tensor->handle();
  static_cast<void>(tensor.release());  // the handle owns it now
  return handle;
}

Outcome copy_tensor(TensorObject& dst, TensorObject& src) {
  LITE_CHECK(require_shape(src, "src_tensor"));
  if (&dst == &src) return done();
  LITE_CHECK(src.ensure_memory());
  const bool fixed = dst.has_shape() && !dst.is_dense();
  if (fixed && (dst.dtype() != src.dtype() || !(dst.dims() == src.dims())))
    return fail(Code::kShapeMismatch, "dst_tensor is a slice of ", dtype_name(dst.dtype()), dst.dims(),
                ", src_tensor is ", dtype_name(src.dtype()), src.dims());
  // What the two share must not be read after it was written.
  const auto reach = [](const TensorObject& t) {
    return static_cast<size_t>(strided_extent(t.dims(), t.strides()).value_or(0)) *
           std::max<size_t>(1, dtype_bits(t.dtype()) / 8);
  };
  const std::byte* const src_end = src.data() + reach(src);
  const bool overlap = dst.has_memory() && dst.data() < src_end && src.data() < dst.data() + dst.capacity();
  TensorObject between(src.dtype());
  TensorObject* from = &src;
  if (overlap) {
    between.set_shape(src.dtype(), src.dims());
    LITE_CHECK(between.ensure_memory());
    copy_strided(src.dtype(), between.view(), src.view());
    from = &between;
  }
  if (!(dst.has_shape() && dst.dtype() == from->dtype() && dst.dims() == from->dims()))
    dst.set_shape(from->dtype(), from->dims());
  LITE_CHECK(dst.ensure_memory());
  copy_strided(from->dtype(), dst.view(), from->view());
  return done();
}

Outcome reshape_tensor(TensorObject& tensor, std::span<const int64_t> wanted) {
  if (!tensor.is_dense())
    return invalid_argument("tensor is a slice whose elements are not next to each other");
  Dims dims(wanted);
  int64_t known = 1;
  size_t open = dims.size();
  for (size_t i = 0; i < dims.size(); ++i) {
    if (dims[i] == -1) {
      if (open != dims.size()) return invalid_argument("shape ", dims, " has more than one -1");
      open = i;
      continue;
    }
    const auto product = checked_mul(known, dims[i]);
    if (dims[i] < 0 || !product) return invalid_argument("shape ", dims, " is not possible");
    known = *product;
  }
  const int64_t have = tensor.elements();
  if (open != dims.size()) {
    if (known == 0 || have % known != 0)
      return fail(Code::kShapeMismatch, "shape ", dims, " does not divide the ", have, " elements of ",
                  tensor.dims());
    dims[open] = have / known;
  } else if (known != have) {
    return fail(Code::kShapeMismatch, "shape ", dims, " has ", known, " elements, the tensor ", tensor.dims(),
                " has ", have);
  }
  tensor.reshape(std::move(dims));
  return done();
}

Outcome concat_tensors(std::span<TensorObject* const> sources, int dim, TensorObject& result) {
  TensorObject& first = *sources[0];
  LITE_CHECK(require_shape(first, "tensors[0]"));
  LITE_CHECK(require_whole_bytes(first, "tensors[0]"));
  Dims dims = first.dims();
  if (dim < 0 || static_cast<size_t>(dim) >= dims.size())
    return invalid_argument("dim is ", dim, ", the tensors' rank is ", dims.size());
  const auto axis = static_cast<size_t>(dim);
  int64_t sum = 0;
  for (size_t i = 0; i < sources.size(); ++i) {
    TensorObject& source = *sources[i];
    if (!source.has_shape()) return invalid_argument("tensors[", i, "] has no shape yet");
    Dims expected = first.dims();
    if (source.dims().size() == expected.size()) expected[axis] = source.dims()[axis];
    if (source.dtype() != first.dtype() || !(source.dims() == expected))
      return fail(Code::kShapeMismatch, "tensors[", i, "] is ", dtype_name(source.dtype()), source.dims(),
                  ", tensors[0] is ", dtype_name(first.dtype()), first.dims(), "; they may differ in axis ",
                  dim, " only");
    const auto total = checked_add(sum, source.dims()[axis]);
    if (!total) return invalid_argument("axis ", dim, " of the result does not fit");
    sum = *total;
    LITE_CHECK(source.ensure_memory());
  }
  dims[axis] = sum;
  const auto count = checked_elements(dims);
  if (!count || !dtype_bytes(first.dtype(), *count))
    return invalid_argument("the result's shape ", dims, " has too many elements");
  result.set_shape(first.dtype(), dims);
  LITE_CHECK(result.ensure_memory());
  const size_t step = static_cast<size_t>(result.strides()[axis]) * dtype_size(result.dtype());
  std::byte* at = result.data();
  for (TensorObject* const source : sources) {
    copy_strided(result.dtype(), {at, source->dims(), result.strides()}, source->view());
    at += static_cast<size_t>(source->dims()[axis]) * step;
  }
  return done();
}

}  // namespace lite::capi
