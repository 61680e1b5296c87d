#include "core/import/onnx/message.h"

#include <cstring>

namespace lite::onnx {

using protozero::pbf_wire_type;

Message::Message(ParseState& state, const char* name, std::string_view bytes, size_t depth)
    : state_(state), outer_(state.where), name_(name), reader_(bytes.data(), bytes.size()) {
  state_.where = name;
  if (!state_.ok()) return;
  if (++state_.records > state_.max_records)
    fail(cat("more than ", state_.max_records, " messages in the file (limit max_records)"));
  else if (depth > state_.max_depth)
    fail(cat("messages are nested more than ", state_.max_depth, " deep (limit max_depth)"));
}

void Message::fail(const std::string& what) {
  if (state_.ok()) state_.error = cat(name_, ": ", what);
}

bool Message::expect(pbf_wire_type wanted) {
  if (reader_.wire_type() == wanted) return true;
  fail(cat("field ", reader_.tag(), " has wire type ", static_cast<int>(reader_.wire_type()), ", ",
           static_cast<int>(wanted), " wanted"));
  return false;
}

std::string_view Message::bytes() {
  if (!expect(pbf_wire_type::length_delimited)) return {};
  const auto view = reader_.get_view();
  return {view.data(), view.size()};
}

int64_t Message::int64() { return expect(pbf_wire_type::varint) ? reader_.get_int64() : 0; }

int32_t Message::int32() { return expect(pbf_wire_type::varint) ? reader_.get_int32() : 0; }

float Message::f32() { return expect(pbf_wire_type::fixed32) ? reader_.get_float() : 0; }

void Message::add_to(std::vector<int64_t>& list) {
  if (reader_.wire_type() != pbf_wire_type::length_delimited) {
    list.push_back(int64());
    return;
  }
  for (const int64_t v : reader_.get_packed_int64()) list.push_back(v);
}

void Message::add_to(std::vector<float>& list) {
  if (reader_.wire_type() != pbf_wire_type::length_delimited) {
    list.push_back(f32());
    return;
  }
  const std::string_view packed = bytes();
  if (packed.size() % sizeof(float) != 0)
    return fail(cat("field ", field(), " has ", packed.size(), " bytes of floats"));
  const size_t had = list.size();
  list.resize(had + packed.size() / sizeof(float));
  if (!packed.empty()) std::memcpy(list.data() + had, packed.data(), packed.size());
}

std::string_view Message::numbers(pbf_wire_type single) {
  if (reader_.wire_type() == pbf_wire_type::length_delimited) return bytes();
  if (!expect(single)) return {};
  const auto from = reader_.data();
  reader_.skip();
  return {from.data(), from.size() - reader_.length()};
}

}  // namespace lite::onnx
