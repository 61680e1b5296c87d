"""The C API as ctypes sees it: finds the library, checks its version, declares functions, turns codes into errors."""

from __future__ import annotations

import ctypes as c
import os
import pathlib
import threading
from typing import Any, Mapping, Optional

# The oldest library that this binding works with, and the major version it needs.
REQUIRED_MAJOR, REQUIRED_MINOR = 1, 0


class Error(RuntimeError):
    """A call of the library failed. `code` is the number, `name` its name, such as "invalid argument"."""

    def __init__(self, message: str, code: int = 0, name: str = ""):
        super().__init__(message)
        self.code = code
        self.name = name


class OutOfMemory(Error, MemoryError):
    """There was not enough memory."""


class LoadOptions(c.Structure):
    _fields_ = [
        ("struct_size", c.c_uint32),
        ("flags", c.c_uint32),
        ("format", c.c_char_p),
        ("base_directory", c.c_char_p),
        ("external_data", c.c_void_p),
        ("external_data_count", c.c_size_t),
        ("external_data_callback", c.c_void_p),
        ("user_data", c.c_void_p),
        ("release", c.c_void_p),
        ("params_path", c.c_char_p),
        ("params_data", c.c_void_p),
        ("params_size", c.c_size_t),
        ("max_bytes", c.c_uint64),
        ("max_nodes", c.c_uint64),
        ("key_data", c.c_char_p),
        ("key_size", c.c_size_t),
    ]


class LiteOptions(c.Structure):
    """How MegEngine was to run a model; `lite-c/network_types_c.h` says what each means here. All are accepted."""

    _fields_ = [
        (name, c.c_int)
        for name in (
            "weight_preprocess fuse_preprocess fake_next_exec var_sanity_check_first_run const_shape force_dynamic_alloc "
            "force_output_dynamic_alloc force_output_use_user_specified_memory no_profiling_on_shape_change jit_level "
            "comp_node_seq_record_level graph_opt_level async_exec_level "
            "enable_nchw44 enable_nchw44_dot enable_nchw88 enable_nhwcd4 enable_nchw4 enable_nchw32 enable_nchw64"
        ).split()
    ]
    var_sanity_check_first_run: int
    graph_opt_level: int
    async_exec_level: int

    def __init__(self) -> None:
        super().__init__()
        self.var_sanity_check_first_run = 1
        self.graph_opt_level = 2
        self.async_exec_level = 1

    def __repr__(self) -> str:
        names = [name for name, *_ in self._fields_[:13]]
        numbers = {"jit_level", "comp_node_seq_record_level", "graph_opt_level", "async_exec_level"}
        return repr({name: getattr(self, name) if name in numbers else bool(getattr(self, name)) for name in names})


class Config(c.Structure):
    """A LiteConfig."""

    _fields_ = [
        ("has_compression", c.c_int),
        ("device_id", c.c_int),
        ("device_type", c.c_int),
        ("backend", c.c_int),
        ("_bare_model_cryption_name", c.c_char_p),
        ("options", LiteOptions),
        ("auto_optimize_inference", c.c_int),
        ("discrete_input_name", c.c_char_p),
    ]
    has_compression: int
    device_id: int
    device_type: int
    backend: int
    _bare_model_cryption_name: Any
    options: LiteOptions
    auto_optimize_inference: int
    discrete_input_name: Any


class PackOptions(c.Structure):
    _fields_ = [
        ("struct_size", c.c_uint32),
        ("flags", c.c_uint32),
        ("name", c.c_char_p),
        ("model_method", c.c_char_p),
        ("info_method", c.c_char_p),
        ("key_data", c.c_char_p),
        ("key_size", c.c_size_t),
        ("info", c.c_char_p),
        ("info_size", c.c_size_t),
        ("info_parser", c.c_char_p),
        ("cache", c.c_char_p),
        ("cache_size", c.c_size_t),
        ("binary_cache", c.c_char_p),
        ("binary_cache_size", c.c_size_t),
    ]


class InputShape(c.Structure):
    _fields_ = [("name", c.c_char_p), ("dims", c.POINTER(c.c_int64)), ("rank", c.c_size_t)]


class ConvertOptions(c.Structure):
    _fields_ = [
        ("struct_size", c.c_uint32),
        ("flags", c.c_uint32),
        ("opset", c.c_int),
        ("external_data", c.c_char_p),
        ("load", c.POINTER(LoadOptions)),
        ("shapes", c.POINTER(InputShape)),
        ("shape_count", c.c_size_t),
        ("progress", c.c_void_p),
        ("user_data", c.c_void_p),
    ]


class CompileOptions(c.Structure):
    _fields_ = [
        ("struct_size", c.c_uint32),
        ("flags", c.c_uint32),
        ("load", c.POINTER(LoadOptions)),
        ("shapes", c.POINTER(InputShape)),
        ("shape_count", c.c_size_t),
    ]


class UnsupportedNode(c.Structure):
    _fields_ = [
        ("struct_size", c.c_uint32),
        ("opset", c.c_int),
        ("name", c.c_char_p),
        ("op_type", c.c_char_p),
        ("domain", c.c_char_p),
        ("types", c.c_char_p),
        ("device", c.c_char_p),
        ("reason", c.c_char_p),
        ("suggestion", c.c_char_p),
    ]


class IOInfo(c.Structure):
    _fields_ = [
        ("struct_size", c.c_uint32),
        ("kind", c.c_int),
        ("name", c.c_char_p),
        ("dtype", c.c_int),
        ("rank", c.c_int),
        ("dims", c.POINTER(c.c_int64)),
        ("dim_names", c.POINTER(c.c_char_p)),
        ("type", c.c_char_p),
        ("has_default", c.c_int),
    ]


class ValueType(c.Structure):
    _fields_ = [
        ("struct_size", c.c_uint32),
        ("kind", c.c_int),
        ("dtype", c.c_int),
        ("rank", c.c_int),
        ("dims", c.POINTER(c.c_int64)),
        ("dim_names", c.POINTER(c.c_char_p)),
        ("has_element", c.c_int),
    ]


class OptionInfo(c.Structure):
    _fields_ = [
        ("struct_size", c.c_uint32),
        ("scope", c.c_int),
        ("key", c.c_char_p),
        ("type", c.c_char_p),
        ("default_value", c.c_char_p),
        ("description", c.c_char_p),
    ]


class Statistics(c.Structure):
    _fields_ = [("struct_size", c.c_uint32), ("threads", c.c_uint32)] + [
        (name, c.c_uint64)
        for name in (
            "weight_bytes packed_weight_bytes arena_bytes io_bytes cache_bytes cache_limit_bytes programs program_hits "
            "program_misses program_evictions runs failed_runs run_nanoseconds last_run_nanoseconds"
        ).split()
    ]


class Layout(c.Structure):
    """A LiteLayout."""

    _fields_ = [("_shapes", c.c_size_t * 7), ("ndim", c.c_size_t), ("data_type", c.c_int)]


class Managed(c.Structure):
    """A DLManagedTensorVersioned, as far as its flags."""

    _fields_ = [
        ("major", c.c_uint32),
        ("minor", c.c_uint32),
        ("context", c.c_void_p),
        ("deleter", c.CFUNCTYPE(None, c.c_void_p)),
        ("flags", c.c_uint64),
    ]


class OperatorTensor(c.Structure):
    _fields_ = [
        ("struct_size", c.c_uint32),
        ("present", c.c_int),
        ("dtype", c.c_int),
        ("rank", c.c_int),
        ("dims", c.POINTER(c.c_int64)),
        ("data", c.c_void_p),
        ("size", c.c_size_t),
    ]


OPERATOR_INFER = c.CFUNCTYPE(c.c_int, c.c_void_p, c.c_void_p)
OPERATOR_CREATE = c.CFUNCTYPE(c.c_int, c.c_void_p, c.c_void_p, c.POINTER(c.c_void_p))
OPERATOR_DESTROY = c.CFUNCTYPE(None, c.c_void_p, c.c_void_p)
OPERATOR_RUN = c.CFUNCTYPE(c.c_int, c.c_void_p, c.c_void_p, c.c_void_p)
OPERATOR_TASK = c.CFUNCTYPE(c.c_int, c.c_void_p, c.c_int64)
RELEASE = c.CFUNCTYPE(None, c.c_void_p)


class Operator(c.Structure):
    _fields_ = [
        ("struct_size", c.c_uint32),
        ("flags", c.c_uint32),
        ("domain", c.c_char_p),
        ("name", c.c_char_p),
        ("since_version", c.c_int),
        ("min_inputs", c.c_int),
        ("max_inputs", c.c_int),
        ("min_outputs", c.c_int),
        ("max_outputs", c.c_int),
        ("input_type_count", c.c_int),
        ("output_type_count", c.c_int),
        ("input_types", c.POINTER(c.c_uint64)),
        ("output_types", c.POINTER(c.c_uint64)),
        ("infer", OPERATOR_INFER),
        ("create", OPERATOR_CREATE),
        ("destroy", OPERATOR_DESTROY),
        ("run", OPERATOR_RUN),
        ("user_data", c.c_void_p),
        ("release", RELEASE),
    ]


LOG_CALLBACK = c.CFUNCTYPE(None, c.c_int, c.c_char_p, c.c_void_p)

_P, _S, _I, _Z = c.c_void_p, c.c_char_p, c.c_int, c.c_size_t
_DIMS = c.POINTER(c.c_int64)
# name: argument types of functions that return a code
_FUNCTIONS: dict[str, tuple[Any, ...]] = {
    "LITE_make_network_config": (c.POINTER(_P), Config),
    "LITE_destroy_network": (_P,),
    "LITE_load_model_file": (_P, _S, c.POINTER(LoadOptions)),
    "LITE_load_model_memory": (_P, _P, _Z, c.POINTER(LoadOptions)),
    "LITE_check_model": (_P, _S, c.POINTER(LoadOptions)),
    "LITE_check_model_memory": (_P, _P, _Z, c.POINTER(LoadOptions)),
    "LITE_shared_weight_with_network": (_P, _P),
    "LITE_forward": (_P,),
    "LITE_wait": (_P,),
    "LITE_cancel": (_P,),
    "LITE_set_run_timeout": (_P, c.c_uint64),
    "LITE_get_io_tensor": (_P, _S, _I, c.POINTER(_P)),
    "LITE_get_input_count": (_P, c.POINTER(_Z)),
    "LITE_get_output_count": (_P, c.POINTER(_Z)),
    "LITE_get_input_info": (_P, _Z, c.POINTER(IOInfo)),
    "LITE_get_output_info": (_P, _Z, c.POINTER(IOInfo)),
    "LITE_get_metadata_count": (_P, c.POINTER(_Z)),
    "LITE_get_metadata_item": (_P, _Z, c.POINTER(_S), c.POINTER(_S)),
    "LITE_get_unsupported_count": (_P, c.POINTER(_Z)),
    "LITE_get_unsupported_node": (_P, _Z, c.POINTER(UnsupportedNode)),
    "LITE_set_option": (_P, _S, _S),
    "LITE_get_option": (_P, _S, c.POINTER(_S)),
    "LITE_get_option_count": (c.POINTER(_Z),),
    "LITE_get_option_info": (_Z, c.POINTER(OptionInfo)),
    "LITE_set_cpu_threads_number": (_P, _Z),
    "LITE_dump_graph": (_P, _S, _S, c.POINTER(_P)),
    "LITE_set_profiling": (_P, _I),
    "LITE_get_profile": (_P, _S, c.POINTER(_P)),
    "LITE_get_statistics": (_P, c.POINTER(Statistics)),
    "LITE_trim": (_P,),
    "LITE_pack_model_memory": (_S, _Z, c.POINTER(PackOptions), c.POINTER(_P), c.POINTER(_Z)),
    "LITE_unpack_model": (_S, _I, _S, _S, _Z, c.POINTER(_P), c.POINTER(_Z)),
    "LITE_describe_pack": (_S, c.POINTER(_P)),
    "LITE_convert_model": (_S, _S, c.POINTER(ConvertOptions), c.POINTER(_P)),
    "LITE_compile_model": (_S, _S, c.POINTER(CompileOptions), c.POINTER(_P)),
    "LITE_convert_model_memory": (
        _S, _Z, c.POINTER(ConvertOptions), c.POINTER(_P), c.POINTER(_Z), c.POINTER(_P),
    ),
    "LITE_update_decryption_or_key": (_S, _P, c.POINTER(c.c_uint8), _Z),
    "LITE_check_version": (_I, _I),
    "LITE_get_operators": (c.POINTER(_P),),
    "LITE_register_operator": (c.POINTER(Operator),),
    "LITE_unregister_operator": (_S, _S, _I),
    "LITE_load_operator_library": (_S,),
    "LITE_operator_get_node_name": (_P, c.POINTER(_S)),
    "LITE_operator_get_input_count": (_P, c.POINTER(_Z)),
    "LITE_operator_get_output_count": (_P, c.POINTER(_Z)),
    "LITE_operator_get_input": (_P, _Z, c.POINTER(OperatorTensor)),
    "LITE_operator_get_input_string": (_P, _Z, _Z, c.POINTER(_P), c.POINTER(_Z)),
    "LITE_operator_set_error": (_P, _S),
    "LITE_operator_get_attribute_count": (_P, c.POINTER(_Z)),
    "LITE_operator_get_attribute_name": (_P, _Z, c.POINTER(_S)),
    "LITE_operator_get_attribute_type": (_P, _S, c.POINTER(_I), c.POINTER(_Z)),
    "LITE_operator_get_attribute_int": (_P, _S, c.POINTER(c.c_int64)),
    "LITE_operator_get_attribute_float": (_P, _S, c.POINTER(c.c_float)),
    "LITE_operator_get_attribute_string": (_P, _S, _Z, c.POINTER(_P), c.POINTER(_Z)),
    "LITE_operator_get_attribute_ints": (_P, _S, c.POINTER(_DIMS), c.POINTER(_Z)),
    "LITE_operator_get_attribute_floats": (_P, _S, c.POINTER(c.POINTER(c.c_float)), c.POINTER(_Z)),
    "LITE_operator_get_attribute_tensor": (_P, _S, c.POINTER(OperatorTensor)),
    "LITE_operator_set_output": (_P, _Z, _I, _I, _DIMS),
    "LITE_operator_get_output": (_P, _Z, c.POINTER(OperatorTensor)),
    "LITE_operator_allocate_output": (_P, _Z, _I, _I, _DIMS, c.POINTER(_P)),
    "LITE_operator_set_output_string": (_P, _Z, _Z, _S, _Z),
    "LITE_operator_get_threads": (_P, c.POINTER(_Z)),
    "LITE_operator_parallel_for": (_P, c.c_int64, OPERATOR_TASK, _P),
    "LITE_operator_should_stop": (_P, c.POINTER(_I)),
    "LITE_set_log_callback": (LOG_CALLBACK, _P),
    "LITE_set_log_level": (_I,),
    "LITE_set_process_threads": (_Z,),
    "LITE_get_version": (c.POINTER(_I), c.POINTER(_I), c.POINTER(_I)),
    "LITE_get_device_count": (_I, c.POINTER(_Z)),
    "LITE_get_process_statistics": (c.POINTER(Statistics),),
    "LITE_try_coalesce_all_free_memory": (),
    "LITE_set_persistent_cache": (_S, _I),
    "LITE_dump_persistent_cache": (_S,),
    "LITE_get_process_threads": (c.POINTER(_Z),),
    "LITE_make_tensor_with_dims": (_I, _I, _DIMS, c.POINTER(_P)),
    "LITE_destroy_tensor": (_P,),
    "LITE_set_tensor_dims": (_P, _I, _I, _DIMS),
    "LITE_reset_tensor_with_dims": (_P, _I, _I, _DIMS, _P, _Z),
    "LITE_get_tensor_dtype": (_P, c.POINTER(_I)),
    "LITE_get_tensor_layout": (_P, c.POINTER(Layout)),
    "LITE_get_tensor_rank": (_P, c.POINTER(_I)),
    "LITE_get_tensor_dims": (_P, _I, _DIMS),
    "LITE_get_tensor_memory": (_P, c.POINTER(_P)),
    "LITE_get_tensor_total_size_in_byte": (_P, c.POINTER(_Z)),
    "LITE_get_tensor_string": (_P, _Z, c.POINTER(_P), c.POINTER(_Z)),
    "LITE_set_tensor_string": (_P, _Z, _S, _Z),
    "LITE_make_tensor_value": (_P, c.c_uint32, c.POINTER(_P)),
    "LITE_make_sequence": (_I, c.POINTER(_P)),
    "LITE_append_value": (_P, _P),
    "LITE_make_optional": (_P, _I, c.POINTER(_P)),
    "LITE_make_map": (_P, _P, c.POINTER(_P)),
    "LITE_destroy_value": (_P,),
    "LITE_get_value_kind": (_P, c.POINTER(_I)),
    "LITE_get_value_dtype": (_P, c.POINTER(_I)),
    "LITE_get_value_length": (_P, c.POINTER(_Z)),
    "LITE_get_value_element": (_P, _Z, c.POINTER(_P)),
    "LITE_get_value_tensor": (_P, c.POINTER(_P)),
    "LITE_get_map_keys": (_P, c.POINTER(_P)),
    "LITE_get_map_values": (_P, c.POINTER(_P)),
    "LITE_set_input_value": (_P, _S, _P),
    "LITE_get_output_value": (_P, _S, c.POINTER(_P)),
    "LITE_get_input_value_type": (_P, _Z, _Z, c.POINTER(ValueType)),
    "LITE_get_output_value_type": (_P, _Z, _Z, c.POINTER(ValueType)),
    "LITE_tensor_to_dlpack": (_P, c.POINTER(_P)),
    "LITE_tensor_from_dlpack": (_P, c.POINTER(_P)),
    "LITE_tensor_from_dlpack_versioned": (_P, c.POINTER(_P)),
    "LITE_tensor_to_dlpack_versioned": (_P, c.POINTER(c.POINTER(Managed))),
}
_OTHERS: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "LITE_get_last_error": (_S, ()),
    "LITE_get_status_name": (_S, (_I,)),
    "LITE_get_build_info": (_S, ()),
    "LITE_free_string": (None, (_P,)),
}


# Where a wheel has the library and the command.
PACKAGED = pathlib.Path(__file__).resolve().parent.parent / ".lite.mesonpy.libs"


def _candidates() -> list[str]:
    """Where to look: what LITE_LIBRARY names and nothing else; otherwise the package, then where the system looks."""
    env = os.environ.get("LITE_LIBRARY")
    if env:
        return [env]
    return [str(PACKAGED / "liblite.so"), "liblite.so.1"]


def _open() -> c.CDLL:
    tried = []
    for path in _candidates():
        try:
            return c.CDLL(path)
        except OSError as e:
            # The system's loader begins its message with the path.
            tried.append(f"  {path}: {str(e).removeprefix(f'{path}: ')}")
    raise ImportError("liblite.so.1 was not found; set LITE_LIBRARY to its path. Tried:\n" + "\n".join(tried))


lib = _open()


def _function(library: c.CDLL, name: str) -> Any:
    try:
        return getattr(library, name)
    except AttributeError:
        raise ImportError(f"{lib._name} has no {name}, which liblite {REQUIRED_MAJOR}.{REQUIRED_MINOR} has") from None


def _check_version() -> None:
    """First of all: a library of another version may lack what the rest looks for."""
    if not hasattr(lib, "LITE_check_version"):
        raise ImportError(f"{lib._name} is not liblite: it has no LITE_check_version")
    if lib.LITE_check_version(REQUIRED_MAJOR, REQUIRED_MINOR):
        error = _function(lib, "LITE_get_last_error")
        error.restype = c.c_char_p
        raise ImportError(f"the package lite cannot use {lib._name}: {(error() or b'').decode('utf-8', 'replace')}")


_check_version()
for _name, (_result, _args) in _OTHERS.items():
    _function(lib, _name).restype = _result
    _function(lib, _name).argtypes = _args


def declare(functions: Mapping[str, tuple[Any, ...]]) -> None:
    """Declares the arguments of functions that return a code; those that the library lacks raise when they are used."""
    for name, arguments in functions.items():
        function = getattr(lib, name, None)
        if function is not None:
            function.restype = c.c_int
            function.argtypes = arguments


declare(_FUNCTIONS)


def undeclared(name: str, keeps_lock: bool = False) -> Any:
    """A function that returns a code, without the check of its arguments, which takes longer than a short call does: they are
    objects of ctypes' own. One that neither waits nor calls back may keep the interpreter's lock."""
    function = _function((c.PyDLL if keeps_lock else c.CDLL)(lib._name, handle=lib._handle), name)
    function.restype = c.c_int
    return function


class _Raised(threading.local):
    exception: Optional[BaseException] = None
    text = ""  # what the error text says of it


# What a callback of this thread raised, until the call that led to it fails.
raised = _Raised()


def check(code: int) -> None:
    """Raises Error with the library's own words when `code` is not LITE_OK."""
    if code:
        text = (lib.LITE_get_last_error() or b"").decode("utf-8", "replace")
        name = (lib.LITE_get_status_name(code) or b"").decode()
        if name == "LITE_OUT_OF_MEMORY":
            raise OutOfMemory(text, code, name)
        cause, raised.exception = raised.exception, None
        if cause is None or raised.text not in text:
            raise Error(text, code, name)
        if not isinstance(cause, Exception):
            raise cause  # KeyboardInterrupt and the like
        raise Error(text, code, name) from cause
