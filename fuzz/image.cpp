// The decoders of the add-on: any bytes, pictures of up to 2^18 pixels.
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "core/ops/image_addon.h"

extern "C" LiteImageAddonEntry lite_image_addon;

namespace {

struct Sink : LiteImageSink {
  std::vector<unsigned char> pixels;
};

unsigned char* begin(LiteImageSink* sink, uint32_t width, uint32_t height, uint64_t) {
  const uint64_t count = uint64_t{width} * height;
  if (count > (uint64_t{1} << 18)) return nullptr;
  auto& pixels = static_cast<Sink*>(sink)->pixels;
  pixels.assign(static_cast<size_t>(3 * count), 0);
  return pixels.data();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Sink sink{};
  sink.begin = begin;
  sink.stop = [](LiteImageSink*) { return 0; };
  const int decoded = lite_image_addon()->decode(data, size, &sink);
  // Either all of a picture, or a reason.
  if (decoded != 0 ? sink.pixels.empty() : sink.message[0] == 0) std::abort();
  return 0;
}
