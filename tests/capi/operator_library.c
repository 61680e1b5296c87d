/* Libraries of operators that are as they should be, or not: LIBRARY says how this one is. */
#include "lite.h"

static int run(void* user_data, void* state, LiteOperatorContext context) {
  LiteOperatorTensor x = LITE_OPERATOR_TENSOR_INIT, y = LITE_OPERATOR_TENSOR_INIT;
  (void)user_data;
  (void)state;
  LITE_operator_get_input(context, 0, &x);
  LITE_operator_get_output(context, 0, &y);
  for (size_t i = 0; i < x.size / sizeof(float); ++i) ((float*)y.data)[i] = -((const float*)x.data)[i];
  return LITE_OK;
}

#define GOOD 0
#define FAILING 1
#define NEWER 2
#define TWICE 3

#if LIBRARY == NEWER
#undef LITE_OPERATOR_LIBRARY_VERSION
#define LITE_OPERATOR_LIBRARY_VERSION (LITE_VERSION_MAJOR * 1000 + LITE_VERSION_MINOR + 1)
#endif

LITE_OPERATOR_LIBRARY {
  static const char* const names[4] = {"Good", "Failing", "Newer", "Twice"};
  LiteOperator op = LITE_OPERATOR_INIT;
  int code;
  op.domain = "test.library";
  op.name = names[LIBRARY];
  op.flags = LITE_OPERATOR_SAME_AS_INPUT;
  op.run = run;
  code = LITE_register_operator(&op);
  if (code != LITE_OK || LIBRARY == GOOD) return code;
  /* One that cannot be registered, after one that can. */
  if (LIBRARY == FAILING) op.name = "";
  return LITE_register_operator(&op);
}
