"""Layouts and tensors."""

from __future__ import annotations

import ctypes as c
from typing import TYPE_CHECKING, Any, Dict, Iterable, List, Optional, Sequence, Union

import numpy as np

from .. import _native
from .base import _check, _Ctensor, _get, _lib
from .struct import LiteDataType, LiteDeviceType

if TYPE_CHECKING:
    from ..dtypes import Array

__all__ = [
    "LiteLayout",
    "LiteTensor",
    "LiteTensorConcat",
    "LiteTensorDesc",
    "MAX_DIM",
    "ctype_to_lite_dtypes",
    "lite_dtype_2_numpy",
]

MAX_DIM = 7

_lite_type_to_nptypes = {
    LiteDataType.LITE_INT: np.int32,
    LiteDataType.LITE_FLOAT: np.float32,
    LiteDataType.LITE_UINT8: np.uint8,
    LiteDataType.LITE_INT8: np.int8,
    LiteDataType.LITE_INT16: np.int16,
    LiteDataType.LITE_UINT16: np.uint16,
    LiteDataType.LITE_HALF: np.float16,
    LiteDataType.LITE_UINT: np.uint32,
    LiteDataType.LITE_INT64: np.int64,
    LiteDataType.LITE_BOOL: np.bool_,
    LiteDataType.LITE_DOUBLE: np.float64,
    LiteDataType.LITE_UINT64: np.uint64,
}

ctype_to_lite_dtypes = {
    c.c_int: LiteDataType.LITE_INT,
    c.c_uint: LiteDataType.LITE_INT,
    c.c_float: LiteDataType.LITE_FLOAT,
    c.c_ubyte: LiteDataType.LITE_UINT8,
    c.c_byte: LiteDataType.LITE_INT8,
    c.c_short: LiteDataType.LITE_INT16,
    c.c_ushort: LiteDataType.LITE_UINT16,
    c.c_longlong: LiteDataType.LITE_INT64,
}

# MegEngine's networks take no unsigned 32 bits: such arrays are taken for signed ones.
_from_numpy: dict[Any, LiteDataType] = {np.dtype(t): code for code, t in _lite_type_to_nptypes.items()}
_from_numpy[np.dtype(np.uint32)] = LiteDataType.LITE_INT


def _data_type(dtype: Any) -> LiteDataType:
    if dtype is None:
        return LiteDataType.LITE_FLOAT
    if isinstance(dtype, LiteDataType):
        return dtype
    if isinstance(dtype, (str, np.dtype, type)):
        return _from_numpy[np.dtype(dtype)]
    raise RuntimeError(f"unknown data type {dtype!r}")


class LiteLayout(_native.Layout):
    """A shape of at most seven dimensions and an element type.

    shape: any sequence; None leaves it open.
    dtype: a LiteDataType, or what numpy takes for a dtype; float32 unless given.
    """

    _shapes: Any
    ndim: int
    data_type: int

    def __init__(self, shape: Optional[Iterable[int]] = None, dtype: Any = None):
        super().__init__()
        self.shapes = () if shape is None else shape
        self.data_type = _data_type(dtype)

    @property
    def dtype(self) -> Any:
        """The numpy type of the elements."""
        return _lite_type_to_nptypes[LiteDataType(self.data_type)]

    @property
    def shapes(self) -> List[int]:
        return list(self._shapes[: self.ndim])

    @shapes.setter
    def shapes(self, shape: Iterable[int]) -> None:
        shape = [int(n) for n in shape]
        assert len(shape) <= MAX_DIM, f"a layout has at most {MAX_DIM} dimensions, not {len(shape)}"
        self._shapes = (c.c_size_t * MAX_DIM)(*shape)
        self.ndim = len(shape)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, LiteLayout):
            return NotImplemented
        return self.shapes == other.shapes and self.data_type == other.data_type

    def __hash__(self) -> int:
        return hash((tuple(self.shapes), self.data_type))

    def __repr__(self) -> str:
        return repr({"shapes": self.shapes, "ndim": self.ndim, "data_type": self.dtype})


class LiteTensorDesc(c.Structure):
    """What LITE_make_tensor makes."""

    _fields_ = [("is_pinned_host", c.c_int), ("layout", LiteLayout), ("device_type", c.c_int), ("device_id", c.c_int)]
    is_pinned_host: int
    layout: LiteLayout
    device_type: int
    device_id: int

    def __init__(self) -> None:
        super().__init__()
        self.layout = LiteLayout()
        self.device_type = LiteDeviceType.LITE_CPU

    def __repr__(self) -> str:
        return repr(
            {
                "is_pinned_host": bool(self.is_pinned_host),
                "layout": self.layout,
                "device_type": LiteDeviceType(self.device_type),
                "device_id": self.device_id,
            }
        )


_LiteTensorDesc = LiteTensorDesc

_native.declare(
    {
        "LITE_make_tensor": (LiteTensorDesc, c.POINTER(_Ctensor)),
        "LITE_set_tensor_layout": (_Ctensor, LiteLayout),
        "LITE_reset_tensor_memory": (_Ctensor, c.c_void_p, c.c_size_t),
        "LITE_tensor_reshape": (_Ctensor, c.POINTER(c.c_int), c.c_int),
        "LITE_tensor_slice": (_Ctensor, *(c.POINTER(c.c_size_t),) * 3, c.c_size_t, c.POINTER(_Ctensor)),
        "LITE_tensor_concat": (c.POINTER(_Ctensor), c.c_int, c.c_int, c.c_int, c.c_int, c.POINTER(_Ctensor)),
        "LITE_tensor_fill_zero": (_Ctensor,),
        "LITE_tensor_copy": (_Ctensor, _Ctensor),
        "LITE_tensor_share_memory_with": (_Ctensor, _Ctensor),
        "LITE_get_tensor_device_type": (_Ctensor, c.POINTER(c.c_int)),
        "LITE_get_tensor_device_id": (_Ctensor, c.POINTER(c.c_int)),
        "LITE_is_pinned_host": (_Ctensor, c.POINTER(c.c_int)),
        "LITE_is_memory_continue": (_Ctensor, c.POINTER(c.c_int)),
    }
)


class LiteTensor:
    """Elements on a device. Memory comes with the first call that needs it.

    layout:           a LiteLayout; or `shapes` and `dtype` instead.
    physic_construct: False makes an object without a tensor, which something else then fills.
    """

    def __init__(
        self,
        layout: Optional[LiteLayout] = None,
        device_type: int = LiteDeviceType.LITE_CPU,
        device_id: int = 0,
        is_pinned_host: bool = False,
        shapes: Optional[Iterable[int]] = None,
        dtype: Any = None,
        physic_construct: bool = True,
    ):
        self._tensor = _Ctensor()
        self._owner: Any = None  # the network, for a network's tensor
        self._kept: Dict[Any, Any] = {}  # by tensor, the array whose memory it uses; a network's tensors have the network's
        if not physic_construct:
            return
        desc = LiteTensorDesc()
        desc.layout = layout if layout is not None else LiteLayout(shapes, None if shapes is None else dtype)
        desc.device_type, desc.device_id, desc.is_pinned_host = device_type, device_id, is_pinned_host
        _check(_lib.LITE_make_tensor(desc, c.byref(self._tensor)))

    def __del__(self) -> None:
        if self._tensor:
            _lib.LITE_destroy_tensor(self._tensor)  # leaves a network's own alone

    def fill_zero(self) -> None:
        """Sets every byte to zero."""
        _check(_lib.LITE_tensor_fill_zero(self._tensor))

    def share_memory_with(self, src_tensor: "LiteTensor") -> None:
        """Takes over another tensor's layout and uses its memory."""
        assert isinstance(src_tensor, LiteTensor)
        _check(_lib.LITE_tensor_share_memory_with(self._tensor, src_tensor._tensor))
        self._keep(src_tensor._array())

    def _keep(self, array: Any) -> None:
        self._kept[self._tensor.value] = array

    def _array(self) -> Any:
        return self._kept.get(self._tensor.value)

    @property
    def layout(self) -> LiteLayout:
        """Shape and element type. Setting it, or a list for the shape alone, leaves the contents undefined."""
        layout = LiteLayout()
        _check(_lib.LITE_get_tensor_layout(self._tensor, c.byref(layout)))
        return layout

    @layout.setter
    def layout(self, layout: Union[LiteLayout, Sequence[int]]) -> None:
        if not isinstance(layout, LiteLayout):
            layout = LiteLayout(layout, LiteDataType(self.layout.data_type))
        _check(_lib.LITE_set_tensor_layout(self._tensor, layout))

    @property
    def is_pinned_host(self) -> bool:
        """Whether the memory is the host's, locked for fast copies to a device."""
        return bool(_get(_lib.LITE_is_pinned_host, self._tensor, c.c_int))

    @property
    def device_type(self) -> LiteDeviceType:
        """On what kind of device it lies."""
        return LiteDeviceType(_get(_lib.LITE_get_tensor_device_type, self._tensor, c.c_int))

    @property
    def device_id(self) -> int:
        """On which of those devices it lies."""
        return int(_get(_lib.LITE_get_tensor_device_id, self._tensor, c.c_int))

    @property
    def is_continue(self) -> bool:
        """Whether the elements lie next to each other, the last axis fastest."""
        return bool(_get(_lib.LITE_is_memory_continue, self._tensor, c.c_int))

    @property
    def nbytes(self) -> int:
        """Bytes of the elements; 0 without a shape."""
        return int(_get(_lib.LITE_get_tensor_total_size_in_byte, self._tensor, c.c_size_t))

    def update(self) -> None:
        """Does nothing: attributes are asked for when they are read."""

    def copy_from(self, src_tensor: "LiteTensor") -> None:
        """Copies another tensor's elements, and takes over its layout unless this is a slice."""
        assert isinstance(src_tensor, LiteTensor)
        _check(_lib.LITE_tensor_copy(self._tensor, src_tensor._tensor))

    def reshape(self, shape: Iterable[int]) -> None:
        """Gives the same elements another shape. One number may be -1."""
        numbers = list(shape)
        _check(_lib.LITE_tensor_reshape(self._tensor, (c.c_int * len(numbers))(*numbers), len(numbers)))

    def slice(self, start: Sequence[int], end: Sequence[int], step: Optional[Sequence[int]] = None) -> "LiteTensor":
        """A tensor that sees a part of this one's memory: from start to before end in each of the first axes."""
        n = len(start)
        assert n == len(end), "slice: start and end differ in length"
        assert not step or n == len(step), "slice: start and step differ in length"
        numbers = ((c.c_size_t * n)(*x) for x in (start, end, step or [1] * n))
        part = LiteTensor(physic_construct=False)
        _check(_lib.LITE_tensor_slice(self._tensor, *numbers, n, c.byref(part._tensor)))
        part._keep(self._array())
        return part

    def get_ctypes_memory(self) -> c.c_void_p:
        """The address of the first element."""
        memory = c.c_void_p()
        _check(_lib.LITE_get_tensor_memory(self._tensor, c.byref(memory)))
        return memory

    def _on_host(self) -> bool:
        return self.is_pinned_host or self.device_type == LiteDeviceType.LITE_CPU

    def set_data_by_share(self, data: Any, length: int = 0, layout: Optional[LiteLayout] = None) -> None:
        """Uses the caller's memory instead of its own.

        data: a contiguous numpy array, which is kept alive and whose shape is taken over if its size differs; or an
              address or ctypes object of `length` bytes, which the caller keeps.
        """
        kept = None
        if isinstance(data, np.ndarray):
            assert data.flags["C_CONTIGUOUS"], "set_data_by_share: the array is not contiguous; give np.ascontiguousarray(array)"
            assert self.is_continue, "set_data_by_share: the tensor is not contiguous"
            assert self._on_host(), "set_data_by_share: the tensor is not in host memory"
            if layout is None and self.nbytes != data.nbytes:
                own = self.layout
                same = np.dtype(own.dtype).itemsize == data.dtype.itemsize
                self.layout = LiteLayout(data.shape or (1,), LiteDataType(own.data_type) if same else data.dtype)
            kept, data = data, c.c_void_p(data.ctypes.data)
        if layout is not None:
            self.layout = layout
        else:
            assert length in (0, self.nbytes), f"set_data_by_share: {length} bytes given, the tensor has {self.nbytes}"
        _check(_lib.LITE_reset_tensor_memory(self._tensor, data, self.nbytes))
        self._keep(kept)

    def set_data_by_copy(self, data: Any, data_length: int = 0, layout: Optional[LiteLayout] = None) -> None:
        """Copies data into the tensor.

        data: a list of at most as many numbers as there are elements; a contiguous numpy array, whose shape and element
              type are taken over; or an address or ctypes object of `data_length` bytes.
        """
        if layout is not None:
            self.layout = layout
        assert self.is_continue, "set_data_by_copy: the tensor is not contiguous"
        if isinstance(data, list):
            own = self.layout
            array = np.zeros(own.shapes, own.dtype)
            assert len(data) <= array.size, f"set_data_by_copy: {len(data)} numbers do not fit into {own.shapes}"
            array.reshape(-1)[: len(data)] = data
            data = array
        if isinstance(data, np.ndarray):
            assert data.flags["C_CONTIGUOUS"], "set_data_by_copy: the array is not contiguous; give np.ascontiguousarray(array)"
            source = LiteTensor(LiteLayout(data.shape or (1,), data.dtype))
        else:
            assert layout is not None or data_length == self.nbytes, (
                f"set_data_by_copy: {data_length} bytes given, the tensor has {self.nbytes}"
            )
            source = LiteTensor(self.layout)
        source.set_data_by_share(data)
        self.copy_from(source)

    def get_data_by_share(self) -> Array:
        """An array over the tensor's memory. The next run of the network or a new layout makes its numbers stale."""
        layout = self.layout
        if not layout.ndim:
            return np.array([], layout.dtype)
        assert self.is_continue, "get_data_by_share: the tensor is not contiguous"
        memory: Any = (c.c_byte * self.nbytes).from_address(self.get_ctypes_memory().value or 0)
        memory.owner = self
        return np.frombuffer(memory, layout.dtype).reshape(layout.shapes)

    def to_numpy(self) -> Array:
        """A copy of the elements as an array; an empty one without a shape."""
        layout = self.layout
        if self.nbytes == 0:
            return np.zeros(layout.shapes or (0,), layout.dtype)
        if self.is_continue and self._on_host():
            return self.get_data_by_share().copy()
        host = LiteTensor(layout)
        host.copy_from(self)
        return host.to_numpy()

    def __repr__(self) -> str:
        return repr(
            {
                "layout": self.layout,
                "device_type": self.device_type,
                "device_id": self.device_id,
                "is_pinned_host": self.is_pinned_host,
            }
        )


def LiteTensorConcat(
    tensors: Sequence[LiteTensor],
    dim: int,
    device_type: int = LiteDeviceType.LITE_DEVICE_DEFAULT,
    device_id: int = -1,
) -> LiteTensor:
    """A new tensor of others joined along an axis; it lies where the first one does unless told otherwise."""
    handles = (_Ctensor * len(tensors))(*(t._tensor for t in tensors))
    result = LiteTensor(physic_construct=False)
    _check(_lib.LITE_tensor_concat(handles, len(tensors), dim, device_type, device_id, c.byref(result._tensor)))
    return result


def lite_dtype_2_numpy(dtype: LiteDataType) -> Any:
    """The numpy type of a LiteDataType."""
    assert isinstance(dtype, LiteDataType), "lite_dtype_2_numpy takes a LiteDataType"
    return _lite_type_to_nptypes[dtype]
