// RotaryEmbedding: rotates pairs of numbers of each head by an angle that depends on the position.
//
//   in  X            [batch,heads,seq,head] or [batch,seq,heads*head] with num_heads, float
//   in  cos_cache, sin_cache  [positions,half] with position_ids, else [batch,seq,half]; half = rotated / 2
//   in  position_ids optional [batch,seq], int64, each in [0, positions)
//   out Y            shape of X
//   attr interleaved int, default 0: pairs are (k, k + half); 1: (2k, 2k + 1)
//   attr num_heads   int; needed with three dimensions
//   attr rotary_embedding_dim int, default 0 (all of head): how many numbers of each head are rotated; even
//
// (u, v) becomes (u cos - v sin, u sin + v cos).

#include "core/ops/op.h"
#include "core/ops/widen.h"

namespace lite::ops {
namespace {

struct Shape {
  int64_t batch = kUnknownDim, heads = kUnknownDim, seq = kUnknownDim, head = kUnknownDim, half = kUnknownDim;
  bool flat = false;
};

Result<Shape> resolve(const AttrReader& attrs, const Fact& x, std::span<const Fact> in) {
  const auto broken = [](const auto&... what) { return invalid_model("RotaryEmbedding: ", what...); };
  Shape s;
  if (!x.has_rank) return s;
  if (x.rank() != 3 && x.rank() != 4)
    return broken("X has shape ", x.dims, ", three or four dimensions wanted");
  s.flat = x.rank() == 3;
  s.batch = x.dims[0];
  s.seq = x.dims[s.flat ? 1 : 2];
  s.heads = s.flat ? attrs.i64("num_heads") : x.dims[1];
  if (s.flat) {
    if (s.heads < 1)
      return broken("attribute 'num_heads' is ", s.heads, ", at least 1 wanted with X of three dimensions");
    if (x.dims[2] >= 0 && x.dims[2] % s.heads != 0)
      return broken("X has shape ", x.dims, ", a multiple of ", s.heads, " heads wanted");
  }
  s.head = s.flat ? (x.dims[2] < 0 ? kUnknownDim : x.dims[2] / s.heads) : x.dims[3];
  int64_t rotated = attrs.i64("rotary_embedding_dim");
  if (rotated == 0) rotated = s.head;
  if (s.head >= 0 && (rotated < 0 || rotated > s.head || rotated % 2 != 0))
    return broken("attribute 'rotary_embedding_dim' is ", rotated, ", an even number up to ", s.head,
                  " wanted");
  if (rotated >= 0) s.half = rotated / 2;
  const bool by_position = in.size() > 3 && (in[3].dtype != DType::kUndefined || in[3].has_rank);
  const Dims want = by_position ? Dims{kUnknownDim, s.half} : Dims{s.batch, s.seq, s.half};
  const auto check = [&](size_t i, const char* name, const Dims& w) -> Status {
    if (i >= in.size() || !in[i].has_rank) return ok();
    bool fits = in[i].rank() == w.size();
    for (size_t d = 0; fits && d < w.size(); ++d)
      fits = w[d] < 0 || in[i].dims[d] < 0 || w[d] == in[i].dims[d];
    if (fits) return ok();
    return broken(name, " has shape ", in[i].dims, ", ", w, " wanted");
  };
  LITE_TRY(check(1, "cos_cache", want));
  LITE_TRY(check(2, "sin_cache", want));
  LITE_TRY(check(3, "position_ids", {s.batch, s.seq}));
  if (in.size() > 2 && in[1].is_static() && in[2].is_static() && !(in[1].dims == in[2].dims))
    return broken("cos_cache has shape ", in[1].dims, ", sin_cache ", in[2].dims, ", the same wanted");
  return s;
}

Status infer(const InferArgs& a) {
  LITE_TRY(resolve(a.attrs, a.in[0], a.in).status());
  return infer_same(a);
}

Status reference(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  std::vector<Fact> facts;
  for (size_t i = 0; i < a.num_in(); ++i)
    facts.push_back(a.has(i) ? Fact(a.input(i).dtype(), a.input(i).dims()) : Fact());
  LITE_ASSIGN(const Shape s, resolve(a.attrs, facts[0], facts));
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), x.dims()));
  const bool interleaved = a.attrs.i64("interleaved") != 0;
  const Widened<double> cosines(a.input(1)), sines(a.input(2));
  const auto half = static_cast<size_t>(s.half);
  std::vector<double> row(static_cast<size_t>(s.head));
  for (int64_t b = 0; b < s.batch; ++b)
    for (int64_t t = 0; t < s.seq; ++t) {
      int64_t position = b * s.seq + t;
      if (a.has(3)) {
        position = a.input(3).int_at(position);
        if (position < 0 || position >= a.input(1).dims()[0])
          return invalid_argument("RotaryEmbedding: position ", position, " is out of range, wanted in [0,",
                                  a.input(1).dims()[0], ")");
      }
      for (int64_t h = 0; h < s.heads; ++h) {
        const int64_t at = (s.flat ? (b * s.seq + t) * s.heads + h : (b * s.heads + h) * s.seq + t) * s.head;
        widen(x, at, s.head, row.data());
        for (size_t k = 0; k < half; ++k) {
          const double c = cosines[position * s.half + static_cast<int64_t>(k)],
                       n = sines[position * s.half + static_cast<int64_t>(k)];
          double &u = row[interleaved ? 2 * k : k], &v = row[interleaved ? 2 * k + 1 : k + half];
          const double rotated = u * c - v * n;
          v = u * n + v * c;
          u = rotated;
        }
        narrow(row.data(), s.head, *y, at);
      }
    }
  return ok();
}

constexpr TypeSet kTypes = DType::kF32 | DType::kF16 | DType::kBF16;
constexpr OperandSpec kIn[] = {{"X", kTypes, 'T'},
                               {"cos_cache", kTypes, 'T'},
                               {"sin_cache", kTypes, 'T'},
                               {"position_ids", DType::kI64, 0, OperandSpec::kOptional}};
constexpr OperandSpec kOut[] = {{"Y", kTypes, 'T'}};
constexpr AttrSpec kAttrs[] = {
    {"interleaved", AttrType::kInt}, {"num_heads", AttrType::kInt}, {"rotary_embedding_dim", AttrType::kInt}};

constexpr OpDef kOps[] = {{
    .name = "RotaryEmbedding",
    .since = 23,
    .inputs = kIn,
    .outputs = kOut,
    .attrs = kAttrs,
    .exactness = Exactness::kUlps,
    .infer = infer,
    .reference = reference,
}};

}  // namespace

extern constinit const OpTable rotary_embedding;
constinit const OpTable rotary_embedding{kOps};

}  // namespace lite::ops
