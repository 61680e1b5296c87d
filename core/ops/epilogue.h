// What fused products do to their sums: act(alpha * sum + bias + Z), or act(alpha * sum + bias) + Z, with Z a
// residual of exactly the shape of Y.
#pragma once

#include <vector>

#include "core/ops/op.h"
#include "core/ops/pointwise.h"
#include "core/ops/widen.h"

namespace lite::ops {

// The attributes `activation`, `activation_params` and `residual_after`, and the inputs that are added.
// Numbers are brought to T, sums are double.
template <class T>
class Epilogue {
 public:
  // `bias` and `residual` are the places of those inputs; a bias has `biases` numbers, 0 where it is left
  // out.
  static Result<Epilogue> make(const EvalArgs& args, size_t bias, int64_t biases, size_t residual,
                               float alpha = 1) {
    Epilogue e;
    LITE_ASSIGN(e.activation_, pointwise::read_activation(args.attrs));
    e.after_ = args.attrs.i64("residual_after") != 0;
    e.alpha_ = static_cast<double>(alpha);
    e.bias_.resize(static_cast<size_t>(biases), T(0));
    if (args.has(bias)) widen(args.input(bias), 0, biases, e.bias_.data());
    if (args.has(residual)) e.residual_ = &args.input(residual);
    return e;
  }

  // `n` sums become the elements of y from `at` on; bias_of(i) is the place of the bias of the i-th.
  template <class BiasOf>
  void finish(double* sums, int64_t n, const BiasOf& bias_of, Tensor& y, int64_t at) {
    z_.resize(static_cast<size_t>(n), T(0));
    if (residual_ != nullptr) widen(*residual_, at, n, z_.data());
    for (int64_t i = 0; i < n; ++i) {
      const auto z = static_cast<double>(z_[static_cast<size_t>(i)]);
      double v = alpha_ * sums[i] + static_cast<double>(bias_[static_cast<size_t>(bias_of(i))]);
      if (!after_) v += z;
      if (!activation_.none()) v = static_cast<double>(activation_(static_cast<float>(v)));
      sums[i] = after_ ? v + z : v;
    }
    narrow(sums, n, y, at);
  }

 private:
  Epilogue() = default;

  pointwise::Activation activation_;
  bool after_ = false;
  double alpha_ = 1;
  std::vector<T> bias_, z_;
  const Tensor* residual_ = nullptr;
};

}  // namespace lite::ops
