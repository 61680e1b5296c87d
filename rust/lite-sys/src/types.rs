// Written by `cargo run -p lite-bindgen` from include/lite.h.

pub const LITE_LAYOUT_MAX_DIM: u32 = 7;
pub const LITE_MAX_RANK: u32 = 64;
pub const LITE_VERSION_MAJOR: u32 = 1;
pub const LITE_VERSION_MINOR: u32 = 0;
pub const LITE_VERSION_PATCH: u32 = 0;
pub const LITE_VERSION_STRING: &::std::ffi::CStr = c"1.0.0";
pub const LITE_MEGENGINE_VERSION_STRING: &::std::ffi::CStr = c"1.13.4";
pub const LITE_OPERATOR_LIBRARY_VERSION: u32 = 1000;
pub const LITE_LOG_DEBUG: LiteLogLevel = 0;
pub const LITE_LOG_INFO: LiteLogLevel = 1;
pub const LITE_LOG_WARN: LiteLogLevel = 2;
pub const LITE_LOG_ERROR: LiteLogLevel = 3;
pub const LITE_LOG_OFF: LiteLogLevel = 4;
///How much is logged: a level lets itself and everything above it through.
pub type LiteLogLevel = ::std::os::raw::c_uint;
pub const LITE_OK: LiteErrorCode = 0;
///a defect in the library; please report it
pub const LITE_INTERNAL_ERROR: LiteErrorCode = 1;
///a callback failed without saying why
pub const LITE_UNKNOWN_ERROR: LiteErrorCode = 2;
///NULL, out of range, wrong kind, a name or option that does not exist
pub const LITE_INVALID_ARGUMENT: LiteErrorCode = -1;
///the bytes are not a model, or the model contradicts itself
pub const LITE_INVALID_MODEL: LiteErrorCode = -2;
///well formed, but this build or device cannot do it
pub const LITE_UNSUPPORTED: LiteErrorCode = -3;
///no such file, input, output, key, device or library
pub const LITE_NOT_FOUND: LiteErrorCode = -4;
pub const LITE_OUT_OF_MEMORY: LiteErrorCode = -5;
///reading or writing failed
pub const LITE_IO_ERROR: LiteErrorCode = -6;
///a driver or accelerator reported a failure
pub const LITE_DEVICE_ERROR: LiteErrorCode = -7;
///LITE_cancel stopped the run
pub const LITE_CANCELLED: LiteErrorCode = -8;
///the time given to the run or the wait is over
pub const LITE_TIMED_OUT: LiteErrorCode = -9;
///the network is running in another thread
pub const LITE_BUSY: LiteErrorCode = -10;
///rank, dimensions, dtype or byte count are not those wanted
pub const LITE_SHAPE_MISMATCH: LiteErrorCode = -11;
///the network has no model yet
pub const LITE_NOT_LOADED: LiteErrorCode = -12;
///the handle was destroyed, or is not a handle of this kind
pub const LITE_CLOSED: LiteErrorCode = -13;
///the needed size is in the message and in the size argument
pub const LITE_BUFFER_TOO_SMALL: LiteErrorCode = -14;
///a budget (bytes, nodes, depth, ...) is used up; the message names it
pub const LITE_LIMIT_EXCEEDED: LiteErrorCode = -15;
pub const LITE_ALREADY_LOADED: LiteErrorCode = -16;
/**What a function returns: LITE_OK or the reason why it failed.

MegEngine Lite returned -1 for every failure; here -1 is the commonest of several negative codes. The two
positive ones mean a defect of the library or of a callback.*/
pub type LiteErrorCode = ::std::os::raw::c_int;
pub const LITE_DEFAULT: LiteBackend = 0;
///What computes. There is one backend.
pub type LiteBackend = ::std::os::raw::c_uint;
pub const LITE_CPU: LiteDeviceType = 0;
pub const LITE_CUDA: LiteDeviceType = 1;
pub const LITE_ATLAS: LiteDeviceType = 3;
pub const LITE_NPU: LiteDeviceType = 4;
pub const LITE_CAMBRICON: LiteDeviceType = 5;
pub const LITE_DEVICE_DEFAULT: LiteDeviceType = 7;
///Where a tensor lies or a network runs. 2 and 6 are not used.
pub type LiteDeviceType = ::std::os::raw::c_uint;
///IEEE binary32
pub const LITE_FLOAT: LiteDataType = 0;
///IEEE binary16
pub const LITE_HALF: LiteDataType = 1;
///32 bits
pub const LITE_INT: LiteDataType = 2;
pub const LITE_INT16: LiteDataType = 3;
pub const LITE_INT8: LiteDataType = 4;
pub const LITE_UINT8: LiteDataType = 5;
///32 bits
pub const LITE_UINT: LiteDataType = 6;
pub const LITE_UINT16: LiteDataType = 7;
pub const LITE_INT64: LiteDataType = 8;
///one byte, 0 or 1
pub const LITE_BOOL: LiteDataType = 16;
pub const LITE_BFLOAT16: LiteDataType = 17;
///IEEE binary64
pub const LITE_DOUBLE: LiteDataType = 18;
pub const LITE_UINT64: LiteDataType = 19;
///read and written with LITE_get_tensor_string and LITE_set_tensor_string
pub const LITE_STRING: LiteDataType = 20;
///two per byte, the first in the low bits
pub const LITE_INT4: LiteDataType = 21;
pub const LITE_UINT4: LiteDataType = 22;
///four per byte, the first in the lowest bits
pub const LITE_INT2: LiteDataType = 23;
pub const LITE_UINT2: LiteDataType = 24;
pub const LITE_FLOAT8E4M3FN: LiteDataType = 25;
pub const LITE_FLOAT8E4M3FNUZ: LiteDataType = 26;
pub const LITE_FLOAT8E5M2: LiteDataType = 27;
pub const LITE_FLOAT8E5M2FNUZ: LiteDataType = 28;
pub const LITE_FLOAT8E8M0: LiteDataType = 29;
///two per byte, the first in the low bits
pub const LITE_FLOAT4E2M1: LiteDataType = 30;
///two binary32
pub const LITE_COMPLEX64: LiteDataType = 31;
pub const LITE_COMPLEX128: LiteDataType = 32;
///Element types. Those above 8 are not known to MegEngine Lite.
pub type LiteDataType = ::std::os::raw::c_uint;
///inputs first, then outputs
pub const LITE_IO: LiteTensorPhase = 0;
pub const LITE_INPUT: LiteTensorPhase = 1;
pub const LITE_OUTPUT: LiteTensorPhase = 2;
///Which side of a network a name is looked up on.
pub type LiteTensorPhase = ::std::os::raw::c_uint;
pub const LITE_IO_VALUE: LiteIOType = 0;
pub const LITE_IO_SHAPE: LiteIOType = 1;
///Whether the caller wants an output's numbers or only its shape.
pub type LiteIOType = ::std::os::raw::c_uint;
///by rank; what happens unless LITE_ALGO_PROFILE is set
pub const LITE_ALGO_HEURISTIC: LiteAlgoSelectStrategy = 1;
///candidates are timed when a shape is compiled (docs/tuning.md)
pub const LITE_ALGO_PROFILE: LiteAlgoSelectStrategy = 2;
///only kernels with the same result on every instruction set; not timed
pub const LITE_ALGO_REPRODUCIBLE: LiteAlgoSelectStrategy = 4;
pub const LITE_ALGO_OPTIMIZED: LiteAlgoSelectStrategy = 8;
///How kernels are chosen; the bits combine.
pub type LiteAlgoSelectStrategy = ::std::os::raw::c_uint;
pub const LITE_NOT_COMPAT: LiteOpenCLCacheCompatLevel = 0;
pub const LITE_SERIES_COMPAT: LiteOpenCLCacheCompatLevel = 1;
pub const LITE_VENDOR_COMPAT: LiteOpenCLCacheCompatLevel = 2;
pub const LITE_CACHE_COMPAT_LEVEL_CNT: LiteOpenCLCacheCompatLevel = 3;
///Kept for source compatibility; nothing here runs on OpenCL.
pub type LiteOpenCLCacheCompatLevel = ::std::os::raw::c_uint;
///Shape and element type. ndim 0 means "not set yet"; a scalar reads as ndim 1 with shapes\[0\] 1.
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct LiteLayout {
    pub shapes: [usize; 7usize],
    pub ndim: usize,
    pub data_type: LiteDataType,
}
///What LITE_make_tensor makes.
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct LiteTensorDesc {
    ///page-locked host memory, for faster copies to and from a device
    pub is_pinned_host: ::std::os::raw::c_int,
    pub layout: LiteLayout,
    ///fixed for the tensor's life
    pub device_type: LiteDeviceType,
    pub device_id: ::std::os::raw::c_int,
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct LiteTensor_s {
    _unused: [u8; 0],
}
pub type LiteTensor = *mut LiteTensor_s;
/**How MegEngine was to run a model. All are accepted; those without effect here say so. String options
(LITE_set_option) say everything else.*/
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct LiteOptions {
    ///no effect: weights are always packed ahead
    pub weight_preprocess: ::std::os::raw::c_int,
    ///no effect: always on
    pub fuse_preprocess: ::std::os::raw::c_int,
    ///the next run only plans and allocates
    pub fake_next_exec: ::std::os::raw::c_int,
    ///no effect: memory plans are checked when made
    pub var_sanity_check_first_run: ::std::os::raw::c_int,
    ///no effect: each shape has its own plan
    pub const_shape: ::std::os::raw::c_int,
    ///no effect
    pub force_dynamic_alloc: ::std::os::raw::c_int,
    ///no effect
    pub force_output_dynamic_alloc: ::std::os::raw::c_int,
    /**write outputs straight into memory given with
LITE_reset_tensor*/
    pub force_output_use_user_specified_memory: ::std::os::raw::c_int,
    ///no effect
    pub no_profiling_on_shape_change: ::std::os::raw::c_int,
    ///no effect
    pub jit_level: ::std::os::raw::c_int,
    ///0 to 2; no effect: runs are always recorded
    pub comp_node_seq_record_level: ::std::os::raw::c_int,
    ///0: no graph passes; otherwise all of them
    pub graph_opt_level: ::std::os::raw::c_int,
    ///no effect
    pub async_exec_level: ::std::os::raw::c_int,
    pub enable_nchw44: ::std::os::raw::c_int,
    pub enable_nchw44_dot: ::std::os::raw::c_int,
    pub enable_nchw88: ::std::os::raw::c_int,
    pub enable_nhwcd4: ::std::os::raw::c_int,
    pub enable_nchw4: ::std::os::raw::c_int,
    pub enable_nchw32: ::std::os::raw::c_int,
    pub enable_nchw64: ::std::os::raw::c_int,
}
///What a network is made with. Strings are copied by the function that takes the struct.
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct LiteConfig {
    ///no effect: compression is recognised
    pub has_compression: ::std::os::raw::c_int,
    ///-1: the default one
    pub device_id: ::std::os::raw::c_int,
    pub device_type: LiteDeviceType,
    pub backend: LiteBackend,
    ///the decryption method of an encrypted bare model; NULL or "": none
    pub bare_model_cryption_name: *const ::std::os::raw::c_char,
    pub options: LiteOptions,
    ///no effect: always on
    pub auto_optimize_inference: ::std::os::raw::c_int,
    ///the input given as one tensor per batch item; NULL or "": none
    pub discrete_input_name: *const ::std::os::raw::c_char,
}
///What LITE_extra_configure takes.
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct LiteExtraConfig {
    ///ignore the configuration packed with a model
    pub disable_configure_by_model_info: ::std::os::raw::c_int,
}
///What the caller wants of one input or output.
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct LiteIO {
    pub name: *const ::std::os::raw::c_char,
    ///1: the caller's side is host memory; 0: device memory, so nothing is copied
    pub is_host: ::std::os::raw::c_int,
    ///LITE_IO_SHAPE on an output: only its shape is computed
    pub io_type: LiteIOType,
    /**input: the layout before a run unless the tensor's is set; output: checked;
ndim 0: none*/
    pub config_layout: LiteLayout,
}
///What the caller wants of a network's inputs and outputs. Those not named keep the defaults.
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct LiteNetworkIO {
    pub inputs: *mut LiteIO,
    pub outputs: *mut LiteIO,
    pub input_size: usize,
    pub output_size: usize,
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct LiteNetwork_s {
    _unused: [u8; 0],
}
pub type LiteNetwork = *mut LiteNetwork_s;
///Give size bytes on the device, aligned to align; NULL when there are none. Called from any thread.
pub type LiteAllocate = ::std::option::Option<
    unsafe extern "C" fn(
        device_type: LiteDeviceType,
        device_id: ::std::os::raw::c_int,
        size: usize,
        align: usize,
    ) -> *mut ::std::os::raw::c_void,
>;
///Take back what LiteAllocate gave. Called from any thread.
pub type LiteFree = ::std::option::Option<
    unsafe extern "C" fn(
        device_type: LiteDeviceType,
        device_id: ::std::os::raw::c_int,
        ptr: *mut ::std::os::raw::c_void,
    ),
>;
/**Called once in each thread that works for a network, before the next run. thread_id counts from 0; the
highest one is the thread that calls LITE_forward or, for asynchronous runs, the one that runs in its
place. The result is ignored.*/
pub type LiteThreadAffinityCallback = ::std::option::Option<
    unsafe extern "C" fn(thread_id: ::std::os::raw::c_int) -> ::std::os::raw::c_int,
>;
///Called in a library thread when an asynchronous run is over. The result is ignored.
pub type LiteAsyncCallback = ::std::option::Option<
    unsafe extern "C" fn() -> ::std::os::raw::c_int,
>;
pub type LiteAsyncCallbackWithData = ::std::option::Option<
    unsafe extern "C" fn(user_data: *mut ::std::os::raw::c_void) -> ::std::os::raw::c_int,
>;
/**Called before a run with the inputs, or after it with the outputs; valid during the call. What is no
tensor, or discrete, has NULL in its place. The result is ignored, as MegEngine Lite does: LITE_cancel in
the start callback keeps the run from happening.*/
pub type LiteStartCallback = ::std::option::Option<
    unsafe extern "C" fn(
        inputs: *const LiteIO,
        input_tensors: *const LiteTensor,
        size: usize,
    ) -> ::std::os::raw::c_int,
>;
pub type LiteStartCallbackWithData = ::std::option::Option<
    unsafe extern "C" fn(
        inputs: *const LiteIO,
        input_tensors: *const LiteTensor,
        size: usize,
        user_data: *mut ::std::os::raw::c_void,
    ) -> ::std::os::raw::c_int,
>;
pub type LiteFinishCallback = ::std::option::Option<
    unsafe extern "C" fn(
        outputs: *const LiteIO,
        output_tensors: *const LiteTensor,
        size: usize,
    ) -> ::std::os::raw::c_int,
>;
pub type LiteFinishCallbackWithData = ::std::option::Option<
    unsafe extern "C" fn(
        outputs: *const LiteIO,
        output_tensors: *const LiteTensor,
        size: usize,
        user_data: *mut ::std::os::raw::c_void,
    ) -> ::std::os::raw::c_int,
>;
///One file of weights that the caller has in memory.
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct LiteExternalData {
    ///as the model spells it
    pub location: *const ::std::os::raw::c_char,
    pub data: *const ::std::os::raw::c_void,
    pub size: usize,
}
/**Find the contents of the external file named location, and set *data and *size to them. They stay valid and
unchanged until release is called. Returns LITE_OK or a code; LITE_NOT_FOUND lets the library look for the
file itself. Asked at most once for each location and load.*/
pub type LiteExternalDataCallback = ::std::option::Option<
    unsafe extern "C" fn(
        user_data: *mut ::std::os::raw::c_void,
        location: *const ::std::os::raw::c_char,
        data: *mut *const ::std::os::raw::c_void,
        size: *mut usize,
    ) -> ::std::os::raw::c_int,
>;
///How to load. All members may be 0.
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct LiteLoadOptions {
    pub struct_size: u32,
    ///of LiteLoadFlag
    pub flags: u32,
    ///"onnx", "mge", "lite" (compiled), "paddle"; NULL: recognised
    pub format: *const ::std::os::raw::c_char,
    ///where files that the model refers to lie; NULL: the model's own directory
    pub base_directory: *const ::std::os::raw::c_char,
    ///looked at before any file is
    pub external_data: *const LiteExternalData,
    pub external_data_count: usize,
    ///asked when external_data has no such location
    pub external_data_callback: LiteExternalDataCallback,
    ///for the callback and release
    pub user_data: *mut ::std::os::raw::c_void,
    pub release: ::std::option::Option<
        unsafe extern "C" fn(user_data: *mut ::std::os::raw::c_void),
    >,
    ///Paddle: the file of parameters, if it is not found by name
    pub params_path: *const ::std::os::raw::c_char,
    ///Paddle: the parameters, for a model in memory; copied or not as the model is
    pub params_data: *const ::std::os::raw::c_void,
    pub params_size: usize,
    /**budget for constants that cannot be used in place; 0: 64 GB, and a multiple of the
model*/
    pub max_bytes: u64,
    ///budget for nodes after inlining; 0: a million
    pub max_nodes: u64,
    /**the key of what is encrypted in the file, instead of the registered one; not
kept*/
    pub key_data: *const u8,
    ///0: the registered one
    pub key_size: usize,
}
pub const LITE_LOAD_NO_COPY: LiteLoadFlag = 1;
pub type LiteLoadFlag = ::std::os::raw::c_uint;
///Why a node cannot run.
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct LiteUnsupportedNode {
    pub struct_size: u32,
    ///of the domain, as the model declares it
    pub opset: ::std::os::raw::c_int,
    ///the node's; may be empty
    pub name: *const ::std::os::raw::c_char,
    pub op_type: *const ::std::os::raw::c_char,
    ///"" for ONNX's own operators
    pub domain: *const ::std::os::raw::c_char,
    ///of its inputs, such as "float32, int64"; "?" for one that is unknown
    pub types: *const ::std::os::raw::c_char,
    ///the device it was tried on, such as "cpu"
    pub device: *const ::std::os::raw::c_char,
    ///one sentence
    pub reason: *const ::std::os::raw::c_char,
    ///the nearest thing that works; may be empty
    pub suggestion: *const ::std::os::raw::c_char,
}
pub const LITE_VALUE_TENSOR: LiteValueKind = 0;
pub const LITE_VALUE_SEQUENCE: LiteValueKind = 1;
pub const LITE_VALUE_OPTIONAL: LiteValueKind = 2;
pub const LITE_VALUE_MAP: LiteValueKind = 3;
///What an input or output carries. Kinds other than tensors are given and read as values: value_c.h.
pub type LiteValueKind = ::std::os::raw::c_uint;
///What the model says about an input or output, before any shape is set.
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct LiteIOInfo {
    pub struct_size: u32,
    pub kind: LiteValueKind,
    pub name: *const ::std::os::raw::c_char,
    ///of the elements; for another kind, of the tensors in it
    pub dtype: LiteDataType,
    ///-1: not known, or no tensor
    pub rank: ::std::os::raw::c_int,
    ///rank of them; -1: not known
    pub dims: *const i64,
    ///rank of them, such as "batch"; NULL for a dimension without a name
    pub dim_names: *const *const ::std::os::raw::c_char,
    ///in ONNX's notation, such as "seq(tensor(float))"
    pub type_: *const ::std::os::raw::c_char,
    ///1: an input that need not be given
    pub has_default: ::std::os::raw::c_int,
}
///The shape of one input.
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct LiteInputShape {
    pub name: *const ::std::os::raw::c_char,
    pub dims: *const i64,
    pub rank: usize,
}
/**Hear how far the writing is: written of total bytes. Any result but 0 stops it with LITE_CANCELLED. Called
in the thread that converts.*/
pub type LiteConvertProgress = ::std::option::Option<
    unsafe extern "C" fn(
        user_data: *mut ::std::os::raw::c_void,
        written: u64,
        total: u64,
    ) -> ::std::os::raw::c_int,
>;
///How to convert. All members but struct_size may be 0.
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct LiteConvertOptions {
    pub struct_size: u32,
    ///of LiteConvertFlag
    pub flags: u32,
    ///of ONNX, 13 or newer; 0: the oldest of those that can say the model
    pub opset: ::std::os::raw::c_int,
    ///LITE_CONVERT_EXTERNAL_DATA: the file's name; NULL: the model's and ".data"
    pub external_data: *const ::std::os::raw::c_char,
    ///how to read the model; NULL: as LITE_LOAD_OPTIONS_INIT says
    pub load: *const LiteLoadOptions,
    ///that inputs have from now on
    pub shapes: *const LiteInputShape,
    pub shape_count: usize,
    ///NULL: nobody hears
    pub progress: LiteConvertProgress,
    ///for progress
    pub user_data: *mut ::std::os::raw::c_void,
}
pub const LITE_CONVERT_EXTERNAL_DATA: LiteConvertFlag = 1;
pub const LITE_CONVERT_FIXED_SHAPES: LiteConvertFlag = 2;
pub const LITE_CONVERT_OWN_DOMAIN: LiteConvertFlag = 4;
pub const LITE_CONVERT_AS_IS: LiteConvertFlag = 8;
pub type LiteConvertFlag = ::std::os::raw::c_uint;
///How to compile. All members but struct_size may be 0.
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct LiteCompileOptions {
    pub struct_size: u32,
    ///of LiteCompileFlag
    pub flags: u32,
    ///how to read the model; NULL: as LITE_LOAD_OPTIONS_INIT says
    pub load: *const LiteLoadOptions,
    ///of inputs; an input that is named again begins the next set of shapes
    pub shapes: *const LiteInputShape,
    pub shape_count: usize,
}
pub const LITE_COMPILE_NO_WINOGRAD: LiteCompileFlag = 1;
pub const LITE_COMPILE_REPRODUCIBLE: LiteCompileFlag = 2;
pub type LiteCompileFlag = ::std::os::raw::c_uint;
/**Decrypt a model. Called twice: first with output_data NULL to learn the size, then to write it.

Returns the size of the plain text, the same both times; 0 means failure. output_data is writable, whatever
its type says.*/
pub type LiteDecryptionFunc = ::std::option::Option<
    unsafe extern "C" fn(
        input_data: *const ::std::os::raw::c_void,
        input_size: usize,
        key_data: *const u8,
        key_size: usize,
        output_data: *const ::std::os::raw::c_void,
    ) -> usize,
>;
/**Read the information packed with a model and change the configuration that the model is then loaded with.
All pointers are valid during the call and hold the current values; what config and network_io are made to
point to must stay valid until the load returns. An input or output that the network was configured with
keeps that. The result is not looked at, as in MegEngine Lite; see LITE_register_parse_info_with_userdata.*/
pub type LiteParseInfoFunc = ::std::option::Option<
    unsafe extern "C" fn(
        info_data: *const ::std::os::raw::c_void,
        info_size: usize,
        model_name: *const ::std::os::raw::c_char,
        config: *mut LiteConfig,
        network_io: *mut LiteNetworkIO,
        device_id: *mut ::std::os::raw::c_int,
        nr_threads: *mut usize,
        is_cpu_inplace_mode: *mut ::std::os::raw::c_int,
        use_tensorrt: *mut ::std::os::raw::c_int,
    ) -> ::std::os::raw::c_int,
>;
///As in dlpack.h, which this header does not need.
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct DLManagedTensor {
    _unused: [u8; 0],
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct DLManagedTensorVersioned {
    _unused: [u8; 0],
}
///Called once, from any thread, when memory that the caller lent is no longer used.
pub type LiteRelease = ::std::option::Option<
    unsafe extern "C" fn(user_data: *mut ::std::os::raw::c_void),
>;
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct LiteOperatorContext_s {
    _unused: [u8; 0],
}
///What a callback is called for: a node, what is known of its inputs, and its outputs.
pub type LiteOperatorContext = *mut LiteOperatorContext_s;
/**the same inputs and attributes always give the same outputs, and nothing else happens: a node whose
inputs are all constant may be computed when the model is loaded, one whose outputs are empty not at all*/
pub const LITE_OPERATOR_PURE: LiteOperatorFlag = 1;
///instead of infer: every output has the element type and shape of input 0
pub const LITE_OPERATOR_SAME_AS_INPUT: LiteOperatorFlag = 2;
///What an operator promises; the bits combine.
pub type LiteOperatorFlag = ::std::os::raw::c_uint;
/**Tells element types and shapes of the outputs with LITE_operator_set_output, as far as they follow from
what is known of the inputs. Called when a model is loaded, with dimensions that are not known, and again
when they are, and when the contents of inputs are. Outputs that it does not set, or sets with dimensions
that are not known, get their shape in the run. LITE_UNSUPPORTED puts the node among those that cannot run.*/
pub type LiteOperatorInfer = ::std::option::Option<
    unsafe extern "C" fn(
        user_data: *mut ::std::os::raw::c_void,
        context: LiteOperatorContext,
    ) -> ::std::os::raw::c_int,
>;
/**Makes what a node keeps between runs. Called once for each node of a loaded model, at the latest when the
load is about to succeed; again when a change of the network's options has the model made anew. Networks
that share weights share it. Inputs that are constant have their contents.*/
pub type LiteOperatorCreate = ::std::option::Option<
    unsafe extern "C" fn(
        user_data: *mut ::std::os::raw::c_void,
        context: LiteOperatorContext,
        state: *mut *mut ::std::os::raw::c_void,
    ) -> ::std::os::raw::c_int,
>;
///Takes back what create made; called once for each create that gave LITE_OK.
pub type LiteOperatorDestroy = ::std::option::Option<
    unsafe extern "C" fn(
        user_data: *mut ::std::os::raw::c_void,
        state: *mut ::std::os::raw::c_void,
    ),
>;
/**Computes the outputs. state is what create made, NULL without create. Networks that share weights may run
a node at the same time, with the same state. Results must not depend on the number of threads.*/
pub type LiteOperatorRun = ::std::option::Option<
    unsafe extern "C" fn(
        user_data: *mut ::std::os::raw::c_void,
        state: *mut ::std::os::raw::c_void,
        context: LiteOperatorContext,
    ) -> ::std::os::raw::c_int,
>;
///One part of a parallel loop. A code other than LITE_OK ends the loop.
pub type LiteOperatorTask = ::std::option::Option<
    unsafe extern "C" fn(
        data: *mut ::std::os::raw::c_void,
        index: i64,
    ) -> ::std::os::raw::c_int,
>;
///What LITE_register_operator takes. Copied; the strings and arrays need not outlive the call.
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct LiteOperator {
    pub struct_size: u32,
    ///of LiteOperatorFlag, or 0
    pub flags: u32,
    ///NULL and "" are ai.onnx
    pub domain: *const ::std::os::raw::c_char,
    ///required
    pub name: *const ::std::os::raw::c_char,
    ///the first version of the domain's opset that it is for, at least 1
    pub since_version: ::std::os::raw::c_int,
    ///so many must be there; those after them may be left out
    pub min_inputs: ::std::os::raw::c_int,
    ///-1: any number, and none left out; min_inputs is then at least 1
    pub max_inputs: ::std::os::raw::c_int,
    ///at least 1
    pub min_outputs: ::std::os::raw::c_int,
    ///-1: any number
    pub max_outputs: ::std::os::raw::c_int,
    ///length of input_types
    pub input_type_count: ::std::os::raw::c_int,
    ///length of output_types
    pub output_type_count: ::std::os::raw::c_int,
    /**LITE_TYPE_BITs that each input may have; the last is for all that
follow; NULL: all*/
    pub input_types: *const u64,
    ///as input_types
    pub output_types: *const u64,
    /**NULL: see LITE_OPERATOR_SAME_AS_INPUT; without that, element types and
shapes of the outputs are found in the run*/
    pub infer: LiteOperatorInfer,
    ///may be NULL
    pub create: LiteOperatorCreate,
    ///may be NULL
    pub destroy: LiteOperatorDestroy,
    ///required
    pub run: LiteOperatorRun,
    ///passed to all callbacks; may be NULL
    pub user_data: *mut ::std::os::raw::c_void,
    /**called with user_data when the operator is unregistered and no network uses
it any more; may be NULL*/
    pub release: LiteRelease,
}
///An input, an output, or a tensor of an attribute.
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct LiteOperatorTensor {
    pub struct_size: u32,
    ///0: the node leaves it out, and the rest says nothing
    pub present: ::std::os::raw::c_int,
    ///of LiteDataType; -1: not known
    pub dtype: ::std::os::raw::c_int,
    ///-1: not known
    pub rank: ::std::os::raw::c_int,
    /**rank of them; one below 0 is not known, and two that are equal and below -1 are
the same dimension*/
    pub dims: *const i64,
    /**row-major, aligned to the element at least; NULL: not known, strings, or nothing
to point to. What an input or attribute points to must not be written.*/
    pub data: *mut ::std::os::raw::c_void,
    ///bytes that data has; 0 when it is NULL
    pub size: usize,
}
///tensors, a type: not to be read here
pub const LITE_ATTRIBUTE_OTHER: LiteAttributeType = 0;
pub const LITE_ATTRIBUTE_INT: LiteAttributeType = 1;
pub const LITE_ATTRIBUTE_FLOAT: LiteAttributeType = 2;
pub const LITE_ATTRIBUTE_STRING: LiteAttributeType = 3;
pub const LITE_ATTRIBUTE_INTS: LiteAttributeType = 4;
pub const LITE_ATTRIBUTE_FLOATS: LiteAttributeType = 5;
pub const LITE_ATTRIBUTE_STRINGS: LiteAttributeType = 6;
pub const LITE_ATTRIBUTE_TENSOR: LiteAttributeType = 7;
///What an attribute holds.
pub type LiteAttributeType = ::std::os::raw::c_uint;
///LITE_set_option with a network
pub const LITE_OPTION_NETWORK: LiteOptionScope = 0;
pub const LITE_OPTION_PROCESS: LiteOptionScope = 1;
///What an option is about.
pub type LiteOptionScope = ::std::os::raw::c_uint;
///One option, as LITE_get_option_info describes it. The strings are static.
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct LiteOptionInfo {
    pub struct_size: u32,
    pub scope: LiteOptionScope,
    pub key: *const ::std::os::raw::c_char,
    ///"bool", "int", "bytes", "string", or the choices, as in "off|on|auto"
    pub type_: *const ::std::os::raw::c_char,
    ///as LITE_get_option gives it before anything is set
    pub default_value: *const ::std::os::raw::c_char,
    ///one sentence
    pub description: *const ::std::os::raw::c_char,
}
///What a pack is made with. All members but struct_size may be 0.
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct LitePackOptions {
    pub struct_size: u32,
    ///of LitePackFlag
    pub flags: u32,
    ///the model's; NULL: the "name" of the information, or ""
    pub name: *const ::std::os::raw::c_char,
    ///the decryption method of the model; NULL or "NONE": it is not encrypted
    pub model_method: *const ::std::os::raw::c_char,
    ///the same of the information
    pub info_method: *const ::std::os::raw::c_char,
    ///what both are encrypted with; not kept
    pub key_data: *const u8,
    pub key_size: usize,
    ///the information, for "LITE_default" a JSON text; NULL: none
    pub info: *const ::std::os::raw::c_void,
    pub info_size: usize,
    ///who reads the information; NULL: "LITE_default"
    pub info_parser: *const ::std::os::raw::c_char,
    ///MegEngine's cache of kernel choices, for MegEngine; NULL: none
    pub cache: *const ::std::os::raw::c_void,
    pub cache_size: usize,
    ///MegEngine's cache of device code; NULL: none
    pub binary_cache: *const ::std::os::raw::c_void,
    pub binary_cache_size: usize,
}
///the encrypted model alone, for LiteConfig.bare_model_cryption_name
pub const LITE_PACK_BARE: LitePackFlag = 1;
pub const LITE_PACK_AS_IS: LitePackFlag = 2;
pub type LitePackFlag = ::std::os::raw::c_uint;
pub const LITE_PACK_MODEL: LitePackPart = 0;
pub const LITE_PACK_INFO: LitePackPart = 1;
pub const LITE_PACK_CACHE: LitePackPart = 2;
pub const LITE_PACK_BINARY_CACHE: LitePackPart = 3;
///What lies in a pack.
pub type LitePackPart = ::std::os::raw::c_uint;
///Called in a library thread when a run is over; status is what the run returns.
pub type LiteCompletionCallback = ::std::option::Option<
    unsafe extern "C" fn(
        status: ::std::os::raw::c_int,
        user_data: *mut ::std::os::raw::c_void,
    ),
>;
///What a network, or the process, costs.
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct LiteStatistics {
    pub struct_size: u32,
    ///that may work on a run; for the process: pool threads that exist
    pub threads: u32,
    ///of the model's weights as stored; mapped ones included
    pub weight_bytes: u64,
    ///of the copies in kernels' layouts; shared ones count once
    pub packed_weight_bytes: u64,
    ///of working memory
    pub arena_bytes: u64,
    ///of input and output tensors owned by the library
    pub io_bytes: u64,
    ///of compiled programs and kernel caches
    pub cache_bytes: u64,
    ///what cache_bytes may not exceed
    pub cache_limit_bytes: u64,
    ///compiled, one per signature of input shapes
    pub programs: u64,
    ///runs that found their program
    pub program_hits: u64,
    ///runs that had to compile
    pub program_misses: u64,
    ///programs dropped from the full cache
    pub program_evictions: u64,
    ///finished, failed ones included
    pub runs: u64,
    ///cancelled and timed-out ones included
    pub failed_runs: u64,
    ///of all finished runs together
    pub run_nanoseconds: u64,
    pub last_run_nanoseconds: u64,
}
///Takes one message, without a line end. Called from any thread, one call at a time; calls no function here.
pub type LiteLogCallback = ::std::option::Option<
    unsafe extern "C" fn(
        level: LiteLogLevel,
        message: *const ::std::os::raw::c_char,
        user_data: *mut ::std::os::raw::c_void,
    ),
>;
pub type LiteThreadAffinityCallbackWithData = ::std::option::Option<
    unsafe extern "C" fn(
        thread_id: ::std::os::raw::c_int,
        user_data: *mut ::std::os::raw::c_void,
    ) -> ::std::os::raw::c_int,
>;
pub type LiteAllocateWithData = ::std::option::Option<
    unsafe extern "C" fn(
        device_type: LiteDeviceType,
        device_id: ::std::os::raw::c_int,
        size: usize,
        align: usize,
        user_data: *mut ::std::os::raw::c_void,
    ) -> *mut ::std::os::raw::c_void,
>;
pub type LiteFreeWithData = ::std::option::Option<
    unsafe extern "C" fn(
        device_type: LiteDeviceType,
        device_id: ::std::os::raw::c_int,
        ptr: *mut ::std::os::raw::c_void,
        user_data: *mut ::std::os::raw::c_void,
    ),
>;
/**As LiteDecryptionFunc, but asked once: puts the plain text where emit(sink, data, size) says. Returns 0 or
a code.*/
pub type LiteDecryptionFuncWithData = ::std::option::Option<
    unsafe extern "C" fn(
        input_data: *const ::std::os::raw::c_void,
        input_size: usize,
        key_data: *const u8,
        key_size: usize,
        emit: ::std::option::Option<
            unsafe extern "C" fn(
                sink: *mut ::std::os::raw::c_void,
                data: *const ::std::os::raw::c_void,
                size: usize,
            ) -> ::std::os::raw::c_int,
        >,
        sink: *mut ::std::os::raw::c_void,
        user_data: *mut ::std::os::raw::c_void,
    ) -> ::std::os::raw::c_int,
>;
/**As LiteParseInfoFunc, and *extra_info may be set to what LITE_get_model_extra_info then gives; it is copied
when the callback returns. What config and network_io point to must stay valid until the next call in the
same thread. When it returns 0, loading fails with LITE_INVALID_MODEL.*/
pub type LiteParseInfoFuncWithData = ::std::option::Option<
    unsafe extern "C" fn(
        info_data: *const ::std::os::raw::c_void,
        info_size: usize,
        model_name: *const ::std::os::raw::c_char,
        config: *mut LiteConfig,
        network_io: *mut LiteNetworkIO,
        device_id: *mut ::std::os::raw::c_int,
        nr_threads: *mut usize,
        is_cpu_inplace_mode: *mut ::std::os::raw::c_int,
        use_tensorrt: *mut ::std::os::raw::c_int,
        extra_info: *mut *const ::std::os::raw::c_char,
        user_data: *mut ::std::os::raw::c_void,
    ) -> ::std::os::raw::c_int,
>;
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct LiteValue_s {
    _unused: [u8; 0],
}
///A tensor, sequence, optional or map.
pub type LiteValue = *mut LiteValue_s;
///the tensor's memory is used in place, not copied
pub const LITE_VALUE_SHARE_MEMORY: LiteValueFlag = 1;
pub type LiteValueFlag = ::std::os::raw::c_uint;
///One level of the type of an input or output.
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct LiteValueType {
    pub struct_size: u32,
    pub kind: LiteValueKind,
    ///of a tensor's elements, or of a map's keys; otherwise LITE_FLOAT
    pub dtype: LiteDataType,
    ///of a tensor; -1: not known, or no tensor
    pub rank: ::std::os::raw::c_int,
    ///rank of them; -1: not known
    pub dims: *const i64,
    ///rank of them; NULL for a dimension without a name
    pub dim_names: *const *const ::std::os::raw::c_char,
    ///1: the next level is the type of what this one holds
    pub has_element: ::std::os::raw::c_int,
}
