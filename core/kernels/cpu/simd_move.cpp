// Operators that only move elements: Transpose, Slice, Concat, Split, Expand, Tile, DepthToSpace,
// SpaceToDepth, Trilu, ChannelShuffle and Reorder, for every element type of 1, 2, 4, 8 and 16 bytes.
#include <limits>
#include <string_view>

#include "core/kernels/cpu/simd_broadcast.h"
#include "core/kernels/cpu/simd_copy.h"
#include "core/ops/op.h"

namespace lite::kernels {
namespace {

using namespace simd;
using Dim = CopyPlan::Dim;

bool whole_bytes(DType t) {
  const size_t bits = dtype_bits(t);
  return t != DType::kString && bits >= 8 && bits <= 128;
}
WhyNot rejects_types(const NodeQuery& q) {
  return whole_bytes(q.in[0].dtype) ? nullptr : "strings or elements of less than a byte";
}
WhyNot rejects_plain(const NodeQuery& q) {
  if (const WhyNot why = rejects_types(q)) return why;
  return all_plain(q) ? nullptr : "not row-major";
}

// Several copies between inputs and outputs, one after the other.
struct Move {
  CopyPlan plan;
  uint32_t in = 0, out = 0;
};
Result<std::unique_ptr<Kernel>> make_moves(std::vector<Move> moves) {
  return make_kernel([moves = std::move(moves)](const Launch& l) {
    for (const Move& m : moves) m.plan.run(*l.parallel, l.in<void>(m.in), l.out<void>(m.out));
  });
}
Result<std::unique_ptr<Kernel>> make_move(const NodeQuery& q, std::vector<Dim> dims, int64_t in_offset = 0) {
  return make_moves({{CopyPlan::make(std::move(dims), dtype_size(q.in[0].dtype), q.options, in_offset)}});
}
// Gives dims that are in the order of the output its strides.
std::vector<Dim> to_row_major(std::vector<Dim> dims) {
  int64_t stride = 1;
  for (size_t d = dims.size(); d-- > 0;) {
    dims[d].out = stride;
    stride *= dims[d].size;
  }
  return dims;
}

// ---- Transpose, Expand, Tile
// ---------------------------------------------------------------------------------------

Result<std::unique_ptr<Kernel>> make_transpose(const NodeQuery& q, PackCache&) {
  const Dims& in = q.in[0].dims;
  const Dims strides = row_major_strides(in);
  const auto perm = q.attrs().ints("perm");
  std::vector<Dim> dims;
  for (size_t d = 0; d < in.size(); ++d) {
    const auto rank = static_cast<int64_t>(in.size());
    const int64_t p = perm.empty() ? rank - 1 - static_cast<int64_t>(d) : perm[d];
    const auto from = static_cast<size_t>(p < 0 ? p + rank : p);
    dims.push_back({in[from], strides[from], 0});
  }
  return make_move(q, to_row_major(std::move(dims)));
}

Result<std::unique_ptr<Kernel>> make_expand(const NodeQuery& q, PackCache&) {
  const Dims strides = ops::broadcast_strides(q.in[0].dims, q.out[0].dims);
  std::vector<Dim> dims;
  for (size_t d = 0; d < strides.size(); ++d) dims.push_back({q.out[0].dims[d], strides[d], 0});
  return make_move(q, to_row_major(std::move(dims)));
}

Result<std::unique_ptr<Kernel>> make_tile(const NodeQuery& q, PackCache&) {
  const Dims& in = q.in[0].dims;
  const Dims strides = row_major_strides(in);
  std::vector<Dim> dims;
  for (size_t d = 0; d < in.size(); ++d) {
    dims.push_back({q.out[0].dims[d] / in[d], 0, 0});
    dims.push_back({in[d], strides[d], 0});
  }
  return make_move(q, to_row_major(std::move(dims)));
}

// ---- along one axis: Concat, Split, Slice
// ----------------------------------------------------------------------------

// A dimension's place among the physical ones; of channels in blocks, that of the blocks.
size_t physical_axis(size_t axis, size_t rank, Layout layout) {
  if (layout != Layout::kChannelsLast || axis == 0) return axis;
  return axis == 1 ? rank - 1 : axis - 1;
}

// Part `begin`, `size` of dimension `axis` of `whole` as a copy to or from a tensor of just that part.
std::optional<std::vector<Dim>> part_of(const Operand& whole, const Operand& part, size_t axis, int64_t begin,
                                        bool to_part, int64_t& offset) {
  if (whole.layout != part.layout) return std::nullopt;
  const size_t rank = whole.dims.size();
  const int64_t block = block_of(whole.layout);
  if (block != 0 && axis == 1) {
    const bool ends = begin + part.dims[1] == whole.dims[1];
    if (begin % block != 0 || (part.dims[1] % block != 0 && !ends)) return std::nullopt;
    begin /= block;
  }
  const Dims dims = physical_dims(part.dims, part.layout);
  const Dims own = row_major_strides(dims),
             around = row_major_strides(physical_dims(whole.dims, whole.layout));
  offset = begin * around[physical_axis(axis, rank, whole.layout)];
  std::vector<Dim> out;
  for (size_t d = 0; d < dims.size(); ++d)
    out.push_back(to_part ? Dim{dims[d], around[d], own[d]} : Dim{dims[d], own[d], around[d]});
  return out;
}

size_t axis_of(const NodeQuery& q, int64_t otherwise) {
  const int64_t axis = q.attrs().i64("axis", otherwise);
  return static_cast<size_t>(axis < 0 ? axis + static_cast<int64_t>(q.in[0].dims.size()) : axis);
}

// The copies of Concat or Split; nullopt when blocks of channels would have to be cut.
std::optional<std::vector<Move>> axis_moves(const NodeQuery& q, bool concat) {
  const size_t axis = axis_of(q, 0), count = concat ? q.in.size() : q.out.size();
  const Operand& whole = concat ? q.out[0] : q.in[0];
  std::vector<Move> moves;
  int64_t begin = 0;
  for (size_t i = 0; i < count; ++i) {
    const Operand& part = concat ? q.in[i] : q.out[i];
    if (!part.present()) return std::nullopt;
    int64_t offset = 0;
    auto dims = part_of(whole, part, axis, begin, !concat, offset);
    if (!dims) return std::nullopt;
    const auto k = static_cast<uint32_t>(i);
    moves.push_back({CopyPlan::make(std::move(*dims), dtype_size(whole.dtype), q.options, concat ? 0 : offset,
                                    concat ? offset : 0),
                     concat ? k : 0, concat ? 0 : k});
    begin += part.dims[axis];
  }
  return moves;
}

bool is_concat(const NodeQuery& q) { return std::string_view(q.node.op->name) == "Concat"; }

WhyNot rejects_axis(const NodeQuery& q) {
  if (const WhyNot why = rejects_types(q)) return why;
  return axis_moves(q, is_concat(q))
             ? nullptr
             : "layouts differ, an output is left out, or blocks of channels would be cut";
}
Result<std::unique_ptr<Kernel>> make_axis(const NodeQuery& q, PackCache&) {
  return make_moves(*axis_moves(q, is_concat(q)));
}

struct SliceRange {
  int64_t start = 0, step = 1;
};
// The range of every dimension; nullopt when an operand is not known.
std::optional<std::vector<SliceRange>> slice_ranges(const NodeQuery& q) {
  for (size_t i = 1; i < q.in.size(); ++i)
    if (q.has_in(i) && q.in[i].constant == nullptr) return std::nullopt;
  const Tensor& starts = *q.in[1].constant;
  const auto rank = static_cast<int64_t>(q.in[0].dims.size());
  std::vector<SliceRange> out(static_cast<size_t>(rank));
  for (int64_t i = 0; i < starts.elements(); ++i) {
    const int64_t axis = q.has_in(3) ? q.in[3].constant->int_at(i) : i;
    const auto d = static_cast<size_t>(axis < 0 ? axis + rank : axis);
    const int64_t size = q.in[0].dims[d], step = q.has_in(4) ? q.in[4].constant->int_at(i) : 1;
    int64_t start = starts.int_at(i);
    if (start < 0) start += size;
    out[d] = {step > 0 ? std::clamp<int64_t>(start, 0, size) : std::clamp<int64_t>(start, -1, size - 1),
              step};
  }
  return out;
}

std::optional<Move> slice_move(const NodeQuery& q) {
  const auto ranges = slice_ranges(q);
  const Operand &x = q.in[0], &y = q.out[0];
  if (!ranges || x.layout != y.layout) return std::nullopt;
  const int64_t block = block_of(x.layout);
  const Dims dims = physical_dims(y.dims, y.layout), to = row_major_strides(dims),
             from = row_major_strides(physical_dims(x.dims, x.layout));
  std::vector<Dim> list;
  for (size_t d = 0; d < dims.size(); ++d) list.push_back({dims[d], from[d], to[d]});
  int64_t offset = 0;
  for (size_t d = 0; d < ranges->size(); ++d) {
    SliceRange r = (*ranges)[d];
    const size_t at = physical_axis(d, ranges->size(), x.layout);
    if (block != 0 && d == 1) {
      const bool ends = r.start + y.dims[1] == x.dims[1];
      if (r.step != 1 || r.start % block != 0 || (y.dims[1] % block != 0 && !ends)) return std::nullopt;
      r.start /= block;
    }
    offset += r.start * from[at];
    // A step that reaches beyond the dimension takes one element; its size may be anything.
    if (y.dims[d] > 1) list[at].in = from[at] * r.step;
  }
  return Move{CopyPlan::make(std::move(list), dtype_size(x.dtype), q.options, offset)};
}

WhyNot rejects_slice(const NodeQuery& q) {
  if (const WhyNot why = rejects_types(q)) return why;
  return slice_move(q) ? nullptr : "ranges not known, or blocks of channels would be cut";
}
Result<std::unique_ptr<Kernel>> make_slice(const NodeQuery& q, PackCache&) {
  return make_moves({*slice_move(q)});
}

// ---- DepthToSpace, SpaceToDepth, ChannelShuffle
// ------------------------------------------------------------------------

Result<std::unique_ptr<Kernel>> make_depth_to_space(const NodeQuery& q, PackCache&) {
  const Dims& x = q.in[0].dims;
  const int64_t b = q.attrs().i64("blocksize"), c = x[1] / (b * b), plane = x[2] * x[3];
  const bool columns_first = q.attrs().str("mode", "DCR") == "CRD";
  const int64_t row_block = columns_first ? b * plane : b * c * plane,
                column_block = columns_first ? plane : c * plane;
  const int64_t channel = columns_first ? b * b * plane : plane;
  return make_move(q, to_row_major({{x[0], x[1] * plane, 0},
                                    {c, channel, 0},
                                    {x[2], x[3], 0},
                                    {b, row_block, 0},
                                    {x[3], 1, 0},
                                    {b, column_block, 0}}));
}

Result<std::unique_ptr<Kernel>> make_space_to_depth(const NodeQuery& q, PackCache&) {
  const Dims& x = q.in[0].dims;
  const int64_t b = q.attrs().i64("blocksize"), plane = x[2] * x[3];
  const Dim channel{x[1], plane, 0}, row_block{b, x[3], 0}, column_block{b, 1, 0};
  const bool channel_first = q.attrs().str("mode", "DCR") == "CRD";
  return make_move(q, to_row_major({{x[0], x[1] * plane, 0},
                                    channel_first ? channel : row_block,
                                    channel_first ? row_block : column_block,
                                    channel_first ? column_block : channel,
                                    {x[2] / b, b * x[3], 0},
                                    {x[3] / b, b, 0}}));
}

WhyNot rejects_shuffle(const NodeQuery& q) {
  if (const WhyNot why = rejects_types(q)) return why;
  if (q.in[0].layout != q.out[0].layout || block_of(q.in[0].layout) != 0)
    return "layouts differ, or channels in blocks";
  return nullptr;
}
Result<std::unique_ptr<Kernel>> make_shuffle(const NodeQuery& q, PackCache&) {
  const Dims& x = q.in[0].dims;
  const int64_t g = q.attrs().i64("groups"), per = x[1] / g, spatial = elements(x) / (x[0] * x[1]);
  if (q.in[0].layout == Layout::kChannelsLast)
    return make_move(q, to_row_major({{x[0] * spatial, x[1], 0}, {per, 1, 0}, {g, per, 0}}));
  return make_move(
      q,
      to_row_major({{x[0], x[1] * spatial, 0}, {per, spatial, 0}, {g, per * spatial, 0}, {spatial, 1, 0}}));
}

// ---- Reorder
// ---------------------------------------------------------------------------------------------------------

// Channels [begin, begin + count) of all images, a block of which is block * width, as strides of N, channel
// block, spatial place and channel in the block.
struct LayoutStrides {
  int64_t image, block, place, channel, offset;
};
LayoutStrides strides_in(Layout layout, const Dims& dims, int64_t spatial, int64_t width, int64_t begin) {
  const int64_t c = dims[1], own = block_of(layout);
  if (layout == Layout::kPlain) return {c * spatial, width * spatial, 1, spatial, begin * spatial};
  if (layout == Layout::kChannelsLast) return {c * spatial, width, c, 1, begin};
  const int64_t stored = round_up(c, own);
  return {stored * spatial, width * spatial, own, 1, begin / own * own * spatial + begin % own};
}

WhyNot rejects_reorder(const NodeQuery& q) {
  if (const WhyNot why = rejects_types(q)) return why;
  if (q.in[0].dims.size() < 3) return "rank below 3";
  const int64_t from = block_of(q.in[0].layout), to = block_of(q.out[0].layout);
  if (from != 0 && to != 0 && from != to) return "between blocks of different size";
  return nullptr;
}

Result<std::unique_ptr<Kernel>> make_reorder(const NodeQuery& q, PackCache&) {
  const Operand &x = q.in[0], &y = q.out[0];
  const size_t element = dtype_size(x.dtype);
  const int64_t c = x.dims[1], spatial = elements(x.dims) / (x.dims[0] * c);
  if (x.layout == y.layout) return make_move(q, {{stored_elements(x), 1, 1}});
  const int64_t block = std::max(block_of(x.layout), block_of(y.layout));
  const int64_t width = block == 0 ? c : block, whole = c / width, rest = c % width;
  std::vector<Move> moves;
  CopyPlan clear;
  const bool pads = rest != 0 && block_of(y.layout) != 0;
  const auto add = [&](int64_t begin, int64_t blocks, int64_t channels) {
    const LayoutStrides from = strides_in(x.layout, x.dims, spatial, width, begin),
                        to = strides_in(y.layout, y.dims, spatial, width, begin);
    std::vector<Dim> dims{{x.dims[0], from.image, to.image}, {blocks, from.block, to.block}};
    const Dim place{spatial, from.place, to.place}, channel{channels, from.channel, to.channel};
    const bool channels_inside = to.channel == 1;
    dims.push_back(channels_inside ? place : channel);
    dims.push_back(channels_inside ? channel : place);
    moves.push_back({CopyPlan::make(std::move(dims), element, q.options, from.offset, to.offset)});
  };
  if (whole != 0) add(0, whole, width);
  if (rest != 0) add(whole * width, 1, rest);
  if (pads) {
    const int64_t stored = round_up(c, width);
    clear = CopyPlan::make({{y.dims[0], 0, stored * spatial}, {spatial, 0, width}, {width - rest, 0, 1}},
                           element, q.options, 0, whole * width * spatial + rest);
  }
  return make_kernel([=](const Launch& l) {
    static constexpr unsigned char kZero[16] = {};
    for (const Move& m : moves) m.plan.run(*l.parallel, l.in<void>(0), l.out<void>(0));
    if (pads) clear.run(*l.parallel, kZero, l.out<void>(0));
  });
}

// ---- Trilu

WhyNot rejects_trilu(const NodeQuery& q) {
  if (const WhyNot why = rejects_plain(q)) return why;
  return q.has_in(1) && q.in[1].elements() != 1 ? "k is not one number" : nullptr;
}

Result<std::unique_ptr<Kernel>> make_trilu(const NodeQuery& q, PackCache&) {
  const Dims& dims = q.in[0].dims;
  const int64_t columns = dims.back(), rows = dims[dims.size() - 2], all = q.in[0].elements() / columns;
  const auto size = static_cast<int64_t>(dtype_size(q.in[0].dtype));
  const bool upper = q.attrs().i64("upper", 1) != 0, shifted = q.has_in(1);
  return make_kernel([=](const Launch& l) {
    const int64_t k = shifted ? std::clamp<int64_t>(*l.in<int64_t>(1), -rows, columns) : 0;
    l.parallel->for_range(all, rows_grain(columns * size, 2 * kGrain), [&](int64_t begin, int64_t end) {
      for (int64_t r = begin; r < end; ++r) {
        // [0, split) is below the diagonal, with it when that is what is kept.
        const int64_t split = std::clamp<int64_t>(r % rows + k + (upper ? 0 : 1), 0, columns) * size;
        const unsigned char* const x = l.in<unsigned char>(0) + r * columns * size;
        unsigned char* const y = l.out<unsigned char>(0) + r * columns * size;
        const auto low = static_cast<size_t>(split), high = static_cast<size_t>(columns * size - split);
        upper ? memset(y, 0, low) : memcpy(y, x, low);
        upper ? memcpy(y + low, x + low, high) : memset(y + low, 0, high);
      }
    });
  });
}

constexpr KernelDef kKernels[] = {
    {"transpose:simd", "Transpose", rejects_plain, make_transpose},
    {"expand:simd", "Expand", rejects_plain, make_expand},
    {"tile:simd", "Tile", rejects_plain, make_tile},
    {"concat:simd", "Concat", rejects_axis, make_axis},
    {"split:simd", "Split", rejects_axis, make_axis},
    {"slice:simd", "Slice", rejects_slice, make_slice},
    {"depth_to_space:simd", "DepthToSpace", rejects_plain, make_depth_to_space},
    {"space_to_depth:simd", "SpaceToDepth", rejects_plain, make_space_to_depth},
    {"trilu:simd", "Trilu", rejects_trilu, make_trilu},
    {"channel_shuffle:simd", "ChannelShuffle", rejects_shuffle, make_shuffle},
    {"reorder:simd", "Reorder", rejects_reorder, make_reorder},
};

}  // namespace

extern constinit const KernelTable simd_move;
constinit const KernelTable simd_move{kKernels};

}  // namespace lite::kernels
