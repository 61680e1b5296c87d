"""Prints the ninja targets that the tests of some suites need: test_targets.py BUILD_DIR SUITE..."""

import json
import os
import subprocess
import sys

build, suites = os.path.abspath(sys.argv[1]), set(sys.argv[2:])


def introspect(what):
    return json.loads(subprocess.check_output(["meson", "introspect", build, what]))


files = {t["id"]: t["filename"] for t in introspect("--targets")}
needed = set()
for test in introspect("--tests"):
    # "lite:base"
    if suites & {s.split(":")[-1] for s in test["suite"]}:
        needed.update(name for d in test["depends"] for name in files.get(d, []))
print(*sorted(os.path.relpath(name, build) for name in needed))
