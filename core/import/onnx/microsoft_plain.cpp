// Other names for ONNX's operators, and short formulas.
#include <algorithm>

#include "core/import/onnx/microsoft.h"

namespace lite::onnx {
namespace {

Status same(Draft& d) {
  d.domain.clear();
  return ok();
}

Status gelu(Draft& d) { return rename(d, "Gelu"); }

constexpr const char* kTanh = "tanh";

// Gelu by its tanh formula, of X + bias.
Status fast_gelu(Draft& d) {
  Emitter e(d);
  e.output(0, "Gelu", {e.plus(d.node.in[0], input(d, 1))}, {{"approximate", std::string(kTanh)}});
  return std::move(e).status();
}

Status bias_gelu(Draft& d) {
  Emitter e(d);
  e.output(0, "Gelu", {e("Add", {d.node.in[0], d.node.in[1]})});
  return std::move(e).status();
}

// The first half of X + bias, times the Gelu of the second.
Status bias_split_gelu(Draft& d) {
  Emitter e(d);
  const ValueId sum = e("Add", {d.node.in[0], d.node.in[1]});
  const std::vector<ValueId> half =
      e.many("Split", {sum}, 2, {{"axis", int64_t{-1}}, {"num_outputs", int64_t{2}}});
  e.output(0, "Mul", {half[0], e("Gelu", {half[1]})});
  return std::move(e).status();
}

Status gemm_fast_gelu(Draft& d) {
  Emitter e(d);
  const ValueId product = e("MatMul", {d.node.in[0], d.node.in[1]});
  e.output(0, "Gelu", {e.plus(product, input(d, 2))}, {{"approximate", std::string(kTanh)}});
  return std::move(e).status();
}

Status quick_gelu(Draft& d) {
  if (d.node.find("alpha") == nullptr) d.node.set("alpha", 1.702f);
  return rename(d, "Swish");
}

Status bias_add(Draft& d) {
  Emitter e(d);
  e.output(0, "Add", {e("Add", {d.node.in[0], d.node.in[1]}), d.node.in[2]});
  return std::move(e).status();
}

Status bias_dropout(Draft& d) {
  Emitter e(d);
  const ValueId sum = e("Add", {d.node.in[0], d.node.in[1]});
  const std::vector<ValueId> dropped =
      e.many("Dropout", {sum, input(d, 3), input(d, 4)}, 2, attrs_without(d, {}));
  if (d.has(2))
    e.output(0, "Add", {dropped[0], d.node.in[2]});
  else
    e.output(0, "Identity", {dropped[0]});
  if (d.wants(1)) e.output(1, "Identity", {dropped[1]});
  return std::move(e).status();
}

// Softmax of data + bias over all dimensions from `axis` on.
Status bias_softmax(Draft& d) {
  LITE_ASSIGN(const ValueId sum, d.emit("Add", {d.node.in[0], d.node.in[1]}));
  d.node.erase("is_inner_broadcast");  // shapes that broadcast tell it by themselves
  d.node.in = {sum};
  LITE_TRY(rename(d, "Softmax"));
  return softmax_as_matrix(d);
}

Status range(Draft& d) {
  LITE_TRY(rename(d, "Range"));
  if (!d.has(2)) {
    LITE_ASSIGN(const ValueId one, d.scalar(type_of(d, 0), 1));
    d.set_input(2, one);
  }
  // One number may come as a tensor of one dimension.
  for (size_t i = 0; i < 3; ++i) {
    if (d.fact(i).has_rank && d.fact(i).rank() == 0) continue;
    LITE_ASSIGN(const ValueId number,
                d.emit("Reshape", {d.node.in[i], d.constant(std::span<const int64_t>())}));
    d.set_input(i, number);
  }
  return ok();
}

// Outputs: the values in the order of their first occurrence, the number of each element's value, counts.
Status unique(Draft& d) {
  d.node.set("sorted", int64_t{0});
  std::vector<ValueId>& out = d.node.out;
  out.resize(3, kNoValue);
  out = {out[0], kNoValue, out[1], out[2]};
  return rename(d, "Unique");
}

Status expand_dims(Draft& d) {
  Emitter e(d);
  const ValueId axis = e("Reshape", {e.cast(d.node.in[1], DType::kI64), e.ints({1})});
  e.output(0, "Unsqueeze", {d.node.in[0], axis});
  return std::move(e).status();
}

Status grid_sample(Draft& d) {
  const std::string_view mode = d.attrs().str("mode", "bilinear");
  d.node.set("mode", std::string(mode == "bilinear" ? "linear" : mode == "bicubic" ? "cubic" : mode));
  return rename(d, "GridSample");
}

Status conv_transpose_dynamic_pads(Draft& d) {
  if (d.has(2)) {
    const Tensor* pads = d.content(2);
    if (pads == nullptr) return unsupported("input 2 (Pads) is not a constant");
    const Dims list = pads->to_ints();
    d.node.set("pads", std::vector<int64_t>(list.begin(), list.end()));
  }
  d.node.in = {d.node.in[0], d.node.in[1], input(d, 3)};
  return rename(d, "ConvTranspose");
}

// Windows of `size` along `dim`, one every `step`; the window's elements become the last dimension.
Status unfold(Draft& d) {
  const Fact& x = d.fact(0);
  const int64_t size = d.attrs().i64("size"), step = d.attrs().i64("step", 1);
  if (!x.has_rank) return unsupported("the rank of the input is not known");
  const auto rank = static_cast<int64_t>(x.rank());
  int64_t dim = d.attrs().i64("dim", -1);
  if (dim < 0) dim += rank;
  if (dim < 0 || dim >= rank) return invalid_model("attribute 'dim' is out of range for rank ", rank);
  const int64_t length = x.dims[static_cast<size_t>(dim)];
  if (length < 0) return unsupported("dimension ", dim, " of the input is not known");
  if (size < 1 || step < 1 || size > length)
    return invalid_model("attributes 'size' and 'step' are ", size, " and ", step,
                         ", at least 1 and a size up to ", length, " wanted");
  const int64_t windows = (length - size) / step + 1;
  if (windows > (int64_t{1} << 24) / size) return unsupported(windows, " windows of ", size, " elements");
  LITE_ASSIGN(Tensor at, Tensor::allocate(DType::kI64, Dims{windows, size}));
  for (int64_t i = 0; i < windows * size; ++i) at.mutable_data<int64_t>()[i] = i / size * step + i % size;
  Emitter e(d);
  const ValueId gathered = e("Gather", {d.node.in[0], d.constant(std::move(at))}, {{"axis", dim}});
  std::vector<int64_t> perm;
  for (int64_t i = 0; i <= rank; ++i)
    if (i != dim + 1) perm.push_back(i);
  perm.push_back(dim + 1);
  e.output(0, "Transpose", {gathered}, {{"perm", perm}});
  return std::move(e).status();
}

// Distances between the rows of A and those of B.
Status cdist(Draft& d) {
  const std::string_view metric = d.attrs().str("metric", "sqeuclidean");
  if (metric != "sqeuclidean" && metric != "euclidean")
    return unsupported("attribute 'metric' is '", metric, "', 'euclidean' or 'sqeuclidean' wanted");
  Emitter e(d);
  const ValueId difference =
      e("Sub", {e("Unsqueeze", {d.node.in[0], e.ints({1})}), e("Unsqueeze", {d.node.in[1], e.ints({0})})});
  e.output(0, metric == "euclidean" ? "ReduceL2" : "ReduceSumSquare", {difference, e.ints({2})},
           {{"keepdims", int64_t{0}}});
  return std::move(e).status();
}

Status mat_mul_integer_16(Draft& d) {
  Emitter e(d);
  const DType wide = type_of(d, 0) == DType::kU16 ? DType::kU32 : DType::kI32;
  e.output(0, "MatMul", {e.cast(d.node.in[0], wide), e.cast(d.node.in[1], wide)});
  return std::move(e).status();
}

Status torch_embedding(Draft& d) {
  d.node.in.resize(2);  // the others matter in training alone
  return rename(d, "Gather");
}

// G * sigmoid(alpha G) * (L + beta) with G, L clamped when limit > 0.
Status swiglu(Draft& d) {
  Emitter e(d);
  const DType t = type_of(d, 0);
  const float limit = d.attrs().f32("limit", 0), beta = d.attrs().f32("activation_beta", 0);
  ValueId gate = d.node.in[0], up = input(d, 1);
  if (up == kNoValue) {
    const std::vector<ValueId> half =
        e.many("Split", {gate}, 2, {{"axis", int64_t{-1}}, {"num_outputs", int64_t{2}}});
    gate = half[0];
    up = half[1];
  }
  if (limit > 0) {
    const ValueId high = e.scalar(t, static_cast<double>(limit)),
                  low = e.scalar(t, static_cast<double>(-limit));
    gate = e("Clip", {gate, kNoValue, high});
    up = e("Clip", {up, low, high});
  }
  if (beta != 0) up = e("Add", {up, e.scalar(t, static_cast<double>(beta))});
  const ValueId active = e("Swish", {gate}, {{"alpha", d.attrs().f32("activation_alpha", 1)}});
  e.output(0, "Mul", {active, up});
  return std::move(e).status();
}

constexpr Translation kTranslations[] = {
    {"BiasAdd", "X bias skip", "", bias_add},
    {"BiasDropout", "data bias residual? ratio? training_mode?", "seed", bias_dropout},
    {"BiasGelu", "A B", "", bias_gelu},
    {"BiasSoftmax", "data bias", "axis is_inner_broadcast", bias_softmax},
    {"BiasSplitGelu", "X bias", "", bias_split_gelu},
    {"CDist", "A B", "metric", cdist},
    {"CausalConvWithState", "input weight bias? past_state?", "activation", same},
    {"ConvTransposeWithDynamicPads", "X W Pads? B?",
     "auto_pad dilations group kernel_shape output_padding strides", conv_transpose_dynamic_pads},
    {"ExpandDims", "X axis", "", expand_dims},
    {"FastGelu", "X bias?", "", fast_gelu},
    {"GatherND", "data indices", "", same},
    {"Gelu", "X", "", gelu},
    {"GemmFastGelu", "X W bias?", "", gemm_fast_gelu},
    {"GridSample", "X Grid", "align_corners mode padding_mode", grid_sample},
    {"LinearAttention", "query key value past_state? decay? beta?",
     "chunk_size kv_num_heads q_num_heads scale update_rule", same},
    {"MatMulInteger16", "A B", "", mat_mul_integer_16},
    {"Pad", "data pads value?", "mode", same},
    {"QuickGelu", "X", "alpha", quick_gelu},
    {"Range", "start limit delta?", "", range},
    {"SwiGLU", "gate up?", "activation_alpha activation_beta limit", swiglu},
    {"TorchEmbedding", "weight indices padding_idx? scale_grad_by_freq?", "", torch_embedding},
    {"Trilu", "X k?", "upper", same},
    {"UnfoldTensor", "input", "dim size step", unfold},
    {"Unique", "x", "", unique},
};

}  // namespace

std::span<const Translation> microsoft_plain() { return kTranslations; }

}  // namespace lite::onnx
