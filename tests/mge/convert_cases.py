#!/usr/bin/env python3
"""convert_cases.py [--only TEXT] [--quiet] DIR...: every case of MegEngine models below DIR (see run_cases.py), written as ONNX.

With open shapes and with those of the inputs: what is written passes onnx.checker with full checks, and ONNX Runtime and this
library make MegEngine's results of it. Cases with operators that ONNX has no word for are refused by name, and run here when
they are written all the same. The last line counts.
"""

import argparse
import json
import pathlib
import sys

import numpy as np
import onnx
import onnxruntime
from run_cases import compare

import lite

# The operator for which a case with open shapes is refused.
OPEN = {"op_adaptive_max_pool2d": "AdaptivePool", "op_adaptive_avg_pool2d": "AdaptivePool"}


class Case:
    def __init__(self, folder, model):
        meta = json.loads((folder / "meta.json").read_text())
        self.name, self.model = f"{folder.name}/{model.name}", model
        self.feeds = {x["name"]: np.load(folder / f"input_{i}.npy") for i, x in enumerate(meta["inputs"])}
        self.inputs, self.outputs = [[x["name"] for x in meta[k]] for k in ("inputs", "outputs")]
        self.wanted = []
        for i in range(len(self.outputs)):
            old = folder / f"output_v1_{i}.npy"
            path = old if model.stem.endswith("v1") and old.exists() else folder / f"output_{i}.npy"
            self.wanted.append(np.load(path))

    def shapes(self, fixed):
        return {name: x.shape for name, x in self.feeds.items()} if fixed else None

    def differs(self, who, got):
        for i, (g, w) in enumerate(zip(got, self.wanted)):
            why = compare(g, w)
            if why:
                return f"{who}, output {i}: {why}"
        return ""


def run_here(converted, case):
    with lite.Network(converted, threads=1) as net:
        return list(net.run(case.feeds).values())


def check(case, fixed):
    converted = lite.convert(case.model, shapes=case.shapes(fixed))
    model = onnx.load_model_from_string(converted)
    onnx.checker.check_model(model, full_check=True)
    with lite.Network(case.model) as net:
        if [x.name for x in model.graph.output] != [x.name for x in net.outputs]:
            return "the outputs have other names"
    if sorted(x.name for x in model.graph.input) != sorted(case.inputs):
        return "the inputs have other names"
    if fixed and any(not d.HasField("dim_value") for x in model.graph.input for d in x.type.tensor_type.shape.dim):
        return "the inputs have open dimensions"
    session = onnxruntime.InferenceSession(converted, providers=["CPUExecutionProvider"])
    return case.differs("ONNX Runtime", session.run(None, case.feeds)) or case.differs("here", run_here(converted, case))


def check_refused(case, op, fixed):
    try:
        lite.convert(case.model, shapes=case.shapes(fixed))
        return f"is converted; {op} was to be refused"
    except lite.Error as e:
        if f"  {op} '" not in str(e):
            return f"refused with {str(e)!r}, not for {op}"
    return case.differs("here", run_here(lite.convert(case.model, shapes=case.shapes(fixed), own_domain=True), case))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="cases whose name has this text")
    parser.add_argument("--quiet", action="store_true", help="only what fails")
    parser.add_argument("dirs", nargs="+", type=pathlib.Path)
    args = parser.parse_args()
    onnxruntime.set_default_logger_severity(4)
    passed = failed = 0
    for folder in sorted(p.parent for d in args.dirs for p in d.rglob("meta.json")):
        if args.only not in folder.name:
            continue
        for path in sorted(folder.glob("*.mge")):
            case = Case(folder, path)
            for fixed in (False, True):
                op = None if fixed else OPEN.get(folder.name)
                try:
                    why = check_refused(case, op, fixed) if op else check(case, fixed)
                except Exception as e:  # whatever ONNX, ONNX Runtime or this library has against it
                    why = str(e)
                name = case.name + (", fixed shapes" if fixed else "")
                failed, passed = failed + bool(why), passed + (not why)
                if why:
                    print(f"FAILED   {name}: {why}")
                elif not args.quiet:
                    print(f"ok       {name}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
