"""multiprocessing of CPython 3.11 to 3.13 on Linux: memory apart, a GIL each, messages."""

from . import process as _process
from .context import (
    AuthenticationError, BufferTooShort, ForkContext, ForkServerContext, ProcessError, SpawnContext, TimeoutError,
    _DefaultContext,
)
from .process import active_children, current_process, parent_process

_context = _DefaultContext()
Process = _context.Process
Array = _context.Array
Barrier = _context.Barrier
BoundedSemaphore = _context.BoundedSemaphore
Condition = _context.Condition
Event = _context.Event
JoinableQueue = _context.JoinableQueue
Lock = _context.Lock
Pipe = _context.Pipe
Pool = _context.Pool
Queue = _context.Queue
RLock = _context.RLock
RawArray = _context.RawArray
RawValue = _context.RawValue
Semaphore = _context.Semaphore
SimpleQueue = _context.SimpleQueue
Value = _context.Value
cpu_count = _context.cpu_count
freeze_support = _context.freeze_support
get_all_start_methods = _context.get_all_start_methods
get_context = _context.get_context
get_start_method = _context.get_start_method
set_start_method = _context.set_start_method
