"""The exceptions of asyncio. Those that tasks and futures raise themselves are the machine's."""

import _kernel

CancelledError = _kernel.CancelledError
InvalidStateError = _kernel.InvalidStateError
TimeoutError = TimeoutError


class BrokenBarrierError(RuntimeError):
    """The barrier was aborted or reset while somebody waited at it."""


class IncompleteReadError(EOFError):
    """The end came before so many bytes."""

    def __init__(self, partial, expected):
        wanted = "undefined" if expected is None else repr(expected)
        super().__init__(f"{len(partial)} bytes read on a total of {wanted} expected bytes")
        self.partial = partial
        self.expected = expected

    def __reduce__(self):
        return type(self), (self.partial, self.expected)


class LimitOverrunError(Exception):
    """The buffer is full, and there is no separator in it."""

    def __init__(self, message, consumed):
        super().__init__(message)
        self.consumed = consumed
