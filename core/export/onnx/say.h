// Formulas in ONNX's words, for what lowers our own operators.
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "core/passes/rewrite.h"

namespace lite::onnx {

// Nodes in front of the one that is replaced, one formula's worth. Not inline: formulas are long.
class Say {
 public:
  Say(passes::Rewriter& rewriter, DType calculated_in) : r(rewriter), type(calculated_in) {}

  passes::Rewriter& r;
  const DType type;

  ValueId operator()(const char* op, std::vector<ValueId> in, std::vector<Attr> attrs = {});
  ValueId operator()(const char* op, std::initializer_list<ValueId> in);
  ValueId operator()(const char* op, std::initializer_list<ValueId> in, std::initializer_list<Attr> attrs);
  ValueId number(double v);
  ValueId ints(const std::vector<int64_t>& v);
  ValueId ints(std::initializer_list<int64_t> v);
  ValueId cast(ValueId v, DType to);
  ValueId add(ValueId a, ValueId b);
  ValueId sub(ValueId a, ValueId b);
  ValueId mul(ValueId a, ValueId b);
  ValueId div(ValueId a, ValueId b);
  ValueId abs(ValueId a);
  ValueId equal(ValueId a, ValueId b);
  ValueId less(ValueId a, ValueId b);
  ValueId min(ValueId a, ValueId b);
  ValueId max(ValueId a, ValueId b);
  ValueId where(ValueId c, ValueId a, ValueId b);
};

// y, whose type the graph expects, becomes v.
bool finish(passes::Rewriter& r, ValueId y, ValueId v);

// In lower.cpp: halves away from zero.
ValueId round_away(Say& s, ValueId x, ValueId unused = kNoValue);

// False when the node stays; in lower_sampling.cpp and lower_regions.cpp.
bool lower_warp(passes::Rewriter& r, NodeId n);
bool lower_remap(passes::Rewriter& r, NodeId n);
bool lower_roi_align(passes::Rewriter& r, NodeId n);
bool lower_deformable_pooling(passes::Rewriter& r, NodeId n);
bool lower_correlation(passes::Rewriter& r, NodeId n);
bool lower_roi_pooling(passes::Rewriter& r, NodeId n);
bool lower_nms(passes::Rewriter& r, NodeId n);

}  // namespace lite::onnx
