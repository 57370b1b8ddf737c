"""Finding the loop, and those methods of it that are Python in CPython as well and not worth being native."""

import _kernel

from .futures import isfuture, wrap_future

Handle = _kernel.Handle
TimerHandle = _kernel.TimerHandle

get_running_loop = _kernel.get_running_loop
_get_running_loop = _kernel.running_loop

# The loop that `set_event_loop` set, by thread. A None that was set is remembered, too: then none is made.
_current = {}
_main_thread = _kernel.thread_ident()


def log(level, text, exception=None):
    """To asyncio's logger if the program has logging, else as its last resort does it."""
    logging = _kernel.loaded("logging")
    if logging is not None:
        logging.getLogger("asyncio").log(level, text, exc_info=exception)
    elif level >= 30:
        _kernel.report_error(text, exception)


def make_loop():
    log(10, "Using selector: EpollSelector")
    loop = _kernel.Loop()
    loop.slow_callback_duration = 0.1
    return loop


def new_event_loop():
    # Nobody need cancel its tasks: the interpreter's end finalizes what is left in the order in which it was made.
    _kernel.keep_order()
    return make_loop()


SelectorEventLoop = EventLoop = new_event_loop


def set_event_loop(loop):
    _current[_kernel.thread_ident()] = loop


def get_event_loop():
    loop = _kernel.running_loop()
    if loop is not None:
        return loop
    ident = _kernel.thread_ident()
    if ident == _main_thread and ident not in _current:
        _current[ident] = new_event_loop()
    loop = _current.get(ident)
    if loop is None:
        from threading import current_thread
        raise RuntimeError("There is no current event loop in thread %r." % current_thread().name)
    return loop


def _check_idle(loop):
    if loop.is_closed():
        raise RuntimeError("Event loop is closed")
    if loop.is_running():
        raise RuntimeError("This event loop is already running")
    if _kernel.running_loop() is not None:
        raise RuntimeError("Cannot run the event loop while another loop is running")


def _run_until_complete_cb(future):
    if not future.cancelled():
        # These two ended the loop already.
        if isinstance(future.exception(), (SystemExit, KeyboardInterrupt)):
            return
    future.get_loop().stop()


class BaseEventLoop:
    _default_executor = None
    _executor_shutdown_called = False
    _exception_handler = None
    _signal_handlers = None

    def run_until_complete(self, future):
        from .tasks import ensure_future
        _check_idle(self)
        made_here = not isfuture(future)
        future = ensure_future(future, loop=self)
        if made_here:
            future._log_destroy_pending = False
        future.add_done_callback(_run_until_complete_cb)
        try:
            self.run_forever()
        except:
            if made_here and future.done() and not future.cancelled():
                # It counts as retrieved: the caller cannot do so.
                future.exception()
            raise
        finally:
            future.remove_done_callback(_run_until_complete_cb)
        if not future.done():
            raise RuntimeError("Event loop stopped before Future completed.")
        return future.result()

    def run_in_executor(self, executor, func, *args):
        if self.is_closed():
            raise RuntimeError("Event loop is closed")
        if executor is None:
            if self._executor_shutdown_called:
                raise RuntimeError("Executor shutdown has been called")
            executor = self._default_executor
            if executor is None:
                from concurrent.futures import ThreadPoolExecutor
                executor = self._default_executor = ThreadPoolExecutor(thread_name_prefix="asyncio")
        return wrap_future(executor.submit(func, *args), loop=self)

    def set_default_executor(self, executor):
        from concurrent.futures import ThreadPoolExecutor
        if not isinstance(executor, ThreadPoolExecutor):
            raise TypeError("executor must be ThreadPoolExecutor instance")
        self._default_executor = executor

    async def shutdown_asyncgens(self):
        generators = _kernel.open_asyncgens(self)
        if not generators:
            return
        from .gathering import gather
        results = await gather(*[generator.aclose() for generator in generators], return_exceptions=True)
        for result, generator in zip(results, generators):
            if isinstance(result, Exception):
                self.call_exception_handler({
                    "message": f"an error occurred during closing of asynchronous generator {generator!r}",
                    "exception": result,
                    "asyncgen": generator,
                })

    async def shutdown_default_executor(self, timeout=None):
        self._executor_shutdown_called = True
        executor = self._default_executor
        if executor is None:
            return
        # Joining the workers blocks, so a thread does it.
        from threading import Thread
        future = _kernel.waiter(self, "thread", None)

        def _do_shutdown(future):
            try:
                executor.shutdown(wait=True)
                if not self.is_closed():
                    self.call_soon_threadsafe(future.set_result, None)
            except Exception as error:
                if not self.is_closed():
                    self.call_soon_threadsafe(future.set_exception, error)

        thread = Thread(target=_do_shutdown, args=(future,))
        thread.start()
        try:
            await future
        finally:
            thread.join(timeout)

    def set_exception_handler(self, handler):
        if handler is not None and not callable(handler):
            raise TypeError(f"A callable object or None is expected, got {handler!r}")
        self._exception_handler = handler

    def get_exception_handler(self):
        return self._exception_handler

    def default_exception_handler(self, context):
        message = context.get("message")
        if not message:
            message = "Unhandled exception in event loop"
        lines = [message]
        for key in sorted(context):
            if key != "message" and key != "exception":
                lines.append(f"{key}: {context[key]!r}")
        log(40, "\n".join(lines), context.get("exception"))

    def call_exception_handler(self, context):
        if self._exception_handler is None:
            self.default_exception_handler(context)
            return
        handler = self._exception_handler
        task = context.get("task", context.get("future"))
        if isinstance(task, _kernel.Task) and _kernel.VERSION >= (3, 12):
            run, of_program = task.get_context().run, handler
            handler = lambda *args: run(of_program, *args)
        try:
            handler(self, context)
        except (SystemExit, KeyboardInterrupt):
            raise
        except BaseException as error:
            self.default_exception_handler({
                "message": "Unhandled error in exception handler",
                "exception": error,
                "context": context,
            })

    def set_task_factory(self, factory):
        if factory is not None and not callable(factory):
            raise TypeError("task factory must be a callable or None")
        self._set_task_factory(factory)

    def _close_generator(self, generator):
        """An async generator of this loop died at a `yield`."""
        if not self.is_closed():
            self.call_soon_threadsafe(self.create_task, generator.aclose())

    def _make_task(self, coro, name, context):
        """For the native `create_task`, when a task factory is set."""
        factory = self.get_task_factory()
        if context is None:
            task = factory(self, coro)
        else:
            task = factory(self, coro, context=context)
        if name is not None or _kernel.VERSION >= (3, 13):
            task.set_name(name)
        return task


class _UnixSelectorEventLoop:

    def close(self):
        if self.is_running():
            raise RuntimeError("Cannot close a running event loop")
        if self.is_closed():
            return
        if self._signal_handlers is not None:
            from .connections import close_connections
            close_connections(self)
        if _kernel.close_loop(self):
            _kernel.socket_forget(self)
        self._executor_shutdown_called = True
        executor = self._default_executor
        if executor is not None:
            self._default_executor = None
            executor.shutdown(wait=False)


def _of_connections(name):
    """A method that is loaded when it is first called."""

    def method(self, *args, **kwargs):
        from . import connections
        return getattr(connections._UnixSelectorEventLoop, name)(self, *args, **kwargs)

    return method


for _name in (
    "_add_reader", "_add_writer", "_remove_reader", "_remove_writer", "_start_serving", "add_reader", "add_signal_handler",
    "add_writer", "connect_accepted_socket", "connect_read_pipe", "connect_write_pipe", "create_connection",
    "create_datagram_endpoint", "create_server", "create_unix_connection", "create_unix_server", "getaddrinfo", "remove_reader",
    "remove_signal_handler", "remove_writer", "sock_accept", "sock_connect", "sock_recv", "sock_recv_into", "sock_sendall",
    "start_tls", "subprocess_exec", "subprocess_shell",
):
    _kernel.attach(_name, _of_connections(_name))

for _name, _method in (BaseEventLoop.__dict__ | _UnixSelectorEventLoop.__dict__).items():
    if not _name.startswith("__"):
        _kernel.attach(_name, _method)

BaseEventLoop = AbstractEventLoop = _kernel.Loop
