/* Model files that change while a network uses them: mapped, which is the default, and copied. */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "model_writer.h"

enum {
  WIDTH = 1 << 18
}; /* a megabyte of weights: many pages, too many to be kept anywhere but in the file */

static char path[] = "/tmp/lite-files-XXXXXX";

/* y = x + w, w[i] = i */
static Message wide_model(void) {
  const int64_t dims[1] = {WIDTH};
  Message graph = {NULL, 0};
  float* const w = (float*)malloc(WIDTH * sizeof(float));
  if (w == NULL) abort();
  for (int i = 0; i < WIDTH; ++i) w[i] = (float)i;
  add_initializer(&graph, "w", 1, dims, w);
  free(w);
  add_value(&graph, 11, "x", ONNX_FLOAT, 1, dims);
  add_node(&graph, "Add", "x w", "y", "add");
  add_value(&graph, 12, "y", ONNX_FLOAT, 1, dims);
  return finish_model(&graph);
}

static void write_file(const Message* m) {
  FILE* const f = fopen(path, "wb");
  CHECK(f != NULL && fwrite(m->data, 1, m->size, f) == m->size);
  if (f != NULL) CHECK(fclose(f) == 0);
}

static void truncate_file(void) { CHECK(truncate(path, 0) == 0); }

/* New bytes in the old file. */
static void overwrite_file(void) {
  Message zeros = wide_model();
  FILE* const f = fopen(path, "r+b");
  memset(zeros.data, 0, zeros.size);
  CHECK(f != NULL && fwrite(zeros.data, 1, zeros.size, f) == zeros.size);
  if (f != NULL) CHECK(fclose(f) == 0);
  free(zeros.data);
}

/* A new file under the old name. */
static void replace_file(void) {
  char other[sizeof path + 4];
  FILE* f;
  snprintf(other, sizeof other, "%s.new", path);
  f = fopen(other, "wb");
  CHECK(f != NULL && fputs("something else", f) >= 0 && fclose(f) == 0);
  CHECK(rename(other, path) == 0);
}

/* Loads, lets the file change, runs; in a process of its own. Gives how that ended: 0 when all was right, 1
   when a call failed, 2 when the numbers were others, or the number of the signal plus 100. */
static int run_while(const char* copy, void (*change)(void)) {
  Message m = wide_model();
  int status = 0;
  pid_t child;
  write_file(&m);
  free(m.data);
  fflush(stdout);
  child = fork();
  if (child == 0) {
    LiteNetwork network = NULL;
    LiteTensor x = NULL, y = NULL;
    void* data = NULL;
    /* A sanitizer's handler would make an exit status of the signal. */
    signal(SIGBUS, SIG_DFL);
    if (LITE_make_default_network(&network) != LITE_OK ||
        LITE_set_option(network, "copy_files", copy) != LITE_OK ||
        LITE_load_model_from_path(network, path) != LITE_OK)
      _exit(1);
    change();
    if (LITE_get_io_tensor(network, "x", LITE_INPUT, &x) != LITE_OK || LITE_tensor_fill_zero(x) != LITE_OK ||
        LITE_forward(network) != LITE_OK || LITE_wait(network) != LITE_OK ||
        LITE_get_io_tensor(network, "y", LITE_OUTPUT, &y) != LITE_OK ||
        LITE_get_tensor_memory(y, &data) != LITE_OK)
      _exit(1);
    for (int i = 0; i < WIDTH; ++i)
      if (((const float*)data)[i] != (float)i) _exit(2);
    LITE_destroy_network(network);
    _exit(failures == 0 ? 0 : 1);
  }
  CHECK(child > 0 && waitpid(child, &status, 0) == child);
  return WIFSIGNALED(status) ? 100 + WTERMSIG(status) : WEXITSTATUS(status);
}

static void nothing(void) {}

int main(void) {
  LiteNetwork network = NULL;
  const int file = mkstemp(path);
  CHECK(file >= 0);
  close(file);
  CHECK(run_while("0", nothing) == 0);
  CHECK(run_while("1", nothing) == 0);
  /* What docs/decisions/mapped-models.md promises, and warns of. */
  CHECK(run_while("0", replace_file) == 0);
  CHECK(run_while("0", truncate_file) == 100 + SIGBUS);
  CHECK(run_while("0", overwrite_file) == 2);
  CHECK(run_while("1", replace_file) == 0);
  CHECK(run_while("1", truncate_file) == 0);
  CHECK(run_while("1", overwrite_file) == 0);

  CHECK_OK(LITE_make_default_network(&network));
  CHECK_OK(LITE_set_option(network, "copy_files", "on"));
  truncate_file();
  CHECK_CODE(LITE_load_model_from_path(network, path), LITE_INVALID_MODEL);
  CHECK(unlink(path) == 0);
  CHECK_CODE(LITE_load_model_from_path(network, path), LITE_NOT_FOUND);
  CHECK_OK(LITE_destroy_network(network));
  return check_report("files");
}
