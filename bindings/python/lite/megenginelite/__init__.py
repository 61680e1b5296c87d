"""MegEngine Lite's Python package, version 1.13, on this library: the same names, signatures and behaviour.

    from lite.megenginelite import *                # or, for programs as they are:
    import lite; lite.install_as_megenginelite()    # then: from megenginelite import *

Failures raise lite.Error, which is a RuntimeError; wrong use that needs no call of the library is an AssertionError.
Star imports bring np and the names of ctypes along, as the original's do.
"""

from ctypes import *

import numpy as np

from .base import *
from .base import version as __version__
from .global_setting import *
from .network import *
from .struct import *
from .tensor import *
from .utils import *
