#!/usr/bin/env python3
"""Records what real CPython prints for each scenario, beside this file.

    tests/recorded/record.py [SCENARIO ...]

It needs Python 3.11 or later to run, and pyenv with the interpreters of VERSIONS. Each scenario runs several times
under each of them. Where its header says `racy`, every output seen is recorded; elsewhere all runs must agree.
"""

import collections
import concurrent.futures
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import threading
import tomllib

VERSIONS = ["3.11", "3.12", "3.13"]
RUNS = 4
RACY_RUNS = 40
# Longer than the longest scenario; what still runs then is taken to hang.
PATIENCE_SECONDS = 12

HERE = pathlib.Path(__file__).parent
SCENARIOS = HERE.parent.parent / "scenarios"


def interpreters():
    """The newest installed patch version of each of VERSIONS, with its executable."""
    root = pathlib.Path(os.environ.get("PYENV_ROOT", pathlib.Path.home() / ".pyenv")) / "versions"
    found = {}
    for version in VERSIONS:
        patches = [path for path in root.glob(version + ".*") if re.fullmatch(r"[\d.]+", path.name)]
        if not patches:
            sys.exit(f"no CPython {version} in {root}")
        newest = max(patches, key=lambda path: [int(part) for part in path.name.split(".")])
        found[newest.name] = newest / "bin" / "python"
    return found


def header(path):
    """The scenario's settings, or None for a file that is none, such as the workloads."""
    block = re.search(r"(?m)^# /// interleave$\n((?:^#(?: .*)?$\n)*?)^# ///$", path.read_text())
    return block and tomllib.loads("".join(line[2:] or "\n" for line in block[1].splitlines(True)))


def run(python, path):
    """One run: how it ended, its stdout and its stderr. Its stdout is a terminal, where a printed line stays whole; files that
    it writes are its own."""
    with tempfile.TemporaryDirectory() as folder:
        return run_in(folder, python, path)


def run_in(folder, python, path):
    ours, theirs = os.openpty()
    process = subprocess.Popen(
        [python, "-E", "-B", path], cwd=folder, stdin=subprocess.DEVNULL, stdout=theirs, stderr=subprocess.PIPE)
    os.close(theirs)
    timers = [
        threading.Timer(float(seconds), process.send_signal, [getattr(signal, name)])
        for name, seconds in map(str.split, filter(None, header(path).get("signals", "").split(",")))
    ]
    for timer in timers:
        timer.start()
    try:
        _, stderr = process.communicate(timeout=PATIENCE_SECONDS)
        end = "exception" if process.returncode else "finished"
    except subprocess.TimeoutExpired:
        process.kill()
        _, stderr = process.communicate()
        end = "hangs"
    stdout = b""
    try:
        while part := os.read(ours, 65536):
            stdout += part
    except OSError:  # The other side is closed and everything is read.
        pass
    os.close(ours)
    # Where the file lies is of no interest, nor on which line: that changes with the header.
    stderr = re.sub(r'[^\s"]*/(\w+\.py)', r"\1", stderr.decode())
    stderr = re.sub(r"(\.py(?::|\", line ))\d+", r"\1N", stderr)
    return end, stdout.decode().replace("\r\n", "\n"), stderr


def text(string):
    """A TOML string."""
    escaped = string.replace("\\", "\\\\").replace('"', '\\"')
    if "\n" in string[:-1]:
        return f'"""\n{escaped}"""'
    return '"' + escaped.replace("\n", "\\n") + '"'


def record(path, racy):
    pythons = interpreters()
    jobs = [python for python in pythons.values() for _ in range(RACY_RUNS if racy else RUNS)]
    # Racy ones must not disturb each other; the others mostly wait.
    with concurrent.futures.ThreadPoolExecutor(1 if racy else 4) as pool:
        seen = collections.Counter(pool.map(lambda python: run(python, path), jobs))
    ends = {end for end, _, _ in seen}
    errors = {stderr for _, _, stderr in seen}
    outputs = sorted({stdout for _, stdout, _ in seen})
    if len(ends) > 1 or len(errors) > 1 or (len(outputs) > 1 and not racy):
        return f"{path.stem} does not always do the same: {seen}"
    lines = [
        "# What real CPython does; made by record.py.",
        "pythons = [" + ", ".join(f'"{version}"' for version in pythons) + "]",
        f"runs = {len(jobs)}",
        f'end = "{ends.pop()}"',
    ]
    if racy:
        lines += ["seen = [", *(f"{text(output)}," for output in outputs), "]"]
    else:
        lines.append(f"stdout = {text(outputs[0])}")
    lines.append(f"stderr = {text(errors.pop())}")
    (HERE / f"{path.stem}.toml").write_text("\n".join(lines) + "\n")
    return f"{path.stem} recorded"


def main():
    wanted = sys.argv[1:]
    for path in sorted(SCENARIOS.glob("*.py")):
        settings = header(path)
        if settings and (path.stem in wanted or not wanted):
            print(record(path, settings.get("racy", False)), flush=True)


main()
