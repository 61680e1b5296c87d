// Serialised bytes in pieces: what was written in between tensors that stay where they are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <protozero/pbf_writer.hpp>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace lite::onnx {

class Pieces {
 public:
  void add(std::string text);
  // Bytes that the caller keeps.
  void add_view(std::span<const std::byte> bytes);
  void add(Pieces other);

  uint64_t size() const { return size_; }
  size_t count() const { return list_.size(); }
  std::span<const std::byte> operator[](size_t i) const { return list_[i].bytes(); }

 private:
  struct Piece {
    std::string own;
    std::span<const std::byte> view;  // when there is nothing of its own
    std::span<const std::byte> bytes() const {
      return own.empty() ? view : std::as_bytes(std::span<const char>(own));
    }
  };
  std::vector<Piece> list_;
  uint64_t size_ = 0;
};

// One protobuf message in the making. Fields of a few bytes go through fields(); those that may hold tensors
// are added as pieces.
class MessageWriter {
 public:
  MessageWriter() : writer_(small_) {}
  MessageWriter(const MessageWriter&) = delete;
  MessageWriter& operator=(const MessageWriter&) = delete;

  protozero::pbf_writer& fields() { return writer_; }
  void message(uint32_t field, Pieces inner);
  void view(uint32_t field, std::span<const std::byte> bytes);
  Pieces take();

 private:
  void begin(uint32_t field, uint64_t size);

  std::string small_;
  protozero::pbf_writer writer_;
  Pieces pieces_;
};

}  // namespace lite::onnx
