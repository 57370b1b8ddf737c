"""run and Runner: a loop from its making to its end."""

import _kernel

from .exceptions import CancelledError
from .gathering import gather
from .loops import make_loop, set_event_loop

_SIGINT = 2


class Runner:

    def __init__(self, *, debug=None, loop_factory=None):
        self._state = "created"
        self._debug = debug
        self._loop_factory = loop_factory
        self._loop = None
        self._context = None
        self._set_event_loop = False

    def __enter__(self):
        self._open()
        return self

    def __exit__(self, kind, exception, traceback):
        self.close()

    def close(self):
        if self._state != "initialized":
            return
        loop = self._loop
        try:
            _cancel_all_tasks(loop)
            # These two are tasks as in CPython, where they use up numbers and iterations of the loop; nobody needs to see them.
            loop.run_until_complete(_kernel.quiet_task(loop.shutdown_asyncgens(), loop))
            if _kernel.VERSION >= (3, 12):
                shutdown = loop.shutdown_default_executor(300)
            else:
                shutdown = loop.shutdown_default_executor()
            loop.run_until_complete(_kernel.quiet_task(shutdown, loop))
        finally:
            if self._set_event_loop:
                set_event_loop(None)
            loop.close()
            self._loop = None
            self._state = "closed"

    def get_loop(self):
        self._open()
        return self._loop

    def run(self, coro, *, context=None):
        if not _kernel.is_coroutine(coro):
            raise ValueError("a coroutine was expected, got {!r}".format(coro))
        if _kernel.running_loop() is not None:
            raise RuntimeError("Runner.run() cannot be called from a running event loop")
        self._open()
        if context is None:
            context = self._context
        task = self._loop.create_task(coro, context=context)
        self._interrupt_count = 0
        sigint_handler = None
        if _kernel.in_main_thread() and _kernel.signal_handler(_SIGINT) is None:
            sigint_handler = lambda signum, frame: self._on_sigint(task)
            _kernel.set_signal_handler(_SIGINT, sigint_handler)
        try:
            return self._loop.run_until_complete(task)
        except CancelledError:
            if self._interrupt_count > 0:
                uncancel = getattr(task, "uncancel", None)
                if uncancel is not None and uncancel() == 0:
                    raise KeyboardInterrupt()
            raise
        finally:
            if sigint_handler is not None and _kernel.signal_handler(_SIGINT) is sigint_handler:
                _kernel.set_signal_handler(_SIGINT, None)
            if context is None:
                # All runs share a context. There is one as soon as a variable is set.
                self._context = task._context()

    def _on_sigint(self, main_task):
        self._interrupt_count += 1
        if self._interrupt_count == 1 and not main_task.done():
            main_task.cancel()
            # It may be polling.
            self._loop.call_soon_threadsafe(lambda: None)
            return
        raise KeyboardInterrupt()

    def _open(self):
        if self._state == "closed":
            raise RuntimeError("Runner is closed")
        if self._state == "initialized":
            return
        if self._loop_factory is None:
            self._loop = make_loop()
            if not self._set_event_loop:
                set_event_loop(self._loop)
                self._set_event_loop = True
        else:
            self._loop = self._loop_factory()
        if self._debug is not None:
            self._loop.set_debug(self._debug)
        self._context = _kernel.copy_context()
        self._state = "initialized"


def _run(main, debug, loop_factory):
    if _kernel.running_loop() is not None:
        raise RuntimeError("asyncio.run() cannot be called from a running event loop")
    with Runner(debug=debug, loop_factory=loop_factory) as runner:
        return runner.run(main)


if _kernel.VERSION >= (3, 12):

    def run(main, *, debug=None, loop_factory=None):
        return _run(main, debug, loop_factory)

else:

    def run(main, *, debug=None):
        return _run(main, debug, None)


def _cancel_all_tasks(loop):
    tasks = _kernel.all_tasks(loop)
    if not tasks:
        return
    for task in tasks:
        task.cancel()
    loop.run_until_complete(gather(*tasks, return_exceptions=True))
    for task in tasks:
        if task.cancelled():
            continue
        if task.exception() is not None:
            loop.call_exception_handler({
                "message": "unhandled exception during asyncio.run() shutdown",
                "exception": task.exception(),
                "task": task,
            })
