#!/usr/bin/env python3
"""Calls what the language and the library offer with usual and unusual arguments, and compares with real interpreters.

    calls.py [--version V ...] [--group NAME ...] [--seed N] [--share F] [--show N]

Every call is a line of its own. A line that Interleave rejects, or that would wait for ever, is set aside and counted; the others must
print the same, exceptions with type and message included. `INTERLEAVE` names the binary.
"""

import argparse
import collections
import concurrent.futures
import json
import os
import pathlib
import random
import re
import select
import subprocess
import sys
import tempfile

from calls_data import GROUPS
from sides import VERSIONS, interpreter

HERE = pathlib.Path(__file__).parent
MARK = "\x02"
# So many calls make a program.
BATCH = 150
# So long, in real seconds, a call may take under a real interpreter.
PATIENCE = 2
ADDRESS = re.compile(r"\b0x[0-9a-f]+|(?<=owner=)\d+|(?<=when=)[\d.]+|\b1[34]\d{13}\b")
PLACE = re.compile(r" at [^ ]*/lib/python[^ ]*?:\d+|/[^ ]*/(?=program\.py)|(?<=name='Task-)\d+")

# The real side: each line of stdin is a call, each line of stdout what it printed.
REAL = """
import io, json, os, resource, sys, warnings
warnings.simplefilter("ignore")
resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
out = os.fdopen(os.dup(1), "w")
scope = {"__name__": "__main__"}
sys.modules["__main__"].__dict__.update(scope)
scope = sys.modules["__main__"].__dict__
exec(compile(json.loads(sys.stdin.readline()), "program.py", "exec"), scope)
sys.stderr = io.StringIO()
sys.stderr.name = "<stderr>"
for line in iter(sys.stdin.readline, ""):
    sys.stdout = io.StringIO()
    try:
        exec(compile(json.loads(line), "program.py", "exec"), scope)
        text = sys.stdout.getvalue()
    except SyntaxError as e:
        text = "SyntaxError " + str(e)
    out.write(json.dumps(text) + "\\n")
    out.flush()
os._exit(0)
"""


class Real:
    def __init__(self, version, prelude):
        self.python, self.prelude = interpreter(version)[1], prelude
        self.start()

    def start(self):
        self.process = subprocess.Popen([self.python, "-B", "-X", "utf8", "-c", REAL], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, text=True, env={**os.environ, "PYTHONHASHSEED": "0"}, bufsize=1)
        self.send(self.prelude)

    def send(self, text):
        self.process.stdin.write(json.dumps(text) + "\n")
        self.process.stdin.flush()

    def run(self, text):
        """What it printed; None if it came to no end."""
        try:
            self.send(text)
            ready = select.select([self.process.stdout], [], [], PATIENCE)[0]
            line = self.process.stdout.readline() if ready else ""
        except BrokenPipeError:
            line = ""
        if line:
            return json.loads(line)
        self.close()
        self.start()
        return None

    def close(self):
        self.process.kill()
        self.process.wait()


def statement(call):
    """The lines of a program that make the call and print what comes of it."""
    return f"try:\n    {call}\nexcept BaseException as e: print(type(e).__name__, e)\n"


def ours(version, prelude, calls, folder):
    """What each call printed, or a pair: why it did not come to its end."""
    binary = os.environ.get("INTERLEAVE") or HERE.parent.parent / "target" / "release" / "interleave"
    results = {}
    left = list(range(len(calls)))
    while left:
        text = prelude
        first = {}
        line = prelude.count("\n") + 1
        for at in left:
            part = f"print('{MARK}{at}')\n" + statement(calls[at])
            text += part
            for _ in range(part.count("\n")):
                first[line] = at
                line += 1
        text += f"print('{MARK}end')\n"
        path = pathlib.Path(folder, "program.py")
        path.write_text(text, encoding="utf-8")
        try:
            done = subprocess.run([binary, "run", path, "--json", "--python", version, "--limit-tasks", "20000"], capture_output=True, text=True, timeout=30)
            report = json.loads(done.stdout)
        except subprocess.TimeoutExpired:
            report = {"stdout": "", "end": "hangs", "message": "hangs", "diagnostics": []}
        except ValueError:
            report = {"stdout": "", "end": "broken", "message": (done.stderr.splitlines() or ["?"])[0], "diagnostics": []}
        if report["end"] in ("hangs", "broken") and len(left) > 1:
            # Whose fault it is, each alone shows.
            for at in left:
                results[at] = ours(version, prelude, [calls[at]], folder)[0]
            break
        parts = [part.split("\n", 1) for part in report["stdout"].split(MARK)[1:]]
        reached = [(head, rest) for head, rest in parts if head != "end"]
        whole = parts and parts[-1][0] == "end"
        if not whole and reached:
            stopped = int(reached.pop()[0])
        else:
            stopped = None
        for head, rest in reached:
            results[int(head)] = rest
        if whole:
            break
        if stopped is None:
            bad = {first[d["line"]] for d in report.get("diagnostics", []) if d["line"] in first} or {left[0]}
        else:
            bad = {stopped}
        for at in bad:
            message = next((d["message"] for d in report.get("diagnostics", []) if first.get(d["line"]) == at), report.get("message", ""))
            results[at] = (report["end"], re.sub(r"^line \d+: ", "", message))
        left = [at for at in left if at not in results]
    return [results[at] for at in range(len(calls))]


def clean(call, text):
    """Without what no version of CPython fixes: addresses, and hashes made of them."""
    text = PLACE.sub("", ADDRESS.sub("0x", text))
    return re.sub(r"-?\b\d{7,}\b", "N", text) if "hash" in call else text


def compare(version, prelude, calls):
    """(call, ours, theirs) of each."""
    with tempfile.TemporaryDirectory() as folder:
        mine = ours(version, prelude, calls, folder)
    real = Real(version, prelude)
    rows = []
    for call, own in zip(calls, mine):
        if isinstance(own, tuple) and own[0] != "broken":
            rows.append((call, own, None))
            continue
        theirs = real.run(statement(call))
        rows.append((call, own, theirs))
    real.close()
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--version", action="append", choices=VERSIONS)
    parser.add_argument("--group", action="append", choices=list(GROUPS))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--share", type=float, default=1.0, help="which part of all calls is made")
    parser.add_argument("--show", type=int, default=5, help="how many of each kind of difference are shown")
    parser.add_argument("--jobs", type=int, default=2)
    args = parser.parse_args()
    kinds = collections.defaultdict(list)
    rejections = collections.Counter()
    example = {}
    total = collections.Counter()
    work = []
    for name in args.group or GROUPS:
        prelude, make = GROUPS[name]
        for version in args.version or VERSIONS:
            rng = random.Random(f"{args.seed} {name}")
            calls = [call for call in make(rng) if args.share == 1 or rng.random() < args.share]
            work += [(name, version, prelude, calls[at:at + BATCH]) for at in range(0, len(calls), BATCH)]
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        for (name, version, *_), rows in zip(work, pool.map(lambda job: compare(*job[1:]), work)):
            for call, mine, theirs in rows:
                total["calls"] += 1
                if isinstance(mine, tuple) and mine[0] != "broken":
                    total[mine[0]] += 1
                    rejections[name, mine[0], re.sub(r"\d+", "N", mine[1])] += 1
                    example[name, mine[0], re.sub(r"\d+", "N", mine[1])] = call
                elif theirs is None or "MemoryError" in theirs:
                    total["set aside"] += 1
                elif isinstance(mine, tuple) or clean(call, mine) != clean(call, theirs):
                    total["differ"] += 1
                    kinds[name, call].append((version, mine, theirs))
                else:
                    total["same"] += 1
    print(dict(total))
    # What is told alike counts as one kind.
    groups = collections.defaultdict(list)
    for (name, call), found in kinds.items():
        groups[shape(str(found[0][1])), shape(found[0][2])].append((name, call, found))
    for (mine, theirs), rows in sorted(groups.items(), key=lambda item: (severity(*item[0]), len(item[1])), reverse=True):
        print(f"\n== {SEVERITIES[severity(mine, theirs)]}: {len(rows)}")
        for name, call, found in rows[:args.show]:
            _, mine, theirs = found[0]
            print(f"[{name} {' '.join(v for v, *_ in found)}] {call}\n    {str(mine).rstrip()}\n    {theirs.rstrip()}")
    print()
    for (name, end, message), count in rejections.most_common():
        print(f"{count:6} {name} {end}: {message}   e.g. {example[name, end, message]}")
    return bool(kinds)


SEVERITIES = ["another message", "another exception", "another result"]
ERROR = re.compile(r"(\w+(?:Error|Exception|Iteration|Exit|Interrupt|Group|Full|Empty|Warning)\w*) ")


def severity(mine, theirs):
    mine, theirs = ERROR.match(mine), ERROR.match(theirs)
    return 2 if not (mine and theirs) else int(mine[1] != theirs[1])


def shape(text):
    """Without what only the arguments bring in."""
    return re.sub(r"\d+", "N", re.sub(r"'[^']*'", "'S'", text))[:60]


if __name__ == "__main__":
    sys.exit(main())
