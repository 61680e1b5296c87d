// Control flow. A body is a graph of its own; values of the outer graph that it uses are inputs of the node
// after the formal ones, and the runner hands them in.
//
//   If           in cond bool of one element; attrs then_branch, else_branch: bodies without inputs; out
//   their outputs Loop         in M optional int64, cond optional bool, v_initial...; attr body: (iteration
//   int64, cond, v...) to
//                (cond, v..., scan...). Runs while cond and fewer than M times; out v..., then every scan
//                output stacked along a new first dimension.
//   Scan         in states..., scan inputs... (attr num_scan_inputs of them); attr body: (states..., one
//   slice of each
//                scan input) to (states..., scan outputs...); attrs scan_input_axes, scan_output_axes
//                (default 0), scan_input_directions, scan_output_directions (0 forward, 1 backward); out
//                states..., scan outputs...
//   SequenceMap  in input_sequence, additional inputs...; attr body: once for each element; additional
//   sequences are walked
//                along, additional tensors are given as they are; out sequences
//
// Cancellation is looked at in every iteration.

#include <limits>

#include "core/ops/strided.h"

namespace lite::ops {
namespace {

// What both facts allow.
Fact join(const Fact& a, const Fact& b) {
  if (a == b) return a;
  Fact out = a;
  if (a.kind != b.kind) return Fact();
  if (a.dtype != b.dtype) out.dtype = DType::kUndefined;
  if (a.element && b.element) out.element = std::make_shared<Fact>(join(*a.element, *b.element));
  if (!a.has_rank || !b.has_rank || a.rank() != b.rank()) {
    out.has_rank = false;
    out.dims = Dims();
    return out;
  }
  for (size_t i = 0; i < a.rank(); ++i)
    if (a.dims[i] != b.dims[i]) out.dims[i] = kUnknownDim;
  return out;
}

Status put(const EvalArgs& a, size_t i, Datum d) {
  if (!a.wants(i)) return ok();
  if (d.kind == Kind::kTensor) return pass_through(a, i, d.tensor, d.tensor.dims());
  a.out[i] = std::move(d);
  return ok();
}

Result<const Graph*> body_of(const AttrReader& r, std::string_view attr = "body") {
  const Graph* body = r.graph(attr);
  if (body == nullptr) return invalid_model(r.node().op->name, ": body '", attr, "' is missing");
  return body;
}

// A body that is fed nothing, when a loop does not run at all, still tells the shape of what it would have
// made.
Dims empty_of(const Graph& body, size_t output) {
  const Fact& f = body.value(body.outputs[output]).fact;
  Dims dims = f.has_rank ? f.dims : Dims();
  for (int64_t& d : dims) d = std::max<int64_t>(d, 0);
  return dims;
}

// One tensor from many of the same shape and type, along a new dimension.
Status stack(const EvalArgs& a, size_t out, const std::vector<Tensor>& parts, size_t axis, bool backward,
             DType dtype, const Dims& part_dims) {
  if (!a.wants(out)) return ok();
  const char* op = a.attrs.node().op->name;
  Dims dims = parts.empty() ? part_dims : parts[0].dims();
  if (axis > dims.size())
    return invalid_model(op, ": output axis ", axis, " is out of range for slices of rank ", dims.size());
  const auto n = static_cast<int64_t>(parts.size());
  dims.insert(axis, n);
  LITE_ASSIGN(Tensor* const y, a.output(out, parts.empty() ? dtype : parts[0].dtype(), dims));
  const int64_t inner = elements(std::span(dims.data() + axis + 1, dims.size() - axis - 1));
  const int64_t outer = elements(std::span(dims.data(), axis));
  if (is_packed(y->dtype()))
    return unsupported(op, ": element type ", dtype_name(y->dtype()), " is not supported in scan outputs");
  for (int64_t k = 0; k < n; ++k) {
    const Tensor& part = parts[static_cast<size_t>(backward ? n - 1 - k : k)];
    if (!(part.dims() == parts[0].dims()) || part.dtype() != parts[0].dtype())
      return invalid_argument(op, ": scan output ", out, " is ", part.dims(), " after ", parts[0].dims());
    for (int64_t o = 0; o < outer; ++o)
      copy_elements(y->dtype(), at(part, o * inner), at(*y, (o * n + k) * inner), inner);
  }
  return ok();
}

bool truth(const Tensor& t) { return t.elements() > 0 && t.int_at(0) != 0; }

// ---- If

Status infer_if(const InferArgs& a) {
  if (a.in[0].is_static() && checked_elements(a.in[0].dims) != 1)
    return invalid_model("If: cond has shape ", a.in[0].dims, ", one element wanted");
  std::vector<std::vector<Fact>> branches;
  Status wrong;
  for (const char* name : {"then_branch", "else_branch"}) {
    if (a.value(0) != nullptr && truth(*a.value(0)) != (name[0] == 't')) continue;
    LITE_ASSIGN(const Graph* const body, body_of(a.attrs, name));
    if (!body->inputs.empty() || body->outputs.size() != a.out.size())
      return invalid_model("If: ", name, " has ", body->inputs.size(), " inputs and ", body->outputs.size(),
                           " outputs, wanted 0 and ", a.out.size());
    Result<std::vector<Fact>> facts = a.infer_body(*body, {});
    if (facts.is_ok())
      branches.push_back(std::move(facts).value());
    else
      wrong = facts.status();
  }
  // A branch may be there for other types or shapes than these; what holds then is the other one's.
  if (branches.empty()) return wrong;
  for (size_t i = 0; i < a.out.size(); ++i)
    a.out[i] = branches.size() == 1 ? branches[0][i] : join(branches[0][i], branches[1][i]);
  return ok();
}

Status run_if(const EvalArgs& a) {
  if (a.input(0).elements() != 1)
    return invalid_argument("If: cond has ", a.input(0).elements(), " elements, wanted 1");
  std::vector<Datum> out;
  LITE_TRY(a.run_body(truth(a.input(0)) ? "then_branch" : "else_branch", {}, out));
  for (size_t i = 0; i < a.out.size() && i < out.size(); ++i) LITE_TRY(put(a, i, std::move(out[i])));
  return ok();
}

// ---- Loop

// Facts of the states that hold in every iteration, and those of all outputs.
Result<std::vector<Fact>> fixed_point(const InferArgs& a, const Graph& body, std::vector<Fact>& formal,
                                      size_t first_state, size_t first_output, size_t states) {
  for (int round = 0;; ++round) {
    LITE_ASSIGN(std::vector<Fact> out, a.infer_body(body, formal));
    bool changed = false;
    for (size_t i = 0; i < states; ++i) {
      Fact wider = join(formal[first_state + i], out[first_output + i]);
      // Dimensions that keep changing are given up.
      if (round >= 3 && !(wider == formal[first_state + i])) {
        wider.has_rank = false;
        wider.dims = Dims();
      }
      changed = changed || !(wider == formal[first_state + i]);
      formal[first_state + i] = std::move(wider);
    }
    if (!changed || round >= 6) return out;
  }
}

Result<size_t> loop_states(const Graph& body, size_t inputs, size_t outputs) {
  if (body.inputs.size() < 2 || body.outputs.size() + 1 < body.inputs.size())
    return invalid_model("Loop: body has ", body.inputs.size(), " inputs and ", body.outputs.size(),
                         " outputs");
  const size_t states = body.inputs.size() - 2;
  if (inputs < states + 2 || outputs != body.outputs.size() - 1)
    return invalid_model("Loop: the node has ", inputs, " inputs and ", outputs, " outputs, body wants ",
                         states + 2, " and ", body.outputs.size() - 1);
  return states;
}

Status infer_loop(const InferArgs& a) {
  LITE_ASSIGN(const Graph* const body, body_of(a.attrs));
  LITE_ASSIGN(const size_t n, loop_states(*body, a.num_in(), a.out.size()));
  for (const size_t i : {0U, 1U})
    if (a.has(i) && a.in[i].is_static() && checked_elements(a.in[i].dims) != 1)
      return invalid_model("Loop: ", i == 0 ? "M" : "cond", " has shape ", a.in[i].dims,
                           ", one element wanted");
  std::vector<Fact> formal{Fact(DType::kI64, Dims{}), Fact(DType::kBool, Dims{})};
  for (size_t i = 0; i < n; ++i) formal.push_back(a.in[2 + i]);
  LITE_ASSIGN(const std::vector<Fact> out, fixed_point(a, *body, formal, 2, 1, n));
  for (size_t i = 0; i < n; ++i) a.out[i] = formal[2 + i];
  for (size_t i = n; i < a.out.size(); ++i) {
    a.out[i] = out[1 + i];
    if (a.out[i].has_rank) a.out[i].dims.insert(0, kUnknownDim);
  }
  return ok();
}

Status run_loop(const EvalArgs& a) {
  LITE_ASSIGN(const Graph* const body, body_of(a.attrs));
  LITE_ASSIGN(const size_t n, loop_states(*body, a.num_in(), a.out.size()));
  for (size_t i = 0; i < 2; ++i)
    if (a.has(i) && a.input(i).elements() != 1)
      return invalid_argument("Loop: ", i == 0 ? "M" : "cond", " has ", a.input(i).elements(),
                              " elements, wanted 1");
  const int64_t trips = a.has(0) ? a.input(0).int_at(0) : std::numeric_limits<int64_t>::max();
  bool go_on = !a.has(1) || truth(a.input(1));
  std::vector<Datum> in(2 + n), out;
  for (size_t i = 0; i < n; ++i)
    if (a.has(2 + i)) in[2 + i] = *a.in[2 + i];
  const size_t scans = a.out.size() - n;
  std::vector<std::vector<Tensor>> parts(scans);
  for (int64_t i = 0; i < trips && go_on; ++i) {
    if (a.stop_requested()) return a.parallel->cancel->error();
    in[0] = Tensor::scalar_i64(i);
    LITE_ASSIGN(Tensor cond, Tensor::allocate(DType::kBool, Dims{}));
    *cond.mutable_data<bool>() = go_on;
    in[1] = cond;
    LITE_TRY(a.run_body("body", in, out));
    go_on = truth(out[0].tensor);
    for (size_t k = 0; k < n; ++k) in[2 + k] = std::move(out[1 + k]);
    for (size_t k = 0; k < scans; ++k) parts[k].push_back(std::move(out[1 + n + k].tensor));
  }
  for (size_t k = 0; k < n; ++k) LITE_TRY(put(a, k, std::move(in[2 + k])));
  for (size_t k = 0; k < scans; ++k)
    LITE_TRY(stack(a, n + k, parts[k], 0, false, body->value(body->outputs[1 + n + k]).fact.dtype,
                   empty_of(*body, 1 + n + k)));
  return ok();
}

// ---- Scan

struct ScanShape {
  const Graph* body;
  size_t states, inputs, outputs;

  static Result<ScanShape> read(const AttrReader& r, size_t num_in, size_t num_out) {
    LITE_ASSIGN(const Graph* const body, body_of(r));
    const int64_t m = r.i64("num_scan_inputs");
    if (m < 1 || static_cast<size_t>(m) > body->inputs.size() || body->inputs.size() > num_in)
      return invalid_model("Scan: num_scan_inputs is ", m, ", body has ", body->inputs.size(),
                           " inputs, the node ", num_in);
    const auto inputs = static_cast<size_t>(m);
    const size_t states = body->inputs.size() - inputs;
    if (body->outputs.size() < states || body->outputs.size() != num_out)
      return invalid_model("Scan: body has ", body->outputs.size(), " outputs, the node ", num_out,
                           ", states are ", states);
    const ScanShape s{body, states, inputs, num_out - states};
    for (const auto& [name, want] : {std::pair{"scan_input_axes", inputs},
                                     {"scan_input_directions", inputs},
                                     {"scan_output_axes", s.outputs},
                                     {"scan_output_directions", s.outputs}})
      if (r.has(name) && r.ints(name).size() != want)
        return invalid_model("Scan: ", name, " has ", r.ints(name).size(), " entries, wanted ", want);
    return s;
  }
};

int64_t entry(const AttrReader& r, const char* name, size_t i) { return r.has(name) ? r.ints(name)[i] : 0; }

Status infer_scan(const InferArgs& a) {
  LITE_ASSIGN(const ScanShape s, ScanShape::read(a.attrs, a.num_in(), a.out.size()));
  std::vector<Fact> formal(a.in.begin(), a.in.begin() + static_cast<std::ptrdiff_t>(s.states + s.inputs));
  int64_t length = kUnknownDim;
  for (size_t i = 0; i < s.inputs; ++i) {
    Fact& f = formal[s.states + i];
    if (!f.has_rank) continue;
    LITE_ASSIGN(const int64_t axis,
                normalize_axis("Scan", entry(a.attrs, "scan_input_axes", i), static_cast<int64_t>(f.rank())));
    const int64_t d = f.dims[static_cast<size_t>(axis)];
    if (d >= 0 && length >= 0 && d != length)
      return invalid_model("Scan: scan inputs have lengths ", length, " and ", d);
    if (d >= 0 || length == kUnknownDim) length = d;
    f.dims.erase(static_cast<size_t>(axis));
  }
  LITE_ASSIGN(const std::vector<Fact> out, fixed_point(a, *s.body, formal, 0, 0, s.states));
  for (size_t i = 0; i < s.states; ++i) a.out[i] = formal[i];
  for (size_t i = 0; i < s.outputs; ++i) {
    Fact f = out[s.states + i];
    if (f.has_rank) {
      LITE_ASSIGN(const int64_t axis, normalize_axis("Scan", entry(a.attrs, "scan_output_axes", i),
                                                     static_cast<int64_t>(f.rank()) + 1));
      f.dims.insert(static_cast<size_t>(axis), length);
    }
    a.out[s.states + i] = std::move(f);
  }
  return ok();
}

// The k-th slice along an axis.
Result<Tensor> slice_of(const Tensor& x, size_t axis, int64_t k) {
  Dims dims = x.dims();
  dims.erase(axis);
  if (is_packed(x.dtype()))
    return unsupported("Scan: element type ", dtype_name(x.dtype()), " is not supported in scan inputs");
  LITE_ASSIGN(Tensor y, Tensor::allocate(x.dtype(), dims));
  const int64_t inner = elements(std::span(dims.data() + axis, dims.size() - axis));
  const int64_t outer = elements(std::span(dims.data(), axis));
  for (int64_t o = 0; o < outer; ++o)
    copy_elements(x.dtype(), at(x, (o * x.dims()[axis] + k) * inner), at(y, o * inner), inner);
  return y;
}

Status run_scan(const EvalArgs& a) {
  LITE_ASSIGN(const ScanShape s, ScanShape::read(a.attrs, a.num_in(), a.out.size()));
  std::vector<size_t> axes;
  int64_t length = 0;
  for (size_t i = 0; i < s.inputs; ++i) {
    const Tensor& x = a.input(s.states + i);
    LITE_ASSIGN(const int64_t axis,
                normalize_axis("Scan", entry(a.attrs, "scan_input_axes", i), static_cast<int64_t>(x.rank())));
    axes.push_back(static_cast<size_t>(axis));
    const int64_t d = x.dims()[axes[i]];
    if (i > 0 && d != length) return invalid_argument("Scan: scan inputs have lengths ", length, " and ", d);
    length = d;
  }
  std::vector<Datum> in(s.states + s.inputs), out;
  for (size_t i = 0; i < s.states; ++i) in[i] = *a.in[i];
  std::vector<std::vector<Tensor>> parts(s.outputs);
  for (int64_t t = 0; t < length; ++t) {
    if (a.stop_requested()) return a.parallel->cancel->error();
    for (size_t i = 0; i < s.inputs; ++i) {
      const bool backward = entry(a.attrs, "scan_input_directions", i) != 0;
      LITE_ASSIGN(in[s.states + i].tensor,
                  slice_of(a.input(s.states + i), axes[i], backward ? length - 1 - t : t));
    }
    LITE_TRY(a.run_body("body", in, out));
    for (size_t i = 0; i < s.states; ++i) in[i] = std::move(out[i]);
    for (size_t i = 0; i < s.outputs; ++i) parts[i].push_back(std::move(out[s.states + i].tensor));
  }
  for (size_t i = 0; i < s.states; ++i) LITE_TRY(put(a, i, std::move(in[i])));
  for (size_t i = 0; i < s.outputs; ++i) {
    const Dims part = parts[i].empty() ? empty_of(*s.body, s.states + i) : parts[i][0].dims();
    LITE_ASSIGN(const int64_t axis, normalize_axis("Scan", entry(a.attrs, "scan_output_axes", i),
                                                   static_cast<int64_t>(part.size()) + 1));
    LITE_TRY(stack(a, s.states + i, parts[i], static_cast<size_t>(axis),
                   entry(a.attrs, "scan_output_directions", i) != 0,
                   s.body->value(s.body->outputs[s.states + i]).fact.dtype, part));
  }
  return ok();
}

// ---- SequenceMap

Result<const Graph*> map_body(const AttrReader& r, size_t num_in, size_t num_out) {
  LITE_ASSIGN(const Graph* const body, body_of(r));
  if (body->inputs.empty() || body->inputs.size() > num_in || body->outputs.size() != num_out)
    return invalid_model("SequenceMap: body has ", body->inputs.size(), " inputs and ", body->outputs.size(),
                         " outputs, the node ", num_in, " and ", num_out);
  return body;
}

Status infer_map(const InferArgs& a) {
  LITE_ASSIGN(const Graph* const body, map_body(a.attrs, a.num_in(), a.out.size()));
  std::vector<Fact> formal;
  for (size_t i = 0; i < body->inputs.size(); ++i) {
    const Fact& f = a.in[i];
    if (i == 0 && f.kind != Kind::kSequence)
      return invalid_model("SequenceMap: input_sequence is a ", kind_name(f.kind), ", a sequence is wanted");
    formal.push_back(f.kind != Kind::kSequence ? f : f.element ? *f.element : Fact());
  }
  LITE_ASSIGN(const std::vector<Fact> out, a.infer_body(*body, formal));
  for (size_t i = 0; i < a.out.size(); ++i) {
    a.out[i] = Fact();
    a.out[i].kind = Kind::kSequence;
    a.out[i].element = std::make_shared<Fact>(out[i]);
  }
  return ok();
}

Status run_map(const EvalArgs& a) {
  LITE_ASSIGN(const Graph* const body, map_body(a.attrs, a.num_in(), a.out.size()));
  const size_t n = a.in[0]->items.size();
  std::vector<std::vector<Datum>> made(a.out.size());
  std::vector<Datum> in(body->inputs.size()), out;
  for (size_t i = 0; i < n; ++i) {
    if (a.stop_requested()) return a.parallel->cancel->error();
    for (size_t k = 0; k < in.size(); ++k) {
      const Datum& d = *a.in[k];
      if (d.kind == Kind::kSequence && i >= d.items.size())
        return invalid_argument("SequenceMap: input ", k, " has ", d.items.size(),
                                " elements, input_sequence has ", n);
      in[k] = d.kind == Kind::kSequence ? d.items[i] : d;
    }
    LITE_TRY(a.run_body("body", in, out));
    for (size_t k = 0; k < a.out.size(); ++k) made[k].push_back(std::move(out[k]));
  }
  for (size_t k = 0; k < a.out.size(); ++k) {
    a.out[k] = Datum();
    a.out[k].kind = Kind::kSequence;
    a.out[k].element = body->value(body->outputs[k]).fact.dtype;
    a.out[k].items = std::move(made[k]);
  }
  return ok();
}

constexpr OperandSpec kIfIn[] = {{"cond", types::kBool}};
constexpr OperandSpec kAnyOut[] = {{"outputs", types::kAll, 0, OperandSpec::kVariadic}};
constexpr AttrSpec kIfAttrs[] = {{"else_branch", AttrType::kGraph, true},
                                 {"then_branch", AttrType::kGraph, true}};
constexpr OperandSpec kLoopIn[] = {{"M", DType::kI64, 0, OperandSpec::kOptional},
                                   {"cond", types::kBool, 0, OperandSpec::kOptional},
                                   {"v_initial", types::kAll, 0, OperandSpec::kVariadic}};
constexpr AttrSpec kBodyAttrs[] = {{"body", AttrType::kGraph, true}};
constexpr OperandSpec kScanIn[] = {{"initial_state_and_scan_inputs", types::kAll, 0, OperandSpec::kVariadic}};
constexpr AttrSpec kScanAttrs[] = {
    {"body", AttrType::kGraph, true},      {"num_scan_inputs", AttrType::kInt, true},
    {"scan_input_axes", AttrType::kInts},  {"scan_input_directions", AttrType::kInts},
    {"scan_output_axes", AttrType::kInts}, {"scan_output_directions", AttrType::kInts}};
constexpr OperandSpec kMapIn[] = {{"input_sequence", kMovable},
                                  {"additional_inputs", types::kAll, 0, OperandSpec::kVariadic}};

constexpr OpDef kOps[] = {
    {.name = "If",
     .since = 25,
     .inputs = kIfIn,
     .outputs = kAnyOut,
     .attrs = kIfAttrs,
     .traits = kHasBody | kDataDependentShape,
     .infer = infer_if,
     .reference = run_if},
    {.name = "Loop",
     .since = 25,
     .inputs = kLoopIn,
     .outputs = kAnyOut,
     .attrs = kBodyAttrs,
     .traits = kHasBody | kDataDependentShape,
     .infer = infer_loop,
     .reference = run_loop},
    {.name = "Scan",
     .since = 25,
     .inputs = kScanIn,
     .outputs = kAnyOut,
     .attrs = kScanAttrs,
     .traits = kHasBody,
     .infer = infer_scan,
     .reference = run_scan},
    {.name = "SequenceMap",
     .since = 17,
     .inputs = kMapIn,
     .outputs = kAnyOut,
     .attrs = kBodyAttrs,
     .traits = kHasBody | kOnSequences,
     .infer = infer_map,
     .reference = run_map},
};

}  // namespace

extern constinit const OpTable control;
constinit const OpTable control{kOps};

}  // namespace lite::ops
