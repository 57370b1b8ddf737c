import _kernel
from functools import wraps as _wraps


_shown = set()


class SimpleNamespace:
    def __init__(self, /, *args, **kwargs):
        if args:
            raise TypeError("no positional arguments expected")
        for key, value in kwargs.items():
            setattr(self, key, value)

    def __repr__(self):
        name = "namespace" if type(self) is SimpleNamespace else type(self).__name__
        if id(self) in _shown:
            return f"{name}(...)"
        _shown.add(id(self))
        try:
            parts = [f"{k}={v!r}" for k, v in self.__dict__.items()]
        finally:
            _shown.discard(id(self))
        return f"{name}({', '.join(parts)})"

    def __eq__(self, other):
        if isinstance(self, SimpleNamespace) and isinstance(other, SimpleNamespace):
            return self.__dict__ == other.__dict__
        return NotImplemented


class _GeneratorWrapper:
    def __init__(self, generator):
        self._generator = generator

    def __await__(self):
        return self._generator

    def __iter__(self):
        return self._generator

    def __next__(self):
        return next(self._generator)

    def send(self, value):
        return self._generator.send(value)

    def throw(self, *args):
        return self._generator.throw(*args)

    def close(self):
        self._generator.close()


def coroutine(func):
    if not callable(func):
        raise TypeError("types.coroutine() expects a callable")
    if _kernel.make_awaitable(func):
        return func

    @_wraps(func)
    def wrapped(*args, **kwargs):
        made = func(*args, **kwargs)
        return _GeneratorWrapper(made) if type(made) is GeneratorType else made

    return wrapped


def _f():
    yield


async def _c():
    pass


FunctionType = LambdaType = type(_f)
GeneratorType = type(_f())
BuiltinFunctionType = BuiltinMethodType = type(len)
NoneType = type(None)
NotImplementedType = type(NotImplemented)
EllipsisType = type(...)
_c = _c()
CoroutineType = type(_c)
_c.close()
CodeType = type(_f.__code__)
ModuleType = type(_kernel)
TracebackType = _kernel.Traceback
FrameType = _kernel.Frame


class _A:
    def f(self):
        pass


MethodType = type(_A().f)
