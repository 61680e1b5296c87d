// Weights in blocks of a few bits: real numbers are (stored - zero point) * scale of their block.
//
// They become DequantizeLinear where the zero points are integers, so that what has kernels for packed
// weights can use them as they are.
#include <algorithm>
#include <cstring>

#include "core/import/onnx/microsoft.h"

namespace lite::onnx {
namespace {

// The unsigned type of that many bits.
Result<DType> packed_type(int64_t bits) {
  switch (bits) {
    case 2:
      return DType::kU2;
    case 4:
      return DType::kU4;
    case 8:
      return DType::kU8;
    default:
      return unsupported("attribute 'bits' is ", bits, ", 2, 4 or 8 wanted");
  }
}

// Bytes of input i seen as `dims` of a packed type, row by row; each row of the bytes starts a new byte.
Result<Tensor> packed_rows(const Draft& d, size_t i, DType type, int64_t rows, int64_t columns) {
  const Tensor* bytes = d.content(i);
  if (bytes == nullptr) return unsupported("input ", i, " is not a constant");
  if (bytes->dtype() != DType::kU8)
    return invalid_model("input ", i, " is ", dtype_name(bytes->dtype()), ", uint8 wanted");
  const auto per_row = dtype_bytes(type, columns);
  const auto size = per_row ? checked_mul(rows, static_cast<int64_t>(*per_row)) : std::nullopt;
  if (!size || *size != bytes->elements())
    return invalid_model("input ", i, " has ", bytes->elements(), " bytes, ", rows, " rows of ", columns,
                         " numbers of ", dtype_bits(type), " bits wanted");
  const auto per_byte = static_cast<int64_t>(8 / dtype_bits(type));
  if (columns % per_byte == 0) return Tensor::view(type, Dims{rows, columns}, bytes->raw(), bytes->owner());
  LITE_ASSIGN(Tensor t, Tensor::allocate(type, Dims{rows, columns}));
  std::memset(t.mutable_raw(), 0, t.bytes());
  auto* to = static_cast<uint8_t*>(t.mutable_raw());
  const auto* from = bytes->data<uint8_t>();
  const auto bits = static_cast<int64_t>(dtype_bits(type));
  for (int64_t r = 0; r < rows; ++r)
    for (int64_t c = 0; c < columns; ++c) {
      const int64_t at = r * columns + c;
      const unsigned v = from[r * static_cast<int64_t>(*per_row) + c / per_byte] >> (c % per_byte * bits) &
                         ((1U << bits) - 1);
      to[at / per_byte] = static_cast<uint8_t>(to[at / per_byte] | v << (at % per_byte * bits));
    }
  return t;
}

// Zero points in the middle of the range, for those that a node leaves out.
Result<Tensor> middle_zeros(DType type, const Dims& dims) {
  LITE_ASSIGN(Tensor t, Tensor::allocate(type, dims));
  std::memset(t.mutable_raw(), type == DType::kU8 ? 0x80 : type == DType::kU4 ? 0x88 : 0xAA, t.bytes());
  return t;
}

struct Blocks {
  int64_t n, k, block, count;  // of them in a row
  int64_t stored() const { return count * block; }
};

Result<Blocks> blocks_of(const Draft& d) {
  Blocks b{d.attrs().i64("N"), d.attrs().i64("K"), d.attrs().i64("block_size"), 0};
  constexpr int64_t kMost = int64_t{1} << 40;
  if (b.n < 1 || b.k < 1 || b.block < 1 || b.n > kMost || b.k > kMost || b.block > kMost)
    return invalid_model("attributes N, K and block_size are ", b.n, ", ", b.k, " and ", b.block,
                         ", at least 1 wanted");
  b.count = (b.k - 1) / b.block + 1;
  return b;
}

// A * W^T + bias for W [N,K'], of which the first K columns count.
Status times_rows(Draft& d, Emitter& e, const Blocks& b, ValueId w, ValueId bias) {
  if (b.stored() > b.k) w = e("Slice", {w, e.ints({0}), e.ints({b.k}), e.ints({1})});
  const ValueId y = e("MatMul", {d.node.in[0], e.transpose(w, {1, 0})});
  e.output(0, bias == kNoValue ? "Identity" : "Add",
           bias == kNoValue ? std::vector<ValueId>{y} : std::vector<ValueId>{y, bias});
  return std::move(e).status();
}

Status mat_mul_n_bits(Draft& d) {
  const AttrReader r = d.attrs();
  if (r.i64("weight_prepacked") != 0) return unsupported("its weights are packed for one machine");
  if (d.has(4)) return unsupported("input 4 (g_idx) orders the columns anew");
  LITE_ASSIGN(const DType type, packed_type(r.i64("bits", 4)));
  LITE_ASSIGN(const Blocks b, blocks_of(d));
  LITE_ASSIGN(Tensor stored, packed_rows(d, 1, type, b.n, b.stored()));
  const bool real_zeros = d.has(3) && d.fact(3).dtype != DType::kU8;
  Tensor zeros;
  if (d.has(3) && !real_zeros) {
    LITE_ASSIGN(zeros, packed_rows(d, 3, type, b.n, b.count));
  } else if (!real_zeros) {
    LITE_ASSIGN(zeros, middle_zeros(type, Dims{b.n, b.count}));
  }
  Emitter e(d);
  const ValueId q = d.constant(std::move(stored));
  ValueId w = kNoValue;
  if (real_zeros) {
    const ValueId one_each = e.ints({b.n, b.count, 1});
    const ValueId scale = e("Reshape", {d.node.in[2], one_each}),
                  zero = e("Reshape", {d.node.in[3], one_each});
    const ValueId wide = e("Reshape", {e("CastLike", {q, scale}), e.ints({b.n, b.count, b.block})});
    w = e("Reshape", {e("Mul", {e("Sub", {wide, zero}), scale}), e.ints({b.n, b.stored()})});
  } else {
    const ValueId scale = e("Reshape", {d.node.in[2], e.ints({b.n, b.count})});
    w = e("DequantizeLinear", {q, scale, d.constant(std::move(zeros))},
          {{"axis", int64_t{1}}, {"block_size", b.block}});
  }
  return times_rows(d, e, b, w, input(d, 5));
}

// The sixteen values of bitsandbytes' types, by their code.
constexpr float kFp4[] = {
    0.0f,  5.208333333e-03f,  0.66666667f,  1.0f,  0.33333333f,  0.5f,  0.16666667f,  0.25f,
    -0.0f, -5.208333333e-03f, -0.66666667f, -1.0f, -0.33333333f, -0.5f, -0.16666667f, -0.25f};
constexpr float kNf4[] = {-1.0f,
                          -0.6961928009986877f,
                          -0.5250730514526367f,
                          -0.39491748809814453f,
                          -0.28444138169288635f,
                          -0.18477343022823334f,
                          -0.09105003625154495f,
                          0.0f,
                          0.07958029955625534f,
                          0.16093020141124725f,
                          0.24611230194568634f,
                          0.33791524171829224f,
                          0.44070982933044434f,
                          0.5626170039176941f,
                          0.7229568362236023f,
                          1.0f};

// Codes of two numbers a byte, the first in the upper half, in blocks of the whole matrix [N,K] in a row.
Status mat_mul_bnb4(Draft& d) {
  LITE_ASSIGN(const Blocks b, blocks_of(d));
  const int64_t kind = d.attrs().i64("quant_type");
  if (kind != 0 && kind != 1) return invalid_model("attribute 'quant_type' is ", kind, ", 0 or 1 wanted");
  if (d.attrs().i64("transB", 1) == 0) return unsupported("attribute 'transB' is 0");
  const auto count = checked_mul(b.n, b.k);
  if (!count || *count % 2 != 0 || *count % b.block != 0)
    return unsupported("a matrix [", b.n, ",", b.k, "] that is not a whole number of blocks of ", b.block);
  // Both numbers of a byte, for each byte.
  LITE_ASSIGN(Tensor table, Tensor::allocate(DType::kF32, Dims{256, 2}));
  const float* values = kind == 0 ? kFp4 : kNf4;
  for (size_t i = 0; i < 256; ++i) {
    table.mutable_data<float>()[2 * i] = values[i >> 4];
    table.mutable_data<float>()[2 * i + 1] = values[i & 15];
  }
  Emitter e(d);
  const ValueId pairs = e("Gather", {d.constant(std::move(table)), e.cast(d.node.in[1], DType::kI32)});
  const ValueId scale = e("Reshape", {e.cast(d.node.in[2], DType::kF32), e.ints({-1, 1})});
  const ValueId real = e("Mul", {e("Reshape", {pairs, e.ints({-1, b.block})}), scale});
  const ValueId w = e("CastLike", {e("Reshape", {real, e.ints({b.n, b.k})}), d.node.in[0]});
  return times_rows(d, e, {b.n, b.k, b.k, 1}, w, kNoValue);
}

// Rows of a table whose last dimension is in blocks: gathered as they are stored, and made real then.
Status gather_block_quantized(Draft& d) {
  const AttrReader r = d.attrs();
  const Fact data = d.fact(0), scales = d.fact(2);
  if (!data.is_static() || data.rank() != 2 || !scales.is_static() || scales.rank() != 2)
    return unsupported("the table is not a matrix whose shape is known");
  const int64_t axis = r.i64("quantize_axis", 1), bits = data.dtype == DType::kU8 ? r.i64("bits", 4) : 4;
  if (r.i64("gather_axis", 0) != 0 || (axis != 1 && axis != -1))
    return unsupported("rows are not gathered, or blocks are not along them");
  if (data.dtype != DType::kU8 && data.dtype != DType::kU4 && data.dtype != DType::kI4)
    return unsupported("a table of ", dtype_name(data.dtype));
  LITE_TRY(packed_type(bits).status());
  const bool is_signed = data.dtype == DType::kI4;
  const int64_t per_byte = 8 / bits, rows = data.dims[0], blocks = scales.dims[1];
  const int64_t stored = data.dtype == DType::kU8 ? data.dims[1] * per_byte : data.dims[1];
  if (stored % per_byte != 0) return unsupported("rows of ", stored, " numbers of 4 bits");
  if (blocks < 1 || stored % blocks != 0 || scales.dims[0] != rows)
    return invalid_model("scales have shape ", scales.dims, " for ", rows, " rows of ", stored, " numbers");

  // Rows of bytes: a constant is seen so, without a copy.
  const auto as_bytes = [&](size_t i, int64_t columns) -> Result<ValueId> {
    if (d.fact(i).dtype == DType::kU8) return d.node.in[i];
    const Tensor* t = d.content(i);
    if (t == nullptr || columns % per_byte != 0)
      return unsupported("input ", i, " of 4 bits is not a constant");
    return d.constant(Tensor::view(DType::kU8, Dims{rows, columns / per_byte}, t->raw(), t->owner()));
  };
  Emitter e(d);
  const ValueId indices = d.node.in[1];
  // float32[..., columns] of the numbers in those rows.
  const auto unpack = [&](ValueId bytes, int64_t columns) {
    const ValueId row = e("Gather", {bytes, indices});
    std::vector<ValueId> parts;
    for (int64_t i = 0; i < per_byte; ++i) {
      ValueId part = row;
      if (i > 0)
        part = e("BitShift", {part, e.scalar(DType::kU8, static_cast<double>(i * bits))},
                 {{"direction", std::string("RIGHT")}});
      if (per_byte > 1)
        part = e("BitwiseAnd", {part, e.scalar(DType::kU8, static_cast<double>((1 << bits) - 1))});
      parts.push_back(e("Unsqueeze", {part, e.ints({-1})}));
    }
    const ValueId all = parts.size() == 1 ? parts[0] : e("Concat", parts, {{"axis", int64_t{-1}}});
    const ValueId shape =
        e("Concat", {e("Shape", {indices}), e.ints({per_byte * ((columns + per_byte - 1) / per_byte)})},
          {{"axis", int64_t{0}}});
    ValueId real = e.cast(e("Reshape", {all, shape}), DType::kF32);
    if (columns % per_byte != 0) real = e("Slice", {real, e.ints({0}), e.ints({columns}), e.ints({-1})});
    if (!is_signed) return real;
    // Two's complement: what is above 7 is 16 less.
    const ValueId above = e("Greater", {real, e.scalar(DType::kF32, 7)});
    return e("Where", {above, e("Sub", {real, e.scalar(DType::kF32, 16)}), real});
  };
  LITE_ASSIGN(const ValueId table, as_bytes(0, stored));
  ValueId zero = kNoValue;
  if (d.has(3)) {
    LITE_ASSIGN(const ValueId bytes, as_bytes(3, blocks));
    zero = unpack(bytes, blocks);
  } else {
    zero =
        e.scalar(DType::kF32, data.dtype == DType::kU8 ? static_cast<double>(int64_t{1} << (bits - 1)) : 0);
  }
  const DType t = type_of(d, 2);
  const ValueId shape = e("Shape", {indices}), last = e.ints({-1});
  const auto joined = [&](std::initializer_list<int64_t> tail) {
    return e("Concat", {shape, e.ints(tail)}, {{"axis", int64_t{0}}});
  };
  const ValueId scale = e("Unsqueeze", {e.cast(e("Gather", {d.node.in[2], indices}), DType::kF32), last});
  if (d.has(3)) zero = e("Unsqueeze", {zero, last});
  const ValueId q = e("Reshape", {unpack(table, stored), joined({blocks, stored / blocks})});
  const ValueId real = e("Mul", {e("Sub", {q, zero}), scale});
  e.output(0, "Cast", {e("Reshape", {real, joined({stored})})}, {{"to", static_cast<int64_t>(t)}});
  return std::move(e).status();
}

constexpr Translation kTranslations[] = {
    {"GatherBlockQuantized", "data indices scales zero_points?", "bits block_size gather_axis quantize_axis",
     gather_block_quantized},
    {"MatMulBnb4", "A B absmax", "K N block_size quant_type training_mode transB", mat_mul_bnb4},
    {"MatMulNBits", "A B scales zero_points? g_idx? bias?",
     "K N accuracy_level bits block_size weight_prepacked", mat_mul_n_bits},
};

}  // namespace

std::span<const Translation> microsoft_packed() { return kTranslations; }

}  // namespace lite::onnx
