"""Many samples through one network, a batch at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Mapping

import numpy as np

from .network import Network

if TYPE_CHECKING:
    from .dtypes import Array


def run_batches(net: Network, feeds: Mapping[str, Any], batch_size: int = 32, progress: bool = False) -> dict[str, Array]:
    """Runs inputs whose first dimension is the samples in batches, and joins the outputs along theirs.

    net:        its first dimensions are free; the last batch may be smaller than the others.
    feeds:      an array for each input, all of as many samples (one or more).
    batch_size: samples a run.
    progress:   shows a bar, if the package tqdm is there.
    """
    if batch_size < 1:
        raise ValueError(f"batch_size is {batch_size}, 1 or more is wanted")
    arrays = {name: np.asarray(value) for name, value in feeds.items()}
    sizes = {name: a.shape[0] if a.ndim else None for name, a in arrays.items()}
    samples = next(iter(sizes.values()), None)
    if samples is None or samples == 0 or any(s != samples for s in sizes.values()):
        raise ValueError(f"inputs of as many samples each are wanted, one or more; they have {sizes}")
    begins: Any = range(0, samples, batch_size)
    if progress:
        try:
            from tqdm.auto import tqdm  # type: ignore[import-not-found, import-untyped, unused-ignore]
        except ImportError:
            pass
        else:
            begins = tqdm(begins, unit="batch")
    parts: dict[str, list[Array]] = {info.name: [] for info in net.outputs}
    for begin in begins:
        for name, value in net.run({n: a[begin : begin + batch_size] for n, a in arrays.items()}).items():
            parts[name].append(value)
    return {name: np.concatenate(values) for name, values in parts.items()}
