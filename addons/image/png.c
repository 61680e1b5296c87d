/* PNG, by libpng. Transparency is left out, 16 bits become 8. */
#include <setjmp.h>
#include <string.h>

#include <png.h>

#include "addons/image/decoders.h"

typedef struct Reader {
  Bytes in;
  size_t at;
  LiteImageSink* sink;
} Reader;

static void on_error(png_structp png, png_const_charp why) {
  image_fail(((Reader*)png_get_error_ptr(png))->sink, "PNG", why);
  png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp why) {
  (void)png;
  (void)why;
}

static void on_read(png_structp png, png_bytep to, png_size_t n) {
  Reader* const r = (Reader*)png_get_io_ptr(png);
  if (n > r->in.size - r->at) png_error(png, "it ends early");
  memcpy(to, r->in.data + r->at, n);
  r->at += n;
}

static void read_picture(png_structp png, png_infop info, Reader* r) {
  png_uint_32 width, height, y;
  int pass, passes;
  unsigned char* to;
  png_set_read_fn(png, r, on_read);
  png_set_chunk_cache_max(png, 100);
  png_set_chunk_malloc_max(png, 8000000);
  png_read_info(png, info);
  width = png_get_image_width(png, info);
  height = png_get_image_height(png, info);
  png_set_expand(png);
  png_set_scale_16(png);
  png_set_gray_to_rgb(png);
  png_set_strip_alpha(png);
  passes = png_set_interlace_handling(png);
  png_read_update_info(png, info);
  if (png_get_rowbytes(png, info) != (size_t)width * 3) png_error(png, "its rows have another length");
  to = image_begin(r->sink, width, height, 0);
  if (to == NULL) png_longjmp(png, 1);
  for (pass = 0; pass < passes; ++pass)
    for (y = 0; y < height; ++y) {
      png_read_row(png, to + (size_t)y * width * 3, NULL);
      if (r->sink->stop(r->sink)) png_error(png, "stopped");
    }
  png_read_end(png, NULL);
}

int decode_png(Bytes in, LiteImageSink* sink) {
  Reader r;
  volatile int decoded = 0;
  png_infop info;
  png_structp png;
  r.in = in;
  r.at = 0;
  r.sink = sink;
  png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &r, on_error, on_warning);
  if (png == NULL) return image_fail(sink, "PNG", "out of memory");
  info = png_create_info_struct(png);
  if (info == NULL) {
    png_destroy_read_struct(&png, NULL, NULL);
    return image_fail(sink, "PNG", "out of memory");
  }
  if (setjmp(png_jmpbuf(png)) == 0) {
    read_picture(png, info, &r);
    decoded = 1;
  }
  png_destroy_read_struct(&png, &info, NULL);
  return decoded;
}
