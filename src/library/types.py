class SimpleNamespace:
    def __init__(self, /, **kwargs):
        for key, value in kwargs.items():
            setattr(self, key, value)

    def __repr__(self):
        name = "namespace" if type(self) is SimpleNamespace else type(self).__name__
        parts = [f"{k}={v!r}" for k, v in self.__dict__.items()]
        return f"{name}({', '.join(parts)})"

    def __eq__(self, other):
        if isinstance(self, SimpleNamespace) and isinstance(other, SimpleNamespace):
            return self.__dict__ == other.__dict__
        return NotImplemented


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


class _A:
    def f(self):
        pass


MethodType = type(_A().f)
