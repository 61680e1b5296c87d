// MegEngine's operators to nodes of the graph: the graph that grows, and one operator's view of it.
#pragma once

#include <initializer_list>
#include <string>
#include <unordered_set>
#include <vector>

#include "core/import/megengine/formats.h"
#include "core/import/megengine/oprs.h"
#include "core/import/megengine/reader.h"
#include "core/ir/op_def.h"

namespace lite::mge {

// A graph that grows node by node, with facts. The first failure sticks: what follows does nothing and gives
// kNoValue, so that a translation reads like a formula and looks at the status once.
class Builder {
 public:
  explicit Builder(const ImportLimits& limits, uint64_t source_bytes)
      : limits_(limits), source_bytes_(source_bytes) {}

  Graph& graph() { return graph_; }
  const ImportLimits& limits() const { return limits_; }

  // Translations are made of these: lists become vectors in one place, which keeps them small.
  ValueId add(const char* op, std::initializer_list<ValueId> in, std::initializer_list<Attr> attrs = {},
              const char* domain = "");
  ValueId add(const char* op, std::vector<ValueId> in, std::vector<Attr> attrs = {}, const char* domain = "");
  // A node with n outputs.
  std::vector<ValueId> add_all(const char* op, size_t n, std::vector<ValueId> in,
                               std::vector<Attr> attrs = {}, const char* domain = "");
  ValueId constant(Tensor t);
  ValueId ints(std::span<const int64_t> v);
  ValueId ints(std::initializer_list<int64_t> v) {
    return ints(std::span<const int64_t>(v.begin(), v.size()));
  }
  // A number of that type, rank 0.
  ValueId number(DType type, double v);

  // ---- short words for what many translations say
  ValueId cast(ValueId v, DType to);
  ValueId transpose(ValueId v, std::vector<int64_t> perm);
  // The shape as int64[rank].
  ValueId shape_of(ValueId v);
  // Dimensions [from, to) of v's shape as int64.
  ValueId dims_of(ValueId v, int64_t from, int64_t to);
  ValueId concat(std::vector<ValueId> parts, int64_t axis = 0);
  // `parts`: int64 vectors put one after another.
  ValueId reshape_to(ValueId v, std::vector<ValueId> parts);
  ValueId reshape(ValueId v, std::initializer_list<int64_t> dims);
  ValueId slice(ValueId v, int64_t axis, int64_t from, int64_t to);
  ValueId squeeze(ValueId v, std::vector<int64_t> axes);
  ValueId unsqueeze(ValueId v, std::vector<int64_t> axes);
  // q to float32 and back, halves away from zero.
  ValueId dequantize(ValueId v, const ElementType& type);
  ValueId quantize(ValueId v, const ElementType& type);

  ValueId input(std::string name, DType type, const Dims& traced);
  // False when an input has the name already.
  bool take_input_name(const std::string& name) { return input_names_.insert(name).second; }

  const Fact& fact(ValueId v) const;
  // The same for inputs of the sizes that the file was made with: only for what cannot be otherwise, such as
  // a number of groups.
  const Fact& traced(ValueId v) const;
  DType dtype(ValueId v) const { return fact(v).dtype; }
  // kUnsupported, and -1, when the rank is not known.
  int64_t rank(ValueId v);
  // The content of v where it is known; nullptr otherwise.
  const Tensor* known(ValueId v) const;
  // The dimension where it is known, else -1.
  int64_t dim(ValueId v, int64_t axis) const;

  bool failed() const { return !status_.is_ok(); }
  void fail_with(Status s) {
    if (!failed()) status_ = std::move(s);
  }
  Status take_status() { return std::exchange(status_, ok()); }
  // Counts memory that the import is about to allocate because the model says so.
  Status charge(uint64_t bytes);

 private:
  friend class Translator;
  Status append(Node node);
  // The graph with inputs of unknown sizes, and the same with those of the file, whose contradictions are the
  // model's.
  Graph graph_, traced_;
  std::vector<Tensor> known_, traced_known_;
  Status status_;
  std::string node_name_;  // of the operator in translation
  std::unordered_set<std::string> input_names_;
  size_t nodes_ = 0;
  const ImportLimits& limits_;
  uint64_t source_bytes_, decoded_ = 0;
};

// What an operator made, in one of two forms or both: as the file says, and with the channels of a blocked
// format brought back to plain [N,C,H,W].
struct Variable {
  ValueId value = kNoValue;
  ValueId plain = kNoValue;
  Blocked format = Blocked::kNone;  // of the file's form, when there is a plain one
  ElementType type;
  bool known = false;  // false: an operator that cannot be translated made it
};

// One operator in translation.
class Call {
 public:
  Call(Builder& builder, const StoredOpr& o, std::vector<Variable>& variables, const Bytes& bytes)
      : b(builder), opr(o), source(bytes), variables_(variables) {}

  Builder& b;
  const StoredOpr& opr;
  const Bytes& source;  // that the tensors point into

  size_t num_in() const { return opr.inputs.size(); }
  // Input i as the file has it.
  ValueId in(size_t i);
  Variable& variable(size_t i) { return variables_[opr.inputs[i]]; }
  const ElementType& type(size_t i) { return variable(i).type; }
  // Input i as [N,C,H,W] when it is known to be blocked so, or when `format` says that it is.
  ValueId plain(size_t i, Blocked format);
  // Input i as float, dequantised when it is quantised.
  ValueId real(size_t i);
  int64_t rank(size_t i) { return b.rank(in(i)); }

  // The parameter: that of type T. A missing one is an empty table, whose fields have their defaults.
  template <class T>
  const T* param() {
    return static_cast<const T*>(find_param(fb::OperatorParamTraits<T>::enum_value));
  }
  bool has_param(fb::OperatorParam type) const;

  // Sets output i; the type is that of the value.
  void out(size_t i, ValueId v);
  void out(size_t i, ValueId v, const ElementType& type);
  // A value that is plain where the file has the blocked format.
  void out_plain(size_t i, ValueId v, Blocked format, const ElementType& type);
  size_t num_out() const { return opr.outputs.size(); }
  bool makes(size_t i) const { return i < opr.outputs.size(); }
  // The type that the file gives the output, when it does.
  Result<ElementType> output_type(const ElementType& otherwise);
  // float value to the output, quantised to `type` if that is quantised, cast otherwise.
  void out_real(size_t i, ValueId v, const ElementType& type);

  Status want_inputs(size_t least, size_t most) const;
  // The builder's status, which is then ok again.
  Status done() { return b.take_status(); }

 private:
  const void* find_param(fb::OperatorParam type);
  std::vector<Variable>& variables_;
};

inline bool is_all(const Tensor& t, double v) {
  for (int64_t i = 0; i < t.elements(); ++i)
    if (t.float_at(i) != v) return false;
  return true;
}

Attr attr(const char* name, int64_t v);
Attr attr(const char* name, float v);
Attr attr(const char* name, const char* v);
Attr attr(const char* name, std::vector<int64_t> v);

}  // namespace lite::mge
