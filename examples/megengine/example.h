/* What these programs share: how they begin, how they fail, how they tell the digit. */
#ifndef LITE_EXAMPLES_MEGENGINE_EXAMPLE_H_
#define LITE_EXAMPLES_MEGENGINE_EXAMPLE_H_

#include <lite-c/global_c.h>
#include <stddef.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif
#include "scan.h"
#ifdef __cplusplus
}
#endif

enum { SIDE = 8, CLASSES = 10 };

/* For main: leaves it with the library's words when a call fails. */
#define CHECK(call)                                   \
  do {                                                \
    if ((call) != 0) {                                \
      fprintf(stderr, "%s\n", LITE_get_last_error()); \
      return 1;                                       \
    }                                                 \
  } while (0)

static inline int wrong_usage(int argc, char** argv) {
  if (argc == 3) return 0;
  fprintf(stderr, "usage: %s MODEL SCAN.png\n", argv[0]);
  return 1;
}

static inline void tell(const float* prob) {
  const size_t best = scan_argmax(prob, CLASSES);
  printf("a %u (%.1f %%)\n", (unsigned)best, 100.0 * (double)prob[best]);
}

#endif
