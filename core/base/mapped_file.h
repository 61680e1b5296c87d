// A file's bytes: mapped read-only, or read into memory.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include "core/base/status.h"

namespace lite {

// Immutable bytes with an owner. Copies share the owner.
struct Bytes {
  std::shared_ptr<const void> owner;
  std::span<const std::byte> view;
};

// Maps a regular file. The pages stay shared with other processes. An empty file gives an empty view.
// A file that is truncated by somebody else while it is mapped makes later reads fail with SIGBUS;
// docs/decisions/mapped-models.md says what callers can do about it.
Result<Bytes> map_file(const std::string& path);
// Reads a regular file into memory of its own, 64-byte aligned: whatever happens to the file later, the bytes
// stay. kIo when the file becomes shorter meanwhile.
Result<Bytes> read_file(const std::string& path);

// The bytes will not be read soon: what of them lies in a file mapped here leaves this process's memory, and
// comes back from the file when it is read after all. So does what lies up to 4 MB around them in that file:
// a page fault brings in as many neighbours as the file's cache keeps in one piece. Other memory is left
// alone. Any thread.
void forget_pages(const void* data, size_t bytes) noexcept;

// Maps `relative` below directory `base`: refuses absolute paths, "..", symbolic links in any component,
// other than regular files, and files with more than one hard link. The check and the open are one step.
Result<Bytes> map_file_beneath(const std::string& base, const std::string& relative);
// The same, read into memory.
Result<Bytes> read_file_beneath(const std::string& base, const std::string& relative);

// Copies the bytes to memory of their own, 64-byte aligned.
Bytes copy_bytes(std::span<const std::byte> bytes);

}  // namespace lite
