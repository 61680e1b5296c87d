// NonMaxSuppression: for each batch and class the boxes with the best scores, none of which overlaps a better
// one.
//
//   in  boxes   [batches,boxes,4], float32: two corners y1,x1,y2,x2 in either order, or, with
//   center_point_box 1, x, y,
//               width, height
//   in  scores  [batches,classes,boxes], float32
//   in  max_output_boxes_per_class  optional, one int64, default 0: none
//   in  iou_threshold    optional, one float32 in [0,1], default 0: a box that overlaps a chosen one by more
//   is left out in  score_threshold  optional, one float32: boxes that do not score more are left out out
//   selected_indices [chosen,3], int64: batch, class, box; by batch, by class, by falling score, by box attr
//   center_point_box int, default 0

#include "core/ops/op.h"

namespace lite::ops {
namespace {

Status infer(const InferArgs& a) {
  const auto broken = [](const auto&... what) { return invalid_model("NonMaxSuppression: ", what...); };
  const Fact &boxes = a.in[0], &scores = a.in[1];
  for (size_t i = 0; i < 2; ++i)
    if (a.in[i].has_rank && a.in[i].rank() != 3)
      return broken(i == 0 ? "boxes" : "scores", " has shape ", a.in[i].dims, ", three dimensions wanted");
  if (boxes.has_rank && boxes.dims[2] >= 0 && boxes.dims[2] != 4)
    return broken("boxes has shape ", boxes.dims, ", 4 numbers a box wanted");
  if (boxes.has_rank && scores.has_rank) {
    const auto differ = [](int64_t x, int64_t y) { return x >= 0 && y >= 0 && x != y; };
    if (differ(boxes.dims[0], scores.dims[0]) || differ(boxes.dims[1], scores.dims[2]))
      return broken("boxes has shape ", boxes.dims, ", scores ", scores.dims, ": batches and boxes differ");
  }
  const int64_t centre = a.attrs.i64("center_point_box");
  if (centre != 0 && centre != 1)
    return broken("attribute 'center_point_box' is ", centre, ", 0 or 1 wanted");
  constexpr const char* kNames[] = {"max_output_boxes_per_class", "iou_threshold", "score_threshold"};
  for (size_t i = 2; i < 5; ++i)
    if (a.has(i) && a.in[i].is_static() && checked_elements(a.in[i].dims) != 1)
      return broken(kNames[i - 2], " has shape ", a.in[i].dims, ", one number wanted");
  a.out[0] = Fact(DType::kI64, {kUnknownDim, 3});
  return ok();
}

struct Box {
  float y1, x1, y2, x2;
  float area() const { return (y2 - y1) * (x2 - x1); }
};

Box read_box(const float* v, bool centre) {
  if (centre) return {v[1] - v[3] / 2, v[0] - v[2] / 2, v[1] + v[3] / 2, v[0] + v[2] / 2};
  return {std::min(v[0], v[2]), std::min(v[1], v[3]), std::max(v[0], v[2]), std::max(v[1], v[3])};
}

// The boxes chosen so far, sixteen of each number side by side: whether a box overlaps any of them is asked
// of sixteen at a time.
class Chosen {
 public:
  void clear() { size_ = 0; }
  int64_t size() const { return size_; }
  void add(const Box& b) {
    const auto at = static_cast<size_t>(size_++ % kBlock);
    const auto block = static_cast<size_t>((size_ - 1) / kBlock);
    // No box overlaps one without area.
    if (at == 0) blocks_.resize(block + 1), blocks_[block] = Block{};
    Block& to = blocks_[block];
    to.y1[at] = b.y1, to.x1[at] = b.x1, to.y2[at] = b.y2, to.x2[at] = b.x2, to.area[at] = b.area();
  }
  bool overlap(const Box& b, float threshold) const {
    const float area = b.area();
    if (!(area > 0)) return false;
    for (int64_t i = 0; i < size_; i += kBlock) {
      const Block& c = blocks_[static_cast<size_t>(i / kBlock)];
      unsigned any = 0;
      for (int64_t k = 0; k < kBlock; ++k) {
        const float height = std::min(b.y2, c.y2[k]) - std::max(b.y1, c.y1[k]),
                    width = std::min(b.x2, c.x2[k]) - std::max(b.x1, c.x1[k]);
        const float both = height * width, either = area + c.area[k] - both;
        any |= static_cast<unsigned>(height > 0) & static_cast<unsigned>(width > 0) &
               static_cast<unsigned>(c.area[k] > 0) & static_cast<unsigned>(either > 0) &
               static_cast<unsigned>(both / either > threshold);
      }
      if (any != 0) return true;
    }
    return false;
  }

 private:
  static constexpr int64_t kBlock = 16;
  struct Block {
    float y1[kBlock], x1[kBlock], y2[kBlock], x2[kBlock], area[kBlock];
  };
  std::vector<Block> blocks_;
  int64_t size_ = 0;
};

Status reference(const EvalArgs& a) {
  const Tensor &boxes = a.input(0), &scores = a.input(1);
  const int64_t batches = scores.dims()[0], classes = scores.dims()[1], count = scores.dims()[2];
  const int64_t most = a.has(2) && a.input(2).elements() > 0 ? a.input(2).int_at(0) : 0;
  const float iou = a.has(3) && a.input(3).elements() > 0 ? a.input(3).data<float>()[0] : 0;
  const bool filter = a.has(4) && a.input(4).elements() > 0;
  const float least = filter ? a.input(4).data<float>()[0] : 0;
  if (!(iou >= 0 && iou <= 1))
    return invalid_argument("NonMaxSuppression: iou_threshold is ", iou, ", wanted in [0,1]");
  const bool centre = a.attrs.i64("center_point_box") != 0;
  std::vector<int64_t> selected, order;
  Chosen chosen;
  for (int64_t b = 0; b < batches; ++b)
    for (int64_t c = 0; c < classes; ++c) {
      if (a.stop_requested()) return a.parallel->cancel->error();
      const float* score = scores.data<float>() + (b * classes + c) * count;
      order.clear();
      for (int64_t i = 0; i < count && most > 0; ++i)
        if (!filter || score[i] > least) order.push_back(i);
      // NaN comes last, of equal scores the first box first. A heap, since few of the boxes are looked at.
      const auto behind = [&](int64_t x, int64_t y) {
        const float p = score[x], q = score[y];
        if (p != q && (p == p || q == q)) return p < q || p != p;
        return x > y;
      };
      std::make_heap(order.begin(), order.end(), behind);
      chosen.clear();
      while (!order.empty() && chosen.size() < most) {
        std::pop_heap(order.begin(), order.end(), behind);
        const int64_t i = order.back();
        order.pop_back();
        const Box box = read_box(boxes.data<float>() + (b * count + i) * 4, centre);
        if (chosen.overlap(box, iou)) continue;
        chosen.add(box);
        selected.insert(selected.end(), {b, c, i});
      }
    }
  LITE_ASSIGN(Tensor* const out, a.output(0, DType::kI64, {static_cast<int64_t>(selected.size()) / 3, 3}));
  std::copy(selected.begin(), selected.end(), out->mutable_data<int64_t>());
  return ok();
}

constexpr OperandSpec kIn[] = {{"boxes", DType::kF32},
                               {"scores", DType::kF32},
                               {"max_output_boxes_per_class", DType::kI64, 0, OperandSpec::kOptional},
                               {"iou_threshold", DType::kF32, 0, OperandSpec::kOptional},
                               {"score_threshold", DType::kF32, 0, OperandSpec::kOptional}};
constexpr OperandSpec kOut[] = {{"selected_indices", DType::kI64}};
constexpr AttrSpec kAttrs[] = {{"center_point_box", AttrType::kInt}};

constexpr OpDef kOps[] = {{
    .name = "NonMaxSuppression",
    .since = 11,
    .inputs = kIn,
    .outputs = kOut,
    .attrs = kAttrs,
    .traits = kDataDependentShape,
    .infer = infer,
    .reference = reference,
}};

}  // namespace

extern constinit const OpTable non_max_suppression;
constinit const OpTable non_max_suppression{kOps};

}  // namespace lite::ops
