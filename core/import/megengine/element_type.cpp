#include "core/import/megengine/element_type.h"

#include <cmath>

#include "core/import/megengine/schema.h"

namespace lite::mge {
namespace {

struct Row {
  const char* name;
  DType dtype;  // kUndefined: not held here
  bool quantised = false, has_zero = false;
};

// By MegEngine's number.
constexpr Row kTypes[] = {
    {"Float32", DType::kF32},
    {"Uint8", DType::kU8},
    {"Int8", DType::kI8},
    {"Int16", DType::kI16},
    {"Int32", DType::kI32},
    {"IntB1", DType::kUndefined},
    {"IntB2", DType::kI2},
    {"IntB4", DType::kI4},
    {"Byte", DType::kU8},
    {"Float16", DType::kF16},
    {"UintB4", DType::kU4},
    {"Quantized8Asymm", DType::kU8, true, true},
    {"QuantizedS32", DType::kI32, true},
    {"QuantizedS8", DType::kI8, true},
    {"Quantized4Asymm", DType::kU4, true, true},
    {"QuantizedS4", DType::kI4, true},
    {"QuantizedS16", DType::kI16, true},
    {"BFloat16", DType::kBF16},
    {"Bool", DType::kBool},
    {"Uint16", DType::kU16},
    {"QuantizedS1", DType::kUndefined, true},
    {"Complex64", DType::kC64},
};

Result<Row> row(int number) {
  constexpr int count = static_cast<int>(std::size(kTypes));
  if (number < 0 || number >= count)
    return invalid_model("element type is number ", number, ", wanted 0 to ", count - 1);
  const Row& r = kTypes[number];
  if (r.dtype == DType::kUndefined) return unsupported("element type ", r.name, " is not supported");
  return r;
}

}  // namespace

Result<ElementType> element_type(int number) {
  LITE_ASSIGN(const Row r, row(number));
  ElementType t(r.dtype);
  t.quantised = r.quantised;
  return t;
}

Result<ElementType> element_type(const fb::DType& type) {
  LITE_ASSIGN(const Row r, row(type.type()));
  ElementType t(r.dtype);
  t.quantised = r.quantised;
  if (!r.quantised) return t;
  const fb::LinearQuantizationParam* p = type.param_as_LinearQuantizationParam();
  if (p == nullptr) return invalid_model("element type ", r.name, " has no scale");
  t.scale = p->scale();
  if (!(std::isfinite(t.scale) && t.scale > 0))
    return invalid_model("element type ", r.name, " has scale ", t.scale, ", a positive number wanted");
  if (r.has_zero) t.zero = p->zero_point();
  if (r.dtype == DType::kU4 && t.zero > 15)
    return invalid_model("element type ", r.name, " has zero point ", t.zero, ", at most 15 wanted");
  return t;
}

}  // namespace lite::mge
