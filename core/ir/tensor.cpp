#include "core/ir/tensor.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstring>
#include <limits>
#include <mutex>
#include <new>

#include "core/base/half.h"
#include "core/base/memory_budget.h"
#include "core/base/pages.h"
#include "core/base/small_float.h"

namespace lite {
namespace {

constexpr std::align_val_t kAlign{64};

int64_t unpack(const void* data, int64_t i, int bits, bool is_signed) {
  const int per_byte = 8 / bits;
  const auto byte = static_cast<const uint8_t*>(data)[i / per_byte];
  const int v = (byte >> (bits * static_cast<int>(i % per_byte))) & ((1 << bits) - 1);
  return is_signed && v >= (1 << (bits - 1)) ? v - (1 << bits) : v;
}

template <class T>
T load(const void* data, int64_t i) {
  T v;
  std::memcpy(&v, static_cast<const std::byte*>(data) + static_cast<size_t>(i) * sizeof(T), sizeof(T));
  return v;
}

// Frees storage, and gives back what it took of the budget that it was allocated under.
struct Release {
  std::shared_ptr<MemoryBudget> budget;  // may be null
  size_t bytes = 0;

  // What a new tensor takes.
  static Result<Release> take(const Dims& dims, size_t bytes) {
    Release release{MemoryBudget::current(), bytes};
    if (release.budget != nullptr && !release.budget->take(bytes))
      return fail(Code::kLimitExceeded, "tensor of shape ", dims, ": it needs ", bytes, " bytes, ",
                  release.budget->used(), " are in use; the limit is ", release.budget->limit(), " (",
                  release.budget->name(), ")");
    return release;
  }

  void operator()(void* p) const {
    ::operator delete(p, kAlign);
    give_back();
  }
  void operator()(std::string* p) const {
    delete[] p;
    give_back();
  }
  void give_back() const {
    if (budget != nullptr) budget->give_back(bytes);
  }
};

}  // namespace

class Tensor::Derived {
 public:
  explicit Derived(Fill fill) : fill_(std::move(fill)) {}
  Derived(const Derived&) = delete;
  Derived& operator=(const Derived&) = delete;
  ~Derived() {
    if (data_ == nullptr) return;
    free_pages(data_, release_.bytes);
    release_.give_back();
  }
  // Once, before anything else.
  Result<void*> allocate(const Dims& dims, size_t bytes) {
    LITE_ASSIGN(release_, Release::take(dims, bytes));
    data_ = allocate_pages(bytes);
    if (data_ != nullptr) return data_;
    release_.give_back();
    return fail(Code::kOutOfMemory, "tensor of shape ", dims, ": no memory for ", bytes, " bytes");
  }
  void bring_back() {
    if (there_.load(std::memory_order_acquire)) return;
    const std::lock_guard lock(mutex_);
    if (there_.load(std::memory_order_relaxed)) return;
    populate(data_, release_.bytes);
    make(data_);
    there_.store(true, std::memory_order_release);
  }
  bool is_there() const noexcept { return there_.load(std::memory_order_acquire); }
  void make(void* to) const { fill_(to); }
  void give_back() noexcept {
    const std::lock_guard lock(mutex_);
    if (kept_ || !there_.load(std::memory_order_relaxed)) return;
    there_.store(false, std::memory_order_relaxed);
    drop_pages(data_, release_.bytes);
  }
  void keep() {
    bring_back();
    const std::lock_guard lock(mutex_);
    kept_ = true;
  }

 private:
  const Fill fill_;
  Release release_;
  void* data_ = nullptr;
  std::mutex mutex_;
  std::atomic<bool> there_{false};
  bool kept_ = false;
};

Result<Tensor> Tensor::derived(DType dtype, Dims dims, Fill fill) {
  const auto n = checked_elements(dims);
  const auto bytes = n ? dtype_bytes(dtype, *n) : std::nullopt;
  if (!bytes) return fail(Code::kOutOfMemory, "tensor of shape ", dims, ": its size does not fit");
  const auto storage = std::make_shared<Derived>(std::move(fill));
  LITE_ASSIGN(void* const data, storage->allocate(dims, *bytes));
  Tensor t = view(dtype, std::move(dims), data, storage);
  t.derived_ = storage.get();
  return t;
}

void Tensor::bring_back() const { derived_->bring_back(); }

bool Tensor::is_away() const noexcept { return derived_ != nullptr && !derived_->is_there(); }

void Tensor::make(void* to) const { derived_->make(to); }

void Tensor::release() const noexcept {
  if (derived_ != nullptr) derived_->give_back();
}

void Tensor::keep() const {
  if (derived_ != nullptr) derived_->keep();
}

Result<Tensor> Tensor::allocate(DType dtype, Dims dims) {
  const auto n = checked_elements(dims);
  const auto bytes = n ? dtype_bytes(dtype, *n) : std::nullopt;
  if (!bytes) return fail(Code::kOutOfMemory, "tensor of shape ", dims, ": its size does not fit");
  LITE_ASSIGN(const Release release, Release::take(dims, *bytes));
  Tensor t;
  t.dtype_ = dtype;
  t.dims_ = std::move(dims);
  t.elements_ = *n;
  t.bytes_ = *bytes;
  if (dtype == DType::kString) {
    auto* const strings = new (std::nothrow) std::string[static_cast<size_t>(*n)];
    t.data_ = strings;
    if (strings != nullptr) t.owner_ = std::shared_ptr<const void>(strings, release);
  } else {
    t.data_ = ::operator new(*bytes == 0 ? 1 : *bytes, kAlign, std::nothrow);
    if (t.data_ != nullptr) t.owner_ = std::shared_ptr<const void>(t.data_, release);
  }
  if (t.data_ != nullptr) return t;
  release.give_back();
  return fail(Code::kOutOfMemory, "tensor of shape ", t.dims_, ": no memory for ", *bytes, " bytes");
}

Tensor Tensor::view(DType dtype, Dims dims, void* data, std::shared_ptr<const void> owner) {
  Tensor t;
  t.dtype_ = dtype;
  t.elements_ = lite::elements(dims);
  t.bytes_ = dtype_bytes(dtype, t.elements_).value_or(0);
  t.dims_ = std::move(dims);
  t.data_ = data;
  t.owner_ = std::move(owner);
  return t;
}

Tensor Tensor::view(DType dtype, Dims dims, const void* data, std::shared_ptr<const void> owner) {
  return view(dtype, std::move(dims), const_cast<void*>(data), std::move(owner));
}

Tensor Tensor::scalar_i64(int64_t v) {
  Tensor t = std::move(allocate(DType::kI64, Dims{})).value();
  *t.mutable_data<int64_t>() = v;
  return t;
}

Tensor Tensor::vector_i64(std::span<const int64_t> v) {
  Tensor t = std::move(allocate(DType::kI64, Dims{static_cast<int64_t>(v.size())})).value();
  std::copy(v.begin(), v.end(), t.mutable_data<int64_t>());
  return t;
}

Tensor Tensor::scalar_f32(float v) {
  Tensor t = std::move(allocate(DType::kF32, Dims{})).value();
  *t.mutable_data<float>() = v;
  return t;
}

Tensor Tensor::reshaped(Dims dims) const {
  Tensor t = *this;
  t.dims_ = std::move(dims);
  return t;
}

Result<Tensor> Tensor::clone() const {
  LITE_ASSIGN(Tensor t, allocate(dtype_, dims_));
  if (dtype_ == DType::kString)
    std::copy(strings().begin(), strings().end(), t.mutable_data<std::string>());
  else if (bytes_ != 0)
    std::memcpy(t.data_, raw(), bytes_);
  return t;
}

bool Tensor::is_aligned() const noexcept {
  const size_t element = dtype_bits(dtype_) / 8;
  const size_t wanted =
      dtype_ == DType::kString ? alignof(std::string) : std::min<size_t>(std::max<size_t>(element, 1), 8);
  return reinterpret_cast<uintptr_t>(data_) % wanted == 0;
}

Result<Tensor> Tensor::aligned() const {
  if (is_aligned()) return *this;
  return clone();
}

int64_t Tensor::int_at(int64_t i) const {
  const void* const data = raw();
  switch (dtype_) {
    case DType::kU8:
      return load<uint8_t>(data, i);
    case DType::kI8:
      return load<int8_t>(data, i);
    case DType::kU16:
      return load<uint16_t>(data, i);
    case DType::kI16:
      return load<int16_t>(data, i);
    case DType::kI32:
      return load<int32_t>(data, i);
    case DType::kI64:
      return load<int64_t>(data, i);
    case DType::kU32:
      return load<uint32_t>(data, i);
    case DType::kU64:
      return static_cast<int64_t>(load<uint64_t>(data, i));
    case DType::kBool:
      return load<uint8_t>(data, i) != 0;
    case DType::kU4:
      return unpack(data, i, 4, false);
    case DType::kI4:
      return unpack(data, i, 4, true);
    case DType::kU2:
      return unpack(data, i, 2, false);
    case DType::kI2:
      return unpack(data, i, 2, true);
    default: {
      // What no int64 holds becomes the nearest that one does; NaN becomes 0.
      const double v = float_at(i);
      if (std::isnan(v)) return 0;
      if (v >= 0x1p63) return std::numeric_limits<int64_t>::max();
      if (v < -0x1p63) return std::numeric_limits<int64_t>::min();
      return static_cast<int64_t>(v);
    }
  }
}

double Tensor::float_at(int64_t i) const {
  const void* const data = raw();
  switch (dtype_) {
    case DType::kF32:
      return static_cast<double>(load<float>(data, i));
    case DType::kF64:
      return load<double>(data, i);
    case DType::kF16:
      return static_cast<double>(f16_to_f32(load<uint16_t>(data, i)));
    case DType::kBF16:
      return static_cast<double>(bf16_to_f32(load<uint16_t>(data, i)));
    case DType::kU64:
      return static_cast<double>(load<uint64_t>(data, i));
    default:
      if (is_int(dtype_) || dtype_ == DType::kBool) return static_cast<double>(int_at(i));
      if (dtype_ == DType::kF4E2M1)
        return static_cast<double>(
            small_float_decode(dtype_, static_cast<uint8_t>(unpack(data, i, 4, false))));
      if (is_small_float(dtype_))
        return static_cast<double>(small_float_decode(dtype_, load<uint8_t>(data, i)));
      return 0;
  }
}

Dims Tensor::to_ints() const {
  Dims d(static_cast<size_t>(elements_));
  for (size_t i = 0; i < d.size(); ++i) d[i] = int_at(static_cast<int64_t>(i));
  return d;
}

bool same_bits(const Tensor& a, const Tensor& b) {
  if (a.dtype() != b.dtype() || !(a.dims() == b.dims())) return false;
  if (a.dtype() == DType::kString)
    return std::equal(a.strings().begin(), a.strings().end(), b.strings().begin());
  return a.bytes() == 0 || std::memcmp(a.raw(), b.raw(), a.bytes()) == 0;
}

Items::Items(std::vector<Datum> items)
    : list_(items.empty() ? nullptr : std::make_shared<std::vector<Datum>>(std::move(items))) {}

Items::Items(std::initializer_list<Datum> items) : Items(std::vector<Datum>(items)) {}

std::vector<Datum>& Items::edit() {
  if (list_ == nullptr) {
    list_ = std::make_shared<std::vector<Datum>>();
  } else if (list_.use_count() > 1) {
    list_ = std::make_shared<std::vector<Datum>>(*list_);
  } else {
    // What another thread read of the list before it let go of it comes before what is written now.
    std::atomic_thread_fence(std::memory_order_acquire);
  }
  owned_ = false;
  return *list_;
}

void Items::insert(size_t at, Datum item) {
  const bool owned = (owned_ || empty()) && !item.lent();
  std::vector<Datum>& list = edit();
  list.insert(list.begin() + static_cast<std::ptrdiff_t>(at), std::move(item));
  owned_ = owned;
}

void Items::erase(size_t at) {
  const bool owned = owned_;
  std::vector<Datum>& list = edit();
  list.erase(list.begin() + static_cast<std::ptrdiff_t>(at));
  owned_ = owned;
}

bool Items::lent() const noexcept {
  return !owned_ && std::any_of(begin(), end(), [](const Datum& d) { return d.lent(); });
}

Status Items::own() {
  if (lent())
    for (Datum& item : edit()) LITE_TRY(item.own());
  owned_ = true;
  return ok();
}

Status Datum::own() {
  if (tensor.defined() && !tensor.owner()) {
    LITE_ASSIGN(tensor, tensor.clone());
  }
  return items.own();
}

const char* kind_name(Kind kind) noexcept {
  switch (kind) {
    case Kind::kTensor:
      return "tensor";
    case Kind::kSequence:
      return "sequence";
    case Kind::kOptional:
      return "optional";
    case Kind::kMap:
      return "map";
  }
  return "?";
}

}  // namespace lite
