"""Lite: run ONNX, MegEngine and PaddlePaddle models, fast.

    net = lite.Network("model.onnx")
    result = net.run({"data": array})["prob"]
"""

from __future__ import annotations

import ctypes as _c
import importlib as _importlib
import json as _json
import sys as _sys
from typing import Any, Callable, Optional, Union

from ._native import LOG_CALLBACK as _LOG_CALLBACK
from ._native import Error
from ._native import OptionInfo as _OptionInfo
from ._native import check as _check
from ._native import lib as _lib
from .batch import run_batches
from .converting import compile, convert
from .megenginelite import (
    LiteAlgoSelectStrategy,
    LiteBackend,
    LiteConfig,
    LiteDataType,
    LiteDeviceType,
    LiteExtraConfig,
    LiteGlobal,
    LiteIO,
    LiteIOType,
    LiteLayout,
    LiteLogLevel,
    LiteNetwork,
    LiteNetworkIO,
    LiteOptions,
    LiteTensor,
    LiteTensorConcat,
    LiteTensorDesc,
    LiteTensorPhase,
    TensorBatchCollector,
    decryption_func,
    get_model_io_info,
    lite_dtype_2_numpy,
)
from .network import DEVICES as _DEVICES
from .network import Info, Network, Unsupported
from .network import _read_statistics, _take_text
from .operator import Known, Node, Registration, load_operators, register_operator
from .packing import describe_pack, pack, set_decryption_key, unpack
from .tensor import Tensor

__all__ = [
    "Error", "Info", "Known", "LiteAlgoSelectStrategy", "LiteBackend", "LiteConfig", "LiteDataType", "LiteDeviceType",
    "LiteExtraConfig", "LiteGlobal", "LiteIO", "LiteIOType", "LiteLayout", "LiteLogLevel", "LiteNetwork",
    "LiteNetworkIO", "LiteOptions", "LiteTensor", "LiteTensorConcat", "LiteTensorDesc", "LiteTensorPhase", "Network",
    "Node", "Registration", "Tensor", "TensorBatchCollector", "Unsupported", "build_info", "compile", "convert",
    "decryption_func", "describe_pack", "device_count", "get_model_io_info", "install_as_megenginelite", "lite_dtype_2_numpy",
    "load_operators", "operators", "options", "pack", "register_operator", "release_memory", "run_batches",
    "set_decryption_key", "set_log_callback", "set_threads", "statistics", "threads", "unpack", "version",
]  # fmt: skip
__version__ = "1.0.0"

_log_callback: Any = None  # the library holds a pointer to it


def build_info() -> str:
    """Version, compiler and parts of the library in use."""
    return (_lib.LITE_get_build_info() or b"").decode()


def operators() -> list[dict[str, Any]]:
    """The operators that models may have: name, domain, types, kernels, ... as LITE_get_operators says."""
    text = _c.c_void_p()
    _check(_lib.LITE_get_operators(_c.byref(text)))
    found: list[dict[str, Any]] = _json.loads(_take_text(text))
    return found


def options() -> list[dict[str, str]]:
    """The options that there are: scope ("network" or "process"), key, type, default and a description."""
    count = _c.c_size_t()
    _check(_lib.LITE_get_option_count(_c.byref(count)))
    found = []
    for i in range(count.value):
        o = _OptionInfo()
        o.struct_size = _c.sizeof(o)
        _check(_lib.LITE_get_option_info(i, _c.byref(o)))
        texts = ((t or b"").decode() for t in (o.key, o.type, o.default_value, o.description))
        found.append(dict(zip(("scope", "key", "type", "default", "description"), ("process" if o.scope else "network", *texts))))
    return found


def version() -> tuple[int, int, int]:
    """The library's version."""
    major, minor, patch = _c.c_int(), _c.c_int(), _c.c_int()
    _check(_lib.LITE_get_version(_c.byref(major), _c.byref(minor), _c.byref(patch)))
    return major.value, minor.value, patch.value


def device_count(kind: str = "cpu") -> int:
    """How many devices of a kind, "cpu" or "cuda", can be used now."""
    n = _c.c_size_t()
    _check(_lib.LITE_get_device_count(_DEVICES[kind], _c.byref(n)))
    return n.value


def statistics() -> dict[str, int]:
    """What all networks of the process cost together now; `Network.statistics` tells of one."""
    return _read_statistics(_lib.LITE_get_process_statistics)


def release_memory() -> None:
    """Gives unused memory of caches, pools and idle networks back to the system."""
    _check(_lib.LITE_try_coalesce_all_free_memory())


def threads() -> int:
    """Threads of the process-wide pool."""
    n = _c.c_size_t()
    _check(_lib.LITE_get_process_threads(_c.byref(n)))
    return n.value


def set_threads(n: int) -> None:
    """Sets how many threads the process-wide pool has; 0 = as many as the process has CPUs."""
    _check(_lib.LITE_set_process_threads(n))


def set_log_callback(callback: Optional[Callable[[int, str], None]], level: int = 2) -> None:
    """Sends log messages of at least `level` (0 debug, 1 info, 2 warning, 3 error) to callback(level, text)."""
    global _log_callback
    new = _LOG_CALLBACK(lambda l, m, _: callback(l, m.decode("utf-8", "replace"))) if callback else _LOG_CALLBACK()
    _check(_lib.LITE_set_log_callback(new, None))
    _log_callback = new
    _check(_lib.LITE_set_log_level(level))


def install_as_megenginelite() -> None:
    """Lets `import megenginelite` and imports of its modules find `lite.megenginelite` in this process, from now on."""
    for part in ("", ".base", ".global_setting", ".network", ".struct", ".tensor", ".utils"):
        _sys.modules["megenginelite" + part] = _importlib.import_module(f"{__name__}.megenginelite{part}")
