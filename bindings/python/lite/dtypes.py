"""Element types: the library's numbers, their names, and what numpy calls them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Tuple

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Array = npt.NDArray[Any]
Shape = Tuple[int, ...]

# LiteDataType: name
NAMES = {
    0: "float32", 1: "float16", 2: "int32", 3: "int16", 4: "int8", 5: "uint8", 6: "uint32", 7: "uint16", 8: "int64",
    16: "bool", 17: "bfloat16", 18: "float64", 19: "uint64", 20: "string", 21: "int4", 22: "uint4", 23: "int2",
    24: "uint2", 25: "float8_e4m3fn", 26: "float8_e4m3fnuz", 27: "float8_e5m2", 28: "float8_e5m2fnuz",
    29: "float8_e8m0fnu", 30: "float4_e2m1fn", 31: "complex64", 32: "complex128",
}  # fmt: skip
CODES = {name: code for code, name in NAMES.items()}
STRING = CODES["string"]
# Elements that share a byte; numpy (with ml_dtypes) keeps one a byte.
BITS = {CODES[n]: b for n, b in (("int4", 4), ("uint4", 4), ("int2", 2), ("uint2", 2), ("float4_e2m1fn", 4))}


def to_numpy(code: int) -> np.dtype[Any]:
    """The numpy dtype of a LiteDataType; those numpy lacks come from ml_dtypes, which must be installed for them."""
    name = NAMES[code]
    if code == STRING:
        return np.dtype(object)
    try:
        return np.dtype(name)
    except TypeError:
        pass
    try:
        import ml_dtypes  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        raise TypeError(f"element type {name} needs the package ml_dtypes") from None
    found: np.dtype[Any] = np.dtype(getattr(ml_dtypes, name))
    return found


def from_numpy(dtype: np.dtype[Any]) -> int:
    """The LiteDataType of a numpy dtype."""
    if dtype.kind in "OUST":
        return STRING
    try:
        return CODES[dtype.name]
    except KeyError:
        raise TypeError(f"element type {dtype} is not known to the library") from None


def pack(array: Array, bits: int) -> Array:
    """Sub-byte elements, one a byte, to bytes, the first element in the lowest bits."""
    per = 8 // bits
    flat = array.reshape(-1).view(np.uint8) & ((1 << bits) - 1)
    flat = np.concatenate([flat, np.zeros(-len(flat) % per, np.uint8)]).reshape(-1, per)
    packed: Array = np.bitwise_or.reduce(flat << (np.arange(per, dtype=np.uint8) * bits), axis=1).astype(np.uint8)
    return packed


def unpack(data: Array, code: int, shape: Shape) -> Array:
    """The reverse of pack()."""
    bits = BITS[code]
    count = int(np.prod(shape, dtype=np.int64))
    flat = ((data.reshape(-1, 1) >> (np.arange(8 // bits, dtype=np.uint8) * bits)) & ((1 << bits) - 1)).reshape(-1)[:count]
    if NAMES[code].startswith("int"):
        flat = flat.astype(np.int8)
        flat[flat >= 1 << (bits - 1)] -= 1 << bits
        return flat.astype(to_numpy(code)).reshape(shape)
    if NAMES[code].startswith("uint"):
        return flat.astype(to_numpy(code)).reshape(shape)
    return flat.astype(np.uint8).view(to_numpy(code)).reshape(shape)
