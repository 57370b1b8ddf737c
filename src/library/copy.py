from _kernel import reject as _reject


class Error(Exception):
    pass


error = Error
_ATOMIC = (type(None), int, float, bool, str, bytes, type, range, property, type(...), type(NotImplemented))


def _is_atomic(x):
    cls = type(x)
    if cls in _ATOMIC or isinstance(x, type):
        return True
    return callable(x) and not hasattr(x, "__dict__") and cls.__name__ != "method"


def copy(x):
    cls = type(x)
    if _is_atomic(x) or cls in (tuple, frozenset, slice) or hasattr(x, "__code__"):
        return x
    method = getattr(cls, "__copy__", None)
    if method is not None:
        return method(x)
    if cls in (list, dict, set, bytearray):
        return x[:] if cls in (list, bytearray) else x.copy()
    if hasattr(x, "copy") and hasattr(x, "maxlen"):
        return x.copy()
    return _made_anew(x, None)


def deepcopy(x, memo=None, _nil=[]):
    if memo is None:
        memo = {}
    y = memo.get(id(x), memo)
    if y is not memo:
        return y
    if _is_atomic(x) or hasattr(x, "__code__") and type(x).__name__ != "method":
        return x
    y = _deep(x, memo)
    if y is not x:
        memo[id(x)] = y
        # Kept, so that no other object gets its identity meanwhile.
        memo.setdefault(id(memo), []).append(x)
    return y


def _deep(x, memo):
    cls = type(x)
    method = getattr(cls, "__deepcopy__", None)
    if method is not None:
        return method(x, memo)
    if cls is list:
        y = memo[id(x)] = []
        for v in x:
            y.append(deepcopy(v, memo))
        return y
    if cls is dict:
        y = memo[id(x)] = {}
        for key, value in x.items():
            y[deepcopy(key, memo)] = deepcopy(value, memo)
        return y
    if cls is tuple:
        y = [deepcopy(v, memo) for v in x]
        if id(x) in memo:
            return memo[id(x)]
        return x if all(map(_is, x, y)) else tuple(y)
    if cls in (set, frozenset):
        return cls([deepcopy(v, memo) for v in x])
    if cls is slice:
        return slice(*deepcopy((x.start, x.stop, x.step), memo))
    if cls is bytearray:
        return x[:]
    if cls.__name__ == "method":
        return getattr(deepcopy(x.__self__, memo), x.__name__)
    if hasattr(x, "maxlen"):
        return cls([deepcopy(v, memo) for v in x], x.maxlen)
    return _made_anew(x, memo)


def _is(a, b):
    return a is b


def _made_anew(x, memo):
    cls = type(x)
    if isinstance(x, BaseException):
        args = x.args
        if isinstance(x, OSError) and len(args) == 2 and x.filename is not None:
            args += (x.filename,) if x.filename2 is None else (x.filename, None, x.filename2)
        y = _rebuilt(x, memo, cls, args, dict(x.__dict__) or None)
        if isinstance(x, ImportError):
            y.name, y.path = x.name, x.path
        return y
    for name, given in (("__reduce_ex__", (4,)), ("__reduce__", ())):
        if getattr(cls, name, None) is not getattr(object, name, None):
            made = getattr(x, name)(*given)
            return x if isinstance(made, str) else _rebuilt(x, memo, *made)
    if cls.__module__ in ("builtins", "_thread") and cls is not object:
        name = cls.__qualname__ if cls.__module__ == "builtins" else f"_thread.{cls.__qualname__}"
        if name in _REDUCED or name.endswith("iterator"):
            _reject(f"copying a '{name}' is not supported", "copy what it goes over")
        raise TypeError(f"cannot pickle '{name}' object")
    args, words = (), {}
    if hasattr(cls, "__getnewargs_ex__"):
        args, words = x.__getnewargs_ex__()
    elif hasattr(cls, "__getnewargs__"):
        args = x.__getnewargs__()
    elif isinstance(x, (int, float, str, bytes, bytearray, tuple, frozenset)):
        args = (x,)
    getter = getattr(cls, "__getstate__", None)
    if getter is not None and getter is not getattr(object, "__getstate__", None):
        state = x.__getstate__()
    else:
        slots = {}
        for base in cls.__mro__:
            names = base.__dict__.get("__slots__", ()) if hasattr(base, "__dict__") else ()
            for name in (names,) if isinstance(names, str) else names:
                if name.startswith("__") and not name.endswith("__"):
                    name = f"_{base.__name__.lstrip('_')}{name}"
                if name != "__dict__" and hasattr(x, name):
                    slots[name] = getattr(x, name)
        state = getattr(x, "__dict__", None) or None
        if slots:
            state = state, slots
    items = isinstance(x, (list, set)) and x
    pairs = isinstance(x, dict) and dict.items(x)
    make = lambda *args: cls.__new__(cls, *args, **words)
    if memo is not None and args and args[0] is x:
        args = (cls.__mro__[-2](x),) if isinstance(x, (tuple, frozenset)) else ()
        make = (lambda *args: cls.__new__(cls, *args or (x,)))
    return _rebuilt(x, memo, make, args, state, items, pairs)


_REDUCED = ("map", "filter", "zip", "enumerate", "reversed", "iterator")


def _rebuilt(x, memo, func, args, state=None, items=None, pairs=None):
    each = (lambda v: v) if memo is None else (lambda v: deepcopy(v, memo))
    y = func(*[each(v) for v in args])
    if memo is not None:
        memo[id(x)] = y
    if state is not None:
        state = each(state)
        if hasattr(y, "__setstate__"):
            y.__setstate__(state)
        else:
            slots = None
            if isinstance(state, tuple) and len(state) == 2:
                state, slots = state
            for name, value in (state or {}).items():
                object.__setattr__(y, name, value)
            for name, value in (slots or {}).items():
                setattr(y, name, value)
    for v in items or ():
        (y.add if isinstance(y, set) else y.append)(each(v))
    for key, value in pairs or ():
        y[each(key)] = each(value)
    return y
