/* JPEG 2000, by OpenJPEG: files (JP2) and bare codestreams, of 1 to 4 components. */
#include <stdio.h>
#include <string.h>

#include <openjpeg.h>

#include "addons/image/decoders.h"

typedef struct Reader {
  Bytes in;
  size_t at;
} Reader;

static OPJ_SIZE_T on_read(void* to, OPJ_SIZE_T n, void* user) {
  Reader* const r = (Reader*)user;
  const size_t left = r->in.size - r->at, count = n < left ? n : left;
  if (count == 0) return (OPJ_SIZE_T)-1;
  memcpy(to, r->in.data + r->at, count);
  r->at += count;
  return count;
}

static OPJ_OFF_T on_skip(OPJ_OFF_T n, void* user) {
  Reader* const r = (Reader*)user;
  const size_t left = r->in.size - r->at;
  if (n < 0 || (uint64_t)n > left) {
    r->at = r->in.size;
    return -1;
  }
  r->at += (size_t)n;
  return n;
}

static OPJ_BOOL on_seek(OPJ_OFF_T to, void* user) {
  Reader* const r = (Reader*)user;
  if (to < 0 || (uint64_t)to > r->in.size) return OPJ_FALSE;
  r->at = (size_t)to;
  return OPJ_TRUE;
}

static void on_error(const char* text, void* user) {
  LiteImageSink* const sink = (LiteImageSink*)user;
  if (sink->message[0] == 0) {
    size_t n;
    image_fail(sink, "JPEG 2000", text);
    n = strlen(sink->message);
    if (n > 0 && sink->message[n - 1] == '\n') sink->message[n - 1] = 0;
  }
}

static void on_message(const char* text, void* user) {
  (void)text;
  (void)user;
}

static unsigned char to_byte(int64_t v) { return (unsigned char)(v < 0 ? 0 : v > 255 ? 255 : v); }

/* The sample of a component, which may be coarser than the picture, as 8 bits. */
static unsigned char sample(const opj_image_comp_t* c, uint32_t x, uint32_t y, uint32_t width,
                            uint32_t height) {
  const uint64_t cx = (uint64_t)x * c->w / width, cy = (uint64_t)y * c->h / height;
  const int64_t top = (INT64_C(1) << c->prec) - 1;
  int64_t v = c->data[cy * c->w + cx];
  if (c->sgnd) v += INT64_C(1) << (c->prec - 1);
  return c->prec == 8 ? to_byte(v) : to_byte((v * 255 + top / 2) / top);
}

static void ycc_to_rgb(unsigned char* p) {
  const int64_t y = (int64_t)p[0] << 16, cb = p[1] - 128, cr = p[2] - 128, half = 1 << 15;
  p[0] = to_byte((y + 91881 * cr + half) >> 16);
  p[1] = to_byte((y - 22554 * cb - 46802 * cr + half) >> 16);
  p[2] = to_byte((y + 116130 * cb + half) >> 16);
}

static int put_pixels(const opj_image_t* image, uint32_t width, uint32_t height, unsigned char* to,
                      LiteImageSink* sink) {
  const opj_image_comp_t* const c = image->comps;
  const uint32_t n = image->numcomps;
  const int coarse = n >= 3 && (c[1].dx != c[0].dx || c[1].dy != c[0].dy);
  const int ycc =
      n >= 3 && (image->color_space == OPJ_CLRSPC_SYCC || image->color_space == OPJ_CLRSPC_EYCC || coarse);
  const int ink = n == 4 && image->color_space == OPJ_CLRSPC_CMYK;
  uint32_t i, x, y;
  for (i = 0; i < n; ++i)
    if (c[i].data == NULL || c[i].w == 0 || c[i].h == 0 || c[i].prec < 1 || c[i].prec > 31)
      return image_fail(sink, "JPEG 2000", "a component is empty, or of a depth that is not known");
  for (y = 0; y < height; ++y) {
    for (x = 0; x < width; ++x, to += 3) {
      if (n < 3) {
        to[0] = to[1] = to[2] = sample(&c[0], x, y, width, height);
      } else {
        unsigned char v[4] = {0, 0, 0, 0};
        for (i = 0; i < n && i < 4; ++i) v[i] = sample(&c[i], x, y, width, height);
        if (ink) image_cmyk(v, v);
        if (ycc) ycc_to_rgb(v);
        memcpy(to, v, 3);
      }
    }
    if (sink->stop(sink)) return image_fail(sink, "JPEG 2000", "stopped");
  }
  return 1;
}

static uint32_t big_endian(const unsigned char* p) {
  return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* OpenJPEG makes some 6 kB for each tile, and more for each component, while it reads the header, before
 * anybody can look at it. So each codestream's beginning, SOC and SIZ (ISO/IEC 15444-1, A.5.1), is read here
 * first, wherever it is. That the four bytes of the two markers stand in a packet by chance is as likely as
 * any four bytes. */
static int check_tiles(Bytes in, LiteImageSink* sink) {
  enum { kMostTiles = 4096, kMostComponents = 4, kHeader = 42 };
  size_t i;
  for (i = 0; i + kHeader <= in.size; ++i) {
    const unsigned char* const p = in.data + i;
    const int begins = i == 0 || (i >= 4 && memcmp(p - 4, "jp2c", 4) == 0) ||
                       (i >= 12 && memcmp(p - 12, "jp2c", 4) == 0); /* with a length of 8 bytes */
    uint32_t width, height, tile_width, tile_height;
    uint64_t across, down;
    if (p[0] != 0xFF || p[1] != 0x4F) continue;
    if (p[2] != 0xFF || p[3] != 0x51) {
      if (begins) return image_fail(sink, "JPEG 2000", "its size is not the first that its codestream says");
      continue;
    }
    width = big_endian(p + 8);
    height = big_endian(p + 12);
    tile_width = big_endian(p + 24);
    tile_height = big_endian(p + 28);
    if (tile_width == 0 || tile_height == 0) return image_fail(sink, "JPEG 2000", "its tiles are empty");
    across = ((uint64_t)width + tile_width - 1) / tile_width;
    down = ((uint64_t)height + tile_height - 1) / tile_height;
    if (across > kMostTiles || down > kMostTiles || across * down > kMostTiles)
      return image_fail(sink, "JPEG 2000", "it has more than 4096 tiles");
    if (((unsigned)p[40] << 8 | p[41]) > kMostComponents)
      return image_fail(sink, "JPEG 2000", "it has more than 4 components");
  }
  return 1;
}

static int read_picture(opj_codec_t* codec, opj_stream_t* stream, opj_image_t** image, LiteImageSink* sink) {
  uint64_t width, height;
  unsigned char* to;
  opj_dparameters_t parameters;
  opj_set_default_decoder_parameters(&parameters);
  if (!opj_setup_decoder(codec, &parameters) || !opj_read_header(stream, codec, image))
    return sink->message[0] != 0 ? 0 : image_fail(sink, "JPEG 2000", "its header is wrong");
  if ((*image)->numcomps < 1 || (*image)->numcomps > 4)
    return image_fail(sink, "JPEG 2000", "it has more than 4 components, or none");
  if ((*image)->x1 <= (*image)->x0 || (*image)->y1 <= (*image)->y0)
    return image_fail(sink, "JPEG 2000", "it is empty");
  width = (*image)->comps[0].w;
  height = (*image)->comps[0].h;
  /* 4 bytes a sample, in the tiles and in the picture. */
  to = image_begin(sink, width, height, 8 * (uint64_t)(*image)->numcomps);
  if (to == NULL) return 0;
  if (!opj_decode(codec, stream, *image) || !opj_end_decompress(codec, stream)) {
    if (sink->message[0] == 0) image_fail(sink, "JPEG 2000", "its data is wrong or ends early");
    return 0;
  }
  /* A palette that is applied may add components, not pixels. */
  if ((*image)->numcomps < 1 || (*image)->comps[0].w != width || (*image)->comps[0].h != height)
    return image_fail(sink, "JPEG 2000", "its size is another than its header's");
  return put_pixels(*image, (uint32_t)width, (uint32_t)height, to, sink);
}

int decode_jpeg2000(Bytes in, LiteImageSink* sink) {
  Reader r;
  int decoded = 0;
  opj_image_t* image = NULL;
  opj_codec_t* const codec = opj_create_decompress(in.data[0] == 0 ? OPJ_CODEC_JP2 : OPJ_CODEC_J2K);
  opj_stream_t* const stream = opj_stream_default_create(OPJ_TRUE);
  r.in = in;
  r.at = 0;
  if (!check_tiles(in, sink)) {
    decoded = 0;
  } else if (codec != NULL && stream != NULL) {
    opj_set_error_handler(codec, on_error, sink);
    opj_set_warning_handler(codec, on_message, NULL);
    opj_set_info_handler(codec, on_message, NULL);
    opj_stream_set_read_function(stream, on_read);
    opj_stream_set_skip_function(stream, on_skip);
    opj_stream_set_seek_function(stream, on_seek);
    opj_stream_set_user_data(stream, &r, NULL);
    opj_stream_set_user_data_length(stream, in.size);
    decoded = read_picture(codec, stream, &image, sink);
  } else {
    image_fail(sink, "JPEG 2000", "out of memory");
  }
  opj_image_destroy(image);
  if (stream != NULL) opj_stream_destroy(stream);
  if (codec != NULL) opj_destroy_codec(codec);
  return decoded;
}
