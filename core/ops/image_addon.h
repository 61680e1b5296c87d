/* What liblite_image.so, the add-on that decodes pictures, and the library agree on. Plain C: the decoders
 * leave a picture that is wrong by longjmp. */
#ifndef LITE_CORE_OPS_IMAGE_ADDON_H
#define LITE_CORE_OPS_IMAGE_ADDON_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Where the pixels go. */
typedef struct LiteImageSink LiteImageSink;
struct LiteImageSink {
  /* Asked once, when the size is known (both at least 1): room for 3 * width * height bytes, rows from the
   * top, each pixel red, green, blue. `working` is about what the decoder needs besides, in bytes. NULL: the
   * picture is not wanted. Does not throw. */
  unsigned char* (*begin)(LiteImageSink* sink, uint32_t width, uint32_t height, uint64_t working);
  /* Nonzero: give up. */
  int (*stop)(LiteImageSink* sink);
  /* Why decoding failed. */
  char message[200];
};

typedef struct LiteImageAddon {
  const char* version; /* of the library that the add-on was built with */
  /* 1: every pixel is written. 0: not decoded, sink->message says why. Any thread. */
  int (*decode)(const unsigned char* data, size_t size, LiteImageSink* sink);
} LiteImageAddon;

typedef const LiteImageAddon* LiteImageAddonEntry(void);

#define LITE_IMAGE_ADDON_FILE "liblite_image.so"
#define LITE_IMAGE_ADDON_ENTRY "lite_image_addon"

#ifdef __cplusplus
}
#endif

#endif
