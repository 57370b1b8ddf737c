#!/usr/bin/env python3
"""Records what real CPython makes of the programs in cases/, which tests/cpython.rs holds Interleave to.

    record.py             runs every program again and writes the files anew
    record.py --sample    first puts other random programs into cases/random_*.txt

A file's name begins with its world; in that of `whole` every program has an interpreter for itself, whose end is part of it. In it, `=== NAME [VERSION ...]` begins a program (without versions it is for all of them), and
`--- VERSION ...: END [ERROR]` what it printed under these, behind `~~~` on stderr. What stands before the first program is put before every one.
"""

import pathlib
import sys

from differential import RUNS, compare, program
from sides import HERE, VERSIONS, Pair, Real, Whole, clean, each, interpreter

CASES = HERE / "cases"
# How many programs are in a sample, and how long they may be: the files are to stay small.
SAMPLES = {"asyncio": 60, "threads": 20}
LONGEST = {"asyncio": 2300, "threads": 2000}


def read(path):
    """The text before the programs, and (name, versions, text) of each."""
    before, *parts = path.read_text(encoding="utf-8").split("\n=== ")
    cases = []
    for part in parts:
        head, text = part.split("\n", 1)
        name, *versions = head.split()
        cases.append((name, versions or VERSIONS, text.split("\n--- ")[0].rstrip("\n") + "\n"))
    return before.rstrip("\n") + "\n", cases


def write(path, before, cases, results):
    out = [before]
    for (name, versions, text), outcome in zip(cases, results):
        own = "" if versions == VERSIONS else " " + " ".join(versions)
        out.append(f"\n=== {name}{own}\n{text}")
        groups = {}
        for version, result in outcome.items():
            groups.setdefault(tuple(result), []).append(interpreter(version)[0])
        for (stdout, end, error, stderr), patches in groups.items():
            out.append(f"--- {' '.join(patches)}: {end} {error}".rstrip() + "\n" + stdout)
            if stderr:
                out.append(("" if not stdout or stdout.endswith("\n") else "\n") + f"~~~\n{stderr}\n")
    path.write_text("".join(out), encoding="utf-8")


def record(path):
    before, cases = read(path)
    world = path.stem.split("_")[1]
    results = [{} for _ in cases]
    for version in sorted({version for case in cases for version in case[1]}, key=lambda version: tuple(map(int, version.split(".")))):
        wanted = [place for place, case in enumerate(cases) if version in case[1]]

        def run(real, place):
            runs = [clean(real.run(before + cases[place][2])) for _ in range(RUNS if world == "threads" else 1)]
            if any(other != runs[0] for other in runs):
                print(f"{path.name} {cases[place][0]} {version}: real runs do not agree")
            return runs[0]

        make = (lambda: Whole(version)) if world == "whole" else (lambda: Real(version, world))
        for place, result in zip(wanted, each(wanted, run, 2, make)):
            results[place][version] = result
    write(path, before, cases, results)
    print(f"{path.name}: {len(cases)} programs, {path.stat().st_size // 1000} kB")


def sample(world):
    """Short random programs: two thirds for all versions, the others for the newest, with what is new there."""
    module = __import__(f"generate_{world}")
    cases = []
    # What is set aside when random programs are compared is no example.
    pairs = {version: Pair(version, world) for version in VERSIONS}
    for seed in range(1, 100000):
        newest = len(cases) % 3 == 2
        text = program(world, seed, VERSIONS[-1] if newest else VERSIONS[0])
        body = text[len(module.START):].lstrip("\n")
        versions = VERSIONS[-1:] if newest else VERSIONS
        if len(body) <= LONGEST[world] and all(compare(pairs[version], text)[0] is not None for version in versions):
            cases.append((f"seed-{seed}", versions, body))
        if len(cases) == SAMPLES[world]:
            break
    write(CASES / f"random_{world}.txt", module.START.strip("\n") + "\n", cases, [{} for _ in cases])


if __name__ == "__main__":
    if "--sample" in sys.argv:
        for world in SAMPLES:
            sample(world)
    for file in sorted(CASES.glob("*.txt")):
        record(file)
