"""Tensors of the library's, and the way between them and numpy."""

from __future__ import annotations

import ctypes as c
import weakref
from typing import TYPE_CHECKING, Any, Optional

import numpy as np

from . import dtypes
from ._native import Error, Layout, Managed, check, lib, undeclared
from .dtypes import Shape

if TYPE_CHECKING:
    from .dtypes import Array

_py = c.pythonapi
_py.PyCapsule_New.restype = c.py_object
_py.PyCapsule_New.argtypes = (c.c_void_p, c.c_char_p, c.c_void_p)
_py.PyCapsule_GetPointer.restype = c.c_void_p
_py.PyCapsule_GetPointer.argtypes = (c.py_object, c.c_char_p)
_py.PyCapsule_IsValid.restype = c.c_int
_py.PyCapsule_IsValid.argtypes = (c.py_object, c.c_char_p)
_py.PyCapsule_SetName.restype = c.c_int
_py.PyCapsule_SetName.argtypes = (c.py_object, c.c_char_p)

# PyCapsule keeps pointers to names, so they must live as long as the process.
_FRESH, _USED = b"dltensor", b"used_dltensor"
_FRESH_VERSIONED = b"dltensor_versioned"
_IS_COPIED = 2  # a flag of DLPack's


@c.CFUNCTYPE(None, c.c_void_p)  # type: ignore[untyped-decorator, misc, unused-ignore]
def _drop_capsule(capsule: int) -> None:
    # If nobody took the tensor out of the capsule, it goes.
    handle = c.cast(capsule, c.py_object)
    for name, take in ((_FRESH, lib.LITE_tensor_from_dlpack), (_FRESH_VERSIONED, lib.LITE_tensor_from_dlpack_versioned)):
        if _py.PyCapsule_IsValid(handle, name):
            other = c.c_void_p()
            if take(_py.PyCapsule_GetPointer(handle, name), c.byref(other)) == 0:
                lib.LITE_destroy_tensor(other)


def dims_array(shape: Shape) -> Any:
    return (c.c_int64 * max(1, len(shape)))(*shape)


def shape_of(handle: Any) -> Optional[Shape]:
    """A tensor's shape; None while it is not set."""
    rank = c.c_int()
    check(lib.LITE_get_tensor_rank(handle, c.byref(rank)))
    if rank.value < 0:
        return None
    dims = (c.c_int64 * max(1, rank.value))()
    check(lib.LITE_get_tensor_dims(handle, rank.value, dims))
    return tuple(dims[: rank.value])


def write(handle: Any, value: Any, dtype: Optional[int]) -> tuple[Optional[Array], tuple[int, Shape]]:
    """Makes a tensor refer to an array's memory. Returns the array that must stay alive until the tensor is set again, and
    the tensor's element type and shape."""
    array = np.asarray(value)
    if dtype is not None and array.dtype != dtypes.to_numpy(dtype) and not isinstance(value, np.ndarray):
        array = array.astype(dtypes.to_numpy(dtype))  # Python numbers have no type of their own
    code = dtypes.from_numpy(array.dtype)
    shape = array.shape
    dims = dims_array(shape)
    if code == dtypes.STRING:
        check(lib.LITE_set_tensor_dims(handle, code, len(shape), dims))
        for i, item in enumerate(array.reshape(-1)):
            text = item if isinstance(item, bytes) else str(item).encode()
            check(lib.LITE_set_tensor_string(handle, i, text, len(text)))
        return None, (code, shape)
    if code in dtypes.BITS:
        array = dtypes.pack(np.ascontiguousarray(array), dtypes.BITS[code])
    else:
        array = np.ascontiguousarray(array)
    check(lib.LITE_reset_tensor_with_dims(handle, code, len(shape), dims, array.ctypes.data or None, array.nbytes))
    return array, (code, shape)


def _lent(handle: Any, address: int, size: int) -> Any:
    """A tensor's memory as a buffer that keeps it alive, even when the tensor or its network is closed."""
    managed = c.POINTER(Managed)()
    check(lib.LITE_tensor_to_dlpack_versioned(handle, c.byref(managed)))
    buffer = (c.c_uint8 * size).from_address(address)
    weakref.finalize(buffer, managed.contents.deleter, managed).atexit = False
    return buffer


def read(handle: Any, copy: bool = True) -> Array:
    """A tensor's elements, copied, or as a view that the next run writes over."""
    code = c.c_int()
    check(lib.LITE_get_tensor_dtype(handle, c.byref(code)))
    shape = shape_of(handle) or ()
    count = int(np.prod(shape, dtype=np.int64))
    if code.value == dtypes.STRING:
        texts = np.empty(count, dtype=object)
        for i in range(count):
            data, size = c.c_void_p(), c.c_size_t()
            check(lib.LITE_get_tensor_string(handle, i, c.byref(data), c.byref(size)))
            texts[i] = c.string_at(data.value or 0, size.value).decode("utf-8", "surrogateescape") if size.value else ""
        return texts.reshape(shape)
    dtype = dtypes.to_numpy(code.value)
    if count == 0:
        return np.empty(shape, dtype)
    memory, size = c.c_void_p(), c.c_size_t()
    check(lib.LITE_get_tensor_memory(handle, c.byref(memory)))
    check(lib.LITE_get_tensor_total_size_in_byte(handle, c.byref(size)))
    address = memory.value or 0
    if code.value in dtypes.BITS:
        return dtypes.unpack(np.frombuffer(c.string_at(address, size.value), np.uint8), code.value, shape)
    if not copy:
        lent: Array = np.frombuffer(_lent(handle, address, size.value), np.uint8)
        return lent.view(dtype).reshape(shape)
    array: Array = np.empty(shape, dtype)
    c.memmove(array.ctypes.data, address, size.value)
    return array


_get_layout = undeclared("LITE_get_tensor_layout", keeps_lock=True)
_get_memory = undeclared("LITE_get_tensor_memory", keeps_lock=True)


# Outputs of so many bytes are moved to have shorter calls.
_SMALL = 1 << 16


class Output:
    """Reads a network's output. One that lies where the last one did, and looks the same, costs two short calls; one that
    `move` and `moved` found to stay where it is costs none."""

    def __init__(self, handle: Any):
        self._handle = handle
        # What the calls write: a layout and an address; and what that was when the views were made.
        self._found = bytearray(c.sizeof(Layout) + c.sizeof(c.c_void_p))
        self._layout = Layout.from_buffer(self._found)
        self._address = c.c_void_p.from_buffer(self._found, c.sizeof(Layout))
        this = c.c_void_p.from_param(handle.value)
        self._arguments = (this, c.byref(self._layout)), (this, c.byref(self._address))
        self._seen: Optional[bytearray] = None
        self._view: Any = None  # for copying from; not to be handed out
        self._lent: Any = None  # a view that keeps the memory
        self._own: Any = None  # a view of the memory that `move` gave it

    def read(self, copy: bool) -> Array:
        layout, memory = self._arguments
        # A rank above 7 has no layout.
        if _get_layout(*layout) or _get_memory(*memory):
            self._seen = self._lent = None
            return read(self._handle, copy)
        if self._found == self._seen:
            if copy:
                again: Array = self._view.copy()
                return again
            if self._lent is not None:
                seen: Array = self._lent.view()
                return seen
        array = read(self._handle, copy)
        self._seen = self._lent = None
        address, code = self._address.value, self._layout.data_type
        if address and array.nbytes and code != dtypes.STRING and code not in dtypes.BITS:
            buffer: Any = (c.c_uint8 * array.nbytes).from_address(address)
            self._view = np.frombuffer(buffer, np.uint8).view(array.dtype).reshape(array.shape)
            self._seen = bytearray(self._found)
            if not copy:
                self._lent = array.view()  # the caller may give his another shape
        return array

    def move(self) -> bool:
        """Gives a small output memory that nothing else has. A run leaves it there if the output's shape follows from the
        inputs' shapes; otherwise the output has other memory after it."""
        if self._seen is None or self._view.nbytes > _SMALL:
            return False
        tensor = Tensor(self._view)
        check(lib.LITE_tensor_share_memory_with(self._handle, tensor._handle))
        self._own = read(tensor._handle, copy=False)
        return True

    def moved(self) -> Optional[Array]:
        """The output, if the run after `move` left it where it was: so will those that have inputs of the same shapes."""
        own, now = self._own, self._view
        stays = self._seen is not None and now.ctypes.data == own.ctypes.data and now.shape == own.shape and now.dtype == own.dtype
        return own if stays else None


class Tensor:
    """A tensor that the library owns, or memory of another library's that it borrows.

    `Tensor(array)` copies an array; `Tensor.from_dlpack(x)` shares the memory of whatever speaks DLPack (PyTorch, JAX,
    CuPy, numpy). `numpy()` copies, `np.from_dlpack(t)` and `torch.from_dlpack(t)` share.
    """

    def __init__(self, array: Any = None):
        self._handle = c.c_void_p()
        if array is None:
            return
        array = np.asarray(array, order="C")
        code = dtypes.from_numpy(array.dtype)
        check(lib.LITE_make_tensor_with_dims(code, array.ndim, dims_array(array.shape), c.byref(self._handle)))
        if code == dtypes.STRING:
            write(self._handle, array, None)
            return
        data = dtypes.pack(array, dtypes.BITS[code]) if code in dtypes.BITS else array
        memory = c.c_void_p()
        if data.nbytes:
            check(lib.LITE_get_tensor_memory(self._handle, c.byref(memory)))
            c.memmove(memory.value or 0, data.ctypes.data, data.nbytes)

    @classmethod
    def from_dlpack(cls, source: Any) -> "Tensor":
        """Shares the memory of `source`, which has __dlpack__ or is such a capsule. Nothing is copied."""
        capsule = source.__dlpack__() if hasattr(source, "__dlpack__") else source
        tensor = cls()
        pointer = _py.PyCapsule_GetPointer(capsule, _FRESH)
        check(lib.LITE_tensor_from_dlpack(pointer, c.byref(tensor._handle)))
        _py.PyCapsule_SetName(capsule, _USED)
        return tensor

    def _open(self) -> c.c_void_p:
        if not self._handle:
            raise Error("the tensor is closed", -13, "closed")
        return self._handle

    def __dlpack__(
        self, *, stream: Any = None, max_version: Any = None, dl_device: Any = None, copy: Optional[bool] = None
    ) -> Any:
        if dl_device is not None and tuple(dl_device) != self.__dlpack_device__():
            raise BufferError(f"the tensor lies on the CPU, device {dl_device} is wanted")
        source = Tensor(self.numpy()) if copy else self
        drop = c.cast(_drop_capsule, c.c_void_p)
        if max_version is None or max_version[0] < 1:
            managed = c.c_void_p()
            check(lib.LITE_tensor_to_dlpack(source._open(), c.byref(managed)))
            return _py.PyCapsule_New(managed, _FRESH, drop)
        # Consumers take one without a version for read-only.
        versioned = c.POINTER(Managed)()
        check(lib.LITE_tensor_to_dlpack_versioned(source._open(), c.byref(versioned)))
        if copy:
            versioned.contents.flags |= _IS_COPIED
        return _py.PyCapsule_New(c.cast(versioned, c.c_void_p), _FRESH_VERSIONED, drop)

    def __dlpack_device__(self) -> tuple[int, int]:
        return (1, 0)

    @property
    def shape(self) -> Shape:
        return shape_of(self._open()) or ()

    @property
    def dtype(self) -> np.dtype[Any]:
        code = c.c_int()
        check(lib.LITE_get_tensor_dtype(self._open(), c.byref(code)))
        return dtypes.to_numpy(code.value)

    def numpy(self) -> Array:
        """A copy of the elements."""
        return read(self._open())

    def __array__(self, dtype: Any = None, copy: Any = None) -> Array:
        array = self.numpy()
        return array if dtype is None else array.astype(dtype)

    def __repr__(self) -> str:
        return f"lite.Tensor({self.dtype}{list(self.shape)})" if self._handle else "<lite.Tensor closed>"

    def close(self) -> None:
        """Gives the memory back. Further use is an error. Closing twice is allowed."""
        if self._handle:
            lib.LITE_destroy_tensor(self._handle)
            self._handle = c.c_void_p()

    def __del__(self) -> None:
        self.close()
