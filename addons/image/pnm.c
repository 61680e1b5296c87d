/* PBM, PGM and PPM, as text (P1 to P3) and in binary (P4 to P6). */
#include <string.h>

#include "addons/image/decoders.h"

static int is_space(unsigned char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/* Skips white space and comments; whether something follows. */
static int skip(Bytes* in) {
  while (in->size > 0) {
    if (*in->data == '#') {
      while (in->size > 0 && *in->data != '\n' && *in->data != '\r') ++in->data, --in->size;
    } else if (!is_space(*in->data)) {
      return 1;
    } else {
      ++in->data, --in->size;
    }
  }
  return 0;
}

/* The next number, of at most 9 digits. */
static int number(Bytes* in, uint32_t* v) {
  int digits = 0;
  *v = 0;
  if (!skip(in)) return 0;
  for (; in->size > 0 && *in->data >= '0' && *in->data <= '9'; ++in->data, --in->size, ++digits) {
    if (digits == 9) return 0;
    *v = *v * 10 + (uint32_t)(*in->data - '0');
  }
  return digits > 0 && (in->size == 0 || is_space(*in->data) || *in->data == '#');
}

/* The next sample, 0 to `top`. Those of P1 need no space between them. */
static int text_sample(Bytes* in, int bitmap, uint32_t top, uint32_t* v) {
  if (!bitmap) return number(in, v) && *v <= top;
  if (!skip(in) || (*in->data != '0' && *in->data != '1')) return 0;
  *v = (uint32_t)('1' - *in->data);
  ++in->data, --in->size;
  return 1;
}

int decode_pnm(Bytes in, LiteImageSink* sink) {
  const int kind = in.data[1] - '0', text = kind <= 3, bitmap = kind == 1 || kind == 4,
            colours = kind % 3 == 0 ? 3 : 1;
  uint32_t width, height, top = 1, x, y;
  size_t row;
  int c, wide;
  unsigned char* to;
  in.data += 2, in.size -= 2;
  if (!number(&in, &width) || !number(&in, &height) || (!bitmap && !number(&in, &top)) || top < 1 ||
      top > 65535)
    return image_fail(sink, "PNM", "its header is wrong");
  wide = top > 255 ? 2 : 1;
  if (!text) {
    if (in.size == 0 || !is_space(*in.data)) return image_fail(sink, "PNM", "its header is wrong");
    ++in.data, --in.size;
  }
  row = bitmap ? ((size_t)width + 7) / 8 : (size_t)width * (size_t)(colours * wide);
  if (!text && height > 0 && in.size / height < row) return image_fail(sink, "PNM", "it ends early");
  to = image_begin(sink, width, height, 0);
  if (to == NULL) return 0;
  for (y = 0; y < height; ++y) {
    for (x = 0; x < width; ++x, to += 3) {
      for (c = 0; c < colours; ++c) {
        uint32_t v;
        if (text) {
          if (!text_sample(&in, bitmap, top, &v))
            return image_fail(sink, "PNM", "a number is wrong or missing");
        } else if (bitmap) {
          v = 1 - ((uint32_t)in.data[x / 8] >> (7 - x % 8) & 1);
        } else {
          const unsigned char* const p = in.data + ((size_t)x * (size_t)colours + (size_t)c) * (size_t)wide;
          v = wide == 2 ? (uint32_t)p[0] << 8 | p[1] : p[0];
          if (v > top) return image_fail(sink, "PNM", "a number is larger than the largest");
        }
        to[c] = (unsigned char)((v * 255 + top / 2) / top);
      }
      if (colours == 1) to[1] = to[2] = to[0];
    }
    if (!text) in.data += row, in.size -= row;
    if (sink->stop(sink)) return image_fail(sink, "PNM", "stopped");
  }
  return 1;
}
