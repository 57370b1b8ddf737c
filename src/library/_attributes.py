import _kernel
from _kernel import own_attributes as _own

_put = object.__setattr__
_drop = object.__delattr__
_base = dict


class dict(_base):
    def __init__(self, owner):
        super().__init__(_own(owner))
        self._owner = owner

    def _fresh(self):
        _base.clear(self)
        _base.update(self, _own(self._owner))

    def __setitem__(self, key, value):
        _put(self._owner, key, value)
        super().__setitem__(key, value)

    def __delitem__(self, key):
        self._fresh()
        super().__delitem__(key)
        _drop(self._owner, key)

    def update(self, *args, **kwds):
        for key, value in _base(*args, **kwds).items():
            self[key] = value

    def __ior__(self, other):
        self.update(other)
        return self

    def setdefault(self, key, default=None):
        self._fresh()
        if key not in self:
            self[key] = default
        return super().__getitem__(key)

    def pop(self, key, *default):
        self._fresh()
        found = key in self
        value = super().pop(key, *default)
        if found:
            _drop(self._owner, key)
        return value

    def popitem(self):
        self._fresh()
        key, value = super().popitem()
        _drop(self._owner, key)
        return key, value

    def clear(self):
        self._fresh()
        for key in list(super().keys()):
            _drop(self._owner, key)
        super().clear()

    def copy(self):
        return _own(self._owner)

    def __getitem__(self, key):
        self._fresh()
        return super().__getitem__(key)

    def __contains__(self, key):
        self._fresh()
        return super().__contains__(key)

    def __len__(self):
        self._fresh()
        return super().__len__()

    def __iter__(self):
        self._fresh()
        return super().__iter__()

    def __repr__(self):
        self._fresh()
        return super().__repr__()

    def __eq__(self, other):
        self._fresh()
        return super().__eq__(other)

    def get(self, key, default=None):
        self._fresh()
        return super().get(key, default)

    def keys(self):
        self._fresh()
        return super().keys()

    def values(self):
        self._fresh()
        return super().values()

    def items(self):
        self._fresh()
        return super().items()


def _order(self, *args):
    _kernel.reject("the order of a module's names is not supported", "look a name up, or write to one")


_live = dict


class dict(_live):
    __iter__ = __len__ = __repr__ = __eq__ = copy = keys = values = items = popitem = clear = _order


globals, dict = dict, _live

sorted = sorted

_OBJECT = """__class__ __delattr__ __dir__ __doc__ __eq__ __format__ __ge__ __getattribute__ __getstate__ __gt__ __hash__
    __init__ __init_subclass__ __le__ __lt__ __ne__ __new__ __reduce__ __reduce_ex__ __repr__ __setattr__ __sizeof__
    __str__ __subclasshook__""".split()


def dir(object):
    kind = type(object)
    if hasattr(kind, "__dir__"):
        return sorted(kind.__dir__(object))
    classes = object.__mro__ if kind is type else kind.__mro__
    if not all(_kernel.is_own_class(c) for c in classes[:-1]) or len(classes) == 1:
        _kernel.reject(
            "the list of all attributes is supported for classes of the program and their instances only",
            "ask for one of them with hasattr",
        )
    names = set(_OBJECT) | {"__module__", "__doc__", "__dict__", "__weakref__"}
    if _kernel.VERSION < (3, 11):
        names.discard("__getstate__")
    if _kernel.VERSION >= (3, 13):
        names |= {"__firstlineno__", "__static_attributes__"}
    for owner in classes[:-1]:
        if "__slots__" in _own(owner):
            _kernel.reject("the list of all attributes is not supported with __slots__", "name them yourself")
        names.update(_own(owner))
    if kind is not type:
        names.update(_own(object))
    return sorted(names)


async def anext(iterator, default):
    try:
        return await iterator.__anext__()
    except StopAsyncIteration:
        return default


class coroutine_wrapper:
    __module__ = "builtins"

    def __init__(self, coroutine):
        self._coroutine = coroutine

    def __iter__(self):
        return self

    def __next__(self):
        return self._coroutine.send(None)

    def send(self, value, /):
        return self._coroutine.send(value)

    def throw(self, *args):
        return self._coroutine.throw(*args)

    def close(self):
        return self._coroutine.close()
