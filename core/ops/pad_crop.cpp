// Pad and CenterCropPad.
//
//   Pad  in data, pads int64: how much before each axis, then how much after; negative removes
//        in constant_value optional scalar, default 0 (or the empty string, or false)
//        in axes optional int32 or int64, default all; negative counts from the end
//        attr mode "constant" (default), "reflect" (without the edge), "edge" or "wrap"
//   CenterCropPad  in input_data, shape: the wanted size of each axis; attr axes ints, default all
//        cuts, or pads with zeros, on both sides: half of it, rounded down, before, the rest after
//
// What is removed on one side is not there to be mirrored on the other. Mirroring and wrapping go on as often
// as it takes; of an empty dimension there is nothing to repeat, which is an error.

#include "core/ops/pad.h"
#include "core/ops/strided.h"

namespace lite::ops {
namespace {

enum class Mode { kConstant, kReflect, kEdge, kWrap };

Result<Mode> mode_of(const AttrReader& r) {
  const std::string_view m = r.str("mode", "constant");
  if (m == "constant") return Mode::kConstant;
  if (m == "reflect") return Mode::kReflect;
  if (m == "edge") return Mode::kEdge;
  if (m == "wrap") return Mode::kWrap;
  return invalid_model("Pad: mode is '", m, "', wanted 'constant', 'reflect', 'edge' or 'wrap'");
}

struct Amount {
  int64_t before = 0, after = 0;
};

// The padding of each dimension.
Result<std::vector<Amount>> amounts(const Tensor& pads, const Tensor* axes, size_t rank) {
  std::vector<Amount> out(rank);
  const int64_t n = axes != nullptr ? axes->elements() : static_cast<int64_t>(rank);
  if (pads.elements() != 2 * n)
    return invalid_model("Pad: pads has ", pads.elements(), " entries for ", n, " axes");
  std::vector<bool> seen(rank);
  for (int64_t i = 0; i < n; ++i) {
    LITE_ASSIGN(const int64_t axis,
                normalize_axis("Pad", axes != nullptr ? axes->int_at(i) : i, static_cast<int64_t>(rank)));
    if (seen[static_cast<size_t>(axis)]) return invalid_model("Pad: axis ", axis, " is given twice");
    seen[static_cast<size_t>(axis)] = true;
    out[static_cast<size_t>(axis)] = {pads.int_at(i), pads.int_at(n + i)};
  }
  return out;
}

// The size of a padded dimension.
Result<int64_t> padded(int64_t size, const Amount& by) {
  const auto first = checked_add(size, by.before);
  const auto sum = first ? checked_add(*first, by.after) : first;
  if (!sum || *sum < 0)
    return invalid_model("Pad: a dimension of ", size, " cannot be padded by ", by.before, " and ", by.after);
  return *sum;
}

Status infer_pad(const InferArgs& a) {
  LITE_TRY(mode_of(a.attrs).status());
  const Fact& x = a.in[0];
  a.out[0] = x;
  if (a.has(2) && a.in[2].is_static() && checked_elements(a.in[2].dims) != 1)
    return invalid_model("Pad: constant_value has shape ", a.in[2].dims, ", one element wanted");
  if (!x.has_rank) return ok();
  const bool axes_given = a.num_in() > 3 && a.attrs.node().in[3] != kNoValue;
  if (a.value(1) == nullptr || (axes_given && a.value(3) == nullptr)) {
    a.out[0] = unknown_dims(x.dtype, x.rank());
    return ok();
  }
  LITE_ASSIGN(const auto by, amounts(*a.value(1), a.value(3), x.rank()));
  for (size_t i = 0; i < x.rank(); ++i) {
    int64_t& d = a.out[0].dims[i];
    if (d >= 0) {
      LITE_ASSIGN(d, padded(d, by[i]));
    } else if (by[i].before != 0 || by[i].after != 0) {
      d = kUnknownDim;
    }
  }
  return ok();
}

// Where each element of a padded dimension comes from; kPadOutside for the constant.
Result<std::vector<int64_t>> sources(Mode mode, int64_t size, const Amount& by, int64_t out_size) {
  const int64_t cut = std::max<int64_t>(-by.before, 0);
  const int64_t left = std::max<int64_t>(size - cut - std::max<int64_t>(-by.after, 0), 0);
  const int64_t before = std::max<int64_t>(by.before, 0);
  std::vector<int64_t> from(static_cast<size_t>(out_size));
  for (int64_t o = 0; o < out_size; ++o) {
    int64_t i = o - before;
    if (i < 0 || i >= left) {
      if (mode != Mode::kConstant && left == 0)
        return invalid_argument("Pad: an empty dimension cannot be padded by its own elements");
      switch (mode) {
        case Mode::kConstant:
          i = kPadOutside - cut;
          break;
        case Mode::kEdge:
          i = i < 0 ? 0 : left - 1;
          break;
        case Mode::kWrap:
          i = (i % left + left) % left;
          break;
        case Mode::kReflect: {
          const int64_t period = std::max<int64_t>(2 * (left - 1), 1);
          i = (i % period + period) % period;
          if (i >= left) i = period - i;
          break;
        }
      }
    }
    from[static_cast<size_t>(o)] = i + cut;
  }
  return from;
}

}  // namespace

Result<std::vector<std::vector<int64_t>>> pad_sources(const AttrReader& attrs, const Tensor& pads,
                                                      const Tensor* axes, const Dims& in, const Dims& out) {
  LITE_ASSIGN(const Mode mode, mode_of(attrs));
  LITE_ASSIGN(const auto by, amounts(pads, axes, in.size()));
  std::vector<std::vector<int64_t>> from;
  for (size_t i = 0; i < in.size(); ++i) {
    LITE_ASSIGN(auto one, sources(mode, in[i], by[i], out[i]));
    from.push_back(std::move(one));
  }
  return from;
}

namespace {

// Precondition: y is not empty. y[i0, i1, ...] = x[from[0][i0], from[1][i1], ...], or `outside` where one of
// them is kPadOutside.
void pick(const Tensor& x, const std::vector<std::vector<int64_t>>& from, const void* outside, Tensor& y) {
  const size_t rank = from.size();
  const Dims strides = row_major_strides(x.dims());
  if (rank == 0) return copy_elements(x.dtype(), x.raw(), y.mutable_raw(), 1);
  const std::vector<int64_t>& row = from[rank - 1];
  const auto row_size = static_cast<int64_t>(row.size());
  Dims index(rank - 1);
  for (int64_t done = 0; done < y.elements(); done += row_size) {
    int64_t base = 0;
    bool inside = true;
    for (size_t d = 0; d + 1 < rank; ++d) {
      const int64_t i = from[d][static_cast<size_t>(index[d])];
      inside = inside && i != kPadOutside;
      base += i * strides[d];
    }
    if (!inside) {
      fill_elements(x.dtype(), outside, at(y, done), row_size);
    } else {
      for (int64_t i = 0; i < row_size;) {
        const int64_t first = row[static_cast<size_t>(i)];
        int64_t n = 1;
        if (first == kPadOutside) {
          while (i + n < row_size && row[static_cast<size_t>(i + n)] == kPadOutside) ++n;
          fill_elements(x.dtype(), outside, at(y, done + i), n);
        } else {
          while (i + n < row_size && row[static_cast<size_t>(i + n)] == first + n) ++n;
          copy_elements(x.dtype(), at(x, base + first), at(y, done + i), n);
        }
        i += n;
      }
    }
    for (size_t d = rank - 1; d-- > 0;) {
      if (++index[d] < static_cast<int64_t>(from[d].size())) break;
      index[d] = 0;
    }
  }
}

Status pad(const EvalArgs& a) {
  LITE_ASSIGN(const Dims dims, output_dims(a, infer_pad));
  if (a.has(2) && a.input(2).elements() > 1)
    return invalid_argument("Pad: constant_value has ", a.input(2).elements(), " elements, wanted 1");
  return move_elements(a, dims, [&](const Tensor& x, Tensor& y) -> Status {
    const Bytes16 zero{};
    const std::string empty;
    const void* outside = x.dtype() == DType::kString ? static_cast<const void*>(&empty) : &zero;
    Tensor code;
    if (a.has(2) && a.input(2).elements() == 1) {
      code = a.input(2);
      if (is_packed(code.dtype())) {
        LITE_ASSIGN(code, unpack_codes(code));
      }
      outside = code.raw();
    }
    // An empty output may have a dimension of any size.
    if (y.elements() == 0) return ok();
    LITE_ASSIGN(const auto from,
                pad_sources(a.attrs, a.input(1), a.has(3) ? &a.input(3) : nullptr, x.dims(), dims));
    pick(x, from, outside, y);
    return ok();
  });
}

// ---- CenterCropPad

Status infer_center(const InferArgs& a) {
  const Fact& x = a.in[0];
  a.out[0] = x;
  if (!x.has_rank) return ok();
  Dims axes(a.attrs.ints("axes"));
  if (!a.attrs.has("axes"))
    for (size_t i = 0; i < x.rank(); ++i) axes.push_back(static_cast<int64_t>(i));
  const Tensor* shape = a.value(1);
  if (shape != nullptr && static_cast<size_t>(shape->elements()) != axes.size())
    return invalid_model("CenterCropPad: shape has ", shape->elements(), " entries for ", axes.size(),
                         " axes");
  for (size_t i = 0; i < axes.size(); ++i) {
    LITE_ASSIGN(const int64_t axis, normalize_axis("CenterCropPad", axes[i], static_cast<int64_t>(x.rank())));
    const int64_t size = shape != nullptr ? shape->int_at(static_cast<int64_t>(i)) : kUnknownDim;
    if (shape != nullptr && size < 0) return invalid_model("CenterCropPad: shape holds ", size);
    a.out[0].dims[static_cast<size_t>(axis)] = size;
  }
  return ok();
}

Status center(const EvalArgs& a) {
  LITE_ASSIGN(const Dims dims, output_dims(a, infer_center));
  return move_elements(a, dims, [&](const Tensor& x, Tensor& y) -> Status {
    if (y.elements() == 0) return ok();
    std::vector<std::vector<int64_t>> from(dims.size());
    for (size_t d = 0; d < dims.size(); ++d) {
      const int64_t size = x.dims()[d], wanted = dims[d];
      const int64_t shift = wanted <= size ? (size - wanted) / 2 : -((wanted - size) / 2);
      for (int64_t o = 0; o < wanted; ++o)
        from[d].push_back(o + shift >= 0 && o + shift < size ? o + shift : kPadOutside);
    }
    const Bytes16 zero{};
    const std::string empty;
    pick(x, from, x.dtype() == DType::kString ? static_cast<const void*>(&empty) : &zero, y);
    return ok();
  });
}

constexpr OperandSpec kPadIn[] = {{"data", types::kAll, 'T'},
                                  {"pads", DType::kI64},
                                  {"constant_value", types::kAll, 'T', OperandSpec::kOptional},
                                  {"axes", types::kIndex, 0, OperandSpec::kOptional}};
constexpr OperandSpec kPadOut[] = {{"output", types::kAll, 'T'}};
constexpr AttrSpec kPadAttrs[] = {{"mode", AttrType::kString}};
constexpr OperandSpec kCenterIn[] = {{"input_data", kMovable, 'T'}, {"shape", types::kIndex}};
constexpr OperandSpec kCenterOut[] = {{"output_data", kMovable, 'T'}};
constexpr AttrSpec kCenterAttrs[] = {{"axes", AttrType::kInts}};

constexpr OpDef kOps[] = {
    {.name = "Pad",
     .since = 25,
     .inputs = kPadIn,
     .outputs = kPadOut,
     .attrs = kPadAttrs,
     .infer = infer_pad,
     .reference = pad},
    {.name = "CenterCropPad",
     .since = 18,
     .inputs = kCenterIn,
     .outputs = kCenterOut,
     .attrs = kCenterAttrs,
     .infer = infer_center,
     .reference = center},
};

}  // namespace

extern constinit const OpTable pad_crop;
constinit const OpTable pad_crop{kOps};

}  // namespace lite::ops
