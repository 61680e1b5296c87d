// What LSTM, GRU and RNN share: operands, directions, sequence lengths, layout and activations.
//
//   in  X              [seq,batch,input]; with layout 1 [batch,seq,input]; float
//   in  W              [directions, gates * hidden, input]
//   in  R              [directions, gates * hidden, hidden]
//   in  B              optional [directions, 2 * gates * hidden]: biases of W, then those of R
//   in  sequence_lens  optional [batch], int32, each in [0, seq]: where each sequence ends; default seq
//   in  initial_h      optional [directions,batch,hidden]; with layout 1 [batch,directions,hidden]
//   out Y              optional [seq,directions,batch,hidden]; with layout 1 [batch,seq,directions,hidden];
//   zeros after the
//                      end of a sequence
//   out Y_h            optional, shape of initial_h: the state at the end of each sequence
//   attr hidden_size int, default R's      attr layout int, default 0
//   attr direction   string, forward (default), reverse or bidirectional; reverse starts at the end of each
//   sequence attr activations strings: those of one direction, then of the other; names in any case attr
//   activation_alpha, activation_beta floats: taken in turn by the activations that have such a parameter
//   attr clip        float: what enters an activation is first limited to [-clip, clip]
#pragma once

#include <functional>
#include <vector>

#include "core/ops/op.h"

namespace lite::ops {

// One of the activations with its parameters, on what has been clipped.
struct RecurrentActivation {
  enum Kind : uint8_t {
    kRelu,
    kTanh,
    kSigmoid,
    kAffine,
    kLeakyRelu,
    kThresholdedRelu,
    kScaledTanh,
    kHardSigmoid,
    kElu,
    kSoftsign,
    kSoftplus
  } kind = kTanh;
  double alpha = 0, beta = 0;
  double clip = 0;  // 0: no limit
  double operator()(double x) const;
};

struct RecurrentShape {
  int64_t gates = 1;
  int64_t seq = kUnknownDim, batch = kUnknownDim, input = kUnknownDim, hidden = kUnknownDim;
  int64_t directions = 1;
  bool reverse = false;                          // the first direction is the backward one
  bool batch_first = false;                      // layout 1
  std::vector<RecurrentActivation> activations;  // of direction 0, then of direction 1
  size_t activations_each = 1;
};

// Checks attributes and shapes, known or not; used by `infer` and, with complete shapes, by references and
// kernels. `defaults` are the names of one direction's activations. Operands beyond initial_h are checked by
// the operator.
Result<RecurrentShape> resolve_recurrent(const AttrReader& attrs, std::span<const Fact> in, int64_t gates,
                                         std::span<const char* const> defaults);
// Facts of Y, Y_h and, where there is one, Y_c.
Status infer_recurrent(const InferArgs& a, int64_t gates, std::span<const char* const> defaults);

// One step of one sequence. xw: gates * hidden numbers, W * x without biases. h, c: the state, replaced by
// the new one.
using RecurrentCell = std::function<void(int64_t direction, const double* xw, double* h, double* c)>;
// Runs a cell over all directions, sequences and steps. `initial_c` and `c_output` are operand numbers; -1:
// no c.
Status run_recurrent(const EvalArgs& a, const RecurrentShape& s, const RecurrentCell& cell,
                     int initial_c = -1, int c_output = -1);

// sums[k] = sum over j of matrix[k,j] * v[j]
void multiply_vector(const double* matrix, int64_t rows, int64_t columns, const double* v, double* sums);

#define LITE_RECURRENT_IN                                                          \
  {"X", types::kFloat, 'T'}, {"W", types::kFloat, 'T'}, {"R", types::kFloat, 'T'}, \
      {"B", types::kFloat, 'T', OperandSpec::kOptional},                           \
      {"sequence_lens", DType::kI32, 0, OperandSpec::kOptional}, {                 \
    "initial_h", types::kFloat, 'T', OperandSpec::kOptional                        \
  }
#define LITE_RECURRENT_OUT \
  {"Y", types::kFloat, 'T', OperandSpec::kOptional}, { "Y_h", types::kFloat, 'T', OperandSpec::kOptional }
#define LITE_RECURRENT_ATTRS                                                                             \
  {"activation_alpha", AttrType::kFloats}, {"activation_beta", AttrType::kFloats},                       \
      {"activations", AttrType::kStrings}, {"clip", AttrType::kFloat}, {"direction", AttrType::kString}, \
      {"hidden_size", AttrType::kInt}, {                                                                 \
    "layout", AttrType::kInt                                                                             \
  }

}  // namespace lite::ops
