"""usage: expect.py TEXT PROGRAM ARGUMENT...

Runs a program, shows what it prints, and fails if it fails or does not print TEXT.
"""

import subprocess
import sys

text, *command = sys.argv[1:]
done = subprocess.run(command, stdout=subprocess.PIPE, universal_newlines=True)
print(done.stdout, end="")
sys.exit(done.returncode or (0 if text in done.stdout else f"'{text}' is not there"))
