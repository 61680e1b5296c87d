#include "tools/net.h"

#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <sstream>

namespace tool {
namespace {

std::vector<IoInfo> infos(LiteNetwork net, int (*count_of)(const LiteNetwork, size_t*),
                          int (*info_of)(const LiteNetwork, size_t, LiteIOInfo*)) {
  size_t count = 0;
  check(count_of(net, &count));
  std::vector<IoInfo> list;
  for (size_t i = 0; i < count; ++i) {
    LiteIOInfo x = LITE_IO_INFO_INIT;
    check(info_of(net, i, &x));
    IoInfo info;
    info.name = x.name;
    info.type = x.type != nullptr ? x.type : "";
    info.kind = x.kind;
    info.dtype = x.dtype;
    info.has_rank = x.rank >= 0;
    for (int d = 0; d < x.rank; ++d) {
      info.dims.push_back(x.dims[d]);
      info.dim_names.push_back(x.dim_names != nullptr && x.dim_names[d] != nullptr ? x.dim_names[d] : "");
    }
    list.push_back(std::move(info));
  }
  return list;
}

}  // namespace

std::string take(char* data, size_t size) {
  std::string s(data, size);
  LITE_free_string(data);
  return s;
}
std::string take(char* text) { return take(text, std::strlen(text)); }

std::string read_bytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string bytes(std::istreambuf_iterator<char>(file), {});
  if (!file.is_open() || file.bad()) throw Failure(kFile, "cannot read '" + path + "'");
  return bytes;
}

void write_bytes(const std::string& path, const std::string& bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (!file) throw Failure(kFile, "cannot write '" + path + "'");
}

Key::Key(const std::string& path) {
  std::string text = read_bytes(path);
  const size_t end = text.find_last_not_of(" \t\r\n") + 1;
  const bool hex = end > 0 && end % 2 == 0 &&
                   std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(end),
                               [](unsigned char c) { return std::isxdigit(c) != 0; });
  const auto digit = [](char c) {
    return std::isdigit(static_cast<unsigned char>(c)) ? c - '0' : (c | 32) - 'a' + 10;
  };
  if (hex)
    for (size_t i = 0; i < end; i += 2)
      bytes_.push_back(static_cast<uint8_t>(digit(text[i]) * 16 + digit(text[i + 1])));
  else
    bytes_.assign(text.begin(), text.end());
  explicit_bzero(text.data(), text.size());
}

Key::~Key() { explicit_bzero(bytes_.data(), bytes_.size()); }

LiteLoadOptions Key::load_options() const {
  LiteLoadOptions options = LITE_LOAD_OPTIONS_INIT;
  options.key_data = data();
  options.key_size = size();
  return options;
}

void check(int status) {
  if (status != LITE_OK) throw Failure(kRefused, LITE_get_last_error());
}

void check_file(int status) {
  if (status == LITE_OK) return;
  throw Failure(status == LITE_NOT_FOUND || status == LITE_IO_ERROR ? kFile : kRefused,
                LITE_get_last_error());
}

void check_file(int status, const std::string& path) {
  if (status == LITE_NOT_FOUND && ::access(path.c_str(), F_OK) == 0) check(status);
  check_file(status);
}

std::string IoInfo::text() const {
  if (kind != LITE_VALUE_TENSOR) return type;
  const char* name_of = LITE_get_dtype_name(dtype);
  std::string s = name_of != nullptr ? name_of : type;
  if (!has_rank) return s + "[...]";
  s += '[';
  for (size_t d = 0; d < dims.size(); ++d) {
    if (d != 0) s += ',';
    if (dims[d] >= 0)
      s += std::to_string(dims[d]);
    else
      s += dim_names[d].empty() ? "?" : dim_names[d];
  }
  return s + ']';
}

Net::Net() { check(LITE_make_default_network(&handle_)); }
Net::Net(const LiteConfig& config) { check(LITE_make_network_config(&handle_, config)); }
Net::~Net() { LITE_destroy_network(handle_); }

void Net::load(const std::string& path, const Key& key) {
  const LiteLoadOptions options = key.load_options();
  check_file(LITE_load_model_file(handle_, path.c_str(), &options), path);
}

void Net::set_option(const std::string& assignment) {
  const size_t eq = assignment.find('=');
  if (eq == std::string::npos) throw Failure(kUsage, "option '" + assignment + "': KEY=VALUE is wanted");
  if (LITE_set_option(handle_, assignment.substr(0, eq).c_str(), assignment.substr(eq + 1).c_str()) !=
      LITE_OK)
    throw Failure(kUsage, LITE_get_last_error());
}

std::vector<IoInfo> Net::inputs() const { return infos(handle_, LITE_get_input_count, LITE_get_input_info); }
std::vector<IoInfo> Net::outputs() const {
  return infos(handle_, LITE_get_output_count, LITE_get_output_info);
}

LiteTensor Net::input(const std::string& name) const {
  LiteTensor t;
  check(LITE_get_io_tensor(handle_, name.c_str(), LITE_INPUT, &t));
  return t;
}
LiteTensor Net::output(const std::string& name) const {
  LiteTensor t;
  check(LITE_get_io_tensor(handle_, name.c_str(), LITE_OUTPUT, &t));
  return t;
}

Value Net::output_value(const std::string& name) const {
  LiteValue v = nullptr;
  check(LITE_get_output_value(handle_, name.c_str(), &v));
  return Value(v);
}
std::vector<LiteValueKind> Net::input_kinds(size_t index) const {
  std::vector<LiteValueKind> kinds;
  LiteValueType type = LITE_VALUE_TYPE_INIT;
  do {
    check(LITE_get_input_value_type(handle_, index, kinds.size(), &type));
    kinds.push_back(type.kind);
  } while (type.has_element != 0);
  return kinds;
}

void Net::run() {
  check(LITE_forward(handle_));
  check(LITE_wait(handle_));
}

std::vector<std::pair<std::string, std::string>> Net::metadata() const {
  size_t count = 0;
  check(LITE_get_metadata_count(handle_, &count));
  std::vector<std::pair<std::string, std::string>> list;
  for (size_t i = 0; i < count; ++i) {
    const char *key, *value;
    check(LITE_get_metadata_item(handle_, i, &key, &value));
    list.emplace_back(key, value);
  }
  return list;
}

LiteStatistics Net::statistics() const {
  LiteStatistics s = LITE_STATISTICS_INIT;
  check(LITE_get_statistics(handle_, &s));
  return s;
}

std::string Net::graph(const char* stage, const char* format) const {
  char* text;
  check(LITE_dump_graph(handle_, stage, format, &text));
  return take(text);
}

std::string Net::profile(const char* format) const {
  char* text;
  check(LITE_get_profile(handle_, format, &text));
  return take(text);
}

std::vector<int64_t> dims_of(LiteTensor tensor) {
  int rank = 0;
  check(LITE_get_tensor_rank(tensor, &rank));
  std::vector<int64_t> dims(static_cast<size_t>(rank > 0 ? rank : 0));
  check(LITE_get_tensor_dims(tensor, rank, dims.data()));
  return dims;
}
LiteDataType dtype_of(LiteTensor tensor) {
  LiteDataType t;
  check(LITE_get_tensor_dtype(tensor, &t));
  return t;
}
size_t bytes_of(LiteTensor tensor) {
  size_t n = 0;
  check(LITE_get_tensor_total_size_in_byte(tensor, &n));
  return n;
}
void* memory_of(LiteTensor tensor) {
  void* p = nullptr;
  check(LITE_get_tensor_memory(tensor, &p));
  return p;
}

std::string build_info(std::string_view key) {
  std::istringstream lines(LITE_get_build_info());
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with(key) && line.compare(key.size(), 2, ": ") == 0) return line.substr(key.size() + 2);
  return {};
}

const char* kind_name(LiteValueKind kind) {
  constexpr const char* kNames[] = {"tensor", "sequence", "optional", "map"};
  return kNames[kind];
}

std::string human_bytes(double bytes) {
  char text[32];
  const char* units[] = {"B", "kB", "MB", "GB", "TB"};
  size_t u = 0;
  for (; bytes >= 1000 && u < 4; ++u) bytes /= 1000;
  std::snprintf(text, sizeof text, u == 0 ? "%.0f %s" : "%.1f %s", bytes, units[u]);
  return text;
}

bool is_terminal(int fd) { return ::isatty(fd) == 1; }

}  // namespace tool
