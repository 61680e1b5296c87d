// Attention, whether ONNX's operator or the products and the softmax that exporters write, becomes
// FusedAttention:
//   softmax(scale * Q K^T + mask) V
// with the scale before or after the product, on Q, on K or on both, a softcap, masks that are added or
// selected by Where, NaN replaced by 0 after the softmax, and the result or its transpose. Heads that are
// split, transposed, packed together or repeated around it are read and written where they are.

#include <algorithm>
#include <cmath>

#include "core/passes/passes.h"
#include "core/passes/shapes.h"
#include "core/passes/strided_view.h"

namespace lite::passes {
namespace {

// Wider ones are not heads; for them plain products are better.
constexpr int64_t kMaxHead = 1024;

bool right_type(DType t) { return t == DType::kF32 || t == DType::kF16 || t == DType::kBF16; }

// A mask on its way into the scores.
struct Mask {
  ValueId value;
  bool keeps = false, inverted = false;  // bool, true where the score stays, or where it does not
  double fill = 0;                       // what the score becomes otherwise
  Dims over;                             // shape of the scores there
};

// What comes before and after a softmax.
struct Found {
  NodeId scores = kNoNode, result = kNoNode;  // the two products
  double scale = 1, softcap = 0;
  std::vector<Mask> masks;  // the last one first
  bool clean = false;       // NaN becomes 0
  bool turned = false;      // the result is V^T times the transposed weights
};

bool keeps_matrices(const Rewriter& r, NodeId n) {
  const Fact &x = r.fact(r.in(n, 0)), &y = r.fact(r.out(n));
  return (r.node(n).op->traits & kMetadataOnly) != 0 && x.is_static() && y.is_static() && x.rank() >= 2 &&
         y.rank() >= 2 && std::equal(x.dims.end() - 2, x.dims.end(), y.dims.end() - 2);
}

// Both are computed as float32 here.
bool widens(const Rewriter& r, NodeId n) {
  return r.is(n, "Cast") && right_type(r.dtype(r.in(n, 0))) && r.dtype(r.out(n)) == DType::kF32;
}

bool read_scores(const Rewriter& r, ValueId x, Found& f, int depth);

bool read_sum(const Rewriter& r, NodeId n, Found& f, int depth) {
  if (f.scale != 1 || f.softcap != 0) return false;
  for (const size_t i : {size_t{0}, size_t{1}}) {
    const ValueId scores = r.in(n, i), mask = r.in(n, 1 - i);
    if (!same_shape(r.fact(scores), r.fact(r.out(n))) || !right_type(r.dtype(mask))) continue;
    Found tried = f;
    tried.masks.push_back({.value = mask, .over = r.fact(r.out(n)).dims});
    if (!read_scores(r, scores, tried, depth - 1)) continue;
    f = std::move(tried);
    return true;
  }
  return false;
}

bool read_where(const Rewriter& r, NodeId n, Found& f, int depth) {
  if (f.scale != 1 || f.softcap != 0) return false;
  const bool inverted = r.scalar(r.in(n, 1)).has_value();
  const auto fill = r.scalar(r.in(n, inverted ? 1 : 2));
  const ValueId scores = r.in(n, inverted ? 2 : 1);
  if (!fill || std::isnan(*fill) || !same_shape(r.fact(scores), r.fact(r.out(n)))) return false;
  f.masks.push_back({.value = r.in(n, 0),
                     .keeps = true,
                     .inverted = inverted,
                     .fill = *fill,
                     .over = r.fact(r.out(n)).dims});
  return read_scores(r, scores, f, depth - 1);
}

// Goes back from the softmax to the product.
bool read_scores(const Rewriter& r, ValueId x, Found& f, int depth) {
  const NodeId n = r.producer(x);
  if (n == kNoNode || depth == 0 || !r.used_once(x) || !r.fact(x).is_static()) return false;
  if (r.is(n, "MatMul")) {
    f.scores = n;
    return true;
  }
  if (r.is(n, "Add")) return read_sum(r, n, f, depth);
  if (r.is(n, "Where")) return read_where(r, n, f, depth);
  if (keeps_matrices(r, n) || widens(r, n)) return read_scores(r, r.in(n, 0), f, depth - 1);
  if (r.is(n, "Tanh") && f.softcap == 0) {
    f.softcap = f.scale;
    f.scale = 1;
    return f.softcap > 0 && read_scores(r, r.in(n, 0), f, depth - 1);
  }
  if (!r.is(n, "Mul")) return false;
  const auto product = r.scalar_and_other(n);
  if (!product || !std::isfinite(product->scalar) || !same_shape(r.fact(product->other), r.fact(x)))
    return false;
  f.scale *= product->scalar;
  return read_scores(r, product->other, f, depth - 1);
}

// v, or what it is once NaN is 0: Where(IsNaN(v), 0, v).
ValueId without_nan(const Rewriter& r, ValueId v, bool& clean) {
  if (r.is_output(v) || r.users(v).size() != 2) return v;
  for (const size_t i : {size_t{0}, size_t{1}}) {
    const NodeId test = r.users(v)[i], where = r.users(v)[1 - i];
    if (!r.is(test, "IsNaN") || !r.is(where, "Where") || r.only_user(r.out(test)) != where) continue;
    if (r.in(where, 0) != r.out(test) || r.scalar(r.in(where, 1)) != 0.0 || r.in(where, 2) != v) continue;
    clean = true;
    return r.out(where);
  }
  return v;
}

bool swaps_last_two(const Rewriter& r, NodeId n) {
  const auto perm = r.is(n, "Transpose") ? permutation(r, n) : std::nullopt;
  if (!perm || perm->size() < 2) return false;
  auto swapped = *perm;
  std::swap(swapped[swapped.size() - 1], swapped[swapped.size() - 2]);
  return is_identity(swapped);
}

// Goes on from the softmax to the product with V.
bool read_result(const Rewriter& r, ValueId w, Found& f) {
  w = without_nan(r, w, f.clean);
  for (NodeId n; (n = r.only_user(w)) != kNoNode; w = r.out(n)) {
    if (r.is(n, "MatMul") && r.in(n, f.turned ? 1 : 0) == w && r.in(n, f.turned ? 0 : 1) != w) {
      f.result = n;
      return true;
    }
    const bool narrows = r.is(n, "Cast") && right_type(r.dtype(r.out(n)));
    if (!f.turned && swaps_last_two(r, n))
      f.turned = true;
    else if (r.in(n, 0) != w || (!narrows && !keeps_matrices(r, n)))
      return false;
  }
  return false;
}

// Whether n is a product of stacks of matrices that are known.
bool is_stack(const Rewriter& r, NodeId n) {
  const auto fits = [&](ValueId v) { return r.fact(v).is_static() && r.fact(v).rank() >= 2; };
  return fits(r.in(n, 0)) && fits(r.in(n, 1)) && fits(r.out(n));
}

Dims stack_of(const Dims& batch, int64_t rows, int64_t columns) {
  Dims d(std::span<const int64_t>(batch).first(batch.size() - 2));
  d.push_back(rows);
  d.push_back(columns);
  return d;
}

// The view's matrices, rows and columns swapped.
void turn(StridedView& v) {
  std::swap(v.rows, v.columns);
  std::swap(v.at.row, v.at.column);
}

// Everything about a FusedAttention but the values of the masks.
struct Fused {
  StridedViews views;
  size_t q = 0, k = 0, v = 0, y = 0;
  double scale = 1;
  std::vector<Attr> attrs;
};

// Looks through what is around it and makes the node. `mask` and `filled`: places among the views; 0: none.
void finish(Rewriter& r, Fused& f, size_t mask = 0, size_t filled = 0) {
  StridedViews& s = f.views;
  Dims y_dims = r.fact(s[f.y].value).dims;
  s.look_back(r, f.q, &f.scale);
  s.look_back(r, f.k, &f.scale);
  s.look_back(r, f.v, nullptr);
  if (mask != 0) s.look_back(r, mask, nullptr);
  s.look_ahead(r, f.y, y_dims);
  s.merge();
  const ops::AttentionShape shape{.batch = s.batch,
                                  .queries = s[f.q].rows,
                                  .keys = s[f.k].rows,
                                  .head = s[f.q].columns,
                                  .v_head = s[f.v].columns,
                                  .q = s[f.q].at,
                                  .k = s[f.k].at,
                                  .v = s[f.v].at,
                                  .y = s[f.y].at,
                                  .mask = mask != 0 ? s[mask].at : ops::Matrices(),
                                  .filled = filled != 0 ? s[filled].at : ops::Matrices(),
                                  .y_dims = y_dims};
  std::vector<Attr> attrs;
  ops::write_attention(shape, mask != 0, filled != 0, attrs);
  if (f.scale != 1) attrs.push_back({"scale", static_cast<float>(f.scale)});
  attrs.insert(attrs.end(), f.attrs.begin(), f.attrs.end());
  std::vector<ValueId> in{s[f.q].value, s[f.k].value, s[f.v].value};
  if (mask != 0 || filled != 0) in.push_back(mask != 0 ? s[mask].value : kNoValue);
  if (filled != 0) in.push_back(s[filled].value);
  r.remake(s[f.y].value, "FusedAttention", std::move(in), std::move(attrs), "lite");
}

// One mask of all of them, added or selecting; nullopt when they do not go together.
Result<std::optional<Mask>> one_mask(Rewriter& r, const std::vector<Mask>& masks, DType type) {
  Mask all = masks[0];
  if (masks.size() == 1) {
    if (all.inverted) all.value = r.add("Not", {all.value});
    all.inverted = false;
    return std::optional(all);
  }
  for (const Mask& m : masks) {
    // Where replaces scores; a number that swallows any score when it is added does the same.
    constexpr double kSwallows = -1e30;
    if (m.keeps && m.fill > kSwallows) return std::optional<Mask>();
    if (!(m.over == all.over)) return std::optional<Mask>();
  }
  all = Mask{.value = kNoValue, .over = masks[0].over};
  for (const Mask& m : masks) {
    ValueId added = m.value;
    if (m.keeps) {
      LITE_ASSIGN(Tensor zero, filled(type, Dims(), 0));
      LITE_ASSIGN(Tensor fill, filled(type, Dims(), m.fill));
      const ValueId stays = r.add_constant({}, std::move(zero)), goes = r.add_constant({}, std::move(fill));
      added = m.inverted ? r.add("Where", {m.value, goes, stays}) : r.add("Where", {m.value, stays, goes});
    } else if (r.dtype(added) != type) {
      added = r.add("Cast", {added}, {{"to", static_cast<int64_t>(type)}});
    }
    all.value = all.value == kNoValue ? added : r.add("Add", {all.value, added});
  }
  return std::optional(all);
}

Status fuse_softmax(Rewriter& r, NodeId n) {
  const ValueId x = r.in(n, 0), w = r.out(n);
  const auto rank = static_cast<int64_t>(r.fact(x).rank());
  const int64_t axis = r.attrs(n).i64("axis", -1);
  if (!r.fact(x).is_static() || rank < 2 || (axis != -1 && axis != rank - 1)) return ok();
  Found found;
  constexpr int kDepth = 12;
  if (!read_scores(r, x, found, kDepth) || !read_result(r, w, found)) return ok();
  if (!is_stack(r, found.scores) || !is_stack(r, found.result)) return ok();
  const ValueId q = r.in(found.scores, 0), k = r.in(found.scores, 1), y = r.out(found.result),
                v = r.in(found.result, found.turned ? 0 : 1);
  const Dims &scores = r.fact(r.out(found.scores)).dims, &result = r.fact(y).dims;
  const DType type = r.dtype(q);
  if (!right_type(type) || r.dtype(k) != type || r.dtype(v) != type || r.dtype(y) != type) return ok();
  const int64_t queries = scores[scores.size() - 2], keys = scores.back(), head = r.fact(q).dims.back();
  const int64_t v_head = result[result.size() - (found.turned ? 2 : 1)];
  if (head > kMaxHead || v_head > kMaxHead) return ok();

  Fused f;
  StridedViews& s = f.views;
  const auto at_q = s.add(r, q, stack_of(scores, queries, head)),
             at_k = s.add(r, k, stack_of(scores, head, keys)),
             at_v =
                 s.add(r, v, found.turned ? stack_of(result, v_head, keys) : stack_of(result, keys, v_head)),
             at_y = s.add(r, y, result);
  if (!at_q || !at_k || !at_v || !at_y) return ok();
  // The weights are not broadcast in the second product.
  if (elements(scores) / keys * v_head != elements(result)) return ok();
  f.q = *at_q, f.k = *at_k, f.v = *at_v, f.y = *at_y;
  turn(s[f.k]);
  if (found.turned) turn(s[f.v]), turn(s[f.y]);
  size_t mask = 0;
  if (!found.masks.empty()) {
    StridedViews trial = s;
    for (const Mask& m : found.masks)
      if (!trial.add(r, m.value, m.over)) return ok();
    LITE_ASSIGN(const auto one, one_mask(r, found.masks, type));
    if (!one) return ok();
    mask = *s.add(r, one->value, one->over);
    if (one->keeps && one->fill != -INFINITY)
      f.attrs.push_back({"mask_value", static_cast<float>(one->fill)});
  }
  f.scale = found.scale * (found.softcap > 0 ? found.softcap : 1);
  if (found.softcap > 0) f.attrs.push_back({"softcap", static_cast<float>(found.softcap)});
  if (found.clean) f.attrs.push_back({"empty", static_cast<int64_t>(ops::EmptyRows::kClean)});
  finish(r, f, mask);
  return ok();
}

// Heads in a tensor [batch,seq,heads*width] or [batch,heads,seq,width]; `grouped`: with one more dimension of
// the batch, in which they are the same.
StridedView heads_of(const Rewriter& r, ValueId value, int64_t heads, bool grouped, int64_t rows) {
  const Dims& d = r.fact(value).dims;
  const bool flat = d.size() == 3;
  const int64_t width = flat ? d[2] / heads : d[3], seq = d[flat ? 1 : 2];
  StridedView v{value, rows, width, {}};
  v.at.batch = Dims{heads * seq * width, flat ? width : seq * width};
  if (grouped) v.at.batch.push_back(0);
  v.at.row = flat ? heads * width : width;
  v.at.column = 1;
  return v;
}

// [batch,seq,heads*width] as [batch,heads,seq,width].
ValueId split_heads(Rewriter& r, ValueId v, int64_t heads) {
  const Dims d = r.fact(v).dims;
  if (d.size() == 4) return v;
  const std::vector<int64_t> split{d[0], d[1], heads, d[2] / heads};
  const ValueId apart = r.add("Reshape", {v, r.add_constant({}, Tensor::vector_i64(split))});
  return r.add("Transpose", {apart}, {{"perm", std::vector<int64_t>{0, 2, 1, 3}}});
}

// All keys or values: those of the past, then the new ones; they become `present` where that is used.
ValueId with_past(Rewriter& r, ValueId past, ValueId fresh, int64_t heads, ValueId present) {
  if (past == kNoValue && !r.is_used(present)) return fresh;
  fresh = split_heads(r, fresh, heads);
  if (past == kNoValue) {
    r.remake(present, "Identity", {fresh});
    return fresh;
  }
  const std::vector<Attr> attrs{{"axis", int64_t{2}}};
  if (!r.is_used(present)) return r.add("Concat", {past, fresh}, attrs);
  r.remake(present, "Concat", {past, fresh}, attrs);
  return present;
}

// Whether FusedAttention can say all that the node does.
bool is_plain_attention(const Rewriter& r, NodeId n) {
  for (const ValueId v : r.node(n).in)
    if (v != kNoValue && !r.fact(v).is_static()) return false;
  const DType type = r.dtype(r.in(n, 0));
  if (!right_type(type) || r.dtype(r.in(n, 1)) != type || r.dtype(r.in(n, 2)) != type) return false;
  const ValueId mask = r.in(n, 3), y = r.out(n);
  if (y == kNoValue || !r.fact(y).is_static() || r.is_used(r.out(n, 3))) return false;
  return mask == kNoValue || (r.dtype(mask) != DType::kF64 && r.fact(mask).rank() >= 1);
}

// Attention's own mask: it broadcasts over all but the keys.
StridedView mask_of(const Rewriter& r, ValueId mask, int64_t queries, int64_t keys) {
  const Dims &d = r.fact(mask).dims, own = row_major_strides(d);
  int64_t steps[4] = {};
  for (size_t k = 0; k < d.size(); ++k) steps[4 - d.size() + k] = d[k] == 1 ? 0 : own[k];
  StridedView v{mask, queries, keys, {}};
  v.at.batch = Dims{steps[0], steps[1]};
  v.at.row = steps[2];
  v.at.column = 1;
  return v;
}

Status fuse_operator(Rewriter& r, NodeId n) {
  if (!is_plain_attention(r, n)) return ok();
  const AttrReader attrs = r.attrs(n);
  const ValueId q = r.in(n, 0), y = r.out(n), filled = r.in(n, 6), past_key = r.in(n, 4);
  ValueId k = r.in(n, 1), v = r.in(n, 2), mask = r.in(n, 3);
  const bool flat = r.fact(q).rank() == 3;
  const int64_t q_heads = flat ? attrs.i64("q_num_heads") : r.fact(q).dims[1],
                kv_heads = flat ? attrs.i64("kv_num_heads") : r.fact(k).dims[1];
  const int64_t batch = r.fact(q).dims[0], queries = r.fact(q).dims[flat ? 1 : 2];
  const int64_t past = past_key == kNoValue ? 0 : r.fact(past_key).dims[2],
                total = past + r.fact(k).dims[flat ? 1 : 2];
  // What a mask does not reach is masked.
  const int64_t keys = mask == kNoValue ? total : std::min(total, r.fact(mask).dims.back());
  for (const ValueId x : {q, k, v, y})
    if (elements(r.fact(x).dims) == 0) return ok();
  if (keys < 1 || (keys < total && filled != kNoValue)) return ok();

  Fused f;
  const int64_t head = flat ? r.fact(q).dims[2] / q_heads : r.fact(q).dims[3];
  f.scale =
      attrs.has("scale") ? static_cast<double>(attrs.f32("scale")) : 1 / std::sqrt(static_cast<double>(head));
  const int64_t left = attrs.i64("left_window_size", -1),
                right = attrs.i64("is_causal") != 0 ? 0 : attrs.i64("right_window_size", -1);
  if (left >= 0) f.attrs.push_back({"left", left});
  if (right >= 0) f.attrs.push_back({"right", right});
  if (past != 0) f.attrs.push_back({"first_query", past});
  if (const float cap = attrs.f32("softcap"); cap > 0) f.attrs.push_back({"softcap", cap});
  f.attrs.push_back({"empty", static_cast<int64_t>(ops::EmptyRows::kZero)});

  k = with_past(r, past_key, k, kv_heads, r.out(n, 1));
  v = with_past(r, r.in(n, 5), v, kv_heads, r.out(n, 2));
  const Dims own{batch, q_heads}, grouped{batch, kv_heads, q_heads / kv_heads};
  const auto add = [&](StridedView view, const Dims& dims) { return *f.views.add(std::move(view), dims); };
  f.q = add(heads_of(r, q, q_heads, false, queries), own);
  f.k = add(heads_of(r, k, kv_heads, true, keys), grouped);
  f.v = add(heads_of(r, v, kv_heads, true, keys), grouped);
  f.y = add(heads_of(r, y, q_heads, false, queries), own);
  size_t at_mask = 0, at_filled = 0;
  if (mask != kNoValue) {
    if (!right_type(r.dtype(mask)) && r.dtype(mask) != DType::kBool)
      mask = r.add("Cast", {mask}, {{"to", static_cast<int64_t>(DType::kF32)}});
    at_mask = add(mask_of(r, mask, queries, keys), own);
  }
  if (filled != kNoValue) {
    StridedView counts{filled, 1, 1, {}};
    counts.at.batch = Dims{1, 0};
    at_filled = add(std::move(counts), own);
  }
  finish(r, f, at_mask, at_filled);
  return ok();
}

}  // namespace

Result<bool> fuse_attention(Rewriter& r, const PassOptions&) {
  for (NodeId n = 0; n < r.num_nodes(); ++n) {
    if (r.is(n, "Softmax"))
      LITE_TRY(fuse_softmax(r, n));
    else if (r.is(n, "Attention"))
      LITE_TRY(fuse_operator(r, n));
  }
  return r.changed();
}

}  // namespace lite::passes
