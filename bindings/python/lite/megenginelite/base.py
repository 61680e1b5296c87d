"""The library's version and how much it logs."""

from __future__ import annotations

import ctypes as c
from typing import Any

from .. import _native

__all__ = ["get_log_level", "set_log_level", "version"]

_lib = _native.lib
_check = _native.check
_Cnetwork = c.c_void_p
_Ctensor = c.c_void_p

_native.declare(
    {
        "LITE_get_version": (c.POINTER(c.c_int),) * 3,
        "LITE_set_log_level": (c.c_int,),
        "LITE_get_log_level": (c.POINTER(c.c_int),),
    }
)


def _get(function: Any, handle: Any, kind: Any) -> Any:
    """The value that a function of the library writes through its last argument."""
    value = kind()
    _check(function(handle, c.byref(value)))
    return value.value


def _text(value: Any) -> bytes:
    """A name or path as the library takes it."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8")


def _version() -> str:
    parts = c.c_int(), c.c_int(), c.c_int()
    _check(_lib.LITE_get_version(*(c.byref(p) for p in parts)))
    return ".".join(str(p.value) for p in parts)


version = _version()


def set_log_level(level: int) -> None:
    """Logs what is at least as grave as a LiteLogLevel."""
    _check(_lib.LITE_set_log_level(level))


def get_log_level() -> int:
    """The LiteLogLevel in force, as a number."""
    level = c.c_int()
    _check(_lib.LITE_get_log_level(c.byref(level)))
    return level.value
