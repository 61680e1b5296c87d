// Chooses how images lie in memory: convolutions and pools want channels last, what is between them follows,
// everything else stays row-major. Reorders are inserted where two regions meet.

#include <algorithm>
#include <string_view>

#include "core/compile/compiler.h"
#include "core/ops/registry.h"

namespace lite {
namespace {

bool is_anchor(std::string_view op) {
  for (const char* name : {"Conv", "FusedConv", "ConvTranspose", "ConvInteger", "QLinearConv",
                           "FusedQLinearConv", "MaxPool", "AveragePool"})
    if (op == name) return true;
  return false;
}

// The input that a convolution adds to its result.
size_t residual_of(std::string_view op) { return op == "FusedQLinearConv" ? 11 : 3; }

// How a node runs where its input is row-major.
enum class Plain {
  kSlow,
  kFast,    // so that between row-major values it is not worth two reorders
  kFaster,  // than in any other layout, reorders included
};

// Pools are fast, transposed convolutions, and convolutions of lines that
// keep channels apart. With several filters for each channel they are faster, those of images, too.
Plain plain_speed(const Node& n, const Graph& g, const KernelOptions& options) {
  const std::string_view op = n.op->name;
  if (g.value(n.in[0]).fact.dtype != DType::kF32) return Plain::kSlow;
  if (op == "MaxPool" || op == "AveragePool")
    return n.out.size() == 1 || n.out[1] == kNoValue ? Plain::kFast : Plain::kSlow;
  if (op == "ConvTranspose") return g.value(n.in[1]).is_constant() ? Plain::kFast : Plain::kSlow;
  if ((op != "Conv" && op != "FusedConv") || n.in.size() > 3) return Plain::kSlow;
  const Fact& w = g.value(n.in[1]).fact;
  const int64_t channels = g.value(n.in[0]).fact.dims[1];
  if (w.dims[1] != 1 || AttrReader(n).i64("group", 1) != channels) return Plain::kSlow;
  const auto strides = AttrReader(n).ints("strides");
  if (channels > 1 && w.dims[0] > channels && w.rank() <= 4) return Plain::kFaster;
  // With strides a part of the input is read where it lies; channels last all of it would be moved. Short
  // rows are gathered, which takes longer than that where many places of the window see every input; and with
  // short vectors where there are more than a few.
  constexpr int64_t kFewTaps = 7, kManyTaps = 25, kShortRow = 16, kManyChannels = 32;
  if (w.rank() == 4 && strides.size() == 2 && strides[1] > 1) {
    const int64_t taps = w.dims[2] * w.dims[3];
    const bool short_row = g.value(n.out[0]).fact.dims[3] <= kShortRow;
    const bool slow = isa::runs_on(isa::kAvx512Level, options.isa)
                          ? short_row && taps > kManyTaps && channels >= kManyChannels
                          : short_row || taps > kFewTaps;
    return slow ? Plain::kSlow : Plain::kFast;
  }
  if (w.rank() == 3) return w.dims[0] == channels ? Plain::kFast : Plain::kSlow;
  // Long rows, and too few channels for a vector: measured with AVX2 (bench/results/untuned.md).
  constexpr int64_t kLongRow = 28, kVector = 8;
  const bool short_vectors =
      isa::runs_on(isa::kAvx2Level, options.isa) && !isa::runs_on(isa::kAvx512Level, options.isa);
  const bool rows = w.rank() == 4 && (channels < kVector || g.value(n.out[0]).fact.dims[3] >= kLongRow);
  return short_vectors && rows ? Plain::kFast : Plain::kSlow;
}

// The kernel of row-major convolutions takes those only that it is the faster for, reorders included.
bool is_columns(const KernelDef* kernel) {
  return std::string_view(kernel->name).find("conv_columns:") != std::string_view::npos;
}

// Channels last, measured in docs/decisions/layouts.md. Without vectors nothing is gained by it.
Layout preferred(const KernelOptions& options) {
  const bool vectors = isa::runs_on(isa::kAvx2Level, options.isa) || (options.isa & isa::kNeon) != 0;
  return vectors ? Layout::kChannelsLast : Layout::kPlain;
}

}  // namespace

std::vector<Operand> Compiler::operands(std::span<const ValueId> ids) const {
  std::vector<Operand> list(ids.size());
  for (size_t i = 0; i < ids.size(); ++i) {
    if (ids[i] == kNoValue) continue;
    const Value& v = g_.value(ids[i]);
    list[i].dtype = v.fact.dtype;
    list[i].dims = v.fact.dims;
    list[i].layout = layout(ids[i]);
    if (v.is_constant()) list[i].constant = &v.constant;
  }
  return list;
}

bool Compiler::is_dynamic(const Node& n) const {
  if ((n.op->traits & (kHasBody | kOnSequences)) != 0) return true;
  const auto unknown = [&](ValueId v) {
    if (v == kNoValue) return false;
    const Fact& f = g_.value(v).fact;
    return !f.is_static() || f.dtype == DType::kString || f.dtype == DType::kUndefined;
  };
  return std::any_of(n.in.begin(), n.in.end(), unknown) || std::any_of(n.out.begin(), n.out.end(), unknown);
}

ValueId Compiler::in_layout(ValueId v, Layout l) {
  if (v == kNoValue || layout(v) == l) return v;
  ValueId& to = reordered_[{v, l}];
  if (to == 0) {
    Node n;
    n.op = &ops::get("Reorder", "lite");
    n.name = g_.value(v).name + ":" + layout_name(l);
    to = g_.add_value(n.name, g_.value(v).fact);
    n.set("from", std::string(layout_name(layout(v))));
    n.set("to", std::string(layout_name(l)));
    n.in = {v};
    n.out = {to};
    g_.add_node(std::move(n));
    set_layout(to, l);
  }
  return to;
}

const KernelDef* Compiler::kernel_for(const Node& n, std::span<const Layout> in,
                                      std::span<const Layout> out) const {
  std::vector<Operand> x = operands(n.in), y = operands(n.out);
  for (size_t i = 0; i < x.size(); ++i) x[i].layout = in[i];
  for (size_t i = 0; i < y.size(); ++i) y[i].layout = out[i];
  return kernels::find(NodeQuery{n, x, y, options_.kernel});
}

void Compiler::lay_out_node(NodeId id) {
  const Node& n = g_.node(id);
  std::vector<Layout> in(n.in.size(), Layout::kPlain), out(n.out.size(), Layout::kPlain);
  const KernelDef* found = nullptr;
  // Nodes that are added move `n`.
  const auto apply = [&] {
    found_[static_cast<size_t>(id)] = found;
    for (size_t i = 0; i < out.size(); ++i)
      if (n.out[i] != kNoValue) set_layout(n.out[i], out[i]);
    for (size_t i = 0; i < in.size(); ++i) {
      const ValueId to = in_layout(g_.node(id).in[i], in[i]);
      g_.node(id).in[i] = to;
    }
  };
  if (is_dynamic(n) || plain_only_.count(n.name) != 0 || n.in.empty() || n.in[0] == kNoValue) return apply();

  const auto rank = [&](ValueId v) { return v == kNoValue ? size_t{0} : g_.value(v).fact.rank(); };
  // Values of the image's rank that are computed, not constants, take part in the region's layout. The image
  // is the first of them.
  const auto image = std::find_if(n.in.begin(), n.in.end(),
                                  [&](ValueId v) { return v != kNoValue && !g_.value(v).is_constant(); });
  const size_t image_rank = rank(image == n.in.end() ? n.in[0] : *image);
  const auto follows = [&](ValueId v) {
    return v != kNoValue && rank(v) == image_rank && !g_.value(v).is_constant();
  };
  const auto try_layouts = [&](Layout image_in, Layout image_out) {
    for (size_t i = 0; i < in.size(); ++i) in[i] = follows(n.in[i]) ? image_in : Layout::kPlain;
    for (size_t i = 0; i < out.size(); ++i)
      out[i] = n.out[i] != kNoValue && rank(n.out[i]) == image_rank ? image_out : Layout::kPlain;
    // A residual lies as the output does, weights as they are.
    if (is_anchor(n.op->name))
      for (size_t i = 1; i < in.size(); ++i)
        in[i] = i == residual_of(n.op->name) && follows(n.in[i]) &&
                        g_.value(n.in[i]).fact.dims == g_.value(n.out[0]).fact.dims
                    ? image_out
                    : Layout::kPlain;
    found = kernel_for(n, in, out);
    return found != nullptr;
  };

  if (image_rank >= 3 && image_rank <= 5) {
    if (is_anchor(n.op->name)) {
      const Layout want = preferred(options_.kernel), has = layout(n.in[0]);
      const Plain plain = plain_speed(n, g_, options_.kernel);
      const bool alone = has == Layout::kPlain && !feeds_anchor(n.out[0]);
      const bool between = alone && plain == Plain::kFast;
      if ((between || plain == Plain::kFaster) && try_layouts(Layout::kPlain, Layout::kPlain)) return apply();
      const bool rows = n.in.size() <= 3 || n.in[3] == kNoValue || layout(n.in[3]) == Layout::kPlain;
      if (alone && rows && try_layouts(Layout::kPlain, Layout::kPlain) && is_columns(found)) return apply();
      // A kernel that reads a picture as it is and leaves its result as the next one wants it.
      if (has == Layout::kPlain && try_layouts(Layout::kPlain, want)) return apply();
      if (try_layouts(want, want)) return apply();
      if (has != want && try_layouts(has, has)) return apply();
    } else {
      // The first input that is not row-major decides.
      const auto other = std::find_if(n.in.begin(), n.in.end(),
                                      [&](ValueId v) { return follows(v) && layout(v) != Layout::kPlain; });
      if (other != n.in.end()) {
        if (try_layouts(layout(*other), layout(*other))) return apply();
      } else if (feeds_anchor(n.out[0]) && try_layouts(Layout::kPlain, preferred(options_.kernel))) {
        return apply();  // a kernel that leaves its result as the convolution wants it saves a reorder
      }
    }
  }
  found = nullptr;
  std::fill(in.begin(), in.end(), Layout::kPlain);
  std::fill(out.begin(), out.end(), Layout::kPlain);
  apply();
}

bool Compiler::wants_layouts() const {
  for (NodeId id = 0; id < g_.num_nodes(); ++id)
    if (g_.alive(id) && is_anchor(g_.node(id).op->name)) return options_.optimise;
  return false;
}

Status Compiler::assign_layouts() {
  layout_.assign(static_cast<size_t>(g_.num_values()), Layout::kPlain);
  feeds_anchor_.assign(layout_.size(), 0);
  found_.assign(static_cast<size_t>(g_.num_nodes()), nullptr);
  if (!wants_layouts()) return ok();
  LITE_ASSIGN(const std::vector<NodeId> order, g_.topological_order());
  for (const NodeId id : order)
    if (is_anchor(g_.node(id).op->name))
      for (const ValueId v : g_.node(id).in)
        if (v != kNoValue) feeds_anchor_[static_cast<size_t>(v)] = 1;
  for (const NodeId id : order) lay_out_node(id);
  for (ValueId& v : g_.outputs)
    if (g_.value(v).fact.kind == Kind::kTensor) v = in_layout(v, Layout::kPlain);
  return ok();
}

}  // namespace lite
