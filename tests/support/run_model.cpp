#include "tests/support/run_model.h"

#include <cstring>
#include <limits>
#include <map>
#include <vector>

#include "core/import/onnx/onnx.h"
#include "core/runtime/session.h"

namespace lite::test {
namespace {

constexpr int64_t kMostElements = 1 << 16;  // of an input

// Numbers drawn from bytes, over and over.
class Draw {
 public:
  explicit Draw(std::span<const std::byte> bytes) : bytes_(bytes) {}

  uint8_t byte() {
    if (bytes_.empty()) return 0;
    const auto round = static_cast<uint8_t>(at_ / bytes_.size() * 37);
    return static_cast<uint8_t>(std::to_integer<uint8_t>(bytes_[at_++ % bytes_.size()]) + round);
  }
  int64_t below(int64_t n) { return byte() % n; }
  template <class T>
  T bits() {
    T v;
    auto* const p = reinterpret_cast<unsigned char*>(&v);
    for (size_t i = 0; i < sizeof(T); ++i) p[i] = byte();
    return v;
  }

 private:
  std::span<const std::byte> bytes_;
  size_t at_ = 0;
};

// Mostly small numbers, which indices and counts are; sometimes any.
void fill_element(DType t, void* p, Draw& draw) {
  const bool any = draw.below(8) == 0;
  const int64_t small = draw.below(9) - 3;
  const auto put = [&](auto v) {
    if (any) v = draw.bits<decltype(v)>();
    std::memcpy(p, &v, sizeof v);
  };
  switch (t) {
    case DType::kF32:
      return put(static_cast<float>(small));
    case DType::kF64:
      return put(static_cast<double>(small));
    case DType::kI32:
      return put(static_cast<int32_t>(small));
    case DType::kI64:
      return put(small);
    default:
      for (size_t i = 0; i < dtype_size(t); ++i) static_cast<unsigned char*>(p)[i] = draw.byte();
  }
}

Result<Tensor> drawn_tensor(const Fact& fact, Dims dims, Draw& draw) {
  const auto n = checked_elements(dims);
  if (!n || *n > kMostElements) return fail(Code::kLimitExceeded, "an input of shape ", dims);
  LITE_ASSIGN(Tensor t, Tensor::allocate(fact.dtype, std::move(dims)));
  if (t.dtype() == DType::kString) {
    for (int64_t i = 0; i < t.elements(); ++i)
      t.mutable_data<std::string>()[i] = std::string(static_cast<size_t>(draw.below(4)), 'a');
  } else if (t.dtype() == DType::kBool) {
    for (int64_t i = 0; i < t.elements(); ++i) t.mutable_data<bool>()[i] = draw.below(2) == 1;
  } else if (dtype_bits(t.dtype()) < 8) {
    for (size_t i = 0; i < t.bytes(); ++i) static_cast<uint8_t*>(t.mutable_raw())[i] = draw.byte();
  } else {
    auto* const p = static_cast<std::byte*>(t.mutable_raw());
    for (int64_t i = 0; i < t.elements(); ++i)
      fill_element(t.dtype(), p + static_cast<size_t>(i) * dtype_size(t.dtype()), draw);
  }
  return t;
}

class Inputs {
 public:
  explicit Inputs(std::span<const std::byte> bytes) : draw_(bytes) {}

  Result<Datum> make(const Fact& fact) {
    Datum d;
    d.kind = fact.kind;
    if (fact.kind == Kind::kTensor) {
      LITE_ASSIGN(d.tensor, drawn_tensor(fact, dims_of(fact), draw_));
      return d;
    }
    if (fact.kind == Kind::kMap || !fact.element) return unsupported("an input that is a map");
    if (fact.element->kind == Kind::kTensor) d.element = fact.element->dtype;
    const int64_t n = draw_.below(fact.kind == Kind::kOptional ? 2 : 4);
    for (int64_t i = 0; i < n; ++i) {
      LITE_ASSIGN(d.items.edit().emplace_back(), make(*fact.element));
    }
    return d;
  }

 private:
  int64_t size() { return draw_.below(8) == 0 ? 0 : 1 + draw_.below(3); }

  Dims dims_of(const Fact& fact) {
    Dims dims = fact.has_rank ? fact.dims : Dims(static_cast<size_t>(draw_.below(4)), kUnknownDim);
    for (int64_t& d : dims) {
      if (d >= 0) continue;
      d = d == kUnknownDim ? size() : symbols_.try_emplace(d, size()).first->second;
    }
    return dims;
  }

  Draw draw_;
  std::map<int64_t, int64_t> symbols_;
};

}  // namespace

Result<std::vector<Datum>> draw_inputs(const Model& model, std::span<const std::byte> bytes) {
  Inputs inputs(bytes);
  std::vector<Datum> drawn;
  for (size_t i = 0; i < model.num_inputs(); ++i) {
    LITE_ASSIGN(Datum d, inputs.make(model.input(i).fact));
    drawn.push_back(std::move(d));
  }
  return drawn;
}

ImportOptions import_options(const Bytes& model, const RunLimits& limits) {
  ImportOptions import;
  import.limits.max_nodes = 1u << 12;
  import.limits.max_decoded_bytes = limits.memory;
  import.external = [model](const std::string&) { return Result<Bytes>(model);
};
return import;
}  // namespace lite::test

ModelOptions model_options(const RunLimits& limits) {
  ModelOptions options;
  options.optimise = limits.optimise;
  options.fold_limit_bytes = limits.memory / 4;
  options.arena_limit_bytes = limits.memory;
  return options;
}

Status run_drawn(const std::shared_ptr<Model>& model, std::span<const std::byte> bytes,
                 const RunLimits& limits) {
  Session session(model);
  session.set_threads(1);
  session.set_timeout(limits.time);
  LITE_ASSIGN(std::vector<Datum> inputs, draw_inputs(*model, bytes));
  for (size_t i = 0; i < inputs.size(); ++i) LITE_TRY(session.set_input(i, std::move(inputs[i])));
  return session.run();
}

Status load_and_run(const Bytes& bytes, const RunLimits& limits) {
  LITE_ASSIGN(Graph graph, import_onnx(bytes, import_options(bytes, limits)));
  LITE_ASSIGN(const std::shared_ptr<Model> model, Model::create(std::move(graph), model_options(limits)));
  return run_drawn(model, bytes.view, limits);
}

}  // namespace lite::test
