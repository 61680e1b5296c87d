// AveragePool, MaxPool, LpPool: each output is the mean, the largest element or the p-norm of a window of X.
//
//   in  X  [N,C,spatial...], float; MaxPool also int8 and uint8
//   out Y  [N,C,spatial...]; sizes as window.h says
//   out Indices  MaxPool only, optional, int64: where in X, flattened, the element was found, the first one
//   where several
//                are equal; -1 for a window that lies in the padding altogether
//   attr kernel_shape ints, required     attr strides, dilations ints, default 1     attr pads ints, default
//   0 attr auto_pad string, default NOTSET attr ceil_mode int, default 0 attr count_include_pad  AveragePool,
//   int, default 0: 1 counts the elements of the padding, as zeros attr storage_order      MaxPool, int,
//   default 0: 1 flattens Indices column-major within each plane attr p                  LpPool, int, default
//   2, at least 1
//
// Padding takes no part, but for count_include_pad. A mean over no element is 0, a maximum the type's lowest
// number. Which element is the largest of a window that holds NaN is not defined.

#include <cmath>

#include "core/ops/op.h"
#include "core/ops/widen.h"
#include "core/ops/window.h"

namespace lite::ops {
namespace {

Result<Window> resolve(const AttrReader& attrs, const Dims& x) {
  const char* op = attrs.node().op->name;
  if (x.size() < 3) return invalid_model(op, ": X has shape ", x, ", at least three dimensions wanted");
  const std::span<const int64_t> spatial(x.begin() + 2, x.size() - 2);
  LITE_ASSIGN(const WindowAttrs a, read_window(attrs, spatial.size(), nullptr));
  return resolve_window(op, a, spatial);
}

Dims output_dims(const Dims& x, const Window& w) {
  Dims y{x[0], x[1]};
  for (const int64_t d : w.out) y.push_back(d);
  return y;
}

Status infer(const InferArgs& a) {
  const int64_t p = a.attrs.i64("p", 2);
  if (p < 1) return invalid_model("LpPool: attribute 'p' is ", p, ", at least 1 wanted");
  a.out[0] = Fact(a.in[0].dtype);
  if (a.in[0].has_rank) {
    LITE_ASSIGN(const Window w, resolve(a.attrs, a.in[0].dims));
    a.out[0] = Fact(a.in[0].dtype, output_dims(a.in[0].dims, w));
  }
  if (a.out.size() > 1) {
    a.out[1] = a.out[0];
    a.out[1].dtype = DType::kI64;
  }
  return ok();
}

// Calls tap(offset in the plane) for each element of the window at `at` that lies in the input, and returns
// how many elements lie in the input or its padding.
template <class F>
int64_t for_each_inside(const Window& w, const Dims& in, const Dims& at, F&& tap) {
  int64_t padded = 0;
  const int64_t taps = elements(w.kernel);
  Walker<0> k(w.kernel, {});
  for (int64_t t = 0; t < taps; ++t, k.next()) {
    bool inside = true, in_padding = true;
    int64_t offset = 0;
    for (size_t d = 0; d < in.size(); ++d) {
      const int64_t i = at[d] * w.strides[d] + k.index()[d] * w.dilations[d] - w.pads_begin[d];
      inside = inside && i >= 0 && i < in[d];
      in_padding = in_padding && i < in[d] + w.pads_end[d];
      offset = offset * in[d] + i;
    }
    if (in_padding) ++padded;
    if (inside) tap(offset);
  }
  return padded;
}

// Calls plane(in, out, n) for each of the N * C planes: `in` is its elements, `out` takes its results.
template <class F>
Status for_each_plane(const EvalArgs& a, const Window& w, Tensor& y, F&& plane) {
  const Tensor& x = a.input(0);
  const int64_t planes = x.dims()[0] * x.dims()[1], out_plane = elements(w.out);
  const int64_t in_plane = elements(std::span<const int64_t>(x.dims().begin() + 2, w.rank()));
  std::vector<double> in(static_cast<size_t>(in_plane)), out(static_cast<size_t>(out_plane));
  for (int64_t n = 0; n < planes; ++n) {
    if (a.stop_requested()) return a.parallel->cancel->error();
    widen(x, n * in_plane, in_plane, in.data());
    plane(in, out, n);
    narrow(out.data(), out_plane, y, n * out_plane);
  }
  return ok();
}

Status average(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  LITE_ASSIGN(const Window w, resolve(a.attrs, x.dims()));
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), output_dims(x.dims(), w)));
  const Dims spatial(std::span<const int64_t>(x.dims().begin() + 2, w.rank()));
  const bool with_padding = a.attrs.i64("count_include_pad") != 0;
  return for_each_plane(a, w, *y, [&](const std::vector<double>& in, std::vector<double>& out, int64_t) {
    Walker<0> at(w.out, {});
    for (double& v : out) {
      double sum = 0;
      int64_t count = 0;
      const int64_t padded = for_each_inside(w, spatial, at.index(), [&](int64_t i) {
        sum += in[static_cast<size_t>(i)];
        ++count;
      });
      if (with_padding) count = padded;
      v = count == 0 ? 0 : sum / static_cast<double>(count);
      at.next();
    }
  });
}

Status norm(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  LITE_ASSIGN(const Window w, resolve(a.attrs, x.dims()));
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), output_dims(x.dims(), w)));
  const Dims spatial(std::span<const int64_t>(x.dims().begin() + 2, w.rank()));
  const auto p = static_cast<double>(a.attrs.i64("p", 2));
  return for_each_plane(a, w, *y, [&](const std::vector<double>& in, std::vector<double>& out, int64_t) {
    Walker<0> at(w.out, {});
    for (double& v : out) {
      double sum = 0;
      for_each_inside(w, spatial, at.index(),
                      [&](int64_t i) { sum += std::pow(std::fabs(in[static_cast<size_t>(i)]), p); });
      v = std::pow(sum, 1 / p);
      at.next();
    }
  });
}

double lowest(DType t) {
  if (t == DType::kU8) return 0;
  return t == DType::kI8 ? -128 : -std::numeric_limits<double>::infinity();
}

Status maximum(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  LITE_ASSIGN(const Window w, resolve(a.attrs, x.dims()));
  const Dims dims = output_dims(x.dims(), w);
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), dims));
  Tensor* indices = nullptr;
  if (a.wants(1)) {
    LITE_ASSIGN(indices, a.output(1, DType::kI64, dims));
  }
  const Dims spatial(std::span<const int64_t>(x.dims().begin() + 2, w.rank()));
  // Strides that number the elements of a plane column by column.
  Dims column_major(w.rank(), 1);
  for (size_t d = 1; d < w.rank(); ++d) column_major[d] = column_major[d - 1] * spatial[d - 1];
  const bool by_column = a.attrs.i64("storage_order") != 0;
  const Dims row_major = row_major_strides(spatial);
  const int64_t out_plane = elements(w.out), in_plane = elements(spatial);
  return for_each_plane(a, w, *y, [&](const std::vector<double>& in, std::vector<double>& out, int64_t n) {
    Walker<0> at(w.out, {});
    for (int64_t o = 0; o < out_plane; ++o, at.next()) {
      double best = lowest(x.dtype());
      int64_t found = -1;
      for_each_inside(w, spatial, at.index(), [&](int64_t i) {
        const double v = in[static_cast<size_t>(i)];
        if (found >= 0 && !(v > best)) return;
        best = v;
        found = i;
      });
      out[static_cast<size_t>(o)] = best;
      if (indices == nullptr) continue;
      int64_t index = found;
      if (by_column && found >= 0) {
        index = 0;
        for (size_t d = 0; d < w.rank(); ++d) index += found / row_major[d] % spatial[d] * column_major[d];
      }
      indices->mutable_data<int64_t>()[n * out_plane + o] = index < 0 ? -1 : n * in_plane + index;
    }
  });
}

constexpr TypeSet kMaxTypes = types::kFloat | DType::kI8 | DType::kU8;
constexpr OperandSpec kIn[] = {{"X", types::kFloat, 'T'}};
constexpr OperandSpec kOut[] = {{"Y", types::kFloat, 'T'}};
constexpr OperandSpec kMaxIn[] = {{"X", kMaxTypes, 'T'}};
constexpr OperandSpec kMaxOut[] = {{"Y", kMaxTypes, 'T'},
                                   {"Indices", DType::kI64, 0, OperandSpec::kOptional}};
#define LITE_POOL_ATTRS                                                                           \
  {"auto_pad", AttrType::kString}, {"ceil_mode", AttrType::kInt}, {"dilations", AttrType::kInts}, \
      {"kernel_shape", AttrType::kInts, true}, {"pads", AttrType::kInts}, {                       \
    "strides", AttrType::kInts                                                                    \
  }
constexpr AttrSpec kAverageAttrs[] = {LITE_POOL_ATTRS, {"count_include_pad", AttrType::kInt}};
constexpr AttrSpec kMaxAttrs[] = {LITE_POOL_ATTRS, {"storage_order", AttrType::kInt}};
constexpr AttrSpec kNormAttrs[] = {LITE_POOL_ATTRS, {"p", AttrType::kInt}};
#undef LITE_POOL_ATTRS

constexpr OpDef kOps[] = {
    {
        .name = "AveragePool",
        .since = 22,
        .inputs = kIn,
        .outputs = kOut,
        .attrs = kAverageAttrs,
        .exactness = Exactness::kAccumulating,
        .infer = infer,
        .reference = average,
    },
    {
        .name = "MaxPool",
        .since = 22,
        .inputs = kMaxIn,
        .outputs = kMaxOut,
        .attrs = kMaxAttrs,
        .infer = infer,
        .reference = maximum,
    },
    {
        .name = "LpPool",
        .since = 22,
        .inputs = kIn,
        .outputs = kOut,
        .attrs = kNormAttrs,
        .exactness = Exactness::kAccumulating,
        .infer = infer,
        .reference = norm,
    },
};

}  // namespace

extern constinit const OpTable pool;
constinit const OpTable pool{kOps};

}  // namespace lite::ops
