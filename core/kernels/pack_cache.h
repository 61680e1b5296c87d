// Packed weights, shared by all programs of a model and by models that share weights.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "core/ir/tensor.h"

namespace lite {

class PackCache {
 public:
  // A block of packed bytes.
  struct Packed {
    std::shared_ptr<void> data;  // 64-byte aligned
    size_t bytes = 0;
  };
  // The packing of `source` named `how` ("gemm:f32:16", a blob of a memory descriptor, ...), made on the
  // first call. Lives as long as somebody holds it. Any thread. The key is the source's storage, not its
  // contents.
  Result<std::shared_ptr<const Packed>> get(const Tensor& source, const std::string& how,
                                            const std::function<Result<Packed>()>& make);
  // Whoever reads weights that this cache packs holds one: get() gives the memory of derived weights back
  // when they are packed and its caller is the only reader.
  class Reader {
   public:
    explicit Reader(PackCache& packs);
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;
    ~Reader();

   private:
    PackCache& packs_;
  };

  // Bytes of all packings alive now.
  size_t bytes() const;
  // Storage for a packing, 64-byte aligned.
  static Result<Packed> allocate(size_t bytes);

 private:
  struct Entry {
    std::weak_ptr<const Packed> packed;
    std::weak_ptr<const void> source;  // a new tensor at an old address is not the same source
    size_t bytes = 0;
  };
  mutable std::mutex mutex_;
  int readers_ = 0;
  std::map<std::pair<const void*, std::string>, Entry> entries_;
};

}  // namespace lite
