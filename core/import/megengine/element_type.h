// MegEngine's element types.
#pragma once

#include "core/base/dtype.h"
#include "core/base/status.h"

namespace lite::mge {

namespace fb {
struct DType;
}

// An element type of MegEngine as the graph here holds it: quantised ones are integers, and what they stand
// for is (q - zero) * scale.
struct ElementType {
  DType dtype = DType::kUndefined;
  bool quantised = false;
  float scale = 1;
  int32_t zero = 0;

  ElementType() = default;
  ElementType(DType t) : dtype(t) {}
  friend bool operator==(const ElementType&, const ElementType&) = default;
};

// kUnsupported for types that nothing here can hold, kInvalidModel for numbers that are none.
Result<ElementType> element_type(int number);
// The same with scale and zero point.
Result<ElementType> element_type(const fb::DType& type);

}  // namespace lite::mge
