/* Codes, texts, versions, the log, process-wide settings. */
#include <pthread.h>

#include "check.h"

static void* fail_elsewhere(void* unused) {
  (void)unused;
  CHECK(LITE_get_last_status() == LITE_OK);
  CHECK_ARGUMENT(LITE_get_tensor_rank(NULL, NULL));
  CHECK_TEXT("tensor is NULL");
  return NULL;
}

static void test_errors(void) {
  LiteTensor tensor = NULL;
  pthread_t thread;
  CHECK_ARGUMENT(LITE_make_tensor_with_dims(LITE_FLOAT, -1, NULL, &tensor));
  CHECK_TEXT("LITE_make_tensor_with_dims");
  CHECK_TEXT("rank is -1");
  CHECK(tensor == NULL);
  CHECK(LITE_get_last_error_code() == LITE_INTERNAL_ERROR);
  CHECK(pthread_create(&thread, NULL, fail_elsewhere, NULL) == 0);
  pthread_join(thread, NULL);
  CHECK_TEXT("rank is -1");
  LITE_clear_last_error();
  CHECK(LITE_get_last_status() == LITE_OK && LITE_get_last_error()[0] == '\0');
  CHECK(LITE_get_last_error_code() == LITE_OK);

  CHECK_ARGUMENT(LITE_set_option(NULL, "nonsense", "1"));
  CHECK_TEXT("threads");
  CHECK_OK(LITE_set_option(NULL, "spin_us", "0"));
  CHECK(LITE_get_last_error()[0] == '\0');
}

static void test_long_text(void) {
  char name[9000];
  memset(name, 'a', sizeof name);
  memcpy(name + 4000, "\xC3\xA4", 2);
  name[sizeof name - 1] = '\0';
  CHECK_ARGUMENT(LITE_set_option(NULL, name, "1"));
  CHECK(strlen(LITE_get_last_error()) < 4096);
  CHECK_TEXT(" ...");
}

static void test_names(void) {
  int code;
  CHECK(strcmp(LITE_get_status_name(LITE_OK), "LITE_OK") == 0);
  for (code = LITE_ALREADY_LOADED; code <= LITE_UNKNOWN_ERROR; ++code)
    CHECK(strncmp(LITE_get_status_name(code), "LITE_", 5) == 0);
  CHECK(strcmp(LITE_get_status_name(12345), "LITE_UNKNOWN_ERROR") == 0);
}

static void test_versions(void) {
  int major = 0, minor = 0, patch = 0;
  CHECK_OK(LITE_get_version(&major, &minor, &patch));
  CHECK(major == LITE_VERSION_MAJOR && minor == LITE_VERSION_MINOR && patch == LITE_VERSION_PATCH);
  CHECK_ARGUMENT(LITE_get_version(NULL, &minor, &patch));
  CHECK_ARGUMENT(LITE_get_version(&major, NULL, &patch));
  CHECK_ARGUMENT(LITE_get_version(&major, &minor, NULL));
  CHECK_OK(LITE_check_version(LITE_VERSION_MAJOR, LITE_VERSION_MINOR));
  CHECK_CODE(LITE_check_version(LITE_VERSION_MAJOR + 1, 0), LITE_UNSUPPORTED);
  CHECK_TEXT(LITE_VERSION_STRING);
  CHECK_CODE(LITE_check_version(LITE_VERSION_MAJOR, LITE_VERSION_MINOR + 1), LITE_UNSUPPORTED);
  CHECK(strstr(LITE_get_build_info(), "version: " LITE_VERSION_STRING) != NULL);
  CHECK(strstr(LITE_get_build_info(), "cpu-isa: ") != NULL);
}

static void test_operators(void) {
  char* json = NULL;
  CHECK_ARGUMENT(LITE_get_operators(NULL));
  CHECK_OK(LITE_get_operators(&json));
  CHECK(json != NULL && json[0] == '[' && strstr(json, "]\n") != NULL);
  CHECK(strstr(json, "{\"name\": \"Conv\", \"domain\": \"\", \"since\": 22,") != NULL);
  CHECK(strstr(json, "{\"name\": \"FusedMatMul\", \"domain\": \"com.microsoft\", \"replaced\": true}") !=
        NULL);
  CHECK(strstr(json, "\"domain\": \"lite\"") == NULL);
  LITE_free_string(json);
}

static int logged;
static void count_message(LiteLogLevel level, const char* message, void* user_data) {
  CHECK(level >= LITE_LOG_DEBUG && level <= LITE_LOG_ERROR && message[0] != '\0');
  ++*(int*)user_data;
}

static void test_log(void) {
  LiteLogLevel level = LITE_LOG_OFF;
  CHECK_OK(LITE_get_log_level(&level));
  CHECK(level == LITE_LOG_ERROR);
  CHECK_ARGUMENT(LITE_get_log_level(NULL));
  CHECK_ARGUMENT(LITE_set_log_level((LiteLogLevel)9));
  CHECK_OK(LITE_set_log_level(LITE_LOG_WARN));
  CHECK_OK(LITE_get_log_level(&level));
  CHECK(level == LITE_LOG_WARN);
  CHECK_OK(LITE_set_log_callback(count_message, &logged));
  CHECK_OK(LITE_set_log_callback(NULL, NULL));
  CHECK_OK(LITE_set_option(NULL, "log_level", "error"));
}

static void test_process(void) {
  size_t threads = 0, count = 0;
  LiteStatistics statistics = LITE_STATISTICS_INIT;
  CHECK_OK(LITE_get_process_threads(&threads));
  CHECK(threads >= 1);
  CHECK_ARGUMENT(LITE_get_process_threads(NULL));
  CHECK_OK(LITE_set_process_threads(3));
  CHECK_OK(LITE_get_process_threads(&threads));
  CHECK(threads == 3);
  CHECK_ARGUMENT(LITE_set_process_threads(5000));
  CHECK_OK(LITE_set_process_threads(0));
  CHECK_OK(LITE_get_process_statistics(&statistics));
  CHECK_ARGUMENT(LITE_get_process_statistics(NULL));
  CHECK_OK(LITE_try_coalesce_all_free_memory());
  CHECK_OK(LITE_get_device_count(LITE_CPU, &count));
  CHECK(count == 1);
  CHECK_OK(LITE_get_device_count(LITE_NPU, &count));
  CHECK(count == 0);
  CHECK_ARGUMENT(LITE_get_device_count((LiteDeviceType)77, &count));
  CHECK_ARGUMENT(LITE_get_device_count(LITE_CPU, NULL));
}

static void test_memory_pairs(void) {
  char a[64], b[64];
  void* found = NULL;
  CHECK_OK(LITE_register_memory_pair(a, b, sizeof a, LITE_NPU, LITE_DEFAULT));
  CHECK_ARGUMENT(LITE_register_memory_pair(a, b, sizeof a, LITE_NPU, LITE_DEFAULT));
  CHECK_ARGUMENT(LITE_register_memory_pair(NULL, b, sizeof a, LITE_NPU, LITE_DEFAULT));
  CHECK_ARGUMENT(LITE_register_memory_pair(a, b, 0, LITE_CPU, LITE_DEFAULT));
  CHECK_OK(LITE_lookup_physic_ptr(a + 5, &found, LITE_NPU, LITE_DEFAULT));
  CHECK(found == b + 5);
  CHECK_CODE(LITE_lookup_physic_ptr(a + sizeof a, &found, LITE_NPU, LITE_DEFAULT), LITE_NOT_FOUND);
  CHECK_CODE(LITE_lookup_physic_ptr(a, &found, LITE_CPU, LITE_DEFAULT), LITE_NOT_FOUND);
  CHECK_CODE(LITE_clear_memory_pair(a, a, LITE_NPU, LITE_DEFAULT), LITE_NOT_FOUND);
  CHECK_OK(LITE_clear_memory_pair(a, b, LITE_NPU, LITE_DEFAULT));
  CHECK_CODE(LITE_clear_memory_pair(a, b, LITE_NPU, LITE_DEFAULT), LITE_NOT_FOUND);
}

static void test_accepted(void) {
  CHECK_OK(LITE_set_loader_lib_path("anything"));
  CHECK_OK(LITE_set_tensor_rt_cache("anything"));
  CHECK_OK(LITE_dump_tensor_rt_cache());
  CHECK_ARGUMENT(LITE_set_loader_lib_path(NULL));
  CHECK_ARGUMENT(LITE_set_tensor_rt_cache(NULL));
  CHECK_ARGUMENT(LITE_set_persistent_cache(NULL, 0));
  CHECK_CODE(LITE_set_persistent_cache("/", 0), LITE_IO_ERROR);
  CHECK_CODE(LITE_dump_persistent_cache("/nonexistent/cache"), LITE_IO_ERROR);
  CHECK_ARGUMENT(LITE_dump_persistent_cache(NULL));
}

static void test_options(void) {
  size_t count = 0, i;
  const char* value = NULL;
  CHECK_OK(LITE_get_option_count(&count));
  CHECK(count > 5);
  CHECK_ARGUMENT(LITE_get_option_count(NULL));
  for (i = 0; i < count; ++i) {
    LiteOptionInfo info = LITE_OPTION_INFO_INIT;
    CHECK_OK(LITE_get_option_info(i, &info));
    CHECK(info.key != NULL && info.type != NULL && info.default_value != NULL && info.description[0] != '\0');
    if (info.scope == LITE_OPTION_PROCESS) CHECK_OK(LITE_get_option(NULL, info.key, &value));
  }
  {
    LiteOptionInfo info = LITE_OPTION_INFO_INIT;
    CHECK_ARGUMENT(LITE_get_option_info(count, &info));
    CHECK_ARGUMENT(LITE_get_option_info(0, NULL));
    info.struct_size = 0;
    CHECK_ARGUMENT(LITE_get_option_info(0, &info));
    CHECK_TEXT("struct_size");
  }
  CHECK_OK(LITE_set_option(NULL, "spin_us", "7"));
  CHECK_OK(LITE_get_option(NULL, "spin_us", &value));
  CHECK(strcmp(value, "7") == 0);
  CHECK_ARGUMENT(LITE_set_option(NULL, "spin_us", "x7"));
  CHECK_ARGUMENT(LITE_set_option(NULL, "spin_us", ""));
  CHECK_ARGUMENT(LITE_set_option(NULL, "spin_us", NULL));
  CHECK_ARGUMENT(LITE_set_option(NULL, NULL, "1"));
  CHECK_ARGUMENT(LITE_set_option(NULL, "log_level", "loud"));
  CHECK_ARGUMENT(LITE_get_option(NULL, "loudness", &value));
  CHECK_ARGUMENT(LITE_get_option(NULL, "spin_us", NULL));
}

int main(void) {
  test_errors();
  test_long_text();
  test_names();
  test_versions();
  test_operators();
  test_log();
  test_process();
  test_memory_pairs();
  test_accepted();
  test_options();
  return check_report("status");
}
