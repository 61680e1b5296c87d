#!/usr/bin/env python3
"""run_cases.py [--only TEXT] [--option KEY=VALUE] [--quiet] DIR...: every case of MegEngine models below DIR.

A case is a folder with meta.json, model.mge (container v2) and perhaps model_v1.mge, input_N.npy in the order that
meta.json names the inputs, and what MegEngine computed: output_N.npy, or output_v1_N.npy where the older file holds
another graph. Each model is loaded from its path and from memory; both must give the same bits.

float32 within 1e-4 of max(1, the largest wanted), float16 5e-3; integers and booleans exactly. Quantised nets end in
float32 and are held to the same. NaN and infinities where MegEngine has them. The last line counts.
"""

import argparse
import json
import pathlib
import sys

import numpy as np

import lite


def compare(got: np.ndarray, want: np.ndarray) -> str:
    """"" when they agree, else why not."""
    if got.shape != want.shape:
        return f"shape {got.shape}, {want.shape} wanted"
    if got.dtype != want.dtype:
        return f"type {got.dtype}, {want.dtype} wanted"
    if want.dtype.kind in "iub":
        wrong = int((got != want).sum())
        return f"{wrong} of {want.size} elements differ" if wrong else ""
    finite = np.isfinite(want)
    if not np.array_equal(got[~finite], want[~finite], equal_nan=True):
        return "NaN or infinities in other places"
    error = np.abs(got[finite].astype(np.float64) - want[finite])
    if not error.size:
        return ""
    scale = max(1.0, float(np.abs(want[finite]).max()))
    limit = (5e-3 if want.dtype == np.float16 else 1e-4) * scale
    return "" if error.max() <= limit else f"error {error.max():.3g}, at most {limit:.3g} allowed"


def check(folder: pathlib.Path, model: pathlib.Path, options: dict) -> str:
    meta = json.loads((folder / "meta.json").read_text())
    feeds = {}
    for i, described in enumerate(meta["inputs"]):
        feeds[described["name"]] = np.load(folder / f"input_{i}.npy")
    with lite.Network(model, threads=2, options=options) as net:
        got = list(net.run(feeds).values())
    with lite.Network(model.read_bytes(), threads=1, options=options) as net:
        again = list(net.run(feeds).values())
    if len(got) != len(meta["outputs"]):
        return f"{len(got)} outputs, {len(meta['outputs'])} wanted"
    for i, (g, a) in enumerate(zip(got, again)):
        old = folder / f"output_v1_{i}.npy"
        path = old if model.stem.endswith("v1") and old.exists() else folder / f"output_{i}.npy"
        why = compare(g, np.load(path))
        if why:
            return f"output {i}: {why}"
        if not np.array_equal(g, a, equal_nan=g.dtype.kind == "f"):
            return f"output {i}: other bits from memory than from the file"
    return ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="cases whose name has this text")
    parser.add_argument("--option", action="append", default=[], help="KEY=VALUE, a setting of the network")
    parser.add_argument("--quiet", action="store_true", help="only what fails")
    parser.add_argument("dirs", nargs="+", type=pathlib.Path)
    args = parser.parse_args()
    options = dict(o.split("=", 1) for o in args.option)
    passed = failed = 0
    for folder in sorted(p.parent for d in args.dirs for p in d.rglob("meta.json")):
        if args.only not in folder.name:
            continue
        for model in sorted(folder.glob("*.mge")):
            try:
                why = check(folder, model, options)
            except lite.Error as e:
                why = str(e)
            name = f"{folder.name}/{model.name}"
            if why:
                failed += 1
                print(f"FAILED   {name}: {why}")
            else:
                passed += 1
                if not args.quiet:
                    print(f"ok       {name}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
