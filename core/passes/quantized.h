// What passes over quantised models look for: a value that comes out of DequantizeLinear, or goes into
// QuantizeLinear.
#pragma once

#include <optional>

#include "core/passes/rewrite.h"

namespace lite::passes {

// real = (q - zero) * scale. `zero` is kNoValue when it is left out: 0.
struct Quantized {
  ValueId q = kNoValue, scale = kNoValue, zero = kNoValue;
  DType type = DType::kUndefined;  // of q
  int64_t axis = 0;                // of a scale with more than one element
};

// v as made by a DequantizeLinear from 8 bits with constant parameters, one for the whole tensor.
std::optional<Quantized> dequantized(const Rewriter& r, ValueId v);
// The same for a constant, whose parameters may also lie along one axis.
std::optional<Quantized> dequantized_constant(const Rewriter& r, ValueId v);
// The only use of v is a QuantizeLinear to 8 bits with constant parameters, one for the whole tensor: q is
// its result.
std::optional<Quantized> quantized_result(const Rewriter& r, ValueId v);
// That QuantizeLinear itself, read.
std::optional<Quantized> read_quantize(const Rewriter& r, NodeId n);

bool same_parameters(const Rewriter& r, const Quantized& a, const Quantized& b);
int64_t zero_point(const Rewriter& r, const Quantized& q);
float scale_of(const Rewriter& r, const Quantized& q);
// q.zero, or a constant 0 of the right type made for it.
ValueId zero_value(Rewriter& r, const Quantized& q);

}  // namespace lite::passes
