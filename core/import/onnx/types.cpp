#include "core/import/onnx/types.h"

#include "core/import/onnx/message.h"
#include "core/ir/fact.h"

namespace lite::onnx {
namespace {

class TypeReader {
 public:
  TypeReader(ParseState& state, Symbols& symbols, const ImportLimits& limits)
      : state_(state), symbols_(symbols), limits_(limits) {}

  void type(std::string_view bytes, size_t depth, Fact& f) {
    Message m(state_, "TypeProto", bytes, depth);
    while (m.next()) {
      switch (m.field()) {
        case 1:
          tensor(m.bytes(), depth + 1, f);
          break;
        case 4:
          nested(m.bytes(), depth + 1, Kind::kSequence, f);
          break;
        case 5:
          map(m.bytes(), depth + 1, f);
          break;
        case 7:
          m.fail("it is an opaque type, which is not supported");
          break;
        case 8:
          m.fail("it is a sparse tensor, which is not supported as a value");
          break;
        case 9:
          nested(m.bytes(), depth + 1, Kind::kOptional, f);
          break;
        default:
          m.skip();
      }
    }
  }

 private:
  DType dtype(Message& m) {
    const int32_t t = m.int32();
    if (t >= 0 && t < kNumDTypes) return static_cast<DType>(t);
    m.fail(cat("element type number ", t, ", wanted 0 to ", kNumDTypes - 1));
    return DType::kUndefined;
  }

  void tensor(std::string_view bytes, size_t depth, Fact& f) {
    f.kind = Kind::kTensor;
    Message m(state_, "TypeProto.Tensor", bytes, depth);
    while (m.next()) {
      switch (m.field()) {
        case 1:
          f.dtype = dtype(m);
          break;
        case 2:
          shape(m.bytes(), depth + 1, f);
          break;
        default:
          m.skip();
      }
    }
  }

  void shape(std::string_view bytes, size_t depth, Fact& f) {
    f.has_rank = true;
    Message m(state_, "TensorShapeProto", bytes, depth);
    while (m.next()) {
      if (m.field() != 1) {
        m.skip();
        continue;
      }
      if (f.dims.size() == limits_.max_rank)
        return m.fail(cat("more than ", limits_.max_rank, " dimensions (limit max_rank)"));
      f.dims.push_back(dim(m.bytes(), depth + 1));
    }
  }

  int64_t dim(std::string_view bytes, size_t depth) {
    int64_t d = kUnknownDim;
    Message m(state_, "TensorShapeProto.Dimension", bytes, depth);
    while (m.next()) {
      switch (m.field()) {
        case 1:
          d = m.int64();
          // Some exporters write -1 for a dimension that is not known.
          if (d < -1) m.fail(cat("dimension ", d));
          break;
        case 2: {
          const std::string_view name = m.bytes();
          if (!name.empty()) d = symbols_.dim(name);
          break;
        }
        default:
          m.skip();
      }
    }
    return d;
  }

  void nested(std::string_view bytes, size_t depth, Kind kind, Fact& f) {
    f.kind = kind;
    auto element = std::make_shared<Fact>();
    Message m(state_, kind == Kind::kSequence ? "TypeProto.Sequence" : "TypeProto.Optional", bytes, depth);
    while (m.next()) {
      if (m.field() == 1)
        type(m.bytes(), depth + 1, *element);
      else
        m.skip();
    }
    // The elements of a sequence have shapes of their own, whatever its type says of them; files by ONNX's
    // own hand declare others than they use.
    if (kind == Kind::kSequence) *element = without_shapes(*element);
    f.element = std::move(element);
  }

  void map(std::string_view bytes, size_t depth, Fact& f) {
    f.kind = Kind::kMap;
    auto values = std::make_shared<Fact>();
    Message m(state_, "TypeProto.Map", bytes, depth);
    while (m.next()) {
      switch (m.field()) {
        case 1:
          f.dtype = dtype(m);
          break;
        case 2:
          type(m.bytes(), depth + 1, *values);
          break;
        default:
          m.skip();
      }
    }
    f.element = std::move(values);
  }

  ParseState& state_;
  Symbols& symbols_;
  const ImportLimits& limits_;
};

}  // namespace

int64_t Symbols::dim(std::string_view name) {
  const auto [it, added] = index_.emplace(name, static_cast<int64_t>(names_.size()));
  if (added) names_.emplace_back(name);
  return symbol_dim(it->second);
}

Result<Fact> read_type(std::string_view bytes, Symbols& symbols, const ImportLimits& limits) {
  ParseState state;
  state.max_records = limits.max_records;
  state.max_depth = 2 * limits.max_depth + 4;
  Fact f;
  TypeReader reader(state, symbols, limits);
  LITE_TRY(parse_guarded(state, [&] { reader.type(bytes, 0, f); }));
  return f;
}

}  // namespace lite::onnx
