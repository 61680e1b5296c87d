#include "core/ops/strided.h"

#include <cstring>

namespace lite::ops {
namespace {

template <class T>
void copy_rows(const Dims& dims, const void* src, const Dims& src_strides, void* dst,
               const Dims& dst_strides) {
  const T* from = static_cast<const T*>(src);
  T* to = static_cast<T*>(dst);
  const StridedLoop<2> loop(dims, {dst_strides, src_strides});
  loop.for_rows([&](const auto& offset, int64_t n, const auto& step) {
    T* d = to + offset[0];
    const T* s = from + offset[1];
    if constexpr (std::is_trivially_copyable_v<T>) {
      if (step[0] == 1 && step[1] == 1) {
        std::memcpy(d, s, static_cast<size_t>(n) * sizeof(T));
        return;
      }
    }
    for (int64_t i = 0; i < n; ++i) d[i * step[0]] = s[i * step[1]];
  });
}

}  // namespace

void copy_block(DType type, const Dims& dims, const void* src, const Dims& src_strides, void* dst,
                const Dims& dst_strides) {
  const Status s = dispatch_bytes("copy", type, [&]<class T>() -> Status {
    copy_rows<T>(dims, src, src_strides, dst, dst_strides);
    return ok();
  });
  (void)s;  // the caller promised a type of whole bytes
}

void copy_elements(DType type, const void* src, void* dst, int64_t n) {
  if (n <= 0) return;
  if (type == DType::kString) {
    std::copy_n(static_cast<const std::string*>(src), n, static_cast<std::string*>(dst));
  } else {
    std::memcpy(dst, src, static_cast<size_t>(n) * dtype_size(type));
  }
}

void fill_elements(DType type, const void* element, void* dst, int64_t n) {
  copy_block(type, Dims{n}, element, Dims{0}, dst, Dims{1});
}

Result<Dims> output_dims(const EvalArgs& a, Status (*infer)(const InferArgs&), size_t i) {
  const size_t n = a.in.size();
  std::vector<Fact> in(n), out(a.out.size());
  std::vector<const Tensor*> values(n, nullptr);
  std::vector<Tensor> out_values(a.out.size());
  for (size_t k = 0; k < n; ++k) {
    if (!a.has(k) || a.in[k]->kind != Kind::kTensor) continue;
    in[k] = Fact(a.input(k).dtype(), a.input(k).dims());
    values[k] = &a.input(k);
  }
  LITE_TRY(infer(InferArgs{a.attrs, in, values, out, out_values, {}}));
  if (!out[i].is_static())
    return fail(Code::kInternal, a.attrs.node().op->name, ": shape of output ", i,
                " is not known at run time");
  return std::move(out[i].dims);
}

int64_t product_of(std::span<const int64_t> dims) {
  int64_t known = 1, unknown = 0;
  for (const int64_t d : dims) {
    if (d == 0) return 0;
    if (d < 0) {
      unknown = unknown == 0 ? d : kUnknownDim;
    } else {
      const auto product = checked_mul(known, d);
      if (!product) return kUnknownDim;
      known = *product;
    }
  }
  if (unknown == 0) return known;
  return known == 1 ? unknown : kUnknownDim;
}

Result<Tensor> unpack_codes(const Tensor& packed) {
  LITE_ASSIGN(Tensor out, Tensor::allocate(DType::kU8, packed.dims()));
  const int bits = static_cast<int>(dtype_bits(packed.dtype()));
  const int per_byte = 8 / bits;
  const auto* from = static_cast<const uint8_t*>(packed.raw());
  auto* to = out.mutable_data<uint8_t>();
  for (int64_t i = 0; i < packed.elements(); ++i)
    to[i] = static_cast<uint8_t>((from[i / per_byte] >> (bits * static_cast<int>(i % per_byte))) &
                                 ((1 << bits) - 1));
  return out;
}

void pack_codes(const Tensor& codes, Tensor& to) {
  const int bits = static_cast<int>(dtype_bits(to.dtype()));
  const int per_byte = 8 / bits;
  const auto* from = codes.data<uint8_t>();
  auto* out = static_cast<uint8_t*>(to.mutable_raw());
  std::fill_n(out, to.bytes(), uint8_t{0});
  for (int64_t i = 0; i < codes.elements(); ++i) {
    const int code = (from[i] & ((1 << bits) - 1)) << (bits * static_cast<int>(i % per_byte));
    out[i / per_byte] = static_cast<uint8_t>(out[i / per_byte] | code);
  }
}

Status pass_through(const EvalArgs& a, size_t i, const Tensor& x, const Dims& dims) {
  Tensor& out = a.out[i].tensor;
  if (!(out.defined() && out.dtype() == x.dtype() && out.dims() == dims)) {
    out = x.reshaped(dims);
    return ok();
  }
  if (out.raw() == x.raw()) return ok();
  if (x.dtype() == DType::kString)
    std::copy(x.strings().begin(), x.strings().end(), out.mutable_data<std::string>());
  else if (x.bytes() != 0)
    std::memcpy(out.mutable_raw(), x.raw(), x.bytes());
  return ok();
}

Status move_elements(const EvalArgs& a, const Dims& dims,
                     const std::function<Status(const Tensor&, Tensor&)>& move) {
  const Tensor& x = a.input(0);
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), dims));
  if (!is_packed(x.dtype())) return move(x, *y);
  LITE_ASSIGN(const Tensor codes, unpack_codes(x));
  LITE_ASSIGN(Tensor moved, Tensor::allocate(DType::kU8, dims));
  LITE_TRY(move(codes, moved));
  pack_codes(moved, *y);
  return ok();
}

}  // namespace lite::ops
