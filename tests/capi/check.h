/* Checks for tests in C. A failing check says where and goes on; the program's exit status counts them. */
#ifndef LITE_TESTS_CAPI_CHECK_H_
#define LITE_TESTS_CAPI_CHECK_H_

#include <stdio.h>
#include <string.h>

#include "lite.h"

static int failures;

#define CHECK(condition)                                             \
  do {                                                               \
    if (!(condition)) {                                              \
      printf("%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
      ++failures;                                                    \
    }                                                                \
  } while (0)

/* The call returns that code; the last status agrees; there is a text exactly when it failed. */
#define CHECK_CODE(call, wanted)                                                                             \
  do {                                                                                                       \
    const int check_got = (call);                                                                            \
    const int check_wanted = (wanted);                                                                       \
    if (check_got != check_wanted) {                                                                         \
      printf("%s:%d: %s gave %s (%s), not %s\n", __FILE__, __LINE__, #call, LITE_get_status_name(check_got), \
             LITE_get_last_error(), LITE_get_status_name(check_wanted));                                     \
      ++failures;                                                                                            \
    }                                                                                                        \
    CHECK(LITE_get_last_status() == check_got);                                                              \
    CHECK((LITE_get_last_error()[0] != '\0') == (check_got != LITE_OK));                                     \
  } while (0)

#define CHECK_OK(call) CHECK_CODE(call, LITE_OK)
#define CHECK_ARGUMENT(call) CHECK_CODE(call, LITE_INVALID_ARGUMENT)

/* The last error's text has that in it. */
#define CHECK_TEXT(part)                                                                       \
  do {                                                                                         \
    if (strstr(LITE_get_last_error(), part) == NULL) {                                         \
      printf("%s:%d: no \"%s\" in \"%s\"\n", __FILE__, __LINE__, part, LITE_get_last_error()); \
      ++failures;                                                                              \
    }                                                                                          \
  } while (0)

static int check_report(const char* name) {
  printf("%s: %d failures\n", name, failures);
  return failures == 0 ? 0 : 1;
}

#endif
