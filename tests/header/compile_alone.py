#!/usr/bin/env python3
"""Compile every public header alone, twice in one file, in every language standard it promises.

usage: compile_alone.py INCLUDE_DIR [COMPILER...]

Without compilers it takes gcc and clang, whichever are there. Exit 77 when there is none.
"""
import concurrent.futures
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

C_STANDARDS = ["c89", "c99", "c11", "c17"]
C_AS_CXX = ["c++11", "c++14", "c++17", "c++20"]
CXX_STANDARDS = ["c++14", "c++17", "c++20"]
WARN = ["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-Wshadow", "-Wconversion", "-Wundef"]
WARN_C = ["-Wstrict-prototypes", "-Wc++-compat"]
CXX_ONLY = "lite/"


def jobs(include, compilers):
    headers = sorted(str(p.relative_to(include)) for p in include.rglob("*.h"))
    for header in headers:
        source = f"#include <{header}>\n#include <{header}>\nint lite_header_alone;\n"
        c_too = not header.startswith(CXX_ONLY) or header.endswith("_c.h") or header == "lite/macro.h"
        for compiler in compilers:
            if c_too:
                for standard in C_STANDARDS:
                    yield compiler, header, standard, "c", source
            for standard in C_AS_CXX if c_too else CXX_STANDARDS:
                yield compiler, header, standard, "c++", source


def main():
    include = pathlib.Path(sys.argv[1]).resolve()
    compilers = sys.argv[2:] or [c for c in ("gcc", "clang") if shutil.which(c)]
    if not compilers:
        print("no C compiler found")
        return 77

    def compile_one(job):
        compiler, header, standard, language, source = job
        with tempfile.TemporaryDirectory() as scratch:
            path = pathlib.Path(scratch, "alone." + ("c" if language == "c" else "cpp"))
            path.write_text(source)
            command = [compiler, "-x", language, f"-std={standard}", "-fsyntax-only", f"-I{include}", *WARN]
            command += WARN_C if language == "c" else ["-Wold-style-cast"] * (header.startswith(CXX_ONLY))
            done = subprocess.run([*command, str(path)], capture_output=True, text=True)
        return f"{compiler} -std={standard} {header}", done.returncode, done.stderr

    failures = count = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for what, code, errors in pool.map(compile_one, jobs(include, compilers)):
            count += 1
            if code:
                failures += 1
                print(f"FAILED {what}\n{errors}")
    print(f"{count} compilations, {failures} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
