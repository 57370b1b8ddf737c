"""One side of the comparison: runs programs with the standard library ("real") or with src/library ("ours").

Sets of tasks have an order that depends on addresses, so in both worlds every set keeps the order of insertion. The
clock jumps to the next timer, and a loop that waits for nothing is a deadlock.
"""

import ast
import builtins
import gc
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
LIBRARY = os.path.join(HERE, "..", "..", "src", "library")


class OrderedSet:
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


builtins._OrderedSet = OrderedSet


class KeepOrder(ast.NodeTransformer):
    def visit_SetComp(self, node):
        self.generic_visit(node)
        return ast.Call(ast.Name("_OrderedSet", ast.Load()), [ast.GeneratorExp(node.elt, node.generators)], [])

    def visit_Set(self, node):
        self.generic_visit(node)
        return ast.Call(ast.Name("_OrderedSet", ast.Load()), [ast.List(node.elts, ast.Load())], [])

    def visit_Call(self, node):
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id == "set":
            node.func = ast.Name("_OrderedSet", ast.Load())
        return node


def compile_ordered(source, path):
    return compile(ast.fix_missing_locations(KeepOrder().visit(ast.parse(source))), path, "exec", dont_inherit=True)


class Loader(importlib.machinery.SourceFileLoader):
    def get_code(self, fullname):
        path = self.get_filename(fullname)
        return compile_ordered(self.get_data(path), path)


class Finder(importlib.abc.MetaPathFinder):
    def __init__(self, locate):
        self.locate = locate

    def find_spec(self, name, path=None, target=None):
        file = self.locate(name)
        if file is None:
            return None
        package = [os.path.dirname(file)] if file.endswith("__init__.py") else None
        return importlib.util.spec_from_file_location(name, file, loader=Loader(name, file), submodule_search_locations=package)


def standard(name):
    if name in ("asyncio.tasks", "asyncio.taskgroups", "asyncio.runners"):
        return os.path.join(os.path.dirname(os.__file__), *name.split(".")) + ".py"


OURS = ("asyncio", "threading", "queue", "time", "concurrent", "heapq", "workload")


def ours(name):
    if name.split(".")[0] not in OURS:
        return None
    file = os.path.join(LIBRARY, *name.split("."))
    for candidate in (file + ".py", os.path.join(file, "__init__.py")):
        if os.path.exists(candidate):
            return candidate


def open_world(which, real_time=False):
    """Returns (a function that makes a new loop, the exceptions Deadlock and Limit, a function that resets the clock)."""
    import logging
    import subprocess
    if which == "real":
        sys.path.append(os.path.join(HERE, "..", "..", "scenarios"))
        if not real_time:
            sys.meta_path.insert(0, Finder(standard))
        import asyncio
        if real_time:
            return asyncio.new_event_loop, (), lambda: None
        return virtual_real(asyncio)
    import asyncio
    sys.path.insert(0, HERE)
    import kernel
    kernel.keep_order(OrderedSet)
    for name in list(sys.modules):
        if name.split(".")[0] in OURS:
            del sys.modules[name]
    sys.modules["_kernel"] = kernel
    kernel.REAL_TIME = real_time
    sys.meta_path.insert(0, Finder(ours))
    import asyncio
    import threading
    assert "library" in asyncio.__file__

    def reset():
        kernel.virtual_now = 0.0

    def report(text, exception):
        show_error(text.split("\n")[0], exception)

    kernel.report = report
    return asyncio.new_event_loop, (kernel.Deadlock, kernel.Limit), reset


def show_error(message, exception):
    # Whether and when something is destroyed is not the library's business.
    if "was destroyed" not in message and "never retrieved" not in message:
        if message.startswith("Exception in callback"):
            message = "Exception in callback"
        print("ERROR", re.sub(" at 0x[0-9a-f]+", "", message), repr(exception))


def virtual_real(asyncio):
    class Deadlock(BaseException):
        pass

    class Limit(BaseException):
        pass

    class Selector:
        def __init__(self, loop):
            self.loop = loop
            self.calls = 0

        def select(self, timeout):
            self.calls += 1
            if self.calls > 20000:
                raise Limit
            if timeout is None:
                raise Deadlock
            if timeout > 0:
                clock[0] = max(clock[0], self.loop._scheduled[0]._when)
            return []

        def register(self, *args):
            pass

        def unregister(self, *args):
            pass

        def close(self):
            pass

        def get_map(self):
            return {}

    clock = [0.0]

    class Loop(asyncio.SelectorEventLoop):
        def __init__(self):
            super().__init__()
            self._selector.close()
            self._selector = Selector(self)

        def time(self):
            return clock[0]

        def _write_to_self(self):
            pass

        def _close_self_pipe(self):
            self._ssock.close()
            self._csock.close()

        def default_exception_handler(self, context):
            show_error(context.get("message") or "Unhandled exception in event loop", context.get("exception"))

    class Policy(asyncio.DefaultEventLoopPolicy):
        _loop_factory = Loop

    asyncio.set_event_loop_policy(Policy())
    sys.path.insert(0, HERE)
    import kernel
    kernel.keep_order(OrderedSet)

    def reset():
        clock[0] = 0.0

    return Loop, (Deadlock, Limit), reset


def run_program(source, ends, reset, path="<program>"):
    """What it printed, and how it ended."""
    lines = []
    real_print = builtins.print
    alive = True

    def print_line(*values, sep=" ", end="\n", file=None, flush=False):
        if alive:
            # Callbacks are shown with their files.
            lines.append(re.sub(r" cb=\[[^]]*\]", "", sep.join(map(str, values))))

    builtins.print = print_line
    gc.collect()
    gc.disable()
    reset()
    try:
        exec(compile_ordered(source, path), {"__name__": "__main__", "print": print_line})
    except ends as end:
        lines.append(type(end).__name__)
    except BaseException as exception:
        lines.append(describe(exception))
    finally:
        alive = False
        builtins.print = real_print
        try:
            import asyncio
            asyncio._set_running_loop(None)
        except AttributeError:
            import _asyncio
            _asyncio._set_running_loop(None)
        gc.enable()
    gc.collect()
    return lines


def describe(exception, depth=0):
    """With what it came from."""
    kind = type(exception)
    args = exception.args
    name = kind.__name__ if kind.__name__ in ("Deadlock", "Limit") else f"{kind.__module__}.{kind.__qualname__}"
    text = f"{name}{args}"
    if isinstance(exception, BaseExceptionGroup):
        text += "[" + ", ".join(describe(each, depth + 1) for each in exception.exceptions) + "]"
    if depth < 6:
        if exception.__cause__ is not None:
            text += " from " + describe(exception.__cause__, depth + 1)
        elif exception.__context__ is not None and not exception.__suppress_context__:
            text += " while " + describe(exception.__context__, depth + 1)
    return text


builtins._describe = describe


if __name__ == "__main__":
    which, mode = sys.argv[1:3]
    sys.unraisablehook = lambda *args: None
    import warnings
    warnings.simplefilter("ignore")
    results = {}
    if mode == "random":
        import generate
        start, count = map(int, sys.argv[3:5])
        programs = [(str(seed), generate.program(seed, sys.version_info[:2])) for seed in range(start, start + count)]
    else:
        programs = [(path, open(path).read()) for path in sys.argv[3:]]
    new_loop, ends, reset = open_world(which, real_time=mode == "threads")
    gc.collect()
    gc.freeze()
    for name, source in programs:
        results[name] = run_program(source, ends, reset)
    json.dump(results, sys.__stdout__)
    sys.__stdout__.flush()
    os._exit(0)
