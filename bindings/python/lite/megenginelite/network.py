"""Networks and what they are made with."""

from __future__ import annotations

import ctypes as c
import io
import os
from typing import Any, Callable, Dict, Iterable, List, Optional, Union

from .. import _native
from .._native import LiteOptions
from .base import _check, _Cnetwork, _Ctensor, _get, _lib, _text
from .struct import LiteBackend, LiteDeviceType, LiteIOType, LiteTensorPhase
from .tensor import LiteLayout, LiteTensor

__all__ = [
    "LiteAsyncCallback",
    "LiteConfig",
    "LiteExtraConfig",
    "LiteFinishCallback",
    "LiteIO",
    "LiteNetwork",
    "LiteNetworkIO",
    "LiteOptions",
    "LiteStartCallback",
    "get_model_io_info",
    "start_finish_callback",
    "wrap_async_callback",
]


class LiteConfig(_native.Config):
    """What a network is made with.

    bare_model_cryption_name: how a model that is encrypted as a whole is decrypted; str or bytes.
    discrete_input_name:      the input that is given as one tensor for each item of the batch; bytes.
    has_compression and auto_optimize_inference mean nothing here.
    """

    def __init__(self, device_type: int = LiteDeviceType.LITE_CPU, option: Optional[LiteOptions] = None):
        super().__init__()
        self.device_type = device_type
        self.options = option or LiteOptions()
        self._bare_model_cryption_name = b""
        self.discrete_input_name = b""

    @property
    def bare_model_cryption_name(self) -> str:
        name: bytes = self._bare_model_cryption_name
        return name.decode("utf-8")

    @bare_model_cryption_name.setter
    def bare_model_cryption_name(self, name: Union[str, bytes]) -> None:
        assert isinstance(name, (str, bytes)), "a name is str or bytes"
        self._bare_model_cryption_name = _text(name)

    def __repr__(self) -> str:
        return repr(
            {
                "has_compression": bool(self.has_compression),
                "device_id": self.device_id,
                "device_type": LiteDeviceType(self.device_type),
                "backend": LiteBackend(self.backend),
                "bare_model_cryption_name": self.bare_model_cryption_name,
                "options": self.options,
                "auto_optimize_inference": self.auto_optimize_inference,
                "discrete_input_name": self.discrete_input_name,
            }
        )


class LiteExtraConfig(c.Structure):
    """disable_configure_by_model_info: ignore the configuration that is packed with a model."""

    _fields_ = [("disable_configure_by_model_info", c.c_int)]
    disable_configure_by_model_info: int

    def __init__(self, disable_model_config: bool = False):
        super().__init__()
        self.disable_configure_by_model_info = disable_model_config

    def __repr__(self) -> str:
        return repr({"disable_configure_by_model_info": bool(self.disable_configure_by_model_info)})


class LiteIO(c.Structure):
    """What the caller wants of one input or output.

    is_host:       whether the caller's side of it is host memory.
    io_type:       LITE_IO_SHAPE on an output: only its shape is computed.
    config_layout: an input's layout unless its tensor gets another one; what an output's must be.
    """

    _fields_ = [("_name", c.c_char_p), ("is_host", c.c_int), ("io_type", c.c_int), ("config_layout", LiteLayout)]
    _name: Any
    is_host: int
    io_type: int
    config_layout: LiteLayout

    def __init__(
        self,
        name: Union[str, bytes],
        is_host: bool = True,
        io_type: int = LiteIOType.LITE_IO_VALUE,
        layout: Optional[LiteLayout] = None,
    ):
        super().__init__()
        self.name = name
        self.is_host = is_host
        self.io_type = io_type
        self.config_layout = layout if layout is not None else LiteLayout()

    @property
    def name(self) -> str:
        name: bytes = self._name
        return name.decode("utf-8")

    @name.setter
    def name(self, name: Union[str, bytes]) -> None:
        assert isinstance(name, (str, bytes)), "a name is str or bytes"
        self._name = _text(name)

    def __repr__(self) -> str:
        return repr(
            {
                "name": self.name,
                "is_host": bool(self.is_host),
                "io_type": LiteIOType(self.io_type),
                "config_layout": self.config_layout,
            }
        )

    def __hash__(self) -> int:
        return hash(self.name)


def _own(io: LiteIO) -> LiteIO:
    """A copy of what lies in the library's memory."""
    layout = LiteLayout.from_buffer_copy(io.config_layout)
    return LiteIO(bytes(io._name), bool(io.is_host), io.io_type, layout)


class _LiteNetworkIO(c.Structure):
    _fields_ = [
        ("inputs", c.POINTER(LiteIO)),
        ("outputs", c.POINTER(LiteIO)),
        ("input_size", c.c_size_t),
        ("output_size", c.c_size_t),
    ]


class LiteNetworkIO:
    """What the caller wants of a network's inputs and outputs: lists of LiteIO, or of lists of LiteIO's arguments."""

    def __init__(self, inputs: Optional[Iterable[Any]] = None, outputs: Optional[Iterable[Any]] = None):
        self.inputs: List[LiteIO] = []
        self.outputs: List[LiteIO] = []
        for given, kept in ((inputs, self.inputs), (outputs, self.outputs)):
            for item in given or ():
                assert isinstance(item, (list, LiteIO)), "LiteNetworkIO takes LiteIO, or lists of what makes one"
                kept.append(LiteIO(*item) if isinstance(item, list) else item)

    def add_input(
        self,
        obj: Union[LiteIO, str, bytes],
        is_host: bool = True,
        io_type: int = LiteIOType.LITE_IO_VALUE,
        layout: Optional[LiteLayout] = None,
    ) -> None:
        """Adds an input: a LiteIO, or the name and the rest of one."""
        self.inputs.append(obj if isinstance(obj, LiteIO) else LiteIO(obj, is_host, io_type, layout))

    def add_output(
        self,
        obj: Union[LiteIO, str, bytes],
        is_host: bool = True,
        io_type: int = LiteIOType.LITE_IO_VALUE,
        layout: Optional[LiteLayout] = None,
    ) -> None:
        """Adds an output: a LiteIO, or the name and the rest of one."""
        self.outputs.append(obj if isinstance(obj, LiteIO) else LiteIO(obj, is_host, io_type, layout))

    def _create_network_io(self) -> _LiteNetworkIO:
        made = _LiteNetworkIO()
        # The arrays live as long as the structure: ctypes keeps what a pointer was c.cast from.
        made.inputs = c.cast((LiteIO * len(self.inputs))(*self.inputs), c.POINTER(LiteIO))
        made.outputs = c.cast((LiteIO * len(self.outputs))(*self.outputs), c.POINTER(LiteIO))
        made.input_size = len(self.inputs)
        made.output_size = len(self.outputs)
        return made

    def __repr__(self) -> str:
        return repr({"inputs": self.inputs, "outputs": self.outputs})


LiteAsyncCallback = c.CFUNCTYPE(c.c_int)
LiteStartCallback = c.CFUNCTYPE(c.c_int, c.POINTER(LiteIO), c.POINTER(_Ctensor), c.c_size_t)
LiteFinishCallback = c.CFUNCTYPE(c.c_int, c.POINTER(LiteIO), c.POINTER(_Ctensor), c.c_size_t)

_native.declare(
    {
        "LITE_make_network": (c.POINTER(_Cnetwork), LiteConfig, _LiteNetworkIO),
        "LITE_load_model_from_mem": (_Cnetwork, c.c_void_p, c.c_size_t),
        "LITE_load_model_from_path": (_Cnetwork, c.c_char_p),
        "LITE_get_discrete_tensor": (_Cnetwork, c.c_char_p, c.c_size_t, c.c_int, c.POINTER(_Ctensor)),
        "LITE_get_input_name": (_Cnetwork, c.c_size_t, c.POINTER(c.c_char_p)),
        "LITE_get_output_name": (_Cnetwork, c.c_size_t, c.POINTER(c.c_char_p)),
        "LITE_get_all_input_name": (_Cnetwork, c.POINTER(c.c_size_t), c.POINTER(c.c_char_p)),
        "LITE_get_all_output_name": (_Cnetwork, c.POINTER(c.c_size_t), c.POINTER(c.c_char_p)),
        "LITE_is_cpu_inplace_mode": (_Cnetwork, c.POINTER(c.c_int)),
        "LITE_set_cpu_inplace_mode": (_Cnetwork,),
        "LITE_use_tensorrt": (_Cnetwork,),
        "LITE_get_cpu_threads_number": (_Cnetwork, c.POINTER(c.c_size_t)),
        "LITE_get_device_id": (_Cnetwork, c.POINTER(c.c_int)),
        "LITE_set_device_id": (_Cnetwork, c.c_int),
        "LITE_get_stream_id": (_Cnetwork, c.POINTER(c.c_int)),
        "LITE_set_stream_id": (_Cnetwork, c.c_int),
        "LITE_set_network_algo_policy": (_Cnetwork, c.c_int),
        "LITE_set_network_algo_fastrun_config": (_Cnetwork, c.c_uint, c.c_int),
        "LITE_set_network_algo_workspace_limit": (_Cnetwork, c.c_size_t),
        "LITE_share_runtime_memroy": (_Cnetwork, _Cnetwork),
        "LITE_extra_configure": (_Cnetwork, LiteExtraConfig),
        "LITE_set_async_callback": (_Cnetwork, LiteAsyncCallback),
        "LITE_set_start_callback": (_Cnetwork, LiteStartCallback),
        "LITE_set_finish_callback": (_Cnetwork, LiteFinishCallback),
        "LITE_enable_profile_performance": (_Cnetwork, c.c_char_p),
        "LITE_enable_io_txt_dump": (_Cnetwork, c.c_char_p),
        "LITE_enable_io_bin_dump": (_Cnetwork, c.c_char_p),
        "LITE_get_static_memory_alloc_info": (_Cnetwork, c.c_char_p),
        "LITE_enable_global_layout_transform": (_Cnetwork,),
        "LITE_dump_layout_transform_model": (_Cnetwork, c.c_char_p),
        "LITE_get_model_io_info_by_path": (c.c_char_p, LiteConfig, c.POINTER(_LiteNetworkIO)),
    }
)


def wrap_async_callback(func: Callable[[], Any]) -> Any:
    """A function without arguments as the library calls it; its result is ignored."""

    @LiteAsyncCallback  # type: ignore[untyped-decorator, misc, unused-ignore]
    def wrapper() -> int:
        func()
        return 0

    return wrapper


def start_finish_callback(func: Callable[[Dict[LiteIO, Any]], Any]) -> Any:
    """A function of a dict from LiteIO to LiteTensor as the library calls it; its result is ignored.

    The tensors are valid during the call. A discrete input has None in their place.
    """

    @LiteStartCallback  # type: ignore[untyped-decorator, misc, unused-ignore]
    def wrapper(c_ios: Any, c_tensors: Any, size: int) -> int:
        ios: Dict[LiteIO, Any] = {}
        for i in range(size):
            tensor = None
            if c_tensors[i]:
                tensor = LiteTensor(physic_construct=False)
                tensor._tensor = _Ctensor(c_tensors[i])
            ios[_own(c_ios[i])] = tensor
        func(ios)
        return 0

    return wrapper


class LiteNetwork:
    """A network: load a model, fill its input tensors, run it, read its output tensors.

    network = LiteNetwork()
    network.load("model.mge")
    network.get_io_tensor(network.get_input_name(0)).set_data_by_copy(array)
    network.forward()
    network.wait()
    result = network.get_io_tensor(network.get_output_name(0)).to_numpy()
    """

    def __init__(self, config: Optional[LiteConfig] = None, io: Optional[LiteNetworkIO] = None):
        self._network = _Cnetwork()
        self._callbacks: Dict[str, Any] = {}  # the library holds pointers to them
        self._kept: Dict[Any, Any] = {}  # and to the memory of arrays that inputs and outputs share
        self.config = config or LiteConfig()
        self.network_io = io or LiteNetworkIO()
        _check(_lib.LITE_make_network(c.byref(self._network), self.config, self.network_io._create_network_io()))

    def __repr__(self) -> str:
        return repr({"config": self.config, "IOs": self.network_io})

    def __del__(self) -> None:
        if self._network:
            _lib.LITE_destroy_network(self._network)

    def load(self, file: Any) -> None:
        """Loads a model: a path, which is mapped; an address such as s3://..., read with the package megfile; or a file
        that was opened with mode "rb"."""
        if isinstance(file, (str, os.PathLike)):
            path = os.fspath(file)
            if "://" not in str(path):
                os.stat(path)  # a file that is missing is a FileNotFoundError
                _check(_lib.LITE_load_model_from_path(self._network, os.fsencode(path)))
                return
            import megfile  # type: ignore[import-not-found, unused-ignore]

            with megfile.smart_open(path, "rb") as opened:
                data = opened.read()
        else:
            assert isinstance(file, io.BufferedReader), "load takes a path or a file opened with mode 'rb'"
            data = file.read()
        _check(_lib.LITE_load_model_from_mem(self._network, data, len(data)))

    def forward(self) -> None:
        """Runs; with an async callback, starts to run."""
        _check(_lib.LITE_forward(self._network))

    def wait(self) -> None:
        """Waits until the run is over."""
        _check(_lib.LITE_wait(self._network))

    def is_cpu_inplace_mode(self) -> bool:
        """Whether runs use the caller's thread alone."""
        return bool(_get(_lib.LITE_is_cpu_inplace_mode, self._network, c.c_int))

    def enable_cpu_inplace_mode(self) -> None:
        """Lets runs use the caller's thread alone. Before loading."""
        _check(_lib.LITE_set_cpu_inplace_mode(self._network))

    def use_tensorrt(self) -> None:
        """Means nothing here."""
        _check(_lib.LITE_use_tensorrt(self._network))

    @property
    def device_id(self) -> int:
        """Which device of its kind the network runs on. Set before loading."""
        return int(_get(_lib.LITE_get_device_id, self._network, c.c_int))

    @device_id.setter
    def device_id(self, device_id: int) -> None:
        _check(_lib.LITE_set_device_id(self._network, device_id))

    @property
    def stream_id(self) -> int:
        """The number of the network's queue on its device. Set before loading."""
        return int(_get(_lib.LITE_get_stream_id, self._network, c.c_int))

    @stream_id.setter
    def stream_id(self, stream_id: int) -> None:
        _check(_lib.LITE_set_stream_id(self._network, stream_id))

    @property
    def threads_number(self) -> int:
        """How many threads may work on a run. Set before loading."""
        return int(_get(_lib.LITE_get_cpu_threads_number, self._network, c.c_size_t))

    @threads_number.setter
    def threads_number(self, nr_threads: int) -> None:
        _check(_lib.LITE_set_cpu_threads_number(self._network, nr_threads))

    def _tensor_of(self, function: Any, *arguments: Any) -> LiteTensor:
        tensor = LiteTensor(physic_construct=False)
        _check(function(self._network, *arguments, c.byref(tensor._tensor)))
        tensor._owner, tensor._kept = self, self._kept
        return tensor

    def get_io_tensor(self, name: Union[str, bytes], phase: int = LiteTensorPhase.LITE_IO) -> LiteTensor:
        """The tensor of an input or output."""
        return self._tensor_of(_lib.LITE_get_io_tensor, _text(name), phase)

    def get_discrete_tensor(
        self, name: Union[str, bytes], n_idx: int, phase: int = LiteTensorPhase.LITE_INPUT
    ) -> LiteTensor:
        """The tensor for one item of the batch of the input that LiteConfig.discrete_input_name names."""
        return self._tensor_of(_lib.LITE_get_discrete_tensor, _text(name), n_idx, phase)

    def _name(self, function: Any, index: int) -> str:
        name = c.c_char_p()
        _check(function(self._network, index, c.byref(name)))
        return (name.value or b"").decode("utf-8")

    def _names(self, function: Any) -> List[str]:
        count = c.c_size_t()
        _check(function(self._network, c.byref(count), None))
        names = (c.c_char_p * count.value)()
        _check(function(self._network, None, names))
        return [(name or b"").decode("utf-8") for name in names]

    def get_input_name(self, index: int) -> str:
        """An input's name."""
        return self._name(_lib.LITE_get_input_name, index)

    def get_output_name(self, index: int) -> str:
        """An output's name."""
        return self._name(_lib.LITE_get_output_name, index)

    def get_all_input_name(self) -> List[str]:
        """The inputs' names."""
        return self._names(_lib.LITE_get_all_input_name)

    def get_all_output_name(self) -> List[str]:
        """The outputs' names."""
        return self._names(_lib.LITE_get_all_output_name)

    def extra_configure(self, extra_config: LiteExtraConfig) -> None:
        """Configures what LiteConfig has no field for."""
        _check(_lib.LITE_extra_configure(self._network, extra_config))

    def share_weights_with(self, src_network: "LiteNetwork") -> None:
        """Takes another network's model; the weights exist once."""
        assert isinstance(src_network, LiteNetwork)
        _check(_lib.LITE_shared_weight_with_network(self._network, src_network._network))

    def share_runtime_memroy(self, src_network: "LiteNetwork") -> None:
        """Works in the same memory as another network; the two cannot run at once."""
        assert isinstance(src_network, LiteNetwork)
        _check(_lib.LITE_share_runtime_memroy(self._network, src_network._network))

    def _set_callback(self, which: str, callback: Any) -> None:
        _check(getattr(_lib, f"LITE_set_{which}_callback")(self._network, callback))
        self._callbacks[which] = callback

    def async_with_callback(self, async_callback: Callable[[], Any]) -> None:
        """Makes forward return at once; the callback is called, in another thread, when the run is over."""
        self._set_callback("async", wrap_async_callback(async_callback))

    def set_start_callback(self, start_callback: Callable[[Dict[LiteIO, Any]], Any]) -> None:
        """Sets what sees the inputs, a dict from LiteIO to LiteTensor, before each run."""
        self._set_callback("start", start_finish_callback(start_callback))

    def set_finish_callback(self, finish_callback: Callable[[Dict[LiteIO, Any]], Any]) -> None:
        """Sets what sees the outputs, a dict from LiteIO to LiteTensor, after each run."""
        self._set_callback("finish", start_finish_callback(finish_callback))

    def enable_profile_performance(self, profile_file: Union[str, bytes]) -> None:
        """Writes a Chrome trace of each run to a file."""
        _check(_lib.LITE_enable_profile_performance(self._network, _text(profile_file)))

    def set_network_algo_workspace_limit(self, size_limit: int) -> None:
        """Limits the scratch memory that a kernel may want, in bytes."""
        _check(_lib.LITE_set_network_algo_workspace_limit(self._network, size_limit))

    def set_network_algo_policy(
        self, policy: int, shared_batch_size: int = 0, binary_equal_between_batch: bool = False
    ) -> None:
        """Sets how kernels are chosen: bits of LiteAlgoSelectStrategy, and the batch size that they are timed with."""
        _check(_lib.LITE_set_network_algo_policy(self._network, policy))
        _check(
            _lib.LITE_set_network_algo_fastrun_config(self._network, shared_batch_size, binary_equal_between_batch)
        )

    def io_txt_dump(self, txt_file: Union[str, bytes]) -> None:
        """Writes what goes into and comes out of every operator to a text file."""
        _check(_lib.LITE_enable_io_txt_dump(self._network, _text(txt_file)))

    def io_bin_dump(self, bin_dir: Union[str, bytes]) -> None:
        """Writes what goes into and comes out of every operator to files in a directory."""
        _check(_lib.LITE_enable_io_bin_dump(self._network, _text(bin_dir)))

    def get_static_memory_alloc_info(self, log_dir: Union[str, bytes] = "logs/test") -> None:
        """Writes the plan of the working memory into a directory."""
        _check(_lib.LITE_get_static_memory_alloc_info(self._network, _text(log_dir)))

    def enable_global_layout_transform(self) -> None:
        """Asks that layouts be chosen over the whole graph, which always happens here."""
        _check(_lib.LITE_enable_global_layout_transform(self._network))

    def dump_layout_transform_model(self, model_file: Union[str, bytes]) -> None:
        """Writes the model to a file that can be loaded again."""
        _check(_lib.LITE_dump_layout_transform_model(self._network, _text(model_file)))


def get_model_io_info(model_path: Union[str, bytes], config: Optional[LiteConfig] = None) -> LiteNetworkIO:
    """A model's inputs and outputs, without loading its weights."""
    ios = _LiteNetworkIO()
    _check(_lib.LITE_get_model_io_info_by_path(_text(model_path), config or LiteConfig(), c.byref(ios)))
    return LiteNetworkIO(
        [_own(ios.inputs[i]) for i in range(ios.input_size)], [_own(ios.outputs[i]) for i in range(ios.output_size)]
    )
