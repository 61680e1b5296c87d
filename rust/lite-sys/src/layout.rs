// Written by `cargo run -p lite-bindgen` from include/lite.h.

use crate::*;
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of LiteLayout"][::std::mem::size_of::<LiteLayout>() - 72usize];
    ["Alignment of LiteLayout"][::std::mem::align_of::<LiteLayout>() - 8usize];
    [
        "Offset of field: LiteLayout::shapes",
    ][::std::mem::offset_of!(LiteLayout, shapes) - 0usize];
    [
        "Offset of field: LiteLayout::ndim",
    ][::std::mem::offset_of!(LiteLayout, ndim) - 56usize];
    [
        "Offset of field: LiteLayout::data_type",
    ][::std::mem::offset_of!(LiteLayout, data_type) - 64usize];
};
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of LiteTensorDesc"][::std::mem::size_of::<LiteTensorDesc>() - 88usize];
    ["Alignment of LiteTensorDesc"][::std::mem::align_of::<LiteTensorDesc>() - 8usize];
    [
        "Offset of field: LiteTensorDesc::is_pinned_host",
    ][::std::mem::offset_of!(LiteTensorDesc, is_pinned_host) - 0usize];
    [
        "Offset of field: LiteTensorDesc::layout",
    ][::std::mem::offset_of!(LiteTensorDesc, layout) - 8usize];
    [
        "Offset of field: LiteTensorDesc::device_type",
    ][::std::mem::offset_of!(LiteTensorDesc, device_type) - 80usize];
    [
        "Offset of field: LiteTensorDesc::device_id",
    ][::std::mem::offset_of!(LiteTensorDesc, device_id) - 84usize];
};
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of LiteOptions"][::std::mem::size_of::<LiteOptions>() - 80usize];
    ["Alignment of LiteOptions"][::std::mem::align_of::<LiteOptions>() - 4usize];
    [
        "Offset of field: LiteOptions::weight_preprocess",
    ][::std::mem::offset_of!(LiteOptions, weight_preprocess) - 0usize];
    [
        "Offset of field: LiteOptions::fuse_preprocess",
    ][::std::mem::offset_of!(LiteOptions, fuse_preprocess) - 4usize];
    [
        "Offset of field: LiteOptions::fake_next_exec",
    ][::std::mem::offset_of!(LiteOptions, fake_next_exec) - 8usize];
    [
        "Offset of field: LiteOptions::var_sanity_check_first_run",
    ][::std::mem::offset_of!(LiteOptions, var_sanity_check_first_run) - 12usize];
    [
        "Offset of field: LiteOptions::const_shape",
    ][::std::mem::offset_of!(LiteOptions, const_shape) - 16usize];
    [
        "Offset of field: LiteOptions::force_dynamic_alloc",
    ][::std::mem::offset_of!(LiteOptions, force_dynamic_alloc) - 20usize];
    [
        "Offset of field: LiteOptions::force_output_dynamic_alloc",
    ][::std::mem::offset_of!(LiteOptions, force_output_dynamic_alloc) - 24usize];
    [
        "Offset of field: LiteOptions::force_output_use_user_specified_memory",
    ][::std::mem::offset_of!(LiteOptions, force_output_use_user_specified_memory)
        - 28usize];
    [
        "Offset of field: LiteOptions::no_profiling_on_shape_change",
    ][::std::mem::offset_of!(LiteOptions, no_profiling_on_shape_change) - 32usize];
    [
        "Offset of field: LiteOptions::jit_level",
    ][::std::mem::offset_of!(LiteOptions, jit_level) - 36usize];
    [
        "Offset of field: LiteOptions::comp_node_seq_record_level",
    ][::std::mem::offset_of!(LiteOptions, comp_node_seq_record_level) - 40usize];
    [
        "Offset of field: LiteOptions::graph_opt_level",
    ][::std::mem::offset_of!(LiteOptions, graph_opt_level) - 44usize];
    [
        "Offset of field: LiteOptions::async_exec_level",
    ][::std::mem::offset_of!(LiteOptions, async_exec_level) - 48usize];
    [
        "Offset of field: LiteOptions::enable_nchw44",
    ][::std::mem::offset_of!(LiteOptions, enable_nchw44) - 52usize];
    [
        "Offset of field: LiteOptions::enable_nchw44_dot",
    ][::std::mem::offset_of!(LiteOptions, enable_nchw44_dot) - 56usize];
    [
        "Offset of field: LiteOptions::enable_nchw88",
    ][::std::mem::offset_of!(LiteOptions, enable_nchw88) - 60usize];
    [
        "Offset of field: LiteOptions::enable_nhwcd4",
    ][::std::mem::offset_of!(LiteOptions, enable_nhwcd4) - 64usize];
    [
        "Offset of field: LiteOptions::enable_nchw4",
    ][::std::mem::offset_of!(LiteOptions, enable_nchw4) - 68usize];
    [
        "Offset of field: LiteOptions::enable_nchw32",
    ][::std::mem::offset_of!(LiteOptions, enable_nchw32) - 72usize];
    [
        "Offset of field: LiteOptions::enable_nchw64",
    ][::std::mem::offset_of!(LiteOptions, enable_nchw64) - 76usize];
};
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of LiteConfig"][::std::mem::size_of::<LiteConfig>() - 120usize];
    ["Alignment of LiteConfig"][::std::mem::align_of::<LiteConfig>() - 8usize];
    [
        "Offset of field: LiteConfig::has_compression",
    ][::std::mem::offset_of!(LiteConfig, has_compression) - 0usize];
    [
        "Offset of field: LiteConfig::device_id",
    ][::std::mem::offset_of!(LiteConfig, device_id) - 4usize];
    [
        "Offset of field: LiteConfig::device_type",
    ][::std::mem::offset_of!(LiteConfig, device_type) - 8usize];
    [
        "Offset of field: LiteConfig::backend",
    ][::std::mem::offset_of!(LiteConfig, backend) - 12usize];
    [
        "Offset of field: LiteConfig::bare_model_cryption_name",
    ][::std::mem::offset_of!(LiteConfig, bare_model_cryption_name) - 16usize];
    [
        "Offset of field: LiteConfig::options",
    ][::std::mem::offset_of!(LiteConfig, options) - 24usize];
    [
        "Offset of field: LiteConfig::auto_optimize_inference",
    ][::std::mem::offset_of!(LiteConfig, auto_optimize_inference) - 104usize];
    [
        "Offset of field: LiteConfig::discrete_input_name",
    ][::std::mem::offset_of!(LiteConfig, discrete_input_name) - 112usize];
};
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of LiteExtraConfig"][::std::mem::size_of::<LiteExtraConfig>() - 4usize];
    ["Alignment of LiteExtraConfig"][::std::mem::align_of::<LiteExtraConfig>() - 4usize];
    [
        "Offset of field: LiteExtraConfig::disable_configure_by_model_info",
    ][::std::mem::offset_of!(LiteExtraConfig, disable_configure_by_model_info) - 0usize];
};
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of LiteIO"][::std::mem::size_of::<LiteIO>() - 88usize];
    ["Alignment of LiteIO"][::std::mem::align_of::<LiteIO>() - 8usize];
    ["Offset of field: LiteIO::name"][::std::mem::offset_of!(LiteIO, name) - 0usize];
    [
        "Offset of field: LiteIO::is_host",
    ][::std::mem::offset_of!(LiteIO, is_host) - 8usize];
    [
        "Offset of field: LiteIO::io_type",
    ][::std::mem::offset_of!(LiteIO, io_type) - 12usize];
    [
        "Offset of field: LiteIO::config_layout",
    ][::std::mem::offset_of!(LiteIO, config_layout) - 16usize];
};
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of LiteNetworkIO"][::std::mem::size_of::<LiteNetworkIO>() - 32usize];
    ["Alignment of LiteNetworkIO"][::std::mem::align_of::<LiteNetworkIO>() - 8usize];
    [
        "Offset of field: LiteNetworkIO::inputs",
    ][::std::mem::offset_of!(LiteNetworkIO, inputs) - 0usize];
    [
        "Offset of field: LiteNetworkIO::outputs",
    ][::std::mem::offset_of!(LiteNetworkIO, outputs) - 8usize];
    [
        "Offset of field: LiteNetworkIO::input_size",
    ][::std::mem::offset_of!(LiteNetworkIO, input_size) - 16usize];
    [
        "Offset of field: LiteNetworkIO::output_size",
    ][::std::mem::offset_of!(LiteNetworkIO, output_size) - 24usize];
};
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of LiteExternalData"][::std::mem::size_of::<LiteExternalData>() - 24usize];
    [
        "Alignment of LiteExternalData",
    ][::std::mem::align_of::<LiteExternalData>() - 8usize];
    [
        "Offset of field: LiteExternalData::location",
    ][::std::mem::offset_of!(LiteExternalData, location) - 0usize];
    [
        "Offset of field: LiteExternalData::data",
    ][::std::mem::offset_of!(LiteExternalData, data) - 8usize];
    [
        "Offset of field: LiteExternalData::size",
    ][::std::mem::offset_of!(LiteExternalData, size) - 16usize];
};
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of LiteLoadOptions"][::std::mem::size_of::<LiteLoadOptions>() - 120usize];
    ["Alignment of LiteLoadOptions"][::std::mem::align_of::<LiteLoadOptions>() - 8usize];
    [
        "Offset of field: LiteLoadOptions::struct_size",
    ][::std::mem::offset_of!(LiteLoadOptions, struct_size) - 0usize];
    [
        "Offset of field: LiteLoadOptions::flags",
    ][::std::mem::offset_of!(LiteLoadOptions, flags) - 4usize];
    [
        "Offset of field: LiteLoadOptions::format",
    ][::std::mem::offset_of!(LiteLoadOptions, format) - 8usize];
    [
        "Offset of field: LiteLoadOptions::base_directory",
    ][::std::mem::offset_of!(LiteLoadOptions, base_directory) - 16usize];
    [
        "Offset of field: LiteLoadOptions::external_data",
    ][::std::mem::offset_of!(LiteLoadOptions, external_data) - 24usize];
    [
        "Offset of field: LiteLoadOptions::external_data_count",
    ][::std::mem::offset_of!(LiteLoadOptions, external_data_count) - 32usize];
    [
        "Offset of field: LiteLoadOptions::external_data_callback",
    ][::std::mem::offset_of!(LiteLoadOptions, external_data_callback) - 40usize];
    [
        "Offset of field: LiteLoadOptions::user_data",
    ][::std::mem::offset_of!(LiteLoadOptions, user_data) - 48usize];
    [
        "Offset of field: LiteLoadOptions::release",
    ][::std::mem::offset_of!(LiteLoadOptions, release) - 56usize];
    [
        "Offset of field: LiteLoadOptions::params_path",
    ][::std::mem::offset_of!(LiteLoadOptions, params_path) - 64usize];
    [
        "Offset of field: LiteLoadOptions::params_data",
    ][::std::mem::offset_of!(LiteLoadOptions, params_data) - 72usize];
    [
        "Offset of field: LiteLoadOptions::params_size",
    ][::std::mem::offset_of!(LiteLoadOptions, params_size) - 80usize];
    [
        "Offset of field: LiteLoadOptions::max_bytes",
    ][::std::mem::offset_of!(LiteLoadOptions, max_bytes) - 88usize];
    [
        "Offset of field: LiteLoadOptions::max_nodes",
    ][::std::mem::offset_of!(LiteLoadOptions, max_nodes) - 96usize];
    [
        "Offset of field: LiteLoadOptions::key_data",
    ][::std::mem::offset_of!(LiteLoadOptions, key_data) - 104usize];
    [
        "Offset of field: LiteLoadOptions::key_size",
    ][::std::mem::offset_of!(LiteLoadOptions, key_size) - 112usize];
};
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    [
        "Size of LiteUnsupportedNode",
    ][::std::mem::size_of::<LiteUnsupportedNode>() - 64usize];
    [
        "Alignment of LiteUnsupportedNode",
    ][::std::mem::align_of::<LiteUnsupportedNode>() - 8usize];
    [
        "Offset of field: LiteUnsupportedNode::struct_size",
    ][::std::mem::offset_of!(LiteUnsupportedNode, struct_size) - 0usize];
    [
        "Offset of field: LiteUnsupportedNode::opset",
    ][::std::mem::offset_of!(LiteUnsupportedNode, opset) - 4usize];
    [
        "Offset of field: LiteUnsupportedNode::name",
    ][::std::mem::offset_of!(LiteUnsupportedNode, name) - 8usize];
    [
        "Offset of field: LiteUnsupportedNode::op_type",
    ][::std::mem::offset_of!(LiteUnsupportedNode, op_type) - 16usize];
    [
        "Offset of field: LiteUnsupportedNode::domain",
    ][::std::mem::offset_of!(LiteUnsupportedNode, domain) - 24usize];
    [
        "Offset of field: LiteUnsupportedNode::types",
    ][::std::mem::offset_of!(LiteUnsupportedNode, types) - 32usize];
    [
        "Offset of field: LiteUnsupportedNode::device",
    ][::std::mem::offset_of!(LiteUnsupportedNode, device) - 40usize];
    [
        "Offset of field: LiteUnsupportedNode::reason",
    ][::std::mem::offset_of!(LiteUnsupportedNode, reason) - 48usize];
    [
        "Offset of field: LiteUnsupportedNode::suggestion",
    ][::std::mem::offset_of!(LiteUnsupportedNode, suggestion) - 56usize];
};
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of LiteIOInfo"][::std::mem::size_of::<LiteIOInfo>() - 56usize];
    ["Alignment of LiteIOInfo"][::std::mem::align_of::<LiteIOInfo>() - 8usize];
    [
        "Offset of field: LiteIOInfo::struct_size",
    ][::std::mem::offset_of!(LiteIOInfo, struct_size) - 0usize];
    [
        "Offset of field: LiteIOInfo::kind",
    ][::std::mem::offset_of!(LiteIOInfo, kind) - 4usize];
    [
        "Offset of field: LiteIOInfo::name",
    ][::std::mem::offset_of!(LiteIOInfo, name) - 8usize];
    [
        "Offset of field: LiteIOInfo::dtype",
    ][::std::mem::offset_of!(LiteIOInfo, dtype) - 16usize];
    [
        "Offset of field: LiteIOInfo::rank",
    ][::std::mem::offset_of!(LiteIOInfo, rank) - 20usize];
    [
        "Offset of field: LiteIOInfo::dims",
    ][::std::mem::offset_of!(LiteIOInfo, dims) - 24usize];
    [
        "Offset of field: LiteIOInfo::dim_names",
    ][::std::mem::offset_of!(LiteIOInfo, dim_names) - 32usize];
    [
        "Offset of field: LiteIOInfo::type_",
    ][::std::mem::offset_of!(LiteIOInfo, type_) - 40usize];
    [
        "Offset of field: LiteIOInfo::has_default",
    ][::std::mem::offset_of!(LiteIOInfo, has_default) - 48usize];
};
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of LiteInputShape"][::std::mem::size_of::<LiteInputShape>() - 24usize];
    ["Alignment of LiteInputShape"][::std::mem::align_of::<LiteInputShape>() - 8usize];
    [
        "Offset of field: LiteInputShape::name",
    ][::std::mem::offset_of!(LiteInputShape, name) - 0usize];
    [
        "Offset of field: LiteInputShape::dims",
    ][::std::mem::offset_of!(LiteInputShape, dims) - 8usize];
    [
        "Offset of field: LiteInputShape::rank",
    ][::std::mem::offset_of!(LiteInputShape, rank) - 16usize];
};
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    [
        "Size of LiteConvertOptions",
    ][::std::mem::size_of::<LiteConvertOptions>() - 64usize];
    [
        "Alignment of LiteConvertOptions",
    ][::std::mem::align_of::<LiteConvertOptions>() - 8usize];
    [
        "Offset of field: LiteConvertOptions::struct_size",
    ][::std::mem::offset_of!(LiteConvertOptions, struct_size) - 0usize];
    [
        "Offset of field: LiteConvertOptions::flags",
    ][::std::mem::offset_of!(LiteConvertOptions, flags) - 4usize];
    [
        "Offset of field: LiteConvertOptions::opset",
    ][::std::mem::offset_of!(LiteConvertOptions, opset) - 8usize];
    [
        "Offset of field: LiteConvertOptions::external_data",
    ][::std::mem::offset_of!(LiteConvertOptions, external_data) - 16usize];
    [
        "Offset of field: LiteConvertOptions::load",
    ][::std::mem::offset_of!(LiteConvertOptions, load) - 24usize];
    [
        "Offset of field: LiteConvertOptions::shapes",
    ][::std::mem::offset_of!(LiteConvertOptions, shapes) - 32usize];
    [
        "Offset of field: LiteConvertOptions::shape_count",
    ][::std::mem::offset_of!(LiteConvertOptions, shape_count) - 40usize];
    [
        "Offset of field: LiteConvertOptions::progress",
    ][::std::mem::offset_of!(LiteConvertOptions, progress) - 48usize];
    [
        "Offset of field: LiteConvertOptions::user_data",
    ][::std::mem::offset_of!(LiteConvertOptions, user_data) - 56usize];
};
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    [
        "Size of LiteCompileOptions",
    ][::std::mem::size_of::<LiteCompileOptions>() - 32usize];
    [
        "Alignment of LiteCompileOptions",
    ][::std::mem::align_of::<LiteCompileOptions>() - 8usize];
    [
        "Offset of field: LiteCompileOptions::struct_size",
    ][::std::mem::offset_of!(LiteCompileOptions, struct_size) - 0usize];
    [
        "Offset of field: LiteCompileOptions::flags",
    ][::std::mem::offset_of!(LiteCompileOptions, flags) - 4usize];
    [
        "Offset of field: LiteCompileOptions::load",
    ][::std::mem::offset_of!(LiteCompileOptions, load) - 8usize];
    [
        "Offset of field: LiteCompileOptions::shapes",
    ][::std::mem::offset_of!(LiteCompileOptions, shapes) - 16usize];
    [
        "Offset of field: LiteCompileOptions::shape_count",
    ][::std::mem::offset_of!(LiteCompileOptions, shape_count) - 24usize];
};
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of LiteOperator"][::std::mem::size_of::<LiteOperator>() - 120usize];
    ["Alignment of LiteOperator"][::std::mem::align_of::<LiteOperator>() - 8usize];
    [
        "Offset of field: LiteOperator::struct_size",
    ][::std::mem::offset_of!(LiteOperator, struct_size) - 0usize];
    [
        "Offset of field: LiteOperator::flags",
    ][::std::mem::offset_of!(LiteOperator, flags) - 4usize];
    [
        "Offset of field: LiteOperator::domain",
    ][::std::mem::offset_of!(LiteOperator, domain) - 8usize];
    [
        "Offset of field: LiteOperator::name",
    ][::std::mem::offset_of!(LiteOperator, name) - 16usize];
    [
        "Offset of field: LiteOperator::since_version",
    ][::std::mem::offset_of!(LiteOperator, since_version) - 24usize];
    [
        "Offset of field: LiteOperator::min_inputs",
    ][::std::mem::offset_of!(LiteOperator, min_inputs) - 28usize];
    [
        "Offset of field: LiteOperator::max_inputs",
    ][::std::mem::offset_of!(LiteOperator, max_inputs) - 32usize];
    [
        "Offset of field: LiteOperator::min_outputs",
    ][::std::mem::offset_of!(LiteOperator, min_outputs) - 36usize];
    [
        "Offset of field: LiteOperator::max_outputs",
    ][::std::mem::offset_of!(LiteOperator, max_outputs) - 40usize];
    [
        "Offset of field: LiteOperator::input_type_count",
    ][::std::mem::offset_of!(LiteOperator, input_type_count) - 44usize];
    [
        "Offset of field: LiteOperator::output_type_count",
    ][::std::mem::offset_of!(LiteOperator, output_type_count) - 48usize];
    [
        "Offset of field: LiteOperator::input_types",
    ][::std::mem::offset_of!(LiteOperator, input_types) - 56usize];
    [
        "Offset of field: LiteOperator::output_types",
    ][::std::mem::offset_of!(LiteOperator, output_types) - 64usize];
    [
        "Offset of field: LiteOperator::infer",
    ][::std::mem::offset_of!(LiteOperator, infer) - 72usize];
    [
        "Offset of field: LiteOperator::create",
    ][::std::mem::offset_of!(LiteOperator, create) - 80usize];
    [
        "Offset of field: LiteOperator::destroy",
    ][::std::mem::offset_of!(LiteOperator, destroy) - 88usize];
    [
        "Offset of field: LiteOperator::run",
    ][::std::mem::offset_of!(LiteOperator, run) - 96usize];
    [
        "Offset of field: LiteOperator::user_data",
    ][::std::mem::offset_of!(LiteOperator, user_data) - 104usize];
    [
        "Offset of field: LiteOperator::release",
    ][::std::mem::offset_of!(LiteOperator, release) - 112usize];
};
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    [
        "Size of LiteOperatorTensor",
    ][::std::mem::size_of::<LiteOperatorTensor>() - 40usize];
    [
        "Alignment of LiteOperatorTensor",
    ][::std::mem::align_of::<LiteOperatorTensor>() - 8usize];
    [
        "Offset of field: LiteOperatorTensor::struct_size",
    ][::std::mem::offset_of!(LiteOperatorTensor, struct_size) - 0usize];
    [
        "Offset of field: LiteOperatorTensor::present",
    ][::std::mem::offset_of!(LiteOperatorTensor, present) - 4usize];
    [
        "Offset of field: LiteOperatorTensor::dtype",
    ][::std::mem::offset_of!(LiteOperatorTensor, dtype) - 8usize];
    [
        "Offset of field: LiteOperatorTensor::rank",
    ][::std::mem::offset_of!(LiteOperatorTensor, rank) - 12usize];
    [
        "Offset of field: LiteOperatorTensor::dims",
    ][::std::mem::offset_of!(LiteOperatorTensor, dims) - 16usize];
    [
        "Offset of field: LiteOperatorTensor::data",
    ][::std::mem::offset_of!(LiteOperatorTensor, data) - 24usize];
    [
        "Offset of field: LiteOperatorTensor::size",
    ][::std::mem::offset_of!(LiteOperatorTensor, size) - 32usize];
};
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of LiteOptionInfo"][::std::mem::size_of::<LiteOptionInfo>() - 40usize];
    ["Alignment of LiteOptionInfo"][::std::mem::align_of::<LiteOptionInfo>() - 8usize];
    [
        "Offset of field: LiteOptionInfo::struct_size",
    ][::std::mem::offset_of!(LiteOptionInfo, struct_size) - 0usize];
    [
        "Offset of field: LiteOptionInfo::scope",
    ][::std::mem::offset_of!(LiteOptionInfo, scope) - 4usize];
    [
        "Offset of field: LiteOptionInfo::key",
    ][::std::mem::offset_of!(LiteOptionInfo, key) - 8usize];
    [
        "Offset of field: LiteOptionInfo::type_",
    ][::std::mem::offset_of!(LiteOptionInfo, type_) - 16usize];
    [
        "Offset of field: LiteOptionInfo::default_value",
    ][::std::mem::offset_of!(LiteOptionInfo, default_value) - 24usize];
    [
        "Offset of field: LiteOptionInfo::description",
    ][::std::mem::offset_of!(LiteOptionInfo, description) - 32usize];
};
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of LitePackOptions"][::std::mem::size_of::<LitePackOptions>() - 104usize];
    ["Alignment of LitePackOptions"][::std::mem::align_of::<LitePackOptions>() - 8usize];
    [
        "Offset of field: LitePackOptions::struct_size",
    ][::std::mem::offset_of!(LitePackOptions, struct_size) - 0usize];
    [
        "Offset of field: LitePackOptions::flags",
    ][::std::mem::offset_of!(LitePackOptions, flags) - 4usize];
    [
        "Offset of field: LitePackOptions::name",
    ][::std::mem::offset_of!(LitePackOptions, name) - 8usize];
    [
        "Offset of field: LitePackOptions::model_method",
    ][::std::mem::offset_of!(LitePackOptions, model_method) - 16usize];
    [
        "Offset of field: LitePackOptions::info_method",
    ][::std::mem::offset_of!(LitePackOptions, info_method) - 24usize];
    [
        "Offset of field: LitePackOptions::key_data",
    ][::std::mem::offset_of!(LitePackOptions, key_data) - 32usize];
    [
        "Offset of field: LitePackOptions::key_size",
    ][::std::mem::offset_of!(LitePackOptions, key_size) - 40usize];
    [
        "Offset of field: LitePackOptions::info",
    ][::std::mem::offset_of!(LitePackOptions, info) - 48usize];
    [
        "Offset of field: LitePackOptions::info_size",
    ][::std::mem::offset_of!(LitePackOptions, info_size) - 56usize];
    [
        "Offset of field: LitePackOptions::info_parser",
    ][::std::mem::offset_of!(LitePackOptions, info_parser) - 64usize];
    [
        "Offset of field: LitePackOptions::cache",
    ][::std::mem::offset_of!(LitePackOptions, cache) - 72usize];
    [
        "Offset of field: LitePackOptions::cache_size",
    ][::std::mem::offset_of!(LitePackOptions, cache_size) - 80usize];
    [
        "Offset of field: LitePackOptions::binary_cache",
    ][::std::mem::offset_of!(LitePackOptions, binary_cache) - 88usize];
    [
        "Offset of field: LitePackOptions::binary_cache_size",
    ][::std::mem::offset_of!(LitePackOptions, binary_cache_size) - 96usize];
};
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of LiteStatistics"][::std::mem::size_of::<LiteStatistics>() - 120usize];
    ["Alignment of LiteStatistics"][::std::mem::align_of::<LiteStatistics>() - 8usize];
    [
        "Offset of field: LiteStatistics::struct_size",
    ][::std::mem::offset_of!(LiteStatistics, struct_size) - 0usize];
    [
        "Offset of field: LiteStatistics::threads",
    ][::std::mem::offset_of!(LiteStatistics, threads) - 4usize];
    [
        "Offset of field: LiteStatistics::weight_bytes",
    ][::std::mem::offset_of!(LiteStatistics, weight_bytes) - 8usize];
    [
        "Offset of field: LiteStatistics::packed_weight_bytes",
    ][::std::mem::offset_of!(LiteStatistics, packed_weight_bytes) - 16usize];
    [
        "Offset of field: LiteStatistics::arena_bytes",
    ][::std::mem::offset_of!(LiteStatistics, arena_bytes) - 24usize];
    [
        "Offset of field: LiteStatistics::io_bytes",
    ][::std::mem::offset_of!(LiteStatistics, io_bytes) - 32usize];
    [
        "Offset of field: LiteStatistics::cache_bytes",
    ][::std::mem::offset_of!(LiteStatistics, cache_bytes) - 40usize];
    [
        "Offset of field: LiteStatistics::cache_limit_bytes",
    ][::std::mem::offset_of!(LiteStatistics, cache_limit_bytes) - 48usize];
    [
        "Offset of field: LiteStatistics::programs",
    ][::std::mem::offset_of!(LiteStatistics, programs) - 56usize];
    [
        "Offset of field: LiteStatistics::program_hits",
    ][::std::mem::offset_of!(LiteStatistics, program_hits) - 64usize];
    [
        "Offset of field: LiteStatistics::program_misses",
    ][::std::mem::offset_of!(LiteStatistics, program_misses) - 72usize];
    [
        "Offset of field: LiteStatistics::program_evictions",
    ][::std::mem::offset_of!(LiteStatistics, program_evictions) - 80usize];
    [
        "Offset of field: LiteStatistics::runs",
    ][::std::mem::offset_of!(LiteStatistics, runs) - 88usize];
    [
        "Offset of field: LiteStatistics::failed_runs",
    ][::std::mem::offset_of!(LiteStatistics, failed_runs) - 96usize];
    [
        "Offset of field: LiteStatistics::run_nanoseconds",
    ][::std::mem::offset_of!(LiteStatistics, run_nanoseconds) - 104usize];
    [
        "Offset of field: LiteStatistics::last_run_nanoseconds",
    ][::std::mem::offset_of!(LiteStatistics, last_run_nanoseconds) - 112usize];
};
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of LiteValueType"][::std::mem::size_of::<LiteValueType>() - 40usize];
    ["Alignment of LiteValueType"][::std::mem::align_of::<LiteValueType>() - 8usize];
    [
        "Offset of field: LiteValueType::struct_size",
    ][::std::mem::offset_of!(LiteValueType, struct_size) - 0usize];
    [
        "Offset of field: LiteValueType::kind",
    ][::std::mem::offset_of!(LiteValueType, kind) - 4usize];
    [
        "Offset of field: LiteValueType::dtype",
    ][::std::mem::offset_of!(LiteValueType, dtype) - 8usize];
    [
        "Offset of field: LiteValueType::rank",
    ][::std::mem::offset_of!(LiteValueType, rank) - 12usize];
    [
        "Offset of field: LiteValueType::dims",
    ][::std::mem::offset_of!(LiteValueType, dims) - 16usize];
    [
        "Offset of field: LiteValueType::dim_names",
    ][::std::mem::offset_of!(LiteValueType, dim_names) - 24usize];
    [
        "Offset of field: LiteValueType::has_element",
    ][::std::mem::offset_of!(LiteValueType, has_element) - 32usize];
};
