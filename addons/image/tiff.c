/* TIFF, by libtiff: the first picture of the file, as its RGBA interface shows it, upright. Transparency is
 * left out; where the file has it beside the colours, those are as seen before black. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tiffio.h>

#include "addons/image/decoders.h"

typedef struct Reader {
  Bytes in;
  uint64_t at;
  LiteImageSink* sink;
} Reader;

static tmsize_t on_read(thandle_t handle, void* to, tmsize_t n) {
  Reader* const r = (Reader*)handle;
  const uint64_t left = r->at < r->in.size ? r->in.size - r->at : 0;
  const uint64_t count = n <= 0 ? 0 : (uint64_t)n < left ? (uint64_t)n : left;
  if (count > 0) memcpy(to, r->in.data + r->at, (size_t)count);
  r->at += count;
  return (tmsize_t)count;
}

static tmsize_t on_write(thandle_t handle, void* from, tmsize_t n) {
  (void)handle;
  (void)from;
  (void)n;
  return 0;
}

/* Wraps around for negative offsets, as lseek's do: such places have nothing to read. */
static toff_t on_seek(thandle_t handle, toff_t offset, int whence) {
  Reader* const r = (Reader*)handle;
  r->at = whence == SEEK_SET ? offset : whence == SEEK_CUR ? r->at + offset : r->in.size + offset;
  return r->at;
}

static int on_close(thandle_t handle) {
  (void)handle;
  return 0;
}

static toff_t on_size(thandle_t handle) { return ((Reader*)handle)->in.size; }

__attribute__((format(printf, 4, 0))) static int on_error(TIFF* tiff, void* user, const char* module,
                                                          const char* format, va_list arguments) {
  LiteImageSink* const sink = (LiteImageSink*)user;
  char text[150];
  (void)tiff;
  (void)module;
  (void)vsnprintf(text, sizeof text, format, arguments);
  /* The first message is the cause of those that follow. */
  if (sink->message[0] == 0) image_fail(sink, "TIFF", text);
  return 1;
}

static int on_warning(TIFF* tiff, void* user, const char* module, const char* format, va_list arguments) {
  (void)tiff;
  (void)user;
  (void)module;
  (void)format;
  (void)arguments;
  return 1;
}

static int read_picture(TIFF* tiff, LiteImageSink* sink) {
  char why[1024] = "";
  TIFFRGBAImage image;
  uint32_t width = 0, height = 0;
  unsigned char* to;
  uint32_t* raster;
  uint64_t pixels, i;
  int decoded = 0;
  if (!TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &width) || !TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &height))
    return image_fail(sink, "TIFF", "it has no size");
  if (!TIFFRGBAImageOK(tiff, why)) return image_fail(sink, "TIFF", why);
  to = image_begin(sink, width, height, 4);
  if (to == NULL) return 0;
  if (!TIFFRGBAImageBegin(&image, tiff, 1, why)) return image_fail(sink, "TIFF", why);
  image.req_orientation = ORIENTATION_TOPLEFT;
  pixels = (uint64_t)width * height;
  raster = (uint32_t*)calloc((size_t)pixels, sizeof *raster);
  if (raster == NULL) {
    image_fail(sink, "TIFF", "out of memory");
  } else if (TIFFRGBAImageGet(&image, raster, width, height) && sink->message[0] == 0) {
    for (i = 0; i < pixels; ++i) {
      to[3 * i] = (unsigned char)TIFFGetR(raster[i]);
      to[3 * i + 1] = (unsigned char)TIFFGetG(raster[i]);
      to[3 * i + 2] = (unsigned char)TIFFGetB(raster[i]);
    }
    decoded = 1;
  } else if (sink->message[0] == 0) {
    image_fail(sink, "TIFF", "its data is wrong or ends early");
  }
  free(raster);
  TIFFRGBAImageEnd(&image);
  return decoded;
}

int decode_tiff(Bytes in, LiteImageSink* sink) {
  Reader r;
  TIFF* tiff;
  int decoded;
  TIFFOpenOptions* const options = TIFFOpenOptionsAlloc();
  if (options == NULL) return image_fail(sink, "TIFF", "out of memory");
  r.in = in;
  r.at = 0;
  r.sink = sink;
  TIFFOpenOptionsSetMaxSingleMemAlloc(options, (tmsize_t)1 << 30);
  TIFFOpenOptionsSetErrorHandlerExtR(options, on_error, sink);
  TIFFOpenOptionsSetWarningHandlerExtR(options, on_warning, sink);
  tiff = TIFFClientOpenExt("picture", "rm", &r, on_read, on_write, on_seek, on_close, on_size, NULL, NULL,
                           options);
  TIFFOpenOptionsFree(options);
  if (tiff == NULL) return sink->message[0] != 0 ? 0 : image_fail(sink, "TIFF", "its header is wrong");
  decoded = read_picture(tiff, sink);
  TIFFClose(tiff);
  return decoded;
}
