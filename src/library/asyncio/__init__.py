"""asyncio of CPython 3.11 to 3.13, on the machine's own futures, tasks and event loop."""

import _kernel

from .coroutines import iscoroutine, iscoroutinefunction
from .exceptions import (
    BrokenBarrierError, CancelledError, IncompleteReadError, InvalidStateError, LimitOverrunError, TimeoutError,
)
from .futures import Future, isfuture, wrap_future
from .gathering import gather, shield
from .locks import Barrier, BoundedSemaphore, Condition, Event, Lock, Semaphore
from .loops import (
    AbstractEventLoop, BaseEventLoop, Handle, SelectorEventLoop, TimerHandle, get_event_loop, get_running_loop,
    new_event_loop, set_event_loop, _get_running_loop,
)
from .queues import LifoQueue, PriorityQueue, Queue, QueueEmpty, QueueFull
from .runners import Runner, run
from .taskgroups import TaskGroup
from .tasks import Task, all_tasks, create_task, current_task, ensure_future, run_coroutine_threadsafe
from .threads import to_thread
from .timeouts import Timeout, sleep, timeout, timeout_at, wait_for
from .waiting import ALL_COMPLETED, FIRST_COMPLETED, FIRST_EXCEPTION, as_completed, wait

if _kernel.VERSION >= (3, 12):
    from .tasks import create_eager_task_factory, eager_task_factory
if _kernel.VERSION >= (3, 13):
    from .loops import EventLoop
    from .queues import QueueShutDown
