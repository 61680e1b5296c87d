// The modes of Elemwise, which other oprs use as well.
#pragma once

#include "core/import/megengine/translator.h"

namespace lite::mge {

struct ElemwiseMode {
  const char* name;
  size_t arity;
  ValueId (*make)(Builder& b, const ValueId* in, size_t n);  // nullptr: for training only
};

// The mode of that number; fails when it is none or has another number of inputs.
Result<const ElemwiseMode*> elemwise_mode(uint32_t number, size_t inputs);

// The inputs of an element-wise opr: all plain when they can be, else all as in the file.
struct Operands {
  std::vector<ValueId> values;
  Blocked format = Blocked::kNone;  // that they and the output have in the file
};
Operands elementwise_operands(Call& c);

}  // namespace lite::mge
