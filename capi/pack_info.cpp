#include "capi/pack_info.h"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "core/base/log.h"

namespace lite::capi {
namespace {

using nlohmann::json;

constexpr size_t kMaxText = size_t{4} << 20;
constexpr int kMaxDepth = 64;
constexpr int kNewestMajor = 1, kNewestMinor = 13;  // of MegEngine Lite, whose format this is

// Reads members of objects. `path` names the object in messages: "" or "device.".
class Members {
 public:
  Members(const json& object, std::string path, bool secret)
      : object_(object), path_(std::move(path)), secret_(secret) {}

  bool has(const char* key) const { return object_.contains(key); }

  // Leave *out alone when there is no such member.
  Outcome read(const char* key, bool* out) const {
    int number = *out ? 1 : 0;
    LITE_CHECK(read(key, &number));
    *out = number != 0;
    return done();
  }
  Outcome read(const char* key, int* out) const {
    if (!has(key)) return done();
    const json& v = object_[key];
    if (v.is_boolean()) {
      *out = v.get<bool>() ? 1 : 0;
      return done();
    }
    if (!v.is_number_integer()) return wrong(key, "a number or true or false");
    const int64_t n = v.is_number_unsigned() && v.get<uint64_t>() > INT64_MAX ? INT64_MAX : v.get<int64_t>();
    if (n < INT32_MIN || n > INT32_MAX) return wrong(key, "a number of 32 bits");
    *out = static_cast<int>(n);
    return done();
  }
  Outcome read(const char* key, std::string* out) const {
    if (!has(key)) return done();
    if (!object_[key].is_string()) return wrong(key, "a string");
    *out = object_[key].get<std::string>();
    return done();
  }
  // One of the names in `table`.
  template <class E, size_t N>
  Outcome read(const char* key, const std::pair<const char*, E> (&table)[N], E* out) const {
    if (!has(key)) return done();
    std::string text, names;
    LITE_CHECK(read(key, &text));
    for (const auto& [name, value] : table) {
      if (text == name) {
        *out = value;
        return done();
      }
      names += cat(names.empty() ? "" : ", ", name);
    }
    return wrong(key, cat("one of ", names));
  }
  Outcome read(const char* key, size_t* out) const {
    int n = 0;
    LITE_CHECK(read(key, &n));
    if (n < 0) return wrong(key, "a number of at least 0");
    if (has(key)) *out = static_cast<size_t>(n);
    return done();
  }

  // Calls f(members) for the object of that name, if there is one.
  template <class F>
  Outcome in_object(const char* key, F&& f) const {
    if (!has(key)) return done();
    if (!object_[key].is_object()) return wrong(key, "an object");
    return f(Members(object_[key], cat(path_, key, "."), secret_));
  }
  // Calls f(members) for each object of an array.
  template <class F>
  Outcome for_each(const char* key, F&& f) const {
    if (!has(key)) return done();
    if (!object_[key].is_array()) return wrong(key, "an array of objects");
    size_t i = 0;
    for (const json& element : object_[key]) {
      if (!element.is_object()) return wrong(key, "an array of objects");
      LITE_CHECK(f(Members(element, cat(path_, key, "[", i++, "]."), secret_)));
    }
    return done();
  }

  Outcome wrong(const char* key, std::string_view wanted) const {
    const json& v = object_.contains(key) ? object_[key] : json();
    const bool scalar = v.is_primitive() && !secret_;
    return invalid_model("the pack's information: ", path_, key, " is ",
                         !has(key) ? "missing"
                         : scalar  ? v.dump()
                         : secret_ ? std::string("something else")
                                   : std::string(v.type_name()),
                         ", wanted: ", wanted);
  }

 private:
  const json& object_;
  const std::string path_;
  const bool secret_;
};

Outcome check_version(const Members& info) {
  std::string text;
  int major = 0, minor = 0, patch = 0;
  LITE_CHECK(info.read("version", &text));
  if (std::sscanf(text.c_str(), "%9d.%9d.%9d", &major, &minor, &patch) != 3)
    return info.wrong("version", "three numbers, as in 1.13.0");
  if (major > kNewestMajor || (major == kNewestMajor && minor > kNewestMinor))
    log(LogLevel::kWarn,
        "the pack's information is of a newer MegEngine Lite than 1.13; what is new in it is ignored");
  return done();
}

Outcome read_device(const Members& device, NetworkConfig* config) {
  static constexpr std::pair<const char*, LiteDeviceType> kTypes[] = {{"CPU", LITE_CPU},
                                                                      {"CUDA", LITE_CUDA},
                                                                      {"ATLAS", LITE_ATLAS},
                                                                      {"CAMBRICON", LITE_CAMBRICON},
                                                                      {"NPU", LITE_NPU}};
  if (!device.has("type")) return device.wrong("type", "a string");
  LITE_CHECK(device.read("type", kTypes, &config->device_type));
  LITE_CHECK(device.read("device_id", &config->device_id));
  // One thread is what there is unless somebody says more.
  size_t threads = 1;
  bool inplace = false;
  LITE_CHECK(device.read("number_threads", &threads));
  LITE_CHECK(device.read("enable_inplace_model", &inplace));
  if (threads > 1) config->threads = threads;
  if (inplace) config->inplace = true;
  return done();
}

Outcome read_options(const Members& options, LiteOptions* o) {
  const std::pair<const char*, int*> fields[] = {
      {"weight_preprocess", &o->weight_preprocess},
      {"fuse_preprocess", &o->fuse_preprocess},
      {"fake_next_exec", &o->fake_next_exec},
      {"var_sanity_check_first_run", &o->var_sanity_check_first_run},
      {"const_shape", &o->const_shape},
      {"force_dynamic_alloc", &o->force_dynamic_alloc},
      {"force_output_dynamic_alloc", &o->force_output_dynamic_alloc},
      {"no_profiling_on_shape_change", &o->no_profiling_on_shape_change},
      {"jit_level", &o->jit_level},
      {"comp_node_seq_record_level", &o->comp_node_seq_record_level},
      {"graph_opt_level", &o->graph_opt_level},
      {"async_exec_level", &o->async_exec_level}};
  for (const auto& [key, field] : fields) LITE_CHECK(options.read(key, field));
  return done();
}

Outcome read_layout(const Members& shape, LiteLayout* layout) {
  constexpr const char* kDims[] = {"dim0", "dim1", "dim2", "dim3", "dim4", "dim5", "dim6"};
  static_assert(std::size(kDims) == LAYOUT_MAX_DIM);
  layout->ndim = 0;
  for (const char* dim : kDims) {
    if (!shape.has(dim)) break;
    LITE_CHECK(shape.read(dim, &layout->shapes[layout->ndim++]));
  }
  return done();
}

Outcome read_io(const Members& io, std::vector<IoWish>* wishes) {
  static constexpr std::pair<const char*, LiteIOType> kTypes[] = {{"value", LITE_IO_VALUE},
                                                                  {"shape", LITE_IO_SHAPE}};
  static constexpr std::pair<const char*, LiteDataType> kDtypes[] = {
      {"float32", LITE_FLOAT}, {"float16", LITE_HALF}, {"int32", LITE_INT},
      {"int16", LITE_INT16},   {"int8", LITE_INT8},    {"uint8", LITE_UINT8}};
  std::string name;
  if (!io.has("name")) return io.wrong("name", "a string");
  LITE_CHECK(io.read("name", &name));
  auto at = std::find_if(wishes->begin(), wishes->end(), [&](const IoWish& w) { return w.name == name; });
  if (at == wishes->end()) at = wishes->insert(at, IoWish{.name = name});
  LITE_CHECK(io.read("is_host", &at->is_host));
  LITE_CHECK(io.read("io_type", kTypes, &at->io_type));
  LITE_CHECK(io.read("dtype", kDtypes, &at->layout.data_type));
  return io.in_object("shape", [&](const Members& shape) { return read_layout(shape, &at->layout); });
}

Outcome read_ios(const Members& io, NetworkConfig* config) {
  LITE_CHECK(io.for_each("inputs", [&](const Members& m) { return read_io(m, &config->inputs); }));
  return io.for_each("outputs", [&](const Members& m) { return read_io(m, &config->outputs); });
}

}  // namespace

Outcome parse_default_info(std::string_view text, const std::string& model, bool secret,
                           NetworkConfig* config, std::string* extra_info) {
  if (text.size() > kMaxText)
    return invalid_model("the pack's information has ", text.size(), " bytes, at most ", kMaxText, " wanted");
  bool too_deep = false;
  json all;
  try {
    // The parser itself does not recurse, but what writes the text again does.
    all = json::parse(text, [&](int depth, json::parse_event_t, json&) {
      if (depth > kMaxDepth) too_deep = true;
      return !too_deep;
    });
  } catch (const json::parse_error& e) {
    return invalid_model("the pack's information is not JSON (at byte ", e.byte, " of ", text.size(), ")");
  }
  if (too_deep) return invalid_model("the pack's information nests deeper than ", kMaxDepth, " levels");
  if (!all.is_object()) return invalid_model("the pack's information is not a JSON object");
  const Members info(all, "", secret);
  bool valid = false;
  if (!info.has("valid")) return info.wrong("valid", "true or false");
  LITE_CHECK(info.read("valid", &valid));
  if (!valid) return done();
  std::string name;
  if (!info.has("name")) return info.wrong("name", "a string");
  LITE_CHECK(info.read("name", &name));
  if (name != model) return info.wrong("name", cat("'", model, "', as in the pack's header"));
  LITE_CHECK(check_version(info));
  LITE_CHECK(info.in_object("device", [&](const Members& m) { return read_device(m, config); }));
  LITE_CHECK(info.in_object("options", [&](const Members& m) { return read_options(m, &config->options); }));
  LITE_CHECK(info.in_object("IO", [&](const Members& m) { return read_ios(m, config); }));
  if (info.has("extra_info")) *extra_info = all["extra_info"].dump();
  return done();
}

std::string name_in_info(std::string_view text) {
  const json all = json::parse(text, nullptr, /*allow_exceptions=*/false);
  const bool named = all.is_object() && all.contains("name") && all["name"].is_string();
  return named ? all["name"].get<std::string>() : std::string();
}

}  // namespace lite::capi
