/* What is set on networks: threads, devices, kernels, affinity, memory, dumps, options, decryption. */
#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "model_writer.h"

static Message model;

static void load(LiteNetwork network) { CHECK_OK(LITE_load_model_from_mem(network, model.data, model.size)); }

static void check_run(LiteNetwork network) {
  LiteTensor x = NULL, y = NULL;
  void* data = NULL;
  CHECK_OK(LITE_get_io_tensor(network, "x", LITE_INPUT, &x));
  CHECK_OK(LITE_get_io_tensor(network, "y", LITE_OUTPUT, &y));
  CHECK_OK(LITE_get_tensor_memory(x, &data));
  ((float*)data)[3] = 2;
  CHECK_OK(LITE_forward(network));
  CHECK_OK(LITE_wait(network));
  CHECK_OK(LITE_get_tensor_memory(y, &data));
  CHECK(((float*)data)[3] == 8.5f);
}

static void test_before_loading(void) {
  LiteNetwork network = NULL;
  size_t threads = 0;
  int number = -7;
  LiteDeviceType device = LITE_CUDA;
  LiteExtraConfig extra = {1};
  CHECK_OK(LITE_make_default_network(&network));
  CHECK_OK(LITE_get_cpu_threads_number(network, &threads));
  CHECK(threads == 1);
  CHECK_OK(LITE_get_device_id(network, &number));
  CHECK(number == 0);
  CHECK_OK(LITE_get_stream_id(network, &number));
  CHECK(number == 0);
  CHECK_OK(LITE_is_cpu_inplace_mode(network, &number));
  CHECK(number == 0);
  CHECK_OK(LITE_get_device_type(network, &device));
  CHECK(device == LITE_CPU);
  CHECK_OK(LITE_set_cpu_threads_number(network, 2));
  CHECK_OK(LITE_set_cpu_threads_number(network, 0));
  CHECK_OK(LITE_set_device_id(network, 1));
  CHECK_OK(LITE_set_stream_id(network, 4));
  CHECK_OK(LITE_extra_configure(network, extra));
  CHECK_OK(LITE_use_tensorrt(network));
  CHECK_OK(LITE_enable_global_layout_transform(network));
  load(network);
  CHECK_OK(LITE_get_cpu_threads_number(network, &threads));
  CHECK(threads == 2);
  CHECK_OK(LITE_get_device_id(network, &number));
  CHECK(number == 1);
  CHECK_OK(LITE_get_stream_id(network, &number));
  CHECK(number == 4);
  CHECK_CODE(LITE_set_cpu_threads_number(network, 3), LITE_ALREADY_LOADED);
  CHECK_CODE(LITE_set_device_id(network, 1), LITE_ALREADY_LOADED);
  CHECK_CODE(LITE_set_stream_id(network, 1), LITE_ALREADY_LOADED);
  CHECK_CODE(LITE_set_cpu_inplace_mode(network), LITE_ALREADY_LOADED);
  check_run(network);
  CHECK_OK(LITE_destroy_network(network));
}

static int never(void) { return 0; }

static void test_inplace(void) {
  LiteNetwork network = NULL;
  LiteConfig config = LITE_CONFIG_INIT;
  LiteNetworkIO none = LITE_NETWORK_IO_INIT;
  int inplace = 0;
  CHECK_OK(LITE_make_network(&network, config, none));
  CHECK_OK(LITE_set_cpu_inplace_mode(network));
  CHECK_OK(LITE_is_cpu_inplace_mode(network, &inplace));
  CHECK(inplace == 1);
  load(network);
  check_run(network);
  CHECK_ARGUMENT(LITE_set_async_callback(network, never));
  CHECK_OK(LITE_destroy_network(network));
  config.options.force_output_use_user_specified_memory = 1;
  CHECK_OK(LITE_make_network(&network, config, none));
  CHECK_ARGUMENT(LITE_set_async_callback(network, never));
  CHECK_OK(LITE_destroy_network(network));
  config.options.graph_opt_level = 0;
  config.options.fake_next_exec = 1;
  CHECK_OK(LITE_make_network(&network, config, none));
  load(network);
  CHECK_OK(LITE_forward(network));
  check_run(network);
  CHECK_OK(LITE_destroy_network(network));
}

static void test_kernels(void) {
  LiteNetwork network = NULL;
  CHECK_OK(LITE_make_default_network(&network));
  load(network);
  CHECK_OK(LITE_set_network_algo_policy(
      network, (LiteAlgoSelectStrategy)(LITE_ALGO_PROFILE | LITE_ALGO_REPRODUCIBLE)));
  CHECK_OK(LITE_set_network_algo_fastrun_config(network, 1, 1));
  CHECK_OK(LITE_set_network_algo_workspace_limit(network, 1000));
  CHECK_ARGUMENT(LITE_set_network_algo_policy(network, (LiteAlgoSelectStrategy)64));
  check_run(network);
  CHECK_OK(LITE_destroy_network(network));
}

enum { kThreads = 4 };
static atomic_int affinity_calls;
static pthread_t affinity_threads[kThreads];
static int on_affinity(int id) {
  CHECK(id >= 0 && id < kThreads);
  affinity_threads[id] = pthread_self();
  ++affinity_calls;
  return 0;
}
static atomic_int releases;
static void on_release(void* data) { ++*(atomic_int*)data; }
static int on_affinity_with_data(int id, void* data) {
  CHECK(id == 0 && data == &releases);
  ++affinity_calls;
  return 0;
}

/* In inplace mode, too, as many threads work as were asked for. */
static void test_affinity(int inplace) {
  LiteNetwork network = NULL;
  int i, j;
  affinity_calls = 0;
  releases = 0;
  CHECK_OK(LITE_make_default_network(&network));
  CHECK_OK(LITE_set_cpu_threads_number(network, kThreads));
  if (inplace) CHECK_OK(LITE_set_cpu_inplace_mode(network));
  CHECK_CODE(LITE_set_runtime_thread_affinity(network, on_affinity), LITE_NOT_LOADED);
  CHECK_CODE(LITE_set_runtime_thread_affinity_with_userdata(network, on_affinity_with_data, NULL, NULL),
             LITE_NOT_LOADED);
  load(network);
  CHECK_OK(LITE_set_runtime_thread_affinity(network, on_affinity));
  check_run(network);
  CHECK(affinity_calls == kThreads);
  for (i = 0; i < kThreads; ++i)
    for (j = i + 1; j < kThreads; ++j) CHECK(!pthread_equal(affinity_threads[i], affinity_threads[j]));
  CHECK(pthread_equal(affinity_threads[kThreads - 1], pthread_self()));
  check_run(network);
  CHECK(affinity_calls == kThreads);
  CHECK_ARGUMENT(LITE_set_runtime_thread_affinity(network, NULL));
  CHECK_OK(LITE_set_option(network, "threads", "1"));
  CHECK_OK(
      LITE_set_runtime_thread_affinity_with_userdata(network, on_affinity_with_data, &releases, on_release));
  check_run(network);
  CHECK(affinity_calls == kThreads + 1 && releases == 0);
  CHECK_OK(LITE_destroy_network(network));
  CHECK(releases == 1);
}

static atomic_int blocks, allocations;
static void* on_allocate(LiteDeviceType device, int device_id, size_t size, size_t align) {
  void* p = NULL;
  CHECK(device == LITE_CPU);
  (void)device_id;
  if (posix_memalign(&p, align, size) != 0) return NULL;
  ++blocks;
  ++allocations;
  return p;
}
static void on_free(LiteDeviceType device, int device_id, void* p) {
  CHECK(device == LITE_CPU);
  (void)device_id;
  --blocks;
  free(p);
}
static void* on_allocate_with_data(LiteDeviceType device, int device_id, size_t size, size_t align,
                                   void* data) {
  CHECK(data == &releases && releases == 1);
  return on_allocate(device, device_id, size, align);
}
static void on_free_with_data(LiteDeviceType device, int device_id, void* p, void* data) {
  CHECK(data == &releases && releases == 1);
  on_free(device, device_id, p);
}
static void* no_memory(LiteDeviceType device, int device_id, size_t size, size_t align) {
  (void)device, (void)device_id, (void)size, (void)align;
  return NULL;
}

static void test_allocator(void) {
  LiteNetwork network = NULL;
  CHECK_OK(LITE_make_default_network(&network));
  CHECK_OK(LITE_set_memory_allocator(network, on_allocate, on_free));
  load(network);
  check_run(network);
  CHECK(allocations > 0 && blocks > 0);
  CHECK_OK(LITE_destroy_network(network));
  CHECK(blocks == 0);
  CHECK_OK(LITE_make_default_network(&network));
  CHECK_OK(LITE_set_memory_allocator_with_userdata(network, on_allocate_with_data, on_free_with_data,
                                                   &releases, on_release));
  load(network);
  check_run(network);
  CHECK_OK(LITE_destroy_network(network));
  CHECK(blocks == 0 && releases == 2);
  CHECK_OK(LITE_make_default_network(&network));
  CHECK_OK(LITE_set_memory_allocator(network, no_memory, on_free));
  load(network);
  CHECK_CODE(LITE_forward(network), LITE_OUT_OF_MEMORY);
  CHECK_ARGUMENT(LITE_set_memory_allocator(network, NULL, on_free));
  CHECK_ARGUMENT(LITE_set_memory_allocator(network, on_allocate, NULL));
  CHECK_ARGUMENT(
      LITE_set_memory_allocator_with_userdata(network, NULL, on_free_with_data, &releases, on_release));
  CHECK(releases == 2);
  CHECK_OK(LITE_destroy_network(network));
}

static LiteNetwork other;
static int on_start(const LiteIO* ios, const LiteTensor* tensors, size_t size) {
  (void)ios, (void)tensors, (void)size;
  CHECK_CODE(LITE_forward(other), LITE_BUSY);
  return 0;
}

static void test_shared_memory(void) {
  LiteNetwork network = NULL;
  CHECK_OK(LITE_make_default_network(&network));
  CHECK_OK(LITE_make_default_network(&other));
  load(network);
  CHECK_OK(LITE_share_runtime_memroy(other, network));
  load(other);
  check_run(network);
  check_run(other);
  check_run(network);
  CHECK_OK(LITE_set_start_callback(network, on_start));
  check_run(network);
  CHECK_OK(LITE_set_start_callback(network, NULL));
  CHECK_OK(LITE_destroy_network(network));
  check_run(other);
  CHECK_OK(LITE_share_runtime_memroy(other, other));
  CHECK_OK(LITE_destroy_network(other));
}

static size_t file_size(const char* path) {
  struct stat info;
  return stat(path, &info) == 0 ? (size_t)info.st_size : 0;
}

static void test_files(void) {
  LiteNetwork network = NULL, again = NULL;
  char directory[] = "/tmp/lite-capi-XXXXXX", path[100];
  CHECK(mkdtemp(directory) != NULL);
  CHECK_OK(LITE_make_default_network(&network));
  snprintf(path, sizeof path, "%s/profile.json", directory);
  CHECK_OK(LITE_enable_profile_performance(network, path));
  load(network);
  check_run(network);
  CHECK(file_size(path) > 20);
  unlink(path);
  snprintf(path, sizeof path, "%s/io.txt", directory);
  CHECK_OK(LITE_enable_io_txt_dump(network, path));
  CHECK_OK(LITE_enable_io_bin_dump(network, directory));
  CHECK_CODE(LITE_enable_io_bin_dump(network, "/nonexistent"), LITE_IO_ERROR);
  CHECK_CODE(LITE_enable_io_bin_dump(network, path), LITE_IO_ERROR);
  CHECK_CODE(LITE_enable_io_txt_dump(network, "/nonexistent/io.txt"), LITE_IO_ERROR);
  CHECK_CODE(LITE_enable_profile_performance(network, "/nonexistent/p.json"), LITE_IO_ERROR);
  check_run(network);
  CHECK(file_size(path) > 20);
  unlink(path);
  snprintf(path, sizeof path, "%s/00001-x.npy", directory);
  CHECK(file_size(path) == 128 + 32);
  snprintf(path, sizeof path, "%s/plan/deep", directory);
  CHECK_OK(LITE_get_static_memory_alloc_info(network, path));
  snprintf(path, sizeof path, "%s/plan/deep/static_memory.json", directory);
  CHECK(file_size(path) > 20);
  snprintf(path, sizeof path, "%s/copy.onnx", directory);
  CHECK_OK(LITE_dump_layout_transform_model(network, path));
  CHECK_CODE(LITE_dump_layout_transform_model(network, "/nonexistent/copy"), LITE_IO_ERROR);
  CHECK_OK(LITE_make_default_network(&again));
  CHECK_OK(LITE_load_model_from_path(again, path));
  check_run(again);
  CHECK_OK(LITE_check_model(again, path, NULL));
  CHECK_OK(LITE_load_model_file(again, path, NULL));
  check_run(again);
  CHECK_OK(LITE_destroy_network(again));
  snprintf(path, sizeof path, "%s/cache", directory);
  CHECK_OK(LITE_dump_persistent_cache(path));
  CHECK_OK(LITE_set_persistent_cache(path, 1));
  CHECK(file_size(path) > 5);
  CHECK_OK(LITE_destroy_network(network));
  snprintf(path, sizeof path, "rm -rf %s", directory);
  CHECK(system(path) == 0);
}

static void test_options(void) {
  static const struct {
    const char *key, *value;
    int code;
  } cases[] = {{"threads", "2", LITE_OK},
               {"threads", "0", LITE_OK},
               {"threads", "-1", LITE_INVALID_ARGUMENT},
               {"threads", "2 ", LITE_INVALID_ARGUMENT},
               {"optimize", "off", LITE_OK},
               {"optimize", "maybe", LITE_INVALID_ARGUMENT},
               {"optimize", "true", LITE_OK},
               {"reproducible", "1", LITE_OK},
               {"winograd", "false", LITE_OK},
               {"fold_limit", "1M", LITE_OK},
               {"fold_limit", "64k", LITE_OK},
               {"fold_limit", "none", LITE_OK},
               {"fold_limit", "1T", LITE_INVALID_ARGUMENT},
               {"fold_limit", "99999999999G", LITE_INVALID_ARGUMENT},
               {"arena_limit", "1G", LITE_OK},
               {"copy_files", "1", LITE_ALREADY_LOADED},
               {"program_cache", "10M", LITE_OK},
               {"program_cache_entries", "3", LITE_OK},
               {"enable_f16_io_comp", "1", LITE_OK},
               {"spin_us", "3", LITE_INVALID_ARGUMENT},
               {"", "1", LITE_INVALID_ARGUMENT}};
  LiteNetwork network = NULL;
  size_t i, count = 0;
  CHECK_OK(LITE_make_default_network(&network));
  CHECK_OK(LITE_get_option_count(&count));
  for (i = 0; i < count; ++i) {
    LiteOptionInfo info = LITE_OPTION_INFO_INIT;
    const char* value = NULL;
    CHECK_OK(LITE_get_option_info(i, &info));
    if (info.scope != LITE_OPTION_NETWORK) continue;
    CHECK_OK(LITE_get_option(network, info.key, &value));
    if (strcmp(value, info.default_value) != 0) {
      printf("option %s: %s, listed as %s\n", info.key, value, info.default_value);
      ++failures;
    }
    CHECK_OK(LITE_set_option(network, info.key, info.default_value));
  }
  load(network);
  for (i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
    CHECK_CODE(LITE_set_option(network, cases[i].key, cases[i].value), cases[i].code);
    if (cases[i].code == LITE_OK) check_run(network);
  }
  CHECK_OK(LITE_destroy_network(network));
}

static void test_limits(void) {
  Message slow = slow_model(64, 3);
  LiteNetwork network = NULL;
  CHECK_OK(LITE_make_default_network(&network));
  CHECK_OK(LITE_set_option(network, "arena_limit", "1k"));
  CHECK_OK(LITE_load_model_from_mem(network, slow.data, slow.size));
  CHECK_CODE(LITE_forward(network), LITE_LIMIT_EXCEEDED);
  CHECK_TEXT("arena_limit");
  CHECK_OK(LITE_set_option(network, "arena_limit", "none"));
  CHECK_OK(LITE_forward(network));
  CHECK_OK(LITE_destroy_network(network));
  free(slow.data);
}

static size_t decrypt(const void* in, size_t size, const uint8_t* key, size_t key_size, const void* out) {
  unsigned char* to = (unsigned char*)(uintptr_t)out; /* MegEngine Lite's type says const and means it not */
  size_t i;
  if (to != NULL)
    for (i = 0; i < size; ++i) to[i] = ((const unsigned char*)in)[i] ^ key[i % key_size];
  return size;
}
static size_t decrypt_badly(const void* in, size_t size, const uint8_t* key, size_t key_size,
                            const void* out) {
  (void)in, (void)key, (void)key_size;
  return out == NULL ? size : size - 1;
}
static int decrypt_with_data(const void* in, size_t size, const uint8_t* key, size_t key_size,
                             int (*emit)(void*, const void*, size_t), void* sink, void* data) {
  unsigned char* const plain = (unsigned char*)malloc(size);
  int code;
  ++*(atomic_int*)data;
  decrypt(in, size, key, key_size, plain);
  code = emit(sink, plain, size);
  free(plain);
  return code;
}

static void test_decryption(void) {
  const uint8_t key[3] = {7, 200, 31}, wrong[3] = {7, 200, 30};
  LiteNetwork network = NULL;
  LiteConfig config = LITE_CONFIG_INIT;
  unsigned char* const cipher = (unsigned char*)malloc(model.size);
  atomic_int calls = 0;
  decrypt(model.data, model.size, key, 3, cipher);
  CHECK_OK(LITE_register_decryption_and_key("xor", decrypt, key, 3));
  CHECK_ARGUMENT(LITE_register_decryption_and_key("xor", decrypt, key, 3));
  CHECK_ARGUMENT(LITE_register_decryption_and_key("AES_default", decrypt, key, 3));
  CHECK_ARGUMENT(LITE_register_decryption_and_key(NULL, decrypt, key, 3));
  CHECK_ARGUMENT(LITE_register_decryption_and_key("a", NULL, key, 3));
  CHECK_ARGUMENT(LITE_register_decryption_and_key("a", decrypt, NULL, 3));
  config.bare_model_cryption_name = "xor";
  CHECK_OK(LITE_make_network_config(&network, config));
  CHECK_OK(LITE_load_model_from_mem(network, cipher, model.size));
  check_run(network);
  CHECK_OK(LITE_update_decryption_or_key("xor", NULL, wrong, 3));
  CHECK_CODE(LITE_load_model_from_mem(network, cipher, model.size), LITE_INVALID_MODEL);
  CHECK_OK(LITE_update_decryption_or_key("xor", decrypt_badly, NULL, 0));
  CHECK_CODE(LITE_load_model_from_mem(network, cipher, model.size), LITE_INVALID_MODEL);
  CHECK_TEXT("announced");
  releases = 0;
  CHECK_OK(LITE_update_decryption_with_userdata("xor", decrypt_with_data, key, 3, &calls, on_release));
  CHECK_OK(LITE_load_model_from_mem(network, cipher, model.size));
  CHECK(calls == 1 && releases == 0);
  check_run(network);
  CHECK_CODE(LITE_update_decryption_or_key("rot13", decrypt, key, 3), LITE_NOT_FOUND);
  CHECK_ARGUMENT(LITE_update_decryption_or_key(NULL, decrypt, key, 3));
  CHECK_ARGUMENT(LITE_update_decryption_or_key("xor", decrypt, NULL, 3));
  CHECK_OK(LITE_destroy_network(network));
  config.bare_model_cryption_name = "unheard";
  CHECK_OK(LITE_make_network_config(&network, config));
  CHECK_CODE(LITE_load_model_from_mem(network, cipher, model.size), LITE_NOT_FOUND);
  CHECK_OK(LITE_destroy_network(network));
  free(cipher);
}

int main(void) {
  model = affine_model(2);
  test_before_loading();
  test_inplace();
  test_kernels();
  test_affinity(0);
  test_affinity(1);
  test_allocator();
  test_shared_memory();
  test_files();
  test_options();
  test_limits();
  test_decryption();
  free(model.data);
  return check_report("settings");
}
