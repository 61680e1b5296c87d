#include <string_view>

#include "core/compile/compiler.h"
#include "core/ops/fused_attention.h"

namespace lite {
namespace {

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> list) {
  for (const std::string_view n : list)
    if (n == name) return true;
  return false;
}

double count(const Operand& o) { return static_cast<double>(o.elements()); }

}  // namespace

Work estimate_work(const Node& node, std::span<const Operand> in, std::span<const Operand> out) {
  Work w;
  for (const auto list : {in, out})
    for (const Operand& o : list)
      if (o.present() && o.dtype != DType::kString)
        w.bytes += static_cast<double>(layout_bytes(o.dtype, o.dims, o.layout));
  if (out.empty() || !out[0].present() || in.empty() || !in[0].present()) return w;
  const std::string_view op = node.op->name;
  if (is_one_of(op, {"Conv", "FusedConv", "ConvInteger", "QLinearConv", "FusedQLinearConv"})) {
    const size_t weight = is_one_of(op, {"QLinearConv", "FusedQLinearConv"}) ? 3 : 1;
    // Every output element is a dot product over one filter.
    if (in.size() > weight && in[weight].rank_or_zero() > 0 && in[weight].dims[0] > 0)
      w.flops = 2 * count(out[0]) * count(in[weight]) / static_cast<double>(in[weight].dims[0]);
  } else if (op == "FusedExpandDepthwise") {
    // Each pixel of X through the first filter, each of Y through the second.
    const int64_t filters = in[1].dims[0];
    w.flops = 2 * (count(in[0]) * static_cast<double>(filters) +
                   count(out[0]) * count(in[3]) / static_cast<double>(filters));
  } else if (op == "ConvTranspose") {
    if (in[1].rank_or_zero() > 0 && in[1].dims[0] > 0)
      w.flops = 2 * count(in[0]) * count(in[1]) / static_cast<double>(in[1].dims[0]);
  } else if (is_one_of(op, {"MatMul", "FusedMatMul", "Gemm", "MatMulInteger", "QLinearMatMul"})) {
    const AttrReader attrs(node);
    const bool trans = attrs.i64("transA") != 0;
    const size_t r = in[0].rank_or_zero();
    if (r >= 1) {
      const int64_t k = r == 1 ? in[0].dims[0] : in[0].dims[trans ? r - 2 : r - 1];
      w.flops = 2 * count(out[0]) * static_cast<double>(k);
    }
  } else if (op == "FusedAttention") {
    // Two products; what softmax costs beside them counts as little as any other activation.
    if (const auto s = ops::read_attention(AttrReader(node)); s.is_ok())
      w.flops = 2 * static_cast<double>(elements(s.value().batch)) * static_cast<double>(s.value().queries) *
                static_cast<double>(s.value().keys) * static_cast<double>(s.value().head + s.value().v_head);
  } else if (is_one_of(op, {"LSTM", "GRU", "RNN"})) {
    if (in.size() > 2 && in[0].rank_or_zero() == 3)
      w.flops = 2 * static_cast<double>(in[0].dims[0] * in[0].dims[1]) * (count(in[1]) + count(in[2]));
  } else if (is_one_of(op,
                       {"Reshape", "Squeeze", "Unsqueeze", "Flatten", "Identity", "Transpose", "Concat",
                        "Split", "Slice", "Gather", "Reorder", "Expand", "Tile", "Pad", "ChannelShuffle"})) {
    w.flops = 0;
  } else {
    w.flops = std::max(count(in[0]), count(out[0]));
  }
  return w;
}

}  // namespace lite
