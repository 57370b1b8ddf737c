#!/usr/bin/env python3
"""Records what CPython makes of the cases beside this file.

    tests/language/record.py [FILE ...]

A `.txt` file is a list of cases: a line `>>> statements; expression`, and what it gives (its repr, or the exception) on the next.
A `.py` file is a program, what it prints stands in the `.out` file of its name. It needs CPython 3.12, whose messages they are.
Strings hash as with PYTHONHASHSEED=0: so do Interleave's.
"""

import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).parent


def evaluate(case, names):
    statements, _, expression = case.rpartition("; ")
    scope = dict(names)
    try:
        # In a function, as the test has it: displays of constants are compiled differently at top level.
        body = f"def case():\n    {statements or 'pass'}\n    return {expression}"
        exec(body, scope)
        return repr(scope["case"]())
    except Exception as e:
        return f"{type(e).__name__}: {e}"


def main(files):
    if sys.version_info[:2] != (3, 12):
        sys.exit("this needs CPython 3.12")
    if os.environ.get("PYTHONHASHSEED") != "0":
        os.environ.update(PYTHONHASHSEED="0", PYTHONUTF8="1")
        os.execv(sys.executable, [sys.executable, "-W", "ignore", *sys.argv])
    import collections
    import math

    names = {"math": math, "deque": collections.deque}
    for path in files or sorted(HERE.glob("*.txt")) + sorted(HERE.glob("*.py")):
        path = pathlib.Path(path)
        if path.suffix == ".txt":
            lines = []
            for line in path.read_text().splitlines():
                if line.startswith(">>> "):
                    lines += [line, evaluate(line[4:], names)]
                elif not line or line.startswith("#"):
                    lines.append(line)
            path.write_text("\n".join(lines) + "\n")
        elif path.name not in ("record.py", "micropython.py"):
            done = subprocess.run([sys.executable, "-W", "ignore", path.name], cwd=HERE, capture_output=True, text=True)
            if done.returncode:
                sys.exit(f"{path.name}: {done.stderr}")
            path.with_suffix(".out").write_text(done.stdout)


main(sys.argv[1:])
