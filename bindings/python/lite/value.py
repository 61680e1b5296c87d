"""Values of the library's, and the way between them and Python: lists for sequences, None or what is held for optionals,
dicts for maps, numpy arrays for tensors."""

from __future__ import annotations

import ctypes as c
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Iterator, Sequence

import numpy as np

from . import dtypes
from ._native import Error, check, lib
from .tensor import Tensor, read

if TYPE_CHECKING:
    from .dtypes import Array

TENSOR, SEQUENCE, OPTIONAL, MAP = range(4)
KINDS = ("tensor", "sequence", "optional", "map")
_SHARE_MEMORY = 1


class Level:
    """One level of a type: what it is, and the element type of a tensor or of a map's keys."""

    def __init__(self, kind: int, dtype: int):
        self.kind = kind
        self.dtype = dtype


def _invalid(message: str) -> Error:
    return Error(message, -1, "invalid argument")


@contextmanager
def _made(function: Any, *arguments: Any) -> Iterator[c.c_void_p]:
    """The value that the function gives through its last argument; destroyed afterwards."""
    handle = c.c_void_p()
    check(function(*arguments, c.byref(handle)))
    try:
        yield handle
    finally:
        lib.LITE_destroy_value(handle)


def _array(value: Any, dtype: int) -> Array:
    array = np.asarray(value)
    if dtype != dtypes.STRING and array.dtype != dtypes.to_numpy(dtype) and not isinstance(value, (np.ndarray, np.generic)):
        array = array.astype(dtypes.to_numpy(dtype))  # Python numbers have no type of their own
    return array


def _keys(value: dict[Any, Any], dtype: int, who: str) -> Array:
    wanted = (str, bytes) if dtype == dtypes.STRING else (int, np.integer)
    for key in value:
        if not isinstance(key, wanted) or isinstance(key, bool):
            raise _invalid(f"{who} is a map from {dtypes.NAMES[dtype]}: the key {key!r} is none")
    return np.array(list(value), dtype=dtypes.to_numpy(dtype))


@contextmanager
def build(value: Any, levels: Sequence[Level], who: str) -> Iterator[c.c_void_p]:
    """A library value of that type; destroyed afterwards. `who` begins messages."""
    level, inner = levels[0], levels[1:]
    innermost = levels[-1].dtype
    if level.kind == TENSOR:
        tensor = Tensor(_array(value, level.dtype))
        try:
            with _made(lib.LITE_make_tensor_value, tensor._handle, _SHARE_MEMORY) as handle:
                yield handle
        finally:
            tensor.close()
    elif level.kind == SEQUENCE:
        if not isinstance(value, (list, tuple)):
            raise _invalid(f"{who} is a sequence: a list is wanted, not {type(value).__name__}")
        with _made(lib.LITE_make_sequence, innermost) as handle:
            for i, item in enumerate(value):
                with build(item, inner, f"{who}[{i}]") as element:
                    check(lib.LITE_append_value(handle, element))
            yield handle
    elif level.kind == OPTIONAL:
        if value is None:
            with _made(lib.LITE_make_optional, None, innermost) as handle:
                yield handle
            return
        with build(value, inner, who) as element, _made(lib.LITE_make_optional, element, innermost) as handle:
            yield handle
    else:
        if not isinstance(value, dict):
            raise _invalid(f"{who} is a map: a dict is wanted, not {type(value).__name__}")
        keys = Tensor(_keys(value, level.dtype, who))
        try:
            sequence = [Level(SEQUENCE, 0), *inner]
            with build(list(value.values()), sequence, who) as values:
                with _made(lib.LITE_make_map, keys._handle, values) as handle:
                    yield handle
        finally:
            keys.close()


def _tensor(function: Any, handle: c.c_void_p) -> Array:
    tensor = Tensor()
    check(function(handle, c.byref(tensor._handle)))
    try:
        return read(tensor._handle)
    finally:
        tensor.close()


def _length(handle: c.c_void_p) -> int:
    length = c.c_size_t()
    check(lib.LITE_get_value_length(handle, c.byref(length)))
    return length.value


def take(handle: c.c_void_p) -> Any:
    """What a library value is in Python; a copy. The handle stays the caller's."""
    kind = c.c_int()
    check(lib.LITE_get_value_kind(handle, c.byref(kind)))
    if kind.value == TENSOR:
        return _tensor(lib.LITE_get_value_tensor, handle)
    if kind.value == MAP:
        keys = _tensor(lib.LITE_get_map_keys, handle)
        with _made(lib.LITE_get_map_values, handle) as values:
            return dict(zip(keys.tolist(), take(values)))
    items = []
    for i in range(_length(handle)):
        with _made(lib.LITE_get_value_element, handle, i) as element:
            items.append(take(element))
    if kind.value == OPTIONAL:
        return items[0] if items else None
    return items


class ValueOutput:
    """Reads a network's output that is no tensor: always a copy, made anew by each run."""

    def __init__(self, network: c.c_void_p, name: str):
        self._arguments = network, name.encode()

    def read(self, copy: bool) -> Any:
        with _made(lib.LITE_get_output_value, *self._arguments) as handle:
            return take(handle)

    def move(self) -> bool:
        return False

    def moved(self) -> None:
        return None
