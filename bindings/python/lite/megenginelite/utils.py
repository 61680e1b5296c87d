"""A batch that is collected item by item."""

from __future__ import annotations

import threading
import warnings
from typing import Any, Iterable, Optional

import numpy as np

from .struct import LiteDataType, LiteDeviceType
from .tensor import LiteLayout, LiteTensor, _data_type

__all__ = ["TensorBatchCollector"]


class TensorBatchCollector:
    """Collects items into one tensor, whose first axis is the batch. Any thread may collect.

    shape:  of the whole batch, or give `tensor`, which is then filled.
    dtype:  of items and batch.
    Items may lie on other devices than the batch.
    """

    def __init__(
        self,
        shape: Iterable[int],
        dtype: Any = LiteDataType.LITE_INT8,
        device_type: int = LiteDeviceType.LITE_CUDA,
        device_id: int = 0,
        is_pinned_host: bool = False,
        tensor: Optional[LiteTensor] = None,
    ):
        self._mutex = threading.Lock()
        self.shape = list(shape)
        self._free_list = list(range(self.shape[0]))
        if tensor is not None:
            own = tensor.layout
            assert own.shapes == self.shape, f"TensorBatchCollector: the tensor is {own.shapes}, not {self.shape}"
            self._tensor = tensor
            self.dtype: int = own.data_type
            self.dev_type: int = tensor.device_type
            self.dev_id = tensor.device_id
            self.is_pinned_host = tensor.is_pinned_host
        else:
            self._tensor = LiteTensor(LiteLayout(self.shape, dtype), device_type, device_id, is_pinned_host)
            self.dtype = LiteLayout(dtype=dtype).data_type
            self.dev_type = device_type
            self.dev_id = device_id
            self.is_pinned_host = is_pinned_host

    def _item(self, idx: int) -> LiteTensor:
        return self._tensor.slice([idx], [idx + 1])

    def _fill(self, idx: int, data: Any, length: int = 0) -> None:
        """Copies an array, or memory, to where an item lies."""
        item = self._item(idx)
        source = LiteTensor(item.layout)
        source.set_data_by_share(data, length)
        item.copy_from(source)

    def _collect_with_id(self, array: Any, batch_id: int) -> int:
        wanted = self.shape[1:]
        if isinstance(array, np.ndarray):
            assert list(array.shape) == wanted, f"collect: the array is {list(array.shape)}, items are {wanted}"
            assert _data_type(array.dtype) == self.dtype, f"collect: the array's dtype {array.dtype} is not the batch's"
            self._fill(batch_id, array)
        else:
            assert isinstance(array, LiteTensor), "collect takes a numpy array or a LiteTensor"
            own = array.layout
            assert own.shapes == wanted, f"collect: the tensor is {own.shapes}, items are {wanted}"
            assert own.data_type == self.dtype, "collect: the tensor's element type is not the batch's"
            self._item(batch_id).copy_from(array)
        return batch_id

    def collect_id(self, array: Any, batch_id: int) -> None:
        """Stores an item at a place; warns if there is one already."""
        with self._mutex:
            if batch_id in self._free_list:
                self._free_list.remove(batch_id)
            else:
                warnings.warn(f"item {batch_id} has been collected already; free it first", stacklevel=2)
        self._collect_with_id(array, batch_id)

    def _next(self) -> int:
        with self._mutex:
            return self._free_list.pop(0) if self._free_list else -1

    def collect(self, array: Any) -> int:
        """Stores an item, a numpy array or a LiteTensor, at the first free place. Returns which; -1 if there is none."""
        idx = self._next()
        if idx < 0:
            warnings.warn("all items have been collected; free some first", stacklevel=2)
            return -1
        return self._collect_with_id(array, idx)

    def collect_by_ctypes(self, data: Any, length: int) -> int:
        """Stores an item from an address of `length` bytes. Returns its place; -1 if there is none."""
        idx = self._next()
        if idx >= 0:
            self._fill(idx, data, length)
        return idx

    def free(self, indexes: Iterable[int]) -> None:
        """Makes places free again; warns about those that are."""
        with self._mutex:
            for i in indexes:
                if i in self._free_list:
                    warnings.warn(f"item {i} is freed before it has been collected", stacklevel=2)
                    self._free_list.remove(i)
                self._free_list.append(i)

    def get_tensor_at(self, idx: int) -> LiteTensor:
        """The place of one item, a batch of one."""
        assert idx < self.shape[0], f"item {idx} is out of range: there are {self.shape[0]}"
        if idx in self._free_list:
            warnings.warn(f"item {idx} has not been collected yet", stacklevel=2)
        return self._item(idx)

    def get(self) -> LiteTensor:
        """The batch."""
        return self._tensor

    def to_numpy(self) -> Any:
        """The batch as an array."""
        return self._tensor.to_numpy()
