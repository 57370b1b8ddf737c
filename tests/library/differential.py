"""Compares src/library with the standard library of real interpreters. A development tool; `cargo test` does not run it.

    differential.py random [COUNT [START]]   random asyncio programs, in the virtual clock
    differential.py cases                    cases/*.py, in the virtual clock
    differential.py threads                  threads/*.py, in real time

Interpreters come from pyenv. Programs whose behaviour the machine decides alone (when something is destroyed) are not
compared in that respect. `show SEED VERSION` prints a random program and both outputs.
"""

import glob
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

HERE = os.path.dirname(os.path.abspath(__file__))
VERSIONS = {"3.11": "3.11.7", "3.12": "3.12.1", "3.13": "3.13.0"}


def interpreter(version):
    full = VERSIONS[version]
    return os.path.expanduser(f"~/.pyenv/versions/{full}/bin/python{version}")


def run(version, which, *arguments):
    result = subprocess.run([interpreter(version), "-B", "-X", "utf8", os.path.join(HERE, "world.py"), which, *map(str, arguments)],
                            capture_output=True, text=True, timeout=1200, env={**os.environ, "PYTHONHASHSEED": "0"})
    try:
        return json.loads(result.stdout)
    except ValueError:
        sys.exit(f"{version} {which} {arguments}\n{result.stdout[-2000:]}\n{result.stderr[-4000:]}")


def both(version, *arguments):
    return run(version, "real", *arguments), run(version, "ours", *arguments)


def compare(jobs, verbose):
    """jobs: version and arguments each. Prints what differs."""
    programs = differences = 0
    lines = 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for (version, *arguments), (real, ours) in zip(jobs, pool.map(lambda job: both(*job), jobs)):
            for name in real:
                programs += 1
                lines += len(real[name])
                if "RecursionError" in "".join(real[name]) and "RecursionError" in "".join(ours[name]):
                    continue
                if real[name] != ours[name]:
                    differences += 1
                    print(f"{version} {name} differs")
                    if verbose:
                        show(real[name], ours[name])
    print(f"{programs} programs, {lines} lines, {differences} differences")
    return differences


def show(real, ours):
    for number, (a, b) in enumerate(zip(real + ["-"] * len(ours), ours + ["-"] * len(real))):
        if a == b == "-":
            break
        print("  " if a == b else "! ", number, a if a == b else f"\n    real {a}\n    ours {b}")
        if a != b and number > 3:
            break


def main():
    mode, *rest = sys.argv[1:] or ["random"]
    if mode == "random":
        count, start = (list(map(int, rest)) + [300, 1][len(rest):])[:2]
        step = 50
        jobs = [(version, "random", first, min(step, start + count - first))
                for version in VERSIONS for first in range(start, start + count, step)]
        return compare(jobs, False)
    if mode == "show":
        real, ours = both(rest[1], "random", rest[0], 1)
        sys.path.insert(0, HERE)
        import generate
        print(generate.program(int(rest[0]), tuple(map(int, rest[1].split(".")))))
        show(real[rest[0]], ours[rest[0]])
        return 0
    files = rest or sorted(glob.glob(os.path.join(HERE, mode, "*.py")))
    return compare([(version, mode, *files) for version in VERSIONS], True)


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
