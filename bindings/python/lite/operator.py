"""Operators written in Python: registered, they run the nodes of models that have their domain and name."""

from __future__ import annotations

import ctypes as c
import itertools
import os
from dataclasses import dataclass
from typing import Any, Callable, Optional, Sequence, Union

import numpy as np

from . import dtypes
from ._native import (
    OPERATOR_CREATE,
    OPERATOR_DESTROY,
    OPERATOR_INFER,
    OPERATOR_RUN,
    OPERATOR_TASK,
    RELEASE,
    Error,
    Operator,
    OperatorTensor,
    check,
    lib,
    raised,
)
from .tensor import dims_array

_PURE, _SAME_AS_INPUT = 1, 2
_UNKNOWN_ERROR, _NOT_FOUND = 2, -4


@dataclass(frozen=True)
class Known:
    """What is known of an input before it is there: a dtype's name or None, a shape with None for dimensions that are
    not known, or None, and the content or None."""

    dtype: Optional[str]
    shape: Optional[tuple[Any, ...]]
    value: Optional[np.ndarray] = None


class Node:
    """What a callback is called for; valid until it returns, as are the arrays that run gets and writes.

    name, attributes, state (what create returned). In run: outputs, output(), should_stop(), threads, parallel().
    """

    def __init__(self, context: int, state: Any = None):
        self._context = context
        self.state = state

    @property
    def name(self) -> str:
        name = c.c_char_p()
        check(lib.LITE_operator_get_node_name(self._context, c.byref(name)))
        return (name.value or b"").decode("utf-8", "replace")

    @property
    def attributes(self) -> dict[str, Any]:
        """By name: int, float, str or bytes, lists of them, arrays. What is none of these is left out."""
        count = c.c_size_t()
        check(lib.LITE_operator_get_attribute_count(self._context, c.byref(count)))
        found = {}
        for i in range(count.value):
            name = c.c_char_p()
            check(lib.LITE_operator_get_attribute_name(self._context, i, c.byref(name)))
            key = name.value or b""
            kind, length = c.c_int(), c.c_size_t()
            check(lib.LITE_operator_get_attribute_type(self._context, key, c.byref(kind), c.byref(length)))
            if kind.value in _ATTRIBUTES:
                found[key.decode("utf-8", "replace")] = _ATTRIBUTES[kind.value](self, key, length.value)
        return found

    def _int(self, key: bytes, _: int) -> int:
        value = c.c_int64()
        check(lib.LITE_operator_get_attribute_int(self._context, key, c.byref(value)))
        return value.value

    def _float(self, key: bytes, _: int) -> float:
        value = c.c_float()
        check(lib.LITE_operator_get_attribute_float(self._context, key, c.byref(value)))
        return value.value

    def _string(self, key: bytes, _: int, element: int = 0) -> Union[str, bytes]:
        text, size = c.c_void_p(), c.c_size_t()
        check(lib.LITE_operator_get_attribute_string(self._context, key, element, c.byref(text), c.byref(size)))
        return _text(text, size)

    def _ints(self, key: bytes, _: int) -> list[int]:
        values, length = c.POINTER(c.c_int64)(), c.c_size_t()
        check(lib.LITE_operator_get_attribute_ints(self._context, key, c.byref(values), c.byref(length)))
        return values[: length.value]

    def _floats(self, key: bytes, _: int) -> list[float]:
        values, length = c.POINTER(c.c_float)(), c.c_size_t()
        check(lib.LITE_operator_get_attribute_floats(self._context, key, c.byref(values), c.byref(length)))
        return values[: length.value]

    def _strings(self, key: bytes, length: int) -> list[Union[str, bytes]]:
        return [self._string(key, 0, i) for i in range(length)]

    def _tensor(self, key: bytes, _: int) -> Optional[np.ndarray]:
        t = _new_tensor()
        check(lib.LITE_operator_get_attribute_tensor(self._context, key, c.byref(t)))
        return None if t.dtype == dtypes.STRING else np.array(_view(t))

    def _count(self, function: Any) -> int:
        count = c.c_size_t()
        check(function(self._context, c.byref(count)))
        return count.value

    def _input(self, i: int) -> OperatorTensor:
        t = _new_tensor()
        check(lib.LITE_operator_get_input(self._context, i, c.byref(t)))
        return t

    def _content(self, i: int, t: OperatorTensor) -> Optional[np.ndarray]:
        if t.dtype != dtypes.STRING:
            return _view(t)
        texts = np.empty(int(np.prod(_shape(t), dtype=np.int64)), object)
        for e in range(texts.size):
            text, size = c.c_void_p(), c.c_size_t()
            code = lib.LITE_operator_get_input_string(self._context, i, e, c.byref(text), c.byref(size))
            if code == _NOT_FOUND:
                return None
            check(code)
            texts[e] = _text(text, size)
        return texts.reshape(_shape(t))

    def _known_inputs(self) -> list[Optional[Known]]:
        known: list[Optional[Known]] = []
        for i in range(self._count(lib.LITE_operator_get_input_count)):
            t = self._input(i)
            if not t.present:
                known.append(None)
                continue
            shape = None if t.rank < 0 else tuple(d if d >= 0 else None for d in t.dims[: t.rank])
            static = shape is not None and None not in shape
            content = self._content(i, t) if static and (t.data or t.dtype == dtypes.STRING) else None
            known.append(Known(dtypes.NAMES.get(t.dtype), shape, None if content is None else content.copy()))
        return known

    def _arrays(self) -> list[Optional[np.ndarray]]:
        tensors = [self._input(i) for i in range(self._count(lib.LITE_operator_get_input_count))]
        return [self._content(i, t) if t.present else None for i, t in enumerate(tensors)]

    def output(self, index: int, dtype: Any = None, shape: Optional[Sequence[int]] = None) -> Optional[np.ndarray]:
        """An output to write into; None when nobody reads it. dtype and shape have to be given when infer has not told
        them. Not for strings and elements that share a byte: return those from run."""
        if shape is not None:
            code = dtypes.CODES[dtype] if isinstance(dtype, str) and dtype in dtypes.CODES else dtypes.from_numpy(np.dtype(dtype))
            self._allocate(index, code, tuple(shape))
        t = _new_tensor()
        check(lib.LITE_operator_get_output(self._context, index, c.byref(t)))
        if not t.present:
            return None
        if t.dtype in dtypes.BITS or t.dtype == dtypes.STRING:
            raise TypeError(f"output {index} is {dtypes.NAMES[t.dtype]}: return it from run")
        return _view(t, writeable=True)

    @property
    def outputs(self) -> list[Optional[np.ndarray]]:
        """All outputs, when infer has told their types and shapes."""
        return [self.output(i) for i in range(self._count(lib.LITE_operator_get_output_count))]

    def should_stop(self) -> bool:
        """Whether the run was cancelled or its time is over."""
        stop = c.c_int()
        check(lib.LITE_operator_should_stop(self._context, c.byref(stop)))
        return stop.value != 0

    @property
    def threads(self) -> int:
        """How many threads the network may use."""
        return self._count(lib.LITE_operator_get_threads)

    def parallel(self, count: int, body: Callable[[int], Any]) -> None:
        """Calls body(i) for each i below count, on as many threads as the network may use, and returns when all are done:
        for what lets go of the interpreter's lock, as NumPy's functions on large arrays do. What it raises is raised here, that
        of the lowest i that failed."""
        failures: dict[int, BaseException] = {}

        def task(_: Any, i: int) -> int:
            try:
                body(i)
                return 0
            except BaseException as e:
                failures[i] = e
                return _UNKNOWN_ERROR

        code = lib.LITE_operator_parallel_for(self._context, count, OPERATOR_TASK(task), None)
        if code == _UNKNOWN_ERROR and failures:  # cancelled, it is not what a task raised that counts
            raise failures[min(failures)]
        check(code)

    def _allocate(self, index: int, code: int, shape: tuple[int, ...]) -> int:
        data = c.c_void_p()
        dims = dims_array(shape)
        check(lib.LITE_operator_allocate_output(self._context, index, code, len(shape), dims, c.byref(data)))
        return data.value or 0

    def _put(self, index: int, value: Any) -> None:
        t = _new_tensor()
        check(lib.LITE_operator_get_output(self._context, index, c.byref(t)))
        if not t.present:
            return
        array = np.asarray(value)
        code = t.dtype if t.dtype >= 0 else dtypes.from_numpy(array.dtype)
        if code == dtypes.STRING:
            self._allocate(index, code, array.shape)
            for e, item in enumerate(array.reshape(-1)):
                text = item if isinstance(item, bytes) else str(item).encode("utf-8", "surrogateescape")
                check(lib.LITE_operator_set_output_string(self._context, index, e, text, len(text)))
            return
        if array.dtype != dtypes.to_numpy(code):
            if isinstance(value, np.ndarray):
                raise TypeError(f"output {index} is {array.dtype} in the run, {dtypes.NAMES[code]} was inferred")
            array = array.astype(dtypes.to_numpy(code))  # Python numbers have no type of their own
        data = self._allocate(index, code, array.shape)
        if code in dtypes.BITS:
            packed = dtypes.pack(np.ascontiguousarray(array), dtypes.BITS[code])
            c.memmove(data, packed.ctypes.data, packed.nbytes)
        elif array.size:
            np.copyto(_memory(data, array.nbytes, array.dtype, array.shape), array)


_ATTRIBUTES: dict[int, Callable[[Node, bytes, int], Any]] = {
    1: Node._int, 2: Node._float, 3: Node._string, 4: Node._ints, 5: Node._floats, 6: Node._strings, 7: Node._tensor,
}  # fmt: skip


def _new_tensor() -> OperatorTensor:
    t = OperatorTensor()
    t.struct_size = c.sizeof(t)
    return t


def _text(text: c.c_void_p, size: c.c_size_t) -> Union[str, bytes]:
    raw = c.string_at(text.value or 0, size.value) if size.value else b""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw


def _shape(t: OperatorTensor) -> tuple[int, ...]:
    return tuple(t.dims[: t.rank])


def _memory(address: int, size: int, dtype: Any, shape: tuple[int, ...]) -> np.ndarray:
    raw: Any = (c.c_uint8 * size).from_address(address)
    array: np.ndarray = np.frombuffer(raw, np.uint8).view(dtype).reshape(shape)
    return array


def _view(t: OperatorTensor, writeable: bool = False) -> Optional[np.ndarray]:
    shape = _shape(t) if t.rank >= 0 else None
    if shape is None or t.dtype < 0:
        raise TypeError("its type and shape are not known; give output() both")
    dtype = dtypes.to_numpy(t.dtype)
    if not t.size:
        array = np.empty(shape, dtype)
    elif t.dtype in dtypes.BITS:
        array = dtypes.unpack(_memory(t.data, t.size, np.dtype(np.uint8), (t.size,)), t.dtype, shape)
    else:
        array = _memory(t.data, t.size, dtype, shape)
    array.flags.writeable = writeable
    return array


class _Registered:
    """The callbacks of one operator, and the states of its nodes."""

    def __init__(self, infer: Any, create: Any, run: Any):
        self.infer, self.create, self.run = infer, create, run
        self.states: dict[int, Any] = {}


# By the number that the library knows an operator or state by. Operators stay until the library lets go of them.
_operators: dict[int, _Registered] = {}
_numbers = itertools.count(1)


def _guarded(context: int, callback: Callable[[], None]) -> int:
    """Exceptions do not cross the library: a code and a text do, and check() puts them together again."""
    try:
        callback()
        return 0
    except BaseException as e:
        text = (str(e) if isinstance(e, Error) else f"{type(e).__name__}: {e}").replace("\0", "?")
        raised.exception, raised.text = e, text
        lib.LITE_operator_set_error(context, text.encode("utf-8", "replace"))
        return e.code if isinstance(e, Error) and e.code else _UNKNOWN_ERROR


def _on_infer(number: int, context: int) -> int:
    def infer() -> None:
        node = Node(context)
        told = _operators[number].infer(node, *node._known_inputs())
        if told is None:
            return
        for i, (dtype, shape) in enumerate([told] if isinstance(told, tuple) else told):
            code = -1 if dtype is None else dtypes.CODES[dtype] if isinstance(dtype, str) else dtypes.from_numpy(np.dtype(dtype))
            dims = [-1 if d is None else int(d) for d in shape or ()]
            rank = -1 if shape is None else len(dims)
            check(lib.LITE_operator_set_output(context, i, code, rank, dims_array(tuple(dims))))

    return _guarded(context, infer)


def _on_create(number: int, context: int, state: Any) -> int:
    def create() -> None:
        node = Node(context)
        made = _operators[number].create(node, *node._known_inputs())
        key = next(_numbers)
        _operators[number].states[key] = made
        state[0] = key

    return _guarded(context, create)


def _on_destroy(number: int, state: int) -> None:
    _operators[number].states.pop(state, None)


def _on_run(number: int, state: Optional[int], context: int) -> int:
    def run() -> None:
        operator = _operators[number]
        node = Node(context, operator.states[state] if state else None)
        results = operator.run(node, *node._arrays())
        if results is None:
            return
        for i, value in enumerate(results if isinstance(results, tuple) else (results,)):
            if value is not None:
                node._put(i, value)

    return _guarded(context, run)


def _on_release(number: int) -> None:
    _operators.pop(number, None)


# The library holds pointers to them.
_INFER, _CREATE, _DESTROY = OPERATOR_INFER(_on_infer), OPERATOR_CREATE(_on_create), OPERATOR_DESTROY(_on_destroy)
_RUN, _RELEASE = OPERATOR_RUN(_on_run), RELEASE(_on_release)


class Registration:
    """A registered operator. `unregister()`, or the end of a `with`, ends it: networks that were loaded with it go on,
    models that are loaded later do not find it."""

    def __init__(self, domain: str, name: str, since_version: int):
        self.domain, self.name, self.since_version = domain, name, since_version
        self._registered = True

    def unregister(self) -> None:
        """Ends the registration. Twice is allowed."""
        if self._registered:
            check(lib.LITE_unregister_operator(self.domain.encode(), self.name.encode(), self.since_version))
            self._registered = False

    def __enter__(self) -> "Registration":
        return self

    def __exit__(self, *_: Any) -> None:
        self.unregister()


def register_operator(
    name: str,
    domain: str = "",
    *,
    run: Callable[..., Any],
    infer: Optional[Callable[..., Any]] = None,
    create: Optional[Callable[..., Any]] = None,
    inputs: tuple[int, int] = (1, 1),
    outputs: tuple[int, int] = (1, 1),
    since_version: int = 1,
    same_as_input: bool = False,
    pure: bool = False,
) -> Registration:
    """Registers an operator for the models that are loaded from now on.

    run(node, *inputs):    arrays in, None for those left out; they are views that must not be written. Returns an array,
                           a tuple of them, or None when it has written into node.outputs or node.output(...).
    infer(node, *inputs):  `Known` in; returns (dtype, shape), or a list of them, with None for what is not known.
                           Without it: same_as_input, or types and shapes that only run knows.
    create(node, *inputs): `Known` in; what it returns is node.state in run. Once for each node of a loaded model.
    inputs, outputs:       how many at least and at most; -1: any number.
    pure:                  the same inputs give the same outputs, and nothing else happens.

    Callbacks may be called from any thread. What they raise is the cause of the Error of the call that led to them.
    """
    for what, text in (("name", name), ("domain", domain)):
        if "\0" in text:
            raise ValueError(f"{what} has a NUL in it")
    number = next(_numbers)
    op = Operator()
    op.struct_size = c.sizeof(op)
    op.flags = (_PURE if pure else 0) | (_SAME_AS_INPUT if same_as_input else 0)
    op.domain, op.name, op.since_version = domain.encode(), name.encode(), since_version
    op.min_inputs, op.max_inputs = inputs
    op.min_outputs, op.max_outputs = outputs
    op.run = _RUN
    if infer is not None:
        op.infer = _INFER
    if create is not None:
        op.create, op.destroy = _CREATE, _DESTROY
    op.user_data = number
    op.release = _RELEASE
    _operators[number] = _Registered(infer, create, run)
    try:
        check(lib.LITE_register_operator(c.byref(op)))
    except BaseException:
        del _operators[number]
        raise
    return Registration(domain, name, since_version)


def load_operators(path: Union[str, "os.PathLike[str]"]) -> None:
    """Loads a shared library of operators; it stays loaded."""
    check(lib.LITE_load_operator_library(os.fsencode(path)))
