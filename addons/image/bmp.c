/* BMP: 1, 4, 8, 16, 24 and 32 bits a pixel, with bit fields, RLE4 and RLE8, of every version of the header.
 */
#include <string.h>

#include "addons/image/decoders.h"

enum { kRgb = 0, kRle8 = 1, kRle4 = 2, kBitFields = 3, kAlphaBitFields = 6 };

typedef struct Bmp {
  uint32_t width, height, bits, compression;
  int top_down;
  uint32_t masks[3];            /* red, green, blue */
  const unsigned char* palette; /* blue, green, red, in entries of so many bytes */
  size_t colours, entry;
  Bytes pixels;
} Bmp;

static uint32_t u16(const unsigned char* p) { return (uint32_t)p[0] | (uint32_t)p[1] << 8; }
static uint32_t u32(const unsigned char* p) { return u16(p) | u16(p + 2) << 16; }

static int read_header(Bytes in, Bmp* b) {
  uint32_t header, offset, used = 0;
  size_t at;
  if (in.size < 18 + 8) return 0;
  offset = u32(in.data + 10);
  header = u32(in.data + 14);
  if (header > in.size - 14 || offset > in.size) return 0;
  memset(b, 0, sizeof *b);
  b->entry = 4;
  at = 14 + header;
  if (header == 12) {
    b->width = u16(in.data + 18);
    b->height = u16(in.data + 20);
    b->bits = u16(in.data + 24);
    b->entry = 3;
  } else if (header >= 40) {
    const uint32_t height = u32(in.data + 22);
    b->top_down = height > INT32_MAX;
    b->width = u32(in.data + 18);
    b->height = b->top_down ? 0U - height : height;
    b->bits = u16(in.data + 28);
    b->compression = u32(in.data + 30);
    used = u32(in.data + 46);
  } else {
    return 0;
  }
  if (b->bits == 16) b->masks[0] = 0x7c00, b->masks[1] = 0x3e0, b->masks[2] = 0x1f;
  if (b->bits == 32) b->masks[0] = 0xff0000, b->masks[1] = 0xff00, b->masks[2] = 0xff;
  if (b->compression == kBitFields || b->compression == kAlphaBitFields) {
    int i;
    const size_t masks = b->compression == kBitFields ? 12 : 16;
    if ((b->bits != 16 && b->bits != 32) || in.size < 14 + 40 + 12) return 0;
    for (i = 0; i < 3; ++i) b->masks[i] = u32(in.data + 54 + 4 * i);
    if (header == 40) at += masks;
  } else if (b->compression != kRgb && !(b->compression == kRle8 && b->bits == 8) &&
             !(b->compression == kRle4 && b->bits == 4)) {
    return 0;
  }
  switch (b->bits) {
    case 1:
    case 4:
    case 8:
      b->colours = used == 0 ? (size_t)1 << b->bits : used;
      if (b->colours > 256 || at > in.size || b->colours * b->entry > in.size - at) return 0;
      b->palette = in.data + at;
      break;
    case 16:
    case 24:
    case 32:
      break;
    default:
      return 0;
  }
  if (b->top_down && (b->compression == kRle8 || b->compression == kRle4)) return 0;
  b->pixels.data = in.data + offset;
  b->pixels.size = in.size - offset;
  return 1;
}

/* The bits of a mask, scaled to 8. */
static unsigned char field(uint32_t v, uint32_t mask) {
  uint64_t top = mask, x = v & mask;
  if (mask == 0) return 0;
  while ((top & 1) == 0) top >>= 1, x >>= 1;
  return (unsigned char)((x * 255 + top / 2) / top);
}

static int put_colour(const Bmp* b, uint32_t index, unsigned char* to) {
  const unsigned char* p;
  if (index >= b->colours) return 0;
  p = b->palette + index * b->entry;
  to[0] = p[2], to[1] = p[1], to[2] = p[0];
  return 1;
}

static unsigned char* row_of(const Bmp* b, uint32_t y, unsigned char* to) {
  return to + (size_t)(b->top_down ? y : b->height - 1 - y) * b->width * 3;
}

static const char* read_rows(const Bmp* b, unsigned char* to, LiteImageSink* sink) {
  const uint64_t row = ((uint64_t)b->width * b->bits + 31) / 32 * 4;
  uint32_t x, y;
  const unsigned char* from = b->pixels.data;
  /* The last row's padding may be missing. */
  if (b->pixels.size < row * (b->height - 1) + ((uint64_t)b->width * b->bits + 7) / 8) return "it ends early";
  for (y = 0; y < b->height; ++y, from += row) {
    unsigned char* p = row_of(b, y, to);
    for (x = 0; x < b->width; ++x, p += 3) {
      if (b->bits <= 8) {
        const uint32_t bit = x * b->bits % 8;
        const uint32_t index =
            (uint32_t)from[(size_t)x * b->bits / 8] >> (8 - b->bits - bit) & ((1U << b->bits) - 1);
        if (!put_colour(b, index, p)) return "a colour is not in its palette";
      } else if (b->bits == 24) {
        const unsigned char* const q = from + 3 * (size_t)x;
        p[0] = q[2], p[1] = q[1], p[2] = q[0];
      } else {
        const uint32_t v = b->bits == 16 ? u16(from + 2 * (size_t)x) : u32(from + 4 * (size_t)x);
        int i;
        for (i = 0; i < 3; ++i) p[i] = field(v, b->masks[i]);
      }
    }
    if (sink->stop(sink)) return "stopped";
  }
  return NULL;
}

/* Pixels that are skipped have the first colour. */
static const char* read_runs(const Bmp* b, unsigned char* to, LiteImageSink* sink) {
  const int nibbles = b->bits == 4;
  const unsigned char *p = b->pixels.data, *const end = p + b->pixels.size;
  uint32_t x = 0, y = 0;
  uint64_t i;
  for (i = 0; i < (uint64_t)b->width * b->height; ++i)
    if (!put_colour(b, 0, to + 3 * i)) return "it has no palette";
  while (y < b->height) {
    uint32_t count, k;
    int literal;
    if (end - p < 2) return "it ends early";
    count = p[0];
    literal = count == 0;
    if (literal) {
      count = p[1];
      p += 2;
      if (count == 0) { /* end of the row */
        x = 0, ++y;
        if (sink->stop(sink)) return "stopped";
        continue;
      }
      if (count == 1) return NULL; /* end of the picture */
      if (count == 2) {            /* a step */
        if (end - p < 2) return "it ends early";
        x += p[0], y += p[1];
        p += 2;
        if (x > b->width) return "a run leaves its row";
        continue;
      }
      if ((size_t)(end - p) < (nibbles ? (count + 1) / 2 : count)) return "it ends early";
    } else {
      ++p;
    }
    if (count > b->width - x) return "a run leaves its row";
    for (k = 0; k < count; ++k, ++x) {
      const unsigned char byte = !literal ? p[0] : p[nibbles ? k / 2 : k];
      const uint32_t index = !nibbles ? byte : k % 2 == 0 ? byte >> 4 : byte & 15;
      if (!put_colour(b, index, row_of(b, y, to) + 3 * (size_t)x)) return "a colour is not in its palette";
    }
    /* Literal runs are filled to an even number of bytes. */
    p += !literal ? 1 : nibbles ? (count + 3) / 4 * 2 : (count + 1) / 2 * 2;
    if (p > end) return "it ends early";
  }
  return NULL;
}

int decode_bmp(Bytes in, LiteImageSink* sink) {
  Bmp b;
  unsigned char* to;
  const char* wrong;
  if (!read_header(in, &b))
    return image_fail(sink, "BMP", "its header is wrong, or of a kind that is not known");
  to = image_begin(sink, b.width, b.height, 0);
  if (to == NULL) return 0;
  wrong =
      b.compression == kRle8 || b.compression == kRle4 ? read_runs(&b, to, sink) : read_rows(&b, to, sink);
  return wrong == NULL ? 1 : image_fail(sink, "BMP", wrong);
}
