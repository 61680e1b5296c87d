/* Prints the structs that the package has too: name, size, the offset of each member. */
#include <lite.h>
#include <stdio.h>

#define SIZE(type) printf("%s%s %zu", first++ ? "\n" : "", #type, sizeof(type))
#define AT(type, member) printf(" %zu", offsetof(type, member))

int main(void) {
  int first = 0;
  SIZE(LiteOptions);
  AT(LiteOptions, weight_preprocess), AT(LiteOptions, fuse_preprocess), AT(LiteOptions, fake_next_exec);
  AT(LiteOptions, var_sanity_check_first_run), AT(LiteOptions, const_shape),
      AT(LiteOptions, force_dynamic_alloc);
  AT(LiteOptions, force_output_dynamic_alloc), AT(LiteOptions, force_output_use_user_specified_memory);
  AT(LiteOptions, no_profiling_on_shape_change), AT(LiteOptions, jit_level);
  AT(LiteOptions, comp_node_seq_record_level), AT(LiteOptions, graph_opt_level),
      AT(LiteOptions, async_exec_level);
  AT(LiteOptions, enable_nchw44), AT(LiteOptions, enable_nchw44_dot), AT(LiteOptions, enable_nchw88);
  AT(LiteOptions, enable_nhwcd4), AT(LiteOptions, enable_nchw4), AT(LiteOptions, enable_nchw32);
  AT(LiteOptions, enable_nchw64);
  SIZE(LiteConfig);
  AT(LiteConfig, has_compression), AT(LiteConfig, device_id), AT(LiteConfig, device_type),
      AT(LiteConfig, backend);
  AT(LiteConfig, bare_model_cryption_name), AT(LiteConfig, options), AT(LiteConfig, auto_optimize_inference);
  AT(LiteConfig, discrete_input_name);
  SIZE(LiteLoadOptions);
  AT(LiteLoadOptions, struct_size), AT(LiteLoadOptions, flags), AT(LiteLoadOptions, format);
  AT(LiteLoadOptions, base_directory), AT(LiteLoadOptions, external_data),
      AT(LiteLoadOptions, external_data_count);
  AT(LiteLoadOptions, external_data_callback), AT(LiteLoadOptions, user_data), AT(LiteLoadOptions, release);
  AT(LiteLoadOptions, params_path), AT(LiteLoadOptions, params_data), AT(LiteLoadOptions, params_size);
  AT(LiteLoadOptions, max_bytes), AT(LiteLoadOptions, max_nodes), AT(LiteLoadOptions, key_data),
      AT(LiteLoadOptions, key_size);
  SIZE(LiteIOInfo);
  AT(LiteIOInfo, struct_size), AT(LiteIOInfo, kind), AT(LiteIOInfo, name), AT(LiteIOInfo, dtype);
  AT(LiteIOInfo, rank), AT(LiteIOInfo, dims), AT(LiteIOInfo, dim_names), AT(LiteIOInfo, type);
  AT(LiteIOInfo, has_default);
  SIZE(LiteUnsupportedNode);
  AT(LiteUnsupportedNode, struct_size), AT(LiteUnsupportedNode, opset), AT(LiteUnsupportedNode, name);
  AT(LiteUnsupportedNode, op_type), AT(LiteUnsupportedNode, domain), AT(LiteUnsupportedNode, types);
  AT(LiteUnsupportedNode, device), AT(LiteUnsupportedNode, reason), AT(LiteUnsupportedNode, suggestion);
  SIZE(LiteOptionInfo);
  AT(LiteOptionInfo, struct_size), AT(LiteOptionInfo, scope), AT(LiteOptionInfo, key),
      AT(LiteOptionInfo, type);
  AT(LiteOptionInfo, default_value), AT(LiteOptionInfo, description);
  SIZE(LiteStatistics);
  AT(LiteStatistics, struct_size), AT(LiteStatistics, threads), AT(LiteStatistics, weight_bytes);
  AT(LiteStatistics, packed_weight_bytes), AT(LiteStatistics, arena_bytes), AT(LiteStatistics, io_bytes);
  AT(LiteStatistics, cache_bytes), AT(LiteStatistics, cache_limit_bytes), AT(LiteStatistics, programs);
  AT(LiteStatistics, program_hits), AT(LiteStatistics, program_misses), AT(LiteStatistics, program_evictions);
  AT(LiteStatistics, runs), AT(LiteStatistics, failed_runs), AT(LiteStatistics, run_nanoseconds);
  AT(LiteStatistics, last_run_nanoseconds);
  SIZE(LiteOperator);
  AT(LiteOperator, struct_size), AT(LiteOperator, flags), AT(LiteOperator, domain), AT(LiteOperator, name);
  AT(LiteOperator, since_version), AT(LiteOperator, min_inputs), AT(LiteOperator, max_inputs);
  AT(LiteOperator, min_outputs), AT(LiteOperator, max_outputs), AT(LiteOperator, input_type_count);
  AT(LiteOperator, output_type_count), AT(LiteOperator, input_types), AT(LiteOperator, output_types);
  AT(LiteOperator, infer), AT(LiteOperator, create), AT(LiteOperator, destroy), AT(LiteOperator, run);
  AT(LiteOperator, user_data), AT(LiteOperator, release);
  SIZE(LiteOperatorTensor);
  AT(LiteOperatorTensor, struct_size), AT(LiteOperatorTensor, present), AT(LiteOperatorTensor, dtype);
  AT(LiteOperatorTensor, rank), AT(LiteOperatorTensor, dims), AT(LiteOperatorTensor, data);
  AT(LiteOperatorTensor, size);
  puts("");
  return 0;
}
