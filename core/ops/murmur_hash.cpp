// MurmurHash3: a hash of 32 bits of the bytes of each element, by Austin Appleby's function for 32-bit
// machines.
//
//   in  X  any shape; (u)int32, (u)int64, float32, float64 or strings
//   out Y  shape of X; uint32, or int32 with positive = 0
//   attr seed int, default 0, of which the lower 32 bits count      attr positive int, default 1

#include <bit>
#include <cstring>

#include "core/ops/op.h"

namespace lite::ops {
namespace {

uint32_t hash(const unsigned char* bytes, size_t size, uint32_t seed) {
  constexpr uint32_t kFirst = 0xCC9E2D51, kSecond = 0x1B873593;
  const auto mixed = [](uint32_t k) { return std::rotl(k * kFirst, 15) * kSecond; };
  uint32_t h = seed;
  size_t at = 0;
  for (; at + 4 <= size; at += 4) {
    uint32_t k;
    std::memcpy(&k, bytes + at, 4);
    h = std::rotl(h ^ mixed(k), 13) * 5 + 0xE6546B64;
  }
  uint32_t rest = 0;
  for (size_t i = size; i-- > at;) rest = rest << 8 | bytes[i];
  if (at < size) h ^= mixed(rest);
  h ^= static_cast<uint32_t>(size);
  h = (h ^ h >> 16) * 0x85EBCA6B;
  h = (h ^ h >> 13) * 0xC2B2AE35;
  return h ^ h >> 16;
}

DType result_type(const AttrReader& r) { return r.i64("positive", 1) != 0 ? DType::kU32 : DType::kI32; }

Status infer(const InferArgs& a) {
  a.out[0] = a.in[0];
  a.out[0].dtype = result_type(a.attrs);
  return ok();
}

Status reference(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  LITE_ASSIGN(Tensor* const y, a.output(0, result_type(a.attrs), x.dims()));
  const auto seed = static_cast<uint32_t>(a.attrs.i64("seed", 0));
  auto* const to = static_cast<unsigned char*>(y->mutable_raw());
  for (int64_t i = 0; i < x.elements(); ++i) {
    uint32_t h;
    if (x.dtype() == DType::kString) {
      const std::string& s = x.strings()[static_cast<size_t>(i)];
      h = hash(reinterpret_cast<const unsigned char*>(s.data()), s.size(), seed);
    } else {
      const size_t size = dtype_size(x.dtype());
      h = hash(static_cast<const unsigned char*>(x.raw()) + static_cast<size_t>(i) * size, size, seed);
    }
    std::memcpy(to + 4 * i, &h, 4);
  }
  return ok();
}

constexpr OperandSpec kIn[] = {{"X", DType::kI32 | DType::kU32 | DType::kI64 | DType::kU64 | DType::kF32 |
                                         DType::kF64 | DType::kString}};
constexpr OperandSpec kOut[] = {{"Y", DType::kU32 | DType::kI32}};
constexpr AttrSpec kAttrs[] = {{"positive", AttrType::kInt}, {"seed", AttrType::kInt}};

constexpr OpDef kOps[] = {{
    .name = "MurmurHash3",
    .domain = "com.microsoft",
    .inputs = kIn,
    .outputs = kOut,
    .attrs = kAttrs,
    .infer = infer,
    .reference = reference,
}};

}  // namespace

extern constinit const OpTable murmur_hash;
constinit const OpTable murmur_hash{kOps};

}  // namespace lite::ops
