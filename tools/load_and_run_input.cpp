#include "tools/load_and_run_input.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>

namespace tool {
namespace {

using Json = nlohmann::json;

bool ends_with(const std::string& s, const char* suffix) {
  const size_t n = std::strlen(suffix);
  return s.size() >= n && s.compare(s.size() - n, n, suffix) == 0;
}

// Calls f with a value of the C type of `dtype`; false for types that numbers are not converted to here.
template <class F>
bool with_type(LiteDataType dtype, F&& f) {
  switch (dtype) {
    case LITE_FLOAT:
      return f(float{}), true;
    case LITE_DOUBLE:
      return f(double{}), true;
    case LITE_INT8:
      return f(int8_t{}), true;
    case LITE_INT16:
      return f(int16_t{}), true;
    case LITE_INT:
      return f(int32_t{}), true;
    case LITE_INT64:
      return f(int64_t{}), true;
    case LITE_UINT8:
    case LITE_BOOL:
      return f(uint8_t{}), true;
    case LITE_UINT16:
      return f(uint16_t{}), true;
    case LITE_UINT:
      return f(uint32_t{}), true;
    case LITE_UINT64:
      return f(uint64_t{}), true;
    default:
      return false;
  }
}

size_t elements(const std::vector<int64_t>& dims) {
  size_t n = 1;
  for (const int64_t d : dims)
    if (__builtin_mul_overflow(n, static_cast<size_t>(d), &n) || n > (size_t{1} << 40))
      throw Failure(kUsage, "--input: " + Json(dims).dump() + " has too many elements");
  return n;
}

// Numbers in an array of type `dtype`, rounded and cut off where that has whole ones in a range.
Array from_numbers(const std::vector<double>& numbers, std::vector<int64_t> dims, LiteDataType dtype,
                   const std::string& name) {
  Array a;
  a.dtype = dtype;
  a.dims = std::move(dims);
  const bool known = with_type(dtype, [&]<class T>(T) {
    a.data.resize(numbers.size() * sizeof(T));
    for (size_t i = 0; i < numbers.size(); ++i) {
      double v = numbers[i];
      if constexpr (std::is_integral_v<T>) {
        constexpr auto kLow = static_cast<double>(std::numeric_limits<T>::lowest());
        constexpr auto kHigh = static_cast<double>(std::numeric_limits<T>::max());
        v = std::isnan(v) ? 0 : std::clamp(std::round(v), kLow, kHigh);
        if (v >= kHigh) {  // the largest of 64 bits is no double
          const T high = std::numeric_limits<T>::max();
          std::memcpy(a.data.data() + i * sizeof high, &high, sizeof high);
          continue;
        }
      }
      const T value = static_cast<T>(v);
      std::memcpy(a.data.data() + i * sizeof value, &value, sizeof value);
    }
  });
  if (!known)
    throw Failure(kUsage, "input '" + name + "' is of " + LITE_get_dtype_name(dtype) +
                              ", which is read from .npy files only");
  return a;
}

std::vector<double> to_numbers(const Array& a) {
  std::vector<double> numbers;
  with_type(a.dtype, [&]<class T>(T) {
    numbers.resize(a.data.size() / sizeof(T));
    for (size_t i = 0; i < numbers.size(); ++i) {
      T v;
      std::memcpy(&v, a.data.data() + i * sizeof v, sizeof v);
      numbers[i] = static_cast<double>(v);
    }
  });
  return numbers;
}

// "{1,3,224,224}".
std::vector<int64_t> parse_shape(const std::string& text) {
  Json dims;
  try {
    dims = Json::parse("[" + text.substr(1, text.rfind('}') - 1) + "]");
  } catch (const Json::exception&) {
  }
  std::vector<int64_t> shape;
  bool good = dims.is_array() && ends_with(text, "}");
  for (const Json& d : dims) {
    good = good && d.is_number_unsigned() && d.get<uint64_t>() < (uint64_t{1} << 40);
    if (good) shape.push_back(d.get<int64_t>());
  }
  if (!good) throw Failure(kUsage, "--input: '" + text + "' is no shape such as {1,3,224,224}");
  return shape;
}

void flatten(const Json& j, size_t depth, std::vector<int64_t>& dims, std::vector<double>& numbers,
             const std::string& text) {
  const auto bad = [&](const char* why) { throw Failure(kUsage, "--input: '" + text + "' " + why); };
  if (!j.is_array()) {
    if (!j.is_number()) bad("has something that is no number");
    if (depth != dims.size()) bad("has brackets of different depths");
    numbers.push_back(j.get<double>());
    return;
  }
  if (j.empty()) bad("has an empty pair of brackets");
  if (depth == dims.size()) {
    if (!numbers.empty()) bad("has brackets of different depths");
    dims.push_back(static_cast<int64_t>(j.size()));
  }
  if (dims[depth] != static_cast<int64_t>(j.size())) bad("has rows of different lengths");
  for (const Json& e : j) flatten(e, depth + 1, dims, numbers, text);
}

// "1,2", "[1,2]" and "[[1,2],[3,4]]" have the shapes 2, 1 x 2 and 1 x 2 x 2: a pair of brackets is one
// element of what is around it, as load_and_run counts.
Array parse_numbers(const NamedSource& s, LiteDataType dtype) {
  Json j;
  try {
    j = Json::parse("[" + s.source + "]");
  } catch (const Json::exception&) {
    throw Failure(kUsage,
                  "--input: '" + s.source + "' is neither a file that is known by its name nor numbers");
  }
  std::vector<int64_t> dims;
  std::vector<double> numbers;
  flatten(j, 0, dims, numbers, s.source);
  return from_numbers(numbers, dims, dtype, s.name);
}

// {"NAME": {"shape": [...], "type": "float32", "raw": [...]}, ...}
std::vector<NamedArray> parse_json(const std::string& path, const std::vector<IoInfo>& inputs) {
  const auto bad = [&](const std::string& why) { throw Failure(kFile, "'" + path + "': " + why); };
  const Json root = Json::parse(read_bytes(path), nullptr, /*allow_exceptions=*/false);
  if (!root.is_object()) bad("it is not a JSON object with an entry for each input");
  std::vector<NamedArray> all;
  for (const auto& [name, entry] : root.items()) {
    const auto shape = entry.find("shape"), raw = entry.find("raw");
    if (!entry.is_object() || shape == entry.end() || raw == entry.end() || !shape->is_array() ||
        !raw->is_array())
      bad("'" + name + "' has no shape or no raw numbers");
    std::vector<int64_t> dims;
    for (const Json& d : *shape) {
      if (!d.is_number() || d.get<double>() < 0 || d.get<double>() > 1e12)
        bad("'" + name + "': its shape is not sane");
      dims.push_back(std::llround(d.get<double>()));
    }
    if (elements(dims) != raw->size())
      bad("'" + name + "' has " + std::to_string(raw->size()) + " numbers, its shape wants " +
          std::to_string(elements(dims)));
    std::vector<double> numbers;
    for (const Json& v : *raw) {
      if (!v.is_number()) bad("'" + name + "' has something that is no number");
      numbers.push_back(v.get<double>());
    }
    LiteDataType dtype = LITE_FLOAT;
    for (const IoInfo& i : inputs)
      if (i.name == name) dtype = i.dtype;
    all.push_back({name, from_numbers(numbers, dims, dtype, name)});
  }
  return all;
}

const IoInfo& find(const std::vector<IoInfo>& inputs, const std::string& name) {
  std::string all;
  for (const IoInfo& i : inputs) {
    if (i.name == name) return i;
    all += " '" + i.name + "'";
  }
  throw Failure(kUsage, "--input: there is no input '" + name + "'; there are:" + all);
}

void fit(const IoInfo& info, Array& a) {
  if (a.dtype != info.dtype) {
    const std::vector<double> numbers = to_numbers(a);
    if (!numbers.empty()) a = from_numbers(numbers, a.dims, info.dtype, info.name);
  }
  // MegEngine's inputs may have any rank, ours that of the model.
  while (info.has_rank && a.dims.size() > info.dims.size() && !a.dims.empty() && a.dims[0] == 1)
    a.dims.erase(a.dims.begin());
}

}  // namespace

std::vector<NamedSource> split_sources(const std::string& text) {
  std::vector<NamedSource> list;
  for (size_t at = 0; at <= text.size();) {
    const size_t end = std::min(text.find(';', at), text.size());
    const std::string part = text.substr(at, end - at);
    at = end + 1;
    if (part.empty()) continue;
    const size_t colon = part.find(':');
    if (colon == std::string::npos)
      list.push_back({"data", part});
    else
      list.push_back({part.substr(0, colon), part.substr(colon + 1)});
  }
  return list;
}

std::vector<NamedArray> read_source(const NamedSource& s, const std::vector<IoInfo>& inputs) {
  std::vector<NamedArray> all;
  if (ends_with(s.source, ".json")) {
    all = parse_json(s.source, inputs);
  } else {
    const IoInfo& info = find(inputs, s.name);
    Array a;
    if (ends_with(s.source, ".npy"))
      a = read_npy(s.source);
    else if (ends_with(s.source, ".ppm") || ends_with(s.source, ".pgm"))
      a = read_pixels(s.source);
    else if (!s.source.empty() && s.source[0] == '{')
      a = from_numbers(std::vector<double>(elements(parse_shape(s.source)), 1), parse_shape(s.source),
                       info.dtype, s.name);
    else if (ends_with(s.source, ".png") || ends_with(s.source, ".jpg") || ends_with(s.source, ".jpeg") ||
             ends_with(s.source, ".bmp"))
      a = read_image(s.source, info, /*imagenet=*/false);
    else
      a = parse_numbers(s, info.dtype);
    all.push_back({s.name, std::move(a)});
  }
  for (NamedArray& n : all) fit(find(inputs, n.name), n.array);
  return all;
}

Array with_batch(const Array& a, int64_t batch, const std::string& name) {
  if (a.dims.empty() || a.dims[0] < 1)
    throw Failure(kUsage, "--batch_size: input '" + name + "' has no batch to repeat");
  const size_t row = a.data.size() / static_cast<size_t>(a.dims[0]);
  Array out;
  out.dtype = a.dtype;
  out.dims = a.dims;
  out.dims[0] = batch;
  out.data.resize(row * static_cast<size_t>(batch));
  for (size_t at = 0; at < out.data.size();) {
    const size_t n = std::min(a.data.size(), out.data.size() - at);
    std::memcpy(out.data.data() + at, a.data.data(), n);
    at += n;
  }
  return out;
}

}  // namespace tool
