/* Which decoder takes a picture, and what the decoders share. */
#include <stdio.h>
#include <string.h>

#include "addons/image/decoders.h"
#include "build_config.h"

int image_fail(LiteImageSink* sink, const char* format, const char* why) {
  (void)snprintf(sink->message, sizeof sink->message, "%s: %s", format, why);
  return 0;
}

unsigned char* image_begin(LiteImageSink* sink, uint64_t width, uint64_t height, uint64_t working_per_pixel) {
  unsigned char* to = NULL;
  if (width == 0 || height == 0 || width > INT32_MAX || height > INT32_MAX) {
    (void)snprintf(sink->message, sizeof sink->message, "its size is %llu x %llu", (unsigned long long)width,
                   (unsigned long long)height);
    return NULL;
  }
  /* Below 2^62 pixels; what is more than 2^40 nobody has. */
  if (width * height < (UINT64_C(1) << 40))
    to = sink->begin(sink, (uint32_t)width, (uint32_t)height, width * height * working_per_pixel);
  if (to == NULL)
    (void)snprintf(sink->message, sizeof sink->message, "its %llu x %llu pixels are too many",
                   (unsigned long long)width, (unsigned long long)height);
  return to;
}

void image_cmyk(const unsigned char* cmyk, unsigned char* rgb) {
  int i;
  for (i = 0; i < 3; ++i) rgb[i] = (unsigned char)(((255 - cmyk[i]) * (255 - cmyk[3]) + 127) / 255);
}

static int begins(Bytes in, size_t at, const char* with, size_t n) {
  return in.size >= at + n && memcmp(in.data + at, with, n) == 0;
}

static int decode(const unsigned char* data, size_t size, LiteImageSink* sink) {
  const Bytes in = {data, size};
  sink->message[0] = 0;
  if (begins(in, 0, "\xff\xd8\xff", 3)) return decode_jpeg(in, sink);
  if (begins(in, 0, "\x89PNG\r\n\x1a\n", 8)) return decode_png(in, sink);
  if (begins(in, 0, "RIFF", 4) && begins(in, 8, "WEBP", 4)) return decode_webp(in, sink);
  if (begins(in, 0, "II*\0", 4) || begins(in, 0, "MM\0*", 4) || begins(in, 0, "II+\0", 4) ||
      begins(in, 0, "MM\0+", 4))
    return decode_tiff(in, sink);
  if (begins(in, 0, "\xff\x4f\xff\x51", 4) || begins(in, 0, "\0\0\0\x0cjP  \r\n\x87\n", 12))
    return decode_jpeg2000(in, sink);
  if (begins(in, 0, "BM", 2)) return decode_bmp(in, sink);
  if (size >= 2 && data[0] == 'P' && data[1] >= '1' && data[1] <= '6') return decode_pnm(in, sink);
  (void)snprintf(sink->message, sizeof sink->message,
                 "it begins like no BMP, JPEG, JPEG 2000, PNG, PNM, TIFF or WebP file");
  return 0;
}

__attribute__((visibility("default"))) const LiteImageAddon* lite_image_addon(void);
const LiteImageAddon* lite_image_addon(void) {
  static const LiteImageAddon addon = {LITE_BUILD_VERSION, decode};
  return &addon;
}
