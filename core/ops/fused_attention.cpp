// FusedAttention: Y = softmax(cap(scale * Q K^T) masked) V for each index of a batch, where Q, K, V, the mask
// and Y are matrices that lie anywhere in larger tensors: heads that were split, transposed or packed
// together are read and written where they are.
//
//   in  Q, K, V  float32, float16 or bfloat16, any shapes
//   in  mask     optional, any shape; bool: where it is false the score becomes mask_value; float: is added
//   in  filled   optional, int64: how many keys are there for each index of the batch
//   out Y        shape y_dims
//   attr batch   ints: the dimensions of the batch (batch and heads, as a rule); may be empty
//   attr sizes   ints: queries, keys, width of a head, width of a value
//   attr q_steps, k_steps, v_steps, y_steps, mask_steps   ints: the offset of the first element, the step of
//                each dimension of the batch, of a row, of a column; rows of the mask are queries
//   attr filled_steps   ints: an offset and the step of each dimension of the batch
//   attr y_dims  ints
//   attr scale float, default 1     attr softcap float, default 0 (none): s becomes softcap * tanh(s /
//   softcap) attr mask_value float, default -inf attr left, right int, default -1 (no limit): query i sees
//   keys from p - left to p + right, with
//                p = i + first_query, or p = i + filled - queries when filled is there
//   attr first_query int, default 0
//   attr empty   int, default 0: a row without a key to see is NaN; 1: it is zeros; 2: so is a row with a NaN
//                among its scores
//
// A key that is masked by a mask with a value that is not finite adds NaN or nothing. Made by passes only.

#include "core/ops/fused_attention.h"

#include <cmath>

#include "core/ops/widen.h"

namespace lite::ops {
namespace {

constexpr const char* kName = "FusedAttention";

Result<Matrices> read_steps(const AttrReader& attrs, const char* name, size_t batch, size_t own) {
  const auto steps = attrs.ints(name);
  if (steps.size() != 1 + batch + own)
    return invalid_model(kName, ": attribute '", name, "' has ", steps.size(), " numbers, ", 1 + batch + own,
                         " wanted");
  for (const int64_t s : steps)
    if (s < 0) return invalid_model(kName, ": attribute '", name, "' has ", s, ", none below 0 wanted");
  Matrices m;
  m.offset = steps[0];
  m.batch = Dims(steps.subspan(1, batch));
  if (own == 2) m.row = steps[1 + batch], m.column = steps[2 + batch];
  return m;
}

std::vector<int64_t> steps_of(const Matrices& m, bool matrix) {
  std::vector<int64_t> steps{m.offset};
  steps.insert(steps.end(), m.batch.begin(), m.batch.end());
  if (matrix) steps.insert(steps.end(), {m.row, m.column});
  return steps;
}

// Every element of the matrices lies in a tensor of that shape.
bool inside(const Matrices& m, const Dims& batch, int64_t rows, int64_t columns, const Dims& tensor) {
  const auto count = checked_elements(tensor);
  if (!count) return false;
  std::optional<int64_t> last = m.offset;
  const auto reach = [&](int64_t size, int64_t step) {
    if (size == 0) last = -1;
    if (!last || *last < 0) return;
    const auto far = checked_mul(size - 1, step);
    last = far ? checked_add(*last, *far) : std::nullopt;
  };
  for (size_t d = 0; d < batch.size(); ++d) reach(batch[d], m.batch[d]);
  reach(rows, m.row);
  reach(columns, m.column);
  return last && *last < *count;
}

Status infer(const InferArgs& a) {
  LITE_ASSIGN(const AttentionShape s, read_attention(a.attrs));
  LITE_TRY(read_attention_rules(a.attrs).status());
  const auto check = [&](size_t i, const char* name, const Matrices& m, int64_t rows, int64_t columns) {
    if (a.has(i) && a.in[i].is_static() && !inside(m, s.batch, rows, columns, a.in[i].dims))
      return Status(
          invalid_model(kName, ": ", name, " has shape ", a.in[i].dims, ", less than its steps reach"));
    return ok();
  };
  if (a.has(3) != a.attrs.has("mask_steps") || a.has(4) != a.attrs.has("filled_steps"))
    return invalid_model(kName, ": 'mask_steps' or 'filled_steps' without its input, or the other way round");
  LITE_TRY(check(0, "Q", s.q, s.queries, s.head));
  LITE_TRY(check(1, "K", s.k, s.keys, s.head));
  LITE_TRY(check(2, "V", s.v, s.keys, s.v_head));
  LITE_TRY(check(3, "mask", s.mask, s.queries, s.keys));
  LITE_TRY(check(4, "filled", s.filled, 1, 1));
  Dims result = s.batch;
  result.push_back(s.queries);
  result.push_back(s.v_head);
  if (!inside(s.y, s.batch, s.queries, s.v_head, s.y_dims) ||
      checked_elements(result) != checked_elements(s.y_dims))
    return invalid_model(kName, ": Y has shape ", s.y_dims, ", which is not what its steps reach");
  a.out[0] = Fact(a.in[0].dtype, s.y_dims);
  return ok();
}

Status reference(const EvalArgs& a) {
  LITE_ASSIGN(const AttentionShape s, read_attention(a.attrs));
  LITE_ASSIGN(const AttentionRules rules, read_attention_rules(a.attrs));
  LITE_ASSIGN(Tensor* const y, a.output(0, a.input(0).dtype(), s.y_dims));
  const Widened<double> q(a.input(0)), k(a.input(1)), v(a.input(2));
  std::vector<double> mask;
  if (a.has(3)) {
    mask.resize(static_cast<size_t>(a.input(3).elements()));
    widen(a.input(3), 0, a.input(3).elements(), mask.data());
  }
  const bool keeps = a.has(3) && a.input(3).dtype() == DType::kBool;
  const double scale = static_cast<double>(rules.scale), cap = static_cast<double>(rules.softcap);
  constexpr double kNone = -std::numeric_limits<double>::infinity();
  std::vector<double> row(static_cast<size_t>(s.keys));
  for (int64_t b = 0; b < elements(s.batch); ++b) {
    if (a.stop_requested()) return a.parallel->cancel->error();
    const int64_t q_at = s.q.at(b, s.batch), k_at = s.k.at(b, s.batch), v_at = s.v.at(b, s.batch),
                  y_at = s.y.at(b, s.batch), mask_at = a.has(3) ? s.mask.at(b, s.batch) : 0;
    int64_t filled = s.keys;
    if (a.has(4)) {
      filled = a.input(4).int_at(s.filled.at(b, s.batch));
      LITE_TRY(check_filled(filled, s.keys));
    }
    for (int64_t i = 0; i < s.queries; ++i) {
      const auto range = rules.range(i, s.queries, filled, a.has(4));
      double top = kNone, sum = 0;
      for (int64_t j = range.first; j < range.last; ++j) {
        double score = 0;
        for (int64_t c = 0; c < s.head; ++c)
          score += q[q_at + i * s.q.row + c * s.q.column] * k[k_at + j * s.k.row + c * s.k.column];
        score *= scale;
        if (cap > 0) score = cap * std::tanh(score / cap);
        if (a.has(3)) {
          const double m = mask[static_cast<size_t>(mask_at + i * s.mask.row + j * s.mask.column)];
          if (!keeps)
            score += m;
          else if (m == 0)
            score = static_cast<double>(rules.mask_value);
        }
        row[static_cast<size_t>(j)] = score;
        if (score > top || std::isnan(score)) top = score;
      }
      for (int64_t j = range.first; j < range.last; ++j) {
        double& w = row[static_cast<size_t>(j)];
        w = top == kNone ? 0 : std::exp(w - top);
        sum += w;
      }
      const bool zero = (rules.empty != EmptyRows::kNaN && sum == 0) ||
                        (rules.empty == EmptyRows::kClean && std::isnan(sum));
      for (int64_t c = 0; c < s.v_head; ++c) {
        double out = 0;
        for (int64_t j = range.first; j < range.last && !zero; ++j)
          out += row[static_cast<size_t>(j)] * v[v_at + j * s.v.row + c * s.v.column];
        out = zero ? 0 : out / sum;
        narrow(&out, 1, *y, y_at + i * s.y.row + c * s.y.column);
      }
    }
  }
  return ok();
}

constexpr TypeSet kTypes = TypeSet(DType::kF32) | DType::kF16 | DType::kBF16;
constexpr OperandSpec kIn[] = {{"Q", kTypes, 'T'},
                               {"K", kTypes, 'T'},
                               {"V", kTypes, 'T'},
                               {"mask", kTypes | DType::kBool, 0, OperandSpec::kOptional},
                               {"filled", DType::kI64, 0, OperandSpec::kOptional}};
constexpr OperandSpec kOut[] = {{"Y", kTypes, 'T'}};
constexpr AttrSpec kAttrs[] = {
    {"batch", AttrType::kInts, true},  {"empty", AttrType::kInt},          {"filled_steps", AttrType::kInts},
    {"first_query", AttrType::kInt},   {"k_steps", AttrType::kInts, true}, {"left", AttrType::kInt},
    {"mask_steps", AttrType::kInts},   {"mask_value", AttrType::kFloat},   {"q_steps", AttrType::kInts, true},
    {"right", AttrType::kInt},         {"scale", AttrType::kFloat},        {"sizes", AttrType::kInts, true},
    {"softcap", AttrType::kFloat},     {"v_steps", AttrType::kInts, true}, {"y_dims", AttrType::kInts, true},
    {"y_steps", AttrType::kInts, true}};

constexpr OpDef kOps[] = {{
    .name = kName,
    .domain = "lite",
    .inputs = kIn,
    .outputs = kOut,
    .attrs = kAttrs,
    .traits = kFusedOnly,
    .exactness = Exactness::kAccumulating,
    .infer = infer,
    .reference = reference,
}};

}  // namespace

Result<AttentionShape> read_attention(const AttrReader& attrs) {
  AttentionShape s;
  s.batch = Dims(attrs.ints("batch"));
  s.y_dims = Dims(attrs.ints("y_dims"));
  const auto sizes = attrs.ints("sizes");
  if (sizes.size() != 4)
    return invalid_model(kName, ": attribute 'sizes' has ", sizes.size(), " numbers, 4 wanted");
  for (const auto list : {attrs.ints("batch"), sizes, attrs.ints("y_dims")})
    for (const int64_t d : list)
      if (d < 0) return invalid_model(kName, ": has a size of ", d, ", none below 0 wanted");
  if (!checked_elements(s.batch)) return invalid_model(kName, ": a batch of ", s.batch, " does not fit");
  s.queries = sizes[0], s.keys = sizes[1], s.head = sizes[2], s.v_head = sizes[3];
  const size_t n = s.batch.size();
  LITE_ASSIGN(s.q, read_steps(attrs, "q_steps", n, 2));
  LITE_ASSIGN(s.k, read_steps(attrs, "k_steps", n, 2));
  LITE_ASSIGN(s.v, read_steps(attrs, "v_steps", n, 2));
  LITE_ASSIGN(s.y, read_steps(attrs, "y_steps", n, 2));
  if (attrs.has("mask_steps")) {
    LITE_ASSIGN(s.mask, read_steps(attrs, "mask_steps", n, 2));
  }
  if (attrs.has("filled_steps")) {
    LITE_ASSIGN(s.filled, read_steps(attrs, "filled_steps", n, 0));
  }
  return s;
}

void write_attention(const AttentionShape& s, bool masked, bool counted, std::vector<Attr>& attrs) {
  const auto list = [](const Dims& d) { return std::vector<int64_t>(d.begin(), d.end()); };
  attrs.push_back({"batch", list(s.batch)});
  attrs.push_back({"sizes", std::vector<int64_t>{s.queries, s.keys, s.head, s.v_head}});
  attrs.push_back({"q_steps", steps_of(s.q, true)});
  attrs.push_back({"k_steps", steps_of(s.k, true)});
  attrs.push_back({"v_steps", steps_of(s.v, true)});
  if (masked) attrs.push_back({"mask_steps", steps_of(s.mask, true)});
  if (counted) attrs.push_back({"filled_steps", steps_of(s.filled, false)});
  attrs.push_back({"y_steps", steps_of(s.y, true)});
  attrs.push_back({"y_dims", list(s.y_dims)});
}

Result<AttentionRules> read_attention_rules(const AttrReader& attrs) {
  AttentionRules r;
  r.scale = attrs.f32("scale", 1);
  r.softcap = attrs.f32("softcap", 0);
  r.mask_value = attrs.f32("mask_value", -std::numeric_limits<float>::infinity());
  r.left = attrs.i64("left", -1);
  r.right = attrs.i64("right", -1);
  r.first_query = attrs.i64("first_query", 0);
  if (r.first_query < INT32_MIN || r.first_query > INT32_MAX)
    return invalid_model(kName, ": attribute 'first_query' is ", r.first_query);
  const int64_t empty = attrs.i64("empty", 0);
  if (empty < 0 || empty > 2)
    return invalid_model(kName, ": attribute 'empty' is ", empty, ", wanted in [0,2]");
  r.empty = static_cast<EmptyRows>(empty);
  return r;
}

Status check_filled(int64_t filled, int64_t keys) {
  if (filled >= 0 && filled <= keys) return ok();
  return invalid_argument("Attention: nonpad_kv_seqlen is ", filled, ", wanted in [0,", keys, "]");
}

extern constinit const OpTable fused_attention;
constinit const OpTable fused_attention{kOps};

}  // namespace lite::ops
