"""TaskGroup: tasks that end before the block does. One failing cancels the others and the block."""

import _kernel

from .exceptions import CancelledError
from .loops import get_running_loop
from .tasks import current_task, task_of_loop


def _is_base_error(exception):
    return isinstance(exception, (SystemExit, KeyboardInterrupt))


class TaskGroup:

    def __init__(self):
        self._thing = _kernel.thing("group")
        self._entered = False
        self._exiting = False
        self._aborting = False
        self._loop = None
        self._parent_task = None
        # We cancelled the parent: that cancellation ends here.
        self._parent_cancel_requested = False
        # A dictionary for its order.
        self._tasks = {}
        self._errors = []
        self._base_error = None
        self._all_done = None

    def __repr__(self):
        text = "<TaskGroup"
        if self._tasks:
            text += f" tasks={len(self._tasks)}"
        if self._errors:
            text += f" errors={len(self._errors)}"
        if self._aborting:
            text += " cancelling"
        elif self._entered:
            text += " entered"
        return text + ">"

    async def __aenter__(self):
        if self._entered:
            raise RuntimeError(f"TaskGroup {self!r} has already been entered")
        self._loop = get_running_loop()
        self._parent_task = current_task(self._loop)
        if self._parent_task is None:
            raise RuntimeError(f"TaskGroup {self!r} cannot determine the parent task")
        self._entered = True
        return self

    async def __aexit__(self, kind, exception, traceback):
        self._exiting = True
        if exception is not None and _is_base_error(exception) and self._base_error is None:
            self._base_error = exception

        cancellation = exception if self._is_cancellation(kind) else None
        if _kernel.VERSION < (3, 13) and self._parent_cancel_requested:
            if self._parent_task.uncancel() == 0:
                cancellation = None

        if kind is not None and not self._aborting:
            self._abort()

        while self._tasks:
            if self._all_done is None:
                self._all_done = _kernel.waiter(self._loop, "tasks", self._thing)
            try:
                await self._all_done
            except CancelledError as error:
                if not self._aborting:
                    # Somebody cancels the parent: the tasks go first.
                    cancellation = error
                    self._abort()
            self._all_done = None

        if self._base_error is not None:
            raise self._base_error

        if _kernel.VERSION >= (3, 13) and self._parent_cancel_requested:
            if self._parent_task.uncancel() == 0:
                cancellation = None

        if cancellation is not None and not self._errors:
            raise cancellation

        if kind is not None and not self._is_cancellation(kind):
            self._errors.append(exception)

        if self._errors:
            if _kernel.VERSION >= (3, 13) and self._parent_task.cancelling():
                # Somebody else's cancellation must not get lost behind the errors: it is raised at the next await.
                self._parent_task.uncancel()
                self._parent_task.cancel()
            try:
                # As a variable it keeps itself, and with it whatever its traceback does, alive.
                me = BaseExceptionGroup("unhandled errors in a TaskGroup", self._errors)
                raise me from None
            finally:
                self._errors = None

    if _kernel.VERSION >= (3, 13):

        def _is_cancellation(self, kind):
            return kind is not None and issubclass(kind, CancelledError)

        def _refuse(self, coro, reason):
            coro.close()
            raise RuntimeError(f"TaskGroup {self!r} {reason}")

    else:

        def _is_cancellation(self, kind):
            return kind is CancelledError

        def _refuse(self, coro, reason):
            raise RuntimeError(f"TaskGroup {self!r} {reason}")

    def create_task(self, coro, *, name=None, context=None):
        if not self._entered:
            self._refuse(coro, "has not been entered")
        if self._exiting and not self._tasks:
            self._refuse(coro, "is finished")
        if self._aborting:
            self._refuse(coro, "is shutting down")
        task = task_of_loop(self._loop, coro, name, context)
        # From 3.12 on, a task that is done already (an eager one) is not sent through the loop again.
        if _kernel.VERSION >= (3, 12) and task.done():
            self._on_task_done(task)
        else:
            self._tasks[task] = None
            task.add_done_callback(self._on_task_done)
        return task

    def _abort(self):
        self._aborting = True
        for task in list(self._tasks):
            if not task.done():
                task.cancel()

    def _on_task_done(self, task):
        self._tasks.pop(task, None)
        if self._all_done is not None and not self._tasks:
            if not self._all_done.done():
                self._all_done.set_result(True)
        if task.cancelled():
            return
        exception = task.exception()
        if exception is None:
            return
        self._errors.append(exception)
        if _is_base_error(exception) and self._base_error is None:
            self._base_error = exception
        if self._parent_task.done():
            self._loop.call_exception_handler({
                "message": f"Task {task!r} has errored out but its parent task {self._parent_task} is already completed",
                "exception": exception,
                "task": task,
            })
            return
        if not self._aborting and not self._parent_cancel_requested:
            self._abort()
            self._parent_cancel_requested = True
            self._parent_task.cancel()
