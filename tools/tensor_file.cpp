#include "tools/tensor_file.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>
#include <iterator>
#include <random>
#include <sstream>

#define STBI_NO_STDIO
#include <stb/stb_image.h>
#include <stb/stb_image_resize.h>

namespace tool {
namespace {

struct NpyType {
  const char* descr;  // without byte order
  LiteDataType dtype;
  size_t size;
};
constexpr NpyType kTypes[] = {{"f4", LITE_FLOAT, 4},     {"f2", LITE_HALF, 2},        {"f8", LITE_DOUBLE, 8},
                              {"i1", LITE_INT8, 1},      {"i2", LITE_INT16, 2},       {"i4", LITE_INT, 4},
                              {"i8", LITE_INT64, 8},     {"u1", LITE_UINT8, 1},       {"u2", LITE_UINT16, 2},
                              {"u4", LITE_UINT, 4},      {"u8", LITE_UINT64, 8},      {"b1", LITE_BOOL, 1},
                              {"c8", LITE_COMPLEX64, 8}, {"c16", LITE_COMPLEX128, 16}};

[[noreturn]] void bad_file(const std::string& path, const std::string& why) {
  throw Failure(kFile, "'" + path + "': " + why);
}

std::vector<unsigned char> read_file(const std::string& path) {
  std::ifstream f(path, std::ios::binary);
  if (!f) bad_file(path, "cannot be read");
  return std::vector<unsigned char>(std::istreambuf_iterator<char>(f), {});
}

// The text after 'key': in a header such as {'descr': '<f4', 'fortran_order': False, 'shape': (1, 3), }
std::string header_field(const std::string& path, const std::string& header, const std::string& key) {
  size_t at = header.find("'" + key + "'");
  if (at == std::string::npos) bad_file(path, "its .npy header has no '" + key + "'");
  at = header.find(':', at) + 1;
  while (at < header.size() && header[at] == ' ') ++at;
  const char open = at < header.size() ? header[at] : ' ';
  const size_t end = open == '('    ? header.find(')', at)
                     : open == '\'' ? header.find('\'', at + 1)
                                    : header.find(',', at);
  if (end == std::string::npos) bad_file(path, "its .npy header is cut off");
  return open == '(' || open == '\'' ? header.substr(at + 1, end - at - 1) : header.substr(at, end - at);
}

bool channels_last(const IoInfo& input) {
  return input.dims.size() == 4 && input.dims[3] > 0 && input.dims[3] <= 4 &&
         !(input.dims[1] > 0 && input.dims[1] <= 4);
}

}  // namespace

Array read_npy(const std::string& path) {
  const std::vector<unsigned char> file = read_file(path);
  if (file.size() < 10 || std::memcmp(file.data(), "\x93NUMPY", 6) != 0)
    bad_file(path, "it is not a .npy file");
  const bool wide = file[6] >= 2;
  size_t length = static_cast<size_t>(file[8]) | static_cast<size_t>(file[9]) << 8;
  if (wide && file.size() >= 12)
    length |= static_cast<size_t>(file[10]) << 16 | static_cast<size_t>(file[11]) << 24;
  const size_t start = (wide ? 12 : 10) + length;
  if (start > file.size()) bad_file(path, "its .npy header is cut off");
  const std::string header(file.begin() + (wide ? 12 : 10),
                           file.begin() + static_cast<std::ptrdiff_t>(start));
  if (header_field(path, header, "fortran_order") != "False")
    bad_file(path, "it is in Fortran order; C order is wanted");

  Array a;
  std::string descr = header_field(path, header, "descr");
  if (!descr.empty() && descr[0] == '>') bad_file(path, "it is big-endian; little-endian is wanted");
  if (!descr.empty() && std::strchr("<|=", descr[0]) != nullptr) descr.erase(0, 1);
  const auto* type =
      std::find_if(std::begin(kTypes), std::end(kTypes), [&](const NpyType& t) { return descr == t.descr; });
  if (type == std::end(kTypes)) bad_file(path, "its element type '" + descr + "' is not known");
  a.dtype = type->dtype;
  std::istringstream shape(header_field(path, header, "shape"));
  size_t bytes = type->size;
  for (std::string item; std::getline(shape, item, ',');) {
    if (item.find_first_not_of(' ') == std::string::npos) continue;
    a.dims.push_back(std::strtoll(item.c_str(), nullptr, 10));
    if (a.dims.back() < 0 || __builtin_mul_overflow(bytes, static_cast<size_t>(a.dims.back()), &bytes))
      bad_file(path, "its shape is not sane");
  }
  if (file.size() - start != bytes)
    bad_file(path, "it holds " + std::to_string(file.size() - start) +
                       " bytes of elements, its header says " + std::to_string(bytes));
  a.data.assign(file.begin() + static_cast<std::ptrdiff_t>(start), file.end());
  return a;
}

void write_npy(const std::string& path, LiteDataType dtype, const std::vector<int64_t>& dims,
               const void* data, size_t bytes) {
  const auto* type =
      std::find_if(std::begin(kTypes), std::end(kTypes), [&](const NpyType& t) { return dtype == t.dtype; });
  if (type == std::end(kTypes))
    bad_file(path,
             std::string("elements of type ") + LITE_get_dtype_name(dtype) + " cannot be written as .npy");
  std::ostringstream h;
  h << "{'descr': '" << (type->size == 1 ? '|' : '<') << type->descr
    << "', 'fortran_order': False, 'shape': (";
  for (const int64_t d : dims) h << d << ',';
  h << "), }";
  std::string header = h.str();
  header.append(63 - (10 + header.size()) % 64, ' ') += '\n';
  std::ofstream f(path, std::ios::binary);
  const unsigned char length[2] = {static_cast<unsigned char>(header.size() & 255),
                                   static_cast<unsigned char>(header.size() >> 8)};
  f.write("\x93NUMPY\x01\x00", 8).write(reinterpret_cast<const char*>(length), 2) << header;
  f.write(static_cast<const char*>(data), static_cast<std::streamsize>(bytes));
  if (!f.flush()) bad_file(path, "cannot be written");
}

std::string npy_file_name(std::string name) {
  for (char& c : name)
    if (c == '/' || c == '\\' || c == ':') c = '_';
  return name + ".npy";
}

namespace {

struct Pixels {
  std::unique_ptr<unsigned char, void (*)(void*)> data{nullptr, stbi_image_free};
  int width = 0, height = 0, channels = 0;
};

// `channels` 0: as many as the picture has.
Pixels decode_picture(const std::string& path, int channels) {
  const std::vector<unsigned char> file = read_file(path);
  Pixels p;
  p.data.reset(stbi_load_from_memory(file.data(), static_cast<int>(file.size()), &p.width, &p.height,
                                     &p.channels, channels));
  if (!p.data) bad_file(path, std::string("it is not a picture: ") + stbi_failure_reason());
  if (channels != 0) p.channels = channels;
  return p;
}

}  // namespace

Array read_pixels(const std::string& path) {
  const Pixels p = decode_picture(path, 0);
  Array a;
  a.dtype = LITE_UINT8;
  a.dims = {1, p.height, p.width, p.channels};
  a.data.assign(p.data.get(), p.data.get() + int64_t{p.height} * p.width * p.channels);
  return a;
}

Array read_image(const std::string& path, const IoInfo& input, bool imagenet) {
  if (input.dims.size() != 4)
    throw Failure(kUsage,
                  "input '" + input.name + "' is " + input.text() + "; a picture needs four dimensions");
  const bool last = channels_last(input);
  const int64_t c_wanted = input.dims[last ? 3 : 1];
  const int channels = c_wanted == 1 ? 1 : 3;
  const Pixels picture = decode_picture(path, channels);
  const int w = picture.width, h = picture.height;
  const auto extent = [&](size_t d, int own_size) {
    return input.dims[d] > 0 ? static_cast<int>(input.dims[d]) : own_size;
  };
  const int out_h = extent(last ? 1 : 2, h), out_w = extent(last ? 2 : 3, w);
  std::vector<unsigned char> scaled(static_cast<size_t>(out_h) * static_cast<size_t>(out_w) *
                                    static_cast<size_t>(channels));
  if (stbir_resize_uint8(picture.data.get(), w, h, 0, scaled.data(), out_w, out_h, 0, channels) == 0)
    bad_file(path, "it could not be scaled");

  Array a;
  a.dtype = input.dtype;
  const auto C = static_cast<size_t>(channels),
             area = static_cast<size_t>(out_h) * static_cast<size_t>(out_w);
  a.dims = last ? std::vector<int64_t>{1, out_h, out_w, channels}
                : std::vector<int64_t>{1, channels, out_h, out_w};
  constexpr float kMean[] = {0.485f, 0.456f, 0.406f}, kDeviation[] = {0.229f, 0.224f, 0.225f};
  if (input.dtype != LITE_FLOAT && input.dtype != LITE_UINT8)
    throw Failure(kUsage,
                  "input '" + input.name + "' is " + input.text() + "; a picture can fill float32 and uint8");
  const size_t size = input.dtype == LITE_FLOAT ? sizeof(float) : 1;
  a.data.resize(scaled.size() * size);
  for (size_t p = 0; p < area; ++p)
    for (size_t c = 0; c < C; ++c) {
      const unsigned char v = scaled[p * C + c];
      const size_t to = last ? p * C + c : c * area + p;
      if (size == 1) {
        a.data[to] = v;
        continue;
      }
      float f = static_cast<float>(v) / 255;
      if (imagenet) f = (f - kMean[c % 3]) / kDeviation[c % 3];
      std::memcpy(a.data.data() + to * sizeof f, &f, sizeof f);
    }
  return a;
}

Array random_array(const IoInfo& input, uint32_t seed) {
  Array a;
  a.dtype = input.dtype;
  a.dims = input.dims;
  size_t count = 1;
  for (int64_t& d : a.dims) {
    if (d < 0) d = 1;
    count *= static_cast<size_t>(d);
  }
  size_t bits = 0;
  check(LITE_get_dtype_bits(a.dtype, &bits));
  if (a.dtype == LITE_STRING)
    throw Failure(kUsage, "input '" + input.name + "' takes strings, which cannot be drawn");
  a.data.assign((count * bits + 7) / 8, 0);
  std::mt19937 rng(seed);
  std::normal_distribution<float> normal;
  const auto fill = [&]<class T>(T, auto draw) {
    for (size_t i = 0; i < count; ++i) {
      const T v = static_cast<T>(draw());
      std::memcpy(a.data.data() + i * sizeof v, &v, sizeof v);
    }
  };
  const auto small = [&] { return rng() % 2; };
  switch (a.dtype) {
    case LITE_FLOAT:
      fill(float{}, [&] { return normal(rng); });
      break;
    case LITE_DOUBLE:
      fill(double{}, [&] { return normal(rng); });
      break;
    case LITE_INT64:
    case LITE_UINT64:
      fill(int64_t{}, small);
      break;
    case LITE_INT:
    case LITE_UINT:
      fill(int32_t{}, small);
      break;
    case LITE_INT16:
    case LITE_UINT16:
      fill(int16_t{}, small);
      break;
    case LITE_INT8:
    case LITE_UINT8:
    case LITE_BOOL:
      fill(uint8_t{}, small);
      break;
    default:
      break;  // zero is a number in every type
  }
  return a;
}

Array load_input(const std::string& source, const IoInfo& info, bool imagenet, uint32_t seed) {
  if (source == "random") return random_array(info, seed);
  if (source.size() > 4 && source.compare(source.size() - 4, 4, ".npy") == 0) return read_npy(source);
  return read_image(source, info, imagenet);
}

}  // namespace tool
