/* JPEG, by libjpeg-turbo with its defaults: the exact inverse transform and smooth chroma. */
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <jpeglib.h>

#include <jerror.h>

#include "addons/image/decoders.h"

/* A progressive file may say the same picture over and over. */
enum { kMaxScans = 200 };

typedef struct Reader {
  struct jpeg_decompress_struct jpeg;
  struct jpeg_error_mgr errors;
  struct jpeg_progress_mgr progress;
  LiteImageSink* sink;
  jmp_buf back;
} Reader;

static void give_up(Reader* r, const char* why) {
  image_fail(r->sink, "JPEG", why);
  longjmp(r->back, 1);
}

static void on_error(j_common_ptr jpeg) {
  char text[JMSG_LENGTH_MAX];
  jpeg->err->format_message(jpeg, text);
  give_up((Reader*)jpeg->client_data, text);
}

/* Warnings are of data that is missing or wrong, but for these. */
static void on_message(j_common_ptr jpeg, int level) {
  const int code = jpeg->err->msg_code;
  if (level < 0 && code != JWRN_EXTRANEOUS_DATA && code != JWRN_ADOBE_XFORM) on_error(jpeg);
}

static void on_output(j_common_ptr jpeg) { (void)jpeg; }

static void on_progress(j_common_ptr jpeg) {
  Reader* const r = (Reader*)jpeg->client_data;
  if (r->jpeg.input_scan_number > kMaxScans) give_up(r, "it has more than 200 scans");
  if (r->sink->stop(r->sink)) give_up(r, "stopped");
}

static void read_picture(Reader* r, Bytes in) {
  struct jpeg_decompress_struct* const jpeg = &r->jpeg;
  unsigned char* to;
  JSAMPARRAY line = NULL;
  jpeg_mem_src(jpeg, in.data, (unsigned long)in.size);
  (void)jpeg_read_header(jpeg, TRUE);
  if (jpeg->jpeg_color_space == JCS_CMYK || jpeg->jpeg_color_space == JCS_YCCK)
    jpeg->out_color_space = JCS_CMYK;
  else
    jpeg->out_color_space = JCS_RGB;
  /* A progressive file's coefficients are kept, 2 bytes each. */
  to = image_begin(r->sink, jpeg->image_width, jpeg->image_height,
                   jpeg_has_multiple_scans(jpeg) ? 2 * (uint64_t)jpeg->num_components : 0);
  if (to == NULL) longjmp(r->back, 1);
  (void)jpeg_start_decompress(jpeg);
  if (jpeg->output_width != jpeg->image_width || jpeg->output_height != jpeg->image_height)
    give_up(r, "it would be scaled");
  if (jpeg->out_color_space == JCS_CMYK)
    line = jpeg->mem->alloc_sarray((j_common_ptr)jpeg, JPOOL_IMAGE, jpeg->output_width * 4, 1);
  while (jpeg->output_scanline < jpeg->output_height) {
    JSAMPROW row = to + (size_t)jpeg->output_scanline * jpeg->output_width * 3;
    if (line == NULL) {
      (void)jpeg_read_scanlines(jpeg, &row, 1);
    } else {
      JDIMENSION x;
      (void)jpeg_read_scanlines(jpeg, line, 1);
      for (x = 0; x < jpeg->output_width; ++x) {
        unsigned char ink[4];
        int i;
        /* Adobe's programs write ink upside down. */
        for (i = 0; i < 4; ++i)
          ink[i] = jpeg->saw_Adobe_marker ? (unsigned char)(255 - line[0][4 * x + (JDIMENSION)i])
                                          : line[0][4 * x + (JDIMENSION)i];
        image_cmyk(ink, row + 3 * (size_t)x);
      }
    }
    if (r->sink->stop(r->sink)) give_up(r, "stopped");
  }
  (void)jpeg_finish_decompress(jpeg);
}

int decode_jpeg(Bytes in, LiteImageSink* sink) {
  Reader r;
  volatile int decoded = 0;
  memset(&r, 0, sizeof r);
  r.sink = sink;
  r.jpeg.err = jpeg_std_error(&r.errors);
  r.errors.error_exit = on_error;
  r.errors.emit_message = on_message;
  r.errors.output_message = on_output;
  r.jpeg.client_data = &r;
  if (setjmp(r.back) == 0) {
    jpeg_create_decompress(&r.jpeg);
    r.progress.progress_monitor = on_progress;
    r.jpeg.progress = &r.progress;
    read_picture(&r, in);
    decoded = 1;
  }
  jpeg_destroy_decompress(&r.jpeg);
  return decoded;
}
