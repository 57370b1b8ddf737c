"""Where a process with fresh memory begins."""

import _kernel
import threading
from sys import stderr
from traceback import print_exc

from . import process
from .reduction import loads


def _main(parcel):
    code = 1
    try:
        process._current._inheriting = True
        _kernel.run_program()
        self, process._method_name = loads(parcel)
        del process._current._inheriting
        code = self._bootstrap()
    except BaseException:
        print_exc()
    _kernel.exit_process(code)
