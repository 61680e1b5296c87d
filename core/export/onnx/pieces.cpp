#include "core/export/onnx/pieces.h"

#include <iterator>
#include <protozero/varint.hpp>

namespace lite::onnx {

void Pieces::add(std::string text) {
  if (text.empty()) return;
  size_ += text.size();
  if (!list_.empty() && !list_.back().own.empty())
    list_.back().own += text;
  else
    list_.push_back({std::move(text), {}});
}

void Pieces::add_view(std::span<const std::byte> bytes) {
  if (bytes.empty()) return;
  size_ += bytes.size();
  list_.push_back({{}, bytes});
}

void Pieces::add(Pieces other) {
  for (Piece& p : other.list_) {
    if (p.own.empty())
      add_view(p.view);
    else
      add(std::move(p.own));
  }
}

void MessageWriter::begin(uint32_t field, uint64_t size) {
  constexpr uint32_t kLengthDelimited = 2;
  protozero::write_varint(std::back_inserter(small_), (uint64_t{field} << 3) | kLengthDelimited);
  protozero::write_varint(std::back_inserter(small_), size);
}

void MessageWriter::message(uint32_t field, Pieces inner) {
  begin(field, inner.size());
  pieces_.add(std::exchange(small_, {}));
  pieces_.add(std::move(inner));
}

void MessageWriter::view(uint32_t field, std::span<const std::byte> bytes) {
  begin(field, bytes.size());
  pieces_.add(std::exchange(small_, {}));
  pieces_.add_view(bytes);
}

Pieces MessageWriter::take() {
  pieces_.add(std::exchange(small_, {}));
  return std::exchange(pieces_, {});
}

}  // namespace lite::onnx
