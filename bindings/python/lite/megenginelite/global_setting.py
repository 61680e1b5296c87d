"""What concerns the whole process."""

from __future__ import annotations

import ctypes as c
from typing import Any, Callable, Dict, Sequence, Union

import numpy as np

from .. import _native
from .base import _check, _lib, _text
from .struct import LiteBackend

__all__ = ["LiteDecryptionFunc", "LiteGlobal", "decryption_func"]

LiteDecryptionFunc = c.CFUNCTYPE(c.c_size_t, c.c_void_p, c.c_size_t, c.POINTER(c.c_uint8), c.c_size_t, c.c_void_p)

_native.declare(
    {
        "LITE_get_device_count": (c.c_int, c.POINTER(c.c_size_t)),
        "LITE_try_coalesce_all_free_memory": (),
        "LITE_register_decryption_and_key": (c.c_char_p, LiteDecryptionFunc, c.POINTER(c.c_uint8), c.c_size_t),
        "LITE_update_decryption_or_key": (c.c_char_p, c.c_void_p, c.POINTER(c.c_uint8), c.c_size_t),
        "LITE_set_loader_lib_path": (c.c_char_p,),
        "LITE_set_persistent_cache": (c.c_char_p, c.c_int),
        "LITE_set_tensor_rt_cache": (c.c_char_p,),
        "LITE_dump_persistent_cache": (c.c_char_p,),
        "LITE_dump_tensor_rt_cache": (),
        "LITE_register_memory_pair": (c.c_void_p, c.c_void_p, c.c_size_t, c.c_int, c.c_int),
        "LITE_clear_memory_pair": (c.c_void_p, c.c_void_p, c.c_int, c.c_int),
        "LITE_lookup_physic_ptr": (c.c_void_p, c.POINTER(c.c_void_p), c.c_int, c.c_int),
    }
)


def _bytes_at(address: Any, size: int) -> Any:
    memory: Any = (c.c_uint8 * size).from_address(address) if address else b""
    return np.frombuffer(memory, np.uint8)


def decryption_func(func: Callable[[Any, Any, Any], int]) -> Any:
    """Makes a decryption method for LiteGlobal.register_decryption_and_key out of func(in_arr, key_arr, out_arr).

    The arrays are of uint8. The first call has None for out_arr and returns how many bytes the model needs; the second
    fills out_arr and returns how many it has.
    """

    @LiteDecryptionFunc  # type: ignore[untyped-decorator, misc, unused-ignore]
    def wrapper(in_data: Any, in_size: int, key_data: Any, key_size: int, out_data: Any) -> int:
        given, key = _bytes_at(in_data, in_size), _bytes_at(c.cast(key_data, c.c_void_p).value, key_size)
        if not out_data:
            return func(given, key, None)
        return func(given, key, _bytes_at(out_data, func(given, key, None)))

    return wrapper


class LiteGlobal:
    """Functions that concern the whole process."""

    _decryptions: Dict[bytes, Any] = {}  # the library holds pointers to them

    @staticmethod
    def register_decryption_and_key(decryption_name: str, decryption_func: Any, key: Sequence[int]) -> None:
        """Adds a decryption method, made with `decryption_func`, under a name that models and configurations give."""
        name = _text(decryption_name)
        _check(_lib.LITE_register_decryption_and_key(name, decryption_func, (c.c_uint8 * len(key))(*key), len(key)))
        LiteGlobal._decryptions[name] = decryption_func

    @staticmethod
    def update_decryption_key(decryption_name: str, key: Sequence[int]) -> None:
        """Changes a method's key; an empty one changes nothing."""
        _check(_lib.LITE_update_decryption_or_key(_text(decryption_name), None, (c.c_uint8 * len(key))(*key), len(key)))

    @staticmethod
    def set_loader_lib_path(path: str) -> None:
        """Names the library that loads models for other devices."""
        _check(_lib.LITE_set_loader_lib_path(_text(path)))

    @staticmethod
    def set_persistent_cache(path: str, always_sync: bool = False) -> None:
        """Names the file that remembers which kernels were fastest, and whether it is written at once."""
        _check(_lib.LITE_set_persistent_cache(_text(path), always_sync))

    @staticmethod
    def set_tensorrt_cache(path: str) -> None:
        """Means nothing here."""
        _check(_lib.LITE_set_tensor_rt_cache(_text(path)))

    @staticmethod
    def dump_persistent_cache(path: str) -> None:
        """Writes what is known about the fastest kernels to a file."""
        _check(_lib.LITE_dump_persistent_cache(_text(path)))

    @staticmethod
    def dump_tensorrt_cache() -> None:
        """Means nothing here."""
        _check(_lib.LITE_dump_tensor_rt_cache())

    @staticmethod
    def get_device_count(device_type: int) -> int:
        """How many devices of a kind there are."""
        count = c.c_size_t()
        _check(_lib.LITE_get_device_count(device_type, c.byref(count)))
        return count.value

    @staticmethod
    def try_coalesce_all_free_memory() -> None:
        """Gives memory that nothing uses back to the system."""
        _check(_lib.LITE_try_coalesce_all_free_memory())

    @staticmethod
    def register_memory_pair(
        vir_ptr: c.c_void_p, phy_ptr: c.c_void_p, length: int, device: int, backend: int = LiteBackend.LITE_DEFAULT
    ) -> None:
        """Tells which physical address a virtual one stands for."""
        assert isinstance(vir_ptr, c.c_void_p) and isinstance(phy_ptr, c.c_void_p), "addresses are given as c_void_p"
        _check(_lib.LITE_register_memory_pair(vir_ptr, phy_ptr, length, device, backend))

    @staticmethod
    def clear_memory_pair(
        vir_ptr: c.c_void_p, phy_ptr: c.c_void_p, device: int, backend: int = LiteBackend.LITE_DEFAULT
    ) -> None:
        """Forgets a pair of addresses."""
        assert isinstance(vir_ptr, c.c_void_p) and isinstance(phy_ptr, c.c_void_p), "addresses are given as c_void_p"
        _check(_lib.LITE_clear_memory_pair(vir_ptr, phy_ptr, device, backend))

    @staticmethod
    def lookup_physic_ptr(vir_ptr: c.c_void_p, device: int, backend: int = LiteBackend.LITE_DEFAULT) -> c.c_void_p:
        """The physical address of a virtual one."""
        assert isinstance(vir_ptr, c.c_void_p), "addresses are given as c_void_p"
        found = c.c_void_p()
        _check(_lib.LITE_lookup_physic_ptr(vir_ptr, c.byref(found), device, backend))
        return found
