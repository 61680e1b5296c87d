// A product with a constant that DequantizeLinear makes of blocks of a few bits becomes BlockMatMul, which
// reads them as they are stored: reading is what large weights cost. Comes before fold_dequantize, which
// makes them four or eight times as large.

#include <cstring>

#include "core/ops/widen.h"
#include "core/passes/passes.h"
#include "core/passes/shapes.h"

namespace lite::passes {
namespace {

// Smaller weights stay in the cache, whatever they are made of.
constexpr int64_t kLarge = int64_t{1} << 16;

// v without the Slice that takes the first columns of a matrix; v itself when it is none.
ValueId unsliced(const Rewriter& r, ValueId v) {
  const NodeId n = r.made_by(v, "Slice");
  if (n == kNoNode) return v;
  const auto is = [&](size_t i, double want) { return r.scalar(r.in(n, i)) == want; };
  const Fact& f = r.fact(v);
  const bool first = is(1, 0) && (is(3, 1) || is(3, -1)) && (r.in(n, 4) == kNoValue || is(4, 1));
  return first && f.is_static() && f.rank() == 2 ? r.in(n, 0) : v;
}

// The matrix with rows and columns changed; any type that widen() and narrow() know.
Result<Tensor> transposed(const Tensor& t) {
  const int64_t rows = t.dims()[0], columns = t.dims()[1];
  std::vector<float> from(static_cast<size_t>(t.elements())), to(from.size());
  ops::widen(t, 0, t.elements(), from.data());
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t j = 0; j < columns; ++j)
      to[static_cast<size_t>(j * rows + i)] = from[static_cast<size_t>(i * columns + j)];
  LITE_ASSIGN(Tensor out, Tensor::allocate(t.dtype(), Dims{columns, rows}));
  std::memset(out.mutable_raw(), 0, out.bytes());
  ops::narrow(to.data(), t.elements(), out, 0);
  return out;
}

Status keep(Rewriter& r, NodeId n) {
  // W, or its transpose, which is what exporters write of weights that lie row by row.
  ValueId w = r.in(n, 1);
  const NodeId transpose = r.made_by(w, "Transpose");
  const auto perm = transpose == kNoNode ? std::nullopt : permutation(r, transpose);
  const bool by_row = perm && *perm == std::vector<int64_t>{1, 0};
  if (by_row) w = unsliced(r, r.in(transpose, 0));
  const NodeId d = r.made_by(w, "DequantizeLinear");
  if (d == kNoNode || r.dtype(w) != DType::kF32 || r.dtype(r.in(n, 0)) != DType::kF32) return ok();
  const int64_t block = r.attrs(d).i64("block_size"), axis = r.attrs(d).i64("axis", 1);
  const Tensor *q = r.constant_in(d, 0), *scale = r.constant_in(d, 1), *zero = r.constant_in(d, 2);
  if (q == nullptr || scale == nullptr || (zero == nullptr) != (r.in(d, 2) == kNoValue)) return ok();
  if (q->rank() != 2 || scale->rank() != 2 || scale->dtype() != DType::kF32 || block < 1) return ok();
  if ((axis < 0 ? axis + 2 : axis) != (by_row ? 1 : 0) || q->elements() < kLarge) return ok();
  const DType type = q->dtype();
  if (dtype_bits(type) > 8 || !is_int(type) || type == DType::kI2 ||
      block % (8 / static_cast<int64_t>(dtype_bits(type))) != 0)
    return ok();
  std::vector<ValueId> in{r.in(n, 0), r.in(d, 0), r.in(d, 1), r.in(d, 2)};
  for (size_t i = 1; i < in.size() && !by_row; ++i) {
    if (in[i] == kNoValue) continue;
    LITE_ASSIGN(Tensor t, transposed(*r.constant(in[i])));
    in[i] = r.add_constant({}, std::move(t));
  }
  r.remake(r.out(n), "BlockMatMul", std::move(in), {{"block_size", block}}, "lite");
  return ok();
}

}  // namespace

Result<bool> keep_blocks(Rewriter& r, const PassOptions&) {
  if (!r.has_any({"DequantizeLinear"})) return false;
  for (NodeId n = 0; n < r.num_nodes(); ++n)
    if (r.is(n, "MatMul")) LITE_TRY(keep(r, n));
  return r.changed();
}

}  // namespace lite::passes
