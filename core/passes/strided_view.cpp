#include "core/passes/strided_view.h"

#include <algorithm>
#include <cmath>

#include "core/passes/shapes.h"

namespace lite::passes {
namespace {

struct Run {
  int64_t size, stride, step;
};

// Dimensions as runs of elements, those of one element left out and neighbours that go on alike as one.
std::vector<Run> runs(const Dims& dims, const Dims& steps) {
  std::vector<Run> list;
  int64_t stride = 1;
  for (size_t d = dims.size(); d-- > 0; stride *= dims[d]) {
    if (dims[d] == 1) continue;
    if (!list.empty() && steps[d] == list.back().step * list.back().size)
      list.back().size *= dims[d];
    else
      list.push_back({dims[d], stride, steps[d]});
  }
  return list;  // innermost first
}

// What element [i...] of y is in x, for a node that only moves elements: base + sum(i * steps).
struct Move {
  Dims steps;
  int64_t base = 0;
};

std::optional<Move> move_of_slice(const Rewriter& r, NodeId n, const Dims& x) {
  Move m{row_major_strides(x)};
  const Tensor* const starts = r.constant_in(n, 1);
  if (starts == nullptr) return std::nullopt;
  for (const size_t i : {size_t{3}, size_t{4}})
    if (r.in(n, i) != kNoValue &&
        (r.constant_in(n, i) == nullptr || r.constant_in(n, i)->elements() != starts->elements()))
      return std::nullopt;
  for (int64_t i = 0; i < starts->elements(); ++i) {
    int64_t axis = r.in(n, 3) == kNoValue ? i : r.constant_in(n, 3)->int_at(i), start = starts->int_at(i);
    const int64_t step = r.in(n, 4) == kNoValue ? 1 : r.constant_in(n, 4)->int_at(i);
    if (axis < 0) axis += static_cast<int64_t>(x.size());
    if (axis < 0 || axis >= static_cast<int64_t>(x.size()) || step < 1) return std::nullopt;
    const auto at = static_cast<size_t>(axis);
    if (start < 0) start += x[at];
    if (start < 0 || start >= x[at] || step > x[at]) return std::nullopt;
    m.base += start * m.steps[at];
    m.steps[at] *= step;
  }
  return m;
}

std::optional<Move> move_of(const Rewriter& r, NodeId n, ValueId y, const Dims& x) {
  if (r.is(n, "Transpose")) {
    const auto perm = permutation(r, n);
    if (!perm || perm->size() != x.size()) return std::nullopt;
    const Dims strides = row_major_strides(x);
    Move m;
    for (const int64_t p : *perm) m.steps.push_back(strides[static_cast<size_t>(p)]);
    return m;
  }
  if (r.is(n, "Slice")) return move_of_slice(r, n, x);
  if (r.is(n, "Split")) {
    int64_t axis = r.attrs(n).i64("axis");
    if (axis < 0) axis += static_cast<int64_t>(x.size());
    if (axis < 0 || axis >= static_cast<int64_t>(x.size())) return std::nullopt;
    Move m{row_major_strides(x)};
    for (const ValueId part : r.node(n).out) {
      if (part == y) return m;
      if (part == kNoValue || !r.fact(part).is_static()) return std::nullopt;
      m.base += r.fact(part).dims[static_cast<size_t>(axis)] * m.steps[static_cast<size_t>(axis)];
    }
    return std::nullopt;
  }
  if (r.is(n, "Expand") && x.size() <= r.fact(y).rank())
    return Move{ops::broadcast_strides(x, r.fact(y).dims)};
  return std::nullopt;
}

bool only_reshapes(const Rewriter& r, NodeId n) { return (r.node(n).op->traits & kMetadataOnly) != 0; }

}  // namespace

std::optional<size_t> StridedViews::add(const Rewriter& r, ValueId value, const Dims& over) {
  const Fact& f = r.fact(value);
  if (!f.is_static() || f.rank() > over.size() || over.size() < 2) return std::nullopt;
  for (const int64_t d : over)
    if (d < 1) return std::nullopt;
  const Dims steps = ops::broadcast_strides(f.dims, over);
  const size_t leading = over.size() - 2;
  StridedView view{value, over[leading], over[leading + 1], {}};
  view.at.row = steps[leading];
  view.at.column = steps[leading + 1];
  view.at.batch = Dims(std::span<const int64_t>(steps).first(leading));
  return add(std::move(view), Dims(std::span<const int64_t>(over).first(leading)));
}

std::optional<size_t> StridedViews::add(StridedView view, Dims own) {
  if (views_.empty()) {
    batch = own;
  } else {
    // From the innermost dimension on, the larger one is split where the smaller one ends.
    if (elements(own) != elements(batch)) return std::nullopt;
    size_t a = batch.size(), b = own.size();
    while (a > 0 || b > 0) {
      const int64_t x = a > 0 ? batch[a - 1] : 1, y = b > 0 ? own[b - 1] : 1;
      if (x == y && a > 0 && b > 0) {
        --a, --b;
      } else if (x == 1 && a > 0) {  // one more dimension of 1 here
        own.insert(b, 1);
        view.at.batch.insert(b, 0);
        --a;
      } else if (y == 1 && b > 0) {
        batch.insert(a, 1);
        for (StridedView& v : views_) v.at.batch.insert(a, 0);
        --b;
      } else if (a > 0 && b > 0 && x % y == 0) {
        split(a - 1, y);
        --b;  // the inner part is the dimension behind a - 1
      } else if (a > 0 && b > 0 && y % x == 0) {
        own[b - 1] = y / x;
        own.insert(b, x);
        view.at.batch.insert(b, view.at.batch[b - 1]);
        view.at.batch[b - 1] *= x;
        --a;
      } else {
        return std::nullopt;
      }
    }
  }
  views_.push_back(std::move(view));
  return views_.size() - 1;
}

void StridedViews::split(size_t d, int64_t inner) {
  batch[d] /= inner;
  batch.insert(d + 1, inner);
  for (StridedView& v : views_) {
    v.at.batch.insert(d + 1, v.at.batch[d]);
    v.at.batch[d] *= inner;
  }
}

bool StridedViews::rebase(size_t i, const Dims& dims, const Dims& steps, int64_t base) {
  const std::vector<Run> list = runs(dims, steps);
  std::vector<int64_t> last(list.size());  // the largest index that is reached in each
  int64_t offset = base;
  for (size_t k = 0; k < list.size(); ++k) {
    last[k] = views_[i].at.offset / list[k].stride % list[k].size;
    offset += last[k] * list[k].step;
  }
  // The step of `size` elements `step` apart, in the other tensor; nullopt when it is not one, after
  // splitting dimension `d` of the batch when that may help.
  enum class Found : uint8_t { kYes, kNo, kSplit };
  const auto convert = [&](int64_t size, int64_t& step, const size_t* d) {
    if (size == 1) step = 0;
    if (step == 0) return Found::kYes;
    size_t k = list.size();
    while (k > 0 && list[k - 1].stride > step) --k;
    if (k == 0 || step % list[k - 1].stride != 0) return Found::kNo;
    const Run& run = list[k - 1];
    const int64_t each = step / run.stride;
    if ((size - 1) > (run.size - 1) / each) {
      const int64_t inner = run.size / each;
      if (d == nullptr || run.size % each != 0 || inner < 2 || size % inner != 0) return Found::kNo;
      split(*d, inner);
      return Found::kSplit;
    }
    last[k - 1] += (size - 1) * each;
    step = each * run.step;
    return Found::kYes;
  };
  ops::Matrices to = views_[i].at;
  if (convert(views_[i].rows, to.row, nullptr) != Found::kYes ||
      convert(views_[i].columns, to.column, nullptr) != Found::kYes)
    return false;
  to.batch = Dims();
  for (size_t d = 0; d < batch.size(); ++d) {
    int64_t step = views_[i].at.batch[d];
    Found found = convert(batch[d], step, &d);
    if (found == Found::kSplit) {
      step = views_[i].at.batch[d];
      found = convert(batch[d], step, &d);
    }
    if (found != Found::kYes) return false;
    to.batch.push_back(step);
  }
  // Sums of indices must not carry from one run to the next.
  for (size_t k = 0; k < list.size(); ++k)
    if (last[k] >= list[k].size) return false;
  to.offset = offset;
  views_[i].at = std::move(to);
  return true;
}

bool StridedViews::look_back_once(const Rewriter& r, size_t i, double* factor) {
  const ValueId y = views_[i].value;
  const NodeId n = r.producer(y);
  if (n == kNoNode || !r.fact(y).is_static() || *r.node(n).op->domain != '\0') return false;
  if (factor != nullptr && r.is(n, "Mul")) {
    const auto product = r.scalar_and_other(n);
    if (!product || !std::isfinite(product->scalar) || !same_shape(r.fact(product->other), r.fact(y)))
      return false;
    *factor *= product->scalar;
    views_[i].value = product->other;
    return true;
  }
  const ValueId x = r.in(n, 0);
  if (x == kNoValue || !r.fact(x).is_static() || r.dtype(x) != r.dtype(y)) return false;
  if (!only_reshapes(r, n)) {
    const auto move = move_of(r, n, y, r.fact(x).dims);
    if (!move || !rebase(i, r.fact(y).dims, move->steps, move->base)) return false;
  }
  views_[i].value = x;
  return true;
}

void StridedViews::look_back(const Rewriter& r, size_t i, double* factor) {
  while (look_back_once(r, i, factor)) {
  }
}

void StridedViews::look_ahead(const Rewriter& r, size_t i, Dims& dims) {
  for (;;) {
    const ValueId x = views_[i].value;
    const NodeId n = r.only_user(x);
    if (n == kNoNode || r.in(n, 0) != x || *r.node(n).op->domain != '\0') return;
    const ValueId y = r.out(n);
    if (!r.fact(y).is_static() || r.dtype(x) != r.dtype(y)) return;
    if (r.is(n, "Transpose")) {
      const auto perm = permutation(r, n);
      if (!perm || perm->size() != dims.size()) return;
      const Dims strides = row_major_strides(r.fact(y).dims);
      Dims steps(dims.size());
      for (size_t k = 0; k < perm->size(); ++k) steps[static_cast<size_t>((*perm)[k])] = strides[k];
      if (!rebase(i, dims, steps, 0)) return;
    } else if (!only_reshapes(r, n)) {
      return;
    }
    views_[i].value = y;
    dims = r.fact(y).dims;
  }
}

void StridedViews::merge() {
  for (size_t d = batch.size(); d-- > 0;) {
    const bool one = batch[d] == 1;
    const bool joins =
        d + 1 < batch.size() && std::all_of(views_.begin(), views_.end(), [&](const StridedView& v) {
          return v.at.batch[d] == v.at.batch[d + 1] * batch[d + 1];
        });
    if (!one && !joins) continue;
    if (!one) batch[d + 1] *= batch[d];
    batch.erase(d);
    for (StridedView& v : views_) v.at.batch.erase(d);
  }
}

}  // namespace lite::passes
