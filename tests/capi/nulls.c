/* NULL in each place of the functions that take a network. */
#include "check.h"
#include "model_writer.h"

static int never(void) { return 0; }
static int on_affinity(int id) { return id; }
static int on_affinity_with_data(int id, void* data) { return data == NULL ? id : 0; }
static void* on_allocate(LiteDeviceType device, int device_id, size_t size, size_t align) {
  (void)device, (void)device_id, (void)size, (void)align;
  return NULL;
}
static void on_free(LiteDeviceType device, int device_id, void* p) { (void)device, (void)device_id, (void)p; }

static void test_nulls(void) {
  Message model = affine_model(2);
  LiteNetwork n = NULL;
  size_t size = 0;
  int i = 0;
  const char* s = NULL;
  char* owned = NULL;
  LiteTensor t = NULL;
  LiteDeviceType device;
  LiteExtraConfig extra = {0};
  LiteStatistics statistics = LITE_STATISTICS_INIT;
  LiteIOInfo info = LITE_IO_INFO_INIT;
  LiteUnsupportedNode node = LITE_UNSUPPORTED_NODE_INIT;
  CHECK_OK(LITE_make_default_network(&n));
  CHECK_OK(LITE_load_model_from_mem(n, model.data, model.size));
  free(model.data);
#define NULL_NETWORK(call) CHECK_ARGUMENT(call)
  NULL_NETWORK(LITE_load_model_from_mem(NULL, &i, 4));
  NULL_NETWORK(LITE_load_model_from_path(NULL, "x"));
  NULL_NETWORK(LITE_load_model_file(NULL, "x", NULL));
  NULL_NETWORK(LITE_load_model_memory(NULL, &i, 4, NULL));
  NULL_NETWORK(LITE_check_model(NULL, "x", NULL));
  NULL_NETWORK(LITE_check_model_memory(NULL, &i, 4, NULL));
  NULL_NETWORK(LITE_shared_weight_with_network(NULL, n));
  NULL_NETWORK(LITE_shared_weight_with_network(n, NULL));
  NULL_NETWORK(LITE_destroy_network(NULL));
  NULL_NETWORK(LITE_forward(NULL));
  NULL_NETWORK(LITE_wait(NULL));
  NULL_NETWORK(LITE_wait_for(NULL, 1));
  NULL_NETWORK(LITE_cancel(NULL));
  NULL_NETWORK(LITE_trim(NULL));
  NULL_NETWORK(LITE_get_io_tensor(NULL, "x", LITE_IO, &t));
  NULL_NETWORK(LITE_get_discrete_tensor(NULL, "x", 0, LITE_IO, &t));
  NULL_NETWORK(LITE_get_discrete_tensor_count(NULL, "x", &size));
  NULL_NETWORK(LITE_get_input_name(NULL, 0, &s));
  NULL_NETWORK(LITE_get_output_name(NULL, 0, &s));
  NULL_NETWORK(LITE_get_all_input_name(NULL, &size, NULL));
  NULL_NETWORK(LITE_get_all_output_name(NULL, &size, NULL));
  NULL_NETWORK(LITE_get_model_extra_info(NULL, &s, &i));
  NULL_NETWORK(LITE_is_cpu_inplace_mode(NULL, &i));
  NULL_NETWORK(LITE_get_cpu_threads_number(NULL, &size));
  NULL_NETWORK(LITE_get_device_id(NULL, &i));
  NULL_NETWORK(LITE_get_stream_id(NULL, &i));
  NULL_NETWORK(LITE_get_device_type(NULL, &device));
  NULL_NETWORK(LITE_set_cpu_inplace_mode(NULL));
  NULL_NETWORK(LITE_set_cpu_threads_number(NULL, 1));
  NULL_NETWORK(LITE_set_device_id(NULL, 0));
  NULL_NETWORK(LITE_set_stream_id(NULL, 0));
  NULL_NETWORK(LITE_use_tensorrt(NULL));
  NULL_NETWORK(LITE_set_network_algo_policy(NULL, LITE_ALGO_PROFILE));
  NULL_NETWORK(LITE_set_network_algo_fastrun_config(NULL, 0, 0));
  NULL_NETWORK(LITE_set_network_algo_workspace_limit(NULL, 0));
  NULL_NETWORK(LITE_set_async_callback(NULL, never));
  NULL_NETWORK(LITE_set_async_callback_with_userdata(NULL, NULL, NULL));
  NULL_NETWORK(LITE_set_completion_callback(NULL, NULL, NULL));
  NULL_NETWORK(LITE_set_start_callback(NULL, NULL));
  NULL_NETWORK(LITE_set_start_callback_with_userdata(NULL, NULL, NULL));
  NULL_NETWORK(LITE_set_finish_callback(NULL, NULL));
  NULL_NETWORK(LITE_set_finish_callback_with_userdata(NULL, NULL, NULL));
  NULL_NETWORK(LITE_set_runtime_thread_affinity(NULL, on_affinity));
  NULL_NETWORK(LITE_set_runtime_thread_affinity_with_userdata(NULL, on_affinity_with_data, NULL, NULL));
  NULL_NETWORK(LITE_set_memory_allocator(NULL, on_allocate, on_free));
  NULL_NETWORK(LITE_share_runtime_memroy(NULL, n));
  NULL_NETWORK(LITE_share_runtime_memroy(n, NULL));
  NULL_NETWORK(LITE_enable_profile_performance(NULL, "x"));
  NULL_NETWORK(LITE_enable_io_txt_dump(NULL, "x"));
  NULL_NETWORK(LITE_enable_io_bin_dump(NULL, "x"));
  NULL_NETWORK(LITE_get_static_memory_alloc_info(NULL, "x"));
  NULL_NETWORK(LITE_enable_global_layout_transform(NULL));
  NULL_NETWORK(LITE_dump_layout_transform_model(NULL, "x"));
  NULL_NETWORK(LITE_extra_configure(NULL, extra));
  NULL_NETWORK(LITE_set_run_timeout(NULL, 1));
  NULL_NETWORK(LITE_get_statistics(NULL, &statistics));
  NULL_NETWORK(LITE_set_profiling(NULL, 1));
  NULL_NETWORK(LITE_get_profile(NULL, "table", &owned));
  NULL_NETWORK(LITE_dump_graph(NULL, "imported", "text", &owned));
  NULL_NETWORK(LITE_get_unsupported_count(NULL, &size));
  NULL_NETWORK(LITE_get_unsupported_node(NULL, 0, &node));
  NULL_NETWORK(LITE_get_input_count(NULL, &size));
  NULL_NETWORK(LITE_get_output_count(NULL, &size));
  NULL_NETWORK(LITE_get_input_info(NULL, 0, &info));
  NULL_NETWORK(LITE_get_output_info(NULL, 0, &info));
  NULL_NETWORK(LITE_get_metadata_count(NULL, &size));
  NULL_NETWORK(LITE_get_metadata_item(NULL, 0, &s, &s));
  NULL_NETWORK(LITE_get_metadata(NULL, "a", &s));
#undef NULL_NETWORK
  CHECK_ARGUMENT(LITE_get_io_tensor(n, NULL, LITE_IO, &t));
  CHECK_ARGUMENT(LITE_get_io_tensor(n, "x", LITE_IO, NULL));
  CHECK_ARGUMENT(LITE_get_io_tensor(n, "x", (LiteTensorPhase)9, &t));
  CHECK_CODE(LITE_get_io_tensor(n, "nothing", LITE_IO, &t), LITE_NOT_FOUND);
  CHECK_TEXT("'x'");
  CHECK_CODE(LITE_get_io_tensor(n, "x", LITE_OUTPUT, &t), LITE_NOT_FOUND);
  CHECK_ARGUMENT(LITE_get_input_name(n, 0, NULL));
  CHECK_ARGUMENT(LITE_get_output_name(n, 0, NULL));
  CHECK_ARGUMENT(LITE_get_model_extra_info(n, NULL, &i));
  CHECK_ARGUMENT(LITE_get_model_extra_info(n, &s, NULL));
  CHECK_ARGUMENT(LITE_is_cpu_inplace_mode(n, NULL));
  CHECK_ARGUMENT(LITE_get_cpu_threads_number(n, NULL));
  CHECK_ARGUMENT(LITE_get_device_id(n, NULL));
  CHECK_ARGUMENT(LITE_get_stream_id(n, NULL));
  CHECK_ARGUMENT(LITE_get_device_type(n, NULL));
  CHECK_ARGUMENT(LITE_enable_profile_performance(n, NULL));
  CHECK_ARGUMENT(LITE_enable_io_txt_dump(n, NULL));
  CHECK_ARGUMENT(LITE_enable_io_bin_dump(n, NULL));
  CHECK_ARGUMENT(LITE_get_static_memory_alloc_info(n, NULL));
  CHECK_ARGUMENT(LITE_dump_layout_transform_model(n, NULL));
  CHECK_ARGUMENT(LITE_get_statistics(n, NULL));
  statistics.struct_size = 2;
  CHECK_ARGUMENT(LITE_get_statistics(n, &statistics));
  CHECK_ARGUMENT(LITE_get_profile(n, NULL, &owned));
  CHECK_ARGUMENT(LITE_get_profile(n, "table", NULL));
  CHECK_ARGUMENT(LITE_dump_graph(n, NULL, "text", &owned));
  CHECK_ARGUMENT(LITE_dump_graph(n, "imported", NULL, &owned));
  CHECK_ARGUMENT(LITE_dump_graph(n, "imported", "text", NULL));
  CHECK_ARGUMENT(LITE_get_input_info(n, 0, NULL));
  CHECK_ARGUMENT(LITE_get_metadata(n, NULL, &s));
  CHECK_ARGUMENT(LITE_get_metadata(n, "author", NULL));
  CHECK_ARGUMENT(LITE_get_metadata_item(n, 0, NULL, &s));
  CHECK_ARGUMENT(LITE_get_metadata_item(n, 0, &s, NULL));
  CHECK_ARGUMENT(LITE_set_option(n, NULL, "1"));
  CHECK_ARGUMENT(LITE_set_option(n, "threads", NULL));
  CHECK_ARGUMENT(LITE_get_option(n, NULL, &s));
  CHECK_ARGUMENT(LITE_get_option(n, "threads", NULL));
  CHECK_ARGUMENT(LITE_register_parse_info_func(NULL, NULL));
  CHECK_ARGUMENT(LITE_register_parse_info_with_userdata("a", NULL, NULL, NULL));
  CHECK_OK(LITE_destroy_network(n));
}

int main(void) {
  test_nulls();
  return check_report("nulls");
}
