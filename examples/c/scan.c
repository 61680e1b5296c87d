#include "scan.h"

#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int scan_read(const char* path, float* pixels, size_t height, size_t width) {
  png_image image;
  png_bytep bytes;
  size_t i;
  memset(&image, 0, sizeof image);
  image.version = PNG_IMAGE_VERSION;
  if (!png_image_begin_read_from_file(&image, path)) {
    fprintf(stderr, "%s: %s\n", path, image.message);
    return -1;
  }
  if (image.height != height || image.width != width) {
    fprintf(stderr, "%s: it is %ux%u, %ux%u is wanted\n", path, image.height, image.width, (unsigned)height,
            (unsigned)width);
    png_image_free(&image);
    return -1;
  }
  image.format = PNG_FORMAT_GRAY;
  bytes = malloc(PNG_IMAGE_SIZE(image));
  if (bytes == NULL || !png_image_finish_read(&image, NULL, bytes, 0, NULL)) {
    fprintf(stderr, "%s: %s\n", path, image.message);
    png_image_free(&image);
    free(bytes);
    return -1;
  }
  for (i = 0; i < height * width; ++i) pixels[i] = (float)bytes[i] / 255.0f;
  free(bytes);
  return 0;
}

size_t scan_argmax(const float* values, size_t n) {
  size_t i, best = 0;
  for (i = 1; i < n; ++i)
    if (values[i] > values[best]) best = i;
  return best;
}
