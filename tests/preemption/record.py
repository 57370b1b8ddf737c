"""Runs the loops of loops.txt in two threads under real CPythons and records which lose updates: recorded.txt.

A loop is run hot, many rounds of one function, and cold, each round in a function that never ran before, because from
3.11 on specialised instructions look less often whether to give way. In the table `x` is a loss, `c` a loss only while cold,
`.` none in any of the rounds, `-` a loop that the version cannot compile. Interpreters that are not installed keep what was
recorded for them.

    python3 tests/preemption/record.py [VERSION ...]
"""

import glob
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
VERSIONS = ("2.7", "3.6", "3.7", "3.8", "3.9", "3.10", "3.11", "3.12", "3.13")
# Seconds for a loop that does not lose, hot and cold each.
PATIENCE = 3.0

CHILD = r"""
from __future__ import print_function
import gc, sys, threading, time
# Callbacks that a collection runs would be switched from.
gc.disable()
prelude, body, result, patience = sys.argv[1], sys.argv[2], sys.argv[3], float(sys.argv[4])
HOT = 'def work(rounds):\n    global c\n    for _ in range(rounds):\n'
COLD = 'def work(rounds):\n    global c\n'
def indented(depth):
    return ''.join(' ' * depth + line + '\n' for line in body.splitlines())
def compiled(head, depth):
    scope = {'__name__': 'race'}
    exec(compile(prelude, 'prelude', 'exec'), scope)
    exec(compile(head + indented(depth), 'race', 'exec'), scope)
    return scope
if hasattr(sys, 'setswitchinterval'):
    sys.setswitchinterval(1e-6)
else:
    sys.setcheckinterval(1)
def race(scope, rounds, step):
    gate = threading.Event()
    failed = []
    def run():
        gate.wait()
        try:
            step(rounds)
        except Exception as error:
            failed.append(repr(error))
    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads: thread.start()
    gate.set()
    for thread in threads: thread.join()
    if failed:
        print('failed', failed[0]); sys.exit()
    return eval(result, scope)
def loses(cold):
    until = time.time() + patience
    rounds = 2000
    total = 0
    while time.time() < until:
        scope = compiled(COLD if cold else HOT, 4 if cold else 8)
        step = scope['work']
        if cold:
            code, kind = step.__code__, type(step)
            def step(rounds):
                for _ in range(rounds):
                    kind(code.replace(co_firstlineno=1), scope)(1)
        began = time.time()
        value = race(scope, rounds, step)
        total += 2 * rounds
        if value < 2 * rounds:
            return True, total
        if time.time() - began < 0.3:
            rounds *= 2
    return False, total
lost, total = loses(False)
if lost:
    print('x', total)
elif sys.version_info >= (3, 11):
    lost, more = loses(True)
    print('c' if lost else '.', total + more)
else:
    print('.', total)
"""


def loops():
    """Name, first version, result and body of each loop."""
    text = open(os.path.join(HERE, "loops.txt")).read()
    for block in text.split("\n== ")[1:]:
        head, _, body = block.partition("\n")
        name, since, result = re.fullmatch(r"(.*?)(?: since ([\d.]+))?(?: result (.*))?", head).groups()
        yield name, since, result or "c", body.strip("\n")


def interpreter(version):
    found = glob.glob(os.path.expanduser(f"~/.pyenv/versions/{version}.*/bin/python"))
    return sorted(found)[-1] if found else None


def number(version):
    return tuple(int(part) for part in version.split("."))


def observe(python, version, since, result, body):
    if since and number(version) < number(since):
        return "-"
    prelude = open(os.path.join(HERE, "prelude.py")).read()
    out = subprocess.run([python, "-c", CHILD, prelude, body, result, str(PATIENCE)], check=True,
                         capture_output=True, text=True, timeout=600).stdout.split(None, 1)
    if out[0] == "failed":
        raise SystemExit(f"{version}: {body}: {out[1]}")
    return out[0]


def known(path):
    """Version to full version, and (loop, version) to letter, as recorded."""
    full, letters = {}, {}
    if os.path.exists(path):
        lines = open(path).read().splitlines()
        full = dict(zip(VERSIONS, lines[0].split()))
        for line in lines[1:]:
            marks, name = line.split("  ", 1)
            letters.update(((name, version), mark) for version, mark in zip(VERSIONS, marks))
    return full, letters


def main():
    path = os.path.join(HERE, "recorded.txt")
    full, letters = known(path)
    for version in sys.argv[1:] or VERSIONS:
        python = interpreter(version)
        if python is None:
            print(version, "is not installed", file=sys.stderr)
            continue
        full[version] = re.search(r"versions/([\d.]+)/", python).group(1)
        for name, since, result, body in loops():
            letters[name, version] = observe(python, version, since, result, body)
            print(version, letters[name, version], name, file=sys.stderr, flush=True)
        with open(path, "w") as file:
            print(*(full.get(version, "?") for version in VERSIONS), file=file)
            for name, *_ in loops():
                print("".join(letters.get((name, version), "?") for version in VERSIONS), name, sep="  ", file=file)


if __name__ == "__main__":
    main()
