"""signal: handlers run in the main thread, where it could also be preempted, or in the middle of what it waits for."""

import _kernel
from enum import IntEnum

Signals = IntEnum("Signals", _kernel.signals())
Handlers = IntEnum("Handlers", [("SIG_DFL", 0), ("SIG_IGN", 1)])
Signals.__module__ = Handlers.__module__ = "signal"
SIGHUP = Signals.SIGHUP
SIGINT = Signals.SIGINT
SIGQUIT = Signals.SIGQUIT
SIGABRT = Signals.SIGABRT
SIGKILL = Signals.SIGKILL
SIGUSR1 = Signals.SIGUSR1
SIGUSR2 = Signals.SIGUSR2
SIGPIPE = Signals.SIGPIPE
SIGALRM = Signals.SIGALRM
SIGTERM = Signals.SIGTERM
SIGCHLD = Signals.SIGCHLD
SIGCONT = Signals.SIGCONT
SIGWINCH = Signals.SIGWINCH
SIG_DFL = Handlers.SIG_DFL
SIG_IGN = Handlers.SIG_IGN
NSIG = 65
_main_thread = _kernel.main_thread_ident()


def default_int_handler(signalnum, frame, /):
    raise KeyboardInterrupt


def _check(signalnum):
    if not 1 <= signalnum < NSIG:
        raise ValueError("signal number out of range")


def getsignal(signalnum):
    _check(signalnum)
    handler = _kernel.signal_handler(int(signalnum))
    if handler is None:
        return default_int_handler if signalnum == SIGINT else SIG_DFL
    if type(handler) is int:
        return Handlers(handler)
    return handler


def signal(signalnum, handler):
    if not callable(handler) and handler not in (SIG_DFL, SIG_IGN):
        raise TypeError("signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object")
    if not _kernel.in_main_thread():
        raise ValueError("signal only works in main thread of the main interpreter")
    _check(signalnum)
    if signalnum == SIGKILL:
        raise OSError(22, "Invalid argument")
    old = getsignal(signalnum)
    if handler is default_int_handler and signalnum == SIGINT:
        handler = None
    elif not callable(handler):
        handler = int(handler)
    _kernel.set_signal_handler(int(signalnum), handler)
    return old


def raise_signal(signalnum, /):
    _check(signalnum)
    _kernel.raise_signal(int(signalnum), False)


def pthread_kill(thread_id, signalnum, /):
    _check(signalnum)
    _kernel.raise_signal(int(signalnum), thread_id == _main_thread)


def set_wakeup_fd(fd, /, *, warn_on_full_buffer=True):
    if not _kernel.in_main_thread():
        raise ValueError("set_wakeup_fd only works in main thread of the main interpreter")
    return _kernel.set_wakeup_file(fd)


def siginterrupt(signalnum, flag, /):
    pass


def valid_signals():
    return set(Signals)


def strsignal(signalnum, /):
    return {
        1: "Hangup", 2: "Interrupt", 3: "Quit", 6: "Aborted", 9: "Killed", 10: "User defined signal 1", 12: "User defined signal 2",
        13: "Broken pipe", 14: "Alarm clock", 15: "Terminated", 17: "Child exited", 18: "Continued", 28: "Window changed",
    }.get(int(signalnum))
