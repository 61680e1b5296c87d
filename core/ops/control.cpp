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

#include "core/ir/fact.h"
#include "core/ops/strided.h"

namespace lite::ops {
namespace {

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

// One scan output: slices of one shape and type along a new axis, put where they belong as they come.
class ScanOutput {
 public:
  // `slices` will come, or at most so many when it grows: along the first dimension, then.
  ScanOutput(size_t out, int64_t slices, bool grows, int64_t axis = 0, bool backward = false)
      : out_(out), slices_(slices), grows_(grows), axis_(axis), backward_(backward) {}

  Status add(const EvalArgs& a, const Tensor& slice) {
    if (!a.wants(out_)) return ok();
    if (count_ == 0) LITE_TRY(start(a, slice.dtype(), slice.dims()));
    if (!(slice.dims() == slice_) || slice.dtype() != all_.dtype())
      return invalid_argument(a.attrs.node().op->name, ": scan output ", out_, " is ", slice.dims(),
                              " after ", slice_);
    if (grows_ && count_ == all_.dims()[0]) LITE_TRY(grow());
    const int64_t n = all_.dims()[along_], k = backward_ ? n - 1 - count_ : count_;
    for (int64_t o = 0; o < outer_; ++o)
      copy_elements(all_.dtype(), at(slice, o * inner_), at(all_, (o * n + k) * inner_), inner_);
    ++count_;
    return ok();
  }

  // All slices are there. What they would have been when there is none is `dtype` and `slice`.
  Status finish(const EvalArgs& a, DType dtype, const Dims& slice) {
    if (!a.wants(out_)) return ok();
    // Storage that was given for nothing is all that there is to it.
    if (const Tensor& given = a.out[out_].tensor; count_ == 0 && given.defined() && given.elements() == 0)
      return ok();
    if (count_ == 0) LITE_TRY(start(a, dtype, slice));
    if (!grows_) return ok();
    Dims dims = all_.dims();
    dims[0] = count_;
    return put(a, out_, Tensor::view(all_.dtype(), dims, all_.mutable_raw(), all_.owner()));
  }

 private:
  // Of slices that nobody has counted, room for so many bytes at first.
  static constexpr int64_t kFirstBytes = int64_t{1} << 14;

  Status start(const EvalArgs& a, DType dtype, const Dims& slice) {
    const char* op = a.attrs.node().op->name;
    if (is_packed(dtype))
      return unsupported(op, ": element type ", dtype_name(dtype), " is not supported in scan outputs");
    LITE_ASSIGN(const int64_t axis, normalize_axis(op, axis_, static_cast<int64_t>(slice.size()) + 1));
    slice_ = slice;
    along_ = static_cast<size_t>(axis);
    Dims dims = slice;
    dims.insert(along_, slices_);
    outer_ = elements(std::span(dims.data(), along_));
    inner_ = elements(std::span(dims.data() + along_ + 1, dims.size() - along_ - 1));
    if (grows_) {
      const int64_t bytes = inner_ * static_cast<int64_t>(dtype_size(dtype));
      dims[0] = std::min(slices_, std::max<int64_t>(kFirstBytes / std::max<int64_t>(bytes, 1), 4));
      LITE_ASSIGN(all_, Tensor::allocate(dtype, dims));
      return ok();
    }
    LITE_ASSIGN(const Tensor* const y, a.output(out_, dtype, dims));
    all_ = *y;
    return ok();
  }

  Status grow() {
    Dims dims = all_.dims();
    dims[0] = count_ > slices_ / 2 ? slices_ : 2 * count_;
    LITE_ASSIGN(Tensor bigger, Tensor::allocate(all_.dtype(), dims));
    copy_elements(all_.dtype(), all_.raw(), bigger.mutable_raw(), count_ * inner_);
    all_ = std::move(bigger);
    return ok();
  }

  size_t out_;  // of the node
  int64_t slices_;
  bool grows_;
  int64_t axis_;
  bool backward_;
  int64_t count_ = 0, outer_ = 0, inner_ = 0;
  size_t along_ = 0;
  Dims slice_;
  Tensor all_;  // room for the slices
};

// A scalar to write, as nobody else has kept it.
Status renew(Tensor& t, DType dtype) {
  if (t.defined() && t.owner().use_count() == 1) return ok();
  LITE_ASSIGN(t, Tensor::allocate(dtype, Dims{}));
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
    if (a.has(2 + i)) in[2 + i] = a.take(2 + i);
  std::vector<ScanOutput> scans;
  for (size_t k = n; k < a.out.size(); ++k) scans.emplace_back(k, std::max<int64_t>(trips, 0), true);
  // The body sees one of them while the other is written.
  std::array<Tensor, 2> counters;
  LITE_ASSIGN(Tensor cond, Tensor::allocate(DType::kBool, Dims{}));
  *cond.mutable_data<bool>() = true;
  for (int64_t i = 0; i < trips && go_on; ++i) {
    if (a.stop_requested()) return a.parallel->cancel->error();
    Tensor& counter = counters[static_cast<size_t>(i % 2)];
    LITE_TRY(renew(counter, DType::kI64));
    *counter.mutable_data<int64_t>() = i;
    in[0] = counter;
    in[1] = cond;
    LITE_TRY(a.run_body("body", in, out));
    go_on = truth(out[0].tensor);
    for (size_t k = 0; k < n; ++k) in[2 + k] = std::move(out[1 + k]);
    for (size_t k = 0; k < scans.size(); ++k) LITE_TRY(scans[k].add(a, out[1 + n + k].tensor));
  }
  for (size_t k = 0; k < n; ++k) LITE_TRY(put(a, k, std::move(in[2 + k])));
  for (size_t k = 0; k < scans.size(); ++k)
    LITE_TRY(
        scans[k].finish(a, body->value(body->outputs[1 + n + k]).fact.dtype, empty_of(*body, 1 + n + k)));
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

// The k-th slice along an axis: where it lies, when that is in one piece, else a copy.
Result<Tensor> slice_of(const Tensor& x, size_t axis, int64_t k) {
  Dims dims = x.dims();
  dims.erase(axis);
  if (is_packed(x.dtype()))
    return unsupported("Scan: element type ", dtype_name(x.dtype()), " is not supported in scan inputs");
  const int64_t inner = elements(std::span(dims.data() + axis, dims.size() - axis));
  const int64_t outer = elements(std::span(dims.data(), axis));
  if (outer == 1) return Tensor::view(x.dtype(), dims, static_cast<const void*>(at(x, k * inner)), x.owner());
  LITE_ASSIGN(Tensor y, Tensor::allocate(x.dtype(), dims));
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
  for (size_t i = 0; i < s.states; ++i) in[i] = a.take(i);
  std::vector<ScanOutput> scans;
  for (size_t i = 0; i < s.outputs; ++i)
    scans.emplace_back(s.states + i, length, false, entry(a.attrs, "scan_output_axes", i),
                       entry(a.attrs, "scan_output_directions", i) != 0);
  for (int64_t t = 0; t < length; ++t) {
    if (a.stop_requested()) return a.parallel->cancel->error();
    for (size_t i = 0; i < s.inputs; ++i) {
      const bool backward = entry(a.attrs, "scan_input_directions", i) != 0;
      LITE_ASSIGN(in[s.states + i].tensor,
                  slice_of(a.input(s.states + i), axes[i], backward ? length - 1 - t : t));
    }
    LITE_TRY(a.run_body("body", in, out));
    for (size_t i = 0; i < s.states; ++i) in[i] = std::move(out[i]);
    for (size_t i = 0; i < s.outputs; ++i) LITE_TRY(scans[i].add(a, out[s.states + i].tensor));
  }
  for (size_t i = 0; i < s.states; ++i) LITE_TRY(put(a, i, std::move(in[i])));
  for (size_t i = 0; i < s.outputs; ++i)
    LITE_TRY(scans[i].finish(a, s.body->value(s.body->outputs[s.states + i]).fact.dtype,
                             empty_of(*s.body, s.states + i)));
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
