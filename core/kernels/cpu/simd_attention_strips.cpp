#include "core/kernels/cpu/simd_attention_strips.h"

#include <algorithm>

namespace lite::kernels {
namespace {

constexpr int64_t kMaxStrips = 64;

}  // namespace

WhyNot AttentionStrips::rejects(const NodeQuery& q) {
  if (!simd::all_plain(q)) return "not row-major";
  const auto shape = ops::read_attention(q.attrs());
  if (!shape.is_ok()) return "attributes";
  return shape.value().keys >= INT32_MAX ? "too many keys" : nullptr;
}

Status AttentionStrips::read(const NodeQuery& q) {
  LITE_ASSIGN(s_, ops::read_attention(q.attrs()));
  LITE_ASSIGN(rules_, ops::read_attention_rules(q.attrs()));
  if (s_.queries == 1) s_.mask.row = 0;
  masked_ = q.has_in(kMask);
  counted_ = q.has_in(kFilled);
  keeps_ = masked_ && q.in[kMask].dtype == DType::kBool;
  const auto matrix = [&](DType dtype, const ops::Matrices& m) {
    return simd::FloatMatrix(dtype, m.row, m.column, q.options);
  };
  q_ = matrix(q.in[kQ].dtype, s_.q);
  k_ = matrix(q.in[kK].dtype, s_.k);
  v_ = matrix(q.in[kV].dtype, s_.v);
  y_ = matrix(q.out[0].dtype, s_.y);
  if (masked_) mask_ = matrix(q.in[kMask].dtype, s_.mask);
  return ok();
}

Status AttentionStrips::divide(const char* who, int64_t queries, int64_t worth) {
  batch_ = elements(s_.batch);
  at_once_ = queries;
  down_ = ceil_div(s_.queries, queries);
  constexpr int64_t kLimit = int64_t{1} << 40;
  const auto tasks = checked_mul(batch_, down_);
  const auto heads = checked_add(s_.head, s_.v_head);
  if (!tasks || !checked_mul(*tasks, kMaxStrips) || !heads || *heads > kLimit / kMaxStrips / kTileKeys)
    return unsupported(who, ": a batch of ", s_.batch, " with heads of ", s_.head, " and ", s_.v_head,
                       " is too large");
  const double work = static_cast<double>(batch_) * static_cast<double>(s_.queries) *
                      static_cast<double>(s_.keys) * static_cast<double>(*heads);
  const double strips = std::min(1 + work / static_cast<double>(worth), static_cast<double>(kMaxStrips));
  strips_ = std::min(*tasks, static_cast<int64_t>(strips));
  return ok();
}

Status AttentionStrips::run(const Launch& l) const {
  if (counted_)
    for (int64_t b = 0; b < batch_; ++b) LITE_TRY(ops::check_filled(filled(l, b), s_.keys));
  const int64_t tasks = batch_ * down_;
  l.parallel->for_range(strips_, 1, [&](int64_t i, int64_t) {
    auto* const workspace = static_cast<float*>(l.workspace) + i * strip_floats_;
    for (int64_t t = tasks * i / strips_; t < tasks * (i + 1) / strips_; ++t)
      attend(l, t / down_, t % down_ * at_once_, workspace);
  });
  return ok();
}

}  // namespace lite::kernels
