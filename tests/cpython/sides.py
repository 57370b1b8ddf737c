"""Both sides of the comparison: real interpreters, each a server that runs program after program, and `interleave`."""

import json
import os
import pathlib
import re
import subprocess
import tempfile
import threading

HERE = pathlib.Path(__file__).parent
VERSIONS = ["3.11", "3.12", "3.13"]
# No time passes but what programs sleep: the same as under the real side's virtual clock.
FREE = ["--cost-instruction", "0", "--cost-switch", "0"]
# What waking up takes, in microseconds. An order that it changes is not fixed by sleeps.
LATENCY = "300"
# The real interpreter prints where in its own library something is.
LIBRARY_PLACE = re.compile(r" at [^ ]*/lib/python[^ ]*?:\d+")


def interpreter(version):
    """The newest installed patch version, and its executable."""
    root = pathlib.Path(os.environ.get("PYENV_ROOT", pathlib.Path.home() / ".pyenv")) / "versions"
    patches = [path for path in root.glob(version + ".*") if re.fullmatch(r"[\d.]+", path.name)]
    if not patches:
        raise SystemExit(f"no CPython {version} in {root}")
    newest = max(patches, key=lambda path: [int(part) for part in path.name.split(".")])
    return newest.name, newest / "bin" / f"python{version}"


class Real:
    """A real interpreter that runs program after program."""

    def __init__(self, version, world):
        _, python = interpreter(version)
        self.process = subprocess.Popen(
            [python, "-B", "-X", "utf8", HERE / "real.py", world], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True, encoding="utf-8", env={**os.environ, "PYTHONHASHSEED": "0"})

    def run(self, text):
        self.process.stdin.write(json.dumps(text) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Ours:
    """The command line, in a folder of its own."""

    def __init__(self, version, world):
        self.folder = tempfile.TemporaryDirectory()
        binary = os.environ.get("INTERLEAVE") or HERE.parent.parent / "target" / "release" / "interleave"
        self.command = [binary, "run", "program.py", "--json", "--python", version, *FREE, "--wake-latency"]

    def run(self, text, latency="0"):
        pathlib.Path(self.folder.name, "program.py").write_text(text, encoding="utf-8")
        try:
            done = subprocess.run([*self.command, latency], cwd=self.folder.name, capture_output=True, text=True, timeout=60)
        except subprocess.TimeoutExpired:
            return {"stdout": "", "end": "hangs", "error": "", "stderr": ""}
        try:
            report = json.loads(done.stdout)
        except ValueError:
            return {"stdout": done.stdout, "end": "broken", "error": "", "stderr": done.stderr}
        error = last_error(report["stderr"]) if report["end"] == "exception" else ""
        return {"stdout": report["stdout"], "end": report["end"], "error": error, "stderr": report["stderr"]}

    def close(self):
        self.folder.cleanup()


def last_error(stderr):
    """The line of a traceback that says type and message, of the last traceback."""
    heads = [match.end() for match in re.finditer(r"(?m)^(  \+ Exception Group )?Traceback \(most recent call last\):\n", stderr)]
    for line in stderr[heads[-1] if heads else 0:].splitlines():
        line = line[4:] if line.startswith("  | ") else line
        if line and not line.startswith(" "):
            return line
    return ""


class Pair:
    def __init__(self, version, world):
        self.version = version
        self.world = world
        self.real = Real(version, world)
        self.ours = Ours(version, world)

    def run(self, text):
        return self.real.run(text), self.ours.run(text)

    def close(self):
        self.real.close()
        self.ours.close()


def clean(result):
    """What is compared: stdout, end, and the exception's type and message."""
    return [LIBRARY_PLACE.sub("", result["stdout"]), result["end"], result["error"]]


def difference(real, ours):
    """None if both are the same, else which kind of difference it is."""
    if ours["end"] in ("rejected", "broken", "hangs") and real["end"] != ours["end"]:
        return ours["end"]
    a, b = clean(real), clean(ours)
    if a == b:
        return None
    return "stdout" if a[0] != b[0] else "end" if a[1] != b[1] else "error"


def each(items, work, workers, make):
    """work(resource, item) for each item, by threads with a resource each; results in order."""
    results = [None] * len(items)
    left = iter(list(enumerate(items)))
    lock = threading.Lock()

    def loop():
        resource = make()
        while True:
            with lock:
                place = next(left, None)
            if place is None:
                break
            results[place[0]] = work(resource, place[1])
        resource.close()

    threads = [threading.Thread(target=loop) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
