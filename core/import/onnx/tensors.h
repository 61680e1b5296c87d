// TensorProto to Tensor: in place where the bytes are aligned for their type, decoded otherwise.
#pragma once

#include <map>
#include <string>
#include <unordered_map>

#include "core/import/onnx/proto.h"
#include "core/ir/tensor.h"

namespace lite::onnx {

// The constants of one import. Every position in which a model can hold a tensor comes through here.
class Tensors {
 public:
  // Keeps references to both.
  Tensors(const Bytes& model, const ImportOptions& options);

  // The message of a failure names the tensor. The same TensorP gives the same storage each time.
  Result<Tensor> decode(const TensorP& t);
  // The dense form.
  Result<Tensor> densify(const SparseP& s);

  // Counts memory that the import is about to allocate because the model says so.
  Status charge(uint64_t bytes);

 private:
  struct Layout {
    DType dtype;
    int64_t elements;
    size_t bytes;
  };
  Result<Layout> layout(const TensorP& t) const;
  Result<Tensor> decode_unnamed(const TensorP& t);
  Result<Tensor> from_bytes(const Layout& l, const TensorP& t, const Bytes& source);
  Result<Tensor> from_strings(const Layout& l, const TensorP& t);
  Result<Tensor> from_typed(const Layout& l, const TensorP& t);
  Result<Bytes> external_bytes(const Layout& l, const TensorP& t);
  Result<Tensor> densify_unnamed(const SparseP& s);

  const Bytes& model_;
  const ImportOptions& options_;
  uint64_t decoded_ = 0, source_bytes_;
  std::map<std::string, Bytes> files_;
  std::unordered_map<const TensorP*, Tensor> done_;
};

}  // namespace lite::onnx
