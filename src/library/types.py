import _kernel
from functools import wraps as _wraps


_in_progress = set()


class SimpleNamespace:
    def __init__(self, /, *args, **kwargs):
        if args:
            raise TypeError("no positional arguments expected")
        for key, value in kwargs.items():
            setattr(self, key, value)

    def __repr__(self):
        name = "namespace" if type(self) is SimpleNamespace else type(self).__name__
        if id(self) in _in_progress:
            return f"{name}(...)"
        _in_progress.add(id(self))
        try:
            parts = [f"{k}={v!r}" for k, v in self.__dict__.items()]
        finally:
            _in_progress.discard(id(self))
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


class GenericAlias:
    """`list[int]`: calls and attributes go to the class. CPython 3.12, Objects/genericaliasobject.c."""

    def __init__(self, origin, args, /):
        self.__origin__ = origin
        self.__args__ = args if isinstance(args, tuple) else (args,)

    def __getattr__(self, name):
        return getattr(self.__origin__, name)

    def __call__(self, *args, **kwargs):
        made = self.__origin__(*args, **kwargs)
        try:
            made.__orig_class__ = self
        except (AttributeError, TypeError):
            pass
        return made

    def __mro_entries__(self, bases, /):
        return (self.__origin__,)

    @property
    def __parameters__(self):
        return _parameters(self.__args__)

    def __getitem__(self, items):
        return type(self)(self.__origin__, _replaced(self, items))

    def __eq__(self, other):
        if not isinstance(other, GenericAlias):
            return NotImplemented
        return self.__origin__ == other.__origin__ and self.__args__ == other.__args__

    def __hash__(self):
        return hash(self.__origin__) ^ hash(self.__args__)

    def __repr__(self):
        return f"{_shown(self.__origin__)}[{', '.join(map(_shown, self.__args__)) or '()'}]"

    def __or__(self, other):
        return union(self, other)

    def __ror__(self, other):
        return union(other, self)


class UnionType:
    """`int | None`. CPython 3.12, Objects/unionobject.c."""

    def __new__(cls):
        raise TypeError("cannot create 'types.UnionType' instances")

    @property
    def __parameters__(self):
        return _parameters(self.__args__)

    def __getitem__(self, items):
        first, *rest = _replaced(self, items)
        for each in rest:
            first = first | each
        return first

    def __eq__(self, other):
        if not isinstance(other, UnionType):
            return NotImplemented
        return set(self.__args__) == set(other.__args__)

    def __hash__(self):
        return hash(frozenset(self.__args__))

    def __repr__(self):
        return " | ".join("None" if each is NoneType else _shown(each) for each in self.__args__)

    __or__ = GenericAlias.__or__
    __ror__ = GenericAlias.__ror__


def union(*parts):
    args = []
    for part in parts:
        if part is None:
            part = NoneType
        if not isinstance(part, (type, GenericAlias, UnionType)):
            return NotImplemented
        for each in part.__args__ if type(part) is UnionType else [part]:
            if each not in args:
                args.append(each)
    if len(args) == 1:
        return args[0]
    made = object.__new__(UnionType)
    made.__args__ = tuple(args)
    return made


def _parameters(args):
    found = []
    for arg in args:
        for each in [arg] if hasattr(arg, "__typing_subst__") else getattr(arg, "__parameters__", ()):
            if each not in found:
                found.append(each)
    return tuple(found)


def _check_number(generic, items, names):
    if not names:
        raise TypeError(f"{generic!r} is not a generic class")
    if len(items) != len(names):
        few = "few" if len(items) < len(names) else "many"
        raise TypeError(
            f"Too {few} arguments for {generic!r}; actual {len(items)}, expected {len(names)}"
        )


def _replaced(alias, items):
    """The arguments of an alias with its type variables replaced."""
    names = alias.__parameters__
    if not isinstance(items, tuple):
        items = (items,)
    _check_number(alias, items, names)
    known = dict(zip(names, items))
    args = []
    for arg in alias.__args__:
        if arg in names:
            arg = known[arg]
        else:
            inner = getattr(arg, "__parameters__", ())
            if inner:
                arg = arg[tuple([known[each] for each in inner])]
        args.append(arg)
    return tuple(args)


def _shown(part):
    if part is ...:
        return "..."
    if isinstance(part, list):
        return f"[{', '.join(map(_shown, part))}]"
    if isinstance(part, (GenericAlias, UnionType)) or not hasattr(part, "__qualname__"):
        return repr(part)
    name = part.__qualname__
    return name if part.__module__ == "builtins" else f"{part.__module__}.{name}"
