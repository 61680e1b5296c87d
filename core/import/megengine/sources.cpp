// Where values come from: inputs of the model and constants.
#include <cstring>

#include "core/import/megengine/translator.h"

namespace lite::mge {
namespace {

// Below this a constant is moved to where it is aligned; larger ones stay in the file.
constexpr size_t kMovedBelow = size_t{1} << 20;

Result<Dims> dims_of(const StoredTensor& t, const ImportLimits& limits) {
  if (t.shape.size() > limits.max_rank)
    return invalid_model("it has ", t.shape.size(), " dimensions, at most ", limits.max_rank,
                         " allowed (limit max_rank)");
  Dims d;
  for (const uint32_t n : t.shape) d.push_back(n);
  return d;
}

// Rows of 4 bit elements that are padded to whole bytes, put together without gaps.
void pack_rows(const std::byte* from, size_t row_bytes, int64_t rows, int64_t columns, uint8_t* to) {
  int64_t at = 0;
  for (int64_t r = 0; r < rows; ++r)
    for (int64_t i = 0; i < columns; ++i, ++at) {
      const auto pair =
          static_cast<uint8_t>(from[static_cast<size_t>(r) * row_bytes + static_cast<size_t>(i / 2)]);
      const auto nibble = static_cast<uint8_t>(i % 2 == 0 ? pair & 15 : pair >> 4);
      uint8_t& out = to[at / 2];
      out = static_cast<uint8_t>(at % 2 == 0 ? nibble : out | nibble << 4);
    }
}

Result<Tensor> tensor_of(Call& c, const StoredTensor& t, const ElementType& type) {
  const ImportLimits& limits = c.b.limits();
  LITE_ASSIGN(Dims dims, dims_of(t, limits));
  const auto n = checked_elements(dims);
  auto bytes = n ? dtype_bytes(type.dtype, *n) : std::nullopt;
  if (!bytes) return invalid_model("the size of its shape ", dims, " overflows");
  if (*bytes > limits.max_tensor_bytes)
    return invalid_model("its shape ", dims, " needs ", *bytes, " bytes, at most ", limits.max_tensor_bytes,
                         " allowed (limit max_tensor_bytes)");
  size_t stored = *bytes, row_bytes = 0;
  const int64_t columns = dims.empty() ? 1 : dims.back(), rows = columns == 0 ? 0 : *n / columns;
  if (dtype_bits(type.dtype) == 4 && columns % 2 != 0 && t.row_bits != 0) {
    row_bytes = static_cast<size_t>(columns / 2 + 1);
    stored = row_bytes * static_cast<size_t>(rows);
  }
  if (t.data.size() != stored)
    return invalid_model("it has ", t.data.size(), " bytes of data, its shape ", dims, " of ",
                         dtype_name(type.dtype), " needs ", stored);
  if (row_bytes != 0) {
    LITE_TRY(c.b.charge(*bytes));
    LITE_ASSIGN(Tensor packed, Tensor::allocate(type.dtype, std::move(dims)));
    pack_rows(t.data.data(), row_bytes, rows, columns, packed.mutable_data<uint8_t>());
    return packed;
  }
  Tensor inside = Tensor::view(type.dtype, dims, t.data.data(), c.source.owner);
  bool clean = true;
  if (type.dtype == DType::kBool)
    for (const std::byte b : t.data) clean &= b <= std::byte{1};
  if (stored != 0 && clean && (stored >= kMovedBelow || inside.is_aligned())) return inside;
  LITE_TRY(c.b.charge(stored));
  LITE_ASSIGN(Tensor copy, Tensor::allocate(type.dtype, std::move(dims)));
  if (stored != 0) std::memcpy(copy.mutable_raw(), t.data.data(), stored);
  if (!clean)
    for (uint8_t& b : std::span(copy.mutable_data<uint8_t>(), stored)) b = b != 0;
  return copy;
}

Result<ElementType> type_of(const StoredTensor& t) {
  if (t.type == nullptr) return invalid_model("it has no element type");
  return element_type(*t.type);
}

}  // namespace

Status host_input(Call& c) {
  LITE_TRY(c.want_inputs(0, 0));
  if (c.opr.tensors.size() != 1)
    return invalid_model("it has ", c.opr.tensors.size(), " tensors, one wanted");
  const StoredTensor& t = c.opr.tensors[0];
  LITE_ASSIGN(const ElementType type, type_of(t));
  // Callers may feed other sizes than those at the time of the dump, but not another number of dimensions.
  LITE_ASSIGN(const Dims traced, dims_of(t, c.b.limits()));
  const std::string name(t.name.empty() ? c.opr.name : t.name);
  if (name.empty()) return invalid_model("an input of the model has no name");
  if (!c.b.take_input_name(name)) return invalid_model("the model has two inputs of this name");
  c.out(0, c.b.input(name, type.dtype, traced), type);
  return c.done();
}

Status constants(Call& c) {
  LITE_TRY(c.want_inputs(0, 0));
  if (c.opr.tensors.size() != c.num_out())
    return invalid_model("it has ", c.opr.tensors.size(), " tensors and ", c.num_out(), " outputs");
  for (size_t i = 0; i < c.opr.tensors.size(); ++i) {
    LITE_ASSIGN(const ElementType type, type_of(c.opr.tensors[i]));
    LITE_ASSIGN(Tensor t, tensor_of(c, c.opr.tensors[i], type));
    c.out(i, c.b.constant(std::move(t)), type);
  }
  return c.done();
}

}  // namespace lite::mge
