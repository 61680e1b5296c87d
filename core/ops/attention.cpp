// Attention: Y = softmax(scale * Q K^T (+ mask)) V for each head.
//
//   in  Q  [batch,q_heads,q_seq,head] or [batch,q_seq,q_heads*head], float
//   in  K  [batch,kv_heads,kv_seq,head] or [batch,kv_seq,kv_heads*head]       in  V  likewise, with v_head
//   for head in  attn_mask   optional, broadcasts to [batch,q_heads,q_seq,total]; its last dimension may be
//   shorter: what is
//                   missing is masked. bool: false is masked; numbers are added to the scores
//   in  past_key, past_value  optional, both or none: [batch,kv_heads,past,head or v_head], put before K and
//   V;
//                   total = past + kv_seq
//   in  nonpad_kv_seqlen      optional [batch], int64: keys from there on are masked; not together with
//   past_key out Y  like Q, with v_head for head out present_key, present_value  optional: past and new ones,
//   [batch,kv_heads,total,...] out qk_matmul_output            optional [batch,q_heads,q_seq,total]; what it
//   holds is qk_matmul_output_mode: 0 scaled
//                   scores, 1 after softcap, 2 after the mask, 3 after softmax
//   attr scale float, default 1 / sqrt(head)       attr softcap float, default 0 (none): s becomes softcap *
//   tanh(s / softcap) attr is_causal int, default 0: query i sees keys up to i + offset; offset is past, or
//   nonpad_kv_seqlen - q_seq, or 0 attr left_window_size, right_window_size int, default -1 (no limit): query
//   i sees keys from i + offset - left to
//                   i + offset + right
//   attr q_num_heads, kv_num_heads int: needed, and allowed, with three dimensions only
//   attr softmax_precision int: the least type for softmax; this one calculates in float64 anyway
//
// kv_heads divides q_heads; each serves that many query heads in a row. A query all of whose keys are masked
// gives zeros.

#include <cmath>

#include "core/ops/op.h"
#include "core/ops/widen.h"

namespace lite::ops {
namespace {

constexpr double kMasked = -std::numeric_limits<double>::infinity();

// Sizes, unknown where the facts are. `of` addresses one head's row in a tensor of three or four dimensions.
struct Shape {
  int64_t batch = kUnknownDim, q_heads = kUnknownDim, kv_heads = kUnknownDim;
  int64_t q_seq = kUnknownDim, kv_seq = kUnknownDim, past = 0, total = kUnknownDim;
  int64_t head = kUnknownDim, v_head = kUnknownDim;
  bool flat = false;  // three dimensions
};

int64_t quotient(int64_t size, int64_t by) { return size < 0 || by < 1 ? kUnknownDim : size / by; }

Result<Shape> resolve(const AttrReader& attrs, std::span<const Fact> in) {
  const auto broken = [](const auto&... what) { return invalid_model("Attention: ", what...); };
  const auto has = [&](size_t i) { return i < in.size() && in[i].has_rank; };
  constexpr const char* kNames[] = {"Q", "K", "V", "attn_mask", "past_key", "past_value", "nonpad_kv_seqlen"};
  Shape s;
  size_t rank = 0;
  for (size_t i = 0; i < 3; ++i) {
    if (!has(i)) continue;
    if ((in[i].rank() != 3 && in[i].rank() != 4) || (rank != 0 && in[i].rank() != rank))
      return broken(kNames[i], " has shape ", in[i].dims,
                    ", three or four dimensions, in Q, K and V alike, wanted");
    rank = in[i].rank();
  }
  for (const char* name : {"left_window_size", "right_window_size"})
    if (attrs.i64(name, -1) < -1)
      return broken("attribute '", name, "' is ", attrs.i64(name), ", at least -1 wanted");
  const int64_t mode = attrs.i64("qk_matmul_output_mode");
  if (mode < 0 || mode > 3) return broken("attribute 'qk_matmul_output_mode' is ", mode, ", wanted in [0,3]");
  if (rank == 0) return s;
  s.flat = rank == 3;
  if (s.flat) {
    s.q_heads = attrs.i64("q_num_heads");
    s.kv_heads = attrs.i64("kv_num_heads");
    if (s.q_heads < 1 || s.kv_heads < 1)
      return broken("attributes 'q_num_heads' and 'kv_num_heads' are ", s.q_heads, " and ", s.kv_heads,
                    ", at least 1 wanted");
    for (size_t i = 0; i < 3; ++i)
      if (has(i) && in[i].dims[2] >= 0 && in[i].dims[2] % (i == 0 ? s.q_heads : s.kv_heads) != 0)
        return broken(kNames[i], " has shape ", in[i].dims, ", a multiple of ",
                      i == 0 ? s.q_heads : s.kv_heads, " heads wanted");
  }
  const auto agree = [](int64_t& a, int64_t b) {
    if (a < 0) a = b;
    return b < 0 || a == b;
  };
  const size_t seq_at = s.flat ? 1 : 2;
  bool fits = true;
  if (has(0)) {
    fits = fits && agree(s.batch, in[0].dims[0]);
    s.q_seq = in[0].dims[seq_at];
    if (!s.flat) s.q_heads = in[0].dims[1];
    s.head = s.flat ? quotient(in[0].dims[2], s.q_heads) : in[0].dims[3];
  }
  for (size_t i = 1; i < 3; ++i) {
    if (!has(i)) continue;
    fits = fits && agree(s.batch, in[i].dims[0]) && agree(s.kv_seq, in[i].dims[seq_at]);
    if (!s.flat) fits = fits && agree(s.kv_heads, in[i].dims[1]);
    fits = fits &&
           agree(i == 1 ? s.head : s.v_head, s.flat ? quotient(in[i].dims[2], s.kv_heads) : in[i].dims[3]);
  }
  const bool with_past = in.size() > 5 && in[4].dtype != DType::kUndefined;
  if (with_past) s.past = kUnknownDim;
  for (size_t i = 4; i < 6; ++i) {
    if (!has(i)) continue;
    if (in[i].rank() != 4) return broken(kNames[i], " has shape ", in[i].dims, ", four dimensions wanted");
    fits = fits && agree(s.batch, in[i].dims[0]) && agree(s.kv_heads, in[i].dims[1]) &&
           agree(s.past, in[i].dims[2]) && agree(i == 4 ? s.head : s.v_head, in[i].dims[3]);
  }
  if (!fits) {
    std::string shapes;
    for (size_t i = 0; i < 6; ++i)
      if (has(i) && i != 3) shapes += cat(shapes.empty() ? "" : ", ", kNames[i], " ", in[i].dims);
    return broken("shapes do not go together: ", shapes);
  }
  if (s.q_heads >= 0 && s.kv_heads >= 0 && (s.kv_heads == 0 || s.q_heads % s.kv_heads != 0))
    return broken("has ", s.q_heads, " query heads, a multiple of the ", s.kv_heads, " key heads wanted");
  if (s.past >= 0 && s.kv_seq >= 0) {
    const auto total = checked_add(s.past, s.kv_seq);
    if (!total) return broken("past ", s.past, " and ", s.kv_seq, " new keys do not fit");
    s.total = *total;
  }
  if (has(6) && (in[6].rank() != 1 || !agree(s.batch, in[6].dims[0])))
    return broken("nonpad_kv_seqlen has shape ", in[6].dims, ", [", s.batch, "] wanted");
  if (has(3) && in[3].is_static() && s.batch >= 0 && s.q_heads >= 0 && s.q_seq >= 0 && s.total >= 0) {
    const Dims& mask = in[3].dims;
    const Dims want{s.batch, s.q_heads, s.q_seq, s.total};
    bool mask_fits = !mask.empty() && mask.size() <= 4 && mask.back() <= s.total;
    for (size_t k = 1; mask_fits && k < mask.size(); ++k) {
      const int64_t d = mask[mask.size() - 1 - k];
      mask_fits = d == 1 || d == want[3 - k];
    }
    if (!mask_fits) return broken("attn_mask has shape ", mask, ", which does not broadcast to ", want);
  }
  return s;
}

Status infer(const InferArgs& a) {
  const DType type = a.in[0].dtype;
  const bool past = a.has(4), past_value = a.has(5);
  if (past != past_value) return invalid_model("Attention: past_key and past_value are wanted together");
  if (past && a.has(6)) return invalid_model("Attention: nonpad_kv_seqlen does not go with past_key");
  LITE_ASSIGN(const Shape s, resolve(a.attrs, a.in));
  for (Fact& out : a.out) out = Fact(type);
  if (!a.in[0].has_rank && !a.in[1].has_rank && !a.in[2].has_rank) return ok();
  const int64_t hidden =
      s.v_head < 0 || s.q_heads < 0 ? kUnknownDim : checked_mul(s.v_head, s.q_heads).value_or(kUnknownDim);
  a.out[0] =
      Fact(type, s.flat ? Dims{s.batch, s.q_seq, hidden} : Dims{s.batch, s.q_heads, s.q_seq, s.v_head});
  if (a.out.size() > 1) a.out[1] = Fact(type, {s.batch, s.kv_heads, s.total, s.head});
  if (a.out.size() > 2) a.out[2] = Fact(a.in[2].dtype, {s.batch, s.kv_heads, s.total, s.v_head});
  if (a.out.size() > 3) a.out[3] = Fact(type, {s.batch, s.q_heads, s.q_seq, s.total});
  return ok();
}

// Element offset of row `t` of head `h` of batch `b` in a tensor of `seq` rows of `width`.
int64_t row_of(bool flat, int64_t b, int64_t h, int64_t t, int64_t heads, int64_t seq, int64_t width) {
  return (flat ? (b * seq + t) * heads + h : (b * heads + h) * seq + t) * width;
}

// Past and new keys or values of all heads: [batch,kv_heads,total,width].
std::vector<double> gather_cache(const EvalArgs& a, const Shape& s, size_t fresh, size_t past,
                                 int64_t width) {
  std::vector<double> all(static_cast<size_t>(s.batch * s.kv_heads * s.total * width));
  double* to = all.data();
  for (int64_t b = 0; b < s.batch; ++b)
    for (int64_t h = 0; h < s.kv_heads; ++h)
      for (int64_t t = 0; t < s.total; ++t, to += width) {
        if (t < s.past)
          widen(a.input(past), row_of(false, b, h, t, s.kv_heads, s.past, width), width, to);
        else
          widen(a.input(fresh), row_of(s.flat, b, h, t - s.past, s.kv_heads, s.kv_seq, width), width, to);
      }
  return all;
}

// The numbers to add to the scores of one query.
class Bias {
 public:
  Bias(const EvalArgs& a, const Shape& s)
      : a_(a),
        s_(s),
        left_(a.attrs.i64("left_window_size", -1)),
        right_(a.attrs.i64("right_window_size", -1)) {
    if (a.attrs.i64("is_causal") != 0) right_ = 0;
    if (a.has(3)) {
      const Dims &mask = a.input(3).dims(), own = row_major_strides(mask);
      width_ = mask.back();
      for (size_t k = 0; k < mask.size(); ++k) strides_[4 - mask.size() + k] = mask[k] == 1 ? 0 : own[k];
    }
  }
  // row: s.total numbers.
  void fill(int64_t b, int64_t h, int64_t i, std::vector<double>& row) const {
    std::fill(row.begin(), row.end(), 0);
    if (a_.has(3)) {
      const Tensor& mask = a_.input(3);
      const int64_t at = b * strides_[0] + h * strides_[1] + i * strides_[2];
      std::fill(row.begin(), row.end(), kMasked);
      widen(mask, at, width_, row.data());
      if (mask.dtype() == DType::kBool)
        for (int64_t j = 0; j < width_; ++j)
          row[static_cast<size_t>(j)] = row[static_cast<size_t>(j)] != 0 ? 0 : kMasked;
    }
    const int64_t filled = a_.has(6) ? a_.input(6).int_at(b) : s_.total;
    const int64_t at = i + (a_.has(6) ? filled - s_.q_seq : s_.past);
    for (int64_t j = 0; j < s_.total; ++j)
      if (j >= filled || (left_ >= 0 && at - j > left_) || (right_ >= 0 && j - at > right_))
        row[static_cast<size_t>(j)] = kMasked;
  }

 private:
  const EvalArgs& a_;
  const Shape& s_;
  int64_t left_, right_, width_ = 0;
  int64_t strides_[4] = {};
};

void softmax(std::vector<double>& row) {
  const double largest = *std::max_element(row.begin(), row.end());
  double sum = 0;
  for (double& v : row) sum += v = std::exp(v - largest);
  for (double& v : row) v /= sum;
}

Status reference(const EvalArgs& a) {
  std::vector<Fact> facts;
  for (size_t i = 0; i < a.num_in(); ++i)
    facts.push_back(a.has(i) ? Fact(a.input(i).dtype(), a.input(i).dims()) : Fact());
  LITE_ASSIGN(const Shape s, resolve(a.attrs, facts));
  const DType type = a.input(0).dtype();
  LITE_ASSIGN(Tensor* const y, a.output(0, type,
                                        s.flat ? Dims{s.batch, s.q_seq, s.q_heads * s.v_head}
                                               : Dims{s.batch, s.q_heads, s.q_seq, s.v_head}));
  const std::vector<double> keys = gather_cache(a, s, 1, 4, s.head),
                            values = gather_cache(a, s, 2, 5, s.v_head);
  for (size_t i = 1; i < 3; ++i) {
    if (!a.wants(i)) continue;
    LITE_ASSIGN(
        Tensor* const present,
        a.output(i, a.input(i).dtype(), Dims{s.batch, s.kv_heads, s.total, i == 1 ? s.head : s.v_head}));
    narrow((i == 1 ? keys : values).data(), present->elements(), *present, 0);
  }
  for (int64_t b = 0; a.has(6) && b < s.batch; ++b) {
    const int64_t filled = a.input(6).int_at(b);
    if (filled < 0 || filled > s.total)
      return invalid_argument("Attention: nonpad_kv_seqlen[", b, "] is ", filled, ", wanted in [0,", s.total,
                              "]");
  }
  Tensor* scores = nullptr;
  if (a.wants(3)) {
    LITE_ASSIGN(scores, a.output(3, type, Dims{s.batch, s.q_heads, s.q_seq, s.total}));
  }
  const int64_t mode = a.attrs.i64("qk_matmul_output_mode");
  const double scale = a.attrs.has("scale") ? static_cast<double>(a.attrs.f32("scale"))
                                            : 1 / std::sqrt(static_cast<double>(s.head));
  const auto softcap = static_cast<double>(a.attrs.f32("softcap", 0));
  const Bias bias(a, s);
  const auto total = static_cast<size_t>(s.total), head = static_cast<size_t>(s.head),
             v_head = static_cast<size_t>(s.v_head);
  std::vector<double> query(head), row(total), added(total), sums(v_head);
  for (int64_t b = 0; b < s.batch; ++b)
    for (int64_t h = 0; h < s.q_heads; ++h) {
      if (a.stop_requested()) return a.parallel->cancel->error();
      const auto cache = static_cast<size_t>((b * s.kv_heads + h / (s.q_heads / s.kv_heads)) * s.total);
      for (int64_t i = 0; i < s.q_seq; ++i) {
        const auto keep = [&](int64_t when) {
          if (scores != nullptr && mode == when)
            narrow(row.data(), s.total, *scores, ((b * s.q_heads + h) * s.q_seq + i) * s.total);
        };
        widen(a.input(0), row_of(s.flat, b, h, i, s.q_heads, s.q_seq, s.head), s.head, query.data());
        for (size_t j = 0; j < total; ++j) {
          const double* key = keys.data() + (cache + j) * head;
          double sum = 0;
          for (size_t k = 0; k < head; ++k) sum += query[k] * key[k];
          row[j] = sum * scale;
        }
        keep(0);
        if (softcap > 0)
          for (double& v : row) v = softcap * std::tanh(v / softcap);
        keep(1);
        bias.fill(b, h, i, added);
        for (size_t j = 0; j < total; ++j) row[j] += added[j];
        keep(2);
        if (std::all_of(added.begin(), added.end(), [](double v) { return v == kMasked; }))
          std::fill(row.begin(), row.end(), 0);
        else
          softmax(row);
        keep(3);
        std::fill(sums.begin(), sums.end(), 0);
        for (size_t j = 0; j < total; ++j)
          for (size_t k = 0; row[j] != 0 && k < v_head; ++k)
            sums[k] += row[j] * values[(cache + j) * v_head + k];
        narrow(sums.data(), s.v_head, *y, row_of(s.flat, b, h, i, s.q_heads, s.q_seq, s.v_head));
      }
    }
  return ok();
}

constexpr OperandSpec kIn[] = {{"Q", types::kFloat, 'T'},
                               {"K", types::kFloat, 'T'},
                               {"V", types::kFloat, 'V'},
                               {"attn_mask", types::kNumeric | DType::kBool, 0, OperandSpec::kOptional},
                               {"past_key", types::kFloat, 'T', OperandSpec::kOptional},
                               {"past_value", types::kFloat, 'V', OperandSpec::kOptional},
                               {"nonpad_kv_seqlen", DType::kI64, 0, OperandSpec::kOptional}};
constexpr OperandSpec kOut[] = {{"Y", types::kFloat, 'T'},
                                {"present_key", types::kFloat, 'T', OperandSpec::kOptional},
                                {"present_value", types::kFloat, 'V', OperandSpec::kOptional},
                                {"qk_matmul_output", types::kFloat, 'T', OperandSpec::kOptional}};
constexpr AttrSpec kAttrs[] = {{"is_causal", AttrType::kInt},
                               {"kv_num_heads", AttrType::kInt},
                               {"left_window_size", AttrType::kInt},
                               {"q_num_heads", AttrType::kInt},
                               {"qk_matmul_output_mode", AttrType::kInt},
                               {"right_window_size", AttrType::kInt},
                               {"scale", AttrType::kFloat},
                               {"softcap", AttrType::kFloat},
                               {"softmax_precision", AttrType::kInt}};

constexpr OpDef kOps[] = {{
    .name = "Attention",
    .since = 25,
    .inputs = kIn,
    .outputs = kOut,
    .attrs = kAttrs,
    .exactness = Exactness::kAccumulating,
    .infer = infer,
    .reference = reference,
}};

}  // namespace

extern constinit const OpTable attention;
constinit const OpTable attention{kOps};

}  // namespace lite::ops
