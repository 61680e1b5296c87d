// Memory for plain text and keys.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/base/mapped_file.h"

namespace lite::package {

// Overwrites memory that the compiler thinks is dead.
void wipe(void* data, size_t size) noexcept;

// Bytes in pages of their own, which core dumps leave out; zero at first, wiped when the last owner goes.
struct Secret {
  std::shared_ptr<void> owner;
  std::span<std::byte> bytes;

  Bytes freeze() && { return {std::move(owner), bytes}; }
};
Result<Secret> make_secret(size_t size);

// A copy of a key, wiped when it goes.
class Key {
 public:
  Key(const uint8_t* data, size_t size) : bytes_(data, data + size) {}
  Key(const Key&) = delete;
  Key& operator=(const Key&) = delete;
  ~Key() { wipe(bytes_.data(), bytes_.size()); }
  std::span<const uint8_t> bytes() const { return bytes_; }

 private:
  std::vector<uint8_t> bytes_;
};

}  // namespace lite::package
