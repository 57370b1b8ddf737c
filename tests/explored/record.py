"""Runs the small racy programs of this folder many times under real CPythons, with the smallest switch interval, and
records which outputs were seen: recorded.txt. Interpreters that are not installed keep what was recorded for them."""

import glob
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
VERSIONS = ("2.7", "3.9", "3.11", "3.13")
ROUNDS = 400

CHILD = r"""
from __future__ import print_function
import sys
try:
    from StringIO import StringIO
except ImportError:
    from io import StringIO
with open(sys.argv[1]) as file:
    code = compile(file.read(), sys.argv[1], 'exec')
if hasattr(sys, 'setswitchinterval'):
    sys.setswitchinterval(1e-6)
else:
    sys.setcheckinterval(1)
# Others that want the GIL all the time make it change hands in the middle of things.
import threading
def noise():
    while not over:
        pass
over = False
for _ in range(2):
    threading.Thread(target=noise).start()
seen = {}
real = sys.stdout
for _ in range(int(sys.argv[2])):
    sys.stdout = StringIO()
    exec(code, {'__name__': '__main__'})
    text = sys.stdout.getvalue().strip()
    seen[text] = seen.get(text, 0) + 1
sys.stdout = real
over = True
for text in sorted(seen):
    print('%s: %d' % (text, seen[text]))
"""


def interpreter(version):
    found = glob.glob(os.path.expanduser(f"~/.pyenv/versions/{version}.*/bin/python"))
    return sorted(found)[-1] if found else None


def main():
    path = os.path.join(HERE, "recorded.txt")
    known = {}
    if os.path.exists(path):
        for block in open(path).read().split("\n\n"):
            head, _, rest = block.strip().partition("\n")
            known[head] = rest
    blocks = []
    for program in sorted(glob.glob(os.path.join(HERE, "*.py"))):
        name = os.path.basename(program)
        if name == "record.py":
            continue
        for version in VERSIONS:
            python = interpreter(version)
            prefix = f"{name} {version}"
            if python is None:
                blocks += [f"{head}\n{rest}" for head, rest in known.items() if head.startswith(prefix)]
                continue
            full = re.search(r"versions/([\d.]+)/", python).group(1)
            out = subprocess.run([python, "-c", CHILD, program, str(ROUNDS)], check=True,
                                 capture_output=True, text=True, timeout=600)
            blocks.append(f"{prefix} ({full}, {ROUNDS} runs)\n{out.stdout.strip()}")
            print(blocks[-1], file=sys.stderr)
    with open(path, "w") as file:
        file.write("\n\n".join(blocks) + "\n")


if __name__ == "__main__":
    main()
