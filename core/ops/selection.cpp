// OneHot, NonZero, Compress, Unique and ReverseSequence.
//
//   OneHot           in indices (numbers), depth (one number), values [off, on]; attr axis int, default -1:
//   where the new
//                    dimension of `depth` goes; an index in [-depth, 0) counts from the end, others out of
//                    range are all off
//   NonZero          in X; out int64 [rank, n]: the indices of what is not zero (false, empty), one column
//   each, in order Compress         in input, condition bool[n]; attr axis int, default none: flattened
//   first; keeps what condition marks,
//                    which may be shorter than the axis
//   Unique           in X; attr axis int, default none: flattened; attr sorted int, default 1
//                    out Y, the distinct elements (slices along axis), and int64: indices of their first
//                    occurrence, inverse_indices of every element in Y, counts. Unsorted: in the order of
//                    first occurrence. NaNs differ.
//   ReverseSequence  in input, sequence_lens int64[batch]; attrs time_axis int, default 0, batch_axis int,
//   default 1, each
//                    0 or 1 and different: reverses the first sequence_lens[b] time steps of batch b

#include <bit>
#include <numeric>

#include "core/ops/strided.h"

namespace lite::ops {
namespace {

Status infer_one_hot(const InferArgs& a) {
  const Fact &indices = a.in[0], &values = a.in[2];
  a.out[0] = Fact(values.dtype);
  if (values.is_static() && checked_elements(values.dims) != 2)
    return invalid_model("OneHot: values have shape ", values.dims, ", wanted [2]");
  int64_t depth = kUnknownDim;
  if (a.in[1].is_static() && checked_elements(a.in[1].dims) != 1)
    return invalid_model("OneHot: depth has shape ", a.in[1].dims, ", one element wanted");
  if (const Tensor* d = a.value(1)) {
    depth = d->int_at(0);
    if (depth < 0) return invalid_model("OneHot: depth is ", depth, ", wanted 0 or more");
  }
  if (!indices.has_rank) return ok();
  LITE_ASSIGN(const int64_t axis,
              normalize_axis("OneHot", a.attrs.i64("axis", -1), static_cast<int64_t>(indices.rank()) + 1));
  Dims dims = indices.dims;
  dims.insert(static_cast<size_t>(axis), depth);
  a.out[0] = Fact(values.dtype, std::move(dims));
  return ok();
}

Status one_hot(const EvalArgs& a) {
  LITE_ASSIGN(const Dims dims, output_dims(a, infer_one_hot));
  const Tensor &indices = a.input(0), &values = a.input(2);
  LITE_ASSIGN(Tensor* const y, a.output(0, values.dtype(), dims));
  LITE_ASSIGN(const int64_t axis,
              normalize_axis("OneHot", a.attrs.i64("axis", -1), static_cast<int64_t>(dims.size())));
  const int64_t depth = dims[static_cast<size_t>(axis)];
  const int64_t inner = row_major_strides(dims)[static_cast<size_t>(axis)];
  fill_elements(values.dtype(), at(values, 0), y->mutable_raw(), y->elements());
  for (int64_t i = 0; i < indices.elements(); ++i) {
    const bool whole =
        is_int(indices.dtype()) || (indices.float_at(i) >= -0x1p62 && indices.float_at(i) <= 0x1p62);
    int64_t k = whole ? indices.int_at(i) : depth;
    if (k < 0) k += depth;
    if (k >= 0 && k < depth)
      copy_elements(values.dtype(), at(values, 1), at(*y, (i / inner * depth + k) * inner + i % inner), 1);
  }
  return ok();
}

Status infer_non_zero(const InferArgs& a) {
  a.out[0] = unknown_dims(DType::kI64, 2);
  if (a.in[0].has_rank) a.out[0].dims[0] = static_cast<int64_t>(a.in[0].rank());
  return ok();
}

// A number's bits as an integer that compares as the number does. A run takes denormal numbers for zero when
// it calculates with them; what is chosen and counted here must not depend on that.
int64_t ordered(float v) {
  const auto bits = std::bit_cast<int32_t>(v);
  return bits < 0 ? int64_t{INT32_MIN} - bits : bits;
}
int64_t ordered(double v) {
  const auto bits = std::bit_cast<int64_t>(v);
  return bits < 0 ? INT64_MIN - bits : bits;
}

bool is_zero(const Tensor& x, int64_t i) {
  switch (x.dtype()) {
    case DType::kString:
      return x.data<std::string>()[i].empty();
    case DType::kC64:
      return x.data<std::complex<float>>()[i] == std::complex<float>();
    case DType::kC128:
      return x.data<std::complex<double>>()[i] == std::complex<double>();
    case DType::kF32:
      return ordered(x.data<float>()[i]) == 0;
    case DType::kF64:
      return ordered(x.data<double>()[i]) == 0;
    default:
      return is_float(x.dtype()) ? x.float_at(i) == 0 : x.int_at(i) == 0;
  }
}

// 1 for what is not zero, else 0. Of a float's bits the sign does not count.
std::vector<uint8_t> non_zeros(const Tensor& x) {
  std::vector<uint8_t> flags(static_cast<size_t>(x.elements()));
  const auto compare = [&]<class T>(const T* v, T bits) {
    for (size_t i = 0; i < flags.size(); ++i) flags[i] = (v[i] & bits) != 0;
  };
  switch (x.dtype()) {
    case DType::kBool:
    case DType::kU8:
    case DType::kI8:
      compare(x.data<uint8_t>(), uint8_t{0xff});
      break;
    case DType::kF32:
      compare(x.data<uint32_t>(), uint32_t{0x7fffffff});
      break;
    case DType::kI32:
      compare(x.data<uint32_t>(), ~uint32_t{0});
      break;
    case DType::kI64:
      compare(x.data<uint64_t>(), ~uint64_t{0});
      break;
    default:
      for (size_t i = 0; i < flags.size(); ++i) flags[i] = !is_zero(x, static_cast<int64_t>(i));
  }
  return flags;
}

Status non_zero(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  const std::vector<uint8_t> flags = non_zeros(x);
  int64_t n = 0;
  for (const uint8_t flag : flags) n += flag;
  LITE_ASSIGN(Tensor* const y, a.output(0, DType::kI64, Dims{static_cast<int64_t>(x.rank()), n}));
  if (x.rank() == 0 || n == 0) return ok();
  // Row by row, since only the last index differs inside a row.
  const Dims outer(std::span(x.dims().data(), x.rank() - 1));
  const int64_t columns = x.dims().back();
  int64_t* const last = y->mutable_data<int64_t>() + static_cast<int64_t>(outer.size()) * n;
  int64_t k = 0;
  Walker<0> row(outer, {});
  for (const uint8_t* at = flags.data(); k < n; at += columns, row.next()) {
    const int64_t begin = k;
    for (int64_t c = 0; c < columns && k < n; ++c) {
      last[k] = c;
      k += at[c];
    }
    for (size_t d = 0; d < outer.size(); ++d)
      std::fill(last + (static_cast<int64_t>(d) - static_cast<int64_t>(outer.size())) * n + begin,
                last + (static_cast<int64_t>(d) - static_cast<int64_t>(outer.size())) * n + k,
                row.index()[d]);
  }
  return ok();
}

// A tensor seen as rows along an axis; without one, as its elements.
struct Slices {
  int64_t outer = 1, size = 0, inner = 1;
  Slices(const Dims& dims, std::optional<int64_t> axis) {
    size = axis ? dims[static_cast<size_t>(*axis)] : elements(dims);
    for (size_t i = 0; axis && i < dims.size(); ++i) {
      if (static_cast<int64_t>(i) < *axis) outer *= dims[i];
      if (static_cast<int64_t>(i) > *axis) inner *= dims[i];
    }
  }
};

Result<std::optional<int64_t>> optional_axis(const AttrReader& r, size_t rank) {
  if (!r.has("axis")) return std::optional<int64_t>();
  LITE_ASSIGN(const int64_t axis,
              normalize_axis(r.node().op->name, r.i64("axis"), static_cast<int64_t>(rank)));
  return std::optional<int64_t>(axis);
}

Status infer_picked(const InferArgs& a) {
  const Fact& x = a.in[0];
  a.out[0] = Fact(x.dtype);
  if (!a.attrs.has("axis")) {
    a.out[0] = unknown_dims(x.dtype, 1);
  } else if (x.has_rank) {
    LITE_ASSIGN(const auto axis, optional_axis(a.attrs, x.rank()));
    a.out[0] = x;
    a.out[0].dims[static_cast<size_t>(*axis)] = kUnknownDim;
  }
  return ok();
}

// Output 0 from the slices of input 0 with these numbers.
Status pick(const EvalArgs& a, std::optional<int64_t> axis, const std::vector<int64_t>& which) {
  const Tensor& x = a.input(0);
  const Slices s(x.dims(), axis);
  const auto n = static_cast<int64_t>(which.size());
  Dims dims{n};
  if (axis) {
    dims = x.dims();
    dims[static_cast<size_t>(*axis)] = n;
  }
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), dims));
  for (int64_t o = 0; o < s.outer; ++o)
    for (int64_t k = 0; k < n; ++k)
      copy_elements(x.dtype(), at(x, (o * s.size + which[static_cast<size_t>(k)]) * s.inner),
                    at(*y, (o * n + k) * s.inner), s.inner);
  return ok();
}

Status infer_compress(const InferArgs& a) {
  if (a.in[1].has_rank && a.in[1].rank() != 1)
    return invalid_model("Compress: condition has rank ", a.in[1].rank(), ", wanted 1");
  return infer_picked(a);
}

Status compress(const EvalArgs& a) {
  const Tensor &x = a.input(0), &condition = a.input(1);
  LITE_ASSIGN(const auto axis, optional_axis(a.attrs, x.rank()));
  const Slices s(x.dims(), axis);
  std::vector<int64_t> which;
  for (int64_t i = 0; i < condition.elements(); ++i) {
    if (condition.int_at(i) == 0) continue;
    if (i >= s.size) return invalid_argument("Compress: condition marks ", i, ", there are only ", s.size);
    which.push_back(i);
  }
  return pick(a, axis, which);
}

Status infer_unique(const InferArgs& a) {
  LITE_TRY(infer_picked(a));
  for (size_t i = 1; i < a.out.size(); ++i) a.out[i] = unknown_dims(DType::kI64, 1);
  if (a.out.size() > 2 && a.in[0].has_rank) {
    LITE_ASSIGN(const auto axis, optional_axis(a.attrs, a.in[0].rank()));
    a.out[2].dims[0] = axis ? a.in[0].dims[static_cast<size_t>(*axis)] : product_of(a.in[0].dims);
  }
  return ok();
}

template <class T>
int order(const T& a, const T& b) {
  if constexpr (requires { a.real(); }) {
    if (a.real() != b.real()) return a.real() < b.real() ? -1 : 1;
    return a.imag() < b.imag() ? -1 : b.imag() < a.imag() ? 1 : 0;
  } else if constexpr (std::is_same_v<T, std::string>) {
    return a.compare(b);
  } else {
    const auto p = load(a), q = load(b);
    // NaN goes last, to have an order at all.
    if (p != p || q != q) return (p != p) - (q != q);
    if constexpr (std::is_floating_point_v<T>)
      return ordered(p) < ordered(q) ? -1 : ordered(q) < ordered(p) ? 1 : 0;
    else
      return p < q ? -1 : q < p ? 1 : 0;
  }
}

template <class T>
bool unequal_to_itself(const T& v) {
  if constexpr (std::is_same_v<T, std::string>)
    return false;
  else if constexpr (requires { v.real(); })
    return v != v;
  else
    return load(v) != load(v);
}

Status unique(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  LITE_ASSIGN(const auto axis, optional_axis(a.attrs, x.rank()));
  const Slices s(x.dims(), axis);
  if (x.elements() == 0 && s.size != 0)
    return invalid_argument("Unique: the slices of ", x.dims(), " along axis ", *axis, " are empty");
  const auto size = static_cast<size_t>(s.size);
  std::vector<int64_t> firsts, inverse(size), counts;
  using enum DType;
  LITE_TRY((dispatch<kF32, kF64, kF16, kBF16, kI8, kI16, kI32, kI64, kU8, kU16, kU32, kU64, kBool, kC64,
                     kC128, kString>("Unique", x.dtype(), [&]<class T>() -> Status {
    const T* data = x.data<T>();
    const auto compare = [&](int64_t p, int64_t q) {
      for (int64_t o = 0; o < s.outer; ++o)
        for (int64_t i = 0; i < s.inner; ++i)
          if (const int c = order(data[(o * s.size + p) * s.inner + i], data[(o * s.size + q) * s.inner + i]))
            return c;
      return 0;
    };
    const auto never_equal = [&](int64_t p) {
      for (int64_t o = 0; o < s.outer; ++o)
        for (int64_t i = 0; i < s.inner; ++i)
          if (unequal_to_itself(data[(o * s.size + p) * s.inner + i])) return true;
      return false;
    };
    std::vector<int64_t> sorted(size);
    std::iota(sorted.begin(), sorted.end(), int64_t{0});
    std::stable_sort(sorted.begin(), sorted.end(), [&](int64_t p, int64_t q) { return compare(p, q) < 0; });
    for (size_t i = 0; i < size; ++i) {
      if (i == 0 || compare(sorted[i - 1], sorted[i]) != 0 || never_equal(sorted[i])) {
        firsts.push_back(sorted[i]);
        counts.push_back(0);
      }
      ++counts.back();
      inverse[static_cast<size_t>(sorted[i])] = static_cast<int64_t>(firsts.size()) - 1;
    }
    return ok();
  })));
  if (a.attrs.i64("sorted", 1) == 0) {
    std::vector<int64_t> by_first(firsts.size()), place(firsts.size()), old_firsts = firsts,
                                                                        old_counts = counts;
    std::iota(by_first.begin(), by_first.end(), int64_t{0});
    std::sort(by_first.begin(), by_first.end(), [&](int64_t p, int64_t q) {
      return old_firsts[static_cast<size_t>(p)] < old_firsts[static_cast<size_t>(q)];
    });
    for (size_t i = 0; i < by_first.size(); ++i) {
      const auto from = static_cast<size_t>(by_first[i]);
      firsts[i] = old_firsts[from];
      counts[i] = old_counts[from];
      place[from] = static_cast<int64_t>(i);
    }
    for (int64_t& i : inverse) i = place[static_cast<size_t>(i)];
  }
  LITE_TRY(pick(a, axis, firsts));
  const std::vector<int64_t>* lists[] = {nullptr, &firsts, &inverse, &counts};
  for (size_t i = 1; i < a.out.size() && i < 4; ++i) {
    if (!a.wants(i)) continue;
    LITE_ASSIGN(Tensor* const t, a.output(i, DType::kI64, Dims{static_cast<int64_t>(lists[i]->size())}));
    std::copy(lists[i]->begin(), lists[i]->end(), t->mutable_data<int64_t>());
  }
  return ok();
}

Status infer_reverse(const InferArgs& a) {
  LITE_TRY(infer_same(a));
  const int64_t time = a.attrs.i64("time_axis", 0), batch = a.attrs.i64("batch_axis", 1);
  if ((time != 0 && time != 1) || batch != 1 - time)
    return invalid_model("ReverseSequence: time_axis ", time, " and batch_axis ", batch,
                         ", wanted 0 and 1 in either order");
  if (!a.in[0].has_rank) return ok();
  if (a.in[0].rank() < 2)
    return invalid_model("ReverseSequence: input has rank ", a.in[0].rank(), ", wanted 2 or more");
  const int64_t batches = a.in[0].dims[static_cast<size_t>(batch)];
  if (a.in[1].is_static() && batches >= 0 && checked_elements(a.in[1].dims) != batches)
    return invalid_model("ReverseSequence: sequence_lens have shape ", a.in[1].dims, " for ", batches,
                         " batches");
  return ok();
}

Status reverse(const EvalArgs& a) {
  LITE_TRY(output_dims(a, infer_reverse).status());
  const Tensor& x = a.input(0);
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), x.dims()));
  const auto time = static_cast<size_t>(a.attrs.i64("time_axis", 0)), batch = 1 - time;
  const Dims strides = row_major_strides(x.dims());
  const int64_t row = strides[1];
  for (int64_t b = 0; b < x.dims()[batch]; ++b) {
    const int64_t n = a.input(1).int_at(b), steps = x.dims()[time];
    if (n < 0 || n > steps)
      return invalid_argument("ReverseSequence: sequence_lens holds ", n, " for ", steps, " time steps");
    for (int64_t t = 0; t < steps; ++t) {
      const int64_t from = t < n ? n - 1 - t : t;
      copy_elements(x.dtype(), at(x, b * strides[batch] + from * strides[time]),
                    at(*y, b * strides[batch] + t * strides[time]), row);
    }
  }
  return ok();
}

constexpr TypeSet kNumbers = types::kInt | types::kFloat16To64;
constexpr OperandSpec kOneHotIn[] = {{"indices", kNumbers}, {"depth", kNumbers}, {"values", kMovable, 'T'}};
constexpr OperandSpec kOut[] = {{"output", kMovable, 'T'}};
constexpr AttrSpec kAxis[] = {{"axis", AttrType::kInt}};
constexpr OperandSpec kAnyIn[] = {{"X", kMovable, 'T'}};
constexpr OperandSpec kIndicesOut[] = {{"Y", DType::kI64}};
constexpr OperandSpec kCompressIn[] = {{"input", kMovable, 'T'}, {"condition", types::kBool}};
constexpr OperandSpec kUniqueOut[] = {{"Y", kMovable, 'T'},
                                      {"indices", DType::kI64, 0, OperandSpec::kOptional},
                                      {"inverse_indices", DType::kI64, 0, OperandSpec::kOptional},
                                      {"counts", DType::kI64, 0, OperandSpec::kOptional}};
constexpr AttrSpec kUniqueAttrs[] = {{"axis", AttrType::kInt}, {"sorted", AttrType::kInt}};
constexpr OperandSpec kReverseIn[] = {{"input", kMovable, 'T'}, {"sequence_lens", DType::kI64}};
constexpr AttrSpec kReverseAttrs[] = {{"batch_axis", AttrType::kInt}, {"time_axis", AttrType::kInt}};

constexpr OpDef kOps[] = {
    {.name = "OneHot",
     .since = 28,
     .inputs = kOneHotIn,
     .outputs = kOut,
     .attrs = kAxis,
     .infer = infer_one_hot,
     .reference = one_hot},
    {.name = "NonZero",
     .since = 13,
     .inputs = kAnyIn,
     .outputs = kIndicesOut,
     .traits = kDataDependentShape,
     .infer = infer_non_zero,
     .reference = non_zero},
    {.name = "Compress",
     .since = 28,
     .inputs = kCompressIn,
     .outputs = kOut,
     .attrs = kAxis,
     .traits = kDataDependentShape,
     .infer = infer_compress,
     .reference = compress},
    {.name = "Unique",
     .since = 28,
     .inputs = kAnyIn,
     .outputs = kUniqueOut,
     .attrs = kUniqueAttrs,
     .traits = kDataDependentShape,
     .infer = infer_unique,
     .reference = unique},
    {.name = "ReverseSequence",
     .since = 28,
     .inputs = kReverseIn,
     .outputs = kOut,
     .attrs = kReverseAttrs,
     .infer = infer_reverse,
     .reference = reverse},
};

}  // namespace

extern constinit const OpTable selection;
constinit const OpTable selection{kOps};

}  // namespace lite::ops
