"""Runs programs under the interpreter that runs this file: the real side of the comparison.

    real.py asyncio | threads

Each line of stdin is a program as JSON (a string); each line of stdout is what became of it: stdout, end (finished, exception,
deadlock or limit), error (type and message), stderr. Every program runs in a process of its own, forked from this one, to that
interpreter's end.

Under `asyncio` the clock is virtual: it jumps to the next timer, and a loop that nothing can wake is a deadlock. Sets of
tasks have an order that depends on addresses, so every set, of the program and of asyncio, keeps the order of insertion.
"""

import ast
import builtins
import gc
import importlib.abc
import importlib.machinery
import importlib.util
import io
import json
import linecache
import os
import selectors
import shutil
import signal
import sys
import tempfile
import threading
import traceback

# How long a program may run, in real seconds: one of asyncio computes only, one of threads really sleeps.
PATIENCE = {"asyncio": 10, "threads": 6}
# How long, in real seconds, something that was sent may take to arrive.
ARRIVAL = 0.003
# The files that a program's output goes to.
OUTPUT = {"stdout": 1, "stderr": 2}
# How many iterations of the loop a program may take.
ITERATIONS = 20000


class OrderedSet:
    """A set that keeps the order of insertion."""

    def __init__(self, items=()):
        self.items = dict.fromkeys(items)

    def __iter__(self):
        return iter(self.items)

    def __len__(self):
        return len(self.items)

    def __contains__(self, item):
        return item in self.items

    def add(self, item):
        self.items[item] = None

    def discard(self, item):
        self.items.pop(item, None)

    def remove(self, item):
        del self.items[item]

    def pop(self):
        item = next(iter(self.items))
        del self.items[item]
        return item

    def clear(self):
        self.items.clear()

    def copy(self):
        return OrderedSet(self.items)

    def update(self, items):
        self.items.update(dict.fromkeys(items))

    def __sub__(self, other):
        return OrderedSet(item for item in self.items if item not in other)

    def __or__(self, other):
        return OrderedSet([*self.items, *other])

    def __repr__(self):
        return "{" + ", ".join(map(repr, self.items)) + "}" if self.items else "set()"


class KeepOrder(ast.NodeTransformer):
    """Makes ordered sets of all sets of a module."""

    def visit_SetComp(self, node):
        self.generic_visit(node)
        made = ast.Call(ast.Name("_OrderedSet", ast.Load()), [ast.GeneratorExp(node.elt, node.generators)], [])
        return ast.copy_location(made, node)

    def visit_Set(self, node):
        self.generic_visit(node)
        return ast.copy_location(ast.Call(ast.Name("_OrderedSet", ast.Load()), [ast.List(node.elts, ast.Load())], []), node)

    def visit_Call(self, node):
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id == "set":
            node.func = ast.copy_location(ast.Name("_OrderedSet", ast.Load()), node.func)
        return node


def compile_ordered(source, path):
    return compile(ast.fix_missing_locations(KeepOrder().visit(ast.parse(source))), path, "exec", dont_inherit=True)


class Loader(importlib.machinery.SourceFileLoader):
    def get_code(self, fullname):
        path = self.get_filename(fullname)
        return compile_ordered(self.get_data(path), path)


class Finder(importlib.abc.MetaPathFinder):
    """Loads those modules of asyncio that keep tasks in sets with ordered ones."""

    def find_spec(self, name, path=None, target=None):
        if name not in ("asyncio.tasks", "asyncio.taskgroups", "asyncio.runners"):
            return None
        file = os.path.join(os.path.dirname(os.__file__), *name.split(".")) + ".py"
        return importlib.util.spec_from_file_location(name, file, loader=Loader(name, file))


class Selector(selectors.EpollSelector):
    """Where the loop waits: for connections, which take no time, else the clock jumps to the next timer. It counts whole
    nanoseconds, as Interleave does."""

    def __init__(self, loop):
        super().__init__()
        self.loop = loop
        self.calls = 0

    def select(self, timeout):
        self.calls += 1
        if self.calls > ITERATIONS:
            answer("limit")
        events = super().select(0)
        # Beside the loop's own there are connections: what was sent arrives, if not at once on a busy machine.
        if not events and timeout != 0 and len(self.get_map()) > 1:
            events = super().select(ARRIVAL)
        if events:
            return events
        if timeout is None:
            # Nothing is there to wake it.
            answer("deadlock")
        if timeout > 0:
            clock[0] = max(clock[0], round(self.loop._scheduled[0]._when, 9))
        return []


clock = [0.0]


def open_virtual_world():
    builtins._OrderedSet = OrderedSet
    sys.meta_path.insert(0, Finder())
    import asyncio
    import time

    class Loop(asyncio.SelectorEventLoop):
        def __init__(self, selector=None):
            super().__init__()
            self._selector.close()
            self._selector = Selector(self)
            self._add_reader(self._ssock.fileno(), self._read_from_self)
            self._asyncgens.data = OrderedSet()

        def time(self):
            return clock[0]

        def _write_to_self(self):
            pass

    class Policy(asyncio.DefaultEventLoopPolicy):
        _loop_factory = Loop

    asyncio.set_event_loop_policy(Policy())
    asyncio.SelectorEventLoop = asyncio.EventLoop = Loop
    time.monotonic = time.perf_counter = lambda: clock[0]
    # The interpreter's own sets of tasks.
    for name in ("_all_tasks", "_scheduled_tasks"):
        tasks = getattr(asyncio.tasks, name, None)
        if tasks is not None:
            tasks.data = OrderedSet()


def tell(end, error=""):
    """Tells the parent how the program ended."""
    with os.fdopen(writer, "w") as out:
        out.write(json.dumps({"end": end, "error": error}))


def write_out():
    """What the program printed goes to its files. While it ran nothing was written, as threads may change places there."""
    for name in OUTPUT:
        written, file = getattr(sys, name), getattr(sys, f"__{name}__")
        setattr(sys, name, file)
        file.write(written.getvalue())
        file.flush()


def answer(end):
    """The program does not end by itself: ends this process at once."""
    write_out()
    tell(end)
    os._exit(0)


def come_first():
    """Threads that sleep wake up in time even on a busy machine, where that is allowed."""
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
    except (OSError, AttributeError):
        pass


def run_program(world, text):
    if world == "threads":
        come_first()
    # Where tracebacks look for the program's lines.
    with open("program.py", "w", encoding="utf-8") as file:
        file.write(text)
    for name, number in OUTPUT.items():
        setattr(sys, name, io.StringIO())
        file = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(file, number)
        os.close(file)
    # What a shell runs in the background ignores it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    # Threads that still run after so long wait for each other.
    signal.signal(signal.SIGALRM, lambda *_: answer("deadlock" if world == "threads" else "limit"))
    signal.setitimer(signal.ITIMER_REAL, PATIENCE[world])
    # Cycles are not the programs' subject.
    gc.disable()
    end, error = "finished", ""
    module = type(sys)("__main__")
    sys.modules["__main__"] = module
    try:
        compiled = compile_ordered(text, "program.py") if world == "asyncio" else compile(text, "program.py", "exec")
        exec(compiled, module.__dict__)
    except BaseException as exception:
        end = "exception"
        error = traceback.format_exception_only(type(exception), exception)[0].rstrip("\n")
        if isinstance(exception, SystemExit):
            error = ""
        else:
            sys.excepthook(type(exception), exception, exception.__traceback__.tb_next)
        del exception
    del module
    threading._shutdown()
    signal.setitimer(signal.ITIMER_REAL, 0)
    write_out()
    tell(end, error)


def main():
    global writer
    world = sys.argv[1]
    if world == "asyncio":
        open_virtual_world()
    import asyncio
    import concurrent.futures.thread
    import contextvars
    import logging
    import queue
    folder = tempfile.mkdtemp()
    os.chdir(folder)
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        text = json.loads(line)
        linecache.cache["program.py"] = (len(text), None, text.splitlines(True), "program.py")
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reader)
            # It ends as any interpreter does that ran the program: what is left alive dies, and may say so.
            return run_program(world, text)
        os.close(writer)
        with os.fdopen(reader) as answers:
            result = json.loads(answers.read() or '{"end": "limit", "error": ""}')
        os.waitpid(child, 0)
        for name in OUTPUT:
            with open(name, encoding="utf-8", newline="") as file:
                result[name] = file.read()
        print(json.dumps(result), flush=True)
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
