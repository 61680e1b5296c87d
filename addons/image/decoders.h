/* The decoders of liblite_image.so. Each knows its format by the first bytes, gives 1 when it has written
 * every pixel, and 0, with a message, when not: a picture that ends early is not decoded in part. */
#ifndef LITE_ADDONS_IMAGE_DECODERS_H
#define LITE_ADDONS_IMAGE_DECODERS_H

#include "core/ops/image_addon.h"

typedef struct Bytes {
  const unsigned char* data;
  size_t size;
} Bytes;

/* Puts the message down; returns 0. */
int image_fail(LiteImageSink* sink, const char* format, const char* why);
/* begin() of the sink, for sizes that may be anything; NULL, with a message, when the picture cannot be. */
unsigned char* image_begin(LiteImageSink* sink, uint64_t width, uint64_t height, uint64_t working_per_pixel);
/* The colour of ink, for cyan, magenta, yellow, black in [0, 255]. */
void image_cmyk(const unsigned char* cmyk, unsigned char* rgb);

int decode_bmp(Bytes in, LiteImageSink* sink);
int decode_jpeg(Bytes in, LiteImageSink* sink);
int decode_jpeg2000(Bytes in, LiteImageSink* sink);
int decode_png(Bytes in, LiteImageSink* sink);
int decode_pnm(Bytes in, LiteImageSink* sink);
int decode_tiff(Bytes in, LiteImageSink* sink);
int decode_webp(Bytes in, LiteImageSink* sink);

#endif
