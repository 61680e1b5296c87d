// Handles that close themselves, and errors as exceptions, for the command's own use.
#pragma once

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lite.h"

namespace tool {

struct Failure : std::runtime_error {
  Failure(int exit_code, const std::string& what) : std::runtime_error(what), code(exit_code) {}
  int code;
};
inline constexpr int kRefused = 1, kUsage = 2, kFile = 3;

// Throws Failure with the library's own words unless `status` is LITE_OK.
void check(int status);
// The same for what reads a model file: one that cannot be read has an exit code of its own.
void check_file(int status);
// A model has other things that may not be found than its file, at `path`.
void check_file(int status, const std::string& path);

// A decryption key from a file: as it is, or as hexadecimal digits. Wiped when it goes.
class Key {
 public:
  Key() = default;  // none
  explicit Key(const std::string& path);
  Key(const Key&) = delete;
  Key& operator=(const Key&) = delete;
  ~Key();
  const uint8_t* data() const { return bytes_.data(); }
  size_t size() const { return bytes_.size(); }
  LiteLoadOptions load_options() const;

 private:
  std::vector<uint8_t> bytes_;
};

// A text or bytes that the library gave away, as a string.
std::string take(char* data, size_t size);
std::string take(char* text);
// Whole files; Failure with kFile.
std::string read_bytes(const std::string& path);
void write_bytes(const std::string& path, const std::string& bytes);

struct IoInfo {
  std::string name, type;
  LiteValueKind kind = LITE_VALUE_TENSOR;
  LiteDataType dtype = LITE_FLOAT;  // of the tensors in it
  bool has_rank = false;
  std::vector<int64_t> dims;           // -1: not known
  std::vector<std::string> dim_names;  // "" where there is none
  std::string text() const;            // "float32[batch,3,224,224]", "seq(tensor(float))"
};

struct DestroyValue {
  void operator()(LiteValue value) const { LITE_destroy_value(value); }
};
using Value = std::unique_ptr<LiteValue_s, DestroyValue>;

class Net {
 public:
  Net();
  explicit Net(const LiteConfig& config);
  ~Net();
  Net(const Net&) = delete;
  Net& operator=(const Net&) = delete;
  LiteNetwork get() const { return handle_; }

  void load(const std::string& path, const Key& key);
  // "key=value".
  void set_option(const std::string& assignment);
  std::vector<IoInfo> inputs() const;
  std::vector<IoInfo> outputs() const;
  LiteTensor input(const std::string& name) const;
  LiteTensor output(const std::string& name) const;
  Value output_value(const std::string& name) const;
  // The kinds at the levels of an input's type, such as optional, sequence, tensor.
  std::vector<LiteValueKind> input_kinds(size_t index) const;
  void run();
  std::vector<std::pair<std::string, std::string>> metadata() const;
  LiteStatistics statistics() const;
  std::string graph(const char* stage, const char* format) const;
  std::string profile(const char* format) const;

 private:
  LiteNetwork handle_ = nullptr;
};

std::vector<int64_t> dims_of(LiteTensor tensor);
LiteDataType dtype_of(LiteTensor tensor);
size_t bytes_of(LiteTensor tensor);
void* memory_of(LiteTensor tensor);

// The value of one line "key: value" of LITE_get_build_info(); "" when there is no such line.
std::string build_info(std::string_view key);
// "sequence".
const char* kind_name(LiteValueKind kind);
// "12.3 MB".
std::string human_bytes(double bytes);
// Colours and progress belong on a terminal only.
bool is_terminal(int fd);

}  // namespace tool
