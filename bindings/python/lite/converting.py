"""Writing models of any format as ONNX, or ready to run."""

from __future__ import annotations

import ctypes as c
import json
import os
from typing import Any, Dict, Iterable, Mapping, Optional, Sequence, Tuple, Union

from ._native import CompileOptions, ConvertOptions, InputShape, LoadOptions, check, lib
from .network import _take_text
from .packing import Path, _bytes_of, _take

_EXTERNAL_DATA, _FIXED_SHAPES, _OWN_DOMAIN, _AS_IS = 1, 2, 4, 8
_NO_WINOGRAD, _REPRODUCIBLE = 1, 2


def _input_shapes(shapes: Iterable[Tuple[str, Sequence[int]]]) -> c.Array[InputShape]:
    given = list(shapes)
    array = (InputShape * len(given))()
    for entry, (name, dims) in zip(array, given):
        entry.name, entry.rank = name.encode(), len(dims)
        entry.dims = (c.c_int64 * len(dims))(*dims)
    return array


def convert(
    model: Union[Path, bytes, bytearray, memoryview],
    path: Optional[Path] = None,
    *,
    opset: int = 0,
    external_data: Union[bool, str] = False,
    shapes: Optional[Mapping[str, Sequence[int]]] = None,
    fixed_shapes: bool = False,
    own_domain: bool = False,
    as_is: bool = False,
    key: Optional[bytes] = None,
) -> Union[bytes, Dict[str, Any]]:
    """Writes a model as ONNX: into a file, which gives what was written ("opset", "nodes", "bytes", ...), or, without
    `path`, returned as bytes.

    opset:         of ONNX, 13 or newer; 0: the oldest of those that can say the model.
    external_data: constants go into a file beside the model, of that name or the model's and ".data".
    shapes:        that inputs have from now on.
    fixed_shapes:  inputs have the sizes that the file was made with.
    own_domain:    operators that ONNX has no word for are written all the same, for this library alone.
    as_is:         constant parts are not calculated in advance.
    key:           of an encrypted model.
    """
    load, options = LoadOptions(), ConvertOptions()
    load.struct_size, options.struct_size = c.sizeof(load), c.sizeof(options)
    load.key_data, load.key_size = key, len(key or b"")
    options.flags = (
        (_EXTERNAL_DATA if external_data else 0)
        | (_FIXED_SHAPES if fixed_shapes else 0)
        | (_OWN_DOMAIN if own_domain else 0)
        | (_AS_IS if as_is else 0)
    )
    options.opset = opset
    options.external_data = external_data.encode() if isinstance(external_data, str) else None
    options.load = c.pointer(load)
    array = _input_shapes((shapes or {}).items())
    options.shapes, options.shape_count = array, len(array)

    report, out, size = c.c_void_p(), c.c_void_p(), c.c_size_t()
    if path is not None and not isinstance(model, (bytes, bytearray, memoryview)):
        check(lib.LITE_convert_model(os.fsencode(model), os.fsencode(path), c.byref(options), c.byref(report)))
        described: Dict[str, Any] = json.loads(_take_text(report))
        return described
    if external_data:
        raise ValueError("external data lies beside a file: model and path must both be paths")
    if not isinstance(model, (bytes, bytearray, memoryview)):
        load.base_directory = os.fsencode(os.path.dirname(os.path.abspath(model)))
    data = _bytes_of(model)
    check(lib.LITE_convert_model_memory(data, len(data), c.byref(options), c.byref(out), c.byref(size), c.byref(report)))
    described, onnx = json.loads(_take_text(report)), _take(out, size)
    if path is None:
        return onnx
    with open(path, "wb") as file:
        file.write(onnx)
    return described


def compile(
    model: Path,
    path: Path,
    *,
    shapes: Sequence[Mapping[str, Sequence[int]]] = (),
    winograd: bool = True,
    reproducible: bool = False,
) -> Dict[str, Any]:
    """Writes a model in a form that this build of the library, on a processor like this one, loads in a fraction of the
    time, and gives what was written ("bytes", "packed", ...).

    shapes:       of the inputs, a set for each that the model will run with; others go on working, and need more time
                  at first. Without them those that the model declares.
    winograd:     False for networks with the option "winograd" off.
    reproducible: for networks that run so.
    """
    options, report = CompileOptions(), c.c_void_p()
    options.struct_size = c.sizeof(options)
    options.flags = (0 if winograd else _NO_WINOGRAD) | (_REPRODUCIBLE if reproducible else 0)
    array = _input_shapes(item for one in shapes for item in one.items())
    options.shapes, options.shape_count = array, len(array)
    check(lib.LITE_compile_model(os.fsencode(model), os.fsencode(path), c.byref(options), c.byref(report)))
    described: Dict[str, Any] = json.loads(_take_text(report))
    return described
