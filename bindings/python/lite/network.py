"""Networks: load a model, run it."""

from __future__ import annotations

import ctypes as c
import json
import math
import os
from dataclasses import dataclass
from html import escape
from typing import Any, Callable, Mapping, Optional, Sequence, Tuple, Union

import numpy as np

from . import dtypes
from ._native import (
    Config,
    Error,
    IOInfo,
    LiteOptions,
    LoadOptions,
    Statistics,
    UnsupportedNode,
    ValueType,
    check,
    lib,
    undeclared,
)
from .tensor import Output, write
from .value import KINDS, Level, ValueOutput, build

DEVICES = {"cpu": 0, "cuda": 1, "default": 7}
_INPUT, _OUTPUT = 1, 2
_forward = undeclared("LITE_forward")
# Inputs of so many bytes are copied sooner than the library is told where they lie.
_COPIED = 1 << 16
# For inputs of so few bytes what numpy does to copy them takes longer than to copy them twice.
_COPIED_TWICE = 1 << 12
_NO_BUFFER = (None, None, None, None)
# Runs with inputs of the same shapes: in the second outputs are moved, in the third they are looked for.
_MOVES, _FINDS, _MANY = 2, 3, 4
Feeds = Union[Mapping[str, Any], Sequence[Any], None]
Dims = Tuple[Union[int, str, None], ...]


@dataclass(frozen=True)
class Info:
    """What the model says about an input or output. Unknown dimensions are None, or their name where they have one.

    `dtype` is that of the tensors in it, `type` is in ONNX's notation: "seq(tensor(float))". `element` tells what a
    sequence, optional or map holds; the dtype in it is a tensor's, or that of a map's keys.
    """

    name: str
    dtype: str
    shape: Optional[Dims]
    kind: str = "tensor"
    type: str = ""
    element: Optional["Info"] = None

    def __str__(self) -> str:
        if self.kind != "tensor":
            return self.type
        dims = "..." if self.shape is None else ", ".join("?" if d is None else str(d) for d in self.shape)
        return f"{self.dtype}[{dims}]"


@dataclass(frozen=True)
class Unsupported:
    """A node that this library cannot run, and why."""

    name: str
    op_type: str
    domain: str
    opset: int
    types: str
    reason: str


def _without_nul(text: bytes) -> bytes:
    """The text, which C would take to end at a NUL."""
    if b"\0" in text:
        raise ValueError(f"{text!r} has a NUL in it")
    return text


def _closed() -> Error:
    return Error("the network is closed", -13, "closed")


def _load_options(**fields: Any) -> LoadOptions:
    options = LoadOptions()
    options.struct_size = c.sizeof(LoadOptions)
    for key, value in fields.items():
        if value is not None:
            setattr(options, key, value.encode() if isinstance(value, str) else value)
    return options


def _shape(x: Union[IOInfo, ValueType]) -> Optional[Dims]:
    if x.rank < 0:
        return None
    names = [x.dim_names[d] or b"" if x.dim_names else b"" for d in range(x.rank)]
    return tuple(x.dims[d] if x.dims[d] >= 0 else names[d].decode() or None for d in range(x.rank))


def _read_statistics(get: Callable[[Any], int]) -> dict[str, int]:
    s = Statistics()
    s.struct_size = c.sizeof(s)
    check(get(c.byref(s)))
    return {name: getattr(s, name) for name, *_ in Statistics._fields_[1:]}


def _take_text(pointer: c.c_void_p) -> str:
    try:
        return c.string_at(pointer.value or 0).decode("utf-8", "replace")
    finally:
        lib.LITE_free_string(pointer)


class Network:
    """A loaded model.

    model:    path of a model file, or its bytes (copied).
    threads:  most threads a run uses; None = as many as the process has CPUs.
    options:  settings by name, as `lite.options()` lists them.
    base_directory: where files of external weights lie, for a model given as bytes.
    key:      what opens an encrypted model, instead of the key that set_decryption_key has set.
    device:   "cpu", "cuda", or "default": what the model says, else the CPU. `device_id` is which of its kind; -1: the default one.
    share_weights_with: another Network of the same model; weights are then held once.

    One thread at a time may run a network; a second one gets an Error ("busy"). `cancel` may be called from any.
    A network of a file can be pickled: what is kept is the path and the settings, and the model is loaded again.
    After a fork the child's networks work as the parent's do.
    """

    def __init__(
        self,
        model: Union[str, "os.PathLike[str]", bytes, bytearray, memoryview, None] = None,
        threads: Optional[int] = None,
        options: Optional[Mapping[str, Any]] = None,
        base_directory: Optional[str] = None,
        share_weights_with: Optional["Network"] = None,
        key: Optional[bytes] = None,
        device: str = "default",
        device_id: int = -1,
    ):
        self._handle = c.c_void_p()
        if device not in DEVICES:
            raise ValueError(f"device is {device!r}, not one of {', '.join(DEVICES)}")
        self._kept: dict[int, Any] = {}  # what inputs refer to
        # Those of them that are ours to write over, as bytes if there are few of them, with shape and dtype: by the input's
        # place, and by its name.
        self._buffers: dict[Union[int, str], tuple[Any, Any, Any, Any]] = {}
        self._looks: dict[int, Any] = {}  # shapes and element types of inputs
        self._alike = 0  # runs since one of them changed
        self._still: Optional[list[tuple[str, Any]]] = None  # outputs that then stay where they are
        self._made_of = (model, threads, dict(options or {}), base_directory, None, None, device, device_id)
        if share_weights_with is not None:
            self._made_of = (share_weights_with._made_of[0], *self._made_of[1:])
        elif not isinstance(model, (str, os.PathLike)):
            self._made_of = (None, *self._made_of[1:])  # bytes are not held twice
        config = Config(device_id=device_id, device_type=DEVICES[device], options=LiteOptions())
        check(lib.LITE_make_network_config(c.byref(self._handle), config))
        self._this: Optional[tuple[Any]] = (c.c_void_p.from_param(self._handle.value),)  # None when it is closed
        try:
            self.set_option("threads", threads or 0)
            for option, value in (options or {}).items():
                self.set_option(option, value)
            self._load(model, base_directory, share_weights_with, key)
            self.inputs = self._infos(lib.LITE_get_input_count, lib.LITE_get_input_info, lib.LITE_get_input_value_type)
            self.outputs = self._infos(lib.LITE_get_output_count, lib.LITE_get_output_info, lib.LITE_get_output_value_type)
            self._in = [self._tensor(i, _INPUT) for i in self.inputs]
            self._readers = self._make_readers()
        except BaseException:
            self.close()
            raise
        self._dtypes = [dtypes.CODES.get(i.dtype) for i in self.inputs]
        self._index = {info.name: i for i, info in enumerate(self.inputs)}

    def _load(
        self, model: Any, base_directory: Optional[str], share: Optional["Network"], key: Optional[bytes]
    ) -> None:
        if share is not None:
            share._open()
            check(lib.LITE_shared_weight_with_network(self._handle, share._handle))
            return
        if model is None:
            raise TypeError("a model is wanted: a path or bytes")
        options = _load_options(base_directory=base_directory, key_data=key, key_size=len(key or b""))
        if isinstance(model, (bytes, bytearray, memoryview)):
            data = bytes(model)
            code = lib.LITE_load_model_memory(self._handle, data, len(data), c.byref(options))
        else:
            code = lib.LITE_load_model_file(self._handle, _without_nul(os.fsencode(model)), c.byref(options))
        try:
            check(code)
        except Error as e:
            e.unsupported = self._unsupported()  # type: ignore[attr-defined]
            raise

    def _unsupported(self) -> list[Unsupported]:
        count = c.c_size_t()
        check(lib.LITE_get_unsupported_count(self._handle, c.byref(count)))
        nodes = []
        for i in range(count.value):
            n = UnsupportedNode()
            n.struct_size = c.sizeof(n)
            check(lib.LITE_get_unsupported_node(self._handle, i, c.byref(n)))
            name, op_type, domain, types, reason = (
                (t or b"").decode() for t in (n.name, n.op_type, n.domain, n.types, n.reason)
            )
            nodes.append(Unsupported(name, op_type, domain, n.opset, types, reason))
        return nodes

    def _infos(self, count_of: Any, info_of: Any, type_of: Any) -> list[Info]:
        count = c.c_size_t()
        check(count_of(self._handle, c.byref(count)))
        infos = []
        for i in range(count.value):
            x = IOInfo()
            x.struct_size = c.sizeof(x)
            check(info_of(self._handle, i, c.byref(x)))
            dtype = dtypes.NAMES.get(x.dtype, "?")
            element = self._element(type_of, i, 1) if x.kind else None
            infos.append(Info(x.name.decode(), dtype, _shape(x), KINDS[x.kind], (x.type or b"").decode(), element))
        return infos

    def _type(self, type_of: Any, index: int, level: int) -> ValueType:
        t = ValueType()
        t.struct_size = c.sizeof(t)
        check(type_of(self._handle, index, level, c.byref(t)))
        return t

    def _element(self, type_of: Any, index: int, level: int) -> Info:
        t = self._type(type_of, index, level)
        element = self._element(type_of, index, level + 1) if t.has_element else None
        return Info("", dtypes.NAMES.get(t.dtype, "?"), _shape(t), KINDS[t.kind], "", element)

    def _levels(self, index: int) -> list[Level]:
        levels: list[Level] = []
        more = True
        while more:
            t = self._type(lib.LITE_get_input_value_type, index, len(levels))
            levels.append(Level(t.kind, t.dtype))
            more = bool(t.has_element)
        return levels

    def _tensor(self, info: Info, phase: int) -> Optional[c.c_void_p]:
        if info.kind != "tensor":
            return None
        tensor = c.c_void_p()
        check(lib.LITE_get_io_tensor(self._handle, info.name.encode(), phase, c.byref(tensor)))
        return tensor

    def _make_readers(self) -> list[tuple[str, Union[Output, ValueOutput]]]:
        return [(o.name, self._reader(o)) for o in self.outputs]

    def _reader(self, info: Info) -> Union[Output, ValueOutput]:
        if info.kind == "tensor":
            return Output(self._tensor(info, _OUTPUT))
        return ValueOutput(self._handle, info.name)

    def _open(self) -> None:
        if not self._handle:
            raise _closed()

    def _change(self) -> None:
        """The outputs may move."""
        self._alike = 0
        self._still = None

    def set_input(self, which: Union[int, str], value: Any) -> None:
        """Binds an input. A contiguous numpy array is used in place and kept alive; anything else is copied first.

        A sequence is given as a list, an optional as what it holds or None, a map as a dict.
        """
        self._open()
        i = self._index.get(which) if isinstance(which, str) else which
        if i is None or not 0 <= i < len(self._in):
            raise Error(f"there is no input {which!r}; there are {[x.name for x in self.inputs]}", -4, "not found")
        self._buffers.pop(i, None)
        self._buffers.pop(self.inputs[i].name, None)
        if self._in[i] is not None:
            self._kept[i], look = write(self._in[i], value, self._dtypes[i])
            if self._looks.get(i) != look:
                self._looks[i] = look
                self._change()
            return
        self._change()
        with build(value, self._levels(i), f"input '{self.inputs[i].name}'") as handle:
            check(lib.LITE_set_input_value(self._handle, self.inputs[i].name.encode(), handle))

    def _feed(self, which: Union[int, str], value: Any) -> None:
        """As `set_input`, but what is small is copied; by `run` into the same memory as long as it looks the same."""
        if type(value) is not np.ndarray or value.nbytes > _COPIED:
            self.set_input(which, value)
            return
        array = np.array(value, order="C")
        self.set_input(which, array)
        i = self._index[which] if isinstance(which, str) else which
        if self._kept.get(i) is array:
            few = (c.c_char * array.nbytes).from_buffer(array.reshape(-1).view(np.uint8)) if 0 < array.nbytes <= _COPIED_TWICE else None
            self._buffers[i] = self._buffers[self.inputs[i].name] = array, few, array.shape, array.dtype

    def run(self, feeds: Feeds = None, copy: bool = True) -> dict[str, Any]:
        """Runs once. Inputs by name or in order; those not given keep their value. Outputs in order, by name: arrays,
        lists of them for sequences, None or what is held for optionals, dicts for maps.

        With copy=False outputs that are tensors are views of the library's memory, which the next run writes over. They
        outlive the network.
        """
        this = self._this
        if this is None:
            raise _closed()
        if feeds is not None:
            buffers = self._buffers
            for which, value in feeds.items() if type(feeds) is dict else self._given(feeds):
                buffer, few, shape, dtype = buffers.get(which, _NO_BUFFER)
                if type(value) is np.ndarray and value.shape == shape and value.dtype is dtype:
                    if few is None:
                        buffer[...] = value
                    else:
                        few.raw = value.tobytes()
                else:
                    self._feed(which, value)
        code = _forward(*this)
        if code:
            check(code)
        still = self._still
        if still is None:
            return self._collect(copy)
        results = {}  # a loop, which is quicker than a comprehension
        for name, array in still:
            results[name] = array.copy() if copy else array.view()
        return results

    __call__ = run

    def _given(self, feeds: Any) -> Any:
        """Pairs of an input, by name or place, and its value."""
        if isinstance(feeds, Mapping):
            return feeds.items()
        if isinstance(feeds, (np.ndarray, str, bytes)):
            raise TypeError(f"inputs are given in a dict or a list, not as {type(feeds).__name__}")
        if len(feeds) > len(self._in):
            raise Error(f"{len(feeds)} inputs given, the model has {len(self._in)}", -1, "invalid argument")
        return enumerate(feeds)

    def _collect(self, copy: bool) -> dict[str, Any]:
        """The outputs of a run that may have put them anywhere."""
        results = {name: output.read(copy) for name, output in self._readers}
        # Outputs are not moved away from views that are handed out.
        self._alike = self._alike + 1 if copy else _MANY
        if self._alike == _MOVES:
            if not all([output.move() for _, output in self._readers]):
                self._alike = _MANY
        elif self._alike == _FINDS:
            moved = [(name, output.moved()) for name, output in self._readers]
            if all(array is not None for _, array in moved):
                self._still = moved
        return results

    async def run_async(self, feeds: Feeds = None) -> dict[str, Any]:
        """As `run`, in a thread of the event loop's executor. Cancelling the task stops the run, and waits until it has."""
        import asyncio  # here, since it takes as long as all of this package

        running = asyncio.get_running_loop().run_in_executor(None, self.run, feeds)
        try:
            return await asyncio.shield(running)
        except asyncio.CancelledError:
            while not running.done():
                self.cancel()  # one that comes before the run begins stops nothing
                await asyncio.wait((running,), timeout=0.01)
            if not running.cancelled():
                running.exception()
            raise

    def cancel(self) -> None:
        """Stops the run in progress, from any thread."""
        self._open()
        check(lib.LITE_cancel(self._handle))

    def set_timeout(self, seconds: Optional[float]) -> None:
        """Limits the time of each following run; None = no limit."""
        self._open()
        if seconds is not None and not seconds > 0:
            raise ValueError(f"a time limit is more than 0 seconds, not {seconds!r}; None is no limit")
        check(lib.LITE_set_run_timeout(self._handle, 0 if seconds is None else math.ceil(seconds * 1e6)))

    def set_option(self, key: str, value: Any) -> None:
        """Sets an option by name; `lite.options()` lists them."""
        self._open()
        text = ("on" if value else "off") if isinstance(value, bool) else str(value)
        check(lib.LITE_set_option(self._handle, _without_nul(key.encode()), _without_nul(text.encode())))
        self._change()

    def get_option(self, key: str) -> str:
        """An option as text."""
        self._open()
        value = c.c_char_p()
        check(lib.LITE_get_option(self._handle, key.encode(), c.byref(value)))
        return (value.value or b"").decode()

    @property
    def metadata(self) -> dict[str, str]:
        self._open()
        count = c.c_size_t()
        check(lib.LITE_get_metadata_count(self._handle, c.byref(count)))
        items = {}
        for i in range(count.value):
            key, value = c.c_char_p(), c.c_char_p()
            check(lib.LITE_get_metadata_item(self._handle, i, c.byref(key), c.byref(value)))
            items[(key.value or b"").decode()] = (value.value or b"").decode("utf-8", "replace")
        return items

    def statistics(self) -> dict[str, int]:
        """What the network costs now: bytes of weights, arena and caches, programs, runs."""
        self._open()
        return _read_statistics(lambda s: lib.LITE_get_statistics(self._handle, s))

    def dump_graph(self, stage: str = "optimized", format: str = "text") -> str:
        """The graph "imported" or "optimized", as "text", "dot" or "json"."""
        self._open()
        text = c.c_void_p()
        check(lib.LITE_dump_graph(self._handle, stage.encode(), format.encode(), c.byref(text)))
        return _take_text(text)

    def profile(self, enabled: bool = True) -> None:
        """Turns the profiler on (and empties it) or off."""
        self._open()
        check(lib.LITE_set_profiling(self._handle, int(enabled)))

    def get_profile(self, format: str = "table") -> Any:
        """What the profiler saw: "table" (text), "json" (a list or dict), "trace" (text for Chrome's trace viewer)."""
        self._open()
        text = c.c_void_p()
        check(lib.LITE_get_profile(self._handle, format.encode(), c.byref(text)))
        return json.loads(_take_text(text)) if format == "json" else _take_text(text)

    def trim(self) -> None:
        """Gives working memory and compiled programs back."""
        self._open()
        self._change()
        self._readers = self._make_readers()  # which may keep outputs' memory
        check(lib.LITE_trim(self._handle))

    def close(self) -> None:
        """Frees the network. Further use raises Error; closing twice is allowed."""
        if self._handle:
            lib.LITE_destroy_network(self._handle)
            self._handle = c.c_void_p()
            self._this = None
            self._kept.clear()
            self._buffers.clear()
            self._readers = []
            self._still = None

    def __enter__(self) -> "Network":
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()

    def __repr__(self) -> str:
        if not self._handle:
            return "<lite.Network closed>"
        inputs, outputs = (", ".join(f"{i.name}: {i}" for i in infos) for infos in (self.inputs, self.outputs))
        return f"<lite.Network ({inputs}) -> ({outputs})>"

    def _repr_html_(self) -> str:
        from .notebook import network_html  # here, since few processes are notebooks

        return network_html(self) if self._handle else f"<code>{escape(repr(self))}</code>"

    def __reduce__(self) -> tuple[Any, ...]:
        if self._made_of[0] is None:
            raise TypeError("a lite.Network of bytes is not pickled: load it from a file, or send the bytes")
        return (type(self), self._made_of)
