// A tensor in host memory: row-major, contiguous, shared or owned. Copies share the storage.
#pragma once

#include <functional>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/base/dims.h"
#include "core/base/dtype.h"
#include "core/base/status.h"

namespace lite {

class Tensor {
 public:
  Tensor() = default;

  // Storage of its own, 64-byte aligned, uninitialised (strings are empty). Fails when dims is negative, its
  // product overflows, or memory is short.
  static Result<Tensor> allocate(DType dtype, Dims dims);
  // Uses bytes that `owner` keeps alive (or that the caller does, when owner is empty). They need not be
  // aligned for the element type (large constants lie where the model file has them), but data<T>() may only
  // be used if they are.
  static Tensor view(DType dtype, Dims dims, void* data, std::shared_ptr<const void> owner = {});
  static Tensor view(DType dtype, Dims dims, const void* data, std::shared_ptr<const void> owner = {});
  // Contents that are made when somebody reads them, and can be made again. `fill` writes all bytes of the
  // storage, the same ones each time, on any thread; it keeps alive what it reads. Fails as allocate() does.
  using Fill = std::function<void(void* bytes)>;
  static Result<Tensor> derived(DType dtype, Dims dims, Fill fill);
  static Tensor scalar_i64(int64_t v);
  static Tensor vector_i64(std::span<const int64_t> v);
  static Tensor scalar_f32(float v);

  bool defined() const noexcept { return dtype_ != DType::kUndefined; }
  DType dtype() const noexcept { return dtype_; }
  const Dims& dims() const noexcept { return dims_; }
  size_t rank() const noexcept { return dims_.size(); }
  int64_t elements() const noexcept { return elements_; }
  size_t bytes() const noexcept { return bytes_; }

  const void* raw() const {
    if (derived_ != nullptr) bring_back();
    return data_;
  }
  // Derived contents that nobody has read, or that were given back.
  bool is_away() const noexcept;
  // Writes derived contents elsewhere, for one who reads them once.
  void make(void* to) const;
  // Where the storage is, for telling it from others; not for reading, as derived contents may be away.
  const void* address() const noexcept { return data_; }
  // Precondition: the storage is the caller's to write (just allocated, or an output); never derived.
  void* mutable_raw() noexcept { return data_; }
  template <class T>
  const T* data() const {
    return static_cast<const T*>(raw());
  }
  template <class T>
  T* mutable_data() noexcept {
    return static_cast<T*>(data_);
  }
  std::span<const std::string> strings() const noexcept {  // never derived
    return {static_cast<const std::string*>(data_), static_cast<size_t>(elements_)};
  }

  const std::shared_ptr<const void>& owner() const noexcept { return owner_; }

  // Gives the memory of derived contents back; raw() makes them again, at the same address. Precondition:
  // nobody reads them now. Other tensors stay as they are.
  void release() const noexcept;
  // Derived contents stay from now on: somebody keeps raw().
  void keep() const;

  // The same storage under another shape with as many elements.
  Tensor reshaped(Dims dims) const;
  // A copy with storage of its own.
  Result<Tensor> clone() const;
  bool is_aligned() const noexcept;
  // This tensor when it is aligned for its element type, else a clone.
  Result<Tensor> aligned() const;
  // Element i as an int64 or double, from any numeric dtype (bool as 0/1; sub-byte types unpacked).
  int64_t int_at(int64_t i) const;
  double float_at(int64_t i) const;
  // All elements as int64: shapes, axes, pads.
  Dims to_ints() const;

 private:
  class Derived;
  void bring_back() const;

  std::shared_ptr<const void> owner_;
  void* data_ = nullptr;
  Derived* derived_ = nullptr;  // owned by owner_
  Dims dims_;
  int64_t elements_ = 0;
  size_t bytes_ = 0;
  DType dtype_ = DType::kUndefined;
};

// Equal dtype, dims and bits (strings by value).
bool same_bits(const Tensor& a, const Tensor& b);

// What flows along an edge when it is not a plain tensor: sequences, optionals, maps.
enum class Kind : uint8_t { kTensor, kSequence, kOptional, kMap };
const char* kind_name(Kind kind) noexcept;

struct Datum;

// The elements of a Datum. Copies share them until one is edited, so that a loop that hands a long sequence
// from iteration to iteration does not copy it each time.
class Items {
 public:
  Items() = default;
  Items(std::vector<Datum> items);
  Items(std::initializer_list<Datum> items);

  bool empty() const noexcept { return size() == 0; }
  size_t size() const noexcept;
  const Datum* begin() const noexcept;
  const Datum* end() const noexcept;
  const Datum& operator[](size_t i) const noexcept;
  // The list to change; copied first when it is shared.
  std::vector<Datum>& edit();
  // Precondition: at <= size(), at < size().
  void insert(size_t at, Datum item);
  void erase(size_t at);

  // Elements that are lent, however deep, get storage of their own. Costs nothing when that is so already and
  // only insert() and erase() have changed the list since.
  Status own();
  bool lent() const noexcept;

 private:
  std::shared_ptr<std::vector<Datum>> list_;
  bool owned_ = false;  // as own() has left it
};

struct Datum {
  Kind kind = Kind::kTensor;
  Tensor tensor;  // kTensor; a map's keys
  Items items;    // a sequence's elements; an optional's one or none; a map's values, one datum
  DType element = DType::kUndefined;  // element type of an empty sequence or optional

  Datum() = default;
  Datum(Tensor t) : tensor(std::move(t)) {}

  // It, or something that it holds, lies in memory that it does not keep alive: an arena, the caller's.
  bool lent() const noexcept { return (tensor.defined() && !tensor.owner()) || items.lent(); }
  // Gives what is lent storage of its own.
  Status own();
};

inline size_t Items::size() const noexcept { return list_ == nullptr ? 0 : list_->size(); }
inline const Datum* Items::begin() const noexcept { return list_ == nullptr ? nullptr : list_->data(); }
inline const Datum* Items::end() const noexcept { return begin() + size(); }
inline const Datum& Items::operator[](size_t i) const noexcept { return (*list_)[i]; }

}  // namespace lite
