#include "core/import/megengine/formats.h"

#include "core/import/megengine/translator.h"

namespace lite::mge {
namespace {

// By MegEngine's number of a convolution format.
constexpr FormatRow kFormats[] = {
    {"NCHW", Blocked::kNone, Blocked::kNone},
    {"NHWC", Blocked::kNhwc, Blocked::kNhwc},
    {"NHWCD4", Blocked::kNhwcd4, Blocked::kNhwcd4},
    {"NCHW4", Blocked::kNchw4, Blocked::kNchw4},
    {"NCHW8", Blocked::kNchw8, Blocked::kNchw8},
    {"NCHW32", Blocked::kNchw32, Blocked::kNchw32},
    {"NCHW88", Blocked::kNchw8, Blocked::kNchw8},
    {"NCHW44", Blocked::kNchw4, Blocked::kNchw4},
    {"NCHW44_DOT", Blocked::kNchw4, Blocked::kNchw4},
    {"NCHW4_NCHW32", Blocked::kNchw4, Blocked::kNchw32},
    {"NCHW32_NCHW4", Blocked::kNchw32, Blocked::kNchw4},
    {"NCHW4_NCHW", Blocked::kNchw4, Blocked::kNone},
    {"NHWC_NCHW", Blocked::kNhwc, Blocked::kNone},
    {"NHWC_NCHW4_IC_SMALL", Blocked::kNhwc, Blocked::kNchw4},
    {"NCHW_NCHW4_IC_SMALL", Blocked::kNone, Blocked::kNchw4},
    {"CHWN4", Blocked::kChwn4, Blocked::kChwn4},
    {"NCHW64", Blocked::kNchw64, Blocked::kNchw64},
    {"NCHW4_NHWC", Blocked::kNchw4, Blocked::kNhwc},
};

// How blocked weights lie: where in the file's shape the parts are that, in this order, make up O, I, H and
// W.
struct WeightsRow {
  uint32_t format;
  bool grouped;  // the first dimension counts groups
  int rank;
  int64_t perm[7];  // to [G,] O parts, I parts, H, W
  int o_parts, i_parts;
  bool depthwise;  // the first dimension and the last are the groups; one channel each
};
constexpr WeightsRow kWeights[] = {
    // NHWC: O H W I
    {1, false, 4, {0, 3, 1, 2}, 1, 1, false},
    {1, true, 5, {0, 1, 4, 2, 3}, 1, 1, false},
    // NHWCD4: O/4 H W I 4(o), its form for dot products O/4 H W I/4 4(o) 4(i), depthwise G/4 1 H W 4
    {2, false, 5, {0, 4, 3, 1, 2}, 2, 1, false},
    {2, true, 6, {0, 1, 5, 4, 2, 3}, 2, 1, false},
    {2, false, 6, {0, 4, 3, 5, 1, 2}, 2, 2, false},
    {2, true, 7, {0, 1, 5, 4, 6, 2, 3}, 2, 2, false},
    {2, true, 5, {0, 4, 1, 2, 3}, 1, 1, true},
    // NCHW44 and NCHW88: O/b I/b H W b(i) b(o); first layer O/b H W I b(o); depthwise G/b 1 1 H W b
    {6, false, 6, {0, 5, 1, 4, 2, 3}, 2, 2, false},
    {6, false, 5, {0, 4, 3, 1, 2}, 2, 1, false},
    {6, true, 7, {0, 1, 6, 2, 5, 3, 4}, 2, 2, false},
    {6, true, 6, {0, 5, 1, 2, 3, 4}, 1, 1, true},
    // NCHW44_DOT: O/4 I/4 H W 4(o) 4(i)
    {8, false, 6, {0, 4, 1, 5, 2, 3}, 2, 2, false},
    {8, false, 5, {0, 4, 3, 1, 2}, 2, 1, false},
    {8, true, 7, {0, 1, 5, 2, 6, 3, 4}, 2, 2, false},
    {8, true, 6, {0, 5, 1, 2, 3, 4}, 1, 1, true},
    // NCHW4 and its like: O I/b H W b
    {3, false, 5, {0, 1, 4, 2, 3}, 1, 2, false},
    {3, true, 6, {0, 1, 2, 5, 3, 4}, 1, 2, false},
    // CHWN4: I/4 H W O 4
    {15, false, 5, {3, 0, 4, 1, 2}, 1, 2, false},
    {15, true, 6, {0, 4, 1, 5, 2, 3}, 1, 2, false},
};

// The row of kWeights that a format's weights follow.
uint32_t weights_like(uint32_t format) {
  switch (format) {
    case 7:
      return 6;
    case 4:
    case 5:
    case 9:
    case 10:
    case 11:
    case 14:
    case 16:
    case 17:
      return 3;
    case 12:
    case 13:
      return 1;
    default:
      return format;
  }
}

}  // namespace

const FormatRow* format_row(uint32_t number) {
  return number < std::size(kFormats) ? &kFormats[number] : nullptr;
}

int64_t block_of(Blocked format) {
  switch (format) {
    case Blocked::kNone:
    case Blocked::kNhwc:
      return 1;
    case Blocked::kNchw8:
      return 8;
    case Blocked::kNchw32:
      return 32;
    case Blocked::kNchw64:
      return 64;
    default:
      return 4;
  }
}

ValueId to_plain(Builder& b, ValueId v, Blocked format) {
  if (format == Blocked::kNone || b.failed()) return v;
  const int64_t want = format == Blocked::kNhwc ? 4 : 5, rank = b.rank(v);
  if (rank != want) {
    b.fail_with(invalid_model("an input has ", rank, " dimensions, its format wants ", want));
    return kNoValue;
  }
  const auto one = [&](int64_t axis) { return b.dims_of(v, axis, axis + 1); };
  const int64_t block = block_of(format);
  if (format != Blocked::kNhwc && b.dim(v, 4) >= 0 && b.dim(v, 4) != block) {
    b.fail_with(invalid_model("an input has blocks of ", b.dim(v, 4), " channels, its format wants ", block));
    return kNoValue;
  }
  switch (format) {
    case Blocked::kNhwc:
      return b.transpose(v, {0, 3, 1, 2});
    case Blocked::kNhwcd4:
      return b.reshape_to(b.transpose(v, {0, 2, 4, 1, 3}), {one(0), b.ints({-1}), one(1), one(3)});
    case Blocked::kChwn4:
      return b.reshape_to(b.transpose(v, {3, 0, 4, 1, 2}), {one(3), b.ints({-1}), one(1), one(2)});
    default:
      return b.reshape_to(b.transpose(v, {0, 1, 4, 2, 3}), {one(0), b.ints({-1}), one(2), one(3)});
  }
}

ValueId from_plain(Builder& b, ValueId v, Blocked format) {
  if (format == Blocked::kNone || b.failed()) return v;
  if (format == Blocked::kNhwc) return b.transpose(v, {0, 2, 3, 1});
  const ValueId cut =
      b.reshape_to(v, {b.dims_of(v, 0, 1), b.ints({-1, block_of(format)}), b.dims_of(v, 2, 4)});
  if (format == Blocked::kNhwcd4) return b.transpose(cut, {0, 3, 1, 4, 2});
  if (format == Blocked::kChwn4) return b.transpose(cut, {1, 3, 4, 0, 2});
  return b.transpose(cut, {0, 1, 3, 4, 2});
}

PlainWeights plain_weights(Builder& b, ValueId w, uint32_t format, bool grouped) {
  PlainWeights out;
  const int64_t rank = b.rank(w);
  if (b.failed()) return out;
  const auto known_dim = [&](int64_t axis) {
    const int64_t d = b.dim(w, axis);
    if (d < 0)
      b.fail_with(unsupported("the weights of a grouped or blocked convolution have shape ", b.fact(w).dims,
                              ", which must be known"));
    return std::max<int64_t>(d, 0);
  };
  if (format == 0) {
    if (!grouped) {
      out.value = w;
      return out;
    }
    // [G,O/G,I/G,spatial...]
    if (rank < 4) {
      b.fail_with(invalid_model("grouped weights have ", rank, " dimensions, at least 4 wanted"));
      return out;
    }
    out.groups = known_dim(0);
    out.value = b.reshape_to(w, {b.ints({-1}), b.dims_of(w, 2, rank)});
    return out;
  }
  const uint32_t like = weights_like(format);
  const WeightsRow* row = nullptr;
  for (const WeightsRow& r : kWeights) {
    if (r.format != like || r.grouped != grouped || r.rank != rank) continue;
    // Depthwise weights of NHWCD4 have as many dimensions as grouped ones of NHWC; their second is 1, as is
    // the third of the NCHW formats.
    if (r.depthwise && b.dim(w, 1) != 1) continue;
    row = &r;
    break;
  }
  if (row == nullptr) {
    b.fail_with(unsupported("weights with ", rank, " dimensions", grouped ? ", in groups," : "",
                            " in format ", format_row(format)->name));
    return out;
  }
  const std::vector<int64_t> perm(row->perm, row->perm + rank);
  const ValueId moved = b.transpose(w, perm);
  const auto product = [&](size_t from, int count) {
    int64_t p = 1;
    for (size_t i = from; i < from + static_cast<size_t>(count); ++i) p *= known_dim(perm[i]);
    return p;
  };
  if (row->depthwise) {
    // The groups are two parts; what is left are ones and H, W.
    const int64_t height = known_dim(perm[static_cast<size_t>(rank) - 2]),
                  width = known_dim(perm[static_cast<size_t>(rank) - 1]);
    out.groups = product(0, 2);
    out.value = b.reshape(moved, {out.groups, 1, height, width});
    return out;
  }
  const size_t first = grouped ? 1 : 0;
  out.groups = grouped ? known_dim(0) : 1;
  const int64_t o = product(first, row->o_parts),
                i = product(first + static_cast<size_t>(row->o_parts), row->i_parts),
                height = known_dim(perm[static_cast<size_t>(rank) - 2]),
                width = known_dim(perm[static_cast<size_t>(rank) - 1]);
  if (b.failed()) return out;
  const auto all = checked_mul(out.groups, o);
  if (!all) {
    b.fail_with(invalid_model("the weights' number of channels overflows"));
    return out;
  }
  out.value = b.reshape(moved, {*all, i, height, width});
  return out;
}

// RelayoutFormat between formats. From plain, channels are padded with zeros to whole blocks; to plain, `oc`
// keeps that many of them.
Status relayout(Call& c) {
  Builder& b = c.b;
  LITE_TRY(c.want_inputs(1, 1));
  const fb::RelayoutFormat* p = c.param<fb::RelayoutFormat>();
  struct Row {
    Blocked from, to;
  };
  static constexpr Row kRows[] = {
      {Blocked::kNhwc, Blocked::kNhwcd4}, {Blocked::kNhwcd4, Blocked::kNhwc},
      {Blocked::kNhwc, Blocked::kNhwcd4}, {Blocked::kNone, Blocked::kNhwcd4},
      {Blocked::kNone, Blocked::kNhwcd4}, {Blocked::kNhwcd4, Blocked::kNone},
      {Blocked::kNhwcd4, Blocked::kNone},
  };
  Row row{Blocked::kNone, Blocked::kNone};
  switch (p->mode()) {
    case 15:
      row = {Blocked::kNchw4, Blocked::kChwn4};
      break;
    case 16:
      row = {Blocked::kChwn4, Blocked::kNchw4};
      break;
    case 20:
      row = {Blocked::kNone, Blocked::kNchw8};
      break;
    case 21:
      row = {Blocked::kNchw8, Blocked::kNone};
      break;
    case 22:
    case 24:
      row = {Blocked::kNone, Blocked::kNchw4};
      break;
    case 25:
      row = {Blocked::kNchw4, Blocked::kNone};
      break;
    case 27:
      row = {Blocked::kNone, Blocked::kNchw64};
      break;
    case 28:
      row = {Blocked::kNchw64, Blocked::kNone};
      break;
    case 29:
      row = {Blocked::kNone, Blocked::kNhwc};
      break;
    case 30:
      row = {Blocked::kNhwc, Blocked::kNone};
      break;
    case 31:
      row = {Blocked::kNhwcd4, Blocked::kNhwc};
      break;
    default:
      if (p->mode() >= std::size(kRows))
        return unsupported("RelayoutFormat mode ", p->mode(), " rearranges weights at run time");
      row = kRows[p->mode()];
  }
  LITE_ASSIGN(const ElementType type, c.output_type(c.type(0)));
  ValueId v = c.plain(0, row.from);
  LITE_TRY(c.done());
  const int64_t block = block_of(row.to), group = std::max<int64_t>(p->group(), 1);
  if (block > 1) {
    if (b.rank(v) != 4) return invalid_model("its input has ", b.rank(v), " dimensions, 4 wanted");
    // Padded within each group. Without padding this is removed when shapes are known.
    const int64_t channels = b.dim(v, 1);
    if (group > 1 && (channels < 0 || channels % group != 0))
      return unsupported("RelayoutFormat with ", group, " groups wants to know the number of channels");
    const bool whole = channels >= 0 && channels / group % block == 0;
    if (!whole && group > 1) return unsupported("RelayoutFormat that pads ", group, " groups");
    if (!whole) {
      // (-channels) mod block zeros after the last channel.
      const ValueId missing = b.add(
          "Mod", {b.add("Neg", {b.dims_of(v, 1, 2)}), b.number(DType::kI64, static_cast<double>(block))});
      v = b.add("Pad", {v, b.concat({b.ints({0, 0, 0, 0, 0}), missing, b.ints({0, 0})}),
                        b.number(c.type(0).dtype, c.type(0).zero)});
    }
  } else if (p->oc() != 0 && (p->mode() == 25 || p->mode() == 28)) {
    if (group > 1) return unsupported("RelayoutFormat that cuts ", group, " groups");
    v = b.slice(v, 1, 0, p->oc());
  }
  LITE_TRY(c.done());
  if (type == c.type(0)) {
    c.out_plain(0, v, row.to, type);
  } else {
    const ValueId real = c.type(0).quantised ? b.dequantize(v, c.type(0)) : b.cast(v, DType::kF32);
    c.out_plain(0, type.quantised ? b.quantize(real, type) : b.cast(real, type.dtype), row.to, type);
  }
  return c.done();
}

}  // namespace lite::mge
