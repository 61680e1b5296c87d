#include "gamma.h"

#include <lite.h>
#include <math.h>
#include <stdlib.h>

enum { BLOCK = 1024 }; /* elements of a task: the same work whatever the number of threads */

typedef struct {
  const float* x;
  float *y, gamma;
  int64_t count;
} Work;

static int block(void* data, int64_t index) {
  const Work* w = (const Work*)data;
  const int64_t begin = index * BLOCK, end = begin + BLOCK < w->count ? begin + BLOCK : w->count;
  for (int64_t i = begin; i < end; ++i) w->y[i] = powf(w->x[i], w->gamma);
  return LITE_OK;
}

/* Once for each node of a model: what its attributes say. */
static int create(void* user_data, LiteOperatorContext context, void** state) {
  float gamma = 1;
  const int code = LITE_operator_get_attribute_float(context, "gamma", &gamma);
  float* kept;
  (void)user_data;
  if (code != LITE_OK && code != LITE_NOT_FOUND) return code;
  if (!(gamma > 0)) {
    LITE_operator_set_error(context, "gamma must be above 0");
    return LITE_INVALID_MODEL;
  }
  kept = (float*)malloc(sizeof *kept);
  if (kept == NULL) return LITE_OUT_OF_MEMORY;
  *kept = gamma;
  *state = kept;
  return LITE_OK;
}

static void destroy(void* user_data, void* state) {
  (void)user_data;
  free(state);
}

static int run(void* user_data, void* state, LiteOperatorContext context) {
  LiteOperatorTensor x = LITE_OPERATOR_TENSOR_INIT, y = LITE_OPERATOR_TENSOR_INIT;
  Work work;
  int code;
  (void)user_data;
  if ((code = LITE_operator_get_input(context, 0, &x)) != LITE_OK ||
      (code = LITE_operator_get_output(context, 0, &y)) != LITE_OK)
    return code;
  work.x = (const float*)x.data;
  work.y = (float*)y.data;
  work.gamma = *(const float*)state;
  work.count = (int64_t)(x.size / sizeof(float));
  return LITE_operator_parallel_for(context, (work.count + BLOCK - 1) / BLOCK, block, &work);
}

int register_gamma(void) {
  const uint64_t types = LITE_TYPE_BIT(LITE_FLOAT);
  LiteOperator op = LITE_OPERATOR_INIT;
  op.domain = "example";
  op.name = "Gamma";
  op.flags = LITE_OPERATOR_PURE | LITE_OPERATOR_SAME_AS_INPUT;
  op.input_types = &types;
  op.input_type_count = 1;
  op.create = create;
  op.destroy = destroy;
  op.run = run;
  return LITE_register_operator(&op);
}
