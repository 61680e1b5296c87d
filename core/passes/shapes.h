// Questions about shapes that several passes ask.
#pragma once

#include <optional>
#include <vector>

#include "core/passes/rewrite.h"

namespace lite::passes {

// The same number or the same symbol. Unknown dimensions equal nothing.
inline bool same_dim(int64_t a, int64_t b) { return a == b && a != kUnknownDim; }
// Certain to have the same shape in every run.
bool same_shape(const Fact& a, const Fact& b);
// The same, or the elements are as many and only one dimension is in doubt, so it is the same too.
bool same_shape_after_reshape(const Fact& in, const Fact& out);

// How a Reshape would say `out`, given the shape `in` of what it reshapes: numbers, 0 for the dimension of
// `in` at that place, at most one -1. nullopt when it cannot.
std::optional<std::vector<int64_t>> reshape_target(const Fact& in, const Fact& out);

// The dimensions that a constant spans once it is broadcast against rank `rank`: how many elements it has
// along `axis` when all its other dimensions are 1; nullopt when another is not.
std::optional<int64_t> extent_along(const Tensor& t, size_t rank, size_t axis);

// Axes of a reduction, sorted and not negative, whether in an attribute or an input; nullopt when they are
// not constant or the rank is unknown. Empty means: nothing is reduced.
std::optional<std::vector<int64_t>> reduced_axes(const Rewriter& r, NodeId n);
// `axes` are the last ones of `rank`.
bool trailing(const std::vector<int64_t>& axes, size_t rank);

// The permutation of a Transpose; nullopt when the rank is unknown.
std::optional<std::vector<int64_t>> permutation(const Rewriter& r, NodeId transpose);
bool is_identity(const std::vector<int64_t>& perm);
// What first `a` and then `b` do.
std::vector<int64_t> compose(const std::vector<int64_t>& a, const std::vector<int64_t>& b);

// The bytes of a value; nullopt when it is not static or does not fit.
std::optional<size_t> fact_bytes(const Fact& f);

// A constant of that shape with every element `v`, in a float type.
Result<Tensor> filled(DType dtype, Dims dims, double v);
// Elements as doubles, and doubles as a tensor of a float type.
std::vector<double> to_doubles(const Tensor& t);
Result<Tensor> from_doubles(DType dtype, Dims dims, const std::vector<double>& values);

}  // namespace lite::passes
