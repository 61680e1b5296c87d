// Attention of ONNX Runtime's transformer optimiser: ONNX's Attention, with the projections, masks, caches
// and rotations that its forms bring along.
#include <algorithm>

#include "core/import/onnx/microsoft.h"

namespace lite::onnx {
namespace {

// Attributes and inputs that change what a node means and have no translation.
Status refuse_attr(const Draft& d, std::initializer_list<const char*> names) {
  for (const char* name : names)
    if (d.attrs().i64(name) != 0) return unsupported("attribute '", name, "' is ", d.attrs().i64(name));
  return ok();
}
Status refuse_input(const Draft& d, std::initializer_list<std::pair<size_t, const char*>> inputs) {
  for (const auto& [i, name] : inputs)
    if (d.has(i)) return unsupported("input ", i, " (", name, ") is given");
  return ok();
}

Result<int64_t> heads_of(const Draft& d, const char* name) {
  const int64_t heads = d.attrs().i64(name);
  if (heads < 1) return invalid_model("attribute '", name, "' is ", heads, ", at least 1 wanted");
  return heads;
}

// [B,S,heads*D] to [B,heads,S,D] and back.
ValueId to_heads(Emitter& e, ValueId x, int64_t heads) {
  return e.transpose(e("Reshape", {x, e.ints({0, 0, heads, -1})}), {0, 2, 1, 3});
}
ValueId from_heads(Emitter& e, ValueId x) {
  return e("Reshape", {e.transpose(x, {0, 2, 1, 3}), e.ints({0, 0, -1})});
}
// One of the `parts` that lie beside each other in dimension 3 of [B,S,heads,parts,D], as [B,S,heads*D].
std::vector<ValueId> unpack(Emitter& e, ValueId x, size_t parts) {
  std::vector<ValueId> list =
      e.many("Split", {x}, parts, {{"axis", int64_t{3}}, {"num_outputs", static_cast<int64_t>(parts)}});
  for (ValueId& v : list) v = e("Reshape", {v, e.ints({0, 0, -1})});
  return list;
}
std::vector<ValueId> thirds(Emitter& e, ValueId x, std::span<const int64_t> sizes) {
  const Draft::Attrs axis{{"axis", int64_t{-1}}};
  if (!sizes.empty()) return e.many("Split", {x, e.ints(sizes)}, 3, axis);
  return e.many("Split", {x}, 3, {{"axis", int64_t{-1}}, {"num_outputs", int64_t{3}}});
}

// 0, 1, ... as many as `count` (int64 [1]) says.
ValueId numbers(Emitter& e, ValueId count) {
  const ValueId end = e("Squeeze", {count});
  return e("Range", {e.scalar(DType::kI64, 0), end, e.scalar(DType::kI64, 1)});
}

// What is added to the scores for mask i: 0 where a key is seen, else attribute mask_filter_value; [B,1,1 or
// S,T]. A mask is [B,T] or [B,S,T], 1 for seen; or, for keys padded at the end, [B] with their number; or,
// for keys padded at the start, [2 * B] with those numbers and then the starts. `total` is T.
Result<ValueId> mask_bias(Draft& d, Emitter& e, size_t i, ValueId total, DType type, int64_t batch) {
  const Fact fact = d.fact(i);
  if (!fact.has_rank) return unsupported("the rank of input ", i, " (the mask) is not known");
  const size_t rank = fact.rank();
  const ValueId mask = d.node.in[i];
  ValueId seen = kNoValue;
  if (rank == 1) {
    const int64_t size = fact.dims[0];
    if (size >= 0 && batch >= 0 && size != batch && size != 2 * batch)
      return unsupported("the mask has shape [", size, "] for a batch of ", batch);
    const bool has_starts = size >= 0 && batch >= 0 && size == 2 * batch;
    ValueId ends = e.cast(mask, DType::kI64), starts = kNoValue;
    if (has_starts) {
      const std::vector<ValueId> both =
          e.many("Split", {ends}, 2, {{"axis", int64_t{0}}, {"num_outputs", int64_t{2}}});
      ends = both[0];
      starts = both[1];
    }
    const ValueId keys = numbers(e, total), columns = e.ints({1});
    seen = e("Less", {keys, e("Unsqueeze", {ends, columns})});
    if (has_starts) seen = e("And", {seen, e("GreaterOrEqual", {keys, e("Unsqueeze", {starts, columns})})});
  } else if (rank == 2 || rank == 3) {
    seen = e("Greater", {mask, e.scalar(fact.dtype == DType::kUndefined ? DType::kI32 : fact.dtype, 0)});
  } else {
    return unsupported("the mask has rank ", rank);
  }
  const ValueId bias =
      e("Where", {seen, e.scalar(type, 0),
                  e.scalar(type, static_cast<double>(d.attrs().f32("mask_filter_value", -10000.0f)))});
  return e("Unsqueeze", {bias, rank == 3 ? e.ints({1}) : e.ints({1, 2})});
}

struct Operands {
  ValueId q, k, v;  // [B,S,heads*D] each
  int64_t batch = kUnknownDim;
  DType type = DType::kF32;
  size_t mask = 0, bias = 0;  // inputs of the node; 0 for none
  ValueId past_key = kNoValue, past_value = kNoValue;
};

// ONNX's Attention over them: output, present keys, present values. Makes output 0 of the node.
Result<std::vector<ValueId>> attend(Draft& d, Emitter& e, const Operands& o, bool want_present) {
  LITE_ASSIGN(const int64_t heads, heads_of(d, "num_heads"));
  ValueId mask = kNoValue;
  if (o.mask != 0 && d.has(o.mask)) {
    ValueId total = e.dim(o.k, 1);
    if (o.past_key != kNoValue) total = e("Add", {total, e.dim(o.past_key, 2)});
    LITE_ASSIGN(mask, mask_bias(d, e, o.mask, total, o.type, o.batch));
  }
  if (o.bias != 0 && d.has(o.bias)) mask = e.plus(d.node.in[o.bias], mask);
  Draft::Attrs attrs{
      {"q_num_heads", heads}, {"kv_num_heads", heads}, {"is_causal", d.attrs().i64("unidirectional")}};
  if (const float scale = d.attrs().f32("scale", 0); scale != 0) attrs.emplace_back("scale", scale);
  const std::vector<ValueId> made =
      e.many("Attention", {o.q, o.k, o.v, mask, o.past_key, o.past_value}, want_present ? 3 : 1, attrs);
  e.output(0, "Identity", {made[0]});
  return made;
}

// Attention over a projection [B,S,Q+K+V], with past and present as one tensor [2,B,heads,T,D].
Status attend_projected(Draft& d, Emitter& e, ValueId qkv, DType type, size_t mask, size_t past,
                        size_t bias) {
  const auto sizes = d.attrs().ints("qkv_hidden_sizes");
  if (!sizes.empty() && sizes.size() != 3)
    return invalid_model("attribute 'qkv_hidden_sizes' has ", sizes.size(), " numbers, 3 wanted");
  const std::vector<ValueId> parts = thirds(e, qkv, sizes);
  Operands o{parts[0], parts[1], parts[2]};
  o.batch = d.fact(0).has_rank && d.fact(0).rank() == 3 ? d.fact(0).dims[0] : kUnknownDim;
  o.type = type;
  o.mask = mask;
  o.bias = bias;
  const ValueId first = e.ints({0});
  if (d.has(past)) {
    const std::vector<ValueId> both =
        e.many("Split", {d.node.in[past]}, 2, {{"axis", int64_t{0}}, {"num_outputs", int64_t{2}}});
    o.past_key = e("Squeeze", {both[0], first});
    o.past_value = e("Squeeze", {both[1], first});
  }
  LITE_ASSIGN(const std::vector<ValueId> made, attend(d, e, o, d.wants(1)));
  if (d.wants(1))
    e.output(1, "Concat", {e("Unsqueeze", {made[1], first}), e("Unsqueeze", {made[2], first})},
             {{"axis", int64_t{0}}});
  return std::move(e).status();
}

Status attention(Draft& d) {
  LITE_TRY(refuse_attr(d, {"do_rotary", "past_present_share_buffer"}));
  LITE_TRY(refuse_input(d, {{6, "past_sequence_length"}}));
  Emitter e(d);
  const ValueId qkv = e.plus(e("MatMul", {d.node.in[0], d.node.in[1]}), input(d, 2));
  return attend_projected(d, e, qkv, type_of(d, 0), 3, 4, 5);
}

Status quantized_attention(Draft& d) {
  LITE_TRY(refuse_attr(d, {"do_rotary", "past_present_share_buffer"}));
  Emitter e(d);
  const auto& in = d.node.in;
  const ValueId acc = e("MatMulInteger", {in[0], in[1], input(d, 6), input(d, 7)});
  const ValueId scale = e("Mul", {in[3], in[4]});
  const ValueId qkv = e("Add", {e("Mul", {e("CastLike", {acc, scale}), scale}), d.node.in[2]});
  return attend_projected(d, e, qkv, type_of(d, 3), 5, 8, 0);
}

Status multi_head_attention(Draft& d) {
  LITE_TRY(refuse_input(d, {{8, "past_sequence_length"}, {9, "cache_indirection"}}));
  if (d.wants(3)) return unsupported("its output 3 (qk) is wanted");
  const Fact query = d.fact(0), key = d.fact(1), value = d.fact(2);
  if (!query.has_rank || (d.has(1) && !key.has_rank))
    return unsupported("the rank of query or key is not known");
  if (d.has(6) != d.has(7)) return invalid_model("one of past_key and past_value is left out");
  Emitter e(d);
  Operands o{d.node.in[0], input(d, 1), input(d, 2)};
  const bool cached = d.has(1) && key.rank() == 4;  // the keys and values of an encoder, head by head
  if (query.rank() == 5 && !d.has(1)) {
    const std::vector<ValueId> list = unpack(e, o.q, 3);
    o.q = list[0], o.k = list[1], o.v = list[2];
  } else if (d.has(1) && key.rank() == 5) {
    const std::vector<ValueId> list = unpack(e, o.k, 2);
    o.k = list[0], o.v = list[1];
  } else if (!d.has(1) || !d.has(2)) {
    return invalid_model("key or value is left out, and query has rank ", query.rank());
  } else if (cached) {
    o.k = from_heads(e, o.k);
    o.v = from_heads(e, o.v);
  }
  if (d.has(3)) {
    const auto width = [&](const Fact& f) { return f.has_rank && f.rank() == 3 ? f.dims[2] : kUnknownDim; };
    if (cached) {
      o.q = e("Add", {o.q, e("Slice", {d.node.in[3], e.ints({0}), e.dim(o.q, 2), e.ints({0})})});
    } else {
      std::vector<int64_t> sizes{width(query), width(key), width(value)};
      if (*std::min_element(sizes.begin(), sizes.end()) < 0) sizes.clear();  // equal then
      const std::vector<ValueId> bias = thirds(e, d.node.in[3], sizes);
      o.q = e("Add", {o.q, bias[0]});
      o.k = e("Add", {o.k, bias[1]});
      o.v = e("Add", {o.v, bias[2]});
    }
  }
  o.batch = query.dims[0];
  o.type = query.dtype == DType::kUndefined ? DType::kF32 : query.dtype;
  o.mask = 4;
  o.bias = 5;
  o.past_key = input(d, 6);
  o.past_value = input(d, 7);
  LITE_ASSIGN(const std::vector<ValueId> made, attend(d, e, o, d.wants(1) || d.wants(2)));
  for (size_t i = 1; i <= 2; ++i)
    if (d.wants(i)) e.output(i, "Identity", {made[i]});
  return std::move(e).status();
}

// Draft's input i turned by tables of cosines and sines, at positions [B,S].
Result<ValueId> rotate(Draft& d, Emitter& e, ValueId x, ValueId positions, size_t tables, int64_t head,
                       const Draft::Attrs& more) {
  Draft::Attrs attrs = more;
  const Fact& cosines = d.fact(tables);
  if (cosines.has_rank && cosines.rank() == 2 && cosines.dims[1] >= 0 && head >= 0 &&
      2 * cosines.dims[1] < head)
    attrs.emplace_back("rotary_embedding_dim", 2 * cosines.dims[1]);
  return e("RotaryEmbedding", {x, d.node.in[tables], d.node.in[tables + 1], positions}, attrs);
}

// Keys and values go into the cache behind what each example has there already, and queries stand behind them
// too. An example with fewer new tokens than the longest has garbage behind its own, which no query of it
// sees.
Status group_query_attention(Draft& d) {
  const AttrReader r = d.attrs();
  LITE_TRY(refuse_attr(d, {"kv_cache_bit_width", "qk_output", "sliding_window_cache"}));
  LITE_TRY(refuse_input(d, {{11, "head_sink"},
                            {12, "k_scale"},
                            {13, "v_scale"},
                            {14, "q_norm_weight"},
                            {15, "k_norm_weight"},
                            {16, "query_seqlens"}}));
  if (r.i64("smooth_softmax", -1) == 1) return unsupported("attribute 'smooth_softmax' is 1");
  for (const char* name : {"k_quant_type", "v_quant_type"})
    if (r.str(name, "NONE") != "NONE") return unsupported("attribute '", name, "' is '", r.str(name), "'");
  LITE_ASSIGN(const int64_t heads, heads_of(d, "num_heads"));
  LITE_ASSIGN(const int64_t kv_heads, heads_of(d, "kv_num_heads"));
  if (d.has(1) != d.has(2) || d.has(3) != d.has(4))
    return invalid_model("one of key and value, or of past_key and past_value, is left out");

  Emitter e(d);
  const int64_t width = d.fact(0).has_rank && d.fact(0).rank() == 3 ? d.fact(0).dims[2] : kUnknownDim;
  int64_t head = width < 0 ? kUnknownDim : width / heads;
  ValueId q = d.node.in[0], k = input(d, 1), v = input(d, 2);
  if (!d.has(1)) {
    if (width < 0) return unsupported("query, key and value are packed, and their width is not known");
    head = width / (heads + 2 * kv_heads);
    const int64_t sizes[] = {heads * head, kv_heads * head, kv_heads * head};
    const std::vector<ValueId> parts = thirds(e, q, sizes);
    q = parts[0], k = parts[1], v = parts[2];
  }
  const ValueId length = e.dim(q, 1);
  q = to_heads(e, q, heads);
  k = to_heads(e, k, kv_heads);
  v = to_heads(e, v, kv_heads);

  // How many tokens each example has in the cache before this step.
  const ValueId zero = e.ints({0}), one = e.ints({1});
  const ValueId now = e("Add", {e("Reshape", {e.cast(d.node.in[5], DType::kI64), e.ints({-1})}), one});
  const ValueId before = e("Max", {e("Sub", {now, length}), zero});
  if (r.i64("do_rotary") != 0) {
    if (!d.has(7) || !d.has(8))
      return invalid_model("attribute 'do_rotary' is 1 without cos_cache and sin_cache");
    const ValueId positions =
        d.has(9) ? d.node.in[9]
                 : e("Add", {e("Unsqueeze", {before, one}), e("Unsqueeze", {numbers(e, length), zero})});
    const Draft::Attrs attrs{{"interleaved", r.i64("rotary_interleaved")}};
    LITE_ASSIGN(q, rotate(d, e, q, positions, 7, head, attrs));
    LITE_ASSIGN(k, rotate(d, e, k, positions, 7, head, attrs));
  }
  if (d.has(3)) {
    const ValueId total = e("Reshape", {e.cast(d.node.in[6], DType::kI64), one});
    const ValueId capacity = e.dim(d.node.in[3], 2);
    const ValueId more = e("Max", {e("Sub", {total, capacity}), zero});
    const ValueId pads = e("Concat", {zero, more}, {{"axis", int64_t{0}}}), axis = e.ints({2});
    const auto appended = [&](size_t past, ValueId fresh) {
      return e("TensorScatter", {e("Pad", {d.node.in[past], pads, kNoValue, axis}), fresh, before});
    };
    k = appended(3, k);
    v = appended(4, v);
  }
  Draft::Attrs attrs{{"is_causal", r.i64("causal", 1)}, {"softcap", r.f32("softcap", 0)}};
  if (const float scale = r.f32("scale", 0); scale != 0) attrs.emplace_back("scale", scale);
  if (const int64_t window = r.i64("local_window_size", -1); window > 0)
    attrs.emplace_back("left_window_size", window - 1);
  const ValueId y =
      e("Attention", {q, k, v, input(d, 10), kNoValue, kNoValue, e("Add", {before, length})}, attrs);
  e.output(0, "Identity", {from_heads(e, y)});
  if (d.wants(1)) e.output(1, "Identity", {k});
  if (d.wants(2)) e.output(2, "Identity", {v});
  return std::move(e).status();
}

// ONNX's RotaryEmbedding takes the positions last, and always one for each token.
Status rotary_embedding(Draft& d) {
  const AttrReader r = d.attrs();
  LITE_TRY(refuse_attr(d, {"is_packed_batching"}));
  if (const float scale = r.f32("scale", 1); scale != 1) return unsupported("attribute 'scale' is ", scale);
  const Fact x = d.fact(0), positions = d.fact(1), cosines = d.fact(2);
  if (!x.has_rank || !positions.has_rank || (x.rank() != 3 && x.rank() != 4))
    return unsupported("the rank of input or position_ids is not known, or not 3 or 4");
  Emitter e(d);
  Draft::Attrs attrs{{"interleaved", r.i64("interleaved")}};
  int64_t head = x.rank() == 4 ? x.dims[3] : kUnknownDim;
  if (x.rank() == 3) {
    int64_t heads = r.i64("num_heads");
    if (heads < 1) {
      if (x.dims[2] < 0 || !cosines.has_rank || cosines.rank() != 2 || cosines.dims[1] < 1)
        return unsupported("attribute 'num_heads' is left out, and the width of a head is not known");
      heads = x.dims[2] / (2 * cosines.dims[1]);
      if (heads < 1) return invalid_model("input is narrower than one head of cos_cache");
    }
    attrs.emplace_back("num_heads", heads);
    head = x.dims[2] < 0 ? kUnknownDim : x.dims[2] / heads;
  }
  ValueId at = d.node.in[1];
  if (positions.rank() == 1) {
    // One number: that of the first token.
    const ValueId length = e.dim(d.node.in[0], x.rank() == 3 ? 1 : 2);
    const ValueId shape = e("Concat", {e.dim(d.node.in[0], 0), length}, {{"axis", int64_t{0}}});
    at = e("Expand", {e("Add", {numbers(e, length), at}), shape});
  }
  LITE_ASSIGN(const ValueId y, rotate(d, e, d.node.in[0], at, 2, head, attrs));
  e.output(0, "Identity", {y});
  return std::move(e).status();
}

constexpr Translation kTranslations[] = {
    {"Attention", "input weights bias? mask_index? past? attention_bias? past_sequence_length?",
     "do_rotary mask_filter_value num_heads past_present_share_buffer qkv_hidden_sizes rotary_embedding_dim "
     "scale "
     "unidirectional",
     attention},
    {"GroupQueryAttention",
     "query key? value? past_key? past_value? seqlens_k total_sequence_length cos_cache? sin_cache? "
     "position_ids? "
     "attention_bias? head_sink? k_scale? v_scale? q_norm_weight? k_norm_weight? query_seqlens?",
     "causal do_rotary k_quant_type kv_cache_bit_width kv_num_heads local_window_size num_heads "
     "qk_norm_epsilon "
     "qk_output rotary_interleaved scale sliding_window_cache smooth_softmax softcap v_quant_type",
     group_query_attention},
    {"MultiHeadAttention",
     "query key? value? bias? key_padding_mask? attention_bias? past_key? past_value? past_sequence_length? "
     "cache_indirection?",
     "mask_filter_value num_heads scale unidirectional", multi_head_attention},
    {"QAttention",
     "input weight bias input_scale weight_scale mask_index? input_zero_point? weight_zero_point? past?",
     "do_rotary mask_filter_value num_heads past_present_share_buffer scale unidirectional",
     quantized_attention},
    {"RotaryEmbedding", "input position_ids cos_cache sin_cache",
     "interleaved is_packed_batching num_heads rotary_embedding_dim scale", rotary_embedding},
};

}  // namespace

std::span<const Translation> microsoft_attention() { return kTranslations; }

}  // namespace lite::onnx
