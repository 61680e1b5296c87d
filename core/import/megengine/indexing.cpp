// Subtensor and its relatives: reading, setting and adding to parts that slices and vectors of indices pick.
#include <algorithm>

#include "core/import/megengine/translator.h"

namespace lite::mge {
namespace {

// One axis of an index: a slice, or indices.
struct Item {
  int64_t axis = 0;
  ValueId begin = kNoValue, end = kNoValue, step = kNoValue;
  ValueId index = kNoValue;
};
using Items = std::vector<Item>;  // by axis

// The operands follow in the order of the items, those that are there.
Result<Items> read_items(Call& c, size_t first) {
  const fb::IndexDescMaskDump* p = c.param<fb::IndexDescMaskDump>();
  const int64_t rank = c.rank(0);
  LITE_TRY(c.done());
  Items items;
  size_t next = first;
  if (p->items() != nullptr)
    for (const fb::IndexDescMaskItem* const i : *p->items()) {
      Item item;
      if (i->axis() < -rank || i->axis() >= rank)
        return invalid_model("it indexes axis ", int{i->axis()}, " of ", rank, " dimensions");
      item.axis = i->axis() < 0 ? i->axis() + rank : i->axis();
      if (std::any_of(items.begin(), items.end(), [&](const Item& o) { return o.axis == item.axis; }))
        return invalid_model("it indexes axis ", item.axis, " twice");
      const bool slice = i->begin() || i->end() || i->step();
      if (slice == i->idx())
        return invalid_model("axis ", item.axis, " is indexed by a slice and by indices, or by none");
      if (i->begin()) item.begin = c.in(next++);
      if (i->end()) item.end = c.in(next++);
      if (i->step()) item.step = c.in(next++);
      if (i->idx()) item.index = c.in(next++);
      items.push_back(item);
    }
  LITE_TRY(c.done());
  if (next != c.num_in()) return invalid_model("it has ", c.num_in(), " inputs, its indices want ", next);
  std::sort(items.begin(), items.end(), [](const Item& x, const Item& y) { return x.axis < y.axis; });
  return items;
}

// All slices at once.
ValueId apply_slices(Builder& b, ValueId v, const Items& items) {
  std::vector<ValueId> begins, ends, steps;
  std::vector<int64_t> axes;
  for (const Item& i : items) {
    if (i.index != kNoValue) continue;
    bool backwards = false;
    if (i.step != kNoValue) {
      const Tensor* const step = b.known(i.step);
      if (step != nullptr && step->elements() == 1)
        backwards = step->int_at(0) < 0;
      else if (i.begin == kNoValue || i.end == kNoValue)
        b.fail_with(unsupported("a slice that is open at an end and whose step is not known before it runs"));
    }
    const auto bound = [&](ValueId given, int64_t otherwise) {
      return given == kNoValue ? b.ints({otherwise}) : b.reshape(b.cast(given, DType::kI64), {-1});
    };
    begins.push_back(bound(i.begin, backwards ? INT64_MAX : 0));
    ends.push_back(bound(i.end, backwards ? INT64_MIN + 1 : INT64_MAX));
    steps.push_back(bound(i.step, 1));
    axes.push_back(i.axis);
  }
  if (axes.empty()) return v;
  return b.add("Slice", {v, b.concat(std::move(begins)), b.concat(std::move(ends)), b.ints(axes),
                         b.concat(std::move(steps))});
}

// Indices of one number; their axes go.
ValueId get_subtensor(Builder& b, ValueId v, const Items& items) {
  v = apply_slices(b, v, items);
  std::vector<int64_t> gone;
  for (const Item& i : items) {
    if (i.index == kNoValue) continue;
    gone.push_back(i.axis);
    const Tensor* const index = b.known(i.index);
    if (index != nullptr && index->elements() == 1) {
      const int64_t at = index->int_at(0);
      v = b.slice(v, i.axis, at, at == -1 ? INT64_MAX : at + 1);
    } else {
      v = b.add("Gather", {v, b.reshape(b.cast(i.index, DType::kI64), {1})}, {attr("axis", i.axis)});
    }
  }
  // Nothing left is a vector of one.
  if (!gone.empty() && b.rank(v) == static_cast<int64_t>(gone.size())) return b.reshape(v, {1});
  return b.squeeze(v, gone);
}

// Vectors of indices, taken together: they are broadcast, and stand where the first of them was when their
// axes are neighbours, else in front.
ValueId get_multi_axis(Builder& b, ValueId v, const Items& items) {
  v = apply_slices(b, v, items);
  std::vector<int64_t> axes;
  std::vector<ValueId> indices;
  for (const Item& i : items)
    if (i.index != kNoValue) {
      axes.push_back(i.axis);
      indices.push_back(b.cast(i.index, DType::kI64));
    }
  if (axes.empty()) return v;
  if (axes.size() == 1) return b.add("Gather", {v, indices[0]}, {attr("axis", axes[0])});
  const int64_t rank = b.rank(v);
  std::vector<int64_t> front = axes;
  for (int64_t d = 0; d < rank; ++d)
    if (std::find(axes.begin(), axes.end(), d) == axes.end()) front.push_back(d);
  if (!std::is_sorted(front.begin(), front.end())) v = b.transpose(v, front);
  // Broadcast by adding zeros of each shape.
  ValueId all = indices[0];
  for (size_t i = 1; i < indices.size(); ++i) all = b.add("Add", {all, indices[i]});
  const ValueId shape = b.shape_of(all);
  const int64_t index_rank = b.rank(all);
  std::vector<ValueId> columns;
  for (const ValueId i : indices) columns.push_back(b.unsqueeze(b.add("Expand", {i, shape}), {index_rank}));
  v = b.add("GatherND", {v, b.concat(std::move(columns), index_rank)});
  const bool neighbours = axes.back() - axes.front() + 1 == static_cast<int64_t>(axes.size());
  const int64_t at = neighbours ? axes.front() : 0;
  if (at == 0) return v;
  std::vector<int64_t> perm;
  const int64_t out_rank = b.rank(v);
  for (int64_t d = 0; d < at; ++d) perm.push_back(index_rank + d);
  for (int64_t d = 0; d < index_rank; ++d) perm.push_back(d);
  for (int64_t d = index_rank + at; d < out_rank; ++d) perm.push_back(d);
  return b.transpose(v, perm);
}

// Each vector of indices along its own axis.
ValueId get_mesh(Builder& b, ValueId v, const Items& items) {
  v = apply_slices(b, v, items);
  for (const Item& i : items)
    if (i.index != kNoValue)
      v = b.add("Gather", {v, b.reshape(b.cast(i.index, DType::kI64), {-1})}, {attr("axis", i.axis)});
  return v;
}

// The same for each sample, which is along axis 0: indices are [N,count].
ValueId get_batched_mesh(Builder& b, ValueId v, const Items& items) {
  v = apply_slices(b, v, items);
  for (const Item& i : items) {
    if (i.index == kNoValue) continue;
    if (i.axis == 0) b.fail_with(invalid_model("it indexes axis 0, along which the samples are"));
    if (const int64_t rank = b.rank(i.index); !b.failed() && rank != 2)
      b.fail_with(invalid_model("the indices of axis ", i.axis, " have ", rank, " dimensions, 2 wanted"));
    std::vector<int64_t> swapped;
    for (int64_t d = 0, rank = b.rank(v); d < rank; ++d)
      swapped.push_back(d == 1 ? i.axis : d == i.axis ? 1 : d);
    const bool moves = i.axis > 1;
    const ValueId places = b.unsqueeze(b.cast(i.index, DType::kI64), {2});
    v = b.add("GatherND", {moves ? b.transpose(v, swapped) : v, places}, {attr("batch_dims", int64_t{1})});
    if (moves) v = b.transpose(v, swapped);
  }
  return v;
}

using Get = ValueId (*)(Builder&, ValueId, const Items&);

Status read(Call& c, Get get) {
  LITE_TRY(c.want_inputs(1, SIZE_MAX));
  LITE_ASSIGN(const Items items, read_items(c, 1));
  const ValueId x = c.in(0);
  const ValueId y = get(c.b, x, items);
  c.out(0, y == x ? c.b.add("Identity", {x}) : y, c.type(0));
  return c.done();
}

// The same selection of the elements' places tells where the values go.
Status write(Call& c, Get get, const char* reduction) {
  Builder& b = c.b;
  LITE_TRY(c.want_inputs(2, SIZE_MAX));
  LITE_ASSIGN(const Items items, read_items(c, 2));
  const ValueId x = c.in(0);
  const ValueId shape = b.shape_of(x), count = b.add("Size", {x});
  const ValueId places =
      b.add("Reshape", {b.add("Range", {b.number(DType::kI64, 0), count, b.number(DType::kI64, 1)}), shape},
            {attr("allowzero", int64_t{1})});
  const ValueId chosen = get(b, places, items);
  const ValueId values = b.reshape(b.add("Expand", {c.in(1), b.shape_of(chosen)}), {-1});
  const ValueId flat = b.add("ScatterElements", {b.reshape(x, {-1}), b.reshape(chosen, {-1}), values},
                             {attr("axis", int64_t{0}), attr("reduction", reduction)});
  c.out(0, b.add("Reshape", {flat, shape}, {attr("allowzero", int64_t{1})}), c.type(0));
  return c.done();
}

}  // namespace

Status subtensor(Call& c) { return read(c, get_subtensor); }
Status set_subtensor(Call& c) { return write(c, get_subtensor, "none"); }
Status incr_subtensor(Call& c) { return write(c, get_subtensor, "add"); }
Status multi_axis(Call& c) { return read(c, get_multi_axis); }
Status set_multi_axis(Call& c) { return write(c, get_multi_axis, "none"); }
Status incr_multi_axis(Call& c) { return write(c, get_multi_axis, "add"); }
Status mesh(Call& c) { return read(c, get_mesh); }
Status set_mesh(Call& c) { return write(c, get_mesh, "none"); }
Status incr_mesh(Call& c) { return write(c, get_mesh, "add"); }
Status batched_mesh(Call& c) { return read(c, get_batched_mesh); }
Status set_batched_mesh(Call& c) { return write(c, get_batched_mesh, "none"); }
Status incr_batched_mesh(Call& c) { return write(c, get_batched_mesh, "add"); }

// y = x[..., index, ...] along an axis, which stays with size 1; the index has one number for each other
// element.
Status one_hot(Call& c) {
  Builder& b = c.b;
  LITE_TRY(c.want_inputs(2, 2));
  const int64_t axis = c.param<fb::Axis>()->axis(), rank = c.rank(0);
  LITE_TRY(c.done());
  if (axis < 0 || axis >= rank) return invalid_model("its axis is ", axis, " of ", rank, " dimensions");
  const ValueId index = b.cast(c.in(1), DType::kI64);
  c.out(0, b.add("GatherElements", {c.in(0), b.unsqueeze(index, {axis})}, {attr("axis", axis)}), c.type(0));
  return c.done();
}

Status set_one_hot(Call& c) {
  Builder& b = c.b;
  LITE_TRY(c.want_inputs(3, 3));
  const int64_t axis = c.param<fb::Axis>()->axis(), rank = c.rank(0);
  LITE_TRY(c.done());
  if (axis < 0 || axis >= rank) return invalid_model("its axis is ", axis, " of ", rank, " dimensions");
  const ValueId index = b.unsqueeze(b.cast(c.in(1), DType::kI64), {axis});
  const ValueId values = b.add("Expand", {c.in(2), b.shape_of(index)});
  c.out(0, b.add("ScatterElements", {c.in(0), index, values}, {attr("axis", axis)}), c.type(0));
  return c.done();
}

}  // namespace lite::mge
