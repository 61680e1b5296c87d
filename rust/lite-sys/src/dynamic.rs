// Written by `cargo run -p lite-bindgen` from include/lite.h.

use crate::*;
use crate::library::{symbol, table};
pub(crate) struct Table {
    LITE_make_tensor: unsafe extern "C" fn(
        tensor_describe: LiteTensorDesc,
        tensor: *mut LiteTensor,
    ) -> ::std::os::raw::c_int,
    LITE_destroy_tensor: unsafe extern "C" fn(
        tensor: LiteTensor,
    ) -> ::std::os::raw::c_int,
    LITE_set_tensor_layout: unsafe extern "C" fn(
        tensor: LiteTensor,
        layout: LiteLayout,
    ) -> ::std::os::raw::c_int,
    LITE_reset_tensor_memory: unsafe extern "C" fn(
        tensor: LiteTensor,
        prepared_data: *mut ::std::os::raw::c_void,
        data_length_in_byte: usize,
    ) -> ::std::os::raw::c_int,
    LITE_reset_tensor: unsafe extern "C" fn(
        tensor: LiteTensor,
        layout: LiteLayout,
        prepared_data: *mut ::std::os::raw::c_void,
    ) -> ::std::os::raw::c_int,
    LITE_tensor_reshape: unsafe extern "C" fn(
        tensor: LiteTensor,
        shape: *const ::std::os::raw::c_int,
        size: ::std::os::raw::c_int,
    ) -> ::std::os::raw::c_int,
    LITE_tensor_slice: unsafe extern "C" fn(
        tensor: LiteTensor,
        start: *const usize,
        end: *const usize,
        step: *const usize,
        size: usize,
        slice_tensor: *mut LiteTensor,
    ) -> ::std::os::raw::c_int,
    LITE_tensor_fill_zero: unsafe extern "C" fn(
        tensor: LiteTensor,
    ) -> ::std::os::raw::c_int,
    LITE_tensor_copy: unsafe extern "C" fn(
        dst_tensor: LiteTensor,
        src_tensor: LiteTensor,
    ) -> ::std::os::raw::c_int,
    LITE_tensor_share_memory_with: unsafe extern "C" fn(
        dst_tensor: LiteTensor,
        src_tensor: LiteTensor,
    ) -> ::std::os::raw::c_int,
    LITE_get_tensor_memory: unsafe extern "C" fn(
        tensor: LiteTensor,
        data: *mut *mut ::std::os::raw::c_void,
    ) -> ::std::os::raw::c_int,
    LITE_get_tensor_memory_with_index: unsafe extern "C" fn(
        tensor: LiteTensor,
        index: *const usize,
        size: usize,
        data: *mut *mut ::std::os::raw::c_void,
    ) -> ::std::os::raw::c_int,
    LITE_get_tensor_total_size_in_byte: unsafe extern "C" fn(
        tensor: LiteTensor,
        size: *mut usize,
    ) -> ::std::os::raw::c_int,
    LITE_get_tensor_layout: unsafe extern "C" fn(
        tensor: LiteTensor,
        layout: *mut LiteLayout,
    ) -> ::std::os::raw::c_int,
    LITE_get_tensor_device_type: unsafe extern "C" fn(
        tensor: LiteTensor,
        device_type: *mut LiteDeviceType,
    ) -> ::std::os::raw::c_int,
    LITE_get_tensor_device_id: unsafe extern "C" fn(
        tensor: LiteTensor,
        device_id: *mut ::std::os::raw::c_int,
    ) -> ::std::os::raw::c_int,
    LITE_is_pinned_host: unsafe extern "C" fn(
        tensor: LiteTensor,
        is_pinned_host: *mut ::std::os::raw::c_int,
    ) -> ::std::os::raw::c_int,
    LITE_is_memory_continue: unsafe extern "C" fn(
        tensor: LiteTensor,
        is_continue: *mut ::std::os::raw::c_int,
    ) -> ::std::os::raw::c_int,
    LITE_tensor_concat: unsafe extern "C" fn(
        tensors: *mut LiteTensor,
        nr_tensor: ::std::os::raw::c_int,
        dim: ::std::os::raw::c_int,
        dst_device: LiteDeviceType,
        device_id: ::std::os::raw::c_int,
        result_tensor: *mut LiteTensor,
    ) -> ::std::os::raw::c_int,
    LITE_load_model_file: unsafe extern "C" fn(
        network: LiteNetwork,
        path: *const ::std::os::raw::c_char,
        options: *const LiteLoadOptions,
    ) -> ::std::os::raw::c_int,
    LITE_load_model_memory: unsafe extern "C" fn(
        network: LiteNetwork,
        data: *const ::std::os::raw::c_void,
        size: usize,
        options: *const LiteLoadOptions,
    ) -> ::std::os::raw::c_int,
    LITE_check_model: unsafe extern "C" fn(
        network: LiteNetwork,
        path: *const ::std::os::raw::c_char,
        options: *const LiteLoadOptions,
    ) -> ::std::os::raw::c_int,
    LITE_check_model_memory: unsafe extern "C" fn(
        network: LiteNetwork,
        data: *const ::std::os::raw::c_void,
        size: usize,
        options: *const LiteLoadOptions,
    ) -> ::std::os::raw::c_int,
    LITE_get_operators: unsafe extern "C" fn(
        json: *mut *mut ::std::os::raw::c_char,
    ) -> ::std::os::raw::c_int,
    LITE_get_unsupported_count: unsafe extern "C" fn(
        network: LiteNetwork,
        count: *mut usize,
    ) -> ::std::os::raw::c_int,
    LITE_get_unsupported_node: unsafe extern "C" fn(
        network: LiteNetwork,
        index: usize,
        node: *mut LiteUnsupportedNode,
    ) -> ::std::os::raw::c_int,
    LITE_get_input_count: unsafe extern "C" fn(
        network: LiteNetwork,
        count: *mut usize,
    ) -> ::std::os::raw::c_int,
    LITE_get_output_count: unsafe extern "C" fn(
        network: LiteNetwork,
        count: *mut usize,
    ) -> ::std::os::raw::c_int,
    LITE_get_input_info: unsafe extern "C" fn(
        network: LiteNetwork,
        index: usize,
        info: *mut LiteIOInfo,
    ) -> ::std::os::raw::c_int,
    LITE_get_output_info: unsafe extern "C" fn(
        network: LiteNetwork,
        index: usize,
        info: *mut LiteIOInfo,
    ) -> ::std::os::raw::c_int,
    LITE_get_discrete_tensor_count: unsafe extern "C" fn(
        network: LiteNetwork,
        io_name: *const ::std::os::raw::c_char,
        count: *mut usize,
    ) -> ::std::os::raw::c_int,
    LITE_get_metadata_count: unsafe extern "C" fn(
        network: LiteNetwork,
        count: *mut usize,
    ) -> ::std::os::raw::c_int,
    LITE_get_metadata_item: unsafe extern "C" fn(
        network: LiteNetwork,
        index: usize,
        key: *mut *const ::std::os::raw::c_char,
        value: *mut *const ::std::os::raw::c_char,
    ) -> ::std::os::raw::c_int,
    LITE_get_metadata: unsafe extern "C" fn(
        network: LiteNetwork,
        key: *const ::std::os::raw::c_char,
        value: *mut *const ::std::os::raw::c_char,
    ) -> ::std::os::raw::c_int,
    LITE_dump_graph: unsafe extern "C" fn(
        network: LiteNetwork,
        stage: *const ::std::os::raw::c_char,
        format: *const ::std::os::raw::c_char,
        text: *mut *mut ::std::os::raw::c_char,
    ) -> ::std::os::raw::c_int,
    LITE_convert_model: unsafe extern "C" fn(
        path: *const ::std::os::raw::c_char,
        onnx_path: *const ::std::os::raw::c_char,
        options: *const LiteConvertOptions,
        report: *mut *mut ::std::os::raw::c_char,
    ) -> ::std::os::raw::c_int,
    LITE_convert_model_memory: unsafe extern "C" fn(
        model: *const ::std::os::raw::c_void,
        size: usize,
        options: *const LiteConvertOptions,
        onnx: *mut *mut ::std::os::raw::c_char,
        onnx_size: *mut usize,
        report: *mut *mut ::std::os::raw::c_char,
    ) -> ::std::os::raw::c_int,
    LITE_compile_model: unsafe extern "C" fn(
        path: *const ::std::os::raw::c_char,
        lite_path: *const ::std::os::raw::c_char,
        options: *const LiteCompileOptions,
        report: *mut *mut ::std::os::raw::c_char,
    ) -> ::std::os::raw::c_int,
    LITE_make_default_network: unsafe extern "C" fn(
        network: *mut LiteNetwork,
    ) -> ::std::os::raw::c_int,
    LITE_make_network: unsafe extern "C" fn(
        network: *mut LiteNetwork,
        config: LiteConfig,
        network_io: LiteNetworkIO,
    ) -> ::std::os::raw::c_int,
    LITE_make_network_config: unsafe extern "C" fn(
        network: *mut LiteNetwork,
        config: LiteConfig,
    ) -> ::std::os::raw::c_int,
    LITE_load_model_from_mem: unsafe extern "C" fn(
        network: LiteNetwork,
        model_mem: *mut ::std::os::raw::c_void,
        size: usize,
    ) -> ::std::os::raw::c_int,
    LITE_load_model_from_path: unsafe extern "C" fn(
        network: LiteNetwork,
        model_path: *const ::std::os::raw::c_char,
    ) -> ::std::os::raw::c_int,
    LITE_shared_weight_with_network: unsafe extern "C" fn(
        dst_network: LiteNetwork,
        src_network: LiteNetwork,
    ) -> ::std::os::raw::c_int,
    LITE_destroy_network: unsafe extern "C" fn(
        network: LiteNetwork,
    ) -> ::std::os::raw::c_int,
    LITE_forward: unsafe extern "C" fn(network: LiteNetwork) -> ::std::os::raw::c_int,
    LITE_wait: unsafe extern "C" fn(network: LiteNetwork) -> ::std::os::raw::c_int,
    LITE_get_io_tensor: unsafe extern "C" fn(
        network: LiteNetwork,
        io_name: *const ::std::os::raw::c_char,
        phase: LiteTensorPhase,
        tensor: *mut LiteTensor,
    ) -> ::std::os::raw::c_int,
    LITE_get_discrete_tensor: unsafe extern "C" fn(
        network: LiteNetwork,
        io_name: *const ::std::os::raw::c_char,
        n_idx: usize,
        phase: LiteTensorPhase,
        tensor: *mut LiteTensor,
    ) -> ::std::os::raw::c_int,
    LITE_get_input_name: unsafe extern "C" fn(
        network: LiteNetwork,
        index: usize,
        name: *mut *const ::std::os::raw::c_char,
    ) -> ::std::os::raw::c_int,
    LITE_get_output_name: unsafe extern "C" fn(
        network: LiteNetwork,
        index: usize,
        name: *mut *const ::std::os::raw::c_char,
    ) -> ::std::os::raw::c_int,
    LITE_get_all_input_name: unsafe extern "C" fn(
        network: LiteNetwork,
        size: *mut usize,
        name: *mut *const ::std::os::raw::c_char,
    ) -> ::std::os::raw::c_int,
    LITE_get_all_output_name: unsafe extern "C" fn(
        network: LiteNetwork,
        size: *mut usize,
        name: *mut *const ::std::os::raw::c_char,
    ) -> ::std::os::raw::c_int,
    LITE_get_model_io_info_by_path: unsafe extern "C" fn(
        model_path: *const ::std::os::raw::c_char,
        config: LiteConfig,
        ios: *mut LiteNetworkIO,
    ) -> ::std::os::raw::c_int,
    LITE_get_model_io_info_by_memory: unsafe extern "C" fn(
        model_mem: *const ::std::os::raw::c_void,
        size: usize,
        config: LiteConfig,
        ios: *mut LiteNetworkIO,
    ) -> ::std::os::raw::c_int,
    LITE_get_model_extra_info: unsafe extern "C" fn(
        network: LiteNetwork,
        info: *mut *const ::std::os::raw::c_char,
        info_size: *mut ::std::os::raw::c_int,
    ) -> ::std::os::raw::c_int,
    LITE_is_cpu_inplace_mode: unsafe extern "C" fn(
        network: LiteNetwork,
        is_cpu_inplace_mode: *mut ::std::os::raw::c_int,
    ) -> ::std::os::raw::c_int,
    LITE_get_cpu_threads_number: unsafe extern "C" fn(
        network: LiteNetwork,
        nr_threads: *mut usize,
    ) -> ::std::os::raw::c_int,
    LITE_get_device_id: unsafe extern "C" fn(
        network: LiteNetwork,
        device_id: *mut ::std::os::raw::c_int,
    ) -> ::std::os::raw::c_int,
    LITE_get_stream_id: unsafe extern "C" fn(
        network: LiteNetwork,
        stream_id: *mut ::std::os::raw::c_int,
    ) -> ::std::os::raw::c_int,
    LITE_get_device_type: unsafe extern "C" fn(
        network: LiteNetwork,
        device_type: *mut LiteDeviceType,
    ) -> ::std::os::raw::c_int,
    LITE_set_cpu_inplace_mode: unsafe extern "C" fn(
        network: LiteNetwork,
    ) -> ::std::os::raw::c_int,
    LITE_set_cpu_threads_number: unsafe extern "C" fn(
        network: LiteNetwork,
        nr_threads: usize,
    ) -> ::std::os::raw::c_int,
    LITE_set_device_id: unsafe extern "C" fn(
        network: LiteNetwork,
        device_id: ::std::os::raw::c_int,
    ) -> ::std::os::raw::c_int,
    LITE_set_stream_id: unsafe extern "C" fn(
        network: LiteNetwork,
        stream_id: ::std::os::raw::c_int,
    ) -> ::std::os::raw::c_int,
    LITE_use_tensorrt: unsafe extern "C" fn(
        network: LiteNetwork,
    ) -> ::std::os::raw::c_int,
    LITE_set_network_algo_policy: unsafe extern "C" fn(
        network: LiteNetwork,
        strategy: LiteAlgoSelectStrategy,
    ) -> ::std::os::raw::c_int,
    LITE_set_network_algo_fastrun_config: unsafe extern "C" fn(
        network: LiteNetwork,
        shared_batch_size: ::std::os::raw::c_uint,
        binary_equal_between_batch: ::std::os::raw::c_int,
    ) -> ::std::os::raw::c_int,
    LITE_set_network_algo_workspace_limit: unsafe extern "C" fn(
        network: LiteNetwork,
        workspace_limit: usize,
    ) -> ::std::os::raw::c_int,
    LITE_set_async_callback: unsafe extern "C" fn(
        network: LiteNetwork,
        async_callback: LiteAsyncCallback,
    ) -> ::std::os::raw::c_int,
    LITE_set_async_callback_with_userdata: unsafe extern "C" fn(
        network: LiteNetwork,
        async_callback: LiteAsyncCallbackWithData,
        user_data: *mut ::std::os::raw::c_void,
    ) -> ::std::os::raw::c_int,
    LITE_set_start_callback: unsafe extern "C" fn(
        network: LiteNetwork,
        start_callback: LiteStartCallback,
    ) -> ::std::os::raw::c_int,
    LITE_set_start_callback_with_userdata: unsafe extern "C" fn(
        network: LiteNetwork,
        start_callback: LiteStartCallbackWithData,
        user_data: *mut ::std::os::raw::c_void,
    ) -> ::std::os::raw::c_int,
    LITE_set_finish_callback: unsafe extern "C" fn(
        network: LiteNetwork,
        finish_callback: LiteFinishCallback,
    ) -> ::std::os::raw::c_int,
    LITE_set_finish_callback_with_userdata: unsafe extern "C" fn(
        network: LiteNetwork,
        finish_callback: LiteFinishCallbackWithData,
        user_data: *mut ::std::os::raw::c_void,
    ) -> ::std::os::raw::c_int,
    LITE_set_runtime_thread_affinity: unsafe extern "C" fn(
        network: LiteNetwork,
        thread_affinity_callback: LiteThreadAffinityCallback,
    ) -> ::std::os::raw::c_int,
    LITE_set_memory_allocator: unsafe extern "C" fn(
        network: LiteNetwork,
        allocate_fun: LiteAllocate,
        free_fun: LiteFree,
    ) -> ::std::os::raw::c_int,
    LITE_share_runtime_memroy: unsafe extern "C" fn(
        src_network: LiteNetwork,
        dst_network: LiteNetwork,
    ) -> ::std::os::raw::c_int,
    LITE_enable_profile_performance: unsafe extern "C" fn(
        network: LiteNetwork,
        profile_json_file_path: *const ::std::os::raw::c_char,
    ) -> ::std::os::raw::c_int,
    LITE_enable_io_txt_dump: unsafe extern "C" fn(
        network: LiteNetwork,
        io_txt_out_file: *const ::std::os::raw::c_char,
    ) -> ::std::os::raw::c_int,
    LITE_enable_io_bin_dump: unsafe extern "C" fn(
        network: LiteNetwork,
        io_bin_out_dir: *const ::std::os::raw::c_char,
    ) -> ::std::os::raw::c_int,
    LITE_get_static_memory_alloc_info: unsafe extern "C" fn(
        network: LiteNetwork,
        log_dir: *const ::std::os::raw::c_char,
    ) -> ::std::os::raw::c_int,
    LITE_enable_global_layout_transform: unsafe extern "C" fn(
        network: LiteNetwork,
    ) -> ::std::os::raw::c_int,
    LITE_dump_layout_transform_model: unsafe extern "C" fn(
        network: LiteNetwork,
        dump_file_path: *const ::std::os::raw::c_char,
    ) -> ::std::os::raw::c_int,
    LITE_extra_configure: unsafe extern "C" fn(
        network: LiteNetwork,
        extra_config: LiteExtraConfig,
    ) -> ::std::os::raw::c_int,
    LITE_get_version: unsafe extern "C" fn(
        major: *mut ::std::os::raw::c_int,
        minor: *mut ::std::os::raw::c_int,
        patch: *mut ::std::os::raw::c_int,
    ) -> ::std::os::raw::c_int,
    LITE_get_last_error_code: unsafe extern "C" fn() -> LiteErrorCode,
    LITE_clear_last_error: unsafe extern "C" fn(),
    LITE_get_last_error: unsafe extern "C" fn() -> *const ::std::os::raw::c_char,
    LITE_get_device_count: unsafe extern "C" fn(
        device_type: LiteDeviceType,
        count: *mut usize,
    ) -> ::std::os::raw::c_int,
    LITE_try_coalesce_all_free_memory: unsafe extern "C" fn() -> ::std::os::raw::c_int,
    LITE_register_decryption_and_key: unsafe extern "C" fn(
        decrypt_name: *const ::std::os::raw::c_char,
        func: LiteDecryptionFunc,
        key_data: *const u8,
        key_size: usize,
    ) -> ::std::os::raw::c_int,
    LITE_update_decryption_or_key: unsafe extern "C" fn(
        decrypt_name: *const ::std::os::raw::c_char,
        func: LiteDecryptionFunc,
        key_data: *const u8,
        key_size: usize,
    ) -> ::std::os::raw::c_int,
    LITE_register_parse_info_func: unsafe extern "C" fn(
        info_type: *const ::std::os::raw::c_char,
        parse_func: LiteParseInfoFunc,
    ) -> ::std::os::raw::c_int,
    LITE_set_loader_lib_path: unsafe extern "C" fn(
        loader_path: *const ::std::os::raw::c_char,
    ) -> ::std::os::raw::c_int,
    LITE_set_persistent_cache: unsafe extern "C" fn(
        cache_path: *const ::std::os::raw::c_char,
        always_sync: ::std::os::raw::c_int,
    ) -> ::std::os::raw::c_int,
    LITE_set_tensor_rt_cache: unsafe extern "C" fn(
        cache_path: *const ::std::os::raw::c_char,
    ) -> ::std::os::raw::c_int,
    LITE_dump_persistent_cache: unsafe extern "C" fn(
        cache_path: *const ::std::os::raw::c_char,
    ) -> ::std::os::raw::c_int,
    LITE_dump_tensor_rt_cache: unsafe extern "C" fn() -> ::std::os::raw::c_int,
    LITE_set_log_level: unsafe extern "C" fn(
        level: LiteLogLevel,
    ) -> ::std::os::raw::c_int,
    LITE_get_log_level: unsafe extern "C" fn(
        level: *mut LiteLogLevel,
    ) -> ::std::os::raw::c_int,
    LITE_register_memory_pair: unsafe extern "C" fn(
        vir_ptr: *mut ::std::os::raw::c_void,
        phy_ptr: *mut ::std::os::raw::c_void,
        length: usize,
        device: LiteDeviceType,
        backend: LiteBackend,
    ) -> ::std::os::raw::c_int,
    LITE_clear_memory_pair: unsafe extern "C" fn(
        vir_ptr: *mut ::std::os::raw::c_void,
        phy_ptr: *mut ::std::os::raw::c_void,
        device: LiteDeviceType,
        backend: LiteBackend,
    ) -> ::std::os::raw::c_int,
    LITE_lookup_physic_ptr: unsafe extern "C" fn(
        vir_ptr: *mut ::std::os::raw::c_void,
        phy_ptr: *mut *mut ::std::os::raw::c_void,
        device: LiteDeviceType,
        backend: LiteBackend,
    ) -> ::std::os::raw::c_int,
    LITE_get_dtype_name: unsafe extern "C" fn(
        dtype: LiteDataType,
    ) -> *const ::std::os::raw::c_char,
    LITE_get_dtype_bits: unsafe extern "C" fn(
        dtype: LiteDataType,
        bits: *mut usize,
    ) -> ::std::os::raw::c_int,
    LITE_make_tensor_with_dims: unsafe extern "C" fn(
        dtype: LiteDataType,
        rank: ::std::os::raw::c_int,
        dims: *const i64,
        tensor: *mut LiteTensor,
    ) -> ::std::os::raw::c_int,
    LITE_make_tensor_from_memory: unsafe extern "C" fn(
        dtype: LiteDataType,
        rank: ::std::os::raw::c_int,
        dims: *const i64,
        strides: *const i64,
        data: *mut ::std::os::raw::c_void,
        size: usize,
        release: LiteRelease,
        user_data: *mut ::std::os::raw::c_void,
        tensor: *mut LiteTensor,
    ) -> ::std::os::raw::c_int,
    LITE_set_tensor_dims: unsafe extern "C" fn(
        tensor: LiteTensor,
        dtype: LiteDataType,
        rank: ::std::os::raw::c_int,
        dims: *const i64,
    ) -> ::std::os::raw::c_int,
    LITE_reset_tensor_with_dims: unsafe extern "C" fn(
        tensor: LiteTensor,
        dtype: LiteDataType,
        rank: ::std::os::raw::c_int,
        dims: *const i64,
        data: *mut ::std::os::raw::c_void,
        size: usize,
    ) -> ::std::os::raw::c_int,
    LITE_tensor_reshape_dims: unsafe extern "C" fn(
        tensor: LiteTensor,
        rank: ::std::os::raw::c_int,
        dims: *const i64,
    ) -> ::std::os::raw::c_int,
    LITE_get_tensor_dtype: unsafe extern "C" fn(
        tensor: LiteTensor,
        dtype: *mut LiteDataType,
    ) -> ::std::os::raw::c_int,
    LITE_get_tensor_rank: unsafe extern "C" fn(
        tensor: LiteTensor,
        rank: *mut ::std::os::raw::c_int,
    ) -> ::std::os::raw::c_int,
    LITE_get_tensor_dims: unsafe extern "C" fn(
        tensor: LiteTensor,
        capacity: ::std::os::raw::c_int,
        dims: *mut i64,
    ) -> ::std::os::raw::c_int,
    LITE_get_tensor_strides: unsafe extern "C" fn(
        tensor: LiteTensor,
        capacity: ::std::os::raw::c_int,
        strides: *mut i64,
    ) -> ::std::os::raw::c_int,
    LITE_get_tensor_string: unsafe extern "C" fn(
        tensor: LiteTensor,
        index: usize,
        data: *mut *const ::std::os::raw::c_char,
        size: *mut usize,
    ) -> ::std::os::raw::c_int,
    LITE_set_tensor_string: unsafe extern "C" fn(
        tensor: LiteTensor,
        index: usize,
        data: *const ::std::os::raw::c_char,
        size: usize,
    ) -> ::std::os::raw::c_int,
    LITE_tensor_to_dlpack: unsafe extern "C" fn(
        tensor: LiteTensor,
        managed: *mut *mut DLManagedTensor,
    ) -> ::std::os::raw::c_int,
    LITE_tensor_to_dlpack_versioned: unsafe extern "C" fn(
        tensor: LiteTensor,
        managed: *mut *mut DLManagedTensorVersioned,
    ) -> ::std::os::raw::c_int,
    LITE_tensor_from_dlpack: unsafe extern "C" fn(
        managed: *mut DLManagedTensor,
        tensor: *mut LiteTensor,
    ) -> ::std::os::raw::c_int,
    LITE_tensor_from_dlpack_versioned: unsafe extern "C" fn(
        managed: *mut DLManagedTensorVersioned,
        tensor: *mut LiteTensor,
    ) -> ::std::os::raw::c_int,
    LITE_register_operator: unsafe extern "C" fn(
        op: *const LiteOperator,
    ) -> ::std::os::raw::c_int,
    LITE_unregister_operator: unsafe extern "C" fn(
        domain: *const ::std::os::raw::c_char,
        name: *const ::std::os::raw::c_char,
        since_version: ::std::os::raw::c_int,
    ) -> ::std::os::raw::c_int,
    LITE_load_operator_library: unsafe extern "C" fn(
        path: *const ::std::os::raw::c_char,
    ) -> ::std::os::raw::c_int,
    LITE_operator_get_node_name: unsafe extern "C" fn(
        context: LiteOperatorContext,
        name: *mut *const ::std::os::raw::c_char,
    ) -> ::std::os::raw::c_int,
    LITE_operator_get_input_count: unsafe extern "C" fn(
        context: LiteOperatorContext,
        count: *mut usize,
    ) -> ::std::os::raw::c_int,
    LITE_operator_get_output_count: unsafe extern "C" fn(
        context: LiteOperatorContext,
        count: *mut usize,
    ) -> ::std::os::raw::c_int,
    LITE_operator_get_input: unsafe extern "C" fn(
        context: LiteOperatorContext,
        index: usize,
        tensor: *mut LiteOperatorTensor,
    ) -> ::std::os::raw::c_int,
    LITE_operator_get_input_string: unsafe extern "C" fn(
        context: LiteOperatorContext,
        index: usize,
        element: usize,
        text: *mut *const ::std::os::raw::c_char,
        size: *mut usize,
    ) -> ::std::os::raw::c_int,
    LITE_operator_set_error: unsafe extern "C" fn(
        context: LiteOperatorContext,
        message: *const ::std::os::raw::c_char,
    ) -> ::std::os::raw::c_int,
    LITE_operator_get_attribute_count: unsafe extern "C" fn(
        context: LiteOperatorContext,
        count: *mut usize,
    ) -> ::std::os::raw::c_int,
    LITE_operator_get_attribute_name: unsafe extern "C" fn(
        context: LiteOperatorContext,
        index: usize,
        name: *mut *const ::std::os::raw::c_char,
    ) -> ::std::os::raw::c_int,
    LITE_operator_get_attribute_type: unsafe extern "C" fn(
        context: LiteOperatorContext,
        name: *const ::std::os::raw::c_char,
        type_: *mut LiteAttributeType,
        length: *mut usize,
    ) -> ::std::os::raw::c_int,
    LITE_operator_get_attribute_int: unsafe extern "C" fn(
        context: LiteOperatorContext,
        name: *const ::std::os::raw::c_char,
        value: *mut i64,
    ) -> ::std::os::raw::c_int,
    LITE_operator_get_attribute_float: unsafe extern "C" fn(
        context: LiteOperatorContext,
        name: *const ::std::os::raw::c_char,
        value: *mut f32,
    ) -> ::std::os::raw::c_int,
    LITE_operator_get_attribute_string: unsafe extern "C" fn(
        context: LiteOperatorContext,
        name: *const ::std::os::raw::c_char,
        element: usize,
        text: *mut *const ::std::os::raw::c_char,
        size: *mut usize,
    ) -> ::std::os::raw::c_int,
    LITE_operator_get_attribute_ints: unsafe extern "C" fn(
        context: LiteOperatorContext,
        name: *const ::std::os::raw::c_char,
        values: *mut *const i64,
        length: *mut usize,
    ) -> ::std::os::raw::c_int,
    LITE_operator_get_attribute_floats: unsafe extern "C" fn(
        context: LiteOperatorContext,
        name: *const ::std::os::raw::c_char,
        values: *mut *const f32,
        length: *mut usize,
    ) -> ::std::os::raw::c_int,
    LITE_operator_get_attribute_tensor: unsafe extern "C" fn(
        context: LiteOperatorContext,
        name: *const ::std::os::raw::c_char,
        tensor: *mut LiteOperatorTensor,
    ) -> ::std::os::raw::c_int,
    LITE_operator_set_output: unsafe extern "C" fn(
        context: LiteOperatorContext,
        index: usize,
        dtype: ::std::os::raw::c_int,
        rank: ::std::os::raw::c_int,
        dims: *const i64,
    ) -> ::std::os::raw::c_int,
    LITE_operator_get_output: unsafe extern "C" fn(
        context: LiteOperatorContext,
        index: usize,
        tensor: *mut LiteOperatorTensor,
    ) -> ::std::os::raw::c_int,
    LITE_operator_allocate_output: unsafe extern "C" fn(
        context: LiteOperatorContext,
        index: usize,
        dtype: LiteDataType,
        rank: ::std::os::raw::c_int,
        dims: *const i64,
        data: *mut *mut ::std::os::raw::c_void,
    ) -> ::std::os::raw::c_int,
    LITE_operator_set_output_string: unsafe extern "C" fn(
        context: LiteOperatorContext,
        index: usize,
        element: usize,
        text: *const ::std::os::raw::c_char,
        size: usize,
    ) -> ::std::os::raw::c_int,
    LITE_operator_parallel_for: unsafe extern "C" fn(
        context: LiteOperatorContext,
        count: i64,
        task: LiteOperatorTask,
        data: *mut ::std::os::raw::c_void,
    ) -> ::std::os::raw::c_int,
    LITE_operator_get_threads: unsafe extern "C" fn(
        context: LiteOperatorContext,
        threads: *mut usize,
    ) -> ::std::os::raw::c_int,
    LITE_operator_should_stop: unsafe extern "C" fn(
        context: LiteOperatorContext,
        stop: *mut ::std::os::raw::c_int,
    ) -> ::std::os::raw::c_int,
    LITE_set_option: unsafe extern "C" fn(
        network: LiteNetwork,
        key: *const ::std::os::raw::c_char,
        value: *const ::std::os::raw::c_char,
    ) -> ::std::os::raw::c_int,
    LITE_get_option: unsafe extern "C" fn(
        network: LiteNetwork,
        key: *const ::std::os::raw::c_char,
        value: *mut *const ::std::os::raw::c_char,
    ) -> ::std::os::raw::c_int,
    LITE_get_option_count: unsafe extern "C" fn(
        count: *mut usize,
    ) -> ::std::os::raw::c_int,
    LITE_get_option_info: unsafe extern "C" fn(
        index: usize,
        info: *mut LiteOptionInfo,
    ) -> ::std::os::raw::c_int,
    LITE_pack_model: unsafe extern "C" fn(
        model_path: *const ::std::os::raw::c_char,
        packed_path: *const ::std::os::raw::c_char,
        options: *const LitePackOptions,
    ) -> ::std::os::raw::c_int,
    LITE_pack_model_memory: unsafe extern "C" fn(
        model: *const ::std::os::raw::c_void,
        size: usize,
        options: *const LitePackOptions,
        packed: *mut *mut ::std::os::raw::c_char,
        packed_size: *mut usize,
    ) -> ::std::os::raw::c_int,
    LITE_unpack_model: unsafe extern "C" fn(
        path: *const ::std::os::raw::c_char,
        part: LitePackPart,
        method: *const ::std::os::raw::c_char,
        key_data: *const u8,
        key_size: usize,
        data: *mut *mut ::std::os::raw::c_char,
        size: *mut usize,
    ) -> ::std::os::raw::c_int,
    LITE_describe_pack: unsafe extern "C" fn(
        path: *const ::std::os::raw::c_char,
        json: *mut *mut ::std::os::raw::c_char,
    ) -> ::std::os::raw::c_int,
    LITE_cancel: unsafe extern "C" fn(network: LiteNetwork) -> ::std::os::raw::c_int,
    LITE_set_run_timeout: unsafe extern "C" fn(
        network: LiteNetwork,
        microseconds: u64,
    ) -> ::std::os::raw::c_int,
    LITE_wait_for: unsafe extern "C" fn(
        network: LiteNetwork,
        microseconds: u64,
    ) -> ::std::os::raw::c_int,
    LITE_set_completion_callback: unsafe extern "C" fn(
        network: LiteNetwork,
        callback: LiteCompletionCallback,
        user_data: *mut ::std::os::raw::c_void,
    ) -> ::std::os::raw::c_int,
    LITE_trim: unsafe extern "C" fn(network: LiteNetwork) -> ::std::os::raw::c_int,
    LITE_get_statistics: unsafe extern "C" fn(
        network: LiteNetwork,
        statistics: *mut LiteStatistics,
    ) -> ::std::os::raw::c_int,
    LITE_set_profiling: unsafe extern "C" fn(
        network: LiteNetwork,
        enabled: ::std::os::raw::c_int,
    ) -> ::std::os::raw::c_int,
    LITE_get_profile: unsafe extern "C" fn(
        network: LiteNetwork,
        format: *const ::std::os::raw::c_char,
        text: *mut *mut ::std::os::raw::c_char,
    ) -> ::std::os::raw::c_int,
    LITE_free_string: unsafe extern "C" fn(text: *mut ::std::os::raw::c_char),
    LITE_set_process_threads: unsafe extern "C" fn(
        threads: usize,
    ) -> ::std::os::raw::c_int,
    LITE_get_process_threads: unsafe extern "C" fn(
        threads: *mut usize,
    ) -> ::std::os::raw::c_int,
    LITE_get_process_statistics: unsafe extern "C" fn(
        statistics: *mut LiteStatistics,
    ) -> ::std::os::raw::c_int,
    LITE_get_last_status: unsafe extern "C" fn() -> ::std::os::raw::c_int,
    LITE_get_status_name: unsafe extern "C" fn(
        code: ::std::os::raw::c_int,
    ) -> *const ::std::os::raw::c_char,
    LITE_check_version: unsafe extern "C" fn(
        major: ::std::os::raw::c_int,
        minor: ::std::os::raw::c_int,
    ) -> ::std::os::raw::c_int,
    LITE_get_build_info: unsafe extern "C" fn() -> *const ::std::os::raw::c_char,
    LITE_set_log_callback: unsafe extern "C" fn(
        callback: LiteLogCallback,
        user_data: *mut ::std::os::raw::c_void,
    ) -> ::std::os::raw::c_int,
    LITE_set_runtime_thread_affinity_with_userdata: unsafe extern "C" fn(
        network: LiteNetwork,
        callback: LiteThreadAffinityCallbackWithData,
        user_data: *mut ::std::os::raw::c_void,
        release: LiteRelease,
    ) -> ::std::os::raw::c_int,
    LITE_set_memory_allocator_with_userdata: unsafe extern "C" fn(
        network: LiteNetwork,
        allocate_fun: LiteAllocateWithData,
        free_fun: LiteFreeWithData,
        user_data: *mut ::std::os::raw::c_void,
        release: LiteRelease,
    ) -> ::std::os::raw::c_int,
    LITE_register_decryption_with_userdata: unsafe extern "C" fn(
        decrypt_name: *const ::std::os::raw::c_char,
        func: LiteDecryptionFuncWithData,
        key_data: *const u8,
        key_size: usize,
        user_data: *mut ::std::os::raw::c_void,
        release: LiteRelease,
    ) -> ::std::os::raw::c_int,
    LITE_update_decryption_with_userdata: unsafe extern "C" fn(
        decrypt_name: *const ::std::os::raw::c_char,
        func: LiteDecryptionFuncWithData,
        key_data: *const u8,
        key_size: usize,
        user_data: *mut ::std::os::raw::c_void,
        release: LiteRelease,
    ) -> ::std::os::raw::c_int,
    LITE_register_parse_info_with_userdata: unsafe extern "C" fn(
        info_type: *const ::std::os::raw::c_char,
        parse_func: LiteParseInfoFuncWithData,
        user_data: *mut ::std::os::raw::c_void,
        release: LiteRelease,
    ) -> ::std::os::raw::c_int,
    LITE_make_tensor_value: unsafe extern "C" fn(
        tensor: LiteTensor,
        flags: u32,
        value: *mut LiteValue,
    ) -> ::std::os::raw::c_int,
    LITE_make_sequence: unsafe extern "C" fn(
        dtype: LiteDataType,
        value: *mut LiteValue,
    ) -> ::std::os::raw::c_int,
    LITE_append_value: unsafe extern "C" fn(
        sequence: LiteValue,
        element: LiteValue,
    ) -> ::std::os::raw::c_int,
    LITE_make_optional: unsafe extern "C" fn(
        element: LiteValue,
        dtype: LiteDataType,
        value: *mut LiteValue,
    ) -> ::std::os::raw::c_int,
    LITE_make_map: unsafe extern "C" fn(
        keys: LiteTensor,
        values: LiteValue,
        value: *mut LiteValue,
    ) -> ::std::os::raw::c_int,
    LITE_destroy_value: unsafe extern "C" fn(value: LiteValue) -> ::std::os::raw::c_int,
    LITE_get_value_kind: unsafe extern "C" fn(
        value: LiteValue,
        kind: *mut LiteValueKind,
    ) -> ::std::os::raw::c_int,
    LITE_get_value_dtype: unsafe extern "C" fn(
        value: LiteValue,
        dtype: *mut LiteDataType,
    ) -> ::std::os::raw::c_int,
    LITE_get_value_length: unsafe extern "C" fn(
        value: LiteValue,
        length: *mut usize,
    ) -> ::std::os::raw::c_int,
    LITE_get_value_element: unsafe extern "C" fn(
        value: LiteValue,
        index: usize,
        element: *mut LiteValue,
    ) -> ::std::os::raw::c_int,
    LITE_get_value_tensor: unsafe extern "C" fn(
        value: LiteValue,
        tensor: *mut LiteTensor,
    ) -> ::std::os::raw::c_int,
    LITE_get_map_keys: unsafe extern "C" fn(
        map: LiteValue,
        keys: *mut LiteTensor,
    ) -> ::std::os::raw::c_int,
    LITE_get_map_values: unsafe extern "C" fn(
        map: LiteValue,
        values: *mut LiteValue,
    ) -> ::std::os::raw::c_int,
    LITE_set_input_value: unsafe extern "C" fn(
        network: LiteNetwork,
        io_name: *const ::std::os::raw::c_char,
        value: LiteValue,
    ) -> ::std::os::raw::c_int,
    LITE_get_output_value: unsafe extern "C" fn(
        network: LiteNetwork,
        io_name: *const ::std::os::raw::c_char,
        value: *mut LiteValue,
    ) -> ::std::os::raw::c_int,
    LITE_get_input_value_type: unsafe extern "C" fn(
        network: LiteNetwork,
        index: usize,
        level: usize,
        type_: *mut LiteValueType,
    ) -> ::std::os::raw::c_int,
    LITE_get_output_value_type: unsafe extern "C" fn(
        network: LiteNetwork,
        index: usize,
        level: usize,
        type_: *mut LiteValueType,
    ) -> ::std::os::raw::c_int,
}
impl Table {
    /// # Safety
    /// What `find` returns for a name is that function.
    pub(crate) unsafe fn load(
        find: &dyn Fn(&std::ffi::CStr) -> *mut std::ffi::c_void,
    ) -> Result<Self, &'static std::ffi::CStr> {
        Ok(Self {
            LITE_make_tensor: unsafe { symbol(find, c"LITE_make_tensor")? },
            LITE_destroy_tensor: unsafe { symbol(find, c"LITE_destroy_tensor")? },
            LITE_set_tensor_layout: unsafe { symbol(find, c"LITE_set_tensor_layout")? },
            LITE_reset_tensor_memory: unsafe {
                symbol(find, c"LITE_reset_tensor_memory")?
            },
            LITE_reset_tensor: unsafe { symbol(find, c"LITE_reset_tensor")? },
            LITE_tensor_reshape: unsafe { symbol(find, c"LITE_tensor_reshape")? },
            LITE_tensor_slice: unsafe { symbol(find, c"LITE_tensor_slice")? },
            LITE_tensor_fill_zero: unsafe { symbol(find, c"LITE_tensor_fill_zero")? },
            LITE_tensor_copy: unsafe { symbol(find, c"LITE_tensor_copy")? },
            LITE_tensor_share_memory_with: unsafe {
                symbol(find, c"LITE_tensor_share_memory_with")?
            },
            LITE_get_tensor_memory: unsafe { symbol(find, c"LITE_get_tensor_memory")? },
            LITE_get_tensor_memory_with_index: unsafe {
                symbol(find, c"LITE_get_tensor_memory_with_index")?
            },
            LITE_get_tensor_total_size_in_byte: unsafe {
                symbol(find, c"LITE_get_tensor_total_size_in_byte")?
            },
            LITE_get_tensor_layout: unsafe { symbol(find, c"LITE_get_tensor_layout")? },
            LITE_get_tensor_device_type: unsafe {
                symbol(find, c"LITE_get_tensor_device_type")?
            },
            LITE_get_tensor_device_id: unsafe {
                symbol(find, c"LITE_get_tensor_device_id")?
            },
            LITE_is_pinned_host: unsafe { symbol(find, c"LITE_is_pinned_host")? },
            LITE_is_memory_continue: unsafe {
                symbol(find, c"LITE_is_memory_continue")?
            },
            LITE_tensor_concat: unsafe { symbol(find, c"LITE_tensor_concat")? },
            LITE_load_model_file: unsafe { symbol(find, c"LITE_load_model_file")? },
            LITE_load_model_memory: unsafe { symbol(find, c"LITE_load_model_memory")? },
            LITE_check_model: unsafe { symbol(find, c"LITE_check_model")? },
            LITE_check_model_memory: unsafe {
                symbol(find, c"LITE_check_model_memory")?
            },
            LITE_get_operators: unsafe { symbol(find, c"LITE_get_operators")? },
            LITE_get_unsupported_count: unsafe {
                symbol(find, c"LITE_get_unsupported_count")?
            },
            LITE_get_unsupported_node: unsafe {
                symbol(find, c"LITE_get_unsupported_node")?
            },
            LITE_get_input_count: unsafe { symbol(find, c"LITE_get_input_count")? },
            LITE_get_output_count: unsafe { symbol(find, c"LITE_get_output_count")? },
            LITE_get_input_info: unsafe { symbol(find, c"LITE_get_input_info")? },
            LITE_get_output_info: unsafe { symbol(find, c"LITE_get_output_info")? },
            LITE_get_discrete_tensor_count: unsafe {
                symbol(find, c"LITE_get_discrete_tensor_count")?
            },
            LITE_get_metadata_count: unsafe {
                symbol(find, c"LITE_get_metadata_count")?
            },
            LITE_get_metadata_item: unsafe { symbol(find, c"LITE_get_metadata_item")? },
            LITE_get_metadata: unsafe { symbol(find, c"LITE_get_metadata")? },
            LITE_dump_graph: unsafe { symbol(find, c"LITE_dump_graph")? },
            LITE_convert_model: unsafe { symbol(find, c"LITE_convert_model")? },
            LITE_convert_model_memory: unsafe {
                symbol(find, c"LITE_convert_model_memory")?
            },
            LITE_compile_model: unsafe { symbol(find, c"LITE_compile_model")? },
            LITE_make_default_network: unsafe {
                symbol(find, c"LITE_make_default_network")?
            },
            LITE_make_network: unsafe { symbol(find, c"LITE_make_network")? },
            LITE_make_network_config: unsafe {
                symbol(find, c"LITE_make_network_config")?
            },
            LITE_load_model_from_mem: unsafe {
                symbol(find, c"LITE_load_model_from_mem")?
            },
            LITE_load_model_from_path: unsafe {
                symbol(find, c"LITE_load_model_from_path")?
            },
            LITE_shared_weight_with_network: unsafe {
                symbol(find, c"LITE_shared_weight_with_network")?
            },
            LITE_destroy_network: unsafe { symbol(find, c"LITE_destroy_network")? },
            LITE_forward: unsafe { symbol(find, c"LITE_forward")? },
            LITE_wait: unsafe { symbol(find, c"LITE_wait")? },
            LITE_get_io_tensor: unsafe { symbol(find, c"LITE_get_io_tensor")? },
            LITE_get_discrete_tensor: unsafe {
                symbol(find, c"LITE_get_discrete_tensor")?
            },
            LITE_get_input_name: unsafe { symbol(find, c"LITE_get_input_name")? },
            LITE_get_output_name: unsafe { symbol(find, c"LITE_get_output_name")? },
            LITE_get_all_input_name: unsafe {
                symbol(find, c"LITE_get_all_input_name")?
            },
            LITE_get_all_output_name: unsafe {
                symbol(find, c"LITE_get_all_output_name")?
            },
            LITE_get_model_io_info_by_path: unsafe {
                symbol(find, c"LITE_get_model_io_info_by_path")?
            },
            LITE_get_model_io_info_by_memory: unsafe {
                symbol(find, c"LITE_get_model_io_info_by_memory")?
            },
            LITE_get_model_extra_info: unsafe {
                symbol(find, c"LITE_get_model_extra_info")?
            },
            LITE_is_cpu_inplace_mode: unsafe {
                symbol(find, c"LITE_is_cpu_inplace_mode")?
            },
            LITE_get_cpu_threads_number: unsafe {
                symbol(find, c"LITE_get_cpu_threads_number")?
            },
            LITE_get_device_id: unsafe { symbol(find, c"LITE_get_device_id")? },
            LITE_get_stream_id: unsafe { symbol(find, c"LITE_get_stream_id")? },
            LITE_get_device_type: unsafe { symbol(find, c"LITE_get_device_type")? },
            LITE_set_cpu_inplace_mode: unsafe {
                symbol(find, c"LITE_set_cpu_inplace_mode")?
            },
            LITE_set_cpu_threads_number: unsafe {
                symbol(find, c"LITE_set_cpu_threads_number")?
            },
            LITE_set_device_id: unsafe { symbol(find, c"LITE_set_device_id")? },
            LITE_set_stream_id: unsafe { symbol(find, c"LITE_set_stream_id")? },
            LITE_use_tensorrt: unsafe { symbol(find, c"LITE_use_tensorrt")? },
            LITE_set_network_algo_policy: unsafe {
                symbol(find, c"LITE_set_network_algo_policy")?
            },
            LITE_set_network_algo_fastrun_config: unsafe {
                symbol(find, c"LITE_set_network_algo_fastrun_config")?
            },
            LITE_set_network_algo_workspace_limit: unsafe {
                symbol(find, c"LITE_set_network_algo_workspace_limit")?
            },
            LITE_set_async_callback: unsafe {
                symbol(find, c"LITE_set_async_callback")?
            },
            LITE_set_async_callback_with_userdata: unsafe {
                symbol(find, c"LITE_set_async_callback_with_userdata")?
            },
            LITE_set_start_callback: unsafe {
                symbol(find, c"LITE_set_start_callback")?
            },
            LITE_set_start_callback_with_userdata: unsafe {
                symbol(find, c"LITE_set_start_callback_with_userdata")?
            },
            LITE_set_finish_callback: unsafe {
                symbol(find, c"LITE_set_finish_callback")?
            },
            LITE_set_finish_callback_with_userdata: unsafe {
                symbol(find, c"LITE_set_finish_callback_with_userdata")?
            },
            LITE_set_runtime_thread_affinity: unsafe {
                symbol(find, c"LITE_set_runtime_thread_affinity")?
            },
            LITE_set_memory_allocator: unsafe {
                symbol(find, c"LITE_set_memory_allocator")?
            },
            LITE_share_runtime_memroy: unsafe {
                symbol(find, c"LITE_share_runtime_memroy")?
            },
            LITE_enable_profile_performance: unsafe {
                symbol(find, c"LITE_enable_profile_performance")?
            },
            LITE_enable_io_txt_dump: unsafe {
                symbol(find, c"LITE_enable_io_txt_dump")?
            },
            LITE_enable_io_bin_dump: unsafe {
                symbol(find, c"LITE_enable_io_bin_dump")?
            },
            LITE_get_static_memory_alloc_info: unsafe {
                symbol(find, c"LITE_get_static_memory_alloc_info")?
            },
            LITE_enable_global_layout_transform: unsafe {
                symbol(find, c"LITE_enable_global_layout_transform")?
            },
            LITE_dump_layout_transform_model: unsafe {
                symbol(find, c"LITE_dump_layout_transform_model")?
            },
            LITE_extra_configure: unsafe { symbol(find, c"LITE_extra_configure")? },
            LITE_get_version: unsafe { symbol(find, c"LITE_get_version")? },
            LITE_get_last_error_code: unsafe {
                symbol(find, c"LITE_get_last_error_code")?
            },
            LITE_clear_last_error: unsafe { symbol(find, c"LITE_clear_last_error")? },
            LITE_get_last_error: unsafe { symbol(find, c"LITE_get_last_error")? },
            LITE_get_device_count: unsafe { symbol(find, c"LITE_get_device_count")? },
            LITE_try_coalesce_all_free_memory: unsafe {
                symbol(find, c"LITE_try_coalesce_all_free_memory")?
            },
            LITE_register_decryption_and_key: unsafe {
                symbol(find, c"LITE_register_decryption_and_key")?
            },
            LITE_update_decryption_or_key: unsafe {
                symbol(find, c"LITE_update_decryption_or_key")?
            },
            LITE_register_parse_info_func: unsafe {
                symbol(find, c"LITE_register_parse_info_func")?
            },
            LITE_set_loader_lib_path: unsafe {
                symbol(find, c"LITE_set_loader_lib_path")?
            },
            LITE_set_persistent_cache: unsafe {
                symbol(find, c"LITE_set_persistent_cache")?
            },
            LITE_set_tensor_rt_cache: unsafe {
                symbol(find, c"LITE_set_tensor_rt_cache")?
            },
            LITE_dump_persistent_cache: unsafe {
                symbol(find, c"LITE_dump_persistent_cache")?
            },
            LITE_dump_tensor_rt_cache: unsafe {
                symbol(find, c"LITE_dump_tensor_rt_cache")?
            },
            LITE_set_log_level: unsafe { symbol(find, c"LITE_set_log_level")? },
            LITE_get_log_level: unsafe { symbol(find, c"LITE_get_log_level")? },
            LITE_register_memory_pair: unsafe {
                symbol(find, c"LITE_register_memory_pair")?
            },
            LITE_clear_memory_pair: unsafe { symbol(find, c"LITE_clear_memory_pair")? },
            LITE_lookup_physic_ptr: unsafe { symbol(find, c"LITE_lookup_physic_ptr")? },
            LITE_get_dtype_name: unsafe { symbol(find, c"LITE_get_dtype_name")? },
            LITE_get_dtype_bits: unsafe { symbol(find, c"LITE_get_dtype_bits")? },
            LITE_make_tensor_with_dims: unsafe {
                symbol(find, c"LITE_make_tensor_with_dims")?
            },
            LITE_make_tensor_from_memory: unsafe {
                symbol(find, c"LITE_make_tensor_from_memory")?
            },
            LITE_set_tensor_dims: unsafe { symbol(find, c"LITE_set_tensor_dims")? },
            LITE_reset_tensor_with_dims: unsafe {
                symbol(find, c"LITE_reset_tensor_with_dims")?
            },
            LITE_tensor_reshape_dims: unsafe {
                symbol(find, c"LITE_tensor_reshape_dims")?
            },
            LITE_get_tensor_dtype: unsafe { symbol(find, c"LITE_get_tensor_dtype")? },
            LITE_get_tensor_rank: unsafe { symbol(find, c"LITE_get_tensor_rank")? },
            LITE_get_tensor_dims: unsafe { symbol(find, c"LITE_get_tensor_dims")? },
            LITE_get_tensor_strides: unsafe {
                symbol(find, c"LITE_get_tensor_strides")?
            },
            LITE_get_tensor_string: unsafe { symbol(find, c"LITE_get_tensor_string")? },
            LITE_set_tensor_string: unsafe { symbol(find, c"LITE_set_tensor_string")? },
            LITE_tensor_to_dlpack: unsafe { symbol(find, c"LITE_tensor_to_dlpack")? },
            LITE_tensor_to_dlpack_versioned: unsafe {
                symbol(find, c"LITE_tensor_to_dlpack_versioned")?
            },
            LITE_tensor_from_dlpack: unsafe {
                symbol(find, c"LITE_tensor_from_dlpack")?
            },
            LITE_tensor_from_dlpack_versioned: unsafe {
                symbol(find, c"LITE_tensor_from_dlpack_versioned")?
            },
            LITE_register_operator: unsafe { symbol(find, c"LITE_register_operator")? },
            LITE_unregister_operator: unsafe {
                symbol(find, c"LITE_unregister_operator")?
            },
            LITE_load_operator_library: unsafe {
                symbol(find, c"LITE_load_operator_library")?
            },
            LITE_operator_get_node_name: unsafe {
                symbol(find, c"LITE_operator_get_node_name")?
            },
            LITE_operator_get_input_count: unsafe {
                symbol(find, c"LITE_operator_get_input_count")?
            },
            LITE_operator_get_output_count: unsafe {
                symbol(find, c"LITE_operator_get_output_count")?
            },
            LITE_operator_get_input: unsafe {
                symbol(find, c"LITE_operator_get_input")?
            },
            LITE_operator_get_input_string: unsafe {
                symbol(find, c"LITE_operator_get_input_string")?
            },
            LITE_operator_set_error: unsafe {
                symbol(find, c"LITE_operator_set_error")?
            },
            LITE_operator_get_attribute_count: unsafe {
                symbol(find, c"LITE_operator_get_attribute_count")?
            },
            LITE_operator_get_attribute_name: unsafe {
                symbol(find, c"LITE_operator_get_attribute_name")?
            },
            LITE_operator_get_attribute_type: unsafe {
                symbol(find, c"LITE_operator_get_attribute_type")?
            },
            LITE_operator_get_attribute_int: unsafe {
                symbol(find, c"LITE_operator_get_attribute_int")?
            },
            LITE_operator_get_attribute_float: unsafe {
                symbol(find, c"LITE_operator_get_attribute_float")?
            },
            LITE_operator_get_attribute_string: unsafe {
                symbol(find, c"LITE_operator_get_attribute_string")?
            },
            LITE_operator_get_attribute_ints: unsafe {
                symbol(find, c"LITE_operator_get_attribute_ints")?
            },
            LITE_operator_get_attribute_floats: unsafe {
                symbol(find, c"LITE_operator_get_attribute_floats")?
            },
            LITE_operator_get_attribute_tensor: unsafe {
                symbol(find, c"LITE_operator_get_attribute_tensor")?
            },
            LITE_operator_set_output: unsafe {
                symbol(find, c"LITE_operator_set_output")?
            },
            LITE_operator_get_output: unsafe {
                symbol(find, c"LITE_operator_get_output")?
            },
            LITE_operator_allocate_output: unsafe {
                symbol(find, c"LITE_operator_allocate_output")?
            },
            LITE_operator_set_output_string: unsafe {
                symbol(find, c"LITE_operator_set_output_string")?
            },
            LITE_operator_parallel_for: unsafe {
                symbol(find, c"LITE_operator_parallel_for")?
            },
            LITE_operator_get_threads: unsafe {
                symbol(find, c"LITE_operator_get_threads")?
            },
            LITE_operator_should_stop: unsafe {
                symbol(find, c"LITE_operator_should_stop")?
            },
            LITE_set_option: unsafe { symbol(find, c"LITE_set_option")? },
            LITE_get_option: unsafe { symbol(find, c"LITE_get_option")? },
            LITE_get_option_count: unsafe { symbol(find, c"LITE_get_option_count")? },
            LITE_get_option_info: unsafe { symbol(find, c"LITE_get_option_info")? },
            LITE_pack_model: unsafe { symbol(find, c"LITE_pack_model")? },
            LITE_pack_model_memory: unsafe { symbol(find, c"LITE_pack_model_memory")? },
            LITE_unpack_model: unsafe { symbol(find, c"LITE_unpack_model")? },
            LITE_describe_pack: unsafe { symbol(find, c"LITE_describe_pack")? },
            LITE_cancel: unsafe { symbol(find, c"LITE_cancel")? },
            LITE_set_run_timeout: unsafe { symbol(find, c"LITE_set_run_timeout")? },
            LITE_wait_for: unsafe { symbol(find, c"LITE_wait_for")? },
            LITE_set_completion_callback: unsafe {
                symbol(find, c"LITE_set_completion_callback")?
            },
            LITE_trim: unsafe { symbol(find, c"LITE_trim")? },
            LITE_get_statistics: unsafe { symbol(find, c"LITE_get_statistics")? },
            LITE_set_profiling: unsafe { symbol(find, c"LITE_set_profiling")? },
            LITE_get_profile: unsafe { symbol(find, c"LITE_get_profile")? },
            LITE_free_string: unsafe { symbol(find, c"LITE_free_string")? },
            LITE_set_process_threads: unsafe {
                symbol(find, c"LITE_set_process_threads")?
            },
            LITE_get_process_threads: unsafe {
                symbol(find, c"LITE_get_process_threads")?
            },
            LITE_get_process_statistics: unsafe {
                symbol(find, c"LITE_get_process_statistics")?
            },
            LITE_get_last_status: unsafe { symbol(find, c"LITE_get_last_status")? },
            LITE_get_status_name: unsafe { symbol(find, c"LITE_get_status_name")? },
            LITE_check_version: unsafe { symbol(find, c"LITE_check_version")? },
            LITE_get_build_info: unsafe { symbol(find, c"LITE_get_build_info")? },
            LITE_set_log_callback: unsafe { symbol(find, c"LITE_set_log_callback")? },
            LITE_set_runtime_thread_affinity_with_userdata: unsafe {
                symbol(find, c"LITE_set_runtime_thread_affinity_with_userdata")?
            },
            LITE_set_memory_allocator_with_userdata: unsafe {
                symbol(find, c"LITE_set_memory_allocator_with_userdata")?
            },
            LITE_register_decryption_with_userdata: unsafe {
                symbol(find, c"LITE_register_decryption_with_userdata")?
            },
            LITE_update_decryption_with_userdata: unsafe {
                symbol(find, c"LITE_update_decryption_with_userdata")?
            },
            LITE_register_parse_info_with_userdata: unsafe {
                symbol(find, c"LITE_register_parse_info_with_userdata")?
            },
            LITE_make_tensor_value: unsafe { symbol(find, c"LITE_make_tensor_value")? },
            LITE_make_sequence: unsafe { symbol(find, c"LITE_make_sequence")? },
            LITE_append_value: unsafe { symbol(find, c"LITE_append_value")? },
            LITE_make_optional: unsafe { symbol(find, c"LITE_make_optional")? },
            LITE_make_map: unsafe { symbol(find, c"LITE_make_map")? },
            LITE_destroy_value: unsafe { symbol(find, c"LITE_destroy_value")? },
            LITE_get_value_kind: unsafe { symbol(find, c"LITE_get_value_kind")? },
            LITE_get_value_dtype: unsafe { symbol(find, c"LITE_get_value_dtype")? },
            LITE_get_value_length: unsafe { symbol(find, c"LITE_get_value_length")? },
            LITE_get_value_element: unsafe { symbol(find, c"LITE_get_value_element")? },
            LITE_get_value_tensor: unsafe { symbol(find, c"LITE_get_value_tensor")? },
            LITE_get_map_keys: unsafe { symbol(find, c"LITE_get_map_keys")? },
            LITE_get_map_values: unsafe { symbol(find, c"LITE_get_map_values")? },
            LITE_set_input_value: unsafe { symbol(find, c"LITE_set_input_value")? },
            LITE_get_output_value: unsafe { symbol(find, c"LITE_get_output_value")? },
            LITE_get_input_value_type: unsafe {
                symbol(find, c"LITE_get_input_value_type")?
            },
            LITE_get_output_value_type: unsafe {
                symbol(find, c"LITE_get_output_value_type")?
            },
        })
    }
}
/**Make a tensor. Its memory comes with the first call that needs it.

- `tensor_describe` (in): Device and layout; a layout with ndim 0 leaves the shape open.
- `tensor` (out): Required. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_FOUND (no such device), LITE_UNSUPPORTED or
LITE_OUT_OF_MEMORY.

Ownership: the caller destroys the tensor with LITE_destroy_tensor.
Threads:   any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_make_tensor(
    tensor_describe: LiteTensorDesc,
    tensor: *mut LiteTensor,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_make_tensor)(tensor_describe, tensor) }
}
/**Destroy a tensor. Memory that slices and sharing tensors still use lives on until they go too.

- `tensor` (in): Required. A tensor that is destroyed already, or belongs to a network, is left alone.

Returns LITE_OK or LITE_INVALID_ARGUMENT.

Ownership: the handle is dead afterwards; memory given by the caller is not freed.
Threads:   any thread, while no other one uses the tensor.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_destroy_tensor(tensor: LiteTensor) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_destroy_tensor)(tensor) }
}
/**Change shape and element type. The contents become undefined. Memory that is large enough is kept, the
caller's too, and the part of another tensor that a dense slice sees; other memory is replaced by the
tensor's own.

- `tensor` (in): Required.
- `layout` (in): At most 7 dimensions.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_OUT_OF_MEMORY, LITE_BUSY or LITE_CLOSED.

Ownership: pointers into the tensor's memory may be dead afterwards.
Threads:   one thread at a time per tensor.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_set_tensor_layout(
    tensor: LiteTensor,
    layout: LiteLayout,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_set_tensor_layout)(tensor, layout) }
}
/**Let a tensor use the caller's memory instead of its own, without copying. The layout stays.

- `tensor` (in): Required; its layout is set.
- `prepared_data` (in): Required; aligned to the element size, dense in row-major order.
- `data_length_in_byte` (in): At least what the layout needs.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_SHAPE_MISMATCH, LITE_BUSY or LITE_CLOSED.

Ownership: the memory stays the caller's and lives until the tensor is reset again or destroyed.
Threads:   one thread at a time per tensor.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_reset_tensor_memory(
    tensor: LiteTensor,
    prepared_data: *mut ::std::os::raw::c_void,
    data_length_in_byte: usize,
) -> ::std::os::raw::c_int {
    unsafe {
        (table().LITE_reset_tensor_memory)(tensor, prepared_data, data_length_in_byte)
    }
}
/**Set a tensor's layout and let it use the caller's memory, without copying.

- `tensor` (in): Required.
- `layout` (in): At most 7 dimensions.
- `prepared_data` (in): Required; as many bytes as the layout needs, dense in row-major order.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_BUSY or LITE_CLOSED.

Ownership: the memory stays the caller's and lives until the tensor is reset again or destroyed.
Threads:   one thread at a time per tensor.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_reset_tensor(
    tensor: LiteTensor,
    layout: LiteLayout,
    prepared_data: *mut ::std::os::raw::c_void,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_reset_tensor)(tensor, layout, prepared_data) }
}
/**See the same elements under another shape.

- `tensor` (in): Required; dense.
- `shape` (in): Required. Positive numbers, and at most one -1 that is worked out from the rest.
- `size` (in): How many numbers shape has, 1 to 7.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_SHAPE_MISMATCH, LITE_BUSY or LITE_CLOSED.

Ownership: nothing changes hands; the memory stays where it is.
Threads:   one thread at a time per tensor.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_tensor_reshape(
    tensor: LiteTensor,
    shape: *const ::std::os::raw::c_int,
    size: ::std::os::raw::c_int,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_tensor_reshape)(tensor, shape, size) }
}
/**Make a tensor that sees a part of another one's memory. Indices beyond an axis mean its end, and what ends
before it starts is empty.

- `tensor` (in): Required.
- `start` (in): Required; first index per axis, beginning with axis 0.
- `end` (in): Required; one past the last index per axis.
- `step` (in): Step per axis, at least 1; NULL means 1 everywhere.
- `size` (in): How many axes the arrays have; the remaining ones are taken whole.
- `slice_tensor` (out): Required. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_OUT_OF_MEMORY or LITE_CLOSED.

Ownership: the caller destroys the new tensor. It keeps memory that the library made alive; memory that the
caller gave must outlive it. Threads:   one thread at a time per tensor. Since:     1.0*/
#[inline]
pub unsafe fn LITE_tensor_slice(
    tensor: LiteTensor,
    start: *const usize,
    end: *const usize,
    step: *const usize,
    size: usize,
    slice_tensor: *mut LiteTensor,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_tensor_slice)(tensor, start, end, step, size, slice_tensor) }
}
/**Set every byte of a tensor's elements to zero.

- `tensor` (in): Required; its layout is set.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_OUT_OF_MEMORY, LITE_BUSY or LITE_CLOSED.

Ownership: nothing changes hands.
Threads:   one thread at a time per tensor.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_tensor_fill_zero(tensor: LiteTensor) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_tensor_fill_zero)(tensor) }
}
/**Copy the elements of one tensor to another, across devices and strides if need be.

- `dst_tensor` (in): Required. A dense one takes over the source's layout; a slice must have it already.
- `src_tensor` (in): Required; its layout is set.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_SHAPE_MISMATCH, LITE_OUT_OF_MEMORY, LITE_BUSY or LITE_CLOSED.

Ownership: nothing changes hands.
Threads:   one thread at a time per tensor; several may read one source.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_tensor_copy(
    dst_tensor: LiteTensor,
    src_tensor: LiteTensor,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_tensor_copy)(dst_tensor, src_tensor) }
}
/**Let a tensor take over another one's layout and use the same memory.

- `dst_tensor` (in): Required; on the same device as the source.
- `src_tensor` (in): Required; its layout is set.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_OUT_OF_MEMORY, LITE_BUSY or LITE_CLOSED.

Ownership: both hold the memory; memory that the caller gave to the source must outlive both.
Threads:   one thread at a time per tensor.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_tensor_share_memory_with(
    dst_tensor: LiteTensor,
    src_tensor: LiteTensor,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_tensor_share_memory_with)(dst_tensor, src_tensor) }
}
/**Get the address of a tensor's first element, allocating the memory if it has none yet.

- `tensor` (in): Required; its layout is set.
- `data` (out): Required. Written only on success. A device address for a tensor on a device.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_OUT_OF_MEMORY, LITE_BUSY or LITE_CLOSED.

Ownership: the tensor's; valid until its layout or memory changes or it is destroyed. A run overwrites a
network's outputs, and gives them other memory when their shapes change or depend on data. Threads:   one
thread at a time per tensor. Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_tensor_memory(
    tensor: LiteTensor,
    data: *mut *mut ::std::os::raw::c_void,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_get_tensor_memory)(tensor, data) }
}
/**Get the address of one element, or of the first one under the axes left out.

- `tensor` (in): Required; its layout is set.
- `index` (in): Required; coordinates, beginning with axis 0.
- `size` (in): How many coordinates, at most the rank.
- `data` (out): Required. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_OUT_OF_MEMORY, LITE_BUSY or LITE_CLOSED.

Ownership: the tensor's; valid as long as what LITE_get_tensor_memory gives.
Threads:   one thread at a time per tensor.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_tensor_memory_with_index(
    tensor: LiteTensor,
    index: *const usize,
    size: usize,
    data: *mut *mut ::std::os::raw::c_void,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_get_tensor_memory_with_index)(tensor, index, size, data) }
}
/**Get how many bytes a tensor's elements take; 0 while the layout is not set.

- `tensor` (in): Required.
- `size` (out): Required. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT or LITE_CLOSED.

Ownership: nothing changes hands.
Threads:   one thread at a time per tensor.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_tensor_total_size_in_byte(
    tensor: LiteTensor,
    size: *mut usize,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_get_tensor_total_size_in_byte)(tensor, size) }
}
/**Get shape and element type. A rank above 7 is an error here, never a shortened shape.

- `tensor` (in): Required.
- `layout` (out): Required. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_UNSUPPORTED (use LITE_get_tensor_dims) or LITE_CLOSED.

Ownership: nothing changes hands.
Threads:   one thread at a time per tensor.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_tensor_layout(
    tensor: LiteTensor,
    layout: *mut LiteLayout,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_get_tensor_layout)(tensor, layout) }
}
/**Get the kind of device a tensor lies on.

- `tensor` (in): Required.
- `device_type` (out): Required. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT or LITE_CLOSED.

Ownership: nothing changes hands.
Threads:   one thread at a time per tensor.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_tensor_device_type(
    tensor: LiteTensor,
    device_type: *mut LiteDeviceType,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_get_tensor_device_type)(tensor, device_type) }
}
/**Get which device of its kind a tensor lies on.

- `tensor` (in): Required.
- `device_id` (out): Required. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT or LITE_CLOSED.

Ownership: nothing changes hands.
Threads:   one thread at a time per tensor.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_tensor_device_id(
    tensor: LiteTensor,
    device_id: *mut ::std::os::raw::c_int,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_get_tensor_device_id)(tensor, device_id) }
}
/**Tell whether a tensor was made with page-locked host memory.

- `tensor` (in): Required.
- `is_pinned_host` (out): Required; 1 or 0. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT or LITE_CLOSED.

Ownership: nothing changes hands.
Threads:   one thread at a time per tensor.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_is_pinned_host(
    tensor: LiteTensor,
    is_pinned_host: *mut ::std::os::raw::c_int,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_is_pinned_host)(tensor, is_pinned_host) }
}
/**Tell whether a tensor's elements lie next to each other in row-major order.

- `tensor` (in): Required.
- `is_continue` (out): Required; 1 or 0. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT or LITE_CLOSED.

Ownership: nothing changes hands.
Threads:   one thread at a time per tensor.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_is_memory_continue(
    tensor: LiteTensor,
    is_continue: *mut ::std::os::raw::c_int,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_is_memory_continue)(tensor, is_continue) }
}
/**Join tensors along one axis into a new one.

- `tensors` (in): Required; same dtype, rank and, but for the axis, shape.
- `nr_tensor` (in): How many. None gives a tensor without layout.
- `dim` (in): The axis, from 0.
- `dst_device` (in): Where the result lies; LITE_DEVICE_DEFAULT means where the first one does.
- `device_id` (in): Which device of that kind; -1 means that of the first one.
- `result_tensor` (out): Required. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_SHAPE_MISMATCH, LITE_NOT_FOUND, LITE_OUT_OF_MEMORY or
LITE_CLOSED.

Ownership: the caller destroys the result, which shares no memory with the sources.
Threads:   one thread at a time per tensor.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_tensor_concat(
    tensors: *mut LiteTensor,
    nr_tensor: ::std::os::raw::c_int,
    dim: ::std::os::raw::c_int,
    dst_device: LiteDeviceType,
    device_id: ::std::os::raw::c_int,
    result_tensor: *mut LiteTensor,
) -> ::std::os::raw::c_int {
    unsafe {
        (table()
            .LITE_tensor_concat)(
            tensors,
            nr_tensor,
            dim,
            dst_device,
            device_id,
            result_tensor,
        )
    }
}
/**Load a model from a file, with options.

- `network` (in): Required. A model that it already has is replaced; on failure it is kept.
- `path` (in): Required; UTF-8.
- `options` (in): struct_size set by LITE_LOAD_OPTIONS_INIT; NULL means that.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_FOUND, LITE_IO_ERROR, LITE_INVALID_MODEL, LITE_UNSUPPORTED
(see LITE_get_unsupported_count), LITE_LIMIT_EXCEEDED, LITE_OUT_OF_MEMORY, LITE_BUSY or LITE_CLOSED.

Ownership: strings and arrays are copied; external data and user_data are used until release is called. On
failure release is not called and nothing is kept. Threads:   one thread at a time per network; release
from any thread. Since:     1.0*/
#[inline]
pub unsafe fn LITE_load_model_file(
    network: LiteNetwork,
    path: *const ::std::os::raw::c_char,
    options: *const LiteLoadOptions,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_load_model_file)(network, path, options) }
}
/**Load a model from memory, with options.

- `network` (in): Required. A model that it already has is replaced; on failure it is kept.
- `data` (in): Required.
- `size` (in): Its bytes.
- `options` (in): struct_size set by LITE_LOAD_OPTIONS_INIT; NULL means that.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_FOUND, LITE_IO_ERROR, LITE_INVALID_MODEL, LITE_UNSUPPORTED
(see LITE_get_unsupported_count), LITE_LIMIT_EXCEEDED, LITE_OUT_OF_MEMORY, LITE_BUSY or LITE_CLOSED.

Ownership: the bytes are copied, or with LITE_LOAD_NO_COPY used until release is called; otherwise as for
LITE_load_model_file.
Threads:   one thread at a time per network; release from any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_load_model_memory(
    network: LiteNetwork,
    data: *const ::std::os::raw::c_void,
    size: usize,
    options: *const LiteLoadOptions,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_load_model_memory)(network, data, size, options) }
}
/**Check that a file would load, without packing weights or compiling. The network keeps the model that it
has; LITE_get_unsupported_count then tells about the checked one.

- `network` (in): Required; its options and device are those that the check is for.
- `path` (in): Required; UTF-8.
- `options` (in): struct_size set by LITE_LOAD_OPTIONS_INIT; NULL means that.

Returns What LITE_load_model_file would return.

Ownership: nothing changes hands; release is not called.
Threads:   one thread at a time per network.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_check_model(
    network: LiteNetwork,
    path: *const ::std::os::raw::c_char,
    options: *const LiteLoadOptions,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_check_model)(network, path, options) }
}
/**Check that a model in memory would load; see LITE_check_model.

- `network` (in): Required; its options and device are those that the check is for.
- `data` (in): Required.
- `size` (in): Its bytes.
- `options` (in): struct_size set by LITE_LOAD_OPTIONS_INIT; NULL means that.

Returns What LITE_load_model_memory would return.

Ownership: nothing changes hands; release is not called.
Threads:   one thread at a time per network.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_check_model_memory(
    network: LiteNetwork,
    data: *const ::std::os::raw::c_void,
    size: usize,
    options: *const LiteLoadOptions,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_check_model_memory)(network, data, size, options) }
}
/**Get the operators that models may have, as JSON: an array of objects with
"name" and "domain" ("" for ONNX's own);
"since": the version of the domain's opset that changed it last; what older ones say is translated;
"inputs", "outputs": arrays of {"name", "types": element types, "arity": "required", "optional" or
"variadic"};
"attributes": their names;
"kernels": the fast implementations that are asked whether they take a node of it, best first; what all
decline, and an operator without any, runs by a plain reference.
An operator that loading replaces by others has "replaced": true instead of all but its name and domain;
those of LITE_register_operator come last and have "registered": true.

- `json` (out): Required; NUL-terminated. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT or LITE_OUT_OF_MEMORY.

Ownership: the caller frees the text with LITE_free_string.
Threads:   any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_operators(
    json: *mut *mut ::std::os::raw::c_char,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_get_operators)(json) }
}
/**Count the nodes for which the last load or check of a model returned LITE_UNSUPPORTED.

- `network` (in): Required.
- `count` (out): Required; 0 if the last load or check had no such node. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT or LITE_CLOSED.

Ownership: nothing changes hands.
Threads:   one thread at a time per network.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_unsupported_count(
    network: LiteNetwork,
    count: *mut usize,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_get_unsupported_count)(network, count) }
}
/**Describe one of them.

- `network` (in): Required.
- `index` (in): From 0.
- `node` (in,out): Required; struct_size set by LITE_UNSUPPORTED_NODE_INIT. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT or LITE_CLOSED.

Ownership: the strings are the network's, until the next load or check, or until it is destroyed.
Threads:   one thread at a time per network.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_unsupported_node(
    network: LiteNetwork,
    index: usize,
    node: *mut LiteUnsupportedNode,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_get_unsupported_node)(network, index, node) }
}
/**Count the inputs.

- `network` (in): Required; loaded.
- `count` (out): Required. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_LOADED or LITE_CLOSED.

Ownership: nothing changes hands.
Threads:   any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_input_count(
    network: LiteNetwork,
    count: *mut usize,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_get_input_count)(network, count) }
}
/**Count the outputs.

- `network` (in): Required; loaded.
- `count` (out): Required. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_LOADED or LITE_CLOSED.

Ownership: nothing changes hands.
Threads:   any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_output_count(
    network: LiteNetwork,
    count: *mut usize,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_get_output_count)(network, count) }
}
/**Describe an input.

- `network` (in): Required; loaded.
- `index` (in): In the model's order, from 0.
- `info` (in,out): Required; struct_size set by LITE_IO_INFO_INIT. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_LOADED or LITE_CLOSED.

Ownership: strings and arrays are the network's, until it loads another model or is destroyed.
Threads:   any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_input_info(
    network: LiteNetwork,
    index: usize,
    info: *mut LiteIOInfo,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_get_input_info)(network, index, info) }
}
/**Describe an output.

- `network` (in): Required; loaded.
- `index` (in): In the model's order, from 0.
- `info` (in,out): Required; struct_size set by LITE_IO_INFO_INIT. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_LOADED or LITE_CLOSED.

Ownership: strings and arrays are the network's, until it loads another model or is destroyed.
Threads:   any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_output_info(
    network: LiteNetwork,
    index: usize,
    info: *mut LiteIOInfo,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_get_output_info)(network, index, info) }
}
/**Count the tensors of the discrete input: the batch size it was configured with.

- `network` (in): Required; loaded.
- `io_name` (in): Required; the discrete input.
- `count` (out): Required. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_LOADED, LITE_NOT_FOUND or LITE_CLOSED.

Ownership: nothing changes hands.
Threads:   any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_discrete_tensor_count(
    network: LiteNetwork,
    io_name: *const ::std::os::raw::c_char,
    count: *mut usize,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_get_discrete_tensor_count)(network, io_name, count) }
}
/**Count the model's metadata entries. Besides what its author wrote there are those that the format has, such
as "producer", "graph_name", "model_version", "ir_version" and "opset_import".

- `network` (in): Required; loaded.
- `count` (out): Required. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_LOADED or LITE_CLOSED.

Ownership: nothing changes hands.
Threads:   any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_metadata_count(
    network: LiteNetwork,
    count: *mut usize,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_get_metadata_count)(network, count) }
}
/**Get one metadata entry.

- `network` (in): Required; loaded.
- `index` (in): From 0.
- `key` (out): Required. Written only on success.
- `value` (out): Required. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_LOADED or LITE_CLOSED.

Ownership: the strings are the network's, until it loads another model or is destroyed.
Threads:   any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_metadata_item(
    network: LiteNetwork,
    index: usize,
    key: *mut *const ::std::os::raw::c_char,
    value: *mut *const ::std::os::raw::c_char,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_get_metadata_item)(network, index, key, value) }
}
/**Look a metadata entry up.

- `network` (in): Required; loaded.
- `key` (in): Required.
- `value` (out): Required. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_LOADED, LITE_NOT_FOUND or LITE_CLOSED.

Ownership: the string is the network's, until it loads another model or is destroyed.
Threads:   any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_metadata(
    network: LiteNetwork,
    key: *const ::std::os::raw::c_char,
    value: *mut *const ::std::os::raw::c_char,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_get_metadata)(network, key, value) }
}
/**Write the graph as text.

- `network` (in): Required; loaded.
- `stage` (in): "imported" (before passes) or "optimized" (after them).
- `format` (in): "text", "dot" or "json".
- `text` (out): Required; NUL-terminated. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_LOADED, LITE_OUT_OF_MEMORY, LITE_BUSY or LITE_CLOSED.

Ownership: the caller frees the text with LITE_free_string.
Threads:   one thread at a time per network.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_dump_graph(
    network: LiteNetwork,
    stage: *const ::std::os::raw::c_char,
    format: *const ::std::os::raw::c_char,
    text: *mut *mut ::std::os::raw::c_char,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_dump_graph)(network, stage, format, text) }
}
/**Write a model of any format that can be loaded as ONNX. Operators, names, types and open dimensions of
inputs and outputs, metadata and quantisation are kept; packs are unpacked and encrypted models decrypted,
so what is written is for everybody to read. Files at onnx_path and beside it are replaced when all is
written.

- `path` (in): Required; UTF-8. The model.
- `onnx_path` (in): Required; UTF-8. The file to write.
- `options` (in): struct_size set by LITE_CONVERT_OPTIONS_INIT; NULL means that.
- `report` (out): What was written, as JSON: "opset", "ir_version", "nodes", "bytes", "external_data"
(the file's name; "" without) and "external_bytes". NULL: not wanted. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_FOUND, LITE_IO_ERROR, LITE_INVALID_MODEL, LITE_UNSUPPORTED
(the message lists the operators that cannot be said in ONNX, or not in that opset), LITE_LIMIT_EXCEEDED,
LITE_CANCELLED or LITE_OUT_OF_MEMORY.

Ownership: the caller frees the report with LITE_free_string. Nothing of the options is kept, and
load->release is not called.
Threads:   any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_convert_model(
    path: *const ::std::os::raw::c_char,
    onnx_path: *const ::std::os::raw::c_char,
    options: *const LiteConvertOptions,
    report: *mut *mut ::std::os::raw::c_char,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_convert_model)(path, onnx_path, options, report) }
}
/**The same in memory. There is no external data: a model above 2 GB is LITE_LIMIT_EXCEEDED.

- `model` (in): Required. The bytes of the model.
- `size` (in): How many there are.
- `options` (in): struct_size set by LITE_CONVERT_OPTIONS_INIT; NULL means that.
- `onnx` (out): Required. Written only on success.
- `onnx_size` (out): Required. Written only on success.
- `report` (out): As for LITE_convert_model; may be NULL.

Returns As LITE_convert_model.

Ownership: the caller frees *onnx and the report with LITE_free_string; otherwise as for
LITE_convert_model. Threads:   any thread. Since:     1.0*/
#[inline]
pub unsafe fn LITE_convert_model_memory(
    model: *const ::std::os::raw::c_void,
    size: usize,
    options: *const LiteConvertOptions,
    onnx: *mut *mut ::std::os::raw::c_char,
    onnx_size: *mut usize,
    report: *mut *mut ::std::os::raw::c_char,
) -> ::std::os::raw::c_int {
    unsafe {
        (table()
            .LITE_convert_model_memory)(model, size, options, onnx, onnx_size, report)
    }
}
/**Write a model of any format that can be loaded in a form that this build of the library loads, on a
processor like this one, without optimising it or packing its weights: all functions that load a model take
it. For each set of shapes, or for those that the model declares when all of them are known, what depends
on them is done in advance as well; other shapes go on working. Results are the same bits as those of the
model that it was made from. Another build or processor refuses it with LITE_UNSUPPORTED.

- `path` (in): Required; UTF-8. The model. An encrypted one is refused, as what is written is for
everybody to read.
- `lite_path` (in): Required; UTF-8. The file to write; it is replaced when all is written.
- `options` (in): struct_size set by LITE_COMPILE_OPTIONS_INIT; NULL means that.
- `report` (out): What was written, as JSON: "bytes" of the file, of which "constants" and "packed",
"nodes", "packings", and "shapes", the sets of shapes. NULL: not wanted. Written only
on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_FOUND, LITE_IO_ERROR, LITE_INVALID_MODEL,
LITE_UNSUPPORTED, LITE_SHAPE_MISMATCH, LITE_LIMIT_EXCEEDED or LITE_OUT_OF_MEMORY.

Ownership: the caller frees the report with LITE_free_string. Nothing of the options is kept, and
load->release is not called.
Threads:   any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_compile_model(
    path: *const ::std::os::raw::c_char,
    lite_path: *const ::std::os::raw::c_char,
    options: *const LiteCompileOptions,
    report: *mut *mut ::std::os::raw::c_char,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_compile_model)(path, lite_path, options, report) }
}
/**Make a network with the default configuration.

- `network` (out): Required. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT or LITE_OUT_OF_MEMORY.

Ownership: the caller destroys the network with LITE_destroy_network.
Threads:   any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_make_default_network(
    network: *mut LiteNetwork,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_make_default_network)(network) }
}
/**Make a network.

- `network` (out): Required. Written only on success.
- `config` (in): Start from LITE_CONFIG_INIT.
- `network_io` (in): Start from LITE_NETWORK_IO_INIT. Names that the model does not have are ignored.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_FOUND (no such device), LITE_UNSUPPORTED or
LITE_OUT_OF_MEMORY.

Ownership: the caller destroys the network; all that the arguments point to is copied.
Threads:   any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_make_network(
    network: *mut LiteNetwork,
    config: LiteConfig,
    network_io: LiteNetworkIO,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_make_network)(network, config, network_io) }
}
/**Make a network without wishes for its inputs and outputs.

- `network` (out): Required. Written only on success.
- `config` (in): Start from LITE_CONFIG_INIT.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_FOUND (no such device), LITE_UNSUPPORTED or
LITE_OUT_OF_MEMORY.

Ownership: the caller destroys the network; all that config points to is copied.
Threads:   any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_make_network_config(
    network: *mut LiteNetwork,
    config: LiteConfig,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_make_network_config)(network, config) }
}
/**Load a model from memory, which is copied. LITE_load_model_memory can do without the copy.

- `network` (in): Required. A model that it already has is replaced; on failure it is kept.
- `model_mem` (in): Required; not written to.
- `size` (in): Its bytes.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_INVALID_MODEL, LITE_UNSUPPORTED (see
LITE_get_unsupported_count), LITE_NOT_FOUND, LITE_IO_ERROR, LITE_LIMIT_EXCEEDED, LITE_OUT_OF_MEMORY,
LITE_BUSY or LITE_CLOSED.

Ownership: the bytes stay the caller's and may go when the call returns.
Threads:   one thread at a time per network.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_load_model_from_mem(
    network: LiteNetwork,
    model_mem: *mut ::std::os::raw::c_void,
    size: usize,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_load_model_from_mem)(network, model_mem, size) }
}
/**Load a model from a file, which is mapped, not read into memory.

- `network` (in): Required. A model that it already has is replaced; on failure it is kept.
- `model_path` (in): Required; UTF-8. Files that the model refers to must lie in its directory or below.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_FOUND, LITE_IO_ERROR, LITE_INVALID_MODEL, LITE_UNSUPPORTED
(see LITE_get_unsupported_count), LITE_LIMIT_EXCEEDED, LITE_OUT_OF_MEMORY, LITE_BUSY or LITE_CLOSED.

Ownership: the file stays mapped while the network, or one that shares its weights, exists. Replace it by
renaming; truncating a mapped file makes the system send SIGBUS to the process. Threads:   one thread at a
time per network. Since:     1.0*/
#[inline]
pub unsafe fn LITE_load_model_from_path(
    network: LiteNetwork,
    model_path: *const ::std::os::raw::c_char,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_load_model_from_path)(network, model_path) }
}
/**Give a network the model of another one. The weights exist once; inputs, outputs and working memory are its
own.

- `dst_network` (in): Required.
- `src_network` (in): Required; loaded.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_LOADED, LITE_OUT_OF_MEMORY, LITE_BUSY or LITE_CLOSED.

Ownership: either network may be destroyed first.
Threads:   one thread at a time per dst_network; src_network may be running.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_shared_weight_with_network(
    dst_network: LiteNetwork,
    src_network: LiteNetwork,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_shared_weight_with_network)(dst_network, src_network) }
}
/**Destroy a network. A run still going on is cancelled and waited for.

- `network` (in): Required. One that is destroyed already is left alone.

Returns LITE_OK, LITE_INVALID_ARGUMENT or LITE_BUSY (called from a callback of its own run).

Ownership: the handle and its tensors and strings are dead afterwards.
Threads:   any thread, while no other one calls with this network.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_destroy_network(network: LiteNetwork) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_destroy_network)(network) }
}
/**Run the network on what its input tensors hold. With an asynchronous callback it returns when the run is
started.

- `network` (in): Required; loaded.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_LOADED, LITE_SHAPE_MISMATCH, LITE_UNSUPPORTED,
LITE_CANCELLED, LITE_TIMED_OUT, LITE_OUT_OF_MEMORY, LITE_LIMIT_EXCEEDED, LITE_DEVICE_ERROR,
LITE_UNKNOWN_ERROR, LITE_BUSY or LITE_CLOSED.

Ownership: nothing changes hands. Outputs are overwritten; they stay where they are as long as their shapes
do, unless those depend on data. Threads:   one thread at a time per network; a second one gets LITE_BUSY.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_forward(network: LiteNetwork) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_forward)(network) }
}
/**Wait until the run that LITE_forward started is over and its asynchronous or completion callback has
returned. Called in that callback it waits for a run that the callback has started, if any.

- `network` (in): Required; loaded.

Returns What that run returns, LITE_OK when there is none, LITE_INVALID_ARGUMENT, LITE_NOT_LOADED,
LITE_BUSY (called from a callback of that run) or LITE_CLOSED.

Ownership: nothing changes hands.
Threads:   any thread; it must not hold a lock that the callback takes.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_wait(network: LiteNetwork) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_wait)(network) }
}
/**Get an input or output tensor by name. Asking twice gives the same one.

- `network` (in): Required; loaded.
- `io_name` (in): Required. A sequence, optional or map is no tensor: see LITE_set_input_value and
LITE_get_output_value.
- `phase` (in): Which side to look at.
- `tensor` (out): Required. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_LOADED, LITE_NOT_FOUND or LITE_CLOSED.

Ownership: the network's, until it loads another model or is destroyed; LITE_destroy_tensor leaves it
alone. Threads:   one thread at a time per network. Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_io_tensor(
    network: LiteNetwork,
    io_name: *const ::std::os::raw::c_char,
    phase: LiteTensorPhase,
    tensor: *mut LiteTensor,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_get_io_tensor)(network, io_name, phase, tensor) }
}
/**Get one of the tensors of a discrete input (LiteConfig.discrete_input_name): one per batch item, batch
size 1.

- `network` (in): Required; loaded.
- `io_name` (in): Required; the discrete input.
- `n_idx` (in): Which batch item.
- `phase` (in): LITE_INPUT or LITE_IO.
- `tensor` (out): Required. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_LOADED, LITE_NOT_FOUND or LITE_CLOSED.

Ownership: the network's, as for LITE_get_io_tensor.
Threads:   one thread at a time per network.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_discrete_tensor(
    network: LiteNetwork,
    io_name: *const ::std::os::raw::c_char,
    n_idx: usize,
    phase: LiteTensorPhase,
    tensor: *mut LiteTensor,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_get_discrete_tensor)(network, io_name, n_idx, phase, tensor) }
}
/**Get an input's name.

- `network` (in): Required; loaded.
- `index` (in): In the model's order, from 0.
- `name` (out): Required. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_LOADED or LITE_CLOSED.

Ownership: the network's, until it loads another model or is destroyed.
Threads:   any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_input_name(
    network: LiteNetwork,
    index: usize,
    name: *mut *const ::std::os::raw::c_char,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_get_input_name)(network, index, name) }
}
/**Get an output's name.

- `network` (in): Required; loaded.
- `index` (in): In the model's order, from 0.
- `name` (out): Required. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_LOADED or LITE_CLOSED.

Ownership: the network's, until it loads another model or is destroyed.
Threads:   any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_output_name(
    network: LiteNetwork,
    index: usize,
    name: *mut *const ::std::os::raw::c_char,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_get_output_name)(network, index, name) }
}
/**Get the number of inputs, all their names, or both.

- `network` (in): Required; loaded.
- `size` (out): How many there are; may be NULL.
- `name` (out): An array with room for all of them; may be NULL.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_LOADED or LITE_CLOSED.

Ownership: the strings are the network's, until it loads another model or is destroyed.
Threads:   any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_all_input_name(
    network: LiteNetwork,
    size: *mut usize,
    name: *mut *const ::std::os::raw::c_char,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_get_all_input_name)(network, size, name) }
}
/**Get the number of outputs, all their names, or both.

- `network` (in): Required; loaded.
- `size` (out): How many there are; may be NULL.
- `name` (out): An array with room for all of them; may be NULL.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_LOADED or LITE_CLOSED.

Ownership: the strings are the network's, until it loads another model or is destroyed.
Threads:   any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_all_output_name(
    network: LiteNetwork,
    size: *mut usize,
    name: *mut *const ::std::os::raw::c_char,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_get_all_output_name)(network, size, name) }
}
/**Learn a model's inputs and outputs from its file, without loading it. Unknown dimensions read as 0.

- `model_path` (in): Required; UTF-8.
- `config` (in): Start from LITE_CONFIG_INIT.
- `ios` (out): Required. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_FOUND, LITE_IO_ERROR, LITE_INVALID_MODEL,
LITE_UNSUPPORTED, LITE_LIMIT_EXCEEDED or LITE_OUT_OF_MEMORY.

Ownership: the arrays and strings are the library's, for the next 1023 such calls of the process (fewer if
these are about more than 65536 inputs and outputs).
Threads:   any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_model_io_info_by_path(
    model_path: *const ::std::os::raw::c_char,
    config: LiteConfig,
    ios: *mut LiteNetworkIO,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_get_model_io_info_by_path)(model_path, config, ios) }
}
/**Learn a model's inputs and outputs from memory, without loading it. Unknown dimensions read as 0.

- `model_mem` (in): Required.
- `size` (in): Its bytes.
- `config` (in): Start from LITE_CONFIG_INIT.
- `ios` (out): Required. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_INVALID_MODEL, LITE_UNSUPPORTED, LITE_LIMIT_EXCEEDED or
LITE_OUT_OF_MEMORY.

Ownership: the arrays and strings are the library's, for the next 1023 such calls of the process (fewer if
these are about more than 65536 inputs and outputs).
Threads:   any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_model_io_info_by_memory(
    model_mem: *const ::std::os::raw::c_void,
    size: usize,
    config: LiteConfig,
    ios: *mut LiteNetworkIO,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_get_model_io_info_by_memory)(model_mem, size, config, ios) }
}
/**Get what was packed with the model for its user, or the model's metadata as a JSON object.

- `network` (in): Required; loaded.
- `info` (out): Required; NUL-terminated. Written only on success.
- `info_size` (out): Required; without the NUL. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_LOADED or LITE_CLOSED.

Ownership: the network's, until it loads another model or is destroyed.
Threads:   any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_model_extra_info(
    network: LiteNetwork,
    info: *mut *const ::std::os::raw::c_char,
    info_size: *mut ::std::os::raw::c_int,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_get_model_extra_info)(network, info, info_size) }
}
/**Tell whether the network runs in its caller's thread alone.

- `network` (in): Required.
- `is_cpu_inplace_mode` (out): Required; 1 or 0. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT or LITE_CLOSED.

Ownership: nothing changes hands.
Threads:   one thread at a time per network.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_is_cpu_inplace_mode(
    network: LiteNetwork,
    is_cpu_inplace_mode: *mut ::std::os::raw::c_int,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_is_cpu_inplace_mode)(network, is_cpu_inplace_mode) }
}
/**Get how many threads, the caller's among them, work on a run.

- `network` (in): Required.
- `nr_threads` (out): Required. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT or LITE_CLOSED.

Ownership: nothing changes hands.
Threads:   one thread at a time per network.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_cpu_threads_number(
    network: LiteNetwork,
    nr_threads: *mut usize,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_get_cpu_threads_number)(network, nr_threads) }
}
/**Get which device of its kind the network runs on.

- `network` (in): Required.
- `device_id` (out): Required. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT or LITE_CLOSED.

Ownership: nothing changes hands.
Threads:   one thread at a time per network.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_device_id(
    network: LiteNetwork,
    device_id: *mut ::std::os::raw::c_int,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_get_device_id)(network, device_id) }
}
/**Get the number set with LITE_set_stream_id; 0 unless set.

- `network` (in): Required.
- `stream_id` (out): Required. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT or LITE_CLOSED.

Ownership: nothing changes hands.
Threads:   one thread at a time per network.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_stream_id(
    network: LiteNetwork,
    stream_id: *mut ::std::os::raw::c_int,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_get_stream_id)(network, stream_id) }
}
/**Get the kind of device the network runs on.

- `network` (in): Required.
- `device_type` (out): Required. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT or LITE_CLOSED.

Ownership: nothing changes hands.
Threads:   one thread at a time per network.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_device_type(
    network: LiteNetwork,
    device_type: *mut LiteDeviceType,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_get_device_type)(network, device_type) }
}
/**Run in the caller's thread, which LITE_set_cpu_threads_number can give helpers. Runs do so anyway; this one
only forbids asynchronous ones.

- `network` (in): Required; on the CPU; not loaded.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_UNSUPPORTED, LITE_ALREADY_LOADED or LITE_CLOSED.

Ownership: nothing changes hands.
Threads:   one thread at a time per network.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_set_cpu_inplace_mode(network: LiteNetwork) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_set_cpu_inplace_mode)(network) }
}
/**Set how many threads may work on a run; 1 unless set. Results do not depend on it. The option "threads"
says the same at any time.

- `network` (in): Required; on the CPU; not loaded.
- `nr_threads` (in): The caller's thread included; 0 changes nothing. More than the process has are not
used.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_UNSUPPORTED, LITE_ALREADY_LOADED or LITE_CLOSED.

Ownership: nothing changes hands.
Threads:   one thread at a time per network.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_set_cpu_threads_number(
    network: LiteNetwork,
    nr_threads: usize,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_set_cpu_threads_number)(network, nr_threads) }
}
/**Choose the device of the network's kind.

- `network` (in): Required; not loaded.
- `device_id` (in): From 0; on the CPU any number is accepted and only remembered.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_FOUND, LITE_ALREADY_LOADED or LITE_CLOSED.

Ownership: nothing changes hands.
Threads:   one thread at a time per network.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_set_device_id(
    network: LiteNetwork,
    device_id: ::std::os::raw::c_int,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_set_device_id)(network, device_id) }
}
/**Number the network's queue on its device; networks with different numbers need not wait for each other.

- `network` (in): Required; not loaded.
- `stream_id` (in): From 0; on the CPU it is only remembered.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_ALREADY_LOADED or LITE_CLOSED.

Ownership: nothing changes hands.
Threads:   one thread at a time per network.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_set_stream_id(
    network: LiteNetwork,
    stream_id: ::std::os::raw::c_int,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_set_stream_id)(network, stream_id) }
}
/**Ask for TensorRT, which this library does not use.

- `network` (in): Required.

Returns LITE_OK (it has no effect), LITE_INVALID_ARGUMENT or LITE_CLOSED.

Ownership: nothing changes hands.
Threads:   one thread at a time per network.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_use_tensorrt(network: LiteNetwork) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_use_tensorrt)(network) }
}
/**Set how kernels are chosen from the next compilation on. They are ranked, not timed, so of the bits only
LITE_ALGO_REPRODUCIBLE has an effect; it is that of the option "reproducible".

- `network` (in): Required.
- `strategy` (in): Bits of LiteAlgoSelectStrategy; none leaves what there is.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_BUSY or LITE_CLOSED.

Ownership: nothing changes hands.
Threads:   one thread at a time per network.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_set_network_algo_policy(
    network: LiteNetwork,
    strategy: LiteAlgoSelectStrategy,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_set_network_algo_policy)(network, strategy) }
}
/**Set for which batch size MegEngine times kernels, and whether batch items may influence each other's bits.

- `network` (in): Required.
- `shared_batch_size` (in): No effect: kernels are not timed.
- `binary_equal_between_batch` (in): No effect: equal items always give equal results.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_BUSY or LITE_CLOSED.

Ownership: nothing changes hands.
Threads:   one thread at a time per network.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_set_network_algo_fastrun_config(
    network: LiteNetwork,
    shared_batch_size: ::std::os::raw::c_uint,
    binary_equal_between_batch: ::std::os::raw::c_int,
) -> ::std::os::raw::c_int {
    unsafe {
        (table()
            .LITE_set_network_algo_fastrun_config)(
            network,
            shared_batch_size,
            binary_equal_between_batch,
        )
    }
}
/**Limit the scratch memory that each of MegEngine's kernels may want. No effect: scratch memory is planned
together with all else that a run needs, for which the option "arena_limit" is.

- `network` (in): Required.
- `workspace_limit` (in): In bytes; any number.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_BUSY or LITE_CLOSED.

Ownership: nothing changes hands.
Threads:   one thread at a time per network.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_set_network_algo_workspace_limit(
    network: LiteNetwork,
    workspace_limit: usize,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_set_network_algo_workspace_limit)(network, workspace_limit) }
}
/**Make runs asynchronous: LITE_forward returns at once and the callback is called when the run is over,
failed ones included. LITE_wait tells how it went; LITE_set_completion_callback passes the code along. The
callback may start the next run.

- `network` (in): Required; neither in inplace mode nor with outputs in the caller's memory
(force_output_use_user_specified_memory).
- `async_callback` (in): Required.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_BUSY or LITE_CLOSED.

Ownership: nothing changes hands.
Threads:   one thread at a time per network; the callback runs in a library thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_set_async_callback(
    network: LiteNetwork,
    async_callback: LiteAsyncCallback,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_set_async_callback)(network, async_callback) }
}
/**LITE_set_async_callback with a pointer for the callback.

- `network` (in): Required.
- `async_callback` (in): Required.
- `user_data` (in): Passed on; may be NULL.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_BUSY or LITE_CLOSED.

Ownership: user_data stays the caller's and lives until another callback is set or the network is
destroyed. Threads:   one thread at a time per network; the callback runs in a library thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_set_async_callback_with_userdata(
    network: LiteNetwork,
    async_callback: LiteAsyncCallbackWithData,
    user_data: *mut ::std::os::raw::c_void,
) -> ::std::os::raw::c_int {
    unsafe {
        (table()
            .LITE_set_async_callback_with_userdata)(network, async_callback, user_data)
    }
}
/**Set a callback that sees the inputs before each run.

- `network` (in): Required.
- `start_callback` (in): NULL removes it.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_BUSY or LITE_CLOSED.

Ownership: nothing changes hands.
Threads:   one thread at a time per network; the callback runs in the thread that runs the network.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_set_start_callback(
    network: LiteNetwork,
    start_callback: LiteStartCallback,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_set_start_callback)(network, start_callback) }
}
/**LITE_set_start_callback with a pointer for the callback.

- `network` (in): Required.
- `start_callback` (in): NULL removes it.
- `user_data` (in): Passed on; may be NULL.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_BUSY or LITE_CLOSED.

Ownership: user_data stays the caller's and lives until another callback is set or the network is
destroyed. Threads:   one thread at a time per network; the callback runs in the thread that runs the
network. Since:     1.0*/
#[inline]
pub unsafe fn LITE_set_start_callback_with_userdata(
    network: LiteNetwork,
    start_callback: LiteStartCallbackWithData,
    user_data: *mut ::std::os::raw::c_void,
) -> ::std::os::raw::c_int {
    unsafe {
        (table()
            .LITE_set_start_callback_with_userdata)(network, start_callback, user_data)
    }
}
/**Set a callback that sees the outputs after each run that succeeded.

- `network` (in): Required.
- `finish_callback` (in): NULL removes it.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_BUSY or LITE_CLOSED.

Ownership: nothing changes hands.
Threads:   one thread at a time per network; the callback runs in the thread that runs the network.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_set_finish_callback(
    network: LiteNetwork,
    finish_callback: LiteFinishCallback,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_set_finish_callback)(network, finish_callback) }
}
/**LITE_set_finish_callback with a pointer for the callback.

- `network` (in): Required.
- `finish_callback` (in): NULL removes it.
- `user_data` (in): Passed on; may be NULL.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_BUSY or LITE_CLOSED.

Ownership: user_data stays the caller's and lives until another callback is set or the network is
destroyed. Threads:   one thread at a time per network; the callback runs in the thread that runs the
network. Since:     1.0*/
#[inline]
pub unsafe fn LITE_set_finish_callback_with_userdata(
    network: LiteNetwork,
    finish_callback: LiteFinishCallbackWithData,
    user_data: *mut ::std::os::raw::c_void,
) -> ::std::os::raw::c_int {
    unsafe {
        (table()
            .LITE_set_finish_callback_with_userdata)(network, finish_callback, user_data)
    }
}
/**Let the caller set the affinity of as many threads as LITE_set_cpu_threads_number says; the pool grows to
that number. Threads belong to the process: other networks see the affinity too. Nothing else here ever
changes it.

- `network` (in): Required; loaded.
- `thread_affinity_callback` (in): Required.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_LOADED, LITE_BUSY or LITE_CLOSED.

Ownership: nothing changes hands.
Threads:   one thread at a time per network; the callback runs in each of those threads, in several at
once. Since:     1.0*/
#[inline]
pub unsafe fn LITE_set_runtime_thread_affinity(
    network: LiteNetwork,
    thread_affinity_callback: LiteThreadAffinityCallback,
) -> ::std::os::raw::c_int {
    unsafe {
        (table().LITE_set_runtime_thread_affinity)(network, thread_affinity_callback)
    }
}
/**Take the network's working memory from the caller's allocator, from the next load or compilation on.

- `network` (in): Required.
- `allocate_fun` (in): Required.
- `free_fun` (in): Required.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_BUSY or LITE_CLOSED.

Ownership: everything allocated is freed with free_fun, at the latest when the network is destroyed.
Threads:   one thread at a time per network; the functions are called from any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_set_memory_allocator(
    network: LiteNetwork,
    allocate_fun: LiteAllocate,
    free_fun: LiteFree,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_set_memory_allocator)(network, allocate_fun, free_fun) }
}
/**Let two networks use one working memory. They then cannot run at the same time: the second gets LITE_BUSY.

- `src_network` (in): Required.
- `dst_network` (in): Required. The order of the two does not matter.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_BUSY or LITE_CLOSED.

Ownership: either network may be destroyed first. A run of one makes the other one's outputs undefined.
Threads:   one thread at a time per network.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_share_runtime_memroy(
    src_network: LiteNetwork,
    dst_network: LiteNetwork,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_share_runtime_memroy)(src_network, dst_network) }
}
/**Write a Chrome trace of each run to a file, which is replaced each time. LITE_get_profile needs no file.

- `network` (in): Required.
- `profile_json_file_path` (in): Required; UTF-8.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_IO_ERROR, LITE_BUSY or LITE_CLOSED.

Ownership: the string is copied.
Threads:   one thread at a time per network.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_enable_profile_performance(
    network: LiteNetwork,
    profile_json_file_path: *const ::std::os::raw::c_char,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_enable_profile_performance)(network, profile_json_file_path) }
}
/**Write the inputs and outputs of every node of each run to a text file. Runs become slow.

- `network` (in): Required.
- `io_txt_out_file` (in): Required; UTF-8.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_IO_ERROR, LITE_BUSY or LITE_CLOSED.

Ownership: the string is copied.
Threads:   one thread at a time per network.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_enable_io_txt_dump(
    network: LiteNetwork,
    io_txt_out_file: *const ::std::os::raw::c_char,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_enable_io_txt_dump)(network, io_txt_out_file) }
}
/**Write the inputs and outputs of every node of each run to files in a directory. Runs become slow.

- `network` (in): Required.
- `io_bin_out_dir` (in): Required; UTF-8; the directory exists.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_IO_ERROR, LITE_BUSY or LITE_CLOSED.

Ownership: the string is copied.
Threads:   one thread at a time per network.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_enable_io_bin_dump(
    network: LiteNetwork,
    io_bin_out_dir: *const ::std::os::raw::c_char,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_enable_io_bin_dump)(network, io_bin_out_dir) }
}
/**Write the memory plan (which value lies where, and when) as JSON into a directory, which is made if
missing.

- `network` (in): Required; loaded.
- `log_dir` (in): Required; UTF-8.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_LOADED, LITE_IO_ERROR, LITE_BUSY or LITE_CLOSED.

Ownership: nothing changes hands.
Threads:   one thread at a time per network.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_static_memory_alloc_info(
    network: LiteNetwork,
    log_dir: *const ::std::os::raw::c_char,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_get_static_memory_alloc_info)(network, log_dir) }
}
/**Ask that layouts be chosen over the whole graph, which always happens here.

- `network` (in): Required.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_BUSY or LITE_CLOSED.

Ownership: nothing changes hands.
Threads:   one thread at a time per network.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_enable_global_layout_transform(
    network: LiteNetwork,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_enable_global_layout_transform)(network) }
}
/**Write the model to a file that can be loaded again. Layouts depend on the machine and on shapes, so it is
optimised anew when it is loaded.

- `network` (in): Required; loaded.
- `dump_file_path` (in): Required; UTF-8.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_LOADED, LITE_UNSUPPORTED, LITE_IO_ERROR, LITE_BUSY or
LITE_CLOSED.

Ownership: nothing changes hands.
Threads:   one thread at a time per network.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_dump_layout_transform_model(
    network: LiteNetwork,
    dump_file_path: *const ::std::os::raw::c_char,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_dump_layout_transform_model)(network, dump_file_path) }
}
/**Set what LiteConfig has no field for, before loading.

- `network` (in): Required.
- `extra_config` (in): By value.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_BUSY or LITE_CLOSED.

Ownership: nothing changes hands.
Threads:   one thread at a time per network.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_extra_configure(
    network: LiteNetwork,
    extra_config: LiteExtraConfig,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_extra_configure)(network, extra_config) }
}
/**Get this library's version; LITE_VERSION_MAJOR and its siblings are those of the header.

- `major` (out): Required.
- `minor` (out): Required.
- `patch` (out): Required. All three are written only on success.

Returns LITE_OK or LITE_INVALID_ARGUMENT.

Ownership: nothing changes hands.
Threads:   any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_version(
    major: *mut ::std::os::raw::c_int,
    minor: *mut ::std::os::raw::c_int,
    patch: *mut ::std::os::raw::c_int,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_get_version)(major, minor, patch) }
}
/**Tell whether the calling thread's last call failed, in the three values that MegEngine Lite knows:
LITE_UNKNOWN_ERROR for a failing callback, LITE_INTERNAL_ERROR for everything else. LITE_get_last_status
gives the code that the call returned.


Returns LITE_OK, LITE_INTERNAL_ERROR or LITE_UNKNOWN_ERROR.

Ownership: nothing changes hands.
Threads:   any thread; each has its own.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_last_error_code() -> LiteErrorCode {
    unsafe { (table().LITE_get_last_error_code)() }
}
/**Forget the calling thread's last error.

Ownership: nothing changes hands.
Threads:   any thread; each has its own.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_clear_last_error() {
    unsafe { (table().LITE_clear_last_error)() }
}
/**Get what went wrong in the calling thread's last call, in words.


Returns The message; empty after a call that succeeded, never NULL.

Ownership: the thread's, unchanged until its next call of any other function.
Threads:   any thread; each has its own.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_last_error() -> *const ::std::os::raw::c_char {
    unsafe { (table().LITE_get_last_error)() }
}
/**Count the devices of a kind that can be used now.

- `device_type` (in): LITE_DEVICE_DEFAULT counts like the CPU.
- `count` (out): Required; 1 for the CPU, 0 for kinds that this build does not know.

Returns LITE_OK or LITE_INVALID_ARGUMENT.

Ownership: nothing changes hands.
Threads:   any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_device_count(
    device_type: LiteDeviceType,
    count: *mut usize,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_get_device_count)(device_type, count) }
}
/**Give unused memory of all caches, pools and idle networks back to the system.


Returns LITE_OK.

Ownership: pointers into tensors stay valid.
Threads:   any thread; networks that are running are skipped.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_try_coalesce_all_free_memory() -> ::std::os::raw::c_int {
    unsafe { (table().LITE_try_coalesce_all_free_memory)() }
}
/**Add a decryption method.

- `decrypt_name` (in): Required; must be new.
- `func` (in): Required.
- `key_data` (in): Required.
- `key_size` (in): Its bytes.

Returns LITE_OK, LITE_INVALID_ARGUMENT or LITE_OUT_OF_MEMORY.

Ownership: name and key are copied; the copy of the key is wiped when it goes.
Threads:   any thread; func is called from threads that load models.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_register_decryption_and_key(
    decrypt_name: *const ::std::os::raw::c_char,
    func: LiteDecryptionFunc,
    key_data: *const u8,
    key_size: usize,
) -> ::std::os::raw::c_int {
    unsafe {
        (table()
            .LITE_register_decryption_and_key)(decrypt_name, func, key_data, key_size)
    }
}
/**Change the function or the key of a decryption method, or both.

- `decrypt_name` (in): Required.
- `func` (in): NULL keeps the present one.
- `key_data` (in): May be NULL if key_size is 0.
- `key_size` (in): 0 keeps the present key. The built-in AES methods want 32 bytes, the others at
least 16.

Returns LITE_OK, LITE_INVALID_ARGUMENT (also a key of the wrong length), LITE_NOT_FOUND or
LITE_OUT_OF_MEMORY.

Ownership: the key is copied; the old copy is wiped.
Threads:   any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_update_decryption_or_key(
    decrypt_name: *const ::std::os::raw::c_char,
    func: LiteDecryptionFunc,
    key_data: *const u8,
    key_size: usize,
) -> ::std::os::raw::c_int {
    unsafe {
        (table().LITE_update_decryption_or_key)(decrypt_name, func, key_data, key_size)
    }
}
/**Add a method of reading the information packed with a model.

- `info_type` (in): Required; must be new.
- `parse_func` (in): Required.

Returns LITE_OK, LITE_INVALID_ARGUMENT or LITE_OUT_OF_MEMORY.

Ownership: the name is copied.
Threads:   any thread; parse_func is called from threads that load models.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_register_parse_info_func(
    info_type: *const ::std::os::raw::c_char,
    parse_func: LiteParseInfoFunc,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_register_parse_info_func)(info_type, parse_func) }
}
/**Name MegEngine's loader library, which is not needed here.

- `loader_path` (in): Required.

Returns LITE_OK (it has no effect) or LITE_INVALID_ARGUMENT.

Ownership: nothing changes hands.
Threads:   any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_set_loader_lib_path(
    loader_path: *const ::std::os::raw::c_char,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_set_loader_lib_path)(loader_path) }
}
/**Read a file of kernels that were found to be the fastest (LITE_ALGO_PROFILE, the option "tune", `lite
tune`): every network of the process takes them for what it compiles from now on, and does not time them
again. A file of another version of the library or another processor, or of another program (MegEngine's,
for one), is no error; it is left out, which the log tells at level info.

- `cache_path` (in): Required; UTF-8. The file need not exist.
- `always_sync` (in): Not 0: whenever kernels were timed, the file is replaced by one with all that is
known, unless it is of another program. Failures are logged.

Returns LITE_OK, LITE_INVALID_ARGUMENT or LITE_IO_ERROR (it cannot be read, or is not a regular file).

Ownership: the string is copied.
Threads:   any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_set_persistent_cache(
    cache_path: *const ::std::os::raw::c_char,
    always_sync: ::std::os::raw::c_int,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_set_persistent_cache)(cache_path, always_sync) }
}
/**Name a TensorRT cache, which is not needed here.

- `cache_path` (in): Required.

Returns LITE_OK (it has no effect) or LITE_INVALID_ARGUMENT.

Ownership: nothing changes hands.
Threads:   any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_set_tensor_rt_cache(
    cache_path: *const ::std::os::raw::c_char,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_set_tensor_rt_cache)(cache_path) }
}
/**Write the kernels that were found to be the fastest to a file, for LITE_set_persistent_cache.

- `cache_path` (in): Required; UTF-8.

Returns LITE_OK, LITE_INVALID_ARGUMENT or LITE_IO_ERROR (the old file is then unharmed).

Ownership: nothing changes hands.
Threads:   any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_dump_persistent_cache(
    cache_path: *const ::std::os::raw::c_char,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_dump_persistent_cache)(cache_path) }
}
/**Write the TensorRT cache, of which there is none.


Returns LITE_OK; it has no effect.

Ownership: nothing changes hands.
Threads:   any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_dump_tensor_rt_cache() -> ::std::os::raw::c_int {
    unsafe { (table().LITE_dump_tensor_rt_cache)() }
}
/**Set from which level on messages are logged. LITE_LOG_ERROR unless set.

- `level` (in): One of LiteLogLevel.

Returns LITE_OK or LITE_INVALID_ARGUMENT.

Ownership: nothing changes hands.
Threads:   any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_set_log_level(level: LiteLogLevel) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_set_log_level)(level) }
}
/**Get from which level on messages are logged.

- `level` (out): Required.

Returns LITE_OK or LITE_INVALID_ARGUMENT.

Ownership: nothing changes hands.
Threads:   any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_log_level(level: *mut LiteLogLevel) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_get_log_level)(level) }
}
/**Remember which physical address belongs to a virtual one.

- `vir_ptr` (in): Required; not registered yet for that device.
- `phy_ptr` (in): Required.
- `length` (in): Bytes of the region, at least 1.
- `device` (in): The device.
- `backend` (in): LITE_DEFAULT.

Returns LITE_OK, LITE_INVALID_ARGUMENT or LITE_OUT_OF_MEMORY.

Ownership: the memory stays the caller's.
Threads:   any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_register_memory_pair(
    vir_ptr: *mut ::std::os::raw::c_void,
    phy_ptr: *mut ::std::os::raw::c_void,
    length: usize,
    device: LiteDeviceType,
    backend: LiteBackend,
) -> ::std::os::raw::c_int {
    unsafe {
        (table().LITE_register_memory_pair)(vir_ptr, phy_ptr, length, device, backend)
    }
}
/**Forget a pair.

- `vir_ptr` (in): Required; as registered.
- `phy_ptr` (in): Required; as registered.
- `device` (in): The device.
- `backend` (in): LITE_DEFAULT.

Returns LITE_OK, LITE_INVALID_ARGUMENT or LITE_NOT_FOUND.

Ownership: the memory stays the caller's.
Threads:   any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_clear_memory_pair(
    vir_ptr: *mut ::std::os::raw::c_void,
    phy_ptr: *mut ::std::os::raw::c_void,
    device: LiteDeviceType,
    backend: LiteBackend,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_clear_memory_pair)(vir_ptr, phy_ptr, device, backend) }
}
/**Get the physical address of a virtual one that lies in a registered region.

- `vir_ptr` (in): Required.
- `phy_ptr` (out): Required. Written only on success.
- `device` (in): The device.
- `backend` (in): LITE_DEFAULT.

Returns LITE_OK, LITE_INVALID_ARGUMENT or LITE_NOT_FOUND.

Ownership: nothing changes hands.
Threads:   any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_lookup_physic_ptr(
    vir_ptr: *mut ::std::os::raw::c_void,
    phy_ptr: *mut *mut ::std::os::raw::c_void,
    device: LiteDeviceType,
    backend: LiteBackend,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_lookup_physic_ptr)(vir_ptr, phy_ptr, device, backend) }
}
/**Get the name of an element type, such as "float32" or "bfloat16".

- `dtype` (in): Any number.

Returns The name; "unknown" for a number that is no element type. Never NULL.

Ownership: static.
Threads:   any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_dtype_name(dtype: LiteDataType) -> *const ::std::os::raw::c_char {
    unsafe { (table().LITE_get_dtype_name)(dtype) }
}
/**Get how many bits an element takes. LITE_STRING has no fixed size and gives 0.

- `dtype` (in): One of LiteDataType.
- `bits` (out): Required. Written only on success.

Returns LITE_OK or LITE_INVALID_ARGUMENT.

Ownership: nothing changes hands.
Threads:   any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_dtype_bits(
    dtype: LiteDataType,
    bits: *mut usize,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_get_dtype_bits)(dtype, bits) }
}
/**Make a tensor on the CPU.

- `dtype` (in): One of LiteDataType.
- `rank` (in): 0 (a scalar) to LITE_MAX_RANK.
- `dims` (in): Required unless rank is 0; each at least 0.
- `tensor` (out): Required. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT or LITE_OUT_OF_MEMORY.

Ownership: the caller destroys the tensor with LITE_destroy_tensor.
Threads:   any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_make_tensor_with_dims(
    dtype: LiteDataType,
    rank: ::std::os::raw::c_int,
    dims: *const i64,
    tensor: *mut LiteTensor,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_make_tensor_with_dims)(dtype, rank, dims, tensor) }
}
/**Make a tensor on the CPU that uses the caller's memory, without copying.

- `dtype` (in): One of LiteDataType, but not LITE_STRING.
- `rank` (in): 0 to LITE_MAX_RANK.
- `dims` (in): Required unless rank is 0.
- `strides` (in): In elements, at least 0; NULL means dense in row-major order. NULL for types under a
byte.
- `data` (in): Required unless the tensor has no elements; aligned to the element size.
- `size` (in): Bytes at data; at least what dims and strides reach.
- `release` (in): Called when neither this tensor nor one made from it uses the memory; may be NULL.
- `user_data` (in): Passed to release; may be NULL.
- `tensor` (out): Required. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_SHAPE_MISMATCH (size is too small) or LITE_OUT_OF_MEMORY.

Ownership: the caller destroys the tensor. On failure release is not called and the memory stays the
caller's. Threads:   any thread. Since:     1.0*/
#[inline]
pub unsafe fn LITE_make_tensor_from_memory(
    dtype: LiteDataType,
    rank: ::std::os::raw::c_int,
    dims: *const i64,
    strides: *const i64,
    data: *mut ::std::os::raw::c_void,
    size: usize,
    release: LiteRelease,
    user_data: *mut ::std::os::raw::c_void,
    tensor: *mut LiteTensor,
) -> ::std::os::raw::c_int {
    unsafe {
        (table()
            .LITE_make_tensor_from_memory)(
            dtype,
            rank,
            dims,
            strides,
            data,
            size,
            release,
            user_data,
            tensor,
        )
    }
}
/**Change shape and element type, at any rank. Like LITE_set_tensor_layout otherwise.

- `tensor` (in): Required.
- `dtype` (in): One of LiteDataType.
- `rank` (in): 0 to LITE_MAX_RANK.
- `dims` (in): Required unless rank is 0; each at least 0.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_OUT_OF_MEMORY, LITE_BUSY or LITE_CLOSED.

Ownership: pointers into the tensor's memory may be dead afterwards.
Threads:   one thread at a time per tensor.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_set_tensor_dims(
    tensor: LiteTensor,
    dtype: LiteDataType,
    rank: ::std::os::raw::c_int,
    dims: *const i64,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_set_tensor_dims)(tensor, dtype, rank, dims) }
}
/**Set shape and element type and use the caller's memory. Like LITE_reset_tensor, at any rank, with the size
checked.

- `tensor` (in): Required.
- `dtype` (in): One of LiteDataType, but not LITE_STRING.
- `rank` (in): 0 to LITE_MAX_RANK.
- `dims` (in): Required unless rank is 0.
- `data` (in): Required unless the tensor has no elements; aligned to the element size, dense.
- `size` (in): Bytes at data. For a network's output it may be more than the shape needs: a capacity.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_SHAPE_MISMATCH (size is too small), LITE_BUSY or LITE_CLOSED.

Ownership: the memory stays the caller's and lives until the tensor is reset again or destroyed.
Threads:   one thread at a time per tensor.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_reset_tensor_with_dims(
    tensor: LiteTensor,
    dtype: LiteDataType,
    rank: ::std::os::raw::c_int,
    dims: *const i64,
    data: *mut ::std::os::raw::c_void,
    size: usize,
) -> ::std::os::raw::c_int {
    unsafe {
        (table().LITE_reset_tensor_with_dims)(tensor, dtype, rank, dims, data, size)
    }
}
/**See the same elements under another shape, at any rank.

- `tensor` (in): Required; dense.
- `rank` (in): 0 to LITE_MAX_RANK.
- `dims` (in): Required unless rank is 0; at least 0, and at most one -1 that is worked out from the
rest.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_SHAPE_MISMATCH, LITE_BUSY or LITE_CLOSED.

Ownership: nothing changes hands; the memory stays where it is.
Threads:   one thread at a time per tensor.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_tensor_reshape_dims(
    tensor: LiteTensor,
    rank: ::std::os::raw::c_int,
    dims: *const i64,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_tensor_reshape_dims)(tensor, rank, dims) }
}
/**Get a tensor's element type.

- `tensor` (in): Required.
- `dtype` (out): Required. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT or LITE_CLOSED.

Ownership: nothing changes hands.
Threads:   one thread at a time per tensor.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_tensor_dtype(
    tensor: LiteTensor,
    dtype: *mut LiteDataType,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_get_tensor_dtype)(tensor, dtype) }
}
/**Get a tensor's rank.

- `tensor` (in): Required.
- `rank` (out): Required; -1 while the shape is not set. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT or LITE_CLOSED.

Ownership: nothing changes hands.
Threads:   one thread at a time per tensor.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_tensor_rank(
    tensor: LiteTensor,
    rank: *mut ::std::os::raw::c_int,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_get_tensor_rank)(tensor, rank) }
}
/**Get a tensor's dimensions.

- `tensor` (in): Required; its shape is set.
- `capacity` (in): How many numbers dims has room for.
- `dims` (out): Required unless the rank is 0. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_BUFFER_TOO_SMALL or LITE_CLOSED.

Ownership: nothing changes hands.
Threads:   one thread at a time per tensor.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_tensor_dims(
    tensor: LiteTensor,
    capacity: ::std::os::raw::c_int,
    dims: *mut i64,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_get_tensor_dims)(tensor, capacity, dims) }
}
/**Get how many elements lie between neighbours along each axis.

- `tensor` (in): Required; its shape is set.
- `capacity` (in): How many numbers strides has room for.
- `strides` (out): Required unless the rank is 0. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_BUFFER_TOO_SMALL or LITE_CLOSED.

Ownership: nothing changes hands.
Threads:   one thread at a time per tensor.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_tensor_strides(
    tensor: LiteTensor,
    capacity: ::std::os::raw::c_int,
    strides: *mut i64,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_get_tensor_strides)(tensor, capacity, strides) }
}
/**Get one element of a string tensor.

- `tensor` (in): Required; of LITE_STRING.
- `index` (in): In row-major order, from 0.
- `data` (out): Required; NUL-terminated, but may hold NULs itself. Written only on success.
- `size` (out): Bytes without the NUL; may be NULL.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_BUSY or LITE_CLOSED.

Ownership: the tensor's; valid until the element is set, the layout changes or the tensor goes, or, for a
network's output, the network runs again. Threads:   one thread at a time per tensor. Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_tensor_string(
    tensor: LiteTensor,
    index: usize,
    data: *mut *const ::std::os::raw::c_char,
    size: *mut usize,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_get_tensor_string)(tensor, index, data, size) }
}
/**Set one element of a string tensor.

- `tensor` (in): Required; of LITE_STRING.
- `index` (in): In row-major order, from 0.
- `data` (in): Required unless size is 0; UTF-8.
- `size` (in): Its bytes.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_OUT_OF_MEMORY, LITE_BUSY or LITE_CLOSED.

Ownership: the bytes are copied.
Threads:   one thread at a time per tensor.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_set_tensor_string(
    tensor: LiteTensor,
    index: usize,
    data: *const ::std::os::raw::c_char,
    size: usize,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_set_tensor_string)(tensor, index, data, size) }
}
/**Lend a tensor's memory to another library, in DLPack's form without version (before 1.0).

- `tensor` (in): Required; its shape is set; not of LITE_STRING.
- `managed` (out): Required. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_UNSUPPORTED (no such DLPack type), LITE_OUT_OF_MEMORY,
LITE_BUSY or LITE_CLOSED.

Ownership: the caller calls the deleter once; until then the memory lives, even if the tensor is destroyed
or gets another layout. A network's output is overwritten by its next run. Threads:   one thread at a time
per tensor; the deleter from any thread. Since:     1.0*/
#[inline]
pub unsafe fn LITE_tensor_to_dlpack(
    tensor: LiteTensor,
    managed: *mut *mut DLManagedTensor,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_tensor_to_dlpack)(tensor, managed) }
}
/**Lend a tensor's memory to another library, in the form of DLPack 1.x.

- `tensor` (in): Required; its shape is set; not of LITE_STRING.
- `managed` (out): Required. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_UNSUPPORTED (no such DLPack type), LITE_OUT_OF_MEMORY,
LITE_BUSY or LITE_CLOSED.

Ownership: as for LITE_tensor_to_dlpack.
Threads:   one thread at a time per tensor; the deleter from any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_tensor_to_dlpack_versioned(
    tensor: LiteTensor,
    managed: *mut *mut DLManagedTensorVersioned,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_tensor_to_dlpack_versioned)(tensor, managed) }
}
/**Make a tensor that uses another library's memory, without copying.

- `managed` (in): Required; its data aligned to the element size, its strides not negative.
- `tensor` (out): Required. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_UNSUPPORTED (device or type) or LITE_OUT_OF_MEMORY.

Ownership: on success the library calls the deleter when the memory is no longer used; on failure it does
not. The caller destroys the tensor. Threads:   any thread; the deleter may be called from another one.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_tensor_from_dlpack(
    managed: *mut DLManagedTensor,
    tensor: *mut LiteTensor,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_tensor_from_dlpack)(managed, tensor) }
}
/**Make a tensor that uses another library's memory, given in the form of DLPack 1.x. A tensor that is marked
read-only is copied.

- `managed` (in): Required; of major version 1.
- `tensor` (out): Required. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_UNSUPPORTED (version, device or type) or LITE_OUT_OF_MEMORY.

Ownership: as for LITE_tensor_from_dlpack.
Threads:   any thread; the deleter may be called from another one.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_tensor_from_dlpack_versioned(
    managed: *mut DLManagedTensorVersioned,
    tensor: *mut LiteTensor,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_tensor_from_dlpack_versioned)(managed, tensor) }
}
/**Register an operator for the models that are loaded from now on. A node takes the operator of its domain
and name with the highest since_version that the model's opset of the domain reaches. It goes before a
function of that name in the model.

- `op` (in): Required; struct_size set by LITE_OPERATOR_INIT.

Returns LITE_OK, LITE_INVALID_ARGUMENT (among others: it is registered already, or is one of the library's
own operators), LITE_UNSUPPORTED (a flag or field that this library does not know) or LITE_OUT_OF_MEMORY.

Ownership: user_data stays with the library until it calls release. On failure it stays the caller's.
Threads:   any thread, also while others load and run networks.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_register_operator(op: *const LiteOperator) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_register_operator)(op) }
}
/**End a registration. Networks that were loaded with the operator go on using it; models that are loaded from
now on do not find it.

- `domain` (in): NULL and "" are ai.onnx.
- `name` (in): Required.
- `since_version` (in): As it was registered with.

Returns LITE_OK, LITE_INVALID_ARGUMENT or LITE_NOT_FOUND.

Ownership: release is called before this returns, or when the last network that uses the operator goes.
Threads:   any thread, also a callback of the operator.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_unregister_operator(
    domain: *const ::std::os::raw::c_char,
    name: *const ::std::os::raw::c_char,
    since_version: ::std::os::raw::c_int,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_unregister_operator)(domain, name, since_version) }
}
/**Load a shared library and register the operators in it: see LITE_OPERATOR_LIBRARY. It stays loaded until
the process ends; one that is loaded already is left as it is.

- `path` (in): Required; as dlopen takes it.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_FOUND (it cannot be opened, or is no library of
operators), LITE_UNSUPPORTED (it was built for a newer or incompatible version), LITE_OUT_OF_MEMORY or the
code that its registration failed with. The message has the path and the reason. Nothing stays registered
on failure.

Ownership: nothing changes hands.
Threads:   any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_load_operator_library(
    path: *const ::std::os::raw::c_char,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_load_operator_library)(path) }
}
/**Get the name of the node, or of its first output where it has none.

- `context` (in): Required.
- `name` (out): Required. Written only on success.

Returns LITE_OK or LITE_INVALID_ARGUMENT.

Ownership: valid until the callback returns.
Threads:   the callback's, and those of its tasks.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_operator_get_node_name(
    context: LiteOperatorContext,
    name: *mut *const ::std::os::raw::c_char,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_operator_get_node_name)(context, name) }
}
/**Count the inputs of the node, those that it leaves out between others included.

- `context` (in): Required.
- `count` (out): Required. Written only on success.

Returns LITE_OK or LITE_INVALID_ARGUMENT.

Ownership: nothing changes hands.
Threads:   the callback's, and those of its tasks.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_operator_get_input_count(
    context: LiteOperatorContext,
    count: *mut usize,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_operator_get_input_count)(context, count) }
}
/**Count the outputs of the node, those that it leaves out between others included.

- `context` (in): Required.
- `count` (out): Required. Written only on success.

Returns LITE_OK or LITE_INVALID_ARGUMENT.

Ownership: nothing changes hands.
Threads:   the callback's, and those of its tasks.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_operator_get_output_count(
    context: LiteOperatorContext,
    count: *mut usize,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_operator_get_output_count)(context, count) }
}
/**Describe an input. In run all of it is known; in infer and create data is there if the content is known.

- `context` (in): Required.
- `index` (in): From 0; one that the node does not have is not present.
- `tensor` (in,out): Required; struct_size set by LITE_OPERATOR_TENSOR_INIT. Written only on success.

Returns LITE_OK or LITE_INVALID_ARGUMENT.

Ownership: the pointers are valid until the callback returns.
Threads:   the callback's, and those of its tasks.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_operator_get_input(
    context: LiteOperatorContext,
    index: usize,
    tensor: *mut LiteOperatorTensor,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_operator_get_input)(context, index, tensor) }
}
/**Get an element of an input of strings.

- `context` (in): Required.
- `index` (in): Of the input, from 0.
- `element` (in): From 0, row-major.
- `text` (out): Required; NUL-terminated, but may have NULs in it. Written only on success.
- `size` (out): Bytes without the NUL; may be NULL.

Returns LITE_OK, LITE_INVALID_ARGUMENT or LITE_NOT_FOUND (the content is not known).

Ownership: the text is valid until the callback returns.
Threads:   the callback's, and those of its tasks.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_operator_get_input_string(
    context: LiteOperatorContext,
    index: usize,
    element: usize,
    text: *mut *const ::std::os::raw::c_char,
    size: *mut usize,
) -> ::std::os::raw::c_int {
    unsafe {
        (table().LITE_operator_get_input_string)(context, index, element, text, size)
    }
}
/**Put a sentence into the error text of a callback that is about to fail. The first one counts.

- `context` (in): Required.
- `message` (in): Required.

Returns LITE_OK or LITE_INVALID_ARGUMENT.

Ownership: the message is copied.
Threads:   the callback's, and those of its tasks.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_operator_set_error(
    context: LiteOperatorContext,
    message: *const ::std::os::raw::c_char,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_operator_set_error)(context, message) }
}
/**Count the attributes of the node.

- `context` (in): Required.
- `count` (out): Required. Written only on success.

Returns LITE_OK or LITE_INVALID_ARGUMENT.

Ownership: nothing changes hands.
Threads:   the callback's, and those of its tasks.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_operator_get_attribute_count(
    context: LiteOperatorContext,
    count: *mut usize,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_operator_get_attribute_count)(context, count) }
}
/**Get the name of an attribute.

- `context` (in): Required.
- `index` (in): From 0, in the file's order.
- `name` (out): Required. Written only on success.

Returns LITE_OK or LITE_INVALID_ARGUMENT.

Ownership: valid until the callback returns.
Threads:   the callback's, and those of its tasks.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_operator_get_attribute_name(
    context: LiteOperatorContext,
    index: usize,
    name: *mut *const ::std::os::raw::c_char,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_operator_get_attribute_name)(context, index, name) }
}
/**Get what an attribute holds, and how many.

- `context` (in): Required.
- `name` (in): Required.
- `type` (out): Required. Written only on success.
- `length` (out): 1 for what is no list; may be NULL. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT or LITE_NOT_FOUND (there is no such attribute).

Ownership: nothing changes hands.
Threads:   the callback's, and those of its tasks.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_operator_get_attribute_type(
    context: LiteOperatorContext,
    name: *const ::std::os::raw::c_char,
    type_: *mut LiteAttributeType,
    length: *mut usize,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_operator_get_attribute_type)(context, name, type_, length) }
}
/**Get an attribute of one integer.

- `context` (in): Required.
- `name` (in): Required.
- `value` (out): Required. Written only on success, so that it may hold a default before.

Returns LITE_OK, LITE_INVALID_ARGUMENT (among others: it is of another type) or LITE_NOT_FOUND.

Ownership: nothing changes hands.
Threads:   the callback's, and those of its tasks.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_operator_get_attribute_int(
    context: LiteOperatorContext,
    name: *const ::std::os::raw::c_char,
    value: *mut i64,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_operator_get_attribute_int)(context, name, value) }
}
/**Get an attribute of one number.

- `context` (in): Required.
- `name` (in): Required.
- `value` (out): Required. Written only on success, so that it may hold a default before.

Returns LITE_OK, LITE_INVALID_ARGUMENT (among others: it is of another type) or LITE_NOT_FOUND.

Ownership: nothing changes hands.
Threads:   the callback's, and those of its tasks.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_operator_get_attribute_float(
    context: LiteOperatorContext,
    name: *const ::std::os::raw::c_char,
    value: *mut f32,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_operator_get_attribute_float)(context, name, value) }
}
/**Get an attribute of one string, or an element of one of strings.

- `context` (in): Required.
- `name` (in): Required.
- `element` (in): From 0; 0 for one string.
- `text` (out): Required; NUL-terminated, but may have NULs in it. Written only on success.
- `size` (out): Bytes without the NUL; may be NULL. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT (among others: it is of another type, or shorter) or LITE_NOT_FOUND.

Ownership: the text is valid until the callback returns.
Threads:   the callback's, and those of its tasks.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_operator_get_attribute_string(
    context: LiteOperatorContext,
    name: *const ::std::os::raw::c_char,
    element: usize,
    text: *mut *const ::std::os::raw::c_char,
    size: *mut usize,
) -> ::std::os::raw::c_int {
    unsafe {
        (table().LITE_operator_get_attribute_string)(context, name, element, text, size)
    }
}
/**Get an attribute of integers.

- `context` (in): Required.
- `name` (in): Required.
- `values` (out): Required; length of them. Written only on success.
- `length` (out): Required. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT (among others: it is of another type) or LITE_NOT_FOUND.

Ownership: the values are valid until the callback returns.
Threads:   the callback's, and those of its tasks.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_operator_get_attribute_ints(
    context: LiteOperatorContext,
    name: *const ::std::os::raw::c_char,
    values: *mut *const i64,
    length: *mut usize,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_operator_get_attribute_ints)(context, name, values, length) }
}
/**Get an attribute of numbers.

- `context` (in): Required.
- `name` (in): Required.
- `values` (out): Required; length of them. Written only on success.
- `length` (out): Required. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT (among others: it is of another type) or LITE_NOT_FOUND.

Ownership: the values are valid until the callback returns.
Threads:   the callback's, and those of its tasks.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_operator_get_attribute_floats(
    context: LiteOperatorContext,
    name: *const ::std::os::raw::c_char,
    values: *mut *const f32,
    length: *mut usize,
) -> ::std::os::raw::c_int {
    unsafe {
        (table().LITE_operator_get_attribute_floats)(context, name, values, length)
    }
}
/**Get an attribute that is a tensor. One of strings has no data.

- `context` (in): Required.
- `name` (in): Required.
- `tensor` (in,out): Required; struct_size set by LITE_OPERATOR_TENSOR_INIT. Its data is aligned to a
byte only. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT (among others: it is of another type) or LITE_NOT_FOUND.

Ownership: the pointers are valid until the callback returns.
Threads:   the callback's, and those of its tasks.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_operator_get_attribute_tensor(
    context: LiteOperatorContext,
    name: *const ::std::os::raw::c_char,
    tensor: *mut LiteOperatorTensor,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_operator_get_attribute_tensor)(context, name, tensor) }
}
/**Tell what is known of an output.

- `context` (in): Required; of infer.
- `index` (in): From 0; one that the node does not have is passed over.
- `dtype` (in): Of LiteDataType; -1: not known before the run.
- `rank` (in): At most LITE_MAX_RANK; -1: not known before the run.
- `dims` (in): rank of them; one below 0 is not known before the run. Those below -1 are dimensions of
inputs handed on.

Returns LITE_OK or LITE_INVALID_ARGUMENT.

Ownership: the dimensions are copied.
Threads:   the callback's.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_operator_set_output(
    context: LiteOperatorContext,
    index: usize,
    dtype: ::std::os::raw::c_int,
    rank: ::std::os::raw::c_int,
    dims: *const i64,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_operator_set_output)(context, index, dtype, rank, dims) }
}
/**Describe an output. One whose element type and shape infer has told has memory, which is not initialised
and overlaps no input; the others have to be given theirs by LITE_operator_allocate_output.

- `context` (in): Required; of run.
- `index` (in): From 0; one that the node does not have, or that nobody reads, is not present and
need not be computed.
- `tensor` (in,out): Required; struct_size set by LITE_OPERATOR_TENSOR_INIT. Written only on success.

Returns LITE_OK or LITE_INVALID_ARGUMENT.

Ownership: the pointers are valid until the callback returns.
Threads:   the callback's, and those of its tasks.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_operator_get_output(
    context: LiteOperatorContext,
    index: usize,
    tensor: *mut LiteOperatorTensor,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_operator_get_output)(context, index, tensor) }
}
/**Give an output its element type and shape, and memory. Every output that is present must have got them when
run returns, from infer or from this.

- `context` (in): Required; of run.
- `index` (in): From 0; of an output that is present.
- `dtype` (in): Of LiteDataType.
- `rank` (in): At most LITE_MAX_RANK.
- `dims` (in): rank of them, at least 0; may be NULL if rank is 0.
- `data` (out): The memory, 64-byte aligned unless it is the caller's; NULL for strings, which are
empty, and may be for no elements. May be NULL. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_SHAPE_MISMATCH (infer or the model said otherwise),
LITE_LIMIT_EXCEEDED (arena_limit) or LITE_OUT_OF_MEMORY.

Ownership: the memory is the library's, valid until the callback returns or calls this again for the
output.
Threads:   the callback's.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_operator_allocate_output(
    context: LiteOperatorContext,
    index: usize,
    dtype: LiteDataType,
    rank: ::std::os::raw::c_int,
    dims: *const i64,
    data: *mut *mut ::std::os::raw::c_void,
) -> ::std::os::raw::c_int {
    unsafe {
        (table().LITE_operator_allocate_output)(context, index, dtype, rank, dims, data)
    }
}
/**Set an element of an output of strings.

- `context` (in): Required; of run.
- `index` (in): Of the output, from 0; it has its shape.
- `element` (in): From 0, row-major.
- `text` (in): May be NULL if size is 0.
- `size` (in): Bytes.

Returns LITE_OK, LITE_INVALID_ARGUMENT or LITE_OUT_OF_MEMORY.

Ownership: the text is copied.
Threads:   the callback's, and those of its tasks, each with elements of its own.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_operator_set_output_string(
    context: LiteOperatorContext,
    index: usize,
    element: usize,
    text: *const ::std::os::raw::c_char,
    size: usize,
) -> ::std::os::raw::c_int {
    unsafe {
        (table().LITE_operator_set_output_string)(context, index, element, text, size)
    }
}
/**Call task(data, index) once for each index from 0 to count - 1, on as many threads as the network may use,
the calling one included, and return when all are done. Which thread runs which index is not defined: for
results that do not depend on the number of threads, split the work by the problem and not by
LITE_operator_get_threads. Inside a task the loop is run by the thread that is in it.

- `context` (in): Required; of run.
- `count` (in): At least 0.
- `task` (in): Required.
- `data` (in): Passed on; may be NULL.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_CANCELLED or LITE_TIMED_OUT (the run is to stop, and tasks
were left out), or the code of a task that failed, that of the lowest index among those that ran.

Ownership: nothing changes hands.
Threads:   the callback's, and those of its tasks.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_operator_parallel_for(
    context: LiteOperatorContext,
    count: i64,
    task: LiteOperatorTask,
    data: *mut ::std::os::raw::c_void,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_operator_parallel_for)(context, count, task, data) }
}
/**Get how many threads the network may use, the calling one included.

- `context` (in): Required; of run.
- `threads` (out): Required. Written only on success.

Returns LITE_OK or LITE_INVALID_ARGUMENT.

Ownership: nothing changes hands.
Threads:   the callback's, and those of its tasks.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_operator_get_threads(
    context: LiteOperatorContext,
    threads: *mut usize,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_operator_get_threads)(context, threads) }
}
/**Ask whether the run was cancelled or its time is over. A callback that takes long asks now and then, and
returns LITE_CANCELLED if so; what it has written does not matter then.

- `context` (in): Required; of run.
- `stop` (out): Required; 1 or 0. Written only on success.

Returns LITE_OK or LITE_INVALID_ARGUMENT.

Ownership: nothing changes hands.
Threads:   the callback's, and those of its tasks.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_operator_should_stop(
    context: LiteOperatorContext,
    stop: *mut ::std::os::raw::c_int,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_operator_should_stop)(context, stop) }
}
/**Set an option. "bool" takes 0, 1, false, true, off, on; "bytes" takes a number with an optional k, M or G
(powers of 1024).

- `network` (in): The network, or NULL for an option of the process.
- `key` (in): Required; one that LITE_get_option_info lists for that scope.
- `value` (in): Required.

Returns LITE_OK, LITE_INVALID_ARGUMENT (the message lists what is possible), LITE_BUSY or LITE_CLOSED.

Ownership: the strings are copied.
Threads:   one thread at a time per network; options of the process from any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_set_option(
    network: LiteNetwork,
    key: *const ::std::os::raw::c_char,
    value: *const ::std::os::raw::c_char,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_set_option)(network, key, value) }
}
/**Get an option as text.

- `network` (in): The network, or NULL for an option of the process.
- `key` (in): Required; one that LITE_get_option_info lists for that scope.
- `value` (out): Required. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT or LITE_CLOSED.

Ownership: the calling thread's, unchanged until its next call of this function.
Threads:   any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_option(
    network: LiteNetwork,
    key: *const ::std::os::raw::c_char,
    value: *mut *const ::std::os::raw::c_char,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_get_option)(network, key, value) }
}
/**Count the options that there are.

- `count` (out): Required. Written only on success.

Returns LITE_OK or LITE_INVALID_ARGUMENT.

Ownership: nothing changes hands.
Threads:   any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_option_count(count: *mut usize) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_get_option_count)(count) }
}
/**Describe an option.

- `index` (in): From 0.
- `info` (in,out): Required; struct_size set by LITE_OPTION_INFO_INIT. Written only on success.

Returns LITE_OK or LITE_INVALID_ARGUMENT.

Ownership: the strings are static.
Threads:   any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_option_info(
    index: usize,
    info: *mut LiteOptionInfo,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_get_option_info)(index, info) }
}
/**Put a model file of any format into a pack, encrypted or not.

A model that is a pack already stays as it is, name and encryption included; information and caches are
replaced where they are given.

- `model_path` (in): Required; UTF-8.
- `packed_path` (in): Required; UTF-8. Replaced on success, unharmed otherwise.
- `options` (in): struct_size set by LITE_PACK_OPTIONS_INIT; NULL means that.

Returns LITE_OK, LITE_INVALID_ARGUMENT (also a key of the wrong length), LITE_NOT_FOUND (also an unknown
method), LITE_IO_ERROR, LITE_INVALID_MODEL (also information that its parser would refuse),
LITE_UNSUPPORTED (a method that is only read), LITE_LIMIT_EXCEEDED (2 GiB) or LITE_OUT_OF_MEMORY.

Ownership: nothing changes hands.
Threads:   any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_pack_model(
    model_path: *const ::std::os::raw::c_char,
    packed_path: *const ::std::os::raw::c_char,
    options: *const LitePackOptions,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_pack_model)(model_path, packed_path, options) }
}
/**The same from memory to memory.

- `model` (in): Required.
- `size` (in): Its bytes.
- `options` (in): struct_size set by LITE_PACK_OPTIONS_INIT; NULL means that.
- `packed` (out): Required. Written only on success.
- `packed_size` (out): Required; its bytes. Written only on success.

Returns As LITE_pack_model.

Ownership: the caller frees the bytes with LITE_free_string.
Threads:   any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_pack_model_memory(
    model: *const ::std::os::raw::c_void,
    size: usize,
    options: *const LitePackOptions,
    packed: *mut *mut ::std::os::raw::c_char,
    packed_size: *mut usize,
) -> ::std::os::raw::c_int {
    unsafe {
        (table().LITE_pack_model_memory)(model, size, options, packed, packed_size)
    }
}
/**Take a part out of a pack, or a model out of an encrypted file, decrypted.

- `path` (in): Required; UTF-8.
- `part` (in): Of a file that is no pack: LITE_PACK_MODEL.
- `method` (in): The decryption method of a file that is no pack; NULL: none. Packs name their own.
- `key_data` (in): The key; NULL: the registered one.
- `key_size` (in): Its bytes.
- `data` (out): Required. Written only on success.
- `size` (out): Required; its bytes. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT (also a key of the wrong length), LITE_NOT_FOUND (no such file, part
or method), LITE_IO_ERROR, LITE_INVALID_MODEL or LITE_OUT_OF_MEMORY.

Ownership: the caller frees the bytes with LITE_free_string, and wipes them before if they are secret.
Threads:   any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_unpack_model(
    path: *const ::std::os::raw::c_char,
    part: LitePackPart,
    method: *const ::std::os::raw::c_char,
    key_data: *const u8,
    key_size: usize,
    data: *mut *mut ::std::os::raw::c_char,
    size: *mut usize,
) -> ::std::os::raw::c_int {
    unsafe {
        (table().LITE_unpack_model)(path, part, method, key_data, key_size, data, size)
    }
}
/**Tell what a file holds, as JSON, without decrypting any of it:
"packed": whether it is a pack;
"model": {"method", "size", "format"}; the method is "NONE" for a model that is not encrypted and "" when
nobody can tell, the format "onnx", "mge" or "" for one that is encrypted or unknown.
For a pack also "name"; "info": {"method", "parser", "size", "text"}, the text only when it is not
encrypted; "cache" and "binary_cache": {"size"}. What is not there is left out.

- `path` (in): Required; UTF-8.
- `json` (out): Required; NUL-terminated. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_FOUND, LITE_IO_ERROR, LITE_INVALID_MODEL, LITE_UNSUPPORTED
or LITE_OUT_OF_MEMORY.

Ownership: the caller frees the text with LITE_free_string.
Threads:   any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_describe_pack(
    path: *const ::std::os::raw::c_char,
    json: *mut *mut ::std::os::raw::c_char,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_describe_pack)(path, json) }
}
/**Stop the network's present run, which then returns LITE_CANCELLED. Without a run it has no effect. The
network can be used again.

- `network` (in): Required.

Returns LITE_OK, LITE_INVALID_ARGUMENT or LITE_CLOSED.

Ownership: nothing changes hands.
Threads:   any thread, also from callbacks. Does not wait for the run to stop.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_cancel(network: LiteNetwork) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_cancel)(network) }
}
/**Give each following run a time limit, counted from LITE_forward; one that takes longer returns
LITE_TIMED_OUT.

- `network` (in): Required.
- `microseconds` (in): 0 removes the limit.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_BUSY or LITE_CLOSED.

Ownership: nothing changes hands.
Threads:   one thread at a time per network.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_set_run_timeout(
    network: LiteNetwork,
    microseconds: u64,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_set_run_timeout)(network, microseconds) }
}
/**Wait for an asynchronous run, but not for ever. The run goes on if the wait times out.

- `network` (in): Required; loaded.
- `microseconds` (in): How long; 0 only looks.

Returns LITE_TIMED_OUT if the run is not over yet; otherwise like LITE_wait.

Ownership: nothing changes hands.
Threads:   any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_wait_for(
    network: LiteNetwork,
    microseconds: u64,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_wait_for)(network, microseconds) }
}
/**Make runs asynchronous, like LITE_set_async_callback, with the run's result for the callback.

- `network` (in): Required.
- `callback` (in): NULL makes runs synchronous again.
- `user_data` (in): Passed on; may be NULL.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_BUSY or LITE_CLOSED.

Ownership: user_data stays the caller's and lives until another callback is set or the network is
destroyed. Threads:   one thread at a time per network; the callback runs in a library thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_set_completion_callback(
    network: LiteNetwork,
    callback: LiteCompletionCallback,
    user_data: *mut ::std::os::raw::c_void,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_set_completion_callback)(network, callback, user_data) }
}
/**Give the network's working memory and compiled programs back. The next run makes them again.

- `network` (in): Required.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_BUSY or LITE_CLOSED.

Ownership: nothing changes hands; input and output tensors stay as they are.
Threads:   one thread at a time per network.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_trim(network: LiteNetwork) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_trim)(network) }
}
/**Read what a network costs at this moment.

- `network` (in): Required.
- `statistics` (in,out): Required; struct_size set by LITE_STATISTICS_INIT. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT or LITE_CLOSED. Without a model everything is 0.

Ownership: nothing changes hands.
Threads:   any thread, also while another one runs the network.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_statistics(
    network: LiteNetwork,
    statistics: *mut LiteStatistics,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_get_statistics)(network, statistics) }
}
/**Turn the profiler on or off. Turning it on forgets what was recorded. The newest runs are kept, within a
fixed amount of memory.

- `network` (in): Required.
- `enabled` (in): 1 or 0.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_BUSY or LITE_CLOSED.

Ownership: nothing changes hands.
Threads:   one thread at a time per network.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_set_profiling(
    network: LiteNetwork,
    enabled: ::std::os::raw::c_int,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_set_profiling)(network, enabled) }
}
/**Get what the profiler recorded.

- `network` (in): Required; loaded.
- `format` (in): "table" (per node: time, share, bytes, rate, share of the machine's limit), "json"
(the same) or "trace" (for Chrome's trace viewer and Perfetto).
- `text` (out): Required; NUL-terminated. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_LOADED, LITE_NOT_FOUND (nothing recorded),
LITE_OUT_OF_MEMORY, LITE_BUSY or LITE_CLOSED.

Ownership: the caller frees the text with LITE_free_string.
Threads:   one thread at a time per network.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_profile(
    network: LiteNetwork,
    format: *const ::std::os::raw::c_char,
    text: *mut *mut ::std::os::raw::c_char,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_get_profile)(network, format, text) }
}
/**Free a text that the library gave away.

- `text` (in): NULL is allowed.

Ownership: the text is gone afterwards.
Threads:   any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_free_string(text: *mut ::std::os::raw::c_char) {
    unsafe { (table().LITE_free_string)(text) }
}
/**Set how many threads the process-wide pool has, the calling one included. Unless set, it is the smallest of
the machine's cores, the affinity mask and the cgroup's quota.

- `threads` (in): 0 goes back to that default.

Returns LITE_OK, LITE_INVALID_ARGUMENT (more than 1024) or LITE_BUSY (a network is running).

Ownership: nothing changes hands.
Threads:   any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_set_process_threads(threads: usize) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_set_process_threads)(threads) }
}
/**Get how many threads the process-wide pool has or, before its first use, will have.

- `threads` (out): Required. Written only on success.

Returns LITE_OK or LITE_INVALID_ARGUMENT.

Ownership: nothing changes hands.
Threads:   any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_process_threads(threads: *mut usize) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_get_process_threads)(threads) }
}
/**Read what all networks of the process cost together at this moment.

- `statistics` (in,out): Required; struct_size set by LITE_STATISTICS_INIT. Written only on success.

Returns LITE_OK or LITE_INVALID_ARGUMENT.

Ownership: nothing changes hands.
Threads:   any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_process_statistics(
    statistics: *mut LiteStatistics,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_get_process_statistics)(statistics) }
}
/**Get the code that the calling thread's last call returned. Calls that return no code leave it alone.


Returns One of LiteErrorCode.

Ownership: nothing changes hands.
Threads:   any thread; each has its own.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_last_status() -> ::std::os::raw::c_int {
    unsafe { (table().LITE_get_last_status)() }
}
/**Get the name of a code, such as "LITE_NOT_FOUND".

- `code` (in): Any number.

Returns The name; "LITE_UNKNOWN_ERROR" for a number that is no code. Never NULL.

Ownership: static.
Threads:   any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_status_name(
    code: ::std::os::raw::c_int,
) -> *const ::std::os::raw::c_char {
    unsafe { (table().LITE_get_status_name)(code) }
}
/**Check that the loaded library can serve a program built with these headers: same major version, minor
version not older. Call it as LITE_check_version(LITE_VERSION_MAJOR, LITE_VERSION_MINOR).

- `major` (in): LITE_VERSION_MAJOR of the program's headers.
- `minor` (in): LITE_VERSION_MINOR of the program's headers.

Returns LITE_OK or LITE_UNSUPPORTED; the message has both versions and the file that the library was loaded
from.

Ownership: nothing changes hands.
Threads:   any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_check_version(
    major: ::std::os::raw::c_int,
    minor: ::std::os::raw::c_int,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_check_version)(major, minor) }
}
/**Get what this library was built from and for, and what it found on this machine: lines of "key: value" with
version, compiler, oneDNN, devices and instruction sets, among others.


Returns The text; never NULL.

Ownership: static.
Threads:   any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_build_info() -> *const ::std::os::raw::c_char {
    unsafe { (table().LITE_get_build_info)() }
}
/**Send log messages to the caller instead of standard error.

- `callback` (in): NULL goes back to standard error.
- `user_data` (in): Passed on; may be NULL.

Returns LITE_OK.

Ownership: user_data stays the caller's. The old callback is not called any more when this returns.
Threads:   any thread, but not the callback.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_set_log_callback(
    callback: LiteLogCallback,
    user_data: *mut ::std::os::raw::c_void,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_set_log_callback)(callback, user_data) }
}
/**LITE_set_runtime_thread_affinity with a pointer for the callback.

- `network` (in): Required; loaded.
- `callback` (in): Required.
- `user_data` (in): Passed on; may be NULL.
- `release` (in): May be NULL.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_LOADED, LITE_BUSY or LITE_CLOSED.

Ownership: user_data is used until release is called.
Threads:   one thread at a time per network; the callback runs in each of those threads, in several at
once. Since:     1.0*/
#[inline]
pub unsafe fn LITE_set_runtime_thread_affinity_with_userdata(
    network: LiteNetwork,
    callback: LiteThreadAffinityCallbackWithData,
    user_data: *mut ::std::os::raw::c_void,
    release: LiteRelease,
) -> ::std::os::raw::c_int {
    unsafe {
        (table()
            .LITE_set_runtime_thread_affinity_with_userdata)(
            network,
            callback,
            user_data,
            release,
        )
    }
}
/**LITE_set_memory_allocator with a pointer for the functions.

- `network` (in): Required.
- `allocate_fun` (in): Required.
- `free_fun` (in): Required.
- `user_data` (in): Passed on; may be NULL.
- `release` (in): May be NULL. Called after the last free_fun.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_BUSY or LITE_CLOSED.

Ownership: user_data is used until release is called.
Threads:   one thread at a time per network; the functions are called from any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_set_memory_allocator_with_userdata(
    network: LiteNetwork,
    allocate_fun: LiteAllocateWithData,
    free_fun: LiteFreeWithData,
    user_data: *mut ::std::os::raw::c_void,
    release: LiteRelease,
) -> ::std::os::raw::c_int {
    unsafe {
        (table()
            .LITE_set_memory_allocator_with_userdata)(
            network,
            allocate_fun,
            free_fun,
            user_data,
            release,
        )
    }
}
/**Add a decryption method whose function has a pointer of its own.

- `decrypt_name` (in): Required; must be new.
- `func` (in): Required.
- `key_data` (in): May be NULL if key_size is 0.
- `key_size` (in): Its bytes.
- `user_data` (in): Passed on; may be NULL.
- `release` (in): May be NULL.

Returns LITE_OK, LITE_INVALID_ARGUMENT or LITE_OUT_OF_MEMORY.

Ownership: name and key are copied; the copy of the key is wiped when it goes. user_data is used until
release is called. Threads:   any thread; func is called from threads that load models. Since:     1.0*/
#[inline]
pub unsafe fn LITE_register_decryption_with_userdata(
    decrypt_name: *const ::std::os::raw::c_char,
    func: LiteDecryptionFuncWithData,
    key_data: *const u8,
    key_size: usize,
    user_data: *mut ::std::os::raw::c_void,
    release: LiteRelease,
) -> ::std::os::raw::c_int {
    unsafe {
        (table()
            .LITE_register_decryption_with_userdata)(
            decrypt_name,
            func,
            key_data,
            key_size,
            user_data,
            release,
        )
    }
}
/**Change the function or the key of a decryption method, or both, to a function with a pointer of its own.

- `decrypt_name` (in): Required.
- `func` (in): NULL keeps the present one; user_data and release are then not used.
- `key_data` (in): May be NULL if key_size is 0.
- `key_size` (in): 0 keeps the present key.
- `user_data` (in): Passed on; may be NULL.
- `release` (in): May be NULL.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_FOUND or LITE_OUT_OF_MEMORY.

Ownership: the key is copied; the old copy is wiped. user_data is used until release is called.
Threads:   any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_update_decryption_with_userdata(
    decrypt_name: *const ::std::os::raw::c_char,
    func: LiteDecryptionFuncWithData,
    key_data: *const u8,
    key_size: usize,
    user_data: *mut ::std::os::raw::c_void,
    release: LiteRelease,
) -> ::std::os::raw::c_int {
    unsafe {
        (table()
            .LITE_update_decryption_with_userdata)(
            decrypt_name,
            func,
            key_data,
            key_size,
            user_data,
            release,
        )
    }
}
/**LITE_register_parse_info_func with a pointer for the function.

- `info_type` (in): Required; must be new.
- `parse_func` (in): Required.
- `user_data` (in): Passed on; may be NULL.
- `release` (in): May be NULL.

Returns LITE_OK, LITE_INVALID_ARGUMENT or LITE_OUT_OF_MEMORY.

Ownership: the name is copied. user_data is used until release is called.
Threads:   any thread; parse_func is called from threads that load models.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_register_parse_info_with_userdata(
    info_type: *const ::std::os::raw::c_char,
    parse_func: LiteParseInfoFuncWithData,
    user_data: *mut ::std::os::raw::c_void,
    release: LiteRelease,
) -> ::std::os::raw::c_int {
    unsafe {
        (table()
            .LITE_register_parse_info_with_userdata)(
            info_type,
            parse_func,
            user_data,
            release,
        )
    }
}
/**Make a value of a tensor.

- `tensor` (in): Required; its shape is set. With LITE_VALUE_SHARE_MEMORY no slice whose elements are
not next to each other.
- `flags` (in): Of LiteValueFlag, or 0.
- `value` (out): Required. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_UNSUPPORTED (a flag that this library does not know),
LITE_OUT_OF_MEMORY, LITE_BUSY or LITE_CLOSED.

Ownership: the caller destroys the value. The elements are copied, or with LITE_VALUE_SHARE_MEMORY shared
with the tensor: what is written there later shows, a network's next run writes over its
outputs, and memory that was lent to the tensor without a release function must live as long as
the value and all that it is put into.
Threads:   one thread at a time per tensor.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_make_tensor_value(
    tensor: LiteTensor,
    flags: u32,
    value: *mut LiteValue,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_make_tensor_value)(tensor, flags, value) }
}
/**Make a sequence without elements.

- `dtype` (in): The element type of the tensors that are, or lie in, its elements.
- `value` (out): Required. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT or LITE_OUT_OF_MEMORY.

Ownership: the caller destroys the value.
Threads:   any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_make_sequence(
    dtype: LiteDataType,
    value: *mut LiteValue,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_make_sequence)(dtype, value) }
}
/**Put an element behind the last one of a sequence.

- `sequence` (in): Required.
- `element` (in): Required; of the kind and element type of those that are there. Shapes may differ.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_LIMIT_EXCEEDED (values are nested more than 16 deep),
LITE_OUT_OF_MEMORY or LITE_CLOSED.

Ownership: the element stays the caller's; tensors in it are shared.
Threads:   one thread at a time per sequence.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_append_value(
    sequence: LiteValue,
    element: LiteValue,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_append_value)(sequence, element) }
}
/**Make an optional.

- `element` (in): What it holds; NULL: nothing.
- `dtype` (in): If it holds nothing: the element type of the tensors that it could hold. Otherwise not
looked at.
- `value` (out): Required. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_LIMIT_EXCEEDED (values are nested more than 16 deep),
LITE_OUT_OF_MEMORY or LITE_CLOSED.

Ownership: the caller destroys the value; the element stays the caller's, tensors in it are shared.
Threads:   any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_make_optional(
    element: LiteValue,
    dtype: LiteDataType,
    value: *mut LiteValue,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_make_optional)(element, dtype, value) }
}
/**Make a map.

- `keys` (in): Required; one dimension, of integers or strings that all differ.
- `values` (in): Required; as many as there are keys, in their order: a sequence, or a tensor whose
first dimension counts them. A sequence of tensors without dimensions becomes such a tensor.
- `value` (out): Required. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_SHAPE_MISMATCH (not as many values as keys),
LITE_LIMIT_EXCEEDED (values are nested more than 16 deep), LITE_OUT_OF_MEMORY, LITE_BUSY or LITE_CLOSED.

Ownership: the caller destroys the value. The keys are copied; values stays the caller's, tensors in it are
shared.
Threads:   one thread at a time per tensor.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_make_map(
    keys: LiteTensor,
    values: LiteValue,
    value: *mut LiteValue,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_make_map)(keys, values, value) }
}
/**Destroy a value. Tensors and values that were taken out of it, and values that it was put into, stay.

- `value` (in): Required. One that was destroyed already is left alone.

Returns LITE_OK or LITE_INVALID_ARGUMENT.

Ownership: the handle is dead afterwards.
Threads:   any thread, but not while another one uses the value.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_destroy_value(value: LiteValue) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_destroy_value)(value) }
}
/**Get what a value is.

- `value` (in): Required.
- `kind` (out): Required. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT or LITE_CLOSED.

Ownership: nothing changes hands.
Threads:   any thread, but not while another one appends.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_value_kind(
    value: LiteValue,
    kind: *mut LiteValueKind,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_get_value_kind)(value, kind) }
}
/**Get the element type of a tensor, or of the tensors in a sequence or optional or among a map's values.

- `value` (in): Required.
- `dtype` (out): Required. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_FOUND (it is empty, and who made it did not say) or
LITE_CLOSED.

Ownership: nothing changes hands.
Threads:   any thread, but not while another one appends.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_value_dtype(
    value: LiteValue,
    dtype: *mut LiteDataType,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_get_value_dtype)(value, dtype) }
}
/**Get how many elements a sequence has, entries a map, and whether an optional holds something: 0 or 1.

- `value` (in): Required; no tensor.
- `length` (out): Required. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT or LITE_CLOSED.

Ownership: nothing changes hands.
Threads:   any thread, but not while another one appends.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_value_length(
    value: LiteValue,
    length: *mut usize,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_get_value_length)(value, length) }
}
/**Get an element of a sequence, or what an optional holds.

- `value` (in): Required; a sequence or optional.
- `index` (in): From 0.
- `element` (out): Required. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_OUT_OF_MEMORY or LITE_CLOSED.

Ownership: the caller destroys the element; tensors in it are shared with the value.
Threads:   any thread, but not while another one appends.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_value_element(
    value: LiteValue,
    index: usize,
    element: *mut LiteValue,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_get_value_element)(value, index, element) }
}
/**Get the tensor that a value is.

- `value` (in): Required; a tensor.
- `tensor` (out): Required. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_OUT_OF_MEMORY or LITE_CLOSED.

Ownership: the caller destroys the tensor. It shares its memory with the value and all copies of it, and
may outlive them.
Threads:   any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_value_tensor(
    value: LiteValue,
    tensor: *mut LiteTensor,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_get_value_tensor)(value, tensor) }
}
/**Get the keys of a map.

- `map` (in): Required.
- `keys` (out): Required; one dimension. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_OUT_OF_MEMORY or LITE_CLOSED.

Ownership: as for LITE_get_value_tensor.
Threads:   any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_map_keys(
    map: LiteValue,
    keys: *mut LiteTensor,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_get_map_keys)(map, keys) }
}
/**Get the values of a map, in the order of its keys.

- `map` (in): Required.
- `values` (out): Required; a sequence, or a tensor whose first dimension counts them. Written only on
success.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_OUT_OF_MEMORY or LITE_CLOSED.

Ownership: the caller destroys the values; tensors in it are shared with the map.
Threads:   any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_map_values(
    map: LiteValue,
    values: *mut LiteValue,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_get_map_values)(map, values) }
}
/**Give an input of any kind its value. It stays for the runs that follow, until it is given another.

- `network` (in): Required; loaded.
- `io_name` (in): Required; not the discrete input.
- `value` (in): Required; of the kind and element type of the input. For an optional, what it could
hold is taken as one that holds it.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_SHAPE_MISMATCH, LITE_NOT_LOADED, LITE_NOT_FOUND,
LITE_OUT_OF_MEMORY, LITE_BUSY or LITE_CLOSED.

Ownership: the value stays the caller's and may be destroyed or appended to at once. Tensors in a sequence,
optional or map are shared with the network, those of an input that is a tensor are copied.
Threads:   one thread at a time per network; also from a start callback.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_set_input_value(
    network: LiteNetwork,
    io_name: *const ::std::os::raw::c_char,
    value: LiteValue,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_set_input_value)(network, io_name, value) }
}
/**Get what the last run that succeeded gave for an output of any kind.

- `network` (in): Required; loaded.
- `io_name` (in): Required.
- `value` (out): Required. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_LOADED, LITE_NOT_FOUND (no such output, or the network has
not run yet), LITE_OUT_OF_MEMORY, LITE_BUSY or LITE_CLOSED.

Ownership: the caller destroys the value; later runs leave it alone.
Threads:   one thread at a time per network; also from a finish callback.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_output_value(
    network: LiteNetwork,
    io_name: *const ::std::os::raw::c_char,
    value: *mut LiteValue,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_get_output_value)(network, io_name, value) }
}
/**Describe the type of an input level by level: "optional(seq(tensor(float)))" has an optional at level 0,
a sequence at 1 and a tensor at 2. The elements of a sequence have a shape each, so none is told.

- `network` (in): Required; loaded.
- `index` (in): In the model's order, from 0.
- `level` (in): From 0.
- `type` (in,out): Required; struct_size set by LITE_VALUE_TYPE_INIT. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_LOADED or LITE_CLOSED.

Ownership: arrays and strings are the network's, until it loads another model or is destroyed.
Threads:   any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_input_value_type(
    network: LiteNetwork,
    index: usize,
    level: usize,
    type_: *mut LiteValueType,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_get_input_value_type)(network, index, level, type_) }
}
/**Describe the type of an output level by level; see LITE_get_input_value_type.

- `network` (in): Required; loaded.
- `index` (in): In the model's order, from 0.
- `level` (in): From 0.
- `type` (in,out): Required; struct_size set by LITE_VALUE_TYPE_INIT. Written only on success.

Returns LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_LOADED or LITE_CLOSED.

Ownership: arrays and strings are the network's, until it loads another model or is destroyed.
Threads:   any thread.
Since:     1.0*/
#[inline]
pub unsafe fn LITE_get_output_value_type(
    network: LiteNetwork,
    index: usize,
    level: usize,
    type_: *mut LiteValueType,
) -> ::std::os::raw::c_int {
    unsafe { (table().LITE_get_output_value_type)(network, index, level, type_) }
}
