#!/usr/bin/env python3
"""Compares Interleave with real CPython on random programs. A development tool: it needs the interpreters of pyenv.

    differential.py random [--world asyncio|threads] [--version V]... [--start SEED] [--count N]
    differential.py show SEED VERSION [--world W]       the program, both outputs, where they part
    differential.py shrink SEED|FILE VERSION [--world W] the few lines that still differ
    differential.py file FILE VERSION [--world W]       one program

The engine is target/release/interleave, or what INTERLEAVE names.
"""

import argparse
import collections
import importlib
import os
import pathlib
import sys

import shrink
from sides import LATENCY, VERSIONS, Pair, clean, difference, each, without_last_words

# A program of threads is kept when so many real runs agree.
RUNS = 3
# A program of connections that differs is set aside when one of so many more real runs differs from the first.
MORE_RUNS = 60


def program(world, seed, version):
    return importlib.import_module(f"generate_{world}").program(seed, tuple(map(int, version.split("."))))


def compare(pair, text):
    """Which kind of difference there is ("" if none, None if real runs do not agree), and both results."""
    real, ours = pair.run(text)
    if all("RecursionError" in side["stdout"] + side["stderr"] for side in (real, ours)):
        # How deep is too deep is each one's own affair.
        return None, real, ours
    if pair.world == "threads":
        for _ in range(RUNS - 1):
            if clean(pair.real.run(text)) != clean(real):
                return None, real, ours
        if difference(real, ours) and clean(pair.ours.run(text, LATENCY)) != clean(ours):
            return None, real, ours
    found = difference(real, ours)
    if found and pair.world == "asyncio" and "open_connection" in text:
        # Which of several connections is told of first is the operating system's affair.
        for _ in range(MORE_RUNS):
            if clean(pair.real.run(text)) != clean(real):
                return None, real, ours
    return found or "", real, ours


def random_programs(options):
    bad = 0
    for version in options.version or VERSIONS:
        seeds = range(options.start, options.start + options.count)
        ends = collections.Counter()
        results = each(
            seeds, lambda pair, seed: compare(pair, program(options.world, seed, version)), options.workers,
            lambda: Pair(version, options.world))
        kinds = collections.defaultdict(list)
        lines = 0
        for seed, (kind, real, ours) in zip(seeds, results):
            lines += real["stdout"].count("\n")
            ends[real["end"]] += 1
            if kind is None:
                ends["set aside"] += 1
            elif not kind and real["end"] == ours["end"] and clean(real)[3] != clean(ours)[3]:
                ends["other last words"] += 1
            elif kind:
                hint = first_difference(real, ours) if kind not in ("rejected", "broken") else ours["stderr"].strip().split("\n")[0]
                kinds[kind].append((seed, hint))
        differences = sum(map(len, kinds.values()))
        bad += differences
        print(f"{version}: {len(seeds)} programs from {options.start}, {lines} lines, {differences} differences; {dict(ends)}")
        for kind, found in kinds.items():
            for seed, hint in found[:options.show]:
                print(f"  {kind} {seed}: {hint}")
            if len(found) > options.show:
                print(f"  {kind}: {len(found)} in all")
    return bad


def first_difference(real, ours):
    if clean(real)[:3] == clean(ours)[:3]:
        a, b = (without_last_words(clean(side)[3]).split("\n") for side in (real, ours))
        number = next((n for n in range(min(len(a), len(b))) if a[n] != b[n]), min(len(a), len(b)))
        return f"stderr {number}\n      real {a[number:number + 2]}\n      ours {b[number:number + 2]}"
    if clean(real)[0] == clean(ours)[0]:
        return f"{clean(real)[1:]} but here {clean(ours)[1:]}"
    a, b = clean(real)[0].split("\n"), clean(ours)[0].split("\n")
    for number in range(max(len(a), len(b))):
        x, y = ["-" if number >= len(c) else c[number] for c in (a, b)]
        if x != y:
            return f"line {number}\n      real {x}\n      ours {y}"


def show(real, ours):
    a, b = clean(real)[0].split("\n"), clean(ours)[0].split("\n")
    for number in range(max(len(a), len(b))):
        x, y = ["-" if number >= len(c) else c[number] for c in (a, b)]
        print(f"  {x}" if x == y else f"! real {x}\n! ours {y}")
        if x != y and number > 4 and a[number:] != b[number:] and number + 3 < max(len(a), len(b)):
            break
    print("real", real["end"], real["error"])
    print("ours", ours["end"], ours["error"])
    if real["stderr"] or ours["stderr"]:
        print("--- stderr, real\n" + clean(real)[3] + "\n--- stderr, ours\n" + clean(ours)[3])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mode", choices=["random", "show", "shrink", "file"])
    parser.add_argument("arguments", nargs="*")
    parser.add_argument("--world", choices=["asyncio", "threads"], default="asyncio")
    parser.add_argument("--version", action="append", choices=VERSIONS)
    parser.add_argument("--start", type=int, default=1)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--show", type=int, default=5)
    options = parser.parse_args()
    if options.mode == "random":
        return random_programs(options)
    what, version = options.arguments
    text = program(options.world, int(what), version) if what.isdigit() else pathlib.Path(what).read_text()
    pair = Pair(version, options.world)
    if options.mode == "shrink":
        kind, real, _ = compare(pair, text)
        if not kind:
            sys.exit("there is no difference")
        # Programs that went wrong because of what was left out are of no interest.
        wrong = [name for name in ("TypeError", "NameError", "AttributeError", "UnboundLocalError", "IndexError")
                 if name not in str(real)]

        def differs(smaller):
            new_kind, real, _ = compare(pair, smaller)
            return new_kind == kind and not any(name in str(real) for name in wrong)

        text = shrink.shrink(text, differs)
    if options.mode != "file":
        print(text)
    kind, real, ours = compare(pair, text)
    show(real, ours)
    pair.close()
    return bool(kind)


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
