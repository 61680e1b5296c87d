// Written by `cargo run -p lite-bindgen` from include/lite.h.

use crate::*;
unsafe extern "C" {
    pub fn LITE_make_tensor(
        tensor_describe: LiteTensorDesc,
        tensor: *mut LiteTensor,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_destroy_tensor(tensor: LiteTensor) -> ::std::os::raw::c_int;
    pub fn LITE_set_tensor_layout(
        tensor: LiteTensor,
        layout: LiteLayout,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_reset_tensor_memory(
        tensor: LiteTensor,
        prepared_data: *mut ::std::os::raw::c_void,
        data_length_in_byte: usize,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_reset_tensor(
        tensor: LiteTensor,
        layout: LiteLayout,
        prepared_data: *mut ::std::os::raw::c_void,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_tensor_reshape(
        tensor: LiteTensor,
        shape: *const ::std::os::raw::c_int,
        size: ::std::os::raw::c_int,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_tensor_slice(
        tensor: LiteTensor,
        start: *const usize,
        end: *const usize,
        step: *const usize,
        size: usize,
        slice_tensor: *mut LiteTensor,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_tensor_fill_zero(tensor: LiteTensor) -> ::std::os::raw::c_int;
    pub fn LITE_tensor_copy(
        dst_tensor: LiteTensor,
        src_tensor: LiteTensor,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_tensor_share_memory_with(
        dst_tensor: LiteTensor,
        src_tensor: LiteTensor,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_get_tensor_memory(
        tensor: LiteTensor,
        data: *mut *mut ::std::os::raw::c_void,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_get_tensor_memory_with_index(
        tensor: LiteTensor,
        index: *const usize,
        size: usize,
        data: *mut *mut ::std::os::raw::c_void,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_get_tensor_total_size_in_byte(
        tensor: LiteTensor,
        size: *mut usize,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_get_tensor_layout(
        tensor: LiteTensor,
        layout: *mut LiteLayout,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_get_tensor_device_type(
        tensor: LiteTensor,
        device_type: *mut LiteDeviceType,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_get_tensor_device_id(
        tensor: LiteTensor,
        device_id: *mut ::std::os::raw::c_int,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_is_pinned_host(
        tensor: LiteTensor,
        is_pinned_host: *mut ::std::os::raw::c_int,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_is_memory_continue(
        tensor: LiteTensor,
        is_continue: *mut ::std::os::raw::c_int,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_tensor_concat(
        tensors: *mut LiteTensor,
        nr_tensor: ::std::os::raw::c_int,
        dim: ::std::os::raw::c_int,
        dst_device: LiteDeviceType,
        device_id: ::std::os::raw::c_int,
        result_tensor: *mut LiteTensor,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_load_model_file(
        network: LiteNetwork,
        path: *const ::std::os::raw::c_char,
        options: *const LiteLoadOptions,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_load_model_memory(
        network: LiteNetwork,
        data: *const ::std::os::raw::c_void,
        size: usize,
        options: *const LiteLoadOptions,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_check_model(
        network: LiteNetwork,
        path: *const ::std::os::raw::c_char,
        options: *const LiteLoadOptions,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_check_model_memory(
        network: LiteNetwork,
        data: *const ::std::os::raw::c_void,
        size: usize,
        options: *const LiteLoadOptions,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_get_operators(
        json: *mut *mut ::std::os::raw::c_char,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_get_unsupported_count(
        network: LiteNetwork,
        count: *mut usize,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_get_unsupported_node(
        network: LiteNetwork,
        index: usize,
        node: *mut LiteUnsupportedNode,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_get_input_count(
        network: LiteNetwork,
        count: *mut usize,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_get_output_count(
        network: LiteNetwork,
        count: *mut usize,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_get_input_info(
        network: LiteNetwork,
        index: usize,
        info: *mut LiteIOInfo,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_get_output_info(
        network: LiteNetwork,
        index: usize,
        info: *mut LiteIOInfo,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_get_discrete_tensor_count(
        network: LiteNetwork,
        io_name: *const ::std::os::raw::c_char,
        count: *mut usize,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_get_metadata_count(
        network: LiteNetwork,
        count: *mut usize,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_get_metadata_item(
        network: LiteNetwork,
        index: usize,
        key: *mut *const ::std::os::raw::c_char,
        value: *mut *const ::std::os::raw::c_char,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_get_metadata(
        network: LiteNetwork,
        key: *const ::std::os::raw::c_char,
        value: *mut *const ::std::os::raw::c_char,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_dump_graph(
        network: LiteNetwork,
        stage: *const ::std::os::raw::c_char,
        format: *const ::std::os::raw::c_char,
        text: *mut *mut ::std::os::raw::c_char,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_convert_model(
        path: *const ::std::os::raw::c_char,
        onnx_path: *const ::std::os::raw::c_char,
        options: *const LiteConvertOptions,
        report: *mut *mut ::std::os::raw::c_char,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_convert_model_memory(
        model: *const ::std::os::raw::c_void,
        size: usize,
        options: *const LiteConvertOptions,
        onnx: *mut *mut ::std::os::raw::c_char,
        onnx_size: *mut usize,
        report: *mut *mut ::std::os::raw::c_char,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_compile_model(
        path: *const ::std::os::raw::c_char,
        lite_path: *const ::std::os::raw::c_char,
        options: *const LiteCompileOptions,
        report: *mut *mut ::std::os::raw::c_char,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_make_default_network(network: *mut LiteNetwork) -> ::std::os::raw::c_int;
    pub fn LITE_make_network(
        network: *mut LiteNetwork,
        config: LiteConfig,
        network_io: LiteNetworkIO,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_make_network_config(
        network: *mut LiteNetwork,
        config: LiteConfig,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_load_model_from_mem(
        network: LiteNetwork,
        model_mem: *mut ::std::os::raw::c_void,
        size: usize,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_load_model_from_path(
        network: LiteNetwork,
        model_path: *const ::std::os::raw::c_char,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_shared_weight_with_network(
        dst_network: LiteNetwork,
        src_network: LiteNetwork,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_destroy_network(network: LiteNetwork) -> ::std::os::raw::c_int;
    pub fn LITE_forward(network: LiteNetwork) -> ::std::os::raw::c_int;
    pub fn LITE_wait(network: LiteNetwork) -> ::std::os::raw::c_int;
    pub fn LITE_get_io_tensor(
        network: LiteNetwork,
        io_name: *const ::std::os::raw::c_char,
        phase: LiteTensorPhase,
        tensor: *mut LiteTensor,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_get_discrete_tensor(
        network: LiteNetwork,
        io_name: *const ::std::os::raw::c_char,
        n_idx: usize,
        phase: LiteTensorPhase,
        tensor: *mut LiteTensor,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_get_input_name(
        network: LiteNetwork,
        index: usize,
        name: *mut *const ::std::os::raw::c_char,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_get_output_name(
        network: LiteNetwork,
        index: usize,
        name: *mut *const ::std::os::raw::c_char,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_get_all_input_name(
        network: LiteNetwork,
        size: *mut usize,
        name: *mut *const ::std::os::raw::c_char,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_get_all_output_name(
        network: LiteNetwork,
        size: *mut usize,
        name: *mut *const ::std::os::raw::c_char,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_get_model_io_info_by_path(
        model_path: *const ::std::os::raw::c_char,
        config: LiteConfig,
        ios: *mut LiteNetworkIO,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_get_model_io_info_by_memory(
        model_mem: *const ::std::os::raw::c_void,
        size: usize,
        config: LiteConfig,
        ios: *mut LiteNetworkIO,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_get_model_extra_info(
        network: LiteNetwork,
        info: *mut *const ::std::os::raw::c_char,
        info_size: *mut ::std::os::raw::c_int,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_is_cpu_inplace_mode(
        network: LiteNetwork,
        is_cpu_inplace_mode: *mut ::std::os::raw::c_int,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_get_cpu_threads_number(
        network: LiteNetwork,
        nr_threads: *mut usize,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_get_device_id(
        network: LiteNetwork,
        device_id: *mut ::std::os::raw::c_int,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_get_stream_id(
        network: LiteNetwork,
        stream_id: *mut ::std::os::raw::c_int,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_get_device_type(
        network: LiteNetwork,
        device_type: *mut LiteDeviceType,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_set_cpu_inplace_mode(network: LiteNetwork) -> ::std::os::raw::c_int;
    pub fn LITE_set_cpu_threads_number(
        network: LiteNetwork,
        nr_threads: usize,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_set_device_id(
        network: LiteNetwork,
        device_id: ::std::os::raw::c_int,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_set_stream_id(
        network: LiteNetwork,
        stream_id: ::std::os::raw::c_int,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_use_tensorrt(network: LiteNetwork) -> ::std::os::raw::c_int;
    pub fn LITE_set_network_algo_policy(
        network: LiteNetwork,
        strategy: LiteAlgoSelectStrategy,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_set_network_algo_fastrun_config(
        network: LiteNetwork,
        shared_batch_size: ::std::os::raw::c_uint,
        binary_equal_between_batch: ::std::os::raw::c_int,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_set_network_algo_workspace_limit(
        network: LiteNetwork,
        workspace_limit: usize,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_set_async_callback(
        network: LiteNetwork,
        async_callback: LiteAsyncCallback,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_set_async_callback_with_userdata(
        network: LiteNetwork,
        async_callback: LiteAsyncCallbackWithData,
        user_data: *mut ::std::os::raw::c_void,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_set_start_callback(
        network: LiteNetwork,
        start_callback: LiteStartCallback,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_set_start_callback_with_userdata(
        network: LiteNetwork,
        start_callback: LiteStartCallbackWithData,
        user_data: *mut ::std::os::raw::c_void,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_set_finish_callback(
        network: LiteNetwork,
        finish_callback: LiteFinishCallback,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_set_finish_callback_with_userdata(
        network: LiteNetwork,
        finish_callback: LiteFinishCallbackWithData,
        user_data: *mut ::std::os::raw::c_void,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_set_runtime_thread_affinity(
        network: LiteNetwork,
        thread_affinity_callback: LiteThreadAffinityCallback,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_set_memory_allocator(
        network: LiteNetwork,
        allocate_fun: LiteAllocate,
        free_fun: LiteFree,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_share_runtime_memroy(
        src_network: LiteNetwork,
        dst_network: LiteNetwork,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_enable_profile_performance(
        network: LiteNetwork,
        profile_json_file_path: *const ::std::os::raw::c_char,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_enable_io_txt_dump(
        network: LiteNetwork,
        io_txt_out_file: *const ::std::os::raw::c_char,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_enable_io_bin_dump(
        network: LiteNetwork,
        io_bin_out_dir: *const ::std::os::raw::c_char,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_get_static_memory_alloc_info(
        network: LiteNetwork,
        log_dir: *const ::std::os::raw::c_char,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_enable_global_layout_transform(
        network: LiteNetwork,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_dump_layout_transform_model(
        network: LiteNetwork,
        dump_file_path: *const ::std::os::raw::c_char,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_extra_configure(
        network: LiteNetwork,
        extra_config: LiteExtraConfig,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_get_version(
        major: *mut ::std::os::raw::c_int,
        minor: *mut ::std::os::raw::c_int,
        patch: *mut ::std::os::raw::c_int,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_get_last_error_code() -> LiteErrorCode;
    pub fn LITE_clear_last_error();
    pub fn LITE_get_last_error() -> *const ::std::os::raw::c_char;
    pub fn LITE_get_device_count(
        device_type: LiteDeviceType,
        count: *mut usize,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_try_coalesce_all_free_memory() -> ::std::os::raw::c_int;
    pub fn LITE_register_decryption_and_key(
        decrypt_name: *const ::std::os::raw::c_char,
        func: LiteDecryptionFunc,
        key_data: *const u8,
        key_size: usize,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_update_decryption_or_key(
        decrypt_name: *const ::std::os::raw::c_char,
        func: LiteDecryptionFunc,
        key_data: *const u8,
        key_size: usize,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_register_parse_info_func(
        info_type: *const ::std::os::raw::c_char,
        parse_func: LiteParseInfoFunc,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_set_loader_lib_path(
        loader_path: *const ::std::os::raw::c_char,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_set_persistent_cache(
        cache_path: *const ::std::os::raw::c_char,
        always_sync: ::std::os::raw::c_int,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_set_tensor_rt_cache(
        cache_path: *const ::std::os::raw::c_char,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_dump_persistent_cache(
        cache_path: *const ::std::os::raw::c_char,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_dump_tensor_rt_cache() -> ::std::os::raw::c_int;
    pub fn LITE_set_log_level(level: LiteLogLevel) -> ::std::os::raw::c_int;
    pub fn LITE_get_log_level(level: *mut LiteLogLevel) -> ::std::os::raw::c_int;
    pub fn LITE_register_memory_pair(
        vir_ptr: *mut ::std::os::raw::c_void,
        phy_ptr: *mut ::std::os::raw::c_void,
        length: usize,
        device: LiteDeviceType,
        backend: LiteBackend,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_clear_memory_pair(
        vir_ptr: *mut ::std::os::raw::c_void,
        phy_ptr: *mut ::std::os::raw::c_void,
        device: LiteDeviceType,
        backend: LiteBackend,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_lookup_physic_ptr(
        vir_ptr: *mut ::std::os::raw::c_void,
        phy_ptr: *mut *mut ::std::os::raw::c_void,
        device: LiteDeviceType,
        backend: LiteBackend,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_get_dtype_name(dtype: LiteDataType) -> *const ::std::os::raw::c_char;
    pub fn LITE_get_dtype_bits(
        dtype: LiteDataType,
        bits: *mut usize,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_make_tensor_with_dims(
        dtype: LiteDataType,
        rank: ::std::os::raw::c_int,
        dims: *const i64,
        tensor: *mut LiteTensor,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_make_tensor_from_memory(
        dtype: LiteDataType,
        rank: ::std::os::raw::c_int,
        dims: *const i64,
        strides: *const i64,
        data: *mut ::std::os::raw::c_void,
        size: usize,
        release: LiteRelease,
        user_data: *mut ::std::os::raw::c_void,
        tensor: *mut LiteTensor,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_set_tensor_dims(
        tensor: LiteTensor,
        dtype: LiteDataType,
        rank: ::std::os::raw::c_int,
        dims: *const i64,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_reset_tensor_with_dims(
        tensor: LiteTensor,
        dtype: LiteDataType,
        rank: ::std::os::raw::c_int,
        dims: *const i64,
        data: *mut ::std::os::raw::c_void,
        size: usize,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_tensor_reshape_dims(
        tensor: LiteTensor,
        rank: ::std::os::raw::c_int,
        dims: *const i64,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_get_tensor_dtype(
        tensor: LiteTensor,
        dtype: *mut LiteDataType,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_get_tensor_rank(
        tensor: LiteTensor,
        rank: *mut ::std::os::raw::c_int,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_get_tensor_dims(
        tensor: LiteTensor,
        capacity: ::std::os::raw::c_int,
        dims: *mut i64,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_get_tensor_strides(
        tensor: LiteTensor,
        capacity: ::std::os::raw::c_int,
        strides: *mut i64,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_get_tensor_string(
        tensor: LiteTensor,
        index: usize,
        data: *mut *const ::std::os::raw::c_char,
        size: *mut usize,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_set_tensor_string(
        tensor: LiteTensor,
        index: usize,
        data: *const ::std::os::raw::c_char,
        size: usize,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_tensor_to_dlpack(
        tensor: LiteTensor,
        managed: *mut *mut DLManagedTensor,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_tensor_to_dlpack_versioned(
        tensor: LiteTensor,
        managed: *mut *mut DLManagedTensorVersioned,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_tensor_from_dlpack(
        managed: *mut DLManagedTensor,
        tensor: *mut LiteTensor,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_tensor_from_dlpack_versioned(
        managed: *mut DLManagedTensorVersioned,
        tensor: *mut LiteTensor,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_register_operator(op: *const LiteOperator) -> ::std::os::raw::c_int;
    pub fn LITE_unregister_operator(
        domain: *const ::std::os::raw::c_char,
        name: *const ::std::os::raw::c_char,
        since_version: ::std::os::raw::c_int,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_load_operator_library(
        path: *const ::std::os::raw::c_char,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_operator_get_node_name(
        context: LiteOperatorContext,
        name: *mut *const ::std::os::raw::c_char,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_operator_get_input_count(
        context: LiteOperatorContext,
        count: *mut usize,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_operator_get_output_count(
        context: LiteOperatorContext,
        count: *mut usize,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_operator_get_input(
        context: LiteOperatorContext,
        index: usize,
        tensor: *mut LiteOperatorTensor,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_operator_get_input_string(
        context: LiteOperatorContext,
        index: usize,
        element: usize,
        text: *mut *const ::std::os::raw::c_char,
        size: *mut usize,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_operator_set_error(
        context: LiteOperatorContext,
        message: *const ::std::os::raw::c_char,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_operator_get_attribute_count(
        context: LiteOperatorContext,
        count: *mut usize,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_operator_get_attribute_name(
        context: LiteOperatorContext,
        index: usize,
        name: *mut *const ::std::os::raw::c_char,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_operator_get_attribute_type(
        context: LiteOperatorContext,
        name: *const ::std::os::raw::c_char,
        type_: *mut LiteAttributeType,
        length: *mut usize,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_operator_get_attribute_int(
        context: LiteOperatorContext,
        name: *const ::std::os::raw::c_char,
        value: *mut i64,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_operator_get_attribute_float(
        context: LiteOperatorContext,
        name: *const ::std::os::raw::c_char,
        value: *mut f32,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_operator_get_attribute_string(
        context: LiteOperatorContext,
        name: *const ::std::os::raw::c_char,
        element: usize,
        text: *mut *const ::std::os::raw::c_char,
        size: *mut usize,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_operator_get_attribute_ints(
        context: LiteOperatorContext,
        name: *const ::std::os::raw::c_char,
        values: *mut *const i64,
        length: *mut usize,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_operator_get_attribute_floats(
        context: LiteOperatorContext,
        name: *const ::std::os::raw::c_char,
        values: *mut *const f32,
        length: *mut usize,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_operator_get_attribute_tensor(
        context: LiteOperatorContext,
        name: *const ::std::os::raw::c_char,
        tensor: *mut LiteOperatorTensor,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_operator_set_output(
        context: LiteOperatorContext,
        index: usize,
        dtype: ::std::os::raw::c_int,
        rank: ::std::os::raw::c_int,
        dims: *const i64,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_operator_get_output(
        context: LiteOperatorContext,
        index: usize,
        tensor: *mut LiteOperatorTensor,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_operator_allocate_output(
        context: LiteOperatorContext,
        index: usize,
        dtype: LiteDataType,
        rank: ::std::os::raw::c_int,
        dims: *const i64,
        data: *mut *mut ::std::os::raw::c_void,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_operator_set_output_string(
        context: LiteOperatorContext,
        index: usize,
        element: usize,
        text: *const ::std::os::raw::c_char,
        size: usize,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_operator_parallel_for(
        context: LiteOperatorContext,
        count: i64,
        task: LiteOperatorTask,
        data: *mut ::std::os::raw::c_void,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_operator_get_threads(
        context: LiteOperatorContext,
        threads: *mut usize,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_operator_should_stop(
        context: LiteOperatorContext,
        stop: *mut ::std::os::raw::c_int,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_set_option(
        network: LiteNetwork,
        key: *const ::std::os::raw::c_char,
        value: *const ::std::os::raw::c_char,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_get_option(
        network: LiteNetwork,
        key: *const ::std::os::raw::c_char,
        value: *mut *const ::std::os::raw::c_char,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_get_option_count(count: *mut usize) -> ::std::os::raw::c_int;
    pub fn LITE_get_option_info(
        index: usize,
        info: *mut LiteOptionInfo,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_pack_model(
        model_path: *const ::std::os::raw::c_char,
        packed_path: *const ::std::os::raw::c_char,
        options: *const LitePackOptions,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_pack_model_memory(
        model: *const ::std::os::raw::c_void,
        size: usize,
        options: *const LitePackOptions,
        packed: *mut *mut ::std::os::raw::c_char,
        packed_size: *mut usize,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_unpack_model(
        path: *const ::std::os::raw::c_char,
        part: LitePackPart,
        method: *const ::std::os::raw::c_char,
        key_data: *const u8,
        key_size: usize,
        data: *mut *mut ::std::os::raw::c_char,
        size: *mut usize,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_describe_pack(
        path: *const ::std::os::raw::c_char,
        json: *mut *mut ::std::os::raw::c_char,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_cancel(network: LiteNetwork) -> ::std::os::raw::c_int;
    pub fn LITE_set_run_timeout(
        network: LiteNetwork,
        microseconds: u64,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_wait_for(
        network: LiteNetwork,
        microseconds: u64,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_set_completion_callback(
        network: LiteNetwork,
        callback: LiteCompletionCallback,
        user_data: *mut ::std::os::raw::c_void,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_trim(network: LiteNetwork) -> ::std::os::raw::c_int;
    pub fn LITE_get_statistics(
        network: LiteNetwork,
        statistics: *mut LiteStatistics,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_set_profiling(
        network: LiteNetwork,
        enabled: ::std::os::raw::c_int,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_get_profile(
        network: LiteNetwork,
        format: *const ::std::os::raw::c_char,
        text: *mut *mut ::std::os::raw::c_char,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_free_string(text: *mut ::std::os::raw::c_char);
    pub fn LITE_set_process_threads(threads: usize) -> ::std::os::raw::c_int;
    pub fn LITE_get_process_threads(threads: *mut usize) -> ::std::os::raw::c_int;
    pub fn LITE_get_process_statistics(
        statistics: *mut LiteStatistics,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_get_last_status() -> ::std::os::raw::c_int;
    pub fn LITE_get_status_name(
        code: ::std::os::raw::c_int,
    ) -> *const ::std::os::raw::c_char;
    pub fn LITE_check_version(
        major: ::std::os::raw::c_int,
        minor: ::std::os::raw::c_int,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_get_build_info() -> *const ::std::os::raw::c_char;
    pub fn LITE_set_log_callback(
        callback: LiteLogCallback,
        user_data: *mut ::std::os::raw::c_void,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_set_runtime_thread_affinity_with_userdata(
        network: LiteNetwork,
        callback: LiteThreadAffinityCallbackWithData,
        user_data: *mut ::std::os::raw::c_void,
        release: LiteRelease,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_set_memory_allocator_with_userdata(
        network: LiteNetwork,
        allocate_fun: LiteAllocateWithData,
        free_fun: LiteFreeWithData,
        user_data: *mut ::std::os::raw::c_void,
        release: LiteRelease,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_register_decryption_with_userdata(
        decrypt_name: *const ::std::os::raw::c_char,
        func: LiteDecryptionFuncWithData,
        key_data: *const u8,
        key_size: usize,
        user_data: *mut ::std::os::raw::c_void,
        release: LiteRelease,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_update_decryption_with_userdata(
        decrypt_name: *const ::std::os::raw::c_char,
        func: LiteDecryptionFuncWithData,
        key_data: *const u8,
        key_size: usize,
        user_data: *mut ::std::os::raw::c_void,
        release: LiteRelease,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_register_parse_info_with_userdata(
        info_type: *const ::std::os::raw::c_char,
        parse_func: LiteParseInfoFuncWithData,
        user_data: *mut ::std::os::raw::c_void,
        release: LiteRelease,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_make_tensor_value(
        tensor: LiteTensor,
        flags: u32,
        value: *mut LiteValue,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_make_sequence(
        dtype: LiteDataType,
        value: *mut LiteValue,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_append_value(
        sequence: LiteValue,
        element: LiteValue,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_make_optional(
        element: LiteValue,
        dtype: LiteDataType,
        value: *mut LiteValue,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_make_map(
        keys: LiteTensor,
        values: LiteValue,
        value: *mut LiteValue,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_destroy_value(value: LiteValue) -> ::std::os::raw::c_int;
    pub fn LITE_get_value_kind(
        value: LiteValue,
        kind: *mut LiteValueKind,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_get_value_dtype(
        value: LiteValue,
        dtype: *mut LiteDataType,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_get_value_length(
        value: LiteValue,
        length: *mut usize,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_get_value_element(
        value: LiteValue,
        index: usize,
        element: *mut LiteValue,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_get_value_tensor(
        value: LiteValue,
        tensor: *mut LiteTensor,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_get_map_keys(
        map: LiteValue,
        keys: *mut LiteTensor,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_get_map_values(
        map: LiteValue,
        values: *mut LiteValue,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_set_input_value(
        network: LiteNetwork,
        io_name: *const ::std::os::raw::c_char,
        value: LiteValue,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_get_output_value(
        network: LiteNetwork,
        io_name: *const ::std::os::raw::c_char,
        value: *mut LiteValue,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_get_input_value_type(
        network: LiteNetwork,
        index: usize,
        level: usize,
        type_: *mut LiteValueType,
    ) -> ::std::os::raw::c_int;
    pub fn LITE_get_output_value_type(
        network: LiteNetwork,
        index: usize,
        level: usize,
        type_: *mut LiteValueType,
    ) -> ::std::os::raw::c_int;
}
