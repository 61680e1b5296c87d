/*
 * Calls liblite through a file that is opened at run time, for the native halves of the Java and R packages:
 * include this instead of <lite.h>, in one file, and call lite_dynamic_open before any LITE_ function.
 *
 * The functions' names become macros for members of a table, so that the callers' code, SWIG's too, stays as
 * it is and the file that is used is the one that was opened by its full path.
 */
#ifndef LITE_BINDINGS_DYNAMIC_H_
#define LITE_BINDINGS_DYNAMIC_H_

#include <dlfcn.h>
#include <lite.h>
#include <stdio.h>
#include <string.h>

/* A list that clang-format would move at every pass. */
/* clang-format off */
#define LITE_DYNAMIC_FUNCTIONS(F) \
  F(LITE_get_last_error) F(LITE_check_version) F(LITE_get_version) F(LITE_get_status_name) \
  F(LITE_get_build_info) F(LITE_free_string) F(LITE_get_operators) F(LITE_get_device_count) \
  F(LITE_get_dtype_name) F(LITE_get_dtype_bits) F(LITE_set_log_level) F(LITE_get_log_level) \
  F(LITE_set_log_callback) F(LITE_set_process_threads) F(LITE_get_process_threads) \
  F(LITE_get_process_statistics) F(LITE_try_coalesce_all_free_memory) F(LITE_get_option_count) \
  F(LITE_get_option_info) F(LITE_set_option) F(LITE_get_option) F(LITE_make_network_config) \
  F(LITE_make_network) F(LITE_destroy_network) F(LITE_load_model_file) F(LITE_load_model_memory) \
  F(LITE_shared_weight_with_network) F(LITE_forward) F(LITE_wait) F(LITE_wait_for) \
  F(LITE_set_completion_callback) F(LITE_cancel) F(LITE_trim) F(LITE_set_run_timeout) \
  F(LITE_get_device_type) F(LITE_get_device_id) F(LITE_get_input_count) F(LITE_get_output_count) \
  F(LITE_get_input_info) F(LITE_get_output_info) F(LITE_get_metadata_count) \
  F(LITE_get_metadata_item) F(LITE_get_unsupported_count) F(LITE_get_unsupported_node) \
  F(LITE_get_io_tensor) F(LITE_get_statistics) F(LITE_set_profiling) F(LITE_get_profile) \
  F(LITE_dump_graph) F(LITE_make_tensor_with_dims) F(LITE_destroy_tensor) \
  F(LITE_set_tensor_dims) F(LITE_reset_tensor_with_dims) F(LITE_tensor_reshape_dims) \
  F(LITE_tensor_fill_zero) F(LITE_tensor_copy) F(LITE_tensor_share_memory_with) \
  F(LITE_get_tensor_dtype) F(LITE_get_tensor_rank) F(LITE_get_tensor_dims) \
  F(LITE_get_tensor_memory) F(LITE_get_tensor_total_size_in_byte) F(LITE_get_tensor_string) \
  F(LITE_set_tensor_string) F(LITE_register_operator) F(LITE_unregister_operator) \
  F(LITE_load_operator_library) F(LITE_operator_get_node_name) F(LITE_operator_get_input_count) \
  F(LITE_operator_get_output_count) F(LITE_operator_get_input) F(LITE_operator_get_output) \
  F(LITE_operator_allocate_output) F(LITE_operator_set_output) F(LITE_operator_set_error) \
  F(LITE_operator_should_stop) F(LITE_operator_get_attribute_int) \
  F(LITE_operator_get_attribute_float) F(LITE_operator_get_attribute_string) \
  F(LITE_operator_get_attribute_ints) F(LITE_operator_get_attribute_floats) \
  F(LITE_check_model) F(LITE_check_model_memory) F(LITE_update_decryption_or_key) \
  F(LITE_operator_get_input_string) F(LITE_operator_set_output_string) \
  F(LITE_operator_get_attribute_count) F(LITE_operator_get_attribute_name) \
  F(LITE_operator_get_attribute_type) F(LITE_operator_get_attribute_tensor) \
  F(LITE_operator_parallel_for) F(LITE_operator_get_threads) F(LITE_get_input_value_type) \
  F(LITE_make_tensor_value) F(LITE_make_sequence) F(LITE_append_value) F(LITE_make_optional) \
  F(LITE_make_map) F(LITE_destroy_value) F(LITE_get_value_kind) F(LITE_get_value_dtype) \
  F(LITE_get_value_length) F(LITE_get_value_element) F(LITE_get_value_tensor) \
  F(LITE_get_map_keys) F(LITE_get_map_values) F(LITE_set_input_value) F(LITE_get_output_value)

#define LITE_DYNAMIC_MEMBER(name) __typeof__(&(name)) name##_;
static struct { LITE_DYNAMIC_FUNCTIONS(LITE_DYNAMIC_MEMBER) } lite_dynamic;
/* clang-format on */

/* Opens a file, or what the system has under a bare name, and checks that it is liblite of a version that
 * serves a program built with these headers. Returns 1, or 0 with a message. */
static int lite_dynamic_open(const char* path, char* message, size_t size) {
  void* const library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) {
    const char* const why = dlerror();
    snprintf(message, size, "%s", why == NULL ? "cannot be opened" : why);
    return 0;
  }
  void* symbol = dlsym(library, "LITE_check_version");
  if (symbol == NULL) {
    snprintf(message, size, "%s is not liblite: it has no LITE_check_version", path);
    dlclose(library);
    return 0;
  }
  int (*check)(int, int);
  memcpy(&check, &symbol, sizeof check);
  if (check(LITE_VERSION_MAJOR, LITE_VERSION_MINOR) != LITE_OK) {
    const char* (*text)(void);
    symbol = dlsym(library, "LITE_get_last_error");
    memcpy(&text, &symbol, sizeof text);
    snprintf(message, size, "%s cannot be used: %s", path, symbol == NULL ? "wrong version" : text());
    dlclose(library);
    return 0;
  }
#define LITE_DYNAMIC_FIND(name)                                    \
  symbol = dlsym(library, #name);                                  \
  if (symbol == NULL) {                                            \
    snprintf(message, size, "%s has no function %s", path, #name); \
    dlclose(library);                                              \
    return 0;                                                      \
  }                                                                \
  memcpy(&lite_dynamic.name##_, &symbol, sizeof symbol);
  LITE_DYNAMIC_FUNCTIONS(LITE_DYNAMIC_FIND)
#undef LITE_DYNAMIC_FIND
  return 1;
}

#define LITE_get_last_error (*lite_dynamic.LITE_get_last_error_)
#define LITE_check_version (*lite_dynamic.LITE_check_version_)
#define LITE_get_version (*lite_dynamic.LITE_get_version_)
#define LITE_get_status_name (*lite_dynamic.LITE_get_status_name_)
#define LITE_get_build_info (*lite_dynamic.LITE_get_build_info_)
#define LITE_free_string (*lite_dynamic.LITE_free_string_)
#define LITE_get_operators (*lite_dynamic.LITE_get_operators_)
#define LITE_get_device_count (*lite_dynamic.LITE_get_device_count_)
#define LITE_get_dtype_name (*lite_dynamic.LITE_get_dtype_name_)
#define LITE_get_dtype_bits (*lite_dynamic.LITE_get_dtype_bits_)
#define LITE_set_log_level (*lite_dynamic.LITE_set_log_level_)
#define LITE_get_log_level (*lite_dynamic.LITE_get_log_level_)
#define LITE_set_log_callback (*lite_dynamic.LITE_set_log_callback_)
#define LITE_set_process_threads (*lite_dynamic.LITE_set_process_threads_)
#define LITE_get_process_threads (*lite_dynamic.LITE_get_process_threads_)
#define LITE_get_process_statistics (*lite_dynamic.LITE_get_process_statistics_)
#define LITE_try_coalesce_all_free_memory (*lite_dynamic.LITE_try_coalesce_all_free_memory_)
#define LITE_get_option_count (*lite_dynamic.LITE_get_option_count_)
#define LITE_get_option_info (*lite_dynamic.LITE_get_option_info_)
#define LITE_set_option (*lite_dynamic.LITE_set_option_)
#define LITE_get_option (*lite_dynamic.LITE_get_option_)
#define LITE_make_network_config (*lite_dynamic.LITE_make_network_config_)
#define LITE_make_network (*lite_dynamic.LITE_make_network_)
#define LITE_destroy_network (*lite_dynamic.LITE_destroy_network_)
#define LITE_load_model_file (*lite_dynamic.LITE_load_model_file_)
#define LITE_load_model_memory (*lite_dynamic.LITE_load_model_memory_)
#define LITE_shared_weight_with_network (*lite_dynamic.LITE_shared_weight_with_network_)
#define LITE_forward (*lite_dynamic.LITE_forward_)
#define LITE_wait_for (*lite_dynamic.LITE_wait_for_)
#define LITE_set_completion_callback (*lite_dynamic.LITE_set_completion_callback_)
#define LITE_wait (*lite_dynamic.LITE_wait_)
#define LITE_cancel (*lite_dynamic.LITE_cancel_)
#define LITE_trim (*lite_dynamic.LITE_trim_)
#define LITE_set_run_timeout (*lite_dynamic.LITE_set_run_timeout_)
#define LITE_get_device_type (*lite_dynamic.LITE_get_device_type_)
#define LITE_get_device_id (*lite_dynamic.LITE_get_device_id_)
#define LITE_get_input_count (*lite_dynamic.LITE_get_input_count_)
#define LITE_get_output_count (*lite_dynamic.LITE_get_output_count_)
#define LITE_get_input_info (*lite_dynamic.LITE_get_input_info_)
#define LITE_get_output_info (*lite_dynamic.LITE_get_output_info_)
#define LITE_get_metadata_count (*lite_dynamic.LITE_get_metadata_count_)
#define LITE_get_metadata_item (*lite_dynamic.LITE_get_metadata_item_)
#define LITE_get_unsupported_count (*lite_dynamic.LITE_get_unsupported_count_)
#define LITE_get_unsupported_node (*lite_dynamic.LITE_get_unsupported_node_)
#define LITE_get_io_tensor (*lite_dynamic.LITE_get_io_tensor_)
#define LITE_get_statistics (*lite_dynamic.LITE_get_statistics_)
#define LITE_set_profiling (*lite_dynamic.LITE_set_profiling_)
#define LITE_get_profile (*lite_dynamic.LITE_get_profile_)
#define LITE_dump_graph (*lite_dynamic.LITE_dump_graph_)
#define LITE_make_tensor_with_dims (*lite_dynamic.LITE_make_tensor_with_dims_)
#define LITE_destroy_tensor (*lite_dynamic.LITE_destroy_tensor_)
#define LITE_set_tensor_dims (*lite_dynamic.LITE_set_tensor_dims_)
#define LITE_reset_tensor_with_dims (*lite_dynamic.LITE_reset_tensor_with_dims_)
#define LITE_tensor_reshape_dims (*lite_dynamic.LITE_tensor_reshape_dims_)
#define LITE_tensor_fill_zero (*lite_dynamic.LITE_tensor_fill_zero_)
#define LITE_tensor_copy (*lite_dynamic.LITE_tensor_copy_)
#define LITE_tensor_share_memory_with (*lite_dynamic.LITE_tensor_share_memory_with_)
#define LITE_get_tensor_dtype (*lite_dynamic.LITE_get_tensor_dtype_)
#define LITE_get_tensor_rank (*lite_dynamic.LITE_get_tensor_rank_)
#define LITE_get_tensor_dims (*lite_dynamic.LITE_get_tensor_dims_)
#define LITE_get_tensor_memory (*lite_dynamic.LITE_get_tensor_memory_)
#define LITE_get_tensor_total_size_in_byte (*lite_dynamic.LITE_get_tensor_total_size_in_byte_)
#define LITE_get_tensor_string (*lite_dynamic.LITE_get_tensor_string_)
#define LITE_set_tensor_string (*lite_dynamic.LITE_set_tensor_string_)
#define LITE_register_operator (*lite_dynamic.LITE_register_operator_)
#define LITE_unregister_operator (*lite_dynamic.LITE_unregister_operator_)
#define LITE_load_operator_library (*lite_dynamic.LITE_load_operator_library_)
#define LITE_operator_get_node_name (*lite_dynamic.LITE_operator_get_node_name_)
#define LITE_operator_get_input_count (*lite_dynamic.LITE_operator_get_input_count_)
#define LITE_operator_get_output_count (*lite_dynamic.LITE_operator_get_output_count_)
#define LITE_operator_get_input (*lite_dynamic.LITE_operator_get_input_)
#define LITE_operator_get_output (*lite_dynamic.LITE_operator_get_output_)
#define LITE_operator_allocate_output (*lite_dynamic.LITE_operator_allocate_output_)
#define LITE_operator_set_output (*lite_dynamic.LITE_operator_set_output_)
#define LITE_operator_set_error (*lite_dynamic.LITE_operator_set_error_)
#define LITE_operator_should_stop (*lite_dynamic.LITE_operator_should_stop_)
#define LITE_operator_get_attribute_int (*lite_dynamic.LITE_operator_get_attribute_int_)
#define LITE_operator_get_attribute_float (*lite_dynamic.LITE_operator_get_attribute_float_)
#define LITE_operator_get_attribute_string (*lite_dynamic.LITE_operator_get_attribute_string_)
#define LITE_operator_get_attribute_ints (*lite_dynamic.LITE_operator_get_attribute_ints_)
#define LITE_operator_get_attribute_floats (*lite_dynamic.LITE_operator_get_attribute_floats_)
#define LITE_check_model (*lite_dynamic.LITE_check_model_)
#define LITE_check_model_memory (*lite_dynamic.LITE_check_model_memory_)
#define LITE_update_decryption_or_key (*lite_dynamic.LITE_update_decryption_or_key_)
#define LITE_operator_get_input_string (*lite_dynamic.LITE_operator_get_input_string_)
#define LITE_operator_set_output_string (*lite_dynamic.LITE_operator_set_output_string_)
#define LITE_operator_get_attribute_count (*lite_dynamic.LITE_operator_get_attribute_count_)
#define LITE_operator_get_attribute_name (*lite_dynamic.LITE_operator_get_attribute_name_)
#define LITE_operator_get_attribute_type (*lite_dynamic.LITE_operator_get_attribute_type_)
#define LITE_operator_get_attribute_tensor (*lite_dynamic.LITE_operator_get_attribute_tensor_)
#define LITE_operator_parallel_for (*lite_dynamic.LITE_operator_parallel_for_)
#define LITE_operator_get_threads (*lite_dynamic.LITE_operator_get_threads_)
#define LITE_get_input_value_type (*lite_dynamic.LITE_get_input_value_type_)
#define LITE_make_tensor_value (*lite_dynamic.LITE_make_tensor_value_)
#define LITE_make_sequence (*lite_dynamic.LITE_make_sequence_)
#define LITE_append_value (*lite_dynamic.LITE_append_value_)
#define LITE_make_optional (*lite_dynamic.LITE_make_optional_)
#define LITE_make_map (*lite_dynamic.LITE_make_map_)
#define LITE_destroy_value (*lite_dynamic.LITE_destroy_value_)
#define LITE_get_value_kind (*lite_dynamic.LITE_get_value_kind_)
#define LITE_get_value_dtype (*lite_dynamic.LITE_get_value_dtype_)
#define LITE_get_value_length (*lite_dynamic.LITE_get_value_length_)
#define LITE_get_value_element (*lite_dynamic.LITE_get_value_element_)
#define LITE_get_value_tensor (*lite_dynamic.LITE_get_value_tensor_)
#define LITE_get_map_keys (*lite_dynamic.LITE_get_map_keys_)
#define LITE_get_map_values (*lite_dynamic.LITE_get_map_values_)
#define LITE_set_input_value (*lite_dynamic.LITE_set_input_value_)
#define LITE_get_output_value (*lite_dynamic.LITE_get_output_value_)

#endif
