// NGramRepeatBlock: forbids tokens that would repeat an n-gram.
//
//   in  input_ids   [batch,length], int64: the tokens so far
//   in  scores      [batch,vocabulary], float32
//   out scores_out  scores, with -infinity for each token that, put behind the last n - 1 ones, makes n
//   tokens in a
//                   row that are there already
//   attr ngram_size int, required, at least 1
//
// A token that would be forbidden and is not in [0, vocabulary) is an error.

#include <algorithm>
#include <cstring>
#include <limits>

#include "core/ops/op.h"

namespace lite::ops {
namespace {

Status infer(const InferArgs& a) {
  const Fact &ids = a.in[0], &scores = a.in[1];
  if (a.attrs.i64("ngram_size") < 1)
    return invalid_model("NGramRepeatBlock: attribute 'ngram_size' is ", a.attrs.i64("ngram_size"),
                         ", at least 1 wanted");
  for (const Fact* f : {&ids, &scores})
    if (f->has_rank && f->rank() != 2)
      return invalid_model("NGramRepeatBlock: ", f == &ids ? "input_ids" : "scores", " have shape ", f->dims,
                           ", two dimensions wanted");
  if (ids.has_rank && scores.has_rank && ids.dims[0] >= 0 && scores.dims[0] >= 0 &&
      ids.dims[0] != scores.dims[0])
    return invalid_model("NGramRepeatBlock: input_ids have ", ids.dims[0], " rows, scores ", scores.dims[0]);
  a.out[0] = scores;
  return ok();
}

Status reference(const EvalArgs& a) {
  const Tensor &ids = a.input(0), &scores = a.input(1);
  LITE_ASSIGN(Tensor* const out, a.output(0, scores.dtype(), scores.dims()));
  if (out->raw() != scores.raw()) std::memcpy(out->mutable_raw(), scores.raw(), scores.bytes());
  const int64_t length = ids.dims()[1], words = scores.dims()[1], n = a.attrs.i64("ngram_size");
  if (n > length) return ok();
  for (int64_t b = 0; b < ids.dims()[0]; ++b) {
    const int64_t* const row = ids.data<int64_t>() + b * length;
    const int64_t* const tail = row + length - (n - 1);
    for (int64_t i = 0; i + n <= length; ++i) {
      if (!std::equal(tail, row + length, row + i)) continue;
      const int64_t word = row[i + n - 1];
      if (word < 0 || word >= words)
        return invalid_argument("NGramRepeatBlock: token ", word, " is out of range for ", words, " scores");
      out->mutable_data<float>()[b * words + word] = -std::numeric_limits<float>::infinity();
    }
  }
  return ok();
}

constexpr OperandSpec kIn[] = {{"input_ids", DType::kI64}, {"scores", DType::kF32, 'T'}};
constexpr OperandSpec kOut[] = {{"scores_out", DType::kF32, 'T'}};
constexpr AttrSpec kAttrs[] = {{"ngram_size", AttrType::kInt, true}};

constexpr OpDef kOps[] = {{
    .name = "NGramRepeatBlock",
    .domain = "com.microsoft",
    .inputs = kIn,
    .outputs = kOut,
    .attrs = kAttrs,
    .infer = infer,
    .reference = reference,
}};

}  // namespace

extern constinit const OpTable ngram_repeat_block;
constinit const OpTable ngram_repeat_block{kOps};

}  // namespace lite::ops
