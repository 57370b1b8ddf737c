"""What the primitives have in common: they belong to the first loop that has to wait at them."""

import _kernel


class LoopBound:
    _loop = None

    def _wait_as(self, kind):
        """A future whose awaiting is shown as waiting for this primitive."""
        loop = _kernel.running_loop()
        if self._loop is None:
            self._loop = loop
        if loop is not self._loop:
            raise RuntimeError(f"{self!r} is bound to a different event loop")
        return _kernel.waiter(loop, kind, self._thing)
