// Written by scripts/go-headers.
// clang-format off

//go:build !lite_link && !lite_static

#include "dynamic.h"

#include <dlfcn.h>
#include <stddef.h>

#include "lite.h"

static struct {
  int (*LITE_convert_model)(const char* path, const char* onnx_path, const LiteConvertOptions* options, char** report);
  int (*LITE_convert_model_memory)(const void* model, size_t size, const LiteConvertOptions* options, char** onnx, size_t* onnx_size, char** report);
  int (*LITE_compile_model)(const char* path, const char* lite_path, const LiteCompileOptions* options, char** report);
  int (*LITE_get_version)(int* major, int* minor, int* patch);
  LiteErrorCode (*LITE_get_last_error_code)(void);
  void (*LITE_clear_last_error)(void);
  const char* (*LITE_get_last_error)(void);
  int (*LITE_get_device_count)(LiteDeviceType device_type, size_t* count);
  int (*LITE_try_coalesce_all_free_memory)(void);
  int (*LITE_register_decryption_and_key)(const char* decrypt_name, const LiteDecryptionFunc func, const uint8_t* key_data, size_t key_size);
  int (*LITE_update_decryption_or_key)(const char* decrypt_name, const LiteDecryptionFunc func, const uint8_t* key_data, size_t key_size);
  int (*LITE_register_parse_info_func)(const char* info_type, const LiteParseInfoFunc parse_func);
  int (*LITE_set_loader_lib_path)(const char* loader_path);
  int (*LITE_set_persistent_cache)(const char* cache_path, int always_sync);
  int (*LITE_set_tensor_rt_cache)(const char* cache_path);
  int (*LITE_dump_persistent_cache)(const char* cache_path);
  int (*LITE_dump_tensor_rt_cache)(void);
  int (*LITE_set_log_level)(LiteLogLevel level);
  int (*LITE_get_log_level)(LiteLogLevel* level);
  int (*LITE_register_memory_pair)(void* vir_ptr, void* phy_ptr, size_t length, LiteDeviceType device, LiteBackend backend);
  int (*LITE_clear_memory_pair)(void* vir_ptr, void* phy_ptr, LiteDeviceType device, LiteBackend backend);
  int (*LITE_lookup_physic_ptr)(void* vir_ptr, void** phy_ptr, LiteDeviceType device, LiteBackend backend);
  int (*LITE_load_model_file)(LiteNetwork network, const char* path, const LiteLoadOptions* options);
  int (*LITE_load_model_memory)(LiteNetwork network, const void* data, size_t size, const LiteLoadOptions* options);
  int (*LITE_check_model)(LiteNetwork network, const char* path, const LiteLoadOptions* options);
  int (*LITE_check_model_memory)(LiteNetwork network, const void* data, size_t size, const LiteLoadOptions* options);
  int (*LITE_get_operators)(char** json);
  int (*LITE_get_unsupported_count)(const LiteNetwork network, size_t* count);
  int (*LITE_get_unsupported_node)(const LiteNetwork network, size_t index, LiteUnsupportedNode* node);
  int (*LITE_get_input_count)(const LiteNetwork network, size_t* count);
  int (*LITE_get_output_count)(const LiteNetwork network, size_t* count);
  int (*LITE_get_input_info)(const LiteNetwork network, size_t index, LiteIOInfo* info);
  int (*LITE_get_output_info)(const LiteNetwork network, size_t index, LiteIOInfo* info);
  int (*LITE_get_discrete_tensor_count)(const LiteNetwork network, const char* io_name, size_t* count);
  int (*LITE_get_metadata_count)(const LiteNetwork network, size_t* count);
  int (*LITE_get_metadata_item)(const LiteNetwork network, size_t index, const char** key, const char** value);
  int (*LITE_get_metadata)(const LiteNetwork network, const char* key, const char** value);
  int (*LITE_dump_graph)(LiteNetwork network, const char* stage, const char* format, char** text);
  int (*LITE_make_default_network)(LiteNetwork* network);
  int (*LITE_make_network)(LiteNetwork* network, const LiteConfig config, const LiteNetworkIO network_io);
  int (*LITE_make_network_config)(LiteNetwork* network, const LiteConfig config);
  int (*LITE_load_model_from_mem)(LiteNetwork network, void* model_mem, size_t size);
  int (*LITE_load_model_from_path)(LiteNetwork network, const char* model_path);
  int (*LITE_shared_weight_with_network)(LiteNetwork dst_network, const LiteNetwork src_network);
  int (*LITE_destroy_network)(LiteNetwork network);
  int (*LITE_forward)(const LiteNetwork network);
  int (*LITE_wait)(const LiteNetwork network);
  int (*LITE_get_io_tensor)(LiteNetwork network, const char* io_name, LiteTensorPhase phase, LiteTensor* tensor);
  int (*LITE_get_discrete_tensor)(LiteNetwork network, const char* io_name, size_t n_idx, LiteTensorPhase phase, LiteTensor* tensor);
  int (*LITE_get_input_name)(const LiteNetwork network, size_t index, const char** name);
  int (*LITE_get_output_name)(const LiteNetwork network, size_t index, const char** name);
  int (*LITE_get_all_input_name)(const LiteNetwork network, size_t* size, const char** name);
  int (*LITE_get_all_output_name)(const LiteNetwork network, size_t* size, const char** name);
  int (*LITE_get_model_io_info_by_path)(const char* model_path, const LiteConfig config, LiteNetworkIO* ios);
  int (*LITE_get_model_io_info_by_memory)(const void* model_mem, size_t size, const LiteConfig config, LiteNetworkIO* ios);
  int (*LITE_get_model_extra_info)(const LiteNetwork network, const char** info, int* info_size);
  int (*LITE_is_cpu_inplace_mode)(const LiteNetwork network, int* is_cpu_inplace_mode);
  int (*LITE_get_cpu_threads_number)(const LiteNetwork network, size_t* nr_threads);
  int (*LITE_get_device_id)(const LiteNetwork network, int* device_id);
  int (*LITE_get_stream_id)(const LiteNetwork network, int* stream_id);
  int (*LITE_get_device_type)(const LiteNetwork network, LiteDeviceType* device_type);
  int (*LITE_set_cpu_inplace_mode)(LiteNetwork network);
  int (*LITE_set_cpu_threads_number)(LiteNetwork network, size_t nr_threads);
  int (*LITE_set_device_id)(LiteNetwork network, int device_id);
  int (*LITE_set_stream_id)(LiteNetwork network, int stream_id);
  int (*LITE_use_tensorrt)(LiteNetwork network);
  int (*LITE_set_network_algo_policy)(LiteNetwork network, LiteAlgoSelectStrategy strategy);
  int (*LITE_set_network_algo_fastrun_config)(LiteNetwork network, unsigned int shared_batch_size, int binary_equal_between_batch);
  int (*LITE_set_network_algo_workspace_limit)(LiteNetwork network, size_t workspace_limit);
  int (*LITE_set_async_callback)(LiteNetwork network, const LiteAsyncCallback async_callback);
  int (*LITE_set_async_callback_with_userdata)(LiteNetwork network, const LiteAsyncCallbackWithData async_callback, void* user_data);
  int (*LITE_set_start_callback)(LiteNetwork network, const LiteStartCallback start_callback);
  int (*LITE_set_start_callback_with_userdata)(LiteNetwork network, const LiteStartCallbackWithData start_callback, void* user_data);
  int (*LITE_set_finish_callback)(LiteNetwork network, const LiteFinishCallback finish_callback);
  int (*LITE_set_finish_callback_with_userdata)(LiteNetwork network, const LiteFinishCallbackWithData finish_callback, void* user_data);
  int (*LITE_set_runtime_thread_affinity)(LiteNetwork network, const LiteThreadAffinityCallback thread_affinity_callback);
  int (*LITE_set_memory_allocator)(LiteNetwork network, const LiteAllocate allocate_fun, const LiteFree free_fun);
  int (*LITE_share_runtime_memroy)(LiteNetwork src_network, LiteNetwork dst_network);
  int (*LITE_enable_profile_performance)(LiteNetwork network, const char* profile_json_file_path);
  int (*LITE_enable_io_txt_dump)(LiteNetwork network, const char* io_txt_out_file);
  int (*LITE_enable_io_bin_dump)(LiteNetwork network, const char* io_bin_out_dir);
  int (*LITE_get_static_memory_alloc_info)(LiteNetwork network, const char* log_dir);
  int (*LITE_enable_global_layout_transform)(LiteNetwork network);
  int (*LITE_dump_layout_transform_model)(LiteNetwork network, const char* dump_file_path);
  int (*LITE_extra_configure)(LiteNetwork network, LiteExtraConfig extra_config);
  int (*LITE_register_operator)(const LiteOperator* op);
  int (*LITE_unregister_operator)(const char* domain, const char* name, int since_version);
  int (*LITE_load_operator_library)(const char* path);
  int (*LITE_operator_get_node_name)(LiteOperatorContext context, const char** name);
  int (*LITE_operator_get_input_count)(LiteOperatorContext context, size_t* count);
  int (*LITE_operator_get_output_count)(LiteOperatorContext context, size_t* count);
  int (*LITE_operator_get_input)(LiteOperatorContext context, size_t index, LiteOperatorTensor* tensor);
  int (*LITE_operator_get_input_string)(LiteOperatorContext context, size_t index, size_t element, const char** text, size_t* size);
  int (*LITE_operator_set_error)(LiteOperatorContext context, const char* message);
  int (*LITE_operator_get_attribute_count)(LiteOperatorContext context, size_t* count);
  int (*LITE_operator_get_attribute_name)(LiteOperatorContext context, size_t index, const char** name);
  int (*LITE_operator_get_attribute_type)(LiteOperatorContext context, const char* name, LiteAttributeType* type, size_t* length);
  int (*LITE_operator_get_attribute_int)(LiteOperatorContext context, const char* name, int64_t* value);
  int (*LITE_operator_get_attribute_float)(LiteOperatorContext context, const char* name, float* value);
  int (*LITE_operator_get_attribute_string)(LiteOperatorContext context, const char* name, size_t element, const char** text, size_t* size);
  int (*LITE_operator_get_attribute_ints)(LiteOperatorContext context, const char* name, const int64_t** values, size_t* length);
  int (*LITE_operator_get_attribute_floats)(LiteOperatorContext context, const char* name, const float** values, size_t* length);
  int (*LITE_operator_get_attribute_tensor)(LiteOperatorContext context, const char* name, LiteOperatorTensor* tensor);
  int (*LITE_operator_set_output)(LiteOperatorContext context, size_t index, int dtype, int rank, const int64_t* dims);
  int (*LITE_operator_get_output)(LiteOperatorContext context, size_t index, LiteOperatorTensor* tensor);
  int (*LITE_operator_allocate_output)(LiteOperatorContext context, size_t index, LiteDataType dtype, int rank, const int64_t* dims, void** data);
  int (*LITE_operator_set_output_string)(LiteOperatorContext context, size_t index, size_t element, const char* text, size_t size);
  int (*LITE_operator_parallel_for)(LiteOperatorContext context, int64_t count, LiteOperatorTask task, void* data);
  int (*LITE_operator_get_threads)(LiteOperatorContext context, size_t* threads);
  int (*LITE_operator_should_stop)(LiteOperatorContext context, int* stop);
  int (*LITE_set_option)(LiteNetwork network, const char* key, const char* value);
  int (*LITE_get_option)(const LiteNetwork network, const char* key, const char** value);
  int (*LITE_get_option_count)(size_t* count);
  int (*LITE_get_option_info)(size_t index, LiteOptionInfo* info);
  int (*LITE_pack_model)(const char* model_path, const char* packed_path, const LitePackOptions* options);
  int (*LITE_pack_model_memory)(const void* model, size_t size, const LitePackOptions* options, char** packed, size_t* packed_size);
  int (*LITE_unpack_model)(const char* path, LitePackPart part, const char* method, const uint8_t* key_data, size_t key_size, char** data, size_t* size);
  int (*LITE_describe_pack)(const char* path, char** json);
  int (*LITE_set_process_threads)(size_t threads);
  int (*LITE_get_process_threads)(size_t* threads);
  int (*LITE_get_process_statistics)(LiteStatistics* statistics);
  int (*LITE_cancel)(LiteNetwork network);
  int (*LITE_set_run_timeout)(LiteNetwork network, uint64_t microseconds);
  int (*LITE_wait_for)(LiteNetwork network, uint64_t microseconds);
  int (*LITE_set_completion_callback)(LiteNetwork network, LiteCompletionCallback callback, void* user_data);
  int (*LITE_trim)(LiteNetwork network);
  int (*LITE_get_statistics)(LiteNetwork network, LiteStatistics* statistics);
  int (*LITE_set_profiling)(LiteNetwork network, int enabled);
  int (*LITE_get_profile)(LiteNetwork network, const char* format, char** text);
  void (*LITE_free_string)(char* text);
  int (*LITE_get_last_status)(void);
  const char* (*LITE_get_status_name)(int code);
  int (*LITE_check_version)(int major, int minor);
  const char* (*LITE_get_build_info)(void);
  int (*LITE_set_log_callback)(LiteLogCallback callback, void* user_data);
  int (*LITE_make_tensor)(const LiteTensorDesc tensor_describe, LiteTensor* tensor);
  int (*LITE_destroy_tensor)(LiteTensor tensor);
  int (*LITE_set_tensor_layout)(LiteTensor tensor, const LiteLayout layout);
  int (*LITE_reset_tensor_memory)(LiteTensor tensor, void* prepared_data, size_t data_length_in_byte);
  int (*LITE_reset_tensor)(LiteTensor tensor, const LiteLayout layout, void* prepared_data);
  int (*LITE_tensor_reshape)(LiteTensor tensor, const int* shape, int size);
  int (*LITE_tensor_slice)(const LiteTensor tensor, const size_t* start, const size_t* end, const size_t* step, size_t size, LiteTensor* slice_tensor);
  int (*LITE_tensor_fill_zero)(LiteTensor tensor);
  int (*LITE_tensor_copy)(LiteTensor dst_tensor, const LiteTensor src_tensor);
  int (*LITE_tensor_share_memory_with)(LiteTensor dst_tensor, const LiteTensor src_tensor);
  int (*LITE_get_tensor_memory)(const LiteTensor tensor, void** data);
  int (*LITE_get_tensor_memory_with_index)(const LiteTensor tensor, const size_t* index, size_t size, void** data);
  int (*LITE_get_tensor_total_size_in_byte)(const LiteTensor tensor, size_t* size);
  int (*LITE_get_tensor_layout)(const LiteTensor tensor, LiteLayout* layout);
  int (*LITE_get_tensor_device_type)(const LiteTensor tensor, LiteDeviceType* device_type);
  int (*LITE_get_tensor_device_id)(const LiteTensor tensor, int* device_id);
  int (*LITE_is_pinned_host)(const LiteTensor tensor, int* is_pinned_host);
  int (*LITE_is_memory_continue)(const LiteTensor tensor, int* is_continue);
  int (*LITE_tensor_concat)(LiteTensor* tensors, int nr_tensor, int dim, LiteDeviceType dst_device, int device_id, LiteTensor* result_tensor);
  const char* (*LITE_get_dtype_name)(LiteDataType dtype);
  int (*LITE_get_dtype_bits)(LiteDataType dtype, size_t* bits);
  int (*LITE_make_tensor_with_dims)(LiteDataType dtype, int rank, const int64_t* dims, LiteTensor* tensor);
  int (*LITE_make_tensor_from_memory)(LiteDataType dtype, int rank, const int64_t* dims, const int64_t* strides, void* data, size_t size, LiteRelease release, void* user_data, LiteTensor* tensor);
  int (*LITE_set_tensor_dims)(LiteTensor tensor, LiteDataType dtype, int rank, const int64_t* dims);
  int (*LITE_reset_tensor_with_dims)(LiteTensor tensor, LiteDataType dtype, int rank, const int64_t* dims, void* data, size_t size);
  int (*LITE_tensor_reshape_dims)(LiteTensor tensor, int rank, const int64_t* dims);
  int (*LITE_get_tensor_dtype)(const LiteTensor tensor, LiteDataType* dtype);
  int (*LITE_get_tensor_rank)(const LiteTensor tensor, int* rank);
  int (*LITE_get_tensor_dims)(const LiteTensor tensor, int capacity, int64_t* dims);
  int (*LITE_get_tensor_strides)(const LiteTensor tensor, int capacity, int64_t* strides);
  int (*LITE_get_tensor_string)(const LiteTensor tensor, size_t index, const char** data, size_t* size);
  int (*LITE_set_tensor_string)(LiteTensor tensor, size_t index, const char* data, size_t size);
  int (*LITE_tensor_to_dlpack)(LiteTensor tensor, struct DLManagedTensor** managed);
  int (*LITE_tensor_to_dlpack_versioned)(LiteTensor tensor, struct DLManagedTensorVersioned** managed);
  int (*LITE_tensor_from_dlpack)(struct DLManagedTensor* managed, LiteTensor* tensor);
  int (*LITE_tensor_from_dlpack_versioned)(struct DLManagedTensorVersioned* managed, LiteTensor* tensor);
  int (*LITE_set_runtime_thread_affinity_with_userdata)(LiteNetwork network, LiteThreadAffinityCallbackWithData callback, void* user_data, LiteRelease release);
  int (*LITE_set_memory_allocator_with_userdata)(LiteNetwork network, LiteAllocateWithData allocate_fun, LiteFreeWithData free_fun, void* user_data, LiteRelease release);
  int (*LITE_register_decryption_with_userdata)(const char* decrypt_name, LiteDecryptionFuncWithData func, const uint8_t* key_data, size_t key_size, void* user_data, LiteRelease release);
  int (*LITE_update_decryption_with_userdata)(const char* decrypt_name, LiteDecryptionFuncWithData func, const uint8_t* key_data, size_t key_size, void* user_data, LiteRelease release);
  int (*LITE_register_parse_info_with_userdata)(const char* info_type, LiteParseInfoFuncWithData parse_func, void* user_data, LiteRelease release);
  int (*LITE_make_tensor_value)(const LiteTensor tensor, uint32_t flags, LiteValue* value);
  int (*LITE_make_sequence)(LiteDataType dtype, LiteValue* value);
  int (*LITE_append_value)(LiteValue sequence, const LiteValue element);
  int (*LITE_make_optional)(const LiteValue element, LiteDataType dtype, LiteValue* value);
  int (*LITE_make_map)(const LiteTensor keys, const LiteValue values, LiteValue* value);
  int (*LITE_destroy_value)(LiteValue value);
  int (*LITE_get_value_kind)(const LiteValue value, LiteValueKind* kind);
  int (*LITE_get_value_dtype)(const LiteValue value, LiteDataType* dtype);
  int (*LITE_get_value_length)(const LiteValue value, size_t* length);
  int (*LITE_get_value_element)(const LiteValue value, size_t index, LiteValue* element);
  int (*LITE_get_value_tensor)(const LiteValue value, LiteTensor* tensor);
  int (*LITE_get_map_keys)(const LiteValue map, LiteTensor* keys);
  int (*LITE_get_map_values)(const LiteValue map, LiteValue* values);
  int (*LITE_set_input_value)(LiteNetwork network, const char* io_name, const LiteValue value);
  int (*LITE_get_output_value)(LiteNetwork network, const char* io_name, LiteValue* value);
  int (*LITE_get_input_value_type)(const LiteNetwork network, size_t index, size_t level, LiteValueType* type);
  int (*LITE_get_output_value_type)(const LiteNetwork network, size_t index, size_t level, LiteValueType* type);
} api;

static const struct {
  const char* name;
  void* slot;
} symbols[] = {
    {"LITE_convert_model", &api.LITE_convert_model},
    {"LITE_convert_model_memory", &api.LITE_convert_model_memory},
    {"LITE_compile_model", &api.LITE_compile_model},
    {"LITE_get_version", &api.LITE_get_version},
    {"LITE_get_last_error_code", &api.LITE_get_last_error_code},
    {"LITE_clear_last_error", &api.LITE_clear_last_error},
    {"LITE_get_last_error", &api.LITE_get_last_error},
    {"LITE_get_device_count", &api.LITE_get_device_count},
    {"LITE_try_coalesce_all_free_memory", &api.LITE_try_coalesce_all_free_memory},
    {"LITE_register_decryption_and_key", &api.LITE_register_decryption_and_key},
    {"LITE_update_decryption_or_key", &api.LITE_update_decryption_or_key},
    {"LITE_register_parse_info_func", &api.LITE_register_parse_info_func},
    {"LITE_set_loader_lib_path", &api.LITE_set_loader_lib_path},
    {"LITE_set_persistent_cache", &api.LITE_set_persistent_cache},
    {"LITE_set_tensor_rt_cache", &api.LITE_set_tensor_rt_cache},
    {"LITE_dump_persistent_cache", &api.LITE_dump_persistent_cache},
    {"LITE_dump_tensor_rt_cache", &api.LITE_dump_tensor_rt_cache},
    {"LITE_set_log_level", &api.LITE_set_log_level},
    {"LITE_get_log_level", &api.LITE_get_log_level},
    {"LITE_register_memory_pair", &api.LITE_register_memory_pair},
    {"LITE_clear_memory_pair", &api.LITE_clear_memory_pair},
    {"LITE_lookup_physic_ptr", &api.LITE_lookup_physic_ptr},
    {"LITE_load_model_file", &api.LITE_load_model_file},
    {"LITE_load_model_memory", &api.LITE_load_model_memory},
    {"LITE_check_model", &api.LITE_check_model},
    {"LITE_check_model_memory", &api.LITE_check_model_memory},
    {"LITE_get_operators", &api.LITE_get_operators},
    {"LITE_get_unsupported_count", &api.LITE_get_unsupported_count},
    {"LITE_get_unsupported_node", &api.LITE_get_unsupported_node},
    {"LITE_get_input_count", &api.LITE_get_input_count},
    {"LITE_get_output_count", &api.LITE_get_output_count},
    {"LITE_get_input_info", &api.LITE_get_input_info},
    {"LITE_get_output_info", &api.LITE_get_output_info},
    {"LITE_get_discrete_tensor_count", &api.LITE_get_discrete_tensor_count},
    {"LITE_get_metadata_count", &api.LITE_get_metadata_count},
    {"LITE_get_metadata_item", &api.LITE_get_metadata_item},
    {"LITE_get_metadata", &api.LITE_get_metadata},
    {"LITE_dump_graph", &api.LITE_dump_graph},
    {"LITE_make_default_network", &api.LITE_make_default_network},
    {"LITE_make_network", &api.LITE_make_network},
    {"LITE_make_network_config", &api.LITE_make_network_config},
    {"LITE_load_model_from_mem", &api.LITE_load_model_from_mem},
    {"LITE_load_model_from_path", &api.LITE_load_model_from_path},
    {"LITE_shared_weight_with_network", &api.LITE_shared_weight_with_network},
    {"LITE_destroy_network", &api.LITE_destroy_network},
    {"LITE_forward", &api.LITE_forward},
    {"LITE_wait", &api.LITE_wait},
    {"LITE_get_io_tensor", &api.LITE_get_io_tensor},
    {"LITE_get_discrete_tensor", &api.LITE_get_discrete_tensor},
    {"LITE_get_input_name", &api.LITE_get_input_name},
    {"LITE_get_output_name", &api.LITE_get_output_name},
    {"LITE_get_all_input_name", &api.LITE_get_all_input_name},
    {"LITE_get_all_output_name", &api.LITE_get_all_output_name},
    {"LITE_get_model_io_info_by_path", &api.LITE_get_model_io_info_by_path},
    {"LITE_get_model_io_info_by_memory", &api.LITE_get_model_io_info_by_memory},
    {"LITE_get_model_extra_info", &api.LITE_get_model_extra_info},
    {"LITE_is_cpu_inplace_mode", &api.LITE_is_cpu_inplace_mode},
    {"LITE_get_cpu_threads_number", &api.LITE_get_cpu_threads_number},
    {"LITE_get_device_id", &api.LITE_get_device_id},
    {"LITE_get_stream_id", &api.LITE_get_stream_id},
    {"LITE_get_device_type", &api.LITE_get_device_type},
    {"LITE_set_cpu_inplace_mode", &api.LITE_set_cpu_inplace_mode},
    {"LITE_set_cpu_threads_number", &api.LITE_set_cpu_threads_number},
    {"LITE_set_device_id", &api.LITE_set_device_id},
    {"LITE_set_stream_id", &api.LITE_set_stream_id},
    {"LITE_use_tensorrt", &api.LITE_use_tensorrt},
    {"LITE_set_network_algo_policy", &api.LITE_set_network_algo_policy},
    {"LITE_set_network_algo_fastrun_config", &api.LITE_set_network_algo_fastrun_config},
    {"LITE_set_network_algo_workspace_limit", &api.LITE_set_network_algo_workspace_limit},
    {"LITE_set_async_callback", &api.LITE_set_async_callback},
    {"LITE_set_async_callback_with_userdata", &api.LITE_set_async_callback_with_userdata},
    {"LITE_set_start_callback", &api.LITE_set_start_callback},
    {"LITE_set_start_callback_with_userdata", &api.LITE_set_start_callback_with_userdata},
    {"LITE_set_finish_callback", &api.LITE_set_finish_callback},
    {"LITE_set_finish_callback_with_userdata", &api.LITE_set_finish_callback_with_userdata},
    {"LITE_set_runtime_thread_affinity", &api.LITE_set_runtime_thread_affinity},
    {"LITE_set_memory_allocator", &api.LITE_set_memory_allocator},
    {"LITE_share_runtime_memroy", &api.LITE_share_runtime_memroy},
    {"LITE_enable_profile_performance", &api.LITE_enable_profile_performance},
    {"LITE_enable_io_txt_dump", &api.LITE_enable_io_txt_dump},
    {"LITE_enable_io_bin_dump", &api.LITE_enable_io_bin_dump},
    {"LITE_get_static_memory_alloc_info", &api.LITE_get_static_memory_alloc_info},
    {"LITE_enable_global_layout_transform", &api.LITE_enable_global_layout_transform},
    {"LITE_dump_layout_transform_model", &api.LITE_dump_layout_transform_model},
    {"LITE_extra_configure", &api.LITE_extra_configure},
    {"LITE_register_operator", &api.LITE_register_operator},
    {"LITE_unregister_operator", &api.LITE_unregister_operator},
    {"LITE_load_operator_library", &api.LITE_load_operator_library},
    {"LITE_operator_get_node_name", &api.LITE_operator_get_node_name},
    {"LITE_operator_get_input_count", &api.LITE_operator_get_input_count},
    {"LITE_operator_get_output_count", &api.LITE_operator_get_output_count},
    {"LITE_operator_get_input", &api.LITE_operator_get_input},
    {"LITE_operator_get_input_string", &api.LITE_operator_get_input_string},
    {"LITE_operator_set_error", &api.LITE_operator_set_error},
    {"LITE_operator_get_attribute_count", &api.LITE_operator_get_attribute_count},
    {"LITE_operator_get_attribute_name", &api.LITE_operator_get_attribute_name},
    {"LITE_operator_get_attribute_type", &api.LITE_operator_get_attribute_type},
    {"LITE_operator_get_attribute_int", &api.LITE_operator_get_attribute_int},
    {"LITE_operator_get_attribute_float", &api.LITE_operator_get_attribute_float},
    {"LITE_operator_get_attribute_string", &api.LITE_operator_get_attribute_string},
    {"LITE_operator_get_attribute_ints", &api.LITE_operator_get_attribute_ints},
    {"LITE_operator_get_attribute_floats", &api.LITE_operator_get_attribute_floats},
    {"LITE_operator_get_attribute_tensor", &api.LITE_operator_get_attribute_tensor},
    {"LITE_operator_set_output", &api.LITE_operator_set_output},
    {"LITE_operator_get_output", &api.LITE_operator_get_output},
    {"LITE_operator_allocate_output", &api.LITE_operator_allocate_output},
    {"LITE_operator_set_output_string", &api.LITE_operator_set_output_string},
    {"LITE_operator_parallel_for", &api.LITE_operator_parallel_for},
    {"LITE_operator_get_threads", &api.LITE_operator_get_threads},
    {"LITE_operator_should_stop", &api.LITE_operator_should_stop},
    {"LITE_set_option", &api.LITE_set_option},
    {"LITE_get_option", &api.LITE_get_option},
    {"LITE_get_option_count", &api.LITE_get_option_count},
    {"LITE_get_option_info", &api.LITE_get_option_info},
    {"LITE_pack_model", &api.LITE_pack_model},
    {"LITE_pack_model_memory", &api.LITE_pack_model_memory},
    {"LITE_unpack_model", &api.LITE_unpack_model},
    {"LITE_describe_pack", &api.LITE_describe_pack},
    {"LITE_set_process_threads", &api.LITE_set_process_threads},
    {"LITE_get_process_threads", &api.LITE_get_process_threads},
    {"LITE_get_process_statistics", &api.LITE_get_process_statistics},
    {"LITE_cancel", &api.LITE_cancel},
    {"LITE_set_run_timeout", &api.LITE_set_run_timeout},
    {"LITE_wait_for", &api.LITE_wait_for},
    {"LITE_set_completion_callback", &api.LITE_set_completion_callback},
    {"LITE_trim", &api.LITE_trim},
    {"LITE_get_statistics", &api.LITE_get_statistics},
    {"LITE_set_profiling", &api.LITE_set_profiling},
    {"LITE_get_profile", &api.LITE_get_profile},
    {"LITE_free_string", &api.LITE_free_string},
    {"LITE_get_last_status", &api.LITE_get_last_status},
    {"LITE_get_status_name", &api.LITE_get_status_name},
    {"LITE_check_version", &api.LITE_check_version},
    {"LITE_get_build_info", &api.LITE_get_build_info},
    {"LITE_set_log_callback", &api.LITE_set_log_callback},
    {"LITE_make_tensor", &api.LITE_make_tensor},
    {"LITE_destroy_tensor", &api.LITE_destroy_tensor},
    {"LITE_set_tensor_layout", &api.LITE_set_tensor_layout},
    {"LITE_reset_tensor_memory", &api.LITE_reset_tensor_memory},
    {"LITE_reset_tensor", &api.LITE_reset_tensor},
    {"LITE_tensor_reshape", &api.LITE_tensor_reshape},
    {"LITE_tensor_slice", &api.LITE_tensor_slice},
    {"LITE_tensor_fill_zero", &api.LITE_tensor_fill_zero},
    {"LITE_tensor_copy", &api.LITE_tensor_copy},
    {"LITE_tensor_share_memory_with", &api.LITE_tensor_share_memory_with},
    {"LITE_get_tensor_memory", &api.LITE_get_tensor_memory},
    {"LITE_get_tensor_memory_with_index", &api.LITE_get_tensor_memory_with_index},
    {"LITE_get_tensor_total_size_in_byte", &api.LITE_get_tensor_total_size_in_byte},
    {"LITE_get_tensor_layout", &api.LITE_get_tensor_layout},
    {"LITE_get_tensor_device_type", &api.LITE_get_tensor_device_type},
    {"LITE_get_tensor_device_id", &api.LITE_get_tensor_device_id},
    {"LITE_is_pinned_host", &api.LITE_is_pinned_host},
    {"LITE_is_memory_continue", &api.LITE_is_memory_continue},
    {"LITE_tensor_concat", &api.LITE_tensor_concat},
    {"LITE_get_dtype_name", &api.LITE_get_dtype_name},
    {"LITE_get_dtype_bits", &api.LITE_get_dtype_bits},
    {"LITE_make_tensor_with_dims", &api.LITE_make_tensor_with_dims},
    {"LITE_make_tensor_from_memory", &api.LITE_make_tensor_from_memory},
    {"LITE_set_tensor_dims", &api.LITE_set_tensor_dims},
    {"LITE_reset_tensor_with_dims", &api.LITE_reset_tensor_with_dims},
    {"LITE_tensor_reshape_dims", &api.LITE_tensor_reshape_dims},
    {"LITE_get_tensor_dtype", &api.LITE_get_tensor_dtype},
    {"LITE_get_tensor_rank", &api.LITE_get_tensor_rank},
    {"LITE_get_tensor_dims", &api.LITE_get_tensor_dims},
    {"LITE_get_tensor_strides", &api.LITE_get_tensor_strides},
    {"LITE_get_tensor_string", &api.LITE_get_tensor_string},
    {"LITE_set_tensor_string", &api.LITE_set_tensor_string},
    {"LITE_tensor_to_dlpack", &api.LITE_tensor_to_dlpack},
    {"LITE_tensor_to_dlpack_versioned", &api.LITE_tensor_to_dlpack_versioned},
    {"LITE_tensor_from_dlpack", &api.LITE_tensor_from_dlpack},
    {"LITE_tensor_from_dlpack_versioned", &api.LITE_tensor_from_dlpack_versioned},
    {"LITE_set_runtime_thread_affinity_with_userdata", &api.LITE_set_runtime_thread_affinity_with_userdata},
    {"LITE_set_memory_allocator_with_userdata", &api.LITE_set_memory_allocator_with_userdata},
    {"LITE_register_decryption_with_userdata", &api.LITE_register_decryption_with_userdata},
    {"LITE_update_decryption_with_userdata", &api.LITE_update_decryption_with_userdata},
    {"LITE_register_parse_info_with_userdata", &api.LITE_register_parse_info_with_userdata},
    {"LITE_make_tensor_value", &api.LITE_make_tensor_value},
    {"LITE_make_sequence", &api.LITE_make_sequence},
    {"LITE_append_value", &api.LITE_append_value},
    {"LITE_make_optional", &api.LITE_make_optional},
    {"LITE_make_map", &api.LITE_make_map},
    {"LITE_destroy_value", &api.LITE_destroy_value},
    {"LITE_get_value_kind", &api.LITE_get_value_kind},
    {"LITE_get_value_dtype", &api.LITE_get_value_dtype},
    {"LITE_get_value_length", &api.LITE_get_value_length},
    {"LITE_get_value_element", &api.LITE_get_value_element},
    {"LITE_get_value_tensor", &api.LITE_get_value_tensor},
    {"LITE_get_map_keys", &api.LITE_get_map_keys},
    {"LITE_get_map_values", &api.LITE_get_map_values},
    {"LITE_set_input_value", &api.LITE_set_input_value},
    {"LITE_get_output_value", &api.LITE_get_output_value},
    {"LITE_get_input_value_type", &api.LITE_get_input_value_type},
    {"LITE_get_output_value_type", &api.LITE_get_output_value_type},
};

const char* lite_go_bind(void* library) {
  const char* missing = NULL;
  for (size_t i = 0; i < sizeof(symbols) / sizeof(symbols[0]); ++i) {
    void* address = dlsym(library, symbols[i].name);
    if (address == NULL && missing == NULL) missing = symbols[i].name;
    *(void**)symbols[i].slot = address;
  }
  return missing;
}

int LITE_convert_model(const char* path, const char* onnx_path, const LiteConvertOptions* options, char** report) { return api.LITE_convert_model(path, onnx_path, options, report); }
int LITE_convert_model_memory(const void* model, size_t size, const LiteConvertOptions* options, char** onnx, size_t* onnx_size, char** report) { return api.LITE_convert_model_memory(model, size, options, onnx, onnx_size, report); }
int LITE_compile_model(const char* path, const char* lite_path, const LiteCompileOptions* options, char** report) { return api.LITE_compile_model(path, lite_path, options, report); }
int LITE_get_version(int* major, int* minor, int* patch) { return api.LITE_get_version(major, minor, patch); }
LiteErrorCode LITE_get_last_error_code(void) { return api.LITE_get_last_error_code(); }
void LITE_clear_last_error(void) { api.LITE_clear_last_error(); }
const char* LITE_get_last_error(void) { return api.LITE_get_last_error(); }
int LITE_get_device_count(LiteDeviceType device_type, size_t* count) { return api.LITE_get_device_count(device_type, count); }
int LITE_try_coalesce_all_free_memory(void) { return api.LITE_try_coalesce_all_free_memory(); }
int LITE_register_decryption_and_key(const char* decrypt_name, const LiteDecryptionFunc func, const uint8_t* key_data, size_t key_size) { return api.LITE_register_decryption_and_key(decrypt_name, func, key_data, key_size); }
int LITE_update_decryption_or_key(const char* decrypt_name, const LiteDecryptionFunc func, const uint8_t* key_data, size_t key_size) { return api.LITE_update_decryption_or_key(decrypt_name, func, key_data, key_size); }
int LITE_register_parse_info_func(const char* info_type, const LiteParseInfoFunc parse_func) { return api.LITE_register_parse_info_func(info_type, parse_func); }
int LITE_set_loader_lib_path(const char* loader_path) { return api.LITE_set_loader_lib_path(loader_path); }
int LITE_set_persistent_cache(const char* cache_path, int always_sync) { return api.LITE_set_persistent_cache(cache_path, always_sync); }
int LITE_set_tensor_rt_cache(const char* cache_path) { return api.LITE_set_tensor_rt_cache(cache_path); }
int LITE_dump_persistent_cache(const char* cache_path) { return api.LITE_dump_persistent_cache(cache_path); }
int LITE_dump_tensor_rt_cache(void) { return api.LITE_dump_tensor_rt_cache(); }
int LITE_set_log_level(LiteLogLevel level) { return api.LITE_set_log_level(level); }
int LITE_get_log_level(LiteLogLevel* level) { return api.LITE_get_log_level(level); }
int LITE_register_memory_pair(void* vir_ptr, void* phy_ptr, size_t length, LiteDeviceType device, LiteBackend backend) { return api.LITE_register_memory_pair(vir_ptr, phy_ptr, length, device, backend); }
int LITE_clear_memory_pair(void* vir_ptr, void* phy_ptr, LiteDeviceType device, LiteBackend backend) { return api.LITE_clear_memory_pair(vir_ptr, phy_ptr, device, backend); }
int LITE_lookup_physic_ptr(void* vir_ptr, void** phy_ptr, LiteDeviceType device, LiteBackend backend) { return api.LITE_lookup_physic_ptr(vir_ptr, phy_ptr, device, backend); }
int LITE_load_model_file(LiteNetwork network, const char* path, const LiteLoadOptions* options) { return api.LITE_load_model_file(network, path, options); }
int LITE_load_model_memory(LiteNetwork network, const void* data, size_t size, const LiteLoadOptions* options) { return api.LITE_load_model_memory(network, data, size, options); }
int LITE_check_model(LiteNetwork network, const char* path, const LiteLoadOptions* options) { return api.LITE_check_model(network, path, options); }
int LITE_check_model_memory(LiteNetwork network, const void* data, size_t size, const LiteLoadOptions* options) { return api.LITE_check_model_memory(network, data, size, options); }
int LITE_get_operators(char** json) { return api.LITE_get_operators(json); }
int LITE_get_unsupported_count(const LiteNetwork network, size_t* count) { return api.LITE_get_unsupported_count(network, count); }
int LITE_get_unsupported_node(const LiteNetwork network, size_t index, LiteUnsupportedNode* node) { return api.LITE_get_unsupported_node(network, index, node); }
int LITE_get_input_count(const LiteNetwork network, size_t* count) { return api.LITE_get_input_count(network, count); }
int LITE_get_output_count(const LiteNetwork network, size_t* count) { return api.LITE_get_output_count(network, count); }
int LITE_get_input_info(const LiteNetwork network, size_t index, LiteIOInfo* info) { return api.LITE_get_input_info(network, index, info); }
int LITE_get_output_info(const LiteNetwork network, size_t index, LiteIOInfo* info) { return api.LITE_get_output_info(network, index, info); }
int LITE_get_discrete_tensor_count(const LiteNetwork network, const char* io_name, size_t* count) { return api.LITE_get_discrete_tensor_count(network, io_name, count); }
int LITE_get_metadata_count(const LiteNetwork network, size_t* count) { return api.LITE_get_metadata_count(network, count); }
int LITE_get_metadata_item(const LiteNetwork network, size_t index, const char** key, const char** value) { return api.LITE_get_metadata_item(network, index, key, value); }
int LITE_get_metadata(const LiteNetwork network, const char* key, const char** value) { return api.LITE_get_metadata(network, key, value); }
int LITE_dump_graph(LiteNetwork network, const char* stage, const char* format, char** text) { return api.LITE_dump_graph(network, stage, format, text); }
int LITE_make_default_network(LiteNetwork* network) { return api.LITE_make_default_network(network); }
int LITE_make_network(LiteNetwork* network, const LiteConfig config, const LiteNetworkIO network_io) { return api.LITE_make_network(network, config, network_io); }
int LITE_make_network_config(LiteNetwork* network, const LiteConfig config) { return api.LITE_make_network_config(network, config); }
int LITE_load_model_from_mem(LiteNetwork network, void* model_mem, size_t size) { return api.LITE_load_model_from_mem(network, model_mem, size); }
int LITE_load_model_from_path(LiteNetwork network, const char* model_path) { return api.LITE_load_model_from_path(network, model_path); }
int LITE_shared_weight_with_network(LiteNetwork dst_network, const LiteNetwork src_network) { return api.LITE_shared_weight_with_network(dst_network, src_network); }
int LITE_destroy_network(LiteNetwork network) { return api.LITE_destroy_network(network); }
int LITE_forward(const LiteNetwork network) { return api.LITE_forward(network); }
int LITE_wait(const LiteNetwork network) { return api.LITE_wait(network); }
int LITE_get_io_tensor(LiteNetwork network, const char* io_name, LiteTensorPhase phase, LiteTensor* tensor) { return api.LITE_get_io_tensor(network, io_name, phase, tensor); }
int LITE_get_discrete_tensor(LiteNetwork network, const char* io_name, size_t n_idx, LiteTensorPhase phase, LiteTensor* tensor) { return api.LITE_get_discrete_tensor(network, io_name, n_idx, phase, tensor); }
int LITE_get_input_name(const LiteNetwork network, size_t index, const char** name) { return api.LITE_get_input_name(network, index, name); }
int LITE_get_output_name(const LiteNetwork network, size_t index, const char** name) { return api.LITE_get_output_name(network, index, name); }
int LITE_get_all_input_name(const LiteNetwork network, size_t* size, const char** name) { return api.LITE_get_all_input_name(network, size, name); }
int LITE_get_all_output_name(const LiteNetwork network, size_t* size, const char** name) { return api.LITE_get_all_output_name(network, size, name); }
int LITE_get_model_io_info_by_path(const char* model_path, const LiteConfig config, LiteNetworkIO* ios) { return api.LITE_get_model_io_info_by_path(model_path, config, ios); }
int LITE_get_model_io_info_by_memory(const void* model_mem, size_t size, const LiteConfig config, LiteNetworkIO* ios) { return api.LITE_get_model_io_info_by_memory(model_mem, size, config, ios); }
int LITE_get_model_extra_info(const LiteNetwork network, const char** info, int* info_size) { return api.LITE_get_model_extra_info(network, info, info_size); }
int LITE_is_cpu_inplace_mode(const LiteNetwork network, int* is_cpu_inplace_mode) { return api.LITE_is_cpu_inplace_mode(network, is_cpu_inplace_mode); }
int LITE_get_cpu_threads_number(const LiteNetwork network, size_t* nr_threads) { return api.LITE_get_cpu_threads_number(network, nr_threads); }
int LITE_get_device_id(const LiteNetwork network, int* device_id) { return api.LITE_get_device_id(network, device_id); }
int LITE_get_stream_id(const LiteNetwork network, int* stream_id) { return api.LITE_get_stream_id(network, stream_id); }
int LITE_get_device_type(const LiteNetwork network, LiteDeviceType* device_type) { return api.LITE_get_device_type(network, device_type); }
int LITE_set_cpu_inplace_mode(LiteNetwork network) { return api.LITE_set_cpu_inplace_mode(network); }
int LITE_set_cpu_threads_number(LiteNetwork network, size_t nr_threads) { return api.LITE_set_cpu_threads_number(network, nr_threads); }
int LITE_set_device_id(LiteNetwork network, int device_id) { return api.LITE_set_device_id(network, device_id); }
int LITE_set_stream_id(LiteNetwork network, int stream_id) { return api.LITE_set_stream_id(network, stream_id); }
int LITE_use_tensorrt(LiteNetwork network) { return api.LITE_use_tensorrt(network); }
int LITE_set_network_algo_policy(LiteNetwork network, LiteAlgoSelectStrategy strategy) { return api.LITE_set_network_algo_policy(network, strategy); }
int LITE_set_network_algo_fastrun_config(LiteNetwork network, unsigned int shared_batch_size, int binary_equal_between_batch) { return api.LITE_set_network_algo_fastrun_config(network, shared_batch_size, binary_equal_between_batch); }
int LITE_set_network_algo_workspace_limit(LiteNetwork network, size_t workspace_limit) { return api.LITE_set_network_algo_workspace_limit(network, workspace_limit); }
int LITE_set_async_callback(LiteNetwork network, const LiteAsyncCallback async_callback) { return api.LITE_set_async_callback(network, async_callback); }
int LITE_set_async_callback_with_userdata(LiteNetwork network, const LiteAsyncCallbackWithData async_callback, void* user_data) { return api.LITE_set_async_callback_with_userdata(network, async_callback, user_data); }
int LITE_set_start_callback(LiteNetwork network, const LiteStartCallback start_callback) { return api.LITE_set_start_callback(network, start_callback); }
int LITE_set_start_callback_with_userdata(LiteNetwork network, const LiteStartCallbackWithData start_callback, void* user_data) { return api.LITE_set_start_callback_with_userdata(network, start_callback, user_data); }
int LITE_set_finish_callback(LiteNetwork network, const LiteFinishCallback finish_callback) { return api.LITE_set_finish_callback(network, finish_callback); }
int LITE_set_finish_callback_with_userdata(LiteNetwork network, const LiteFinishCallbackWithData finish_callback, void* user_data) { return api.LITE_set_finish_callback_with_userdata(network, finish_callback, user_data); }
int LITE_set_runtime_thread_affinity(LiteNetwork network, const LiteThreadAffinityCallback thread_affinity_callback) { return api.LITE_set_runtime_thread_affinity(network, thread_affinity_callback); }
int LITE_set_memory_allocator(LiteNetwork network, const LiteAllocate allocate_fun, const LiteFree free_fun) { return api.LITE_set_memory_allocator(network, allocate_fun, free_fun); }
int LITE_share_runtime_memroy(LiteNetwork src_network, LiteNetwork dst_network) { return api.LITE_share_runtime_memroy(src_network, dst_network); }
int LITE_enable_profile_performance(LiteNetwork network, const char* profile_json_file_path) { return api.LITE_enable_profile_performance(network, profile_json_file_path); }
int LITE_enable_io_txt_dump(LiteNetwork network, const char* io_txt_out_file) { return api.LITE_enable_io_txt_dump(network, io_txt_out_file); }
int LITE_enable_io_bin_dump(LiteNetwork network, const char* io_bin_out_dir) { return api.LITE_enable_io_bin_dump(network, io_bin_out_dir); }
int LITE_get_static_memory_alloc_info(LiteNetwork network, const char* log_dir) { return api.LITE_get_static_memory_alloc_info(network, log_dir); }
int LITE_enable_global_layout_transform(LiteNetwork network) { return api.LITE_enable_global_layout_transform(network); }
int LITE_dump_layout_transform_model(LiteNetwork network, const char* dump_file_path) { return api.LITE_dump_layout_transform_model(network, dump_file_path); }
int LITE_extra_configure(LiteNetwork network, LiteExtraConfig extra_config) { return api.LITE_extra_configure(network, extra_config); }
int LITE_register_operator(const LiteOperator* op) { return api.LITE_register_operator(op); }
int LITE_unregister_operator(const char* domain, const char* name, int since_version) { return api.LITE_unregister_operator(domain, name, since_version); }
int LITE_load_operator_library(const char* path) { return api.LITE_load_operator_library(path); }
int LITE_operator_get_node_name(LiteOperatorContext context, const char** name) { return api.LITE_operator_get_node_name(context, name); }
int LITE_operator_get_input_count(LiteOperatorContext context, size_t* count) { return api.LITE_operator_get_input_count(context, count); }
int LITE_operator_get_output_count(LiteOperatorContext context, size_t* count) { return api.LITE_operator_get_output_count(context, count); }
int LITE_operator_get_input(LiteOperatorContext context, size_t index, LiteOperatorTensor* tensor) { return api.LITE_operator_get_input(context, index, tensor); }
int LITE_operator_get_input_string(LiteOperatorContext context, size_t index, size_t element, const char** text, size_t* size) { return api.LITE_operator_get_input_string(context, index, element, text, size); }
int LITE_operator_set_error(LiteOperatorContext context, const char* message) { return api.LITE_operator_set_error(context, message); }
int LITE_operator_get_attribute_count(LiteOperatorContext context, size_t* count) { return api.LITE_operator_get_attribute_count(context, count); }
int LITE_operator_get_attribute_name(LiteOperatorContext context, size_t index, const char** name) { return api.LITE_operator_get_attribute_name(context, index, name); }
int LITE_operator_get_attribute_type(LiteOperatorContext context, const char* name, LiteAttributeType* type, size_t* length) { return api.LITE_operator_get_attribute_type(context, name, type, length); }
int LITE_operator_get_attribute_int(LiteOperatorContext context, const char* name, int64_t* value) { return api.LITE_operator_get_attribute_int(context, name, value); }
int LITE_operator_get_attribute_float(LiteOperatorContext context, const char* name, float* value) { return api.LITE_operator_get_attribute_float(context, name, value); }
int LITE_operator_get_attribute_string(LiteOperatorContext context, const char* name, size_t element, const char** text, size_t* size) { return api.LITE_operator_get_attribute_string(context, name, element, text, size); }
int LITE_operator_get_attribute_ints(LiteOperatorContext context, const char* name, const int64_t** values, size_t* length) { return api.LITE_operator_get_attribute_ints(context, name, values, length); }
int LITE_operator_get_attribute_floats(LiteOperatorContext context, const char* name, const float** values, size_t* length) { return api.LITE_operator_get_attribute_floats(context, name, values, length); }
int LITE_operator_get_attribute_tensor(LiteOperatorContext context, const char* name, LiteOperatorTensor* tensor) { return api.LITE_operator_get_attribute_tensor(context, name, tensor); }
int LITE_operator_set_output(LiteOperatorContext context, size_t index, int dtype, int rank, const int64_t* dims) { return api.LITE_operator_set_output(context, index, dtype, rank, dims); }
int LITE_operator_get_output(LiteOperatorContext context, size_t index, LiteOperatorTensor* tensor) { return api.LITE_operator_get_output(context, index, tensor); }
int LITE_operator_allocate_output(LiteOperatorContext context, size_t index, LiteDataType dtype, int rank, const int64_t* dims, void** data) { return api.LITE_operator_allocate_output(context, index, dtype, rank, dims, data); }
int LITE_operator_set_output_string(LiteOperatorContext context, size_t index, size_t element, const char* text, size_t size) { return api.LITE_operator_set_output_string(context, index, element, text, size); }
int LITE_operator_parallel_for(LiteOperatorContext context, int64_t count, LiteOperatorTask task, void* data) { return api.LITE_operator_parallel_for(context, count, task, data); }
int LITE_operator_get_threads(LiteOperatorContext context, size_t* threads) { return api.LITE_operator_get_threads(context, threads); }
int LITE_operator_should_stop(LiteOperatorContext context, int* stop) { return api.LITE_operator_should_stop(context, stop); }
int LITE_set_option(LiteNetwork network, const char* key, const char* value) { return api.LITE_set_option(network, key, value); }
int LITE_get_option(const LiteNetwork network, const char* key, const char** value) { return api.LITE_get_option(network, key, value); }
int LITE_get_option_count(size_t* count) { return api.LITE_get_option_count(count); }
int LITE_get_option_info(size_t index, LiteOptionInfo* info) { return api.LITE_get_option_info(index, info); }
int LITE_pack_model(const char* model_path, const char* packed_path, const LitePackOptions* options) { return api.LITE_pack_model(model_path, packed_path, options); }
int LITE_pack_model_memory(const void* model, size_t size, const LitePackOptions* options, char** packed, size_t* packed_size) { return api.LITE_pack_model_memory(model, size, options, packed, packed_size); }
int LITE_unpack_model(const char* path, LitePackPart part, const char* method, const uint8_t* key_data, size_t key_size, char** data, size_t* size) { return api.LITE_unpack_model(path, part, method, key_data, key_size, data, size); }
int LITE_describe_pack(const char* path, char** json) { return api.LITE_describe_pack(path, json); }
int LITE_set_process_threads(size_t threads) { return api.LITE_set_process_threads(threads); }
int LITE_get_process_threads(size_t* threads) { return api.LITE_get_process_threads(threads); }
int LITE_get_process_statistics(LiteStatistics* statistics) { return api.LITE_get_process_statistics(statistics); }
int LITE_cancel(LiteNetwork network) { return api.LITE_cancel(network); }
int LITE_set_run_timeout(LiteNetwork network, uint64_t microseconds) { return api.LITE_set_run_timeout(network, microseconds); }
int LITE_wait_for(LiteNetwork network, uint64_t microseconds) { return api.LITE_wait_for(network, microseconds); }
int LITE_set_completion_callback(LiteNetwork network, LiteCompletionCallback callback, void* user_data) { return api.LITE_set_completion_callback(network, callback, user_data); }
int LITE_trim(LiteNetwork network) { return api.LITE_trim(network); }
int LITE_get_statistics(LiteNetwork network, LiteStatistics* statistics) { return api.LITE_get_statistics(network, statistics); }
int LITE_set_profiling(LiteNetwork network, int enabled) { return api.LITE_set_profiling(network, enabled); }
int LITE_get_profile(LiteNetwork network, const char* format, char** text) { return api.LITE_get_profile(network, format, text); }
void LITE_free_string(char* text) { api.LITE_free_string(text); }
int LITE_get_last_status(void) { return api.LITE_get_last_status(); }
const char* LITE_get_status_name(int code) { return api.LITE_get_status_name(code); }
int LITE_check_version(int major, int minor) { return api.LITE_check_version(major, minor); }
const char* LITE_get_build_info(void) { return api.LITE_get_build_info(); }
int LITE_set_log_callback(LiteLogCallback callback, void* user_data) { return api.LITE_set_log_callback(callback, user_data); }
int LITE_make_tensor(const LiteTensorDesc tensor_describe, LiteTensor* tensor) { return api.LITE_make_tensor(tensor_describe, tensor); }
int LITE_destroy_tensor(LiteTensor tensor) { return api.LITE_destroy_tensor(tensor); }
int LITE_set_tensor_layout(LiteTensor tensor, const LiteLayout layout) { return api.LITE_set_tensor_layout(tensor, layout); }
int LITE_reset_tensor_memory(LiteTensor tensor, void* prepared_data, size_t data_length_in_byte) { return api.LITE_reset_tensor_memory(tensor, prepared_data, data_length_in_byte); }
int LITE_reset_tensor(LiteTensor tensor, const LiteLayout layout, void* prepared_data) { return api.LITE_reset_tensor(tensor, layout, prepared_data); }
int LITE_tensor_reshape(LiteTensor tensor, const int* shape, int size) { return api.LITE_tensor_reshape(tensor, shape, size); }
int LITE_tensor_slice(const LiteTensor tensor, const size_t* start, const size_t* end, const size_t* step, size_t size, LiteTensor* slice_tensor) { return api.LITE_tensor_slice(tensor, start, end, step, size, slice_tensor); }
int LITE_tensor_fill_zero(LiteTensor tensor) { return api.LITE_tensor_fill_zero(tensor); }
int LITE_tensor_copy(LiteTensor dst_tensor, const LiteTensor src_tensor) { return api.LITE_tensor_copy(dst_tensor, src_tensor); }
int LITE_tensor_share_memory_with(LiteTensor dst_tensor, const LiteTensor src_tensor) { return api.LITE_tensor_share_memory_with(dst_tensor, src_tensor); }
int LITE_get_tensor_memory(const LiteTensor tensor, void** data) { return api.LITE_get_tensor_memory(tensor, data); }
int LITE_get_tensor_memory_with_index(const LiteTensor tensor, const size_t* index, size_t size, void** data) { return api.LITE_get_tensor_memory_with_index(tensor, index, size, data); }
int LITE_get_tensor_total_size_in_byte(const LiteTensor tensor, size_t* size) { return api.LITE_get_tensor_total_size_in_byte(tensor, size); }
int LITE_get_tensor_layout(const LiteTensor tensor, LiteLayout* layout) { return api.LITE_get_tensor_layout(tensor, layout); }
int LITE_get_tensor_device_type(const LiteTensor tensor, LiteDeviceType* device_type) { return api.LITE_get_tensor_device_type(tensor, device_type); }
int LITE_get_tensor_device_id(const LiteTensor tensor, int* device_id) { return api.LITE_get_tensor_device_id(tensor, device_id); }
int LITE_is_pinned_host(const LiteTensor tensor, int* is_pinned_host) { return api.LITE_is_pinned_host(tensor, is_pinned_host); }
int LITE_is_memory_continue(const LiteTensor tensor, int* is_continue) { return api.LITE_is_memory_continue(tensor, is_continue); }
int LITE_tensor_concat(LiteTensor* tensors, int nr_tensor, int dim, LiteDeviceType dst_device, int device_id, LiteTensor* result_tensor) { return api.LITE_tensor_concat(tensors, nr_tensor, dim, dst_device, device_id, result_tensor); }
const char* LITE_get_dtype_name(LiteDataType dtype) { return api.LITE_get_dtype_name(dtype); }
int LITE_get_dtype_bits(LiteDataType dtype, size_t* bits) { return api.LITE_get_dtype_bits(dtype, bits); }
int LITE_make_tensor_with_dims(LiteDataType dtype, int rank, const int64_t* dims, LiteTensor* tensor) { return api.LITE_make_tensor_with_dims(dtype, rank, dims, tensor); }
int LITE_make_tensor_from_memory(LiteDataType dtype, int rank, const int64_t* dims, const int64_t* strides, void* data, size_t size, LiteRelease release, void* user_data, LiteTensor* tensor) { return api.LITE_make_tensor_from_memory(dtype, rank, dims, strides, data, size, release, user_data, tensor); }
int LITE_set_tensor_dims(LiteTensor tensor, LiteDataType dtype, int rank, const int64_t* dims) { return api.LITE_set_tensor_dims(tensor, dtype, rank, dims); }
int LITE_reset_tensor_with_dims(LiteTensor tensor, LiteDataType dtype, int rank, const int64_t* dims, void* data, size_t size) { return api.LITE_reset_tensor_with_dims(tensor, dtype, rank, dims, data, size); }
int LITE_tensor_reshape_dims(LiteTensor tensor, int rank, const int64_t* dims) { return api.LITE_tensor_reshape_dims(tensor, rank, dims); }
int LITE_get_tensor_dtype(const LiteTensor tensor, LiteDataType* dtype) { return api.LITE_get_tensor_dtype(tensor, dtype); }
int LITE_get_tensor_rank(const LiteTensor tensor, int* rank) { return api.LITE_get_tensor_rank(tensor, rank); }
int LITE_get_tensor_dims(const LiteTensor tensor, int capacity, int64_t* dims) { return api.LITE_get_tensor_dims(tensor, capacity, dims); }
int LITE_get_tensor_strides(const LiteTensor tensor, int capacity, int64_t* strides) { return api.LITE_get_tensor_strides(tensor, capacity, strides); }
int LITE_get_tensor_string(const LiteTensor tensor, size_t index, const char** data, size_t* size) { return api.LITE_get_tensor_string(tensor, index, data, size); }
int LITE_set_tensor_string(LiteTensor tensor, size_t index, const char* data, size_t size) { return api.LITE_set_tensor_string(tensor, index, data, size); }
int LITE_tensor_to_dlpack(LiteTensor tensor, struct DLManagedTensor** managed) { return api.LITE_tensor_to_dlpack(tensor, managed); }
int LITE_tensor_to_dlpack_versioned(LiteTensor tensor, struct DLManagedTensorVersioned** managed) { return api.LITE_tensor_to_dlpack_versioned(tensor, managed); }
int LITE_tensor_from_dlpack(struct DLManagedTensor* managed, LiteTensor* tensor) { return api.LITE_tensor_from_dlpack(managed, tensor); }
int LITE_tensor_from_dlpack_versioned(struct DLManagedTensorVersioned* managed, LiteTensor* tensor) { return api.LITE_tensor_from_dlpack_versioned(managed, tensor); }
int LITE_set_runtime_thread_affinity_with_userdata(LiteNetwork network, LiteThreadAffinityCallbackWithData callback, void* user_data, LiteRelease release) { return api.LITE_set_runtime_thread_affinity_with_userdata(network, callback, user_data, release); }
int LITE_set_memory_allocator_with_userdata(LiteNetwork network, LiteAllocateWithData allocate_fun, LiteFreeWithData free_fun, void* user_data, LiteRelease release) { return api.LITE_set_memory_allocator_with_userdata(network, allocate_fun, free_fun, user_data, release); }
int LITE_register_decryption_with_userdata(const char* decrypt_name, LiteDecryptionFuncWithData func, const uint8_t* key_data, size_t key_size, void* user_data, LiteRelease release) { return api.LITE_register_decryption_with_userdata(decrypt_name, func, key_data, key_size, user_data, release); }
int LITE_update_decryption_with_userdata(const char* decrypt_name, LiteDecryptionFuncWithData func, const uint8_t* key_data, size_t key_size, void* user_data, LiteRelease release) { return api.LITE_update_decryption_with_userdata(decrypt_name, func, key_data, key_size, user_data, release); }
int LITE_register_parse_info_with_userdata(const char* info_type, LiteParseInfoFuncWithData parse_func, void* user_data, LiteRelease release) { return api.LITE_register_parse_info_with_userdata(info_type, parse_func, user_data, release); }
int LITE_make_tensor_value(const LiteTensor tensor, uint32_t flags, LiteValue* value) { return api.LITE_make_tensor_value(tensor, flags, value); }
int LITE_make_sequence(LiteDataType dtype, LiteValue* value) { return api.LITE_make_sequence(dtype, value); }
int LITE_append_value(LiteValue sequence, const LiteValue element) { return api.LITE_append_value(sequence, element); }
int LITE_make_optional(const LiteValue element, LiteDataType dtype, LiteValue* value) { return api.LITE_make_optional(element, dtype, value); }
int LITE_make_map(const LiteTensor keys, const LiteValue values, LiteValue* value) { return api.LITE_make_map(keys, values, value); }
int LITE_destroy_value(LiteValue value) { return api.LITE_destroy_value(value); }
int LITE_get_value_kind(const LiteValue value, LiteValueKind* kind) { return api.LITE_get_value_kind(value, kind); }
int LITE_get_value_dtype(const LiteValue value, LiteDataType* dtype) { return api.LITE_get_value_dtype(value, dtype); }
int LITE_get_value_length(const LiteValue value, size_t* length) { return api.LITE_get_value_length(value, length); }
int LITE_get_value_element(const LiteValue value, size_t index, LiteValue* element) { return api.LITE_get_value_element(value, index, element); }
int LITE_get_value_tensor(const LiteValue value, LiteTensor* tensor) { return api.LITE_get_value_tensor(value, tensor); }
int LITE_get_map_keys(const LiteValue map, LiteTensor* keys) { return api.LITE_get_map_keys(map, keys); }
int LITE_get_map_values(const LiteValue map, LiteValue* values) { return api.LITE_get_map_values(map, values); }
int LITE_set_input_value(LiteNetwork network, const char* io_name, const LiteValue value) { return api.LITE_set_input_value(network, io_name, value); }
int LITE_get_output_value(LiteNetwork network, const char* io_name, LiteValue* value) { return api.LITE_get_output_value(network, io_name, value); }
int LITE_get_input_value_type(const LiteNetwork network, size_t index, size_t level, LiteValueType* type) { return api.LITE_get_input_value_type(network, index, level, type); }
int LITE_get_output_value_type(const LiteNetwork network, size_t index, size_t level, LiteValueType* type) { return api.LITE_get_output_value_type(network, index, level, type); }
