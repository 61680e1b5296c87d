#!/usr/bin/env python3
"""Compare capi/symbols.txt with what the headers declare and, if given, with what a library exports.

usage: symbols.py ROOT [LIBRARY] [--write]

--write rewrites capi/symbols.txt from the headers; the diff is what a reviewer reads.
"""
import pathlib
import re
import subprocess
import sys

DECLARATION = re.compile(r"LITE_API\b[^;{]*?\b((?:LITE|default)_\w+)\s*(?:\(|;)")
COMMENT = re.compile(r"/\*.*?\*/", re.S)


def declared(root):
    names = set()
    for header in sorted((root / "include" / "lite-c").glob("*.h")):
        text = COMMENT.sub("", header.read_text())
        names.update(DECLARATION.findall(re.sub(r"^\s*#.*$", "", text, flags=re.M)))
    return names


def exported(library):
    lines = subprocess.run(["nm", "-D", "--extern-only", "--defined-only", library], check=True, capture_output=True, text=True).stdout
    names = {line.split()[-1].split("@")[0] for line in lines.splitlines() if " A " not in line}
    return names


def differ(what, have, want):
    for name in sorted(want - have):
        print(f"{what} lacks {name}")
    for name in sorted(have - want):
        print(f"{what} has {name} in excess")
    return have != want


def main():
    arguments = [a for a in sys.argv[1:] if a != "--write"]
    root = pathlib.Path(arguments[0])
    listing = root / "capi" / "symbols.txt"
    headers = declared(root)
    if "--write" in sys.argv:
        listing.write_text("".join(f"{name}\n" for name in sorted(headers)))
    listed = listing.read_text().split()
    wrong = differ("headers", headers, set(listed))
    if listed != sorted(set(listed)):
        print("capi/symbols.txt is not sorted")
        wrong = True
    if len(arguments) > 1:
        wrong |= differ(arguments[1], exported(arguments[1]), set(listed))
    print(f"{len(listed)} symbols{', with differences' if wrong else ''}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
