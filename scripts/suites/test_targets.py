"""Prints the ninja targets that some of Meson's tests need: test_targets.py BUILD_DIR [--suite=NAME...] [--no-suite=NAME...]"""

import argparse
import json
import os
import subprocess

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("build", type=os.path.abspath)
parser.add_argument("--suite", action="append", default=[])
parser.add_argument("--no-suite", action="append", default=[])
chosen = parser.parse_args()
build = chosen.build


def introspect(what):
    return json.loads(subprocess.check_output(["meson", "introspect", build, what]))


files = {t["id"]: t["filename"] for t in introspect("--targets")}
needed = set()
for test in introspect("--tests"):
    # "lite:base"
    suites = {s.split(":")[-1] for s in test["suite"]}
    if suites & set(chosen.no_suite) or (chosen.suite and not suites & set(chosen.suite)):
        continue
    needed.update(name for d in test["depends"] for name in files.get(d, []))
print(*sorted(os.path.relpath(name, build) for name in needed))
