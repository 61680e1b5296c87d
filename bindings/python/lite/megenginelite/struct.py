"""The enumerations."""

from __future__ import annotations

from enum import IntEnum

__all__ = [
    "LiteAlgoSelectStrategy",
    "LiteBackend",
    "LiteDataType",
    "LiteDeviceType",
    "LiteIOType",
    "LiteLogLevel",
    "LiteTensorPhase",
]


class LiteBackend(IntEnum):
    """What computes. There is one."""

    LITE_DEFAULT = 0


class LiteDeviceType(IntEnum):
    """Where a tensor lies or a network runs."""

    LITE_CPU = 0
    LITE_CUDA = 1
    LITE_ATLAS = 3
    LITE_NPU = 4
    LITE_CAMBRICON = 5
    LITE_DEVICE_DEFAULT = 7


class LiteDataType(IntEnum):
    """Element types, numbered as the C API does. megenginelite 1.13 has those up to LITE_UINT8, and LITE_UINT16 by the
    number 6, which its own library takes for 32 bits."""

    LITE_FLOAT = 0
    LITE_HALF = 1
    LITE_INT = 2
    LITE_INT16 = 3
    LITE_INT8 = 4
    LITE_UINT8 = 5
    LITE_UINT = 6
    LITE_UINT16 = 7
    LITE_INT64 = 8
    LITE_BOOL = 16
    LITE_DOUBLE = 18
    LITE_UINT64 = 19


class LiteTensorPhase(IntEnum):
    """On which side of a network a name is looked up; LITE_IO is either."""

    LITE_IO = 0
    LITE_INPUT = 1
    LITE_OUTPUT = 2


class LiteIOType(IntEnum):
    """Whether an output's numbers are wanted, or only its shape."""

    LITE_IO_VALUE = 0
    LITE_IO_SHAPE = 1


class LiteAlgoSelectStrategy(IntEnum):
    """How kernels are chosen. The bits combine: by cost model, by timing, only those that are the same everywhere, only
    those that are optimised."""

    LITE_ALGO_HEURISTIC = 1
    LITE_ALGO_PROFILE = 2
    LITE_ALGO_REPRODUCIBLE = 4
    LITE_ALGO_OPTIMIZED = 8


class LiteLogLevel(IntEnum):
    """How grave a message is."""

    DEBUG = 0
    INFO = 1
    WARN = 2
    ERROR = 3
