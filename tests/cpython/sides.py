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
FREE = ["--cost-instruction", "0", "--cost-switch", "0", "--network-latency", "0"]
# What waking up takes, in microseconds. An order that it changes is not fixed by sleeps.
LATENCY = "300"
# The real interpreter prints where in its own library something is.
FRAME = re.compile(r'  File "([^"]*)", line \d+')
# What stands before the lines of a group of exceptions.
FRAME_MARGIN = re.compile(r"^(  )*[|+] ?")
NUMBERS = re.compile(r"(0x|fd=|_add_(?:reader|writer)\()[0-9a-f]+")
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


class Whole:
    """A real interpreter that runs each program from its begin to its own end."""

    def __init__(self, version):
        _, python = interpreter(version)
        self.folder = tempfile.TemporaryDirectory()
        self.command = [python, "-B", "-X", "utf8", "program.py"]

    def run(self, text):
        pathlib.Path(self.folder.name, "program.py").write_text(text, encoding="utf-8")
        done = subprocess.run(self.command, cwd=self.folder.name, capture_output=True, text=True, timeout=60,
                              env={**os.environ, "PYTHONHASHSEED": "0"})
        # The real interpreter says the whole path where it runs the program, and its name alone elsewhere.
        stderr = done.stderr.replace(os.path.realpath(self.folder.name) + "/", "")
        error = last_error(stderr.split("never retrieved")[0], "") if done.returncode else ""
        end = "exception" if done.returncode else "finished"
        return {"stdout": done.stdout, "end": end, "error": error, "stderr": stderr}

    def close(self):
        self.folder.cleanup()


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
        error = last_error(report["stderr"], report["message"]) if report["end"] == "exception" else ""
        return {"stdout": report["stdout"], "end": report["end"], "error": error, "stderr": report["stderr"]}

    def close(self):
        self.folder.cleanup()


def last_error(stderr, message):
    """The line of a traceback that says type and message: of several the last that says what ended the program, as what dies at the end may
    be told of after it."""
    heads = [match.end() for match in re.finditer(r"(?m)^(  \+ Exception Group )?Traceback \(most recent call last\):\n", stderr)]
    errors = []
    for head in reversed(heads or [0]):
        lines = [line[4:] if line.startswith("  | ") else line for line in stderr[head:].splitlines()]
        errors += [line for line in lines if line and not line.startswith(" ")][:1]
    first = (message.splitlines() or [""])[0]
    # Another may begin as it does.
    for same in (str.__eq__, str.startswith):
        found = next((error for error in errors if same(error, first)), None)
        if found is not None:
            return found
    return errors[0] if errors else ""


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


# The operating system chooses it.
PORT = re.compile(r"(\(\\?'127\.0\.0\.1\\?', )\d{5}\b")


def clean(result):
    """What is compared: stdout, end, the exception's type and message, and stderr."""
    stdout, error = (PORT.sub(r"\1N", LIBRARY_PLACE.sub("", result[part])) for part in ("stdout", "error"))
    return [stdout, result["end"], error, clean_stderr(result)]


# What dies when 3.13 has nothing left to log it with.
UNLOGGED = re.compile(
    "--- Logging error ---|Exception ignored in: <bound method BaseEventLoop.call_exception_handler |ImportError: sys.meta_path is None, ")


def clean_stderr(result):
    """stderr without frames of the library, places in it, addresses and numbers of files. Nothing when the run was stopped from outside."""
    if result["end"] not in ("finished", "exception"):
        return ""
    lines = []
    in_library = False
    for line in result["stderr"].splitlines():
        text = FRAME_MARGIN.sub("", line)
        frame = FRAME.match(text)
        if frame:
            in_library = frame[1] != "program.py"
        elif not text.startswith(("    ", "  [Previous line repeated")):
            in_library = False
        if not in_library and not UNLOGGED.match(line):
            lines.append(line)
    # Ours says nothing of where an exception comes from when that is the library.
    lines = [line for line, after in zip(lines, [*lines[1:], ""])
             if not line.endswith("Traceback (most recent call last):") or FRAME.match(FRAME_MARGIN.sub("", after))]
    text = PORT.sub(r"\1N", LIBRARY_PLACE.sub("", "\n".join(lines)))
    return NUMBERS.sub(lambda match: match[1] + "N", text).rstrip()


# What dying coroutines, tasks and futures say. Many that die at the end together do so in an order that hangs on all that the interpreter
# ever collected.
LAST_WORDS = re.compile(
    "was never awaited|exception was never retrieved|was destroyed but it is pending|^Exception ignored in: <coroutine ")
# What joins tracebacks to one, after an empty line.
EXCEPTION = re.compile(r"[\w.]+(: |:?$)")
CHAIN = ("The above exception was the direct cause", "During handling of the above exception")


def after_exception(lines, at):
    """Where an exception's report ends that may begin at a line, with all that is chained to it."""
    if at < len(lines) and "Traceback (most recent call last):" in lines[at]:
        at += 1
        while at < len(lines) and lines[at].startswith(" "):
            at += 1
    # The exception itself; a group's is indented. One that the library raised has no frames.
    if at < len(lines) and EXCEPTION.match(lines[at]) and not lines[at - 1].startswith("    +-"):
        at += 1
    if at + 1 < len(lines) and not lines[at] and lines[at + 1].startswith(CHAIN):
        return after_exception(lines, at + 3)
    return at


def without_last_words(text):
    """stderr without what dying things said: the line that says so, what it is about, and its traceback."""
    lines = text.split("\n")
    kept = []
    at = 0
    while at < len(lines):
        said = LAST_WORDS.search(lines[at])
        if not said:
            kept.append(lines[at])
            at += 1
            continue
        at += 1
        if at < len(lines) and lines[at].startswith(("task: ", "future: ")):
            at += 1
        # A source line, or a hint.
        while at < len(lines) and (lines[at].startswith("  ") and not lines[at].startswith("  + ") or "tracemalloc" in lines[at]):
            at += 1
        if "retrieved" in said[0] or "ignored" in said[0]:
            at = after_exception(lines, at)
    return "\n".join(kept).rstrip()


def difference(real, ours):
    """None if both are the same, else which kind of difference it is."""
    if ours["end"] in ("rejected", "broken", "hangs") and real["end"] != ours["end"]:
        return ours["end"]
    a, b = clean(real), clean(ours)
    if a == b or a[:3] == b[:3] and without_last_words(a[3]) == without_last_words(b[3]):
        return None
    return "stdout" if a[0] != b[0] else "end" if a[1] != b[1] else "error" if a[2] != b[2] else "stderr"


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
