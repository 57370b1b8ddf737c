"""What passes from one process to another is a deep copy: objects become plain data and are made anew there.

The rules are those of pickle protocol 4 (CPython 3.11 to 3.13, Modules/_pickle.c, `save`).
"""

import _kernel

from _pickle import PicklingError

_PLAIN = (type(None), int, float, bool, str, bytes)
_lambda = type(lambda: None)
_native = type(len)


def dumps(value):
    return _Packer().pack(value)


def loads(parcel):
    return _unpack(parcel, {})


class _Packer:

    def __init__(self):
        # By identity; the objects are kept, so that no other gets theirs.
        self._known = {}

    def pack(self, x):
        kind = type(x)
        if kind in _PLAIN or x is NotImplemented or x is ... or kind.__name__ == "thing":
            return x
        known = self._known.get(id(x))
        if known is not None:
            return ("=", known[0])
        if isinstance(x, type) or kind is _lambda:
            return self._global(x)
        if kind is _native or kind.__name__ == "method":
            owner = getattr(x, "__self__", None)
            if owner is None or kind is _native and not hasattr(owner, "__dict__") and type(owner) not in (list, dict, set):
                return x
            return (".", self.pack(owner), x.__name__)
        if kind is tuple or kind is frozenset:
            return ("(" if kind is tuple else "<",) + tuple([self.pack(v) for v in x])
        number = len(self._known)
        self._known[id(x)] = (number, x)
        if kind is list or kind is set:
            return ("[" if kind is list else "{", number) + tuple([self.pack(v) for v in x])
        if kind is dict:
            return (":", number) + self._items(x)
        if kind is bytearray:
            return ("b", number, bytes(x))
        if kind is range or kind is slice:
            return ("!", number, kind, (x.start, x.stop, x.step))
        return self._object(x, kind, number)

    def _items(self, x):
        return tuple([(self.pack(k), self.pack(v)) for k, v in dict.items(x)])

    def _global(self, x):
        module, name = getattr(x, "__module__", None), x.__qualname__
        if module == "builtins" or module is None:
            return x
        if "<locals>" in name:
            verb = "get" if _kernel.VERSION >= (3, 13) else "pickle"
            raise AttributeError(f"Can't {verb} local object '{name}'")
        found = _find(module, name)
        if found is None:
            raise PicklingError(f"Can't pickle {x!r}: attribute lookup {name} on {module} failed")
        if found is not x:
            raise PicklingError(f"Can't pickle {x!r}: it's not the same object as {module}.{name}")
        return ("g", module, name)

    def _object(self, x, kind, number):
        special = getattr(kind, "__reduce__", None)
        if special is not None and special is not getattr(object, "__reduce__", None) and not isinstance(x, BaseException):
            made = x.__reduce__()
            if isinstance(made, str):
                return ("g", kind.__module__, made)
            state = made[2] if len(made) > 2 else None
            return ("!", number, self.pack(made[0]), self.pack(made[1]), self.pack(state))
        if kind.__name__.endswith("iterator") or kind in (map, filter, zip, enumerate, reversed):
            _kernel.reject(f"a {kind.__name__} cannot be sent to another process here", "send a list of its items")
        if not hasattr(x, "__dict__") and not hasattr(x, "maxlen") and not hasattr(kind, "__slots__"):
            name = f"{kind.__module__}.{kind.__qualname__}" if kind.__module__ != "builtins" else kind.__qualname__
            raise TypeError(f"cannot pickle '{name}' object")
        cls = self._global(kind)
        members = getattr(kind, "_member_map_", None)
        if members is not None:
            return ("!", number, cls, (self.pack(x._value_),))
        if hasattr(x, "maxlen"):
            return ("!", number, cls, (("[", -1) + tuple([self.pack(v) for v in x]), x.maxlen))
        if isinstance(x, BaseException):
            args = self.pack(x.args)
            state = dict(x.__dict__)
            return ("e", number, cls, args, self.pack(state))
        getter = getattr(x, "__getstate__", None)
        if getter is not None and getattr(kind, "__getstate__", None) is not getattr(object, "__getstate__", None):
            state = getter()
        else:
            state = dict(getattr(x, "__dict__", {}))
            for base in kind.__mro__:
                names = base.__dict__.get("__slots__", ()) if hasattr(base, "__dict__") else ()
                for name in (names,) if isinstance(names, str) else names:
                    if hasattr(x, name):
                        state[name] = getattr(x, name)
        base = None
        if isinstance(x, (int, float, str, bytes)):
            base = x + 0 if isinstance(x, (int, float)) else x[:]
        elif isinstance(x, (tuple, frozenset)):
            base = self.pack(tuple(x))
        new = (("G", number, cls, base),)
        items = ()
        if isinstance(x, (list, set)):
            items = tuple([self.pack(v) for v in x])
        elif isinstance(x, dict):
            items = self._items(x)
        return ("o", new, items, self.pack(state))


def _find(module, name):
    found = _kernel.module(module, True)
    for part in name.split("."):
        found = getattr(found, part, None)
    return found


def _unpack(p, known):
    if type(p) is not tuple:
        return p
    op = p[0]
    if op == "=":
        return known[p[1]]
    if op == "g":
        found = _find(p[1], p[2])
        if found is None:
            raise AttributeError(f"Can't get attribute '{p[2]}' on <module '{p[1]}' from {_kernel.file_name()!r}>")
        return found
    if op == ".":
        return getattr(_unpack(p[1], known), p[2])
    if op == "(" or op == "<":
        values = [_unpack(v, known) for v in p[1:]]
        return tuple(values) if op == "(" else frozenset(values)
    if op == "o":
        return _unpack_object(p, known)
    number = p[1]
    if op == "[":
        known[number] = made = []
        for v in p[2:]:
            made.append(_unpack(v, known))
    elif op == "{":
        known[number] = made = set()
        for v in p[2:]:
            made.add(_unpack(v, known))
    elif op == ":":
        known[number] = made = {}
        for k, v in p[2:]:
            made[_unpack(k, known)] = _unpack(v, known)
    elif op == "b":
        known[number] = made = bytearray(p[2])
    elif op == "e":
        known[number] = made = _unpack(p[2], known)(*_unpack(p[3], known))
        for k, v in _unpack(p[4], known).items():
            setattr(made, k, v)
    else:
        args = p[3]
        args = _unpack(args, known) if args and args[0] == "(" else [_unpack(v, known) for v in args]
        known[number] = made = _unpack(p[2], known)(*args)
        state = _unpack(p[4], known) if len(p) > 4 else None
        if state is not None:
            _set_state(made, state)
    return made


def _unpack_object(p, known):
    (_, number, cls, base), items, state = p[1][0], p[2], p[3]
    cls = _unpack(cls, known)
    if base is None:
        made = cls.__new__(cls)
    elif isinstance(base, tuple):
        base = _unpack(base, known)
        made = cls(*base) if hasattr(cls, "_fields") else cls.__new__(cls, base)
    else:
        made = cls.__new__(cls, base)
    known[number] = made
    if isinstance(made, list):
        for v in items:
            made.append(_unpack(v, known))
    elif isinstance(made, set):
        for v in items:
            made.add(_unpack(v, known))
    elif isinstance(made, dict):
        for k, v in items:
            dict.__setitem__(made, _unpack(k, known), _unpack(v, known))
    _set_state(made, _unpack(state, known))
    return made


def _set_state(made, state):
    setter = getattr(made, "__setstate__", None)
    if setter is not None:
        return setter(state)
    for k, v in state.items():
        object.__setattr__(made, k, v)
