// operator_c.h: callbacks of registered operators, and what they may ask.

#include "lite-c/operator_c.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <mutex>
#include <string>
#include <vector>

#include "capi/convert.h"
#include "capi/lent.h"
#include "capi/operator_registry.h"
#include "lite-c/status_c.h"

using namespace lite;
using namespace lite::capi;

// One call of one callback. All of it is there in run; in infer and create there are facts instead of io.
struct LiteOperatorContext_s {
  const Node& node;
  const InferArgs* facts = nullptr;
  std::span<const Tensor> contents = {};  // of the inputs, aligned; undefined where not known
  bool inferring = false;
  ops::CustomIo* io = nullptr;
  const Parallel* parallel = nullptr;
  std::mutex mutex;
  std::string message = {};
};

namespace {

constexpr int kMostOperands = 1024;
constexpr size_t kLongestName = 1024;

// What a callback came back with, as a status. `what` names it.
Status status_of(int code, const char* what, const LiteOperatorContext_s& context) {
  if (code == LITE_OK) return ok();
  Code kind = code_from_callback(code);
  const Parallel* const parallel = context.parallel;
  if (kind == Code::kCancelled || kind == Code::kTimedOut) {
    if (parallel != nullptr && parallel->cancel != nullptr && parallel->cancel->stop_requested())
      return parallel->cancel->error();
    kind = Code::kCallback;
  }
  const char* why = context.message.c_str();
  if (*why == '\0' && last_status() == code) why = last_error_text();
  return fail(kind, what, " failed with ", LITE_get_status_name(code_of(kind)), *why == '\0' ? "" : ": ",
              why);
}

template <class F>
Status call(const char* what, LiteOperatorContext_s& context, F&& callback) {
  clear_error();  // so that its own failing calls can be told from earlier ones
  try {
    return status_of(callback(), what, context);
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& e) {
    return fail(Code::kCallback, what, " threw an exception: ", e.what());
  } catch (...) {
    return fail(Code::kCallback, what, " threw an exception of unknown type");
  }
}

// The contents of inputs, where callbacks can read them.
Result<std::vector<Tensor>> aligned_contents(const InferArgs& args) {
  std::vector<Tensor> list(args.in.size());
  for (size_t i = 0; i < list.size(); ++i) {
    if (args.value(i) == nullptr) continue;
    LITE_ASSIGN(list[i], args.value(i)->aligned());
  }
  return list;
}

class Operator final : public ops::CustomOp {
 public:
  Operator(const LiteOperator& c, Description description)
      : CustomOp(std::move(description)), c_(c), user_data_(c.user_data, c.release) {}

  // From now on release is called.
  void keep() { user_data_.keep(); }

  Status infer(const InferArgs& args) const override {
    if (c_.infer == nullptr) {
      if ((c_.flags & LITE_OPERATOR_SAME_AS_INPUT) != 0 && !args.in.empty())
        std::fill(args.out.begin(), args.out.end(), args.in[0]);
      return ok();
    }
    LITE_ASSIGN(const std::vector<Tensor> contents, aligned_contents(args));
    LiteOperatorContext_s context{
        .node = args.attrs.node(), .facts = &args, .contents = contents, .inferring = true};
    return call("infer", context, [&] { return c_.infer(c_.user_data, &context); });
  }

  Result<void*> create(const InferArgs& known) const override {
    void* state = nullptr;
    if (c_.create == nullptr) return state;
    LITE_ASSIGN(const std::vector<Tensor> contents, aligned_contents(known));
    LiteOperatorContext_s context{.node = known.attrs.node(), .facts = &known, .contents = contents};
    LITE_TRY(call("create", context, [&] { return c_.create(c_.user_data, &context, &state); }));
    return state;
  }

  void destroy(void* state) const noexcept override {
    if (c_.create != nullptr && c_.destroy != nullptr) c_.destroy(c_.user_data, state);
  }

  Status run(const Node& node, void* state, ops::CustomIo& io, const Parallel* parallel) const override {
    LiteOperatorContext_s context{.node = node, .io = &io, .parallel = parallel};
    return call("run", context, [&] { return c_.run(c_.user_data, state, &context); });
  }

 private:
  const LiteOperator c_;  // its strings and arrays are not looked at any more
  LentData user_data_;
};

// ---- registering

Outcome check_name(const char* name, const char* what) {
  const size_t length = std::strlen(name);
  if (length > kLongestName)
    return invalid_argument(what, " has ", length, " bytes, the most is ", kLongestName);
  return done();
}

std::string_view plain_domain(const char* domain) {
  const std::string_view text = domain == nullptr ? "" : domain;
  return text == "ai.onnx" ? std::string_view() : text;
}

Outcome read_types(const uint64_t* masks, int count, const char* what, std::vector<TypeSet>* out) {
  if (count < 0) return invalid_argument("op->", what, "_type_count is ", count);
  if (masks == nullptr) return done();
  if (count == 0) return invalid_argument("op->", what, "_type_count is 0, but there are ", what, "_types");
  for (int i = 0; i < count; ++i) {
    TypeSet set;
    for (int bit = 0; bit < 64; ++bit) {
      if ((masks[i] >> bit & 1) == 0) continue;
      const auto dtype = dtype_from_c(static_cast<LiteDataType>(bit));
      if (!dtype)
        return invalid_argument("op->", what, "_types[", i, "] has bit ", bit,
                                ", which is not one of LiteDataType");
      set = set | *dtype;
    }
    if (set.empty()) return invalid_argument("op->", what, "_types[", i, "] allows no element type");
    out->push_back(set);
  }
  return done();
}

Outcome read_operands(const char* what, int least, int most, const uint64_t* masks, int count,
                      std::vector<OperandSpec>* out) {
  std::vector<TypeSet> types;
  LITE_CHECK(read_types(masks, count, what, &types));
  const bool any_number = most == -1;
  if (least < 0 || least > kMostOperands || most > kMostOperands || (!any_number && most < least))
    return invalid_argument("op->min_", what, "s is ", least, " and max_", what, "s ", most);
  if (any_number && least == 0)
    return invalid_argument("op->max_", what, "s is -1; min_", what, "s must then be at least 1");
  for (int i = 0; i < (any_number ? least : most); ++i) {
    OperandSpec& spec = out->emplace_back();
    spec.name = what;
    spec.types = types.empty() ? types::kAll : types[std::min(static_cast<size_t>(i), types.size() - 1)];
    spec.arity = i >= least ? OperandSpec::kOptional : OperandSpec::kRequired;
  }
  if (any_number) out->back().arity = OperandSpec::kVariadic;
  return done();
}

Outcome describe(const LiteOperator& c, ops::CustomOp::Description* out) {
  constexpr uint32_t kKnown = LITE_OPERATOR_PURE | LITE_OPERATOR_SAME_AS_INPUT;
  if ((c.flags & ~kKnown) != 0)
    return unsupported("op->flags is ", c.flags, ", which has bits that this library does not know");
  if (c.name == nullptr) return invalid_argument("op->name is NULL");
  if (*c.name == '\0') return invalid_argument("op->name is empty");
  LITE_CHECK(check_name(c.name, "op->name"));
  if (c.domain != nullptr) LITE_CHECK(check_name(c.domain, "op->domain"));
  if (c.run == nullptr) return invalid_argument("op->run is NULL");
  if (c.since_version < 1) return invalid_argument("op->since_version is ", c.since_version);
  if (c.min_outputs < 1) return invalid_argument("op->min_outputs is ", c.min_outputs, ", the least is 1");
  if ((c.flags & LITE_OPERATOR_SAME_AS_INPUT) != 0) {
    if (c.infer != nullptr)
      return invalid_argument("op->flags has LITE_OPERATOR_SAME_AS_INPUT, which stands for op->infer");
    if (c.min_inputs == 0)
      return invalid_argument("op->flags has LITE_OPERATOR_SAME_AS_INPUT, but op->min_inputs is 0");
  }
  if (c.destroy != nullptr && c.create == nullptr)
    return invalid_argument("op->destroy is there without op->create");
  out->domain = plain_domain(c.domain);
  out->name = c.name;
  out->since = c.since_version;
  LITE_CHECK(
      read_operands("input", c.min_inputs, c.max_inputs, c.input_types, c.input_type_count, &out->inputs));
  LITE_CHECK(read_operands("output", c.min_outputs, c.max_outputs, c.output_types, c.output_type_count,
                           &out->outputs));
  // What may do more than compute its outputs is run each time that its turn comes.
  out->traits = (c.flags & LITE_OPERATOR_PURE) != 0 ? kNoTraits : kRandom;
  return done();
}

// ---- what contexts know

LiteOperatorTensor to_c(const DType* dtype, std::span<const int64_t> dims, bool has_rank, const void* data) {
  LiteOperatorTensor t = LITE_OPERATOR_TENSOR_INIT;
  t.present = 1;
  if (dtype != nullptr && *dtype != DType::kUndefined) t.dtype = number(dtype_to_c(*dtype));
  if (!has_rank) return t;
  t.rank = static_cast<int>(dims.size());
  t.dims = dims.data();
  if (data == nullptr || *dtype == DType::kString) return t;
  t.data = const_cast<void*>(data);
  t.size = dtype_bytes(*dtype, elements(dims)).value_or(0);
  return t;
}

LiteOperatorTensor to_c(const ops::CustomTensor& t) {
  if (!t.present) return LITE_OPERATOR_TENSOR_INIT;
  return to_c(&t.dtype, t.dims == nullptr ? std::span<const int64_t>() : std::span<const int64_t>(*t.dims),
              t.dims != nullptr, t.data);
}

LiteOperatorTensor describe_input(const LiteOperatorContext_s& c, size_t index) {
  if (index >= c.node.in.size() || c.node.in[index] == kNoValue) return LITE_OPERATOR_TENSOR_INIT;
  if (c.io != nullptr) return to_c(c.io->in(index));
  const Fact& fact = c.facts->in[index];
  const Tensor& content = c.contents[index];
  if (content.defined()) {
    const DType dtype = content.dtype();
    return to_c(&dtype, content.dims(), true, content.raw());
  }
  return to_c(&fact.dtype, fact.dims, fact.has_rank, nullptr);
}

Outcome find_string(const char* what, size_t index, const ops::CustomTensor& t, size_t element,
                    std::string** out) {
  if (!t.present) return invalid_argument(what, " ", index, " is left out");
  if (t.dtype != DType::kString)
    return invalid_argument(what, " ", index, " is ",
                            t.dtype == DType::kUndefined ? "of no type yet" : dtype_name(t.dtype),
                            ", not of strings");
  if (t.data == nullptr && (t.dims == nullptr || lite::elements(*t.dims) != 0))
    return fail(Code::kNotFound, what, " ", index, " has no elements yet");
  const int64_t count = elements(*t.dims);
  if (element >= static_cast<size_t>(count))
    return invalid_argument("element is ", element, ", ", what, " ", index, " has ", count);
  *out = static_cast<std::string*>(t.data) + element;
  return done();
}

Outcome require_run(const LiteOperatorContext_s* context) {
  LITE_REQUIRE(context);
  if (context->io == nullptr)
    return invalid_argument("context is that of infer or create; only run has this");
  return done();
}

// Of the tasks of a loop that failed, the one with the lowest index.
struct FailedTask {
  std::mutex mutex;
  std::atomic<bool> any{false};
  int64_t index = INT64_MAX;
  int code = LITE_OK;
  std::string text;

  void note(int64_t i, int c, const char* why) noexcept {
    const std::lock_guard lock(mutex);
    any = true;
    if (i >= index) return;
    index = i;
    code = c;
    try {
      text = why;
    } catch (const std::bad_alloc&) {
      text.clear();
    }
  }
  Failure failure() const {
    Failure f(Extra::kUnknown, cat("task ", index, ": ", text));
    f.code = code;
    return f;
  }
};

// The attribute as a T; `wanted` names the type.
template <class T>
Outcome attribute(const LiteOperatorContext_s* context, const char* name, const char* wanted,
                  const T** value) {
  LITE_REQUIRE(context);
  LITE_REQUIRE(name);
  const Attr* const attr = context->node.find(name);
  if (attr == nullptr) return fail(Code::kNotFound, "the node has no attribute '", name, "'");
  *value = std::get_if<T>(&attr->data);
  if (*value == nullptr)
    return invalid_argument("attribute '", name, "' is of type ", attr_type_name(attr_type(*attr)), ", ",
                            wanted, " is wanted");
  return done();
}

template <class T>
Outcome scalar_attribute(const LiteOperatorContext_s* context, const char* name, const char* wanted,
                         T* value) {
  LITE_REQUIRE(value);
  const T* found = nullptr;
  LITE_CHECK(attribute(context, name, wanted, &found));
  *value = *found;
  return done();
}

template <class T>
Outcome list_attribute(const LiteOperatorContext_s* context, const char* name, const char* wanted,
                       const T** values, size_t* length) {
  LITE_REQUIRE(values);
  LITE_REQUIRE(length);
  const std::vector<T>* found = nullptr;
  LITE_CHECK(attribute(context, name, wanted, &found));
  *values = found->data();
  *length = found->size();
  return done();
}

Outcome give_text(const std::string& from, const char** text, size_t* size) {
  *text = from.c_str();
  if (size != nullptr) *size = from.size();
  return done();
}

}  // namespace

extern "C" {

int LITE_register_operator(const LiteOperator* op) {
  return guard("LITE_register_operator", [&]() -> Outcome {
    LITE_REQUIRE(op);
    const LiteOperator defaults = LITE_OPERATOR_INIT;
    LITE_ASSIGN(const LiteOperator c, read_versioned(op, defaults, "op"));
    ops::CustomOp::Description description;
    LITE_CHECK(describe(c, &description));
    const auto made = std::make_shared<Operator>(c, std::move(description));
    LITE_CHECK(operators::add(made));
    made->keep();
    return done();
  });
}

int LITE_unregister_operator(const char* domain, const char* name, int since_version) {
  return guard("LITE_unregister_operator", [&]() -> Outcome {
    LITE_REQUIRE(name);
    return operators::remove(plain_domain(domain), name, since_version);
  });
}

// ---- the node

int LITE_operator_get_node_name(LiteOperatorContext context, const char** name) {
  return guard("LITE_operator_get_node_name", [&]() -> Outcome {
    LITE_REQUIRE(context);
    LITE_REQUIRE(name);
    *name = context->node.name.c_str();
    return done();
  });
}

int LITE_operator_get_input_count(LiteOperatorContext context, size_t* count) {
  return guard("LITE_operator_get_input_count", [&]() -> Outcome {
    LITE_REQUIRE(context);
    LITE_REQUIRE(count);
    *count = context->node.in.size();
    return done();
  });
}

int LITE_operator_get_output_count(LiteOperatorContext context, size_t* count) {
  return guard("LITE_operator_get_output_count", [&]() -> Outcome {
    LITE_REQUIRE(context);
    LITE_REQUIRE(count);
    *count = context->node.out.size();
    return done();
  });
}

int LITE_operator_get_input(LiteOperatorContext context, size_t index, LiteOperatorTensor* tensor) {
  return guard("LITE_operator_get_input", [&]() -> Outcome {
    LITE_REQUIRE(context);
    return write_versioned(describe_input(*context, index), tensor, "tensor");
  });
}

int LITE_operator_get_input_string(LiteOperatorContext context, size_t index, size_t element,
                                   const char** text, size_t* size) {
  return guard("LITE_operator_get_input_string", [&]() -> Outcome {
    LITE_REQUIRE(context);
    LITE_REQUIRE(text);
    ops::CustomTensor t;
    if (index < context->node.in.size() && context->node.in[index] != kNoValue) {
      if (context->io != nullptr) {
        t = context->io->in(index);
      } else {
        const Tensor& content = context->contents[index];
        t = {true, context->facts->in[index].dtype, nullptr, nullptr};
        if (content.defined()) t = {true, content.dtype(), &content.dims(), const_cast<void*>(content.raw())};
      }
    }
    std::string* found = nullptr;
    LITE_CHECK(find_string("input", index, t, element, &found));
    return give_text(*found, text, size);
  });
}

int LITE_operator_set_error(LiteOperatorContext context, const char* message) {
  return guard("LITE_operator_set_error", [&]() -> Outcome {
    LITE_REQUIRE(context);
    LITE_REQUIRE(message);
    const std::lock_guard lock(context->mutex);
    if (context->message.empty()) context->message = message;
    return done();
  });
}

// ---- attributes

int LITE_operator_get_attribute_count(LiteOperatorContext context, size_t* count) {
  return guard("LITE_operator_get_attribute_count", [&]() -> Outcome {
    LITE_REQUIRE(context);
    LITE_REQUIRE(count);
    *count = context->node.attrs.size();
    return done();
  });
}

int LITE_operator_get_attribute_name(LiteOperatorContext context, size_t index, const char** name) {
  return guard("LITE_operator_get_attribute_name", [&]() -> Outcome {
    LITE_REQUIRE(context);
    LITE_REQUIRE(name);
    const std::vector<Attr>& attrs = context->node.attrs;
    if (index >= attrs.size())
      return invalid_argument("index is ", index, ", the node has ", attrs.size(), " attributes");
    *name = attrs[index].name.c_str();
    return done();
  });
}

int LITE_operator_get_attribute_type(LiteOperatorContext context, const char* name, LiteAttributeType* type,
                                     size_t* length) {
  return guard("LITE_operator_get_attribute_type", [&]() -> Outcome {
    LITE_REQUIRE(context);
    LITE_REQUIRE(name);
    LITE_REQUIRE(type);
    const Attr* const attr = context->node.find(name);
    if (attr == nullptr) return fail(Code::kNotFound, "the node has no attribute '", name, "'");
    LiteAttributeType kind = LITE_ATTRIBUTE_OTHER;
    size_t count = 1;
    const auto list = [&](LiteAttributeType t, size_t n) { kind = t, count = n; };
    switch (attr_type(*attr)) {
      case AttrType::kInt:
        kind = LITE_ATTRIBUTE_INT;
        break;
      case AttrType::kFloat:
        kind = LITE_ATTRIBUTE_FLOAT;
        break;
      case AttrType::kString:
        kind = LITE_ATTRIBUTE_STRING;
        break;
      case AttrType::kInts:
        list(LITE_ATTRIBUTE_INTS, std::get<std::vector<int64_t>>(attr->data).size());
        break;
      case AttrType::kFloats:
        list(LITE_ATTRIBUTE_FLOATS, std::get<std::vector<float>>(attr->data).size());
        break;
      case AttrType::kStrings:
        list(LITE_ATTRIBUTE_STRINGS, std::get<std::vector<std::string>>(attr->data).size());
        break;
      case AttrType::kTensor:
        kind = LITE_ATTRIBUTE_TENSOR;
        break;
      case AttrType::kTensors:
      case AttrType::kGraph:
      case AttrType::kType:
        break;
    }
    *type = kind;
    if (length != nullptr) *length = count;
    return done();
  });
}

int LITE_operator_get_attribute_int(LiteOperatorContext context, const char* name, int64_t* value) {
  return guard("LITE_operator_get_attribute_int",
               [&] { return scalar_attribute(context, name, "int", value); });
}

int LITE_operator_get_attribute_float(LiteOperatorContext context, const char* name, float* value) {
  return guard("LITE_operator_get_attribute_float",
               [&] { return scalar_attribute(context, name, "float", value); });
}

int LITE_operator_get_attribute_string(LiteOperatorContext context, const char* name, size_t element,
                                       const char** text, size_t* size) {
  return guard("LITE_operator_get_attribute_string", [&]() -> Outcome {
    LITE_REQUIRE(context);
    LITE_REQUIRE(name);
    LITE_REQUIRE(text);
    const Attr* const attr = context->node.find(name);
    const auto* const list = attr == nullptr ? nullptr : std::get_if<std::vector<std::string>>(&attr->data);
    const std::string* one = nullptr;
    if (list == nullptr) LITE_CHECK(attribute(context, name, "string or strings", &one));
    const std::span<const std::string> all = list != nullptr ? std::span(*list) : std::span(one, 1);
    if (element >= all.size())
      return invalid_argument("element is ", element, ", attribute '", name, "' has ", all.size());
    return give_text(all[element], text, size);
  });
}

int LITE_operator_get_attribute_ints(LiteOperatorContext context, const char* name, const int64_t** values,
                                     size_t* length) {
  return guard("LITE_operator_get_attribute_ints",
               [&] { return list_attribute(context, name, "ints", values, length); });
}

int LITE_operator_get_attribute_floats(LiteOperatorContext context, const char* name, const float** values,
                                       size_t* length) {
  return guard("LITE_operator_get_attribute_floats",
               [&] { return list_attribute(context, name, "floats", values, length); });
}

int LITE_operator_get_attribute_tensor(LiteOperatorContext context, const char* name,
                                       LiteOperatorTensor* tensor) {
  return guard("LITE_operator_get_attribute_tensor", [&]() -> Outcome {
    const Tensor* found = nullptr;
    LITE_CHECK(attribute(context, name, "tensor", &found));
    const DType dtype = found->dtype();
    return write_versioned(to_c(&dtype, found->dims(), true, found->raw()), tensor, "tensor");
  });
}

// ---- in infer

int LITE_operator_set_output(LiteOperatorContext context, size_t index, int dtype, int rank,
                             const int64_t* dims) {
  return guard("LITE_operator_set_output", [&]() -> Outcome {
    LITE_REQUIRE(context);
    if (!context->inferring) return invalid_argument("context is not that of infer");
    Fact fact;
    if (dtype != -1) {
      LITE_ASSIGN(fact.dtype, checked_dtype(static_cast<LiteDataType>(dtype)));
    }
    if (rank < -1 || rank > LITE_MAX_RANK)
      return invalid_argument("rank is ", rank, ", not -1 to ", LITE_MAX_RANK);
    if (rank > 0) LITE_REQUIRE(dims);
    fact.has_rank = rank >= 0;
    if (rank > 0) fact.dims = Dims(std::span(dims, static_cast<size_t>(rank)));
    // A symbol that no input has would be one of another value's.
    for (int64_t& d : fact.dims) {
      const bool from_input = std::any_of(
          context->facts->in.begin(), context->facts->in.end(),
          [&](const Fact& in) { return std::find(in.dims.begin(), in.dims.end(), d) != in.dims.end(); });
      if (d < 0 && !from_input) d = kUnknownDim;
    }
    if (index < context->facts->out.size()) context->facts->out[index] = std::move(fact);
    return done();
  });
}

// ---- in run

int LITE_operator_get_output(LiteOperatorContext context, size_t index, LiteOperatorTensor* tensor) {
  return guard("LITE_operator_get_output", [&]() -> Outcome {
    LITE_CHECK(require_run(context));
    const bool has = index < context->node.out.size();
    return write_versioned(to_c(has ? context->io->out(index) : ops::CustomTensor()), tensor, "tensor");
  });
}

int LITE_operator_allocate_output(LiteOperatorContext context, size_t index, LiteDataType dtype, int rank,
                                  const int64_t* dims, void** data) {
  return guard("LITE_operator_allocate_output", [&]() -> Outcome {
    LITE_CHECK(require_run(context));
    if (index >= context->node.out.size() || !context->io->out(index).present)
      return invalid_argument("output ", index, " is left out");
    LITE_ASSIGN(const DType type, checked_dtype(dtype));
    LITE_ASSIGN(const Dims shape, checked_dims("", type, rank, dims));
    LITE_ASSIGN(void* const memory, context->io->allocate(index, type, shape));
    if (data != nullptr) *data = type == DType::kString ? nullptr : memory;
    return done();
  });
}

int LITE_operator_set_output_string(LiteOperatorContext context, size_t index, size_t element,
                                    const char* text, size_t size) {
  return guard("LITE_operator_set_output_string", [&]() -> Outcome {
    LITE_CHECK(require_run(context));
    if (size > 0) LITE_REQUIRE(text);
    ops::CustomTensor t;
    if (index < context->node.out.size()) t = context->io->out(index);
    std::string* found = nullptr;
    LITE_CHECK(find_string("output", index, t, element, &found));
    found->assign(text == nullptr ? "" : text, size);
    return done();
  });
}

int LITE_operator_parallel_for(LiteOperatorContext context, int64_t count, LiteOperatorTask task,
                               void* data) {
  return guard("LITE_operator_parallel_for", [&]() -> Outcome {
    LITE_CHECK(require_run(context));
    LITE_REQUIRE(task);
    if (count < 0) return invalid_argument("count is ", count);
    FailedTask failed;
    const auto one = [&](int64_t i) {
      if (failed.any.load(std::memory_order_relaxed)) return;
      clear_error();
      try {
        const int code = task(data, i);
        if (code != LITE_OK) failed.note(i, code, last_status() == code ? last_error_text() : "it failed");
      } catch (const std::exception& e) {
        failed.note(i, LITE_UNKNOWN_ERROR, e.what());
      } catch (...) {
        failed.note(i, LITE_UNKNOWN_ERROR, "an exception of unknown type");
      }
    };
    const Parallel* const parallel = context->parallel;
    if (parallel != nullptr)
      parallel->run(count, one);
    else
      for (int64_t i = 0; i < count; ++i) one(i);
    if (failed.any) return failed.failure();
    if (parallel != nullptr && parallel->cancel != nullptr && parallel->cancel->stop_requested())
      return parallel->cancel->error();
    return done();
  });
}

int LITE_operator_get_threads(LiteOperatorContext context, size_t* threads) {
  return guard("LITE_operator_get_threads", [&]() -> Outcome {
    LITE_CHECK(require_run(context));
    LITE_REQUIRE(threads);
    *threads =
        context->parallel == nullptr ? 1 : static_cast<size_t>(std::max(context->parallel->threads, 1));
    return done();
  });
}

int LITE_operator_should_stop(LiteOperatorContext context, int* stop) {
  return guard("LITE_operator_should_stop", [&]() -> Outcome {
    LITE_CHECK(require_run(context));
    LITE_REQUIRE(stop);
    const Parallel* const parallel = context->parallel;
    *stop = parallel != nullptr && parallel->cancel != nullptr && parallel->cancel->stop_requested() ? 1 : 0;
    return done();
  });
}

}  // extern "C"
