// ScatterElements, ScatterND and TensorScatter: a copy of a tensor with some elements replaced.
//
//   ScatterElements  in data, indices, updates of the shape of indices; attr axis int, default 0
//                    y[indices[i][j]][j] = updates[i][j] for axis 0
//   ScatterND        in data, indices int64, updates; the last dimension of indices holds index tuples into
//   data, each
//                    of which takes one slice of updates, whose shape is indices.dims[:-1] + data.dims[tuple
//                    size:]
//   attr reduction   "none" (default; of equal indices the last one wins), "add", "mul", "max", "min": with
//   numbers only TensorScatter    in past_cache, update: equal shapes but along attr axis (default -2, not
//   the batch dimension 0),
//                    write_indices optional int64[batch], default 0: where each batch's update begins; with
//                    attr mode "linear" (default) it must fit, with "circular" it wraps around
//
// An index in [-size, 0) counts from the end; one out of range is an error that names it.

#include "core/ops/strided.h"

namespace lite::ops {
namespace {

enum class Reduction { kNone, kAdd, kMul, kMax, kMin };

Result<Reduction> reduction_of(const AttrReader& r) {
  const std::string_view s = r.str("reduction", "none");
  if (s == "none") return Reduction::kNone;
  if (s == "add") return Reduction::kAdd;
  if (s == "mul") return Reduction::kMul;
  if (s == "max") return Reduction::kMax;
  if (s == "min") return Reduction::kMin;
  return invalid_model(r.node().op->name, ": reduction is '", s,
                       "', wanted 'none', 'add', 'mul', 'max' or 'min'");
}

template <class T>
T combine(Reduction how, T old, T update) {
  using C = Compute<T>;
  const C a = load(old), b = load(update);
  if constexpr (std::is_integral_v<C>) {
    using U = std::conditional_t<(sizeof(C) < sizeof(unsigned)), unsigned, std::make_unsigned_t<C>>;
    if (how == Reduction::kAdd) return static_cast<T>(static_cast<U>(a) + static_cast<U>(b));
    if (how == Reduction::kMul) return static_cast<T>(static_cast<U>(a) * static_cast<U>(b));
  } else {
    if (how == Reduction::kAdd) return store<T>(a + b);
    if (how == Reduction::kMul) return store<T>(a * b);
    if (a != a || b != b) return store<T>(a + b);
  }
  return how == Reduction::kMax ? (a < b ? update : old) : (b < a ? update : old);
}

Result<int64_t> checked_index(const char* op, int64_t index, int64_t size, size_t axis) {
  if (index < -size || index >= size)
    return invalid_argument(op, ": index ", index, " is out of range for dimension ", axis, " of size ",
                            size);
  return index < 0 ? index + size : index;
}

// Calls put(to, from, n) -> void with y's element offset, updates' element offset: copies or combines n
// elements.
template <class Plan>
Status apply(const char* op, Reduction how, const Tensor& updates, Tensor& y, const Plan& plan) {
  if (how == Reduction::kNone)
    return plan([&](int64_t to, int64_t from, int64_t n) {
      copy_elements(y.dtype(), at(updates, from), at(y, to), n);
    });
  return dispatch_numeric(op, y.dtype(), [&]<class T>() -> Status {
    T* out = y.mutable_data<T>();
    const T* in = updates.data<T>();
    return plan([&](int64_t to, int64_t from, int64_t n) {
      for (int64_t i = 0; i < n; ++i) out[to + i] = combine(how, out[to + i], in[from + i]);
    });
  });
}

Result<Tensor*> copy_of_data(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), x.dims()));
  if (y->raw() != x.raw()) copy_elements(x.dtype(), x.raw(), y->mutable_raw(), x.elements());
  return y;
}

Status infer_elements(const InferArgs& a) {
  LITE_TRY(reduction_of(a.attrs).status());
  LITE_TRY(infer_same(a));
  const Fact &x = a.in[0], &indices = a.in[1], &updates = a.in[2];
  if (!x.has_rank) return ok();
  LITE_TRY(normalize_axis("ScatterElements", a.attrs.i64("axis"), static_cast<int64_t>(x.rank())).status());
  for (const Fact* f : {&indices, &updates})
    if (f->has_rank && f->rank() != x.rank())
      return invalid_model("ScatterElements: data has rank ", x.rank(), ", ",
                           f == &indices ? "indices" : "updates", " has ", f->rank());
  if (indices.is_static() && updates.is_static() && !(indices.dims == updates.dims))
    return invalid_model("ScatterElements: indices ", indices.dims, " and updates ", updates.dims, " differ");
  return ok();
}

Status elements_of(const EvalArgs& a) {
  LITE_TRY(output_dims(a, infer_elements).status());
  LITE_ASSIGN(const Reduction how, reduction_of(a.attrs));
  const Tensor &x = a.input(0), &indices = a.input(1), &updates = a.input(2);
  LITE_ASSIGN(const int64_t axis,
              normalize_axis("ScatterElements", a.attrs.i64("axis"), static_cast<int64_t>(x.rank())));
  const auto along = static_cast<size_t>(axis);
  for (size_t d = 0; d < x.rank(); ++d)
    if (d != along && indices.dims()[d] > x.dims()[d] && indices.elements() != 0)
      return invalid_argument("ScatterElements: indices ", indices.dims(), " are larger than data ", x.dims(),
                              " at dimension ", d);
  LITE_ASSIGN(Tensor* const y, copy_of_data(a));
  Dims strides = row_major_strides(x.dims());
  const int64_t stride = strides[along];
  strides[along] = 0;
  return apply("ScatterElements", how, updates, *y, [&](auto&& put) -> Status {
    Walker<1> walk(indices.dims(), {strides});
    for (int64_t i = 0; i < indices.elements(); ++i, walk.next()) {
      LITE_ASSIGN(const int64_t index,
                  checked_index("ScatterElements", indices.int_at(i), x.dims()[along], along));
      put(walk.offset(0) + index * stride, i, 1);
    }
    return ok();
  });
}

Status infer_nd(const InferArgs& a) {
  LITE_TRY(reduction_of(a.attrs).status());
  LITE_TRY(infer_same(a));
  const Fact &x = a.in[0], &indices = a.in[1], &updates = a.in[2];
  if (indices.has_rank && indices.rank() == 0)
    return invalid_model("ScatterND: indices are a scalar, rank 1 or more wanted");
  if (!x.has_rank || !indices.has_rank || indices.dims.back() < 0) return ok();
  const int64_t depth = indices.dims.back();
  if (depth > static_cast<int64_t>(x.rank()))
    return invalid_model("ScatterND: index tuples of ", depth, " for data ", x.dims);
  Dims want(std::span<const int64_t>(indices.dims.data(), indices.rank() - 1));
  for (size_t i = static_cast<size_t>(depth); i < x.rank(); ++i) want.push_back(x.dims[i]);
  if (updates.has_rank) {
    bool fits = updates.rank() == want.size();
    for (size_t i = 0; i < want.size() && fits; ++i)
      fits = want[i] < 0 || updates.dims[i] < 0 || want[i] == updates.dims[i];
    if (!fits) return invalid_model("ScatterND: updates have shape ", updates.dims, ", wanted ", want);
  }
  return ok();
}

Status nd(const EvalArgs& a) {
  LITE_TRY(output_dims(a, infer_nd).status());
  LITE_ASSIGN(const Reduction how, reduction_of(a.attrs));
  const Tensor &x = a.input(0), &indices = a.input(1), &updates = a.input(2);
  LITE_ASSIGN(Tensor* const y, copy_of_data(a));
  const auto depth = static_cast<size_t>(indices.dims().back());
  const Dims& d = x.dims();
  const Dims strides = row_major_strides(d);
  const int64_t slice = elements(std::span(d.data() + depth, d.size() - depth));
  const int64_t tuples = elements(std::span(indices.dims().data(), indices.rank() - 1));
  return apply("ScatterND", how, updates, *y, [&](auto&& put) -> Status {
    const int64_t* index = indices.data<int64_t>();
    for (int64_t t = 0; t < tuples; ++t) {
      int64_t to = 0;
      for (size_t k = 0; k < depth; ++k) {
        LITE_ASSIGN(const int64_t i, checked_index("ScatterND", *index++, d[k], k));
        to += i * strides[k];
      }
      put(to, t * slice, slice);
    }
    return ok();
  });
}

// ---- TensorScatter

Result<size_t> cache_axis(const AttrReader& r, size_t rank) {
  LITE_ASSIGN(const int64_t axis,
              normalize_axis("TensorScatter", r.i64("axis", -2), static_cast<int64_t>(rank)));
  if (axis == 0) return invalid_model("TensorScatter: axis is the batch dimension 0");
  return static_cast<size_t>(axis);
}

Status infer_cache(const InferArgs& a) {
  LITE_TRY(infer_same(a));
  const std::string_view mode = a.attrs.str("mode", "linear");
  if (mode != "linear" && mode != "circular")
    return invalid_model("TensorScatter: mode is '", mode, "', wanted 'linear' or 'circular'");
  const Fact &x = a.in[0], &update = a.in[1];
  if (!x.has_rank) return ok();
  LITE_ASSIGN(const size_t axis, cache_axis(a.attrs, x.rank()));
  if (!update.has_rank) return ok();
  bool fits = update.rank() == x.rank();
  for (size_t i = 0; i < x.rank() && fits; ++i)
    fits = x.dims[i] < 0 || update.dims[i] < 0 ||
           (i == axis ? update.dims[i] <= x.dims[i] : update.dims[i] == x.dims[i]);
  if (!fits)
    return invalid_model("TensorScatter: update ", update.dims, " does not fit into past_cache ", x.dims);
  if (a.num_in() > 2 && a.in[2].is_static() && x.dims[0] >= 0 && checked_elements(a.in[2].dims) != x.dims[0])
    return invalid_model("TensorScatter: write_indices have shape ", a.in[2].dims, " for ", x.dims[0],
                         " batches");
  return ok();
}

Status cache(const EvalArgs& a) {
  LITE_TRY(output_dims(a, infer_cache).status());
  const Tensor& update = a.input(1);
  LITE_ASSIGN(const size_t axis, cache_axis(a.attrs, update.rank()));
  if (is_packed(update.dtype()))
    return unsupported("TensorScatter: element type ", dtype_name(update.dtype()), " is not supported");
  LITE_ASSIGN(Tensor* const y, copy_of_data(a));
  const bool circular = a.attrs.str("mode", "linear") == "circular";
  const Dims &u = update.dims(), &d = y->dims();
  const int64_t middle = elements(std::span(u.data() + 1, axis - 1));
  const int64_t row = elements(std::span(u.data() + axis + 1, u.size() - axis - 1));
  for (int64_t b = 0; b < u[0]; ++b) {
    const int64_t begin = a.has(2) ? a.input(2).int_at(b) : 0;
    if (begin < 0 || begin > d[axis] || (!circular && begin > d[axis] - u[axis]))
      return invalid_argument("TensorScatter: write index ", begin, " of batch ", b, " is out of range for ",
                              d[axis], " places and an update of ", u[axis]);
    for (int64_t m = 0; m < middle; ++m)
      for (int64_t s = 0; s < u[axis]; ++s)
        copy_elements(y->dtype(), at(update, ((b * middle + m) * u[axis] + s) * row),
                      at(*y, ((b * middle + m) * d[axis] + (begin + s) % d[axis]) * row), row);
  }
  return ok();
}

constexpr OperandSpec kElementsIn[] = {
    {"data", kMovable, 'T'}, {"indices", types::kIndex}, {"updates", kMovable, 'T'}};
constexpr OperandSpec kNdIn[] = {
    {"data", kMovable, 'T'}, {"indices", DType::kI64}, {"updates", kMovable, 'T'}};
constexpr OperandSpec kOut[] = {{"output", kMovable, 'T'}};
constexpr AttrSpec kElementsAttrs[] = {{"axis", AttrType::kInt}, {"reduction", AttrType::kString}};
constexpr AttrSpec kNdAttrs[] = {{"reduction", AttrType::kString}};
constexpr TypeSet kCacheTypes = types::kAll - types::kSubByte;
constexpr OperandSpec kCacheIn[] = {{"past_cache", kCacheTypes, 'T'},
                                    {"update", kCacheTypes, 'T'},
                                    {"write_indices", DType::kI64, 0, OperandSpec::kOptional}};
constexpr OperandSpec kCacheOut[] = {{"present_cache", kCacheTypes, 'T'}};
constexpr AttrSpec kCacheAttrs[] = {{"axis", AttrType::kInt}, {"mode", AttrType::kString}};

constexpr OpDef kOps[] = {
    {.name = "ScatterElements",
     .since = 18,
     .inputs = kElementsIn,
     .outputs = kOut,
     .attrs = kElementsAttrs,
     .traits = kMayAliasInput0,
     .infer = infer_elements,
     .reference = elements_of},
    {.name = "ScatterND",
     .since = 18,
     .inputs = kNdIn,
     .outputs = kOut,
     .attrs = kNdAttrs,
     .traits = kMayAliasInput0,
     .infer = infer_nd,
     .reference = nd},
    {.name = "TensorScatter",
     .since = 24,
     .inputs = kCacheIn,
     .outputs = kCacheOut,
     .attrs = kCacheAttrs,
     .traits = kMayAliasInput0,
     .infer = infer_cache,
     .reference = cache},
};

}  // namespace

extern constinit const OpTable scatter;
constinit const OpTable scatter{kOps};

}  // namespace lite::ops
