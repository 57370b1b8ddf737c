"""Runs MicroPython's tests/basics through CPython 3.11 and through Interleave and says how many print the same.

    python3 tests/language/micropython.py FOLDER [--interleave target/debug/interleave] [--python PATH] [--all]

FOLDER is `tests/basics` of a checkout of micropython/micropython. Files that CPython 3.11 does not run to their end, or
that skip themselves, do not count. A file is "same" when it prints what CPython prints, "rejected" when a diagnostic
says what is not supported, and otherwise "differs", "crashes" or "hangs", which are mistakes.
"""

import argparse
import concurrent.futures
import glob
import os
import subprocess
import sys

TIMEOUT = 20

arguments = argparse.ArgumentParser()
arguments.add_argument("folder")
arguments.add_argument("--interleave", default="target/debug/interleave")
arguments.add_argument("--python", default="~/.pyenv/versions/3.11.7/bin/python")
arguments.add_argument("--all", action="store_true", help="list the files that print the same as well")
arguments.add_argument("--least", type=float, default=70, help="exit with 1 when fewer percent are the same")
options = arguments.parse_args()
interleave = os.path.abspath(options.interleave)
python = os.path.expanduser(options.python)
environment = dict(os.environ, PYTHONHASHSEED="0", PYTHONUTF8="1", RUST_BACKTRACE="0")


def run(command):
    try:
        return subprocess.run(
            command, capture_output=True, timeout=TIMEOUT, env=environment, cwd=options.folder
        )
    except subprocess.TimeoutExpired:
        return None


def first_difference(wanted, got):
    wanted = wanted.decode(errors="replace").split("\n")
    got = got.decode(errors="replace").split("\n")
    for number, (want, have) in enumerate(zip(wanted, got), 1):
        if want != have:
            return f"line {number}: {want[:100]!r}, not {have[:100]!r}"
    return f"{len(wanted)} lines, not {len(got)}"


def last_line(text):
    lines = text.decode(errors="replace").strip().split("\n")
    return lines[-1][:160]


def measure(path):
    name = os.path.basename(path)
    wanted = run([python, "-W", "ignore", name])
    if wanted is None or wanted.returncode or b"SKIP" in wanted.stdout:
        return name, "not counted", ""
    got = run([interleave, "run", name, "--runtime", "threads", "--python", "3.11"])
    if got is None:
        return name, "hangs", ""
    if got.returncode < 0 or b"panicked" in got.stderr:
        return name, "crashes", last_line(got.stderr)
    if got.stdout == wanted.stdout and got.returncode == 0:
        return name, "same", ""
    if got.returncode == 2:
        errors = got.stderr.decode(errors="replace").split("\n")
        said = [line for line in errors if line.startswith("error") or "rejected" in line]
        return name, "rejected", (said or [last_line(got.stderr)])[0]
    return name, "differs", first_difference(wanted.stdout, got.stdout) + " | " + last_line(got.stderr)


files = sorted(glob.glob(os.path.join(options.folder, "*.py")))
with concurrent.futures.ThreadPoolExecutor(2) as pool:
    results = list(pool.map(measure, files))
counts = {}
for name, result, why in results:
    counts[result] = counts.get(result, 0) + 1
    if options.all or result not in ("same", "not counted"):
        print(f"{result:10} {name}: {why}")
counted = len(results) - counts.get("not counted", 0)
share = 100 * counts.get("same", 0) / max(counted, 1)
print(f"{counts.get('same', 0)} of {counted} print the same as CPython: {share:.1f} %", counts)
wrong = [r for r in results if r[1] in ("crashes", "hangs")]
sys.exit(1 if wrong or share < options.least else 0)
