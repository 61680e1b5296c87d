// Layer norms with the sums and embeddings that stand before them, and group norms of channels-last images.
#include "core/import/onnx/microsoft.h"

namespace lite::onnx {
namespace {

constexpr float kSkipEpsilon = 1e-12f;

// input + skip + bias, which is output 3 too.
Result<ValueId> skip_sum(Draft& d, ValueId bias) {
  Emitter e(d);
  const ValueId sum = e.plus(e("Add", {d.node.in[0], d.node.in[1]}), bias);
  if (d.wants(3)) e.output(3, "Identity", {sum});
  LITE_TRY(std::move(e).status());
  return sum;
}

Status skip_layer_norm(Draft& d) {
  LITE_ASSIGN(const ValueId sum, skip_sum(d, input(d, 4)));
  const ValueId gamma = d.node.in[2], beta = input(d, 3);
  d.node.out.resize(std::min<size_t>(d.node.out.size(), 3));
  d.node.in = {sum, gamma, beta};
  if (d.node.find("epsilon") == nullptr) d.node.set("epsilon", kSkipEpsilon);
  LITE_TRY(rename(d, "LayerNormalization"));
  return d.finish();
}

Status skip_rms_norm(Draft& d) {
  const float epsilon = d.attrs().f32("epsilon", kSkipEpsilon);
  if (d.wants(1)) return unsupported("its output 1 (mean) has no meaning");
  LITE_ASSIGN(const ValueId sum, skip_sum(d, input(d, 3)));
  Emitter e(d);
  if (d.wants(2)) {
    LITE_ASSIGN(const ValueId inverse, inverse_rms(d, sum, -1, epsilon));
    e.output(2, "Identity", {inverse});
  }
  e.output(0, "RMSNormalization", {sum, d.node.in[2]}, {{"epsilon", epsilon}});
  return std::move(e).status();
}

// A norm over each branch: the last dimension, or its parts where `num_branches` says how many there are.
Status branchwise_rms_norm(Draft& d) {
  const int64_t branches = d.attrs().i64("num_branches");
  if (branches < 0) return invalid_model("attribute 'num_branches' is ", branches);
  const DType t = type_of(d, 0);
  Emitter e(d);
  const ValueId x = d.node.in[0], shape = e("Shape", {x});
  const ValueId grouped =
      branches == 0
          ? x
          : e("Reshape", {x, e("Concat", {e("Shape", {x}, {{"end", int64_t{-1}}}), e.ints({branches, -1})},
                               {{"axis", int64_t{0}}})});
  const ValueId one = e.scalar(DType::kF32, 1);
  const ValueId wide = e.cast(grouped, DType::kF32);
  ValueId y = e("RMSNormalization", {wide, one}, {{"epsilon", d.attrs().f32("epsilon", 1e-5f)}});
  if (d.has(1)) {
    // A scale of [C * H] is one of [C, H].
    ValueId scale = e.cast(d.node.in[1], DType::kF32);
    if (d.fact(1).has_rank && d.fact(1).rank() == 1) {
      const ValueId width = e.dim(grouped, -1);
      scale = e("Reshape", {scale, e("Concat", {e.ints({-1}), width}, {{"axis", int64_t{0}}})});
    }
    y = e("Mul", {y, scale});
  }
  e.output(0, "Reshape", {e.cast(y, t), shape});
  return std::move(e).status();
}

// RMS norm of each group of as many elements as `scale` has, times silu(gate) or sigmoid(gate), in float32.
Status gated_rms_norm(Draft& d) {
  const std::string_view name = d.attrs().str("activation", "silu");
  if (name != "silu" && name != "swish" && name != "sigmoid")
    return unsupported("attribute 'activation' is '", name, "'");
  const DType t = type_of(d, 0);
  Emitter e(d);
  const ValueId x = e.cast(d.node.in[0], DType::kF32), scale = e.cast(d.node.in[1], DType::kF32),
                gate = e.cast(d.node.in[2], DType::kF32), shape = e("Shape", {x});
  const ValueId groups =
      e("Concat", {e("Shape", {x}, {{"end", int64_t{-1}}}), e.ints({-1}), e("Shape", {scale})},
        {{"axis", int64_t{0}}});
  const ValueId norm = e("RMSNormalization", {e("Reshape", {x, groups}), scale},
                         {{"epsilon", d.attrs().f32("epsilon", 1e-5f)}});
  const ValueId open = e(name == "sigmoid" ? "Sigmoid" : "Swish", {gate});
  e.output(0, "Cast", {e("Mul", {e("Reshape", {norm, shape}), open})}, {{"to", static_cast<int64_t>(t)}});
  return std::move(e).status();
}

struct Embedding {
  ValueId ids, segments, words, positions, segment_table, gamma, beta, mask, position_ids;
};

// The norm of word + position (+ segment) embeddings; how many words the mask has; the sum itself.
Status embed(Draft& d, const Embedding& v) {
  Emitter e(d);
  ValueId sum = e("Gather", {v.words, v.ids});
  if (v.position_ids != kNoValue) {
    sum = e("Add", {sum, e("Gather", {v.positions, v.position_ids})});
  } else {
    const ValueId first = e("Slice", {v.positions, e.ints({0}), e.dim(v.ids, 1), e.ints({0})});
    sum = e("Add", {sum, first});
  }
  if (v.segments != kNoValue && v.segment_table != kNoValue)
    sum = e("Add", {sum, e("Gather", {v.segment_table, v.segments})});
  e.output(0, "LayerNormalization", {sum, v.gamma, v.beta},
           {{"epsilon", d.attrs().f32("epsilon", kSkipEpsilon)}});
  if (d.wants(1)) {
    if (v.mask == kNoValue) {
      const ValueId batch = e.dim(v.ids, 0);
      e.output(1, "Expand", {e.scalar(DType::kI32, 0), batch});
    } else {
      const ValueId present = e.cast(e("Equal", {v.mask, e.scalar(DType::kI32, 1)}), DType::kI32);
      e.output(1, "ReduceSum", {present, e.ints({1})}, {{"keepdims", int64_t{0}}});
    }
  }
  if (d.wants(2)) e.output(2, "Identity", {sum});
  return std::move(e).status();
}

Status embed_layer_norm(Draft& d) {
  const auto& in = d.node.in;
  return embed(d, {in[0], input(d, 1), in[2], in[3], input(d, 4), in[5], in[6], input(d, 7), input(d, 8)});
}

Status quantized_embed_layer_norm(Draft& d) {
  Emitter e(d);
  // Table i with the scale and the zero point that follow 8 and 13 inputs later, in the order of tables.
  const auto real = [&](size_t table, size_t order) {
    if (!d.has(table)) return kNoValue;
    return e("DequantizeLinear", {d.node.in[table], input(d, 8 + order), input(d, 13 + order)});
  };
  const Embedding v{d.node.in[0], input(d, 1), real(2, 0),  real(3, 1), real(4, 2),
                    real(5, 3),   real(6, 4),  input(d, 7), kNoValue};
  LITE_TRY(std::move(e).status());
  return embed(d, v);
}

// Group norm of an image (of x + skip + bias), channels last unless said otherwise, then SiLU when
// `activation` is 1.
Status group_norm_of(Draft& d, ValueId x) {
  const bool last = d.attrs().i64("channels_last", 1) != 0;
  const int64_t activation = d.attrs().i64("activation");
  if (activation != 0 && activation != 1)
    return invalid_model("attribute 'activation' is ", activation, ", 0 or 1 wanted");
  Emitter e(d);
  const ValueId gamma = e("CastLike", {d.node.in[1], x}), beta = e("CastLike", {d.node.in[2], x});
  ValueId y = e("GroupNormalization", {last ? e.transpose(x, {0, 3, 1, 2}) : x, gamma, beta},
                {{"num_groups", d.attrs().i64("groups")}, {"epsilon", d.attrs().f32("epsilon", 1e-5f)}});
  if (last) y = e.transpose(y, {0, 2, 3, 1});
  e.output(0, activation == 1 ? "Swish" : "Identity", {y});
  return std::move(e).status();
}

Status group_norm(Draft& d) { return group_norm_of(d, d.node.in[0]); }

Status skip_group_norm(Draft& d) {
  const bool last = d.attrs().i64("channels_last", 1) != 0;
  Emitter e(d);
  ValueId skip = d.node.in[3];
  if (!d.fact(3).has_rank) return unsupported("the rank of input 3 (skip) is not known");
  if (d.fact(3).rank() == 2) skip = e("Unsqueeze", {skip, last ? e.ints({1, 2}) : e.ints({2, 3})});
  ValueId sum = e("Add", {d.node.in[0], skip});
  if (d.has(4)) sum = e("Add", {sum, last ? d.node.in[4] : e("Unsqueeze", {d.node.in[4], e.ints({1, 2})})});
  if (d.wants(1)) e.output(1, "Identity", {sum});
  LITE_TRY(std::move(e).status());
  return group_norm_of(d, sum);
}

constexpr Translation kTranslations[] = {
    {"BranchwiseRMSNorm", "X scale?", "epsilon num_branches", branchwise_rms_norm},
    {"EmbedLayerNormalization",
     "input_ids segment_ids? word_embedding position_embedding segment_embedding? gamma beta mask? "
     "position_ids?",
     "epsilon mask_index_type", embed_layer_norm},
    {"GatedRMSNorm", "X scale gate", "activation epsilon", gated_rms_norm},
    {"GroupNorm", "X gamma beta", "activation channels_last epsilon groups", group_norm},
    {"QEmbedLayerNormalization",
     "input_ids segment_ids? words positions segment_table? gamma beta mask? words_scale positions_scale "
     "segment_scale? gamma_scale beta_scale words_zero positions_zero segment_zero? gamma_zero beta_zero",
     "epsilon", quantized_embed_layer_norm},
    {"SkipGroupNorm", "X gamma beta skip bias?", "activation channels_last epsilon groups", skip_group_norm},
    {"SkipLayerNormalization", "input skip gamma beta? bias?", "epsilon", skip_layer_norm},
    {"SkipSimplifiedLayerNormalization", "input skip gamma bias?", "epsilon", skip_rms_norm},
};

}  // namespace

Result<ValueId> inverse_rms(Draft& d, ValueId x, int64_t axis, float epsilon) {
  if (axis != -1) return unsupported("1 / RMS is an output, over more than the last dimension");
  Emitter e(d);
  const ValueId wide = e.cast(x, DType::kF32);
  const ValueId mean = e("ReduceMean", {e("Mul", {wide, wide}), e.ints({-1})});
  const ValueId root = e("Sqrt", {e("Add", {mean, e.scalar(DType::kF32, static_cast<double>(epsilon))})});
  const ValueId inverse = e("Reciprocal", {root});
  LITE_TRY(std::move(e).status());
  return inverse;
}

std::span<const Translation> microsoft_normalization() { return kTranslations; }

}  // namespace lite::onnx
