#!/usr/bin/env python3
"""Records what real CPython makes of the programs beside this file, which tests/processes.rs holds Interleave to.

NAME.out is what all versions print: stdout, then what stderr says without the frames of CPython's own library. Where a version
says something else it has a file NAME.VERSION.out.
"""

import os
import pathlib
import re
import subprocess
import tempfile

HERE = pathlib.Path(__file__).parent
VERSIONS = {"3.11": "3.11.7", "3.12": "3.12.1", "3.13": "3.13.0"}
PYENV = pathlib.Path(os.environ.get("PYENV_ROOT", pathlib.Path.home() / ".pyenv"))
# A frame of the library with its line and the marks under it.
FRAME = re.compile(r'^ *File "(?!program\.py")[^\n]*\n(?:    [^\n]*\n)*', re.M)


def run(path, version):
    python = PYENV / "versions" / VERSIONS[version] / "bin/python"
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, "program.py").write_text(path.read_text())
        command = [python, "-W", "ignore", "-u", "program.py"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60)
    stderr = done.stderr.replace(folder + "/", "")
    stderr = FRAME.sub("", stderr)
    # A traceback without frames is its last line.
    stderr = re.sub(r"^Traceback \(most recent call last\):\n(?!  File)", "", stderr, flags=re.M)
    return done.stdout + "=== stderr\n" + stderr


for path in sorted(HERE.glob("*.py")):
    if path.name == "record.py":
        continue
    common = None
    for version in reversed(VERSIONS):
        runs = {run(path, version) for _ in range(3)}
        if len(runs) != 1:
            print(f"{path.name} {version}: real runs do not agree")
        text = runs.pop()
        common = common or text
        own = path.with_suffix(f".{version}.out")
        own.unlink(missing_ok=True)
        if text == common:
            path.with_suffix(".out").write_text(text)
        else:
            own.write_text(text)
