// A cautious reader of one protobuf message, over protozero.
#pragma once

#include <protozero/pbf_reader.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/status.h"

namespace lite::onnx {

// What went wrong first, and in which message; shared by the readers of one parse. protozero throws on bytes
// that are no protobuf; parse_guarded turns that into an Error.
struct ParseState {
  const char* where = "ModelProto";
  std::string error;
  size_t records = 0, max_records = 0, max_depth = 0;
  bool ok() const { return error.empty(); }
};

class Message {
 public:
  // Counts against the budgets; when they are spent the message looks empty and the state holds the error.
  Message(ParseState& state, const char* name, std::string_view bytes, size_t depth);
  Message(const Message&) = delete;
  Message& operator=(const Message&) = delete;
  ~Message() {
    if (state_.ok()) state_.where = outer_;  // after a failure it names the innermost message
  }

  bool next() { return state_.ok() && reader_.next(); }
  uint32_t field() const { return reader_.tag(); }
  void skip() { reader_.skip(); }

  std::string_view bytes();
  int64_t int64();
  int32_t int32();
  float f32();
  // Adds the elements of a repeated field, packed or single.
  void add_to(std::vector<int64_t>& list);
  void add_to(std::vector<float>& list);
  // The bytes of a repeated field of numbers, packed or single, undecoded. `single`: the wire type of one.
  std::string_view numbers(protozero::pbf_wire_type single);

  void fail(const std::string& what);
  ParseState& state() { return state_; }

 private:
  bool expect(protozero::pbf_wire_type wanted);
  ParseState& state_;
  const char* outer_;
  const char* name_;
  protozero::pbf_reader reader_;
};

// Runs f; what protozero throws becomes kInvalidModel that names the message.
template <class F>
Status parse_guarded(ParseState& state, F&& f) {
  try {
    f();
  } catch (const protozero::exception& e) {
    if (state.ok()) state.error = cat("the bytes of a ", state.where, " are broken (", e.what(), ")");
  }
  if (!state.ok()) return invalid_model("not a valid ONNX model: ", state.error);
  return {};
}

}  // namespace lite::onnx
