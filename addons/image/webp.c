/* WebP, by libwebp: one picture, no animation. Transparency is left out. */
#include <webp/decode.h>

#include "addons/image/decoders.h"

int decode_webp(Bytes in, LiteImageSink* sink) {
  WebPBitstreamFeatures features;
  size_t row, size;
  unsigned char* to;
  if (WebPGetFeatures(in.data, in.size, &features) != VP8_STATUS_OK)
    return image_fail(sink, "WebP", "its header is wrong");
  if (features.has_animation) return image_fail(sink, "WebP", "it is an animation");
  if (features.width < 1 || features.height < 1) return image_fail(sink, "WebP", "it is empty");
  /* Lossless files are decoded to 4 bytes a pixel first. */
  to = image_begin(sink, (uint64_t)features.width, (uint64_t)features.height, features.format == 2 ? 4 : 0);
  if (to == NULL) return 0;
  row = (size_t)features.width * 3;
  size = row * (size_t)features.height;
  if (WebPDecodeRGBInto(in.data, in.size, to, size, (int)row) == NULL)
    return image_fail(sink, "WebP", "its data is wrong or ends early");
  return 1;
}
