// From vectors of 32 bits to bytes, for the copies of AVX-512 and AVX2. Compiled once per target; no include
// guard of the usual kind.
#if defined(LITE_SIMD_BYTES_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef LITE_SIMD_BYTES_INL_H
#undef LITE_SIMD_BYTES_INL_H
#else
#define LITE_SIMD_BYTES_INL_H
#endif

#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace lite::simd::HWY_NAMESPACE {
#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX2
namespace hn = hwy::HWY_NAMESPACE;

using D32 = hn::ScalableTag<int32_t>;
using DF = hn::ScalableTag<float>;
using D16 = hn::Repartition<int16_t, D32>;
using D8 = hn::Repartition<uint8_t, D32>;
using V32 = hn::Vec<D32>;
using VF = hn::Vec<DF>;
using V8 = hn::Vec<D8>;

// To nearest even, of numbers that fit 32 bits: without what hn::NearestInt does for others.
HWY_INLINE V32 nearest(VF v) {
#if HWY_TARGET == HWY_AVX3
  return V32{_mm512_cvtps_epi32(v.raw)};
#else
  return V32{_mm256_cvtps_epi32(v.raw)};
#endif
}

// Four vectors, plus `zero`, which fits 16 bits, saturated to int8 or uint8: byte 16 i + 4 v + j of the
// result is lane 4 i + j of vector v.
HWY_INLINE V32 pack4(const V32 (&v)[4], int32_t zero, bool is_signed) {
  const D16 d16;
  const auto add = hn::Set(d16, static_cast<int16_t>(zero));
  const auto a = hn::SaturatedAdd(hn::ReorderDemote2To(d16, v[0], v[1]), add),
             b = hn::SaturatedAdd(hn::ReorderDemote2To(d16, v[2], v[3]), add);
#if HWY_TARGET == HWY_AVX3
  return V32{is_signed ? _mm512_packs_epi16(a.raw, b.raw) : _mm512_packus_epi16(a.raw, b.raw)};
#else
  return V32{is_signed ? _mm256_packs_epi16(a.raw, b.raw) : _mm256_packus_epi16(a.raw, b.raw)};
#endif
}

// What pack4() gives, vector after vector.
HWY_INLINE V32 in_order(V32 packed) {
#if HWY_TARGET == HWY_AVX3
  const __m512i from = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
  return V32{_mm512_permutexvar_epi32(from, packed.raw)};
#else
  return V32{_mm256_permutevar8x32_epi32(packed.raw, _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7))};
#endif
}

HWY_INLINE void store_bytes(V32 v, void* to) { hn::StoreU(v, D32(), static_cast<int32_t*>(to)); }

#endif  // AVX3 or AVX2
}  // namespace lite::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
