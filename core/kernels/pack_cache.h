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
  // Writes all bytes of a packing of the source whose contents are `from`, at any address. Derived contents
  // that are away lie there for as long as the call.
  using Fill = std::function<Status(void* to, const void* from)>;
  // The packing of `source` named `how` ("gemm:f32:16", a blob of a memory descriptor, ...), which has so
  // many bytes: put in by store(), or made on the first call. Lives as long as somebody holds it. Any thread.
  // The key is the source's storage, not its contents.
  Result<std::shared_ptr<const Packed>> get(const Tensor& source, const std::string& how, size_t bytes,
                                            const Fill& fill);
  // A packing that was made before, for whoever asks for it with as many bytes as it has.
  void store(const Tensor& source, std::string how, Packed packed);
  // All packings alive or stored. `source` is where what they were made of lies, of so many bytes (stored:
  // 0).
  using Visit =
      std::function<Status(const void* source, size_t source_bytes, const std::string& how, const Packed&)>;
  Status visit(const Visit& visit) const;
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
  Result<const void*> contents(const Tensor& source);

  using Key = std::pair<const void*, std::string>;
  struct Entry {
    std::weak_ptr<const Packed> packed;
    std::weak_ptr<const void> source;  // a new tensor at an old address is not the same source
    size_t bytes = 0, source_bytes = 0;
  };
  struct Stored {
    Packed packed;
    std::weak_ptr<const void> source;
  };
  mutable std::mutex mutex_;
  int readers_ = 0;
  Packed scratch_;  // holds derived contents, one after the other, while there are readers
  std::map<Key, Entry> entries_;
  std::map<Key, Stored> stored_;
};

}  // namespace lite
