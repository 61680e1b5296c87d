#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>

#include "core/base/addon.h"
#include "core/base/memory_budget.h"
#include "tests/ops/op_test.h"

namespace lite::test {
namespace {

using Bytes = std::vector<uint8_t>;

// The add-on lies in the build folder, these programs do not.
class ImageDecoder : public testing::Test {
 protected:
  void SetUp() override {
    const char* const folder = std::getenv("LITE_TEST_ADDONS");
    if (folder == nullptr) GTEST_SKIP() << "LITE_TEST_ADDONS does not say where the add-on is";
    addon::set_folder(folder);
  }
  void TearDown() override { addon::set_folder({}); }
};

Bytes file(const std::string& name) {
  const char* const folder = std::getenv("LITE_TEST_IMAGES");
  std::ifstream in(std::string(folder != nullptr ? folder : ".") + "/" + name, std::ios::binary);
  Bytes bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  EXPECT_FALSE(bytes.empty()) << name;
  return bytes;
}
Bytes text(const std::string& s) { return {s.begin(), s.end()}; }

Tensor as_tensor(const Bytes& bytes) { return u8({static_cast<int64_t>(bytes.size())}, bytes); }
Tensor decode(const Bytes& bytes, const char* format = "RGB") {
  return eval("ImageDecoder", {as_tensor(bytes)}, {{"pixel_format", std::string(format)}});
}
bool is_empty(const Tensor& t) { return t.dims() == Dims{0, 0, 3}; }

// tests/data/images/make.py draws these.
Tensor colours() {
  Bytes v;
  for (int y = 0; y < 5; ++y)
    for (int x = 0; x < 7; ++x)
      for (const int c : {36 * x, 60 * y, 20 * (x + y)}) v.push_back(static_cast<uint8_t>(c));
  return u8({5, 7, 3}, v);
}
uint8_t grey_of(int x, int y) {
  return static_cast<uint8_t>((19595 * 36 * x + 38470 * 60 * y + 7471 * 20 * (x + y) + 32768) >> 16);
}
template <class F>
Tensor greys(F value, int64_t channels = 3) {
  Bytes v;
  for (int y = 0; y < 5; ++y)
    for (int x = 0; x < 7; ++x)
      for (int64_t c = 0; c < channels; ++c) v.push_back(static_cast<uint8_t>(value(x, y)));
  return u8({5, 7, channels}, v);
}
uint8_t bit_of(int x, int y) { return (x + y) % 2 == 0 ? 255 : 0; }

constexpr const char* kFiles[] = {
    "rgb.jpg",       "progressive.jpg", "grey.jpg",    "cmyk.jpg",      "rgb.png",    "grey.png",
    "wide_grey.png", "alpha.png",       "palette.png", "bits.png",      "rgb.tiff",   "lzw.tiff",
    "grey.tiff",     "wide_grey.tiff",  "bits.tiff",   "rgb.webp",      "alpha.webp", "lossy.webp",
    "rgb.jp2",       "rgb.j2k",         "grey.jp2",    "rgb.bmp",       "grey.bmp",   "bits.bmp",
    "palette.bmp",   "rgb.ppm",         "grey.pgm",    "wide_grey.pgm", "bits.pbm"};

TEST_F(ImageDecoder, EveryFormat) {
  for (const std::string name : kFiles) {
    SCOPED_TRACE(name);
    const Tensor got = decode(file(name));
    if (name.find("bits") != std::string::npos)
      expect_equal(got, greys(bit_of));
    else if (name == "grey.jpg")
      expect_near(got, greys(grey_of), 0, 2);
    else if (name.find("grey") != std::string::npos)
      expect_equal(got, greys(grey_of));
    else if (name.find("jpg") != std::string::npos)
      expect_near(got, colours(), 0, 3);
    else if (name == "lossy.webp")  // its chroma is coarser
      expect_near(got, colours(), 0, 60);
    else
      expect_equal(got, colours());
  }
}

TEST_F(ImageDecoder, PixelFormats) {
  const Tensor bgr = decode(file("rgb.png"), "BGR"), rgb = colours();
  ASSERT_EQ(bgr.dims(), rgb.dims());
  for (int64_t i = 0; i < rgb.elements(); ++i) EXPECT_EQ(bgr.int_at(i), rgb.int_at(i / 3 * 3 + 2 - i % 3));
  expect_equal(decode(file("rgb.png"), "Grayscale"), greys(grey_of, 1));
  expect_equal(decode(file("wide_grey.tiff"), "Grayscale"), greys(grey_of, 1));
  EXPECT_NE(error_of("ImageDecoder", {as_tensor(file("rgb.png"))}, {{"pixel_format", std::string("RGBA")}})
                .find("pixel_format is 'RGBA'"),
            std::string::npos);
}

TEST_F(ImageDecoder, TextPnm) {
  expect_equal(decode(text("P1\n# one\n3 1\n1 01")), u8({1, 3, 3}, {0, 0, 0, 255, 255, 255, 0, 0, 0}));
  expect_equal(decode(text("P2 2 1 #top\n5\n0 5\n")), u8({1, 2, 3}, {0, 0, 0, 255, 255, 255}));
  expect_equal(decode(text("P3\n1 1\n255\n1 2 3")), u8({1, 1, 3}, {1, 2, 3}));
  for (const char* wrong : {"P2 2 1 5 0", "P2 2 1 5 0 6", "P2 2 1 0 0 0", "P3 1 1 255 1 2 x", "P1 3 1 1 2 1",
                            "P2 9999999999 1 5 0", "P5 0 0 255 ", "P6 2 2 255 abc", "P2", "P2 2 1 70000 0 0"})
    EXPECT_TRUE(is_empty(decode(text(wrong)))) << wrong;
}

void put(Bytes& to, uint32_t v, int bytes) {
  for (int i = 0; i < bytes; ++i) to.push_back(static_cast<uint8_t>(v >> (8 * i)));
}
struct Bmp {
  int32_t width, height;
  uint32_t bits, compression = 0;
  std::vector<uint32_t> after_header = {};  // masks or palette
  Bytes pixels;
};
Bytes bmp(const Bmp& b) {
  Bytes out{'B', 'M'};
  const auto offset = static_cast<uint32_t>(54 + 4 * b.after_header.size());
  for (const uint32_t v :
       {0U, 0U, offset, 40U, static_cast<uint32_t>(b.width), static_cast<uint32_t>(b.height)})
    put(out, v, 4);
  put(out, 1, 2);
  put(out, b.bits, 2);
  put(out, b.compression, 4);
  for (const uint32_t v : {0U, 0U, 0U, b.bits <= 8 ? static_cast<uint32_t>(b.after_header.size()) : 0U, 0U})
    put(out, v, 4);
  for (const uint32_t v : b.after_header) put(out, v, 4);
  out.insert(out.end(), b.pixels.begin(), b.pixels.end());
  return out;
}

TEST_F(ImageDecoder, Bmp) {
  // From the top down; 5 bits a colour; 5, 6 and 5.
  const Tensor two = u8({1, 2, 3}, {255, 0, 0, 0, 255, 8});
  expect_equal(decode(bmp({.width = 2, .height = -1, .bits = 16, .pixels = {0, 0x7c, 0xe1, 0x03}})), two);
  expect_equal(decode(bmp({.width = 2,
                           .height = 1,
                           .bits = 16,
                           .compression = 3,
                           .after_header = {0xf800, 0x7e0, 0x1f},
                           .pixels = {0, 0xf8, 0xe1, 0x07}})),
               two);
  expect_equal(decode(bmp({.width = 1, .height = 1, .bits = 32, .pixels = {1, 2, 3, 9}})),
               u8({1, 1, 3}, {3, 2, 1}));
  // Runs of 8 bits: two of colour 1, three as they are, a step over the next row's first.
  const std::vector<uint32_t> palette{0, 0x0a0a0a, 0x141414};
  const auto shades = [](std::initializer_list<int> list, int64_t width) {
    Bytes v;
    for (const int s : list)
      for (int c = 0; c < 3; ++c) v.push_back(static_cast<uint8_t>(10 * s));
    return u8({static_cast<int64_t>(list.size()) / width, width, 3}, v);
  };
  expect_equal(decode(bmp({.width = 5,
                           .height = 2,
                           .bits = 8,
                           .compression = 1,
                           .after_header = palette,
                           .pixels = {2, 1, 0, 3, 2, 0, 2, 0, 0, 0, 0, 2, 1, 0, 1, 2, 0, 1}})),
               shades({0, 2, 0, 0, 0, 1, 1, 2, 0, 2}, 5));
  expect_equal(decode(bmp({.width = 5,
                           .height = 1,
                           .bits = 4,
                           .compression = 2,
                           .after_header = palette,
                           .pixels = {2, 0x12, 0, 3, 0x21, 0x20, 0, 1}})),
               shades({1, 2, 2, 1, 2}, 5));
  for (const Bytes& pixels :
       {Bytes{6, 1, 0, 1}, Bytes{2, 3, 0, 1}, Bytes{2, 1}, Bytes{0, 9, 1}, Bytes{0, 2, 9, 0}, Bytes{}})
    EXPECT_TRUE(is_empty(decode(bmp(
        {.width = 5, .height = 1, .bits = 8, .compression = 1, .after_header = palette, .pixels = pixels}))));
  EXPECT_TRUE(is_empty(decode(bmp({.width = 2, .height = 1, .bits = 7, .pixels = {0, 0, 0, 0}}))));
  EXPECT_TRUE(is_empty(decode(bmp({.width = -1, .height = 1, .bits = 24, .pixels = {0, 0, 0, 0}}))));
  EXPECT_TRUE(is_empty(decode(bmp({.width = 2, .height = 2, .bits = 24, .pixels = Bytes(10)}))));
}

// A part of a picture is no picture, and wrong bytes do no harm.
TEST_F(ImageDecoder, Hostile) {
  EXPECT_TRUE(is_empty(decode({})));
  EXPECT_TRUE(is_empty(decode(text("GIF89a"))));
  EXPECT_EQ(decode(text("nothing"), "Grayscale").dims(), (Dims{0, 0, 1}));
  const unsigned rounds = std::getenv("LITE_TEST_ALL") != nullptr ? 3000 : 60;
  // Sizes that were changed are refused by it, not by what the machine has left.
  const MemoryBudget::Scope scope(std::make_shared<MemoryBudget>(size_t{64} << 20, "test_limit"));
  std::mt19937 random(20);
  for (const char* name : kFiles) {
    SCOPED_TRACE(name);
    const Bytes whole = file(name);
    for (size_t n = 0; n < whole.size(); n += 1 + whole.size() / 97) {
      const Tensor got = decode({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n)});
      EXPECT_TRUE(is_empty(got) || (n > whole.size() * 3 / 4 && got.dims() == Dims{5, 7, 3}))
          << n << " bytes";
    }
    for (unsigned i = 0; i < rounds; ++i) {
      Bytes bytes = whole;
      for (unsigned k = 0; k <= i % 4; ++k) bytes[random() % bytes.size()] = static_cast<uint8_t>(random());
      // A size that was changed may be too large, which is an error.
      const auto got = run_op("ImageDecoder", {as_tensor(bytes)});
      if (!got.is_ok()) {
        EXPECT_EQ(got.error().code, Code::kLimitExceeded) << got.error().message;
        continue;
      }
      EXPECT_EQ(got.value()[0].dims()[2], 3);
    }
  }
}

TEST_F(ImageDecoder, Limits) {
  const std::string sizes = error_of("ImageDecoder", {as_tensor(text("P1 100000 100000 1"))});
  EXPECT_NE(sizes.find("100000 x 100000 pixels"), std::string::npos) << sizes;
  Node node;
  node.op = ops::find("", "ImageDecoder");
  for (const char* name : {"rgb.png", "rgb.jp2", "rgb.tiff", "progressive.jpg"}) {
    const Datum in(as_tensor(file(name)));
    const Datum* const ins[] = {&in};
    // Room for the output, 105 bytes, but not for what the decoder needs; libpng needs no more.
    const auto budget =
        std::make_shared<MemoryBudget>(std::string(name) == "rgb.png" ? 100 : 200, "test_limit");
    const MemoryBudget::Scope scope(budget);
    std::vector<Datum> out(1);
    const Status status = evaluate_node(node, ins, out);
    EXPECT_EQ(status.code(), Code::kLimitExceeded) << name;
    EXPECT_NE(status.message().find("test_limit"), std::string::npos) << name << ": " << status.message();
    EXPECT_EQ(budget->used(), 0U);
  }
}

TEST(ImageDecoderAddon, Absent) {
  addon::set_folder("/nowhere");
  const std::string message = error_of("ImageDecoder", {as_tensor(text("P1 1 1 1"))});
  addon::set_folder({});
  EXPECT_NE(message.find("the add-on liblite_image.so cannot be opened: /nowhere/liblite_image.so"),
            std::string::npos)
      << message;
}

}  // namespace
}  // namespace lite::test
