#!/usr/bin/env python3
"""Compare the version in the headers with the build's. usage: version.py INCLUDE_DIR VERSION"""
import pathlib
import re
import sys

text = pathlib.Path(sys.argv[1], "lite-c", "version_c.h").read_text()
found = dict(re.findall(r"#define LITE_VERSION_(\w+) \"?([0-9.]+)\"?", text))
parts = ".".join(found[part] for part in ("MAJOR", "MINOR", "PATCH"))
print(f"headers: {parts} and \"{found['STRING']}\"; build: {sys.argv[2]}")
sys.exit(0 if parts == found["STRING"] == sys.argv[2] else 1)
