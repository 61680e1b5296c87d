/* Runs: asynchronous, cancelled, timed out, from several threads, watched by callbacks. */
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "model_writer.h"

static LiteNetwork load(Message model) {
  LiteNetwork network = NULL;
  CHECK_OK(LITE_make_default_network(&network));
  CHECK_OK(LITE_load_model_from_mem(network, model.data, model.size));
  free(model.data);
  return network;
}

static float* floats(LiteNetwork network, const char* name) {
  LiteTensor tensor = NULL;
  void* data = NULL;
  CHECK_OK(LITE_get_io_tensor(network, name, LITE_IO, &tensor));
  CHECK_OK(LITE_get_tensor_memory(tensor, &data));
  return (float*)data;
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Takes seconds, however fast the machine. */
static LiteNetwork slow_network(void) { return load(slow_model(384, 400)); }

static atomic_int finished, last_status;
static int on_finished(void) {
  ++finished;
  return 0;
}
static int on_finished_with_data(void* data) {
  ++*(atomic_int*)data;
  return 0;
}
static void on_completion(int status, void* data) {
  last_status = status;
  ++*(atomic_int*)data;
}
static void await(atomic_int* count, int wanted) {
  const double begin = now();
  while (*count < wanted && now() - begin < 20) usleep(200);
  CHECK(*count == wanted);
}

static void test_async(void) {
  LiteNetwork network = load(affine_model(2));
  float* x = floats(network, "x");
  CHECK_OK(LITE_set_async_callback(network, on_finished));
  x[1] = 3;
  finished = 0;
  CHECK_OK(LITE_forward(network));
  await(&finished, 1);
  CHECK(floats(network, "y")[1] == 6.5f);
  CHECK_OK(LITE_wait(network));
  CHECK_OK(LITE_set_async_callback_with_userdata(network, on_finished_with_data, &finished));
  x[1] = 4;
  CHECK_OK(LITE_forward(network));
  CHECK_OK(LITE_wait(network));
  CHECK(finished == 2);
  CHECK(floats(network, "y")[1] == 8.5f);
  CHECK_OK(LITE_set_completion_callback(network, on_completion, &finished));
  last_status = 77;
  CHECK_OK(LITE_forward(network));
  CHECK_OK(LITE_wait_for(network, 20000000));
  CHECK(finished == 3);
  CHECK(last_status == LITE_OK);
  CHECK_OK(LITE_set_completion_callback(network, NULL, NULL));
  CHECK_OK(LITE_forward(network));
  CHECK(finished == 3);
  CHECK_ARGUMENT(LITE_set_async_callback(network, NULL));
  CHECK_ARGUMENT(LITE_set_async_callback_with_userdata(network, NULL, NULL));
  CHECK_OK(LITE_destroy_network(network));
}

/* The callback starts the next run, until there were enough; it may not destroy its network or replace
 * itself. */
static LiteNetwork chained;
static atomic_int chain_runs;
static void on_chain(int status, void* data) {
  (void)data;
  CHECK(status == LITE_OK);
  CHECK_CODE(LITE_destroy_network(chained), LITE_BUSY);
  CHECK_CODE(LITE_set_completion_callback(chained, NULL, NULL), LITE_BUSY);
  if (++chain_runs < 50) CHECK_OK(LITE_forward(chained));
}

/* LITE_wait returns when the callback has; in the callback it is for the run that the callback started. */
static atomic_int slow_callback_state;
static void on_slow(int status, void* data) {
  (void)data;
  CHECK(status == LITE_OK);
  if (slow_callback_state == 0) {
    slow_callback_state = 1;
    CHECK_CODE(LITE_wait_for(chained, 0), LITE_OK);
    CHECK_OK(LITE_forward(chained));
    CHECK_OK(LITE_wait(chained));
    usleep(50000);
    slow_callback_state = 2;
  } else {
    CHECK(slow_callback_state == 2);
    usleep(20000);
    slow_callback_state = 3;
  }
}

static void test_wait_for_callback(void) {
  chained = load(affine_model(2));
  CHECK_OK(LITE_set_completion_callback(chained, on_slow, NULL));
  CHECK_OK(LITE_forward(chained));
  CHECK_OK(LITE_wait(chained));
  CHECK(slow_callback_state >= 2);
  CHECK_OK(LITE_wait(chained));
  CHECK(slow_callback_state == 3);
  CHECK_OK(LITE_destroy_network(chained));
}

static void test_chain(void) {
  chained = load(affine_model(2));
  CHECK_OK(LITE_set_completion_callback(chained, on_chain, NULL));
  CHECK_OK(LITE_forward(chained));
  await(&chain_runs, 50);
  CHECK_OK(LITE_destroy_network(chained));
}

static void test_failing_async(void) {
  LiteNetwork network = load(affine_model(-1));
  CHECK_OK(LITE_set_completion_callback(network, on_completion, &finished));
  finished = 0;
  CHECK_OK(LITE_forward(network));
  await(&finished, 1);
  CHECK(last_status == LITE_INVALID_ARGUMENT);
  CHECK_ARGUMENT(LITE_wait(network));
  CHECK_TEXT("'x'");
  CHECK_OK(LITE_set_completion_callback(network, NULL, NULL));
  CHECK_ARGUMENT(LITE_forward(network));
  CHECK_OK(LITE_wait(network));
  CHECK_OK(LITE_destroy_network(network));
}

/* Until the run has ended: a cancel before it has begun is for nothing. */
static atomic_int cancelled_run_over;
static void* cancel_soon(void* network) {
  do {
    usleep(30000);
    CHECK_OK(LITE_cancel((LiteNetwork)network));
  } while (!cancelled_run_over);
  return NULL;
}

static void test_cancel(void) {
  LiteNetwork network = slow_network();
  LiteStatistics statistics = LITE_STATISTICS_INIT;
  pthread_t thread;
  floats(network, "x");
  CHECK_OK(LITE_cancel(network));
  CHECK(pthread_create(&thread, NULL, cancel_soon, network) == 0);
  CHECK_CODE(LITE_forward(network), LITE_CANCELLED);
  cancelled_run_over = 1;
  pthread_join(thread, NULL);
  /* Asynchronous: cancelled, before it has begun or after. */
  CHECK_OK(LITE_set_completion_callback(network, on_completion, &finished));
  finished = 0;
  CHECK_OK(LITE_forward(network));
  CHECK_OK(LITE_cancel(network));
  CHECK_CODE(LITE_wait(network), LITE_CANCELLED);
  await(&finished, 1);
  CHECK(last_status == LITE_CANCELLED);
  /* While it runs nobody else may touch it; waiting is possible, also for a while. */
  CHECK_OK(LITE_forward(network));
  CHECK_CODE(LITE_forward(network), LITE_BUSY);
  CHECK_CODE(LITE_set_option(network, "threads", "2"), LITE_BUSY);
  CHECK_CODE(LITE_set_profiling(network, 1), LITE_BUSY);
  CHECK_CODE(LITE_trim(network), LITE_BUSY);
  {
    LiteTensor tensor = NULL;
    void* data = NULL;
    CHECK_OK(LITE_get_io_tensor(network, "x", LITE_INPUT, &tensor));
    CHECK_CODE(LITE_get_tensor_memory(tensor, &data), LITE_BUSY);
    CHECK_CODE(LITE_tensor_fill_zero(tensor), LITE_BUSY);
  }
  CHECK_CODE(LITE_wait_for(network, 0), LITE_TIMED_OUT);
  CHECK_CODE(LITE_wait_for(network, 2000), LITE_TIMED_OUT);
  CHECK_OK(LITE_get_statistics(network, &statistics));
  CHECK(statistics.runs == 2 && statistics.failed_runs == 2);
  /* Destroying it stops it. */
  CHECK_OK(LITE_destroy_network(network));
  CHECK(last_status == LITE_CANCELLED);
}

static void test_timeout(void) {
  LiteNetwork network = slow_network();
  const char* value = NULL;
  floats(network, "x");
  CHECK_OK(LITE_set_run_timeout(network, 20000));
  CHECK_OK(LITE_get_option(network, "timeout_us", &value));
  CHECK(strcmp(value, "20000") == 0);
  CHECK_CODE(LITE_forward(network), LITE_TIMED_OUT);
  CHECK_CODE(LITE_forward(network), LITE_TIMED_OUT);
  CHECK_OK(LITE_set_option(network, "timeout_us", "0"));
  CHECK_OK(LITE_set_run_timeout(network, UINT64_MAX));
  CHECK_OK(LITE_destroy_network(network));
}

static int starts, finishes, answer;
static int on_start(const LiteIO* ios, const LiteTensor* tensors, size_t size) {
  LiteLayout layout;
  ++starts;
  CHECK(size == 1 && strcmp(ios[0].name, "x") == 0);
  CHECK_OK(LITE_get_tensor_layout(tensors[0], &layout));
  CHECK(layout.ndim == 2);
  return answer;
}
static int on_start_with_data(const LiteIO* ios, const LiteTensor* tensors, size_t size, void* network) {
  void* data = NULL;
  CHECK(size == 1 && ios != NULL);
  CHECK_OK(LITE_get_tensor_memory(tensors[0], &data));
  ((float*)data)[0] = 10;
  CHECK_CODE(LITE_forward((LiteNetwork)network), LITE_BUSY);
  CHECK_CODE(LITE_wait((LiteNetwork)network), LITE_BUSY);
  CHECK_CODE(LITE_destroy_network((LiteNetwork)network), LITE_BUSY);
  CHECK_CODE(LITE_set_start_callback((LiteNetwork)network, NULL), LITE_BUSY);
  return 0;
}
static int on_start_cancel(const LiteIO* ios, const LiteTensor* tensors, size_t size, void* network) {
  CHECK(size == 1 && ios != NULL && tensors != NULL);
  CHECK_OK(LITE_cancel((LiteNetwork)network));
  return 0;
}
static int on_finish(const LiteIO* ios, const LiteTensor* tensors, size_t size) {
  void* data = NULL;
  ++finishes;
  CHECK(size == 1 && strcmp(ios[0].name, "y") == 0);
  CHECK_OK(LITE_get_tensor_memory(tensors[0], &data));
  CHECK(((float*)data)[0] == 10.5f);
  return 0;
}
static int on_finish_with_data(const LiteIO* ios, const LiteTensor* tensors, size_t size, void* data) {
  CHECK(ios != NULL && tensors != NULL && size == 1);
  ++*(int*)data;
  return answer;
}

static void test_callbacks(void) {
  LiteNetwork network = load(affine_model(2));
  int calls = 0;
  CHECK_OK(LITE_set_start_callback(network, on_start));
  CHECK_OK(LITE_forward(network));
  CHECK(starts == 1);
  /* What callbacks return is nobody's business. */
  answer = 5;
  CHECK_OK(LITE_forward(network));
  CHECK(starts == 2);
  CHECK_OK(LITE_set_start_callback_with_userdata(network, on_start_with_data, network));
  CHECK_OK(LITE_set_finish_callback(network, on_finish));
  CHECK_OK(LITE_forward(network));
  CHECK(starts == 2 && finishes == 1);
  CHECK_OK(LITE_set_finish_callback_with_userdata(network, on_finish_with_data, &calls));
  CHECK_OK(LITE_forward(network));
  CHECK(calls == 1 && finishes == 1);
  /* A run that its start callback cancels does not happen, though the model is made anew for it. */
  CHECK_OK(LITE_set_start_callback_with_userdata(network, on_start_cancel, network));
  CHECK_CODE(LITE_forward(network), LITE_CANCELLED);
  CHECK_OK(LITE_set_option(network, "winograd", "0"));
  CHECK_CODE(LITE_forward(network), LITE_CANCELLED);
  CHECK(calls == 1);
  CHECK_OK(LITE_set_finish_callback(network, NULL));
  CHECK_OK(LITE_set_start_callback(network, NULL));
  CHECK_OK(LITE_forward(network));
  CHECK(calls == 1 && starts == 2);
  CHECK_OK(LITE_destroy_network(network));
}

enum { kThreads = 8, kRuns = 200 };

static void* run_own(void* source) {
  LiteNetwork network = NULL;
  float* x;
  int i;
  CHECK_OK(LITE_make_default_network(&network));
  CHECK_OK(LITE_shared_weight_with_network(network, (LiteNetwork)source));
  x = floats(network, "x");
  for (i = 0; i < kRuns; ++i) {
    x[5] = (float)i;
    CHECK_OK(LITE_forward(network));
    CHECK(floats(network, "y")[5] == (float)(2 * i) + 0.5f);
  }
  CHECK_OK(LITE_destroy_network(network));
  return NULL;
}

static atomic_int busy, fine;
static void* run_shared(void* network) {
  int i;
  for (i = 0; i < kRuns; ++i) {
    const int code = LITE_forward((LiteNetwork)network);
    if (code == LITE_OK)
      ++fine;
    else if (code == LITE_BUSY)
      ++busy;
    else
      CHECK(code == LITE_OK);
  }
  return NULL;
}

static void test_threads(void) {
  LiteNetwork network = load(affine_model(2));
  pthread_t threads[kThreads];
  int i;
  for (i = 0; i < kThreads; ++i) CHECK(pthread_create(&threads[i], NULL, run_own, network) == 0);
  for (i = 0; i < kThreads; ++i) pthread_join(threads[i], NULL);
  floats(network, "x");
  for (i = 0; i < kThreads; ++i) CHECK(pthread_create(&threads[i], NULL, run_shared, network) == 0);
  for (i = 0; i < kThreads; ++i) pthread_join(threads[i], NULL);
  CHECK(fine > 0 && fine + busy == kThreads * kRuns);
  CHECK_OK(LITE_forward(network));
  CHECK_OK(LITE_destroy_network(network));
}

static void test_profile(void) {
  LiteNetwork network = load(affine_model(2));
  char* text = NULL;
  floats(network, "x");
  CHECK_CODE(LITE_get_profile(network, "table", &text), LITE_NOT_FOUND);
  CHECK_OK(LITE_set_profiling(network, 1));
  CHECK_OK(LITE_forward(network));
  CHECK_OK(LITE_forward(network));
  CHECK_OK(LITE_get_profile(network, "table", &text));
  CHECK(strlen(text) > 20);
  LITE_free_string(text);
  CHECK_OK(LITE_get_profile(network, "json", &text));
  CHECK(strstr(text, "\"runs\": 2") != NULL);
  CHECK(strstr(text, "\"limit_gflops\": ") != NULL && strstr(text, "\"limit_gbs\": ") != NULL);
  LITE_free_string(text);
  CHECK_OK(LITE_get_profile(network, "trace", &text));
  CHECK(strstr(text, "traceEvents") != NULL || text[0] == '[');
  LITE_free_string(text);
  CHECK_ARGUMENT(LITE_get_profile(network, "poem", &text));
  CHECK_OK(LITE_set_profiling(network, 0));
  CHECK_OK(LITE_forward(network));
  CHECK_OK(LITE_destroy_network(network));
}

int main(void) {
  test_async();
  test_wait_for_callback();
  test_chain();
  test_failing_async();
  test_cancel();
  test_timeout();
  test_callbacks();
  test_threads();
  test_profile();
  return check_report("run");
}
