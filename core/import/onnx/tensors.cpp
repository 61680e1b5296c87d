#include "core/import/onnx/tensors.h"

#include <bit>
#include <charconv>
#include <cstring>
#include <limits>
#include <protozero/exception.hpp>
#include <protozero/varint.hpp>

namespace lite::onnx {
namespace {

static_assert(std::endian::native == std::endian::little,
              "tensor data is used as stored, which is little-endian");

// Fields of TensorProto.
enum : uint32_t {
  kFloatData = 4,
  kInt32Data = 5,
  kStringData = 6,
  kInt64Data = 7,
  kDoubleData = 10,
  kUint64Data = 11
};

const char* field_name(uint32_t field) {
  switch (field) {
    case kFloatData:
      return "float_data";
    case kInt32Data:
      return "int32_data";
    case kStringData:
      return "string_data";
    case kInt64Data:
      return "int64_data";
    case kDoubleData:
      return "double_data";
    default:
      return "uint64_data";
  }
}

uint32_t typed_field(DType t) {
  switch (t) {
    case DType::kF32:
    case DType::kC64:
      return kFloatData;
    case DType::kF64:
    case DType::kC128:
      return kDoubleData;
    case DType::kI64:
      return kInt64Data;
    case DType::kU32:
    case DType::kU64:
      return kUint64Data;
    case DType::kString:
      return kStringData;
    default:
      return kInt32Data;
  }
}

size_t alignment(DType t) { return std::clamp<size_t>(dtype_bits(t) / 8, 1, 8); }

bool is_clean_bool(std::span<const std::byte> bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::byte b) { return b <= std::byte{1}; });
}

// The values that int32_data or uint64_data may hold for a type narrower than itself. Bits of floats and
// packed sub-byte elements come as unsigned or as sign-extended numbers.
std::pair<int64_t, int64_t> stored_range(DType t) {
  switch (t) {
    case DType::kI8:
      return {-128, 127};
    case DType::kU8:
      return {0, 255};
    case DType::kI16:
      return {-32768, 32767};
    case DType::kU16:
      return {0, 65535};
    case DType::kF16:
    case DType::kBF16:
      return {-32768, 65535};
    case DType::kU32:
      return {0, std::numeric_limits<uint32_t>::max()};
    case DType::kI32:
    case DType::kBool:
      return {std::numeric_limits<int32_t>::min(), std::numeric_limits<int32_t>::max()};
    case DType::kI64:
    case DType::kU64:
      return {std::numeric_limits<int64_t>::min(), std::numeric_limits<int64_t>::max()};
    default:
      return {-128, 255};
  }
}

Result<uint64_t> parse_number(std::string_view key, std::string_view text) {
  uint64_t v = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), v);
  if (text.empty() || error != std::errc() || end != text.data() + text.size())
    return invalid_model("its external data has ", key, " ", quoted(text), ", a number of bytes is wanted");
  return v;
}

}  // namespace

Tensors::Tensors(const Bytes& model, const ImportOptions& options)
    : model_(model), options_(options), source_bytes_(model.view.size()) {}

Status Tensors::charge(uint64_t bytes) {
  constexpr uint64_t kAlways = uint64_t{256} << 20;
  const uint64_t limit = std::min(options_.limits.max_decoded_bytes, kAlways + 16 * source_bytes_);
  if (bytes > limit - std::min(limit, decoded_))
    return fail(Code::kLimitExceeded, "constants need more than ", limit,
                " bytes of memory (limit max_decoded_bytes)");
  decoded_ += bytes;
  return ok();
}

Result<Tensor> Tensors::decode(const TensorP& t) {
  if (const auto it = done_.find(&t); it != done_.end()) return it->second;
  Result<Tensor> r = decode_unnamed(t);
  if (!r.is_ok()) return std::move(r.status()).with_context(cat("tensor ", quoted(t.name)));
  done_.emplace(&t, r.value());
  return r;
}

Result<Tensors::Layout> Tensors::layout(const TensorP& t) const {
  if (t.data_type <= 0 || t.data_type >= kNumDTypes)
    return invalid_model("its element type is number ", t.data_type, ", wanted 1 to ", kNumDTypes - 1);
  if (t.dims.size() > options_.limits.max_rank)
    return invalid_model("it has ", t.dims.size(), " dimensions, at most ", options_.limits.max_rank,
                         " allowed (limit max_rank)");
  Layout l{static_cast<DType>(t.data_type), 0, 0};
  for (const int64_t d : t.dims)
    if (d < 0) return invalid_model("it has dimension ", d);
  const auto n = checked_elements(t.dims);
  const auto bytes = n ? dtype_bytes(l.dtype, *n) : std::nullopt;
  if (!bytes) return invalid_model("the size of its shape ", Dims(t.dims), " overflows");
  if (*bytes > options_.limits.max_tensor_bytes)
    return invalid_model("its shape ", Dims(t.dims), " needs ", *bytes, " bytes, at most ",
                         options_.limits.max_tensor_bytes, " allowed (limit max_tensor_bytes)");
  l.elements = *n;
  l.bytes = *bytes;
  return l;
}

Result<Tensor> Tensors::decode_unnamed(const TensorP& t) {
  LITE_ASSIGN(const Layout l, layout(t));
  if (t.has_segment) return unsupported("it is stored in segments");
  const int forms =
      (t.has_raw ? 1 : 0) + (t.external ? 1 : 0) + (t.typed.empty() ? 0 : 1) + (t.strings.empty() ? 0 : 1);
  if (forms > 1 && !(forms == 2 && t.has_raw && t.raw.empty()))
    return invalid_model("its data is there in more than one form (raw_data, external, typed fields)");
  if (l.dtype == DType::kString) return from_strings(l, t);
  if (t.external) {
    LITE_ASSIGN(const Bytes bytes, external_bytes(l, t));
    return from_bytes(l, t, bytes);
  }
  if (!t.typed.empty() || !t.strings.empty()) return from_typed(l, t);
  if (t.raw.size() != l.bytes)
    return invalid_model("its raw_data has ", t.raw.size(), " bytes, its shape ", Dims(t.dims), " of ",
                         dtype_name(l.dtype), " needs ", l.bytes);
  return from_bytes(l, t, Bytes{model_.owner, std::as_bytes(std::span(t.raw))});
}

// Precondition: source has as many bytes as the tensor.
Result<Tensor> Tensors::from_bytes(const Layout& l, const TensorP& t, const Bytes& source) {
  // Protobuf puts bytes anywhere. Large constants stay there all the same; who reads them as numbers asks for
  // Tensor::aligned(). Small ones are cheaper to move than to ask about.
  constexpr size_t kMovedBelow = size_t{64} << 10;
  const bool aligned =
      l.bytes >= kMovedBelow || reinterpret_cast<uintptr_t>(source.view.data()) % alignment(l.dtype) == 0;
  const bool clean = l.dtype != DType::kBool || is_clean_bool(source.view);
  if (aligned && clean && l.bytes != 0)
    return Tensor::view(l.dtype, Dims(t.dims), source.view.data(), source.owner);
  LITE_TRY(charge(l.bytes));
  LITE_ASSIGN(Tensor copy, Tensor::allocate(l.dtype, Dims(t.dims)));
  if (l.bytes != 0) std::memcpy(copy.mutable_raw(), source.view.data(), l.bytes);
  if (!clean)
    for (uint8_t& b : std::span(copy.mutable_data<uint8_t>(), l.bytes)) b = b != 0;
  return copy;
}

Result<Tensor> Tensors::from_strings(const Layout& l, const TensorP& t) {
  if (t.has_raw || t.external || !t.typed.empty()) return invalid_model("strings are wanted in string_data");
  if (t.strings.size() != static_cast<size_t>(l.elements))
    return invalid_model("it holds ", t.strings.size(), " strings, its shape ", Dims(t.dims), " needs ",
                         l.elements);
  uint64_t total = l.bytes;
  for (const std::string_view s : t.strings) total += s.size();
  LITE_TRY(charge(total));
  LITE_ASSIGN(Tensor out, Tensor::allocate(DType::kString, Dims(t.dims)));
  std::copy(t.strings.begin(), t.strings.end(), out.mutable_data<std::string>());
  return out;
}

Result<Tensor> Tensors::from_typed(const Layout& l, const TensorP& t) {
  const uint32_t wanted = typed_field(l.dtype);
  size_t stored = 0;
  for (const auto& [field, chunk] : t.typed) {
    if (field != wanted)
      return invalid_model("it is ", dtype_name(l.dtype), " but its data is in ", field_name(field), ", ",
                           field_name(wanted), " wanted");
    stored += chunk.size();
  }
  if (!t.strings.empty())
    return invalid_model("it is ", dtype_name(l.dtype), " but its data is in string_data");
  const auto mismatch = [&](size_t have, size_t want) {
    return invalid_model("its ", field_name(wanted), " holds ", have, " values, its shape ", Dims(t.dims),
                         " of ", dtype_name(l.dtype), " needs ", want);
  };
  if (wanted == kFloatData || wanted == kDoubleData) {
    const size_t one = wanted == kFloatData ? 4 : 8;
    if (stored != l.bytes) return mismatch(stored / one, l.bytes / one);
    if (t.typed.size() == 1)
      return from_bytes(l, t, Bytes{model_.owner, std::as_bytes(std::span(t.typed[0].second))});
  }

  const bool packed = dtype_bits(l.dtype) < 8;
  const size_t width = packed ? 1 : dtype_size(l.dtype);
  const size_t count = l.bytes / width;
  // A varint has at least a byte: this stops small files from asking for much.
  if (count > stored) return mismatch(stored, count);
  LITE_TRY(charge(l.bytes));
  LITE_ASSIGN(Tensor out, Tensor::allocate(l.dtype, Dims(t.dims)));
  auto* to = static_cast<std::byte*>(out.mutable_raw());
  if (wanted == kFloatData || wanted == kDoubleData) {
    for (const auto& [field, chunk] : t.typed) {
      if (!chunk.empty()) std::memcpy(to, chunk.data(), chunk.size());
      to += chunk.size();
    }
    return out;
  }
  const auto [lowest, highest] = stored_range(l.dtype);
  size_t done = 0;
  try {
    for (const auto& [field, chunk] : t.typed) {
      const char* at = chunk.data();
      const char* const end = at + chunk.size();
      for (; at != end; ++done) {
        auto v = static_cast<int64_t>(protozero::decode_varint(&at, end));
        if (done == count) return mismatch(done + 1, count);
        if (wanted == kInt32Data) v = static_cast<int32_t>(v);
        if (v < lowest || v > highest)
          return invalid_model("its ", field_name(wanted), " holds ", v, ", which ", dtype_name(l.dtype),
                               " cannot be");
        if (l.dtype == DType::kBool) v = v != 0;
        std::memcpy(to + done * width, &v, width);
      }
    }
  } catch (const protozero::exception& e) {
    return invalid_model("its ", field_name(wanted), " is broken (", e.what(), ")");
  }
  if (done != count) return mismatch(done, count);
  return out;
}

Result<Bytes> Tensors::external_bytes(const Layout& l, const TensorP& t) {
  std::string_view location, length_text;
  uint64_t offset = 0;
  bool has_location = false, has_offset = false, has_length = false;
  for (const auto& [key, value] : t.external_data) {
    bool* const seen = key == "location" ? &has_location
                       : key == "offset" ? &has_offset
                       : key == "length" ? &has_length
                                         : nullptr;
    if (seen == nullptr) continue;  // checksums, and what other tools add
    if (*seen) return invalid_model("its external data has two entries for ", key);
    *seen = true;
    if (key == "location") location = value;
    if (key == "length") length_text = value;
    if (key == "offset") {
      LITE_ASSIGN(offset, parse_number(key, value));
    }
  }
  if (!has_location) return invalid_model("its external data has no location");
  if (has_length) {
    LITE_ASSIGN(const uint64_t length, parse_number("length", length_text));
    if (length != l.bytes)
      return invalid_model("its external data has length ", length, ", its shape ", Dims(t.dims), " of ",
                           dtype_name(l.dtype), " needs ", l.bytes);
  }
  auto it = files_.find(std::string(location));
  if (it == files_.end()) {
    std::string name(location);
    if (!options_.external && options_.base_dir.empty())
      return invalid_model("its data is in the file ", quoted(location),
                           ", but a model from memory has no folder; give its folder or the data");
    LITE_ASSIGN(Bytes file,
                options_.external ? options_.external(name) : map_file_beneath(options_.base_dir, name));
    source_bytes_ += file.view.size();
    it = files_.emplace(std::move(name), std::move(file)).first;
  }
  const auto file = it->second.view;
  if (offset > file.size() || l.bytes > file.size() - offset)
    return invalid_model("its data is ", l.bytes, " bytes at offset ", offset, " of ", quoted(location),
                         ", which has ", file.size(), " bytes");
  return Bytes{it->second.owner, file.subspan(offset, l.bytes)};
}

Result<Tensor> Tensors::densify(const SparseP& s) {
  Result<Tensor> r = densify_unnamed(s);
  if (r.is_ok()) return r;
  return std::move(r.status())
      .with_context(cat("sparse tensor ", s.values.empty() ? "''" : quoted(s.values[0].name)));
}

Result<Tensor> Tensors::densify_unnamed(const SparseP& s) {
  if (s.values.size() != 1 || s.indices.size() != 1)
    return invalid_model("it has no values or no indices, or has them twice");
  LITE_ASSIGN(const Tensor values, decode(s.values[0]));
  LITE_ASSIGN(const Tensor indices, decode(s.indices[0]));
  TensorP dense;
  dense.dims = s.dims;
  dense.data_type = static_cast<int32_t>(values.dtype());
  LITE_ASSIGN(const Layout l, layout(dense));
  if (values.dtype() == DType::kString || dtype_bits(values.dtype()) < 8)
    return unsupported("sparse tensors of ", dtype_name(values.dtype()), " are not supported");
  const auto rank = static_cast<int64_t>(s.dims.size());
  const int64_t count = values.elements();
  if (values.rank() != 1)
    return invalid_model("its values have shape ", values.dims(), ", one dimension is wanted");
  const bool linear = indices.dims() == Dims{count};
  if (indices.dtype() != DType::kI64 || !(linear || indices.dims() == Dims{count, rank}))
    return invalid_model("its indices are ", dtype_name(indices.dtype()), " of shape ", indices.dims(),
                         ", int64 of shape ", Dims{count}, " or ", Dims{count, rank}, " wanted");
  LITE_TRY(charge(l.bytes));
  LITE_ASSIGN(Tensor out, Tensor::allocate(values.dtype(), Dims(s.dims)));
  if (l.bytes != 0) std::memset(out.mutable_raw(), 0, l.bytes);
  const size_t width = dtype_size(values.dtype());
  int64_t last = -1;
  for (int64_t i = 0; i < count; ++i) {
    int64_t at = 0;
    if (linear) {
      at = indices.int_at(i);
    } else {
      for (int64_t d = 0; d < rank; ++d) {
        const int64_t x = indices.int_at(i * rank + d), size = s.dims[static_cast<size_t>(d)];
        if (x < 0 || x >= size)
          return invalid_model("index ", x, " of entry ", i, " is outside dimension ", d, " of size ", size);
        at = at * size + x;
      }
    }
    if (at < 0 || at >= l.elements)
      return invalid_model("index ", at, " of entry ", i, " is outside its ", l.elements, " elements");
    if (at <= last) return invalid_model("its indices are not in ascending order at entry ", i);
    last = at;
    std::memcpy(static_cast<std::byte*>(out.mutable_raw()) + static_cast<size_t>(at) * width,
                static_cast<const std::byte*>(values.raw()) + static_cast<size_t>(i) * width, width);
  }
  return out;
}

}  // namespace lite::onnx
