// A short vector of dimensions, in place up to rank 6 and on the heap above; no rank limit.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <memory>
#include <optional>
#include <span>

namespace lite {

class Dims {
 public:
  Dims() noexcept = default;
  explicit Dims(size_t rank, int64_t fill = 0) { resize(rank, fill); }
  Dims(std::initializer_list<int64_t> d) : Dims(std::span<const int64_t>(d.begin(), d.size())) {}
  explicit Dims(std::span<const int64_t> d) {
    reserve(d.size());
    std::copy(d.begin(), d.end(), data());
    size_ = d.size();
  }
  Dims(const Dims& o) : Dims(std::span<const int64_t>(o.data(), o.size())) {}
  Dims(Dims&& o) noexcept { steal(o); }
  Dims& operator=(const Dims& o) {
    if (this != &o) *this = Dims(o);
    return *this;
  }
  Dims& operator=(Dims&& o) noexcept {
    if (this != &o) steal(o);
    return *this;
  }

  size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }
  int64_t* data() noexcept { return heap_ ? heap_.get() : inline_; }
  const int64_t* data() const noexcept { return heap_ ? heap_.get() : inline_; }
  int64_t& operator[](size_t i) noexcept { return data()[i]; }
  int64_t operator[](size_t i) const noexcept { return data()[i]; }
  int64_t* begin() noexcept { return data(); }
  int64_t* end() noexcept { return data() + size_; }
  const int64_t* begin() const noexcept { return data(); }
  const int64_t* end() const noexcept { return data() + size_; }
  int64_t& back() noexcept { return data()[size_ - 1]; }
  int64_t back() const noexcept { return data()[size_ - 1]; }

  void reserve(size_t n) {
    if (n <= capacity_) return;
    auto bigger = std::make_unique<int64_t[]>(n);
    std::copy(begin(), end(), bigger.get());
    heap_ = std::move(bigger);
    capacity_ = n;
  }
  void resize(size_t n, int64_t fill = 0) {
    reserve(n);
    if (n > size_) std::fill(data() + size_, data() + n, fill);
    size_ = n;
  }
  void push_back(int64_t v) {
    if (size_ == capacity_) reserve(2 * capacity_);
    data()[size_++] = v;
  }
  void insert(size_t at, int64_t v) {
    push_back(v);
    std::rotate(begin() + at, end() - 1, end());
  }
  void erase(size_t at) {
    std::copy(begin() + at + 1, end(), begin() + at);
    --size_;
  }

  friend bool operator==(const Dims& a, const Dims& b) noexcept {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
  }
  friend std::ostream& operator<<(std::ostream& s, const Dims& d);  // [2,3,?]

 private:
  static constexpr size_t kInline = 6;
  void steal(Dims& o) noexcept {
    heap_ = std::move(o.heap_);
    capacity_ = o.capacity_;
    size_ = o.size_;
    if (!heap_) std::copy(o.inline_, o.inline_ + size_, inline_);
    o.capacity_ = kInline;
    o.size_ = 0;
  }
  size_t size_ = 0, capacity_ = kInline;
  int64_t inline_[kInline] = {};
  std::unique_ptr<int64_t[]> heap_;
};

// Product of all dimensions (1 for rank 0); nullopt when one is negative or the product overflows int64.
std::optional<int64_t> checked_elements(std::span<const int64_t> dims) noexcept;
// The same where the caller has already checked.
int64_t elements(std::span<const int64_t> dims) noexcept;
// Row-major strides in elements.
Dims row_major_strides(std::span<const int64_t> dims);

// a + b and a * b, or nullopt on overflow.
std::optional<int64_t> checked_add(int64_t a, int64_t b) noexcept;
std::optional<int64_t> checked_mul(int64_t a, int64_t b) noexcept;

// ceil(a / b) for a >= 0, b > 0.
constexpr int64_t ceil_div(int64_t a, int64_t b) { return (a + b - 1) / b; }
constexpr int64_t round_up(int64_t a, int64_t b) { return ceil_div(a, b) * b; }

}  // namespace lite
