"""What asyncio takes for a coroutine."""

import _kernel

iscoroutine = _kernel.is_coroutine
iscoroutinefunction = _kernel.is_coroutine_function
