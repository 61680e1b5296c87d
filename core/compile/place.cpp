// Gives every value a place: in the arena, in the caller's memory, or inside another value's place.
//
// Values that are the same bytes (reshapes, slices along the outermost dimension, parts of a concat, results
// computed over a dead input) form a tree; its root owns the bytes. Only roots are planned.

#include <algorithm>
#include <cassert>
#include <climits>
#include <cstring>
#include <string_view>

#include "core/compile/compiler.h"
#include "core/compile/memory_plan.h"
#include "core/ops/registry.h"

namespace lite {
namespace {

constexpr size_t kAlign = 64;
using Where = Program::Buffer::Where;

struct Place {
  ValueId parent;     // itself for a root
  size_t offset = 0;  // in the parent
  size_t bytes = 0;
  Where where = Where::kArena;
  uint32_t index = 0;
  int32_t first = INT_MAX, last = -1;  // steps
};

// The dimensions in the order in which they lie in memory; the blocked ones carry the block as the last.
Dims stored_dims(const Dims& dims, Layout l) {
  Dims d = dims;
  if (l == Layout::kChannelsLast) {
    d.push_back(d[1]);
    d.erase(1);
  } else if (l != Layout::kPlain) {
    const int64_t block = l == Layout::kBlocked8 ? 8 : 16;
    d[1] = ceil_div(d[1], block);
    d.push_back(block);
  }
  return d;
}

class Placer {
 public:
  Placer(const Graph& g, const std::vector<Layout>& layouts, const std::vector<char>& whole_batch)
      : g_(g), layouts_(layouts), whole_batch_(whole_batch) {}

  Layout layout(ValueId v) const { return layouts_[static_cast<size_t>(v)]; }
  bool is_static(ValueId v) const {
    const Fact& f = g_.value(v).fact;
    return f.is_static() && f.dtype != DType::kString && f.dtype != DType::kUndefined;
  }
  Place& at(ValueId v) { return places_[static_cast<size_t>(v)]; }

  ValueId root_of(ValueId v, size_t* offset) {
    size_t sum = 0;
    while (at(v).parent != v) {
      sum += at(v).offset;
      v = at(v).parent;
    }
    *offset = sum;
    return v;
  }
  ValueId root_of(ValueId v) {
    size_t ignored;
    return root_of(v, &ignored);
  }
  // v's bytes are its root's, all of them.
  bool whole(ValueId v) {
    size_t offset;
    const ValueId r = root_of(v, &offset);
    return offset == 0 && at(r).bytes == at(v).bytes;
  }

  void init(const std::vector<Program::Step>& steps) {
    const auto n = static_cast<size_t>(g_.num_values());
    places_.resize(n);
    last_use_.assign(n, -1);
    for (ValueId v = 0; v < g_.num_values(); ++v) {
      Place& p = at(v);
      p.parent = v;
      const Value& val = g_.value(v);
      if (val.is_constant())
        p.where = Where::kConstant;
      else if (!is_static(v))
        p.where = Where::kDynamic;
      if (is_static(v)) p.bytes = layout_bytes(val.fact.dtype, val.fact.dims, layout(v));
    }
    for (size_t i = 0; i < g_.inputs.size(); ++i) {
      at(g_.inputs[i]).where = Where::kInput;
      at(g_.inputs[i]).index = static_cast<uint32_t>(i);
    }
    for (size_t s = 0; s < steps.size(); ++s)
      for (const ValueId v : steps[s].node.in)
        if (v != kNoValue) last_use_[static_cast<size_t>(v)] = static_cast<int32_t>(s);
    for (const ValueId v : g_.outputs) last_use_[static_cast<size_t>(v)] = INT_MAX;
    tree_last_use_ = last_use_;
  }

  // The last step that needs any part of a root's tree as far as it has grown.
  int32_t tree_last_use(ValueId root) const { return tree_last_use_[static_cast<size_t>(root)]; }

  // Precondition: child is a root.
  void attach(ValueId child, ValueId parent, size_t offset) {
    at(child).parent = parent;
    at(child).offset = offset;
    int32_t& last = tree_last_use_[static_cast<size_t>(root_of(parent))];
    last = std::max(last, tree_last_use(child));
  }

  bool is_output(ValueId v) const { return last_use_[static_cast<size_t>(v)] == INT_MAX; }

  // A value that exists for a few images at a time (micro_batches.cpp) is not inside one for the whole batch,
  // nor the other way round.
  bool apart(ValueId a, ValueId b) const {
    return whole_batch_[static_cast<size_t>(a)] != whole_batch_[static_cast<size_t>(b)];
  }
  // Nodes that run several times and take or leave a part of a whole batch have no views of it.
  bool may_view(const Node& n, bool grouped) const {
    if (!grouped) return true;
    const auto part = [&](ValueId v) {
      return v == kNoValue || g_.value(v).is_constant() || whole_batch_[static_cast<size_t>(v)] == 0;
    };
    return std::all_of(n.in.begin(), n.in.end(), part) && std::all_of(n.out.begin(), n.out.end(), part);
  }

  // Output i is input 0 from some byte on: nothing to compute. True when all outputs are.
  bool try_views(const Node& n) {
    if (n.in.empty() || n.in[0] == kNoValue || !is_static(n.in[0])) return false;
    const ValueId x = n.in[0];
    for (const ValueId v : n.out)
      if (v != kNoValue && (!is_static(v) || is_output(v))) return false;
    const std::string_view op = n.op->name;
    if ((n.op->traits & kMetadataOnly) != 0) {
      if (layout(x) != Layout::kPlain || layout(n.out[0]) != Layout::kPlain ||
          at(x).bytes != at(n.out[0]).bytes)
        return false;
      for (size_t i = 1; i < n.out.size(); ++i)
        if (n.out[i] != kNoValue) return false;
      attach(n.out[0], x, 0);
      return true;
    }
    if (op == "Reorder") {
      // With one pixel an image lies the same whatever the layout, unless channels are padded.
      const Dims& d = g_.value(x).fact.dims;
      if (at(x).bytes != at(n.out[0]).bytes) return false;
      for (size_t i = 2; i < d.size(); ++i)
        if (d[i] != 1) return false;
      attach(n.out[0], x, 0);
      return true;
    }
    if (op == "Split") return try_split(n, x);
    if (op == "Slice") return try_slice(n, x);
    return false;
  }

  // The axis' place in the stored order when everything outside it has extent 1, else -1.
  int64_t outermost(const Dims& dims, Layout l, int64_t axis) const {
    if (l != Layout::kPlain && (axis != 1 || l == Layout::kChannelsLast)) return -1;
    const Dims stored = stored_dims(dims, l);
    for (int64_t i = 0; i < axis; ++i)
      if (stored[static_cast<size_t>(i)] != 1) return -1;
    return axis;
  }
  bool block_fits(ValueId v, Layout l) const {
    const int64_t block = l == Layout::kBlocked8 ? 8 : l == Layout::kBlocked16 ? 16 : 1;
    return l == layout(v) && g_.value(v).fact.dims[1 % g_.value(v).fact.rank()] % block == 0;
  }

  bool try_split(const Node& n, ValueId x) {
    const Fact& f = g_.value(x).fact;
    const int64_t rank = static_cast<int64_t>(f.rank());
    int64_t axis = AttrReader(n).i64("axis", 0);
    if (rank == 0) return false;
    if (axis < 0) axis += rank;
    if (outermost(f.dims, layout(x), axis) < 0) return false;
    size_t offset = 0;
    for (const ValueId v : n.out) {
      if (v == kNoValue) return false;
      if (layout(v) != layout(x) || (layout(x) != Layout::kPlain && !block_fits(v, layout(x)))) return false;
    }
    for (const ValueId v : n.out) {
      attach(v, x, offset);
      offset += at(v).bytes;
    }
    return true;
  }

  bool try_slice(const Node& n, ValueId x) {
    const Fact& in = g_.value(x).fact;
    const Fact& out = g_.value(n.out[0]).fact;
    if (layout(x) != Layout::kPlain || in.rank() != out.rank() || n.in.size() < 3) return false;
    const auto constant = [&](size_t i) -> const Tensor* {
      if (i >= n.in.size() || n.in[i] == kNoValue || !g_.value(n.in[i]).is_constant()) return nullptr;
      return &g_.value(n.in[i]).constant;
    };
    const Tensor *starts = constant(1), *axes = constant(3), *steps = constant(4);
    if (starts == nullptr || starts->elements() != 1) return false;
    if (n.in.size() > 3 && n.in[3] != kNoValue && axes == nullptr) return false;
    if (n.in.size() > 4 && n.in[4] != kNoValue && (steps == nullptr || steps->int_at(0) != 1)) return false;
    const int64_t rank = static_cast<int64_t>(in.rank());
    int64_t axis = axes == nullptr ? 0 : axes->int_at(0);
    if (axis < 0) axis += rank;
    if (axis < 0 || axis >= rank || outermost(in.dims, Layout::kPlain, axis) < 0) return false;
    const int64_t extent = in.dims[static_cast<size_t>(axis)];
    int64_t start = starts->int_at(0);
    if (start < 0) start += extent;
    start = std::clamp<int64_t>(start, 0, extent);
    if (extent == 0 || at(n.out[0]).bytes == 0) return false;
    attach(n.out[0], x, at(x).bytes / static_cast<size_t>(extent) * static_cast<size_t>(start));
    return true;
  }

  // Lets the inputs of a concat be computed where they will lie. True when nothing is left to copy.
  bool try_concat(const Node& n) {
    const ValueId y = n.out[0];
    if (!is_static(y)) return false;
    const Fact& f = g_.value(y).fact;
    int64_t axis = AttrReader(n).i64("axis", 0);
    if (axis < 0) axis += static_cast<int64_t>(f.rank());
    const Layout l = layout(y);
    if (outermost(f.dims, l, axis) < 0) return false;
    std::vector<ValueId> roots;
    for (const ValueId v : n.in) {
      if (v == kNoValue || !is_static(v) || layout(v) != l || (l != Layout::kPlain && !block_fits(v, l)))
        return false;
      const ValueId r = root_of(v);
      if (!whole(v) || at(r).where != Where::kArena || is_output(v)) return false;
      if (std::find(roots.begin(), roots.end(), r) != roots.end()) return false;
      roots.push_back(r);
    }
    size_t offset = 0;
    for (size_t i = 0; i < roots.size(); ++i) {
      attach(roots[i], y, offset);
      offset += at(n.in[i]).bytes;
    }
    return true;
  }

  void try_in_place(const Node& n, const KernelDef* k, int32_t step, std::span<const Operand> in,
                    std::span<const Operand> out, const KernelOptions& options) {
    if (n.out.empty() || n.out[0] == kNoValue) return;
    const ValueId y = n.out[0];
    if (at(y).parent != y) return;
    for (size_t i = 0; i < n.in.size(); ++i) {
      const ValueId x = n.in[i];
      if (x == kNoValue || !is_static(x) || at(x).bytes != at(y).bytes || apart(x, y)) continue;
      if (std::count(n.in.begin(), n.in.end(), x) != 1) continue;
      const ValueId r = root_of(x);
      if (at(r).where != Where::kArena || !whole(x) || tree_last_use(r) != step) continue;
      // Another input may be a view of the same bytes.
      const bool shared = std::any_of(n.in.begin(), n.in.end(), [&](ValueId w) {
        return w != kNoValue && w != x && is_static(w) && root_of(w) == r;
      });
      if (shared || !k->in_place(NodeQuery{n, in, out, options}, i)) continue;
      attach(y, x, 0);
      return;
    }
  }

  const Graph& g_;
  const std::vector<Layout>& layouts_;
  const std::vector<char>& whole_batch_;
  std::vector<Place> places_;
  std::vector<int32_t> last_use_, tree_last_use_;
};

}  // namespace

Status Compiler::place() {
  layout_.resize(static_cast<size_t>(g_.num_values()), Layout::kPlain);
  Program& p = *program_;
  whole_batch_.resize(static_cast<size_t>(g_.num_values()), 1);
  Placer placer(g_, layout_, whole_batch_);
  placer.init(p.steps_);

  std::vector<char> dropped(p.steps_.size(), 0);
  for (size_t s = 0; s < p.steps_.size(); ++s) {
    const Node& n = p.steps_[s].node;
    if (p.steps_[s].kernel == nullptr) continue;
    if (!options_.optimise) continue;
    if (placer.may_view(n, group_of(step_nodes_[s]) >= 0) &&
        (placer.try_views(n) || (std::string_view(n.op->name) == "Concat" && placer.try_concat(n)))) {
      dropped[s] = 1;
      continue;
    }
    if (step_kernels_[s] != nullptr && step_kernels_[s]->in_place != nullptr)
      placer.try_in_place(n, step_kernels_[s], static_cast<int32_t>(s), operands(step_nodes_[s], n.in),
                          operands(step_nodes_[s], n.out), options_.kernel);
  }

  // Graph outputs are computed in the caller's memory where their root is theirs alone; others are copied at
  // the end.
  struct Copy {
    ValueId from;
    uint32_t output;
  };
  std::vector<Copy> copies;
  for (size_t i = 0; i < g_.outputs.size(); ++i) {
    const ValueId v = g_.outputs[i];
    if (!placer.is_static(v)) {
      if (placer.at(v).where != Where::kDynamic) copies.push_back({v, static_cast<uint32_t>(i)});
      continue;
    }
    const ValueId r = placer.root_of(v);
    Place& root = placer.at(r);
    if (root.where == Where::kArena && placer.whole(v) && g_.value(v).producer != kNoNode) {
      root.where = Where::kOutput;
      root.index = static_cast<uint32_t>(i);
    } else {
      copies.push_back({v, static_cast<uint32_t>(i)});
    }
  }

  // Slots. The null slot first, then one a value that a step touches.
  p.slots_.emplace_back();
  std::vector<uint32_t> slot_of(static_cast<size_t>(g_.num_values()), Program::kNone);
  std::vector<ValueId> value_of{kNoValue};
  const auto slot = [&](ValueId v) {
    if (v == kNoValue) return Program::kNone;
    uint32_t& s = slot_of[static_cast<size_t>(v)];
    if (s == Program::kNone) {
      s = static_cast<uint32_t>(p.slots_.size());
      p.slots_.push_back({g_.value(v).name, g_.value(v).fact, layout(v), {}});
      value_of.push_back(v);
    }
    return s;
  };
  for (const ValueId v : g_.inputs) p.inputs_.push_back(slot(v));
  // A value as a group of nodes sees it: a window that moves over the whole batch, or all of it.
  std::map<std::pair<ValueId, int32_t>, uint32_t> windows;
  const auto slot_in = [&](int32_t group, ValueId v) {
    const uint32_t whole = slot(v);
    if (group < 0 || v == kNoValue || g_.value(v).is_constant() || whole_batch_[static_cast<size_t>(v)] == 0)
      return whole;
    uint32_t& s = windows[{v, group}];
    if (s == Program::kNone) {
      s = static_cast<uint32_t>(p.slots_.size());
      p.slots_.push_back(p.slots_[whole]);
      Fact& fact = p.slots_[s].fact;
      fact.dims[0] = groups_[static_cast<size_t>(group)].images;
      value_of.push_back(v);
      p.micro_batches_.back().windows.push_back({s, whole, layout_bytes(fact.dtype, fact.dims, layout(v))});
    }
    return s;
  };

  std::vector<Program::Step> kept;
  kept.reserve(p.steps_.size());
  const auto touch = [&](ValueId v) {
    if (!placer.is_static(v)) return;
    Place& root = placer.at(placer.root_of(v));
    root.first = std::min(root.first, static_cast<int32_t>(kept.size()));
    root.last = std::max(root.last, static_cast<int32_t>(kept.size()));
  };
  size_t workspace = 0;
  int32_t last_group = -1;
  std::vector<int32_t> dynamic_last(static_cast<size_t>(g_.num_values()), -1);
  for (size_t s = 0; s < p.steps_.size(); ++s) {
    if (dropped[s]) continue;
    Program::Step& step = p.steps_[s];
    const Node& n = step.node;
    const int32_t group = group_of(step_nodes_[s]);
    const auto at = static_cast<uint32_t>(kept.size());
    if (group >= 0) {
      if (group != last_group)
        p.micro_batches_.push_back(
            {.first = at, .count = static_cast<uint32_t>(groups_[static_cast<size_t>(group)].count)});
      p.micro_batches_.back().last = at;
      last_group = group;
    }
    for (size_t i = 0; i < n.in.size(); ++i) {
      const ValueId v = n.in[i];
      const bool read = v != kNoValue &&
                        (step.kernel == nullptr || !g_.value(v).is_constant() || step.kernel->reads_input(i));
      step.in.push_back(read ? slot_in(group, v) : Program::kNone);
      if (!read) continue;
      touch(v);
      dynamic_last[static_cast<size_t>(v)] = static_cast<int32_t>(kept.size());
    }
    for (const ValueId v : n.out) {
      step.out.push_back(slot_in(group, v));
      if (v == kNoValue) continue;
      touch(v);
      dynamic_last[static_cast<size_t>(v)] = static_cast<int32_t>(kept.size());
    }
    if (step.kernel != nullptr) workspace = std::max(workspace, step.kernel->workspace_bytes());
    kept.push_back(std::move(step));
  }

  // The whole batch is needed as long as its parts are.
  for (const Program::MicroBatches& m : p.micro_batches_)
    for (const Program::MicroBatches::Window& w : m.windows) {
      Place& root = placer.at(placer.root_of(value_of[w.of]));
      root.first = std::min(root.first, static_cast<int32_t>(m.first));
      root.last = std::max(root.last, static_cast<int32_t>(m.last));
    }

  // Outputs that could not be made in place.
  p.outputs_.resize(g_.outputs.size(), Program::kNone);
  for (size_t i = 0; i < g_.outputs.size(); ++i) p.outputs_[i] = slot(g_.outputs[i]);
  for (const Copy& c : copies) {
    const Value& v = g_.value(c.from);
    Program::Step step;
    step.node.op = &ops::get("Identity");
    step.node.name = v.name;
    step.in = {slot(c.from)};
    const auto out = static_cast<uint32_t>(p.slots_.size());
    Program::Slot s{v.name, v.fact, Layout::kPlain, {Where::kOutput, c.output, 0}};
    if (!placer.is_static(c.from)) s.buffer = {Where::kDynamic, 0, 0};  // numbered below
    p.slots_.push_back(s);
    value_of.push_back(kNoValue);
    step.out = {out};
    p.outputs_[c.output] = out;
    if (placer.is_static(c.from)) {
      const std::vector<ValueId> one{c.from};
      const std::vector<Operand> x = operands(one);
      step.kernel = make_reference_kernel(step.node, x, x);
      step.kernel_name = "copy";
      touch(c.from);
    } else {
      step.kernel_name = "dynamic";
    }
    kept.push_back(std::move(step));
  }
  p.steps_ = std::move(kept);

  // The arena.
  std::vector<Lifetime> lifetimes;
  std::vector<ValueId> planned;
  for (ValueId v = 0; v < g_.num_values(); ++v) {
    const Place& at = placer.at(v);
    if (at.parent != v || at.where != Where::kArena || at.last < 0) continue;
    lifetimes.push_back({at.bytes, at.first, at.last});
    planned.push_back(v);
  }
  LITE_ASSIGN(const MemoryPlan plan, plan_memory(lifetimes, kAlign));
  assert(check_plan(plan, lifetimes, kAlign).is_ok());
  std::vector<size_t> arena_offset(static_cast<size_t>(g_.num_values()), 0);
  for (size_t i = 0; i < planned.size(); ++i) arena_offset[static_cast<size_t>(planned[i])] = plan.offsets[i];
  p.workspace_offset_ = plan.total;
  p.arena_bytes_ = plan.total + workspace;
  if (p.arena_bytes_ < workspace || p.arena_bytes_ > options_.arena_limit_bytes)
    return fail(Code::kLimitExceeded, "the model needs ", p.arena_bytes_,
                " bytes of working memory for these inputs; the limit is ", options_.arena_limit_bytes,
                " (arena_limit)");

  for (size_t s = 1; s < p.slots_.size(); ++s) {
    Program::Slot& out = p.slots_[s];
    if (value_of[s] == kNoValue) {
      if (out.buffer.where == Where::kDynamic) out.buffer.index = static_cast<uint32_t>(p.num_dynamic_++);
      continue;
    }
    size_t offset;
    const ValueId r = placer.root_of(value_of[s], &offset);
    const Place& root = placer.at(r);
    out.buffer = {root.where, root.index, offset};
    if (root.where == Where::kArena) out.buffer.offset += arena_offset[static_cast<size_t>(r)];
    if (root.where == Where::kConstant) {
      out.buffer.index = static_cast<uint32_t>(p.constants_.size());
      LITE_ASSIGN(Tensor constant, aligned(g_.value(r).constant));
      p.constants_.push_back(std::move(constant));
    }
    // A dynamic input or value has a slot of its own for the session to fill.
    if (!placer.is_static(value_of[s]) && root.where != Where::kConstant)
      out.buffer = {Where::kDynamic, static_cast<uint32_t>(p.num_dynamic_++), 0};
  }
  for (size_t s = 1; s < p.slots_.size(); ++s) {
    if (value_of[s] == kNoValue || p.slots_[s].buffer.where != Where::kDynamic) continue;
    const bool is_output = std::find(p.outputs_.begin(), p.outputs_.end(), s) != p.outputs_.end();
    const int32_t last = dynamic_last[static_cast<size_t>(value_of[s])];
    const bool copied = std::any_of(copies.begin(), copies.end(),
                                    [&](const Copy& c) { return slot_of[static_cast<size_t>(c.from)] == s; });
    if (!is_output && !copied && last >= 0)
      p.steps_[static_cast<size_t>(last)].release.push_back(static_cast<uint32_t>(s));
  }
  return ok();
}

// A copy that all programs share, when it does not lie as kernels read it.
Result<Tensor> Compiler::aligned(const Tensor& constant) {
  constant.keep();
  if (constant.is_aligned()) return constant;
  LITE_ASSIGN(const auto copy,
              packs_.get(constant, "aligned", constant.bytes(), [&](void* to, const void* from) -> Status {
                std::memcpy(to, from, constant.bytes());
                return ok();
              }));
  return Tensor::view(constant.dtype(), constant.dims(), static_cast<const void*>(copy->data.get()), copy);
}

size_t Program::constant_bytes() const {
  size_t sum = 0;
  for (const Tensor& t : constants_) sum += t.bytes();
  return sum;
}

size_t Program::own_bytes() const {
  size_t sum = slots_.size() * sizeof(Slot) + steps_.size() * sizeof(Step);
  for (const Step& s : steps_)
    if (s.kernel) sum += s.kernel->packed_bytes();
  return sum;
}

std::string Program::dump() const {
  std::ostringstream text;
  const auto place = [&](uint32_t id) {
    if (id == kNone) return std::string("-");
    const Slot& s = slots_[id];
    constexpr const char* kWhere[] = {"none", "arena", "const", "in", "out", "dyn"};
    return cat(dtype_name(s.fact.dtype), s.fact.dims, s.layout == Layout::kPlain ? "" : ":",
               s.layout == Layout::kPlain ? "" : layout_name(s.layout), "@",
               kWhere[static_cast<size_t>(s.buffer.where)], "+", s.buffer.offset);
  };
  for (const Step& step : steps_) {
    text << step.node.op->name << " '" << step.node.name << "' [" << step.kernel_name << "]";
    for (const uint32_t id : step.in) text << ' ' << place(id);
    text << " ->";
    for (const uint32_t id : step.out) text << ' ' << place(id);
    text << '\n';
  }
  for (const MicroBatches& m : micro_batches_)
    text << "steps " << m.first << " to " << m.last << ' ' << m.count << " times\n";
  text << "arena " << arena_bytes_ << " bytes, constants " << constant_bytes() << " bytes\n";
  return text.str();
}

}  // namespace lite
