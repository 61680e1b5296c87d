// The same elements under another shape.
//
//   Reshape    in data, shape int64: -1 once stands for what is left, 0 for the dimension of data at that
//   place, or for 0
//              with attr allowzero = 1 (which forbids -1 beside a 0)
//   Flatten    attr axis int, default 1, in [-rank, rank]: the dimensions before it become one, the others
//   another Squeeze    in data, axes optional int64: drops these dimensions, which are 1; without axes all
//   that are 1 Unsqueeze  in data, axes int64: puts in dimensions of 1, at these places of the output
//   Identity   as it is; sequences and optionals too
//
// All element types.

#include <limits>

#include "core/ops/strided.h"

namespace lite::ops {
namespace {

// What is left for -1, when the unknown dimensions of the input and those already placed cancel out.
Result<int64_t> remaining(const Dims& in, const Dims& out, size_t hole) {
  int64_t have = 1, used = 1;
  std::vector<int64_t> symbols;
  for (const int64_t d : in) {
    if (d < 0) {
      symbols.push_back(d);
    } else {
      const auto p = checked_mul(have, d);
      if (!p) return kUnknownDim;
      have = *p;
    }
  }
  for (size_t i = 0; i < out.size(); ++i) {
    if (i == hole) continue;
    if (out[i] < 0) {
      const auto it = std::find(symbols.begin(), symbols.end(), out[i]);
      if (it == symbols.end() || !is_symbol(out[i])) return kUnknownDim;
      symbols.erase(it);
    } else {
      const auto p = checked_mul(used, out[i]);
      if (!p) return kUnknownDim;
      used = *p;
    }
  }
  if (symbols.size() == 1 && have == used && used != 0) return symbols[0];
  if (!symbols.empty()) return kUnknownDim;
  if (used == 0 ? have != 0 : have % used != 0)
    return invalid_model("Reshape: ", in, " has ", have, " elements, not a multiple of ", used,
                         " as wanted for -1");
  return used == 0 ? 0 : have / used;
}

Status infer_reshape(const InferArgs& a) {
  Fact& y = a.out[0];
  y.dtype = a.in[0].dtype;
  if (a.in[1].has_rank && a.in[1].rank() != 1)
    return invalid_model("Reshape: shape has rank ", a.in[1].rank(), ", wanted 1");
  const Tensor* shape = a.value(1);
  if (shape == nullptr) {
    if (a.in[1].has_rank && a.in[1].rank() == 1 && a.in[1].dims[0] >= 0 && a.in[1].dims[0] <= 64)
      y = unknown_dims(y.dtype, static_cast<size_t>(a.in[1].dims[0]));
    return ok();
  }
  Dims dims = shape->to_ints();
  const bool allow_zero = a.attrs.i64("allowzero") != 0;
  const Fact& x = a.in[0];
  size_t hole = dims.size();
  bool any_zero = false;
  for (size_t i = 0; i < dims.size(); ++i) {
    if (dims[i] < -1) return invalid_model("Reshape: shape holds ", dims[i], ", wanted -1 or more");
    if (dims[i] == -1) {
      if (hole != dims.size()) return invalid_model("Reshape: shape ", dims, " holds -1 twice");
      hole = i;
    } else if (dims[i] == 0 && allow_zero) {
      any_zero = true;
    } else if (dims[i] == 0) {
      if (x.has_rank && i >= x.rank())
        return invalid_model("Reshape: shape holds 0 at ", i, ", data has only rank ", x.rank());
      dims[i] = x.has_rank ? x.dims[i] : kUnknownDim;
    }
  }
  if (any_zero && hole != dims.size())
    return invalid_model("Reshape: shape holds both 0 and -1 with allowzero");
  if (hole != dims.size()) {
    dims[hole] = kUnknownDim;
    if (x.has_rank) {
      LITE_ASSIGN(dims[hole], remaining(x.dims, dims, hole));
    }
  }
  y = Fact(x.dtype, dims);
  if (x.is_static() && y.is_static() && checked_elements(x.dims) != checked_elements(dims))
    return invalid_model("Reshape: ", x.dims, " does not fit into ", dims);
  return ok();
}

Status infer_flatten(const InferArgs& a) {
  a.out[0] = unknown_dims(a.in[0].dtype, 2);
  if (!a.in[0].has_rank) return ok();
  const auto rank = static_cast<int64_t>(a.in[0].rank());
  int64_t axis = a.attrs.i64("axis", 1);
  if (axis < -rank || axis > rank)
    return invalid_model("Flatten: axis ", axis, " is out of range for rank ", rank, ", wanted in [", -rank,
                         ",", rank, "]");
  if (axis < 0) axis += rank;
  const std::span<const int64_t> dims(a.in[0].dims.data(), a.in[0].rank());
  a.out[0].dims = Dims{product_of(dims.first(static_cast<size_t>(axis))),
                       product_of(dims.subspan(static_cast<size_t>(axis)))};
  return ok();
}

// How many axes there are, when that is known.
int64_t count_of(const Fact& axes) {
  return axes.has_rank && axes.rank() <= 1 ? product_of(axes.dims) : kUnknownDim;
}

Status infer_squeeze(const InferArgs& a) {
  const Fact& x = a.in[0];
  a.out[0] = Fact(x.dtype);
  const bool given = a.num_in() > 1 && a.attrs.node().in[1] != kNoValue;
  if (!x.has_rank) return ok();
  const auto rank = static_cast<int64_t>(x.rank());
  if (given && a.value(1) == nullptr) {
    const int64_t n = count_of(a.in[1]);
    if (n >= 0 && n <= rank) a.out[0] = unknown_dims(x.dtype, static_cast<size_t>(rank - n));
    return ok();
  }
  Dims dims;
  if (!given) {
    for (const int64_t d : x.dims) {
      if (d < 0) return ok();
      if (d != 1) dims.push_back(d);
    }
  } else {
    LITE_ASSIGN(const auto axes, normalize_axes("Squeeze", a.value(1)->to_ints(), rank));
    for (int64_t d = 0; d < rank; ++d) {
      const int64_t size = x.dims[static_cast<size_t>(d)];
      if (!std::binary_search(axes.begin(), axes.end(), d))
        dims.push_back(size);
      else if (size >= 0 && size != 1)
        return invalid_model("Squeeze: dimension ", d, " of ", x.dims, " is not 1");
    }
  }
  a.out[0] = Fact(x.dtype, std::move(dims));
  return ok();
}

Status infer_unsqueeze(const InferArgs& a) {
  const Fact& x = a.in[0];
  a.out[0] = Fact(x.dtype);
  if (!x.has_rank) return ok();
  const int64_t n = a.value(1) != nullptr ? a.value(1)->elements() : count_of(a.in[1]);
  if (n < 0 || n > std::numeric_limits<int16_t>::max()) return ok();
  const int64_t rank = static_cast<int64_t>(x.rank()) + n;
  if (a.value(1) == nullptr) {
    a.out[0] = unknown_dims(x.dtype, static_cast<size_t>(rank));
    return ok();
  }
  LITE_ASSIGN(const auto axes, normalize_axes("Unsqueeze", a.value(1)->to_ints(), rank));
  Dims dims;
  size_t next = 0;
  for (int64_t d = 0; d < rank; ++d)
    dims.push_back(std::binary_search(axes.begin(), axes.end(), d) ? 1 : x.dims[next++]);
  a.out[0] = Fact(x.dtype, std::move(dims));
  return ok();
}

template <Status (*infer)(const InferArgs&)>
Status same_elements(const EvalArgs& a) {
  LITE_ASSIGN(const Dims dims, output_dims(a, infer));
  return pass_through(a, 0, a.input(0), dims);
}

Status identity(const EvalArgs& a) {
  if (a.in[0]->kind == Kind::kTensor) return pass_through(a, 0, a.input(0), a.input(0).dims());
  a.out[0] = *a.in[0];
  return ok();
}

constexpr OperandSpec kData[] = {{"data", types::kAll, 'T'}};
constexpr OperandSpec kDataShape[] = {{"data", types::kAll, 'T'}, {"shape", DType::kI64}};
constexpr OperandSpec kDataAxes[] = {{"data", types::kAll, 'T'}, {"axes", DType::kI64}};
constexpr OperandSpec kDataMaybeAxes[] = {{"data", types::kAll, 'T'},
                                          {"axes", DType::kI64, 0, OperandSpec::kOptional}};
constexpr OperandSpec kOut[] = {{"output", types::kAll, 'T'}};
constexpr AttrSpec kAllowZero[] = {{"allowzero", AttrType::kInt}};
constexpr AttrSpec kAxis[] = {{"axis", AttrType::kInt}};
constexpr uint32_t kTraits = kMetadataOnly | kMayAliasInput0;

constexpr OpDef kOps[] = {
    {.name = "Reshape",
     .since = 25,
     .inputs = kDataShape,
     .outputs = kOut,
     .attrs = kAllowZero,
     .traits = kTraits,
     .infer = infer_reshape,
     .reference = same_elements<infer_reshape>},
    {.name = "Flatten",
     .since = 25,
     .inputs = kData,
     .outputs = kOut,
     .attrs = kAxis,
     .traits = kTraits,
     .infer = infer_flatten,
     .reference = same_elements<infer_flatten>},
    {.name = "Squeeze",
     .since = 25,
     .inputs = kDataMaybeAxes,
     .outputs = kOut,
     .traits = kTraits,
     .infer = infer_squeeze,
     .reference = same_elements<infer_squeeze>},
    {.name = "Unsqueeze",
     .since = 25,
     .inputs = kDataAxes,
     .outputs = kOut,
     .traits = kTraits,
     .infer = infer_unsqueeze,
     .reference = same_elements<infer_unsqueeze>},
    {.name = "Identity",
     .since = 25,
     .inputs = kData,
     .outputs = kOut,
     .traits = kTraits | kAnyKind,
     .infer = infer_same,
     .reference = identity},
};

}  // namespace

extern constinit const OpTable reshape;
constinit const OpTable reshape{kOps};

}  // namespace lite::ops
