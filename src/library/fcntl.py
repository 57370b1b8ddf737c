"""fcntl: whole files locked by who opened them."""

import _kernel

LOCK_SH, LOCK_EX, LOCK_NB, LOCK_UN = 1, 2, 4, 8


def flock(fd, operation, /):
    number = fd if isinstance(fd, int) else fd.fileno()
    if operation & LOCK_UN:
        return _kernel.file_unlock(number)
    if operation & LOCK_SH:
        _kernel.reject("shared locks are not supported", "use LOCK_EX")
    lock = _kernel.file_lock(number)
    if not _kernel.semaphore_acquire(lock, not operation & LOCK_NB, None):
        raise BlockingIOError(11, "Resource temporarily unavailable")
    _kernel.file_locked(number)
