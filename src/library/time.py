"""time: the virtual clock."""

import _kernel

sleep = _kernel.sleep
monotonic = perf_counter = _kernel.now
monotonic_ns = perf_counter_ns = _kernel.now_ns

# The moment at which every run begins.
_START = 1_700_000_000


def time():
    return _START + _kernel.now()


def time_ns():
    return _START * 1_000_000_000 + _kernel.now_ns()
