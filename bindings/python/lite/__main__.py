"""The `lite` command of an installed package: the native one that lies beside the library."""

from __future__ import annotations

import os
import sys

from ._native import PACKAGED


def main() -> None:
    command = PACKAGED / "lite"
    if not command.exists():
        sys.exit(f"lite: the command is part of the installed package only; {command} is not there")
    os.execv(command, ["lite", *sys.argv[1:]])


if __name__ == "__main__":
    main()
