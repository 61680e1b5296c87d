// ArgMax, ArgMin and TopK.
//
//   ArgMax, ArgMin  in data; attrs axis int default 0, keepdims int default 1, select_last_index int default
//   0
//                   out int64: where the extreme is along axis, the first (or last) of equal ones; a NaN is
//                   extreme
//   TopK            in X, K int64 of one element; attrs axis int default -1, largest int default 1, sorted
//   int default 1
//                   out Values, Indices int64: the K largest (smallest) along axis in order, of equal ones
//                   the lower index first; NaN counts as the largest. K beyond the dimension is an error.
//
// The axis of ArgMax and ArgMin must not be empty.

#include <numeric>

#include "core/ops/strided.h"

namespace lite::ops {
namespace {

struct Lines {
  int64_t outer = 1, size = 0, inner = 1;
  Lines(const Dims& dims, size_t axis) : size(dims[axis]) {
    for (size_t i = 0; i < axis; ++i) outer *= dims[i];
    for (size_t i = axis + 1; i < dims.size(); ++i) inner *= dims[i];
  }
};

Status infer_arg(const InferArgs& a) {
  const Fact& x = a.in[0];
  const char* op = a.attrs.node().op->name;
  a.out[0] = Fact(DType::kI64);
  if (!x.has_rank) return ok();
  LITE_ASSIGN(const int64_t axis, normalize_axis(op, a.attrs.i64("axis"), static_cast<int64_t>(x.rank())));
  Dims dims = x.dims;
  if (dims[static_cast<size_t>(axis)] == 0)
    return invalid_model(op, ": dimension ", axis, " of ", x.dims, " is empty");
  if (a.attrs.i64("keepdims", 1) != 0)
    dims[static_cast<size_t>(axis)] = 1;
  else
    dims.erase(static_cast<size_t>(axis));
  a.out[0] = Fact(DType::kI64, std::move(dims));
  return ok();
}

// Whether a comes before b when the largest (or smallest) come first; NaN is larger than all.
template <bool kLargest, class C>
bool ahead(C a, C b) {
  if constexpr (std::is_floating_point_v<C>) {
    if (a != a) return kLargest && b == b;
    if (b != b) return !kLargest;
  }
  return kLargest ? a > b : a < b;
}

template <bool kMax>
Status arg(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  const char* op = a.attrs.node().op->name;
  LITE_ASSIGN(const Dims dims, output_dims(a, infer_arg));
  LITE_ASSIGN(const int64_t axis, normalize_axis(op, a.attrs.i64("axis"), static_cast<int64_t>(x.rank())));
  LITE_ASSIGN(Tensor* const y, a.output(0, DType::kI64, dims));
  const Lines l(x.dims(), static_cast<size_t>(axis));
  const bool last = a.attrs.i64("select_last_index") != 0;
  return dispatch_numeric(op, x.dtype(), [&]<class T>() -> Status {
    for (int64_t o = 0; o < l.outer; ++o) {
      for (int64_t i = 0; i < l.inner; ++i) {
        const T* line = x.data<T>() + o * l.size * l.inner + i;
        int64_t best = 0;
        auto best_value = load(line[0]);
        for (int64_t k = 1; k < l.size; ++k) {
          const auto v = load(line[k * l.inner]);
          const bool is_nan = v != v, best_nan = best_value != best_value;
          const bool better = is_nan ? !best_nan : !best_nan && (kMax ? v > best_value : v < best_value);
          const bool equal = v == best_value || (is_nan && best_nan);
          if (better || (last && equal)) {
            best = k;
            best_value = v;
          }
        }
        y->mutable_data<int64_t>()[o * l.inner + i] = best;
      }
    }
    return ok();
  });
}

Status infer_top(const InferArgs& a) {
  const Fact& x = a.in[0];
  const int64_t k =
      a.value(1) != nullptr && a.value(1)->elements() == 1 ? a.value(1)->int_at(0) : kUnknownDim;
  if (a.value(1) != nullptr && (a.value(1)->elements() != 1 || k < 0))
    return invalid_model("TopK: K of ", a.value(1)->elements(), " elements is ", k,
                         ", wanted one number of 0 or more");
  Fact y(x.dtype);
  if (x.has_rank) {
    LITE_ASSIGN(const int64_t axis,
                normalize_axis("TopK", a.attrs.i64("axis", -1), static_cast<int64_t>(x.rank())));
    y = x;
    int64_t& d = y.dims[static_cast<size_t>(axis)];
    if (d >= 0 && k > d) return invalid_model("TopK: K is ", k, ", dimension ", axis, " has ", d);
    d = k;
  }
  if (!a.out.empty()) a.out[0] = y;
  y.dtype = DType::kI64;
  if (a.out.size() > 1) a.out[1] = y;
  return ok();
}

template <bool kLargest, class T>
void top(const Tensor& x, const Lines& l, int64_t k, Tensor& values, Tensor& indices) {
  std::vector<int64_t> order(static_cast<size_t>(l.size));
  for (int64_t o = 0; o < l.outer; ++o) {
    for (int64_t i = 0; i < l.inner; ++i) {
      const T* line = x.data<T>() + o * l.size * l.inner + i;
      std::iota(order.begin(), order.end(), int64_t{0});
      std::partial_sort(order.begin(), order.begin() + k, order.end(), [&](int64_t p, int64_t q) {
        const auto a = load(line[p * l.inner]), b = load(line[q * l.inner]);
        if (ahead<kLargest>(a, b)) return true;
        return !ahead<kLargest>(b, a) && p < q;
      });
      for (int64_t j = 0; j < k; ++j) {
        const int64_t to = (o * k + j) * l.inner + i;
        const int64_t from = order[static_cast<size_t>(j)];
        values.mutable_data<T>()[to] = line[from * l.inner];
        indices.mutable_data<int64_t>()[to] = from;
      }
    }
  }
}

Status top_k(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  LITE_ASSIGN(const Dims dims, output_dims(a, infer_top));
  LITE_ASSIGN(const int64_t axis,
              normalize_axis("TopK", a.attrs.i64("axis", -1), static_cast<int64_t>(x.rank())));
  const int64_t k = dims[static_cast<size_t>(axis)];
  const Lines l(x.dims(), static_cast<size_t>(axis));
  LITE_ASSIGN(Tensor* const values, a.output(0, x.dtype(), dims));
  Tensor spare;
  Tensor* indices = &spare;
  if (a.out.size() > 1) {
    LITE_ASSIGN(indices, a.output(1, DType::kI64, dims));
  } else {
    LITE_ASSIGN(spare, Tensor::allocate(DType::kI64, dims));
  }
  const bool largest = a.attrs.i64("largest", 1) != 0;
  return dispatch_numeric("TopK", x.dtype(), [&]<class T>() -> Status {
    if (largest)
      top<true, T>(x, l, k, *values, *indices);
    else
      top<false, T>(x, l, k, *values, *indices);
    return ok();
  });
}

constexpr OperandSpec kArgIn[] = {{"data", types::kNumeric}};
constexpr OperandSpec kArgOut[] = {{"reduced", DType::kI64}};
constexpr AttrSpec kArgAttrs[] = {
    {"axis", AttrType::kInt}, {"keepdims", AttrType::kInt}, {"select_last_index", AttrType::kInt}};
constexpr OperandSpec kTopIn[] = {{"X", types::kNumeric, 'T'}, {"K", DType::kI64}};
constexpr OperandSpec kTopOut[] = {{"Values", types::kNumeric, 'T'}, {"Indices", DType::kI64}};
constexpr AttrSpec kTopAttrs[] = {
    {"axis", AttrType::kInt}, {"largest", AttrType::kInt}, {"sorted", AttrType::kInt}};

constexpr OpDef kOps[] = {
    {.name = "ArgMax",
     .since = 13,
     .inputs = kArgIn,
     .outputs = kArgOut,
     .attrs = kArgAttrs,
     .infer = infer_arg,
     .reference = arg<true>},
    {.name = "ArgMin",
     .since = 13,
     .inputs = kArgIn,
     .outputs = kArgOut,
     .attrs = kArgAttrs,
     .infer = infer_arg,
     .reference = arg<false>},
    {.name = "TopK",
     .since = 24,
     .inputs = kTopIn,
     .outputs = kTopOut,
     .attrs = kTopAttrs,
     .infer = infer_top,
     .reference = top_k},
};

}  // namespace

extern constinit const OpTable arg_top;
constinit const OpTable arg_top{kOps};

}  // namespace lite::ops
