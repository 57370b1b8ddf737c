"""The exceptions of asyncio. Those that tasks and futures raise themselves are the machine's."""

import _kernel

CancelledError = _kernel.CancelledError
InvalidStateError = _kernel.InvalidStateError
TimeoutError = TimeoutError


class BrokenBarrierError(RuntimeError):
    """The barrier was aborted or reset while somebody waited at it."""
