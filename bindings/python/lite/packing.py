"""Packs and encrypted models: making them, and looking into them. `docs/packing.md` has the formats."""

from __future__ import annotations

import ctypes as c
import json
import os
from typing import Any, Mapping, Optional, Union

from ._native import PackOptions, check, lib
from .network import _take_text

_PARTS = {"model": 0, "info": 1, "cache": 2, "binary_cache": 3}
_BARE = 1

Path = Union[str, "os.PathLike[str]"]


def _take(data: c.c_void_p, size: c.c_size_t) -> bytes:
    try:
        return c.string_at(data.value or 0, size.value)
    finally:
        lib.LITE_free_string(data)


def _bytes_of(model: Union[Path, bytes, bytearray, memoryview]) -> bytes:
    if isinstance(model, (bytes, bytearray, memoryview)):
        return bytes(model)
    with open(model, "rb") as file:
        return file.read()


def pack(
    model: Union[Path, bytes, bytearray, memoryview],
    path: Optional[Path] = None,
    *,
    info: Union[Mapping[str, Any], str, bytes, None] = None,
    encrypt: Optional[str] = None,
    key: Optional[bytes] = None,
    name: Optional[str] = None,
    parser: Optional[str] = None,
    cache: Optional[bytes] = None,
    bare: bool = False,
) -> Optional[bytes]:
    """Puts a model into a pack: into a file, or, without `path`, returned as bytes.

    info:    how to run the model; a dict is written as JSON.
    encrypt: "AES_256_GCM", or "AES_default" for MegEngine Lite; both model and info.
    key:     32 bytes for those.
    bare:    encrypt only, without a container.
    """
    data = _bytes_of(model)
    text = json.dumps(info).encode() if isinstance(info, Mapping) else info.encode() if isinstance(info, str) else info
    method = encrypt.encode() if encrypt else None
    options = PackOptions()
    options.struct_size = c.sizeof(options)
    options.flags = _BARE if bare else 0
    options.name = name.encode() if name is not None else None
    options.model_method = method
    options.info_method = method if text else None
    options.key_data, options.key_size = key, len(key or b"")
    options.info, options.info_size = text, len(text or b"")
    options.info_parser = parser.encode() if parser else None
    options.cache, options.cache_size = cache, len(cache or b"")
    out, size = c.c_void_p(), c.c_size_t()
    check(lib.LITE_pack_model_memory(data, len(data), c.byref(options), c.byref(out), c.byref(size)))
    packed = _take(out, size)
    if path is None:
        return packed
    with open(path, "wb") as file:
        file.write(packed)
    return None


def unpack(path: Path, part: str = "model", *, method: Optional[str] = None, key: Optional[bytes] = None) -> bytes:
    """A part of a pack, decrypted: "model", "info", "cache" or "binary_cache".

    method: that of an encrypted model that is no pack.
    key:    instead of the one that set_decryption_key has set.
    """
    if part not in _PARTS:
        raise ValueError(f"part is {part!r}, not one of {', '.join(_PARTS)}")
    out, size = c.c_void_p(), c.c_size_t()
    name = method.encode() if method else None
    check(
        lib.LITE_unpack_model(
            os.fsencode(path), _PARTS[part], name, key, len(key or b""), c.byref(out), c.byref(size)
        )
    )
    return _take(out, size)


def describe_pack(path: Path) -> dict[str, Any]:
    """What a file holds, without decrypting any of it, as LITE_describe_pack says."""
    text = c.c_void_p()
    check(lib.LITE_describe_pack(os.fsencode(path), c.byref(text)))
    description: dict[str, Any] = json.loads(_take_text(text))
    return description


def set_decryption_key(method: str, key: bytes) -> None:
    """Sets the process's key of a decryption method, for all models that are loaded from now on."""
    data = (c.c_uint8 * len(key)).from_buffer_copy(key)
    check(lib.LITE_update_decryption_or_key(method.encode(), None, data, len(key)))
