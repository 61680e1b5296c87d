#include "core/ops/widen.h"

#include <algorithm>
#include <cmath>

#include "core/base/small_float.h"
#include "core/ops/op.h"

namespace lite::ops {
namespace {

// To integers: to nearest even, saturated; NaN becomes 0.
template <class To, class From>
To round_to(From v) {
  if constexpr (std::is_same_v<To, bool>) {
    return v != 0;
  } else if constexpr (std::is_integral_v<To> && std::is_floating_point_v<From>) {
    constexpr auto kLow = static_cast<double>(std::numeric_limits<To>::lowest());
    constexpr auto kHigh = static_cast<double>(std::numeric_limits<To>::max());
    const double r = std::nearbyint(static_cast<double>(v));
    if (std::isnan(r)) return 0;
    return r <= kLow    ? std::numeric_limits<To>::lowest()
           : r >= kHigh ? std::numeric_limits<To>::max()
                        : static_cast<To>(r);
  } else if constexpr (std::is_integral_v<To>) {
    return static_cast<To>(std::clamp<int64_t>(
        v, static_cast<int64_t>(std::numeric_limits<To>::lowest()),
        static_cast<int64_t>(std::min<uint64_t>(std::numeric_limits<To>::max(), INT64_MAX))));
  } else if constexpr (std::is_same_v<To, Half> || std::is_same_v<To, BFloat16>) {
    return To(static_cast<float>(v));
  } else {
    return static_cast<To>(v);
  }
}

// A nibble or a pair of bits within its byte, the first element in the lowest bits.
void put_bits(uint8_t* bytes, int64_t i, int bits, unsigned value) {
  const int per_byte = 8 / bits, shift = bits * static_cast<int>(i % per_byte);
  const unsigned mask = (1u << bits) - 1;
  uint8_t& byte = bytes[i / per_byte];
  byte = static_cast<uint8_t>((byte & ~(mask << shift)) | ((value & mask) << shift));
}
unsigned get_bits(const uint8_t* bytes, int64_t i, int bits) {
  const int per_byte = 8 / bits;
  return (static_cast<unsigned>(bytes[i / per_byte]) >> (bits * static_cast<int>(i % per_byte))) &
         ((1u << bits) - 1);
}

template <class F>
bool with_whole_type(DType t, F&& f) {
  return dispatch<DType::kF32, DType::kF64, DType::kF16, DType::kBF16, DType::kI8, DType::kI16, DType::kI32,
                  DType::kI64, DType::kU8, DType::kU16, DType::kU32, DType::kU64, DType::kBool>("", t, f)
      .is_ok();
}

}  // namespace

template <class T>
void widen(const Tensor& from, int64_t begin, int64_t n, T* to) {
  const DType t = from.dtype();
  const bool done = with_whole_type(t, [&]<class S>() -> Status {
    const S* p = from.data<S>() + begin;
    for (int64_t i = 0; i < n; ++i) to[i] = static_cast<T>(load(p[i]));
    return ok();
  });
  if (done) return;
  const auto* bytes = from.data<uint8_t>();
  const auto bits = static_cast<int>(dtype_bits(t));
  for (int64_t i = 0; i < n; ++i) {
    const int64_t at = begin + i;
    if (is_int(t))
      to[i] = static_cast<T>(from.int_at(at));
    else
      to[i] = static_cast<T>(
          small_float_decode(t, static_cast<uint8_t>(bits == 8 ? bytes[at] : get_bits(bytes, at, bits))));
  }
}

template <class T>
void narrow(const T* from, int64_t n, Tensor& to, int64_t begin) {
  const DType t = to.dtype();
  const bool done = with_whole_type(t, [&]<class S>() -> Status {
    S* p = to.mutable_data<S>() + begin;
    for (int64_t i = 0; i < n; ++i) p[i] = round_to<S>(from[i]);
    return ok();
  });
  if (done) return;
  auto* bytes = to.mutable_data<uint8_t>();
  const auto bits = static_cast<int>(dtype_bits(t));
  const int64_t low = is_signed_int(t) ? -(1 << (bits - 1)) : 0, high = low + (1 << bits) - 1;
  for (int64_t i = 0; i < n; ++i) {
    const int64_t at = begin + i;
    if (is_int(t))
      put_bits(bytes, at, bits, static_cast<unsigned>(std::clamp(round_to<int64_t>(from[i]), low, high)));
    else if (bits == 8)
      bytes[at] = small_float_encode(t, static_cast<double>(from[i]), true);
    else
      put_bits(bytes, at, bits, small_float_encode(t, static_cast<double>(from[i]), true));
  }
}

Result<Tensor> scalar_of(DType type, double v) {
  if (!is_float(type) && !is_int(type) && type != DType::kBool)
    return unsupported("a number of element type ", dtype_name(type), " is not supported");
  LITE_ASSIGN(Tensor t, Tensor::allocate(type, {}));
  narrow(&v, 1, t, 0);
  return t;
}

template void widen(const Tensor&, int64_t, int64_t, float*);
template void widen(const Tensor&, int64_t, int64_t, double*);
template void widen(const Tensor&, int64_t, int64_t, int32_t*);
template void narrow(const float*, int64_t, Tensor&, int64_t);
template void narrow(const double*, int64_t, Tensor&, int64_t);
template void narrow(const int32_t*, int64_t, Tensor&, int64_t);

}  // namespace lite::ops
