/* Reads a grey PNG into floats in 0..1, for the examples. */
#ifndef LITE_EXAMPLES_SCAN_H_
#define LITE_EXAMPLES_SCAN_H_

#include <stddef.h>

/* Fills pixels[height * width]. Returns 0, or -1 after printing why: not a PNG, or of another size. */
int scan_read(const char* path, float* pixels, size_t height, size_t width);

/* The index of the largest of n numbers. */
size_t scan_argmax(const float* values, size_t n);

#endif
