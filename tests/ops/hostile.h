// Operands and attributes that nobody means well with, for any operator: whatever they are, a node gives an
// error or a result, within its limits, and the kernels agree with the reference about which.
#pragma once

#include <random>
#include <vector>

#include "core/ops/registry.h"

namespace lite::test {

struct NodeCase {
  const OpDef* op = nullptr;
  std::vector<Datum> in;  // an undefined tensor where left out
  std::vector<Attr> attrs;
  size_t outputs = 1;
};

using Random = std::mt19937_64;

// A node of that operator, with operands of types that it takes for the most part.
NodeCase drawn(const OpDef& op, Random& random);
// The same node with something changed: a dimension, a type, numbers, an attribute, how many there are.
NodeCase mutated(NodeCase node, Random& random);
// Checks, infers, evaluates and compiles and runs it. Fails the test when it takes too long, or when
// something does not agree with itself; memory errors are for the sanitizers to see.
void survive(const NodeCase& node, Random& random);

// How many changed versions of each hand-written node are tried; more with LITE_TEST_ALL.
int hostile_rounds();

}  // namespace lite::test
