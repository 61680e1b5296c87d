// A .mge file as views: both containers brought to one form, every offset and count checked, nothing
// translated.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/import/import.h"
#include "core/import/megengine/element_type.h"
#include "core/import/megengine/schema.h"
#include "core/ir/tensor.h"

namespace lite::mge {

// Bytes that the file has for a tensor; empty when it has none (an input).
struct StoredTensor {
  std::string_view name;
  std::vector<uint32_t> shape;
  const fb::DType* type = nullptr;
  std::span<const std::byte> data;
  // Bits that rows are padded to, in formats whose innermost dimension starts at such bounds; 0: none.
  uint32_t row_bits = 0;
};

struct StoredParam {
  fb::OperatorParam type = fb::OperatorParam::NONE;
  const void* table = nullptr;
};

struct OprRow;

struct StoredOpr {
  const OprRow* row = nullptr;  // nullptr: not known here
  std::string type;             // the registered name, or the hash where it is not known
  std::string_view name;
  std::vector<uint32_t> inputs, outputs;  // ids of variables
  std::vector<std::string_view> output_names;
  const fb::DType* output_type = nullptr;
  std::vector<StoredParam> params;
  std::vector<StoredTensor> tensors;
};

struct StoredModel {
  int container = 2;  // 1: MGBC and MGBS, 2: mgv2
  uint32_t megengine_version = 0;
  std::vector<StoredOpr> oprs;
  uint32_t num_variables = 0;
  std::vector<uint32_t> outputs;  // ids of variables
  // That the number of outputs of an unknown operator had to be guessed, so ids after it may be wrong.
  bool guessed = false;
  std::string user_info;
  uint64_t optimize_options = 0;
  // Who keeps the flatbuffer and the tensor bytes alive; the same or two.
  Bytes tables, source;
};

// kInvalidModel when the bytes contradict the format; kUnsupported for a container of another kind. Reads the
// first graph of a file that holds several.
Result<StoredModel> read_model(const Bytes& bytes, const ImportLimits& limits);

// Whether the bytes start like one of the containers.
enum class Container { kNone, kV1, kV1Short, kV2, kTestCase };
Container container_of(std::span<const std::byte> bytes) noexcept;

}  // namespace lite::mge
