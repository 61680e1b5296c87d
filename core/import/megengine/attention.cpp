// Attention with all its projections in one operator, composed: fuse_attention finds the middle of it again.
#include "core/import/megengine/weights.h"

namespace lite::mge {
namespace {

enum Mask : uint32_t { kNoMask = 0, kUpperTriangle = 1, kCudnn = 2, kGiven = 3 };

}  // namespace

// Inputs: queries [N,L,E], keys [N,S,K], values [N,S,V], the weights, perhaps a mask. Outputs: [N,L,O], the
// weights of attention [N * heads,L,S], and two that only training reads.
Status multi_head_attention(Call& c) {
  Builder& b = c.b;
  LITE_TRY(c.want_inputs(4, 7));
  const fb::MultiHeadAttn* p = c.param<fb::MultiHeadAttn>();
  LITE_TRY(c.done());
  const auto heads = static_cast<int64_t>(p->num_heads());
  if (heads < 1) return invalid_model("it has no heads");
  if (p->training() && (p->attn_prob() != 0 || p->out_prob() != 0))
    return unsupported("it drops at random, which is for training");
  const uint32_t mask = p->attn_mask_type();
  const bool masked = mask == kUpperTriangle || mask == kGiven;
  if (mask > kGiven) return invalid_model("its attn_mask_type is ", mask, ", which is none");
  if (mask == kCudnn) return unsupported("its mask is in cuDNN's form, which MegEngine has on CUDA only");
  if (p->tensor_combination_type() > 1 || p->add_zero_attn() || p->reslink() || p->input_order() != 0)
    return unsupported("it adds to keys and values, or has the order or the link of cuDNN's attention");
  if (masked) LITE_TRY(c.want_inputs(5, 7));

  // What is before heads and behind them: projection, [N,T,P] to [N,heads,T,P / heads]. Without a projection
  // each head sees all of it.
  struct Part {
    size_t input;
    uint32_t from, to;
    bool bias;
    ValueId weight = kNoValue, offset = kNoValue;
  };
  Part parts[] = {{0, p->embeding_size(), p->qproj_size(), p->qbias()},
                  {1, p->k_size(), p->kproj_size(), p->kbias()},
                  {2, p->v_size(), p->vproj_size(), p->vbias()},
                  {0, 0, p->oproj_size(), p->obias()}};
  const auto behind_heads = p->vproj_size() != 0 ? checked_mul(int64_t{p->vproj_size()}, 1)
                                                 : checked_mul(int64_t{p->v_size()}, heads);
  if (!behind_heads) return invalid_model("its sizes overflow");
  Weights weights{b, b.reshape(c.in(3), {-1})};
  for (Part& part : parts) {
    if (part.to == 0) continue;
    const int64_t rows = &part == &parts[3] ? *behind_heads : int64_t{part.from};
    LITE_ASSIGN(part.weight, weights.take(rows, part.to));
  }
  for (Part& part : parts) {
    if (part.to == 0 || !part.bias) continue;
    LITE_ASSIGN(const ValueId v, weights.take(1, part.to));
    part.offset = b.reshape(v, {-1});
  }
  LITE_TRY(c.done());
  LITE_TRY(weights.check_all_taken());

  const auto project = [&](ValueId x, const Part& part) {
    if (part.weight != kNoValue) x = b.add("MatMul", {x, part.weight});
    if (part.offset != kNoValue) x = b.add("Add", {x, part.offset});
    return x;
  };
  ValueId split[3];
  for (size_t i = 0; i < 3; ++i) {
    const Part& part = parts[i];
    if (part.to % static_cast<uint64_t>(heads) != 0)
      return invalid_model("a projection to ", part.to, " features for ", heads, " heads");
    const ValueId x = project(c.in(i), part);
    split[i] = part.to == 0
                   ? b.add("Expand", {b.unsqueeze(x, {1}), b.ints({1, heads, 1, 1})})
                   : b.transpose(b.reshape_to(x, {b.dims_of(x, 0, 2), b.ints({heads, part.to / heads})}),
                                 {0, 2, 1, 3});
  }
  ValueId scores = b.add("MatMul", {split[0], b.transpose(split[1], {0, 1, 3, 2})});
  scores = b.add("Mul", {scores, b.number(b.dtype(scores), static_cast<double>(p->sm_scaler()))});
  if (masked) {
    // A mask has all heads of all items one after another, or one for all of them.
    const ValueId shape = b.shape_of(scores);
    const ValueId rows = b.reshape_to(scores, {b.ints({-1}), b.dims_of(scores, 2, 4)});
    scores = b.add("Reshape", {b.add("Add", {rows, c.in(4)}), shape});
  }
  const ValueId attention = b.add("Softmax", {scores}, {attr("axis", int64_t{-1})});
  const ValueId width = b.ints({p->vproj_size() != 0 ? int64_t{p->vproj_size()} : -1});
  const ValueId joined = b.transpose(b.add("MatMul", {attention, split[2]}), {0, 2, 1, 3});
  c.out(0, project(b.reshape_to(joined, {b.dims_of(joined, 0, 2), width}), parts[3]));
  if (c.makes(1)) c.out(1, b.reshape_to(attention, {b.ints({-1}), b.dims_of(attention, 2, 4)}));
  return c.done();
}

}  // namespace lite::mge
