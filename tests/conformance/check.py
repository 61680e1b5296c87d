#!/usr/bin/env python3
"""check.py RESULTS.json KNOWN.txt [MORE.txt]: holds a run of onnx_cases.py against the cases that are known not to pass.

A case that fails and is not listed is a failure; a listed one that passes is reported, so that its line can go.
MORE.txt has what is known of this way to run them only. With --write KNOWN.txt is written anew. The last line counts: passed,
failed, skipped (known).
"""

import json
import pathlib
import sys


def main() -> int:
    arguments = [a for a in sys.argv[1:] if a != "--write"]
    results = json.loads(pathlib.Path(arguments[0]).read_text())["results"]
    known_file = pathlib.Path(arguments[1])
    bad = {name: r for name, r in results.items() if r["status"] != "pass"}
    if "--write" in sys.argv:
        lines = [f"{name}  # {r['status']}" for name, r in sorted(bad.items())]
        known_file.write_text("# Cases of the onnx package that do not pass yet. Written by check.py --write.\n" + "\n".join(lines) + "\n")
    lists = [pathlib.Path(a).read_text() for a in arguments[1:]]
    known = {line.split("#")[0].strip() for text in lists for line in text.splitlines()} - {""}
    new = sorted(set(bad) - known)
    for name in new:
        print(f"FAILED {name}: {bad[name]['status']}: {bad[name]['message'][:200]}")
    for name in sorted(known - set(bad)):
        print(f"passes now, take it off the list: {name}")
    print(f"{len(results) - len(bad)} passed, {len(new)} failed, {len(bad) - len(new)} skipped")
    return 1 if new else 0


sys.exit(main())
