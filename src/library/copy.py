class Error(Exception):
    pass


error = Error
_ATOMIC = (type(None), int, float, bool, str, bytes, type, range, type(...), type(NotImplemented))


def _is_atomic(x):
    return type(x) in _ATOMIC or isinstance(x, type) or callable(x) and not hasattr(x, "__dict__")


def copy(x):
    cls = type(x)
    if _is_atomic(x) or cls in (tuple, frozenset):
        return x
    method = getattr(cls, "__copy__", None)
    if method is not None:
        return method(x)
    if cls in (list, dict, set, bytearray):
        return x[:] if cls in (list, bytearray) else x.copy()
    if hasattr(x, "copy") and hasattr(x, "maxlen"):
        return x.copy()
    return _shell(x, lambda v: v)


def _shell(x, each):
    cls = type(x)
    if isinstance(x, (int, float, str, bytes, tuple, frozenset)):
        y = cls.__new__(cls, x)
    elif isinstance(x, BaseException):
        args = x.args
        if isinstance(x, OSError) and len(args) == 2 and x.filename is not None:
            args += (x.filename,) if x.filename2 is None else (x.filename, None, x.filename2)
        y = cls(*[each(v) for v in args])
        if isinstance(x, ImportError):
            y.name, y.path = x.name, x.path
    else:
        y = cls.__new__(cls)
        if isinstance(x, list):
            y.extend([each(v) for v in x])
        elif isinstance(x, dict):
            for key, value in dict.items(x):
                dict.__setitem__(y, each(key), each(value))
        elif isinstance(x, set):
            y.update([each(v) for v in x])
    for name, value in getattr(x, "__dict__", {}).items():
        object.__setattr__(y, name, each(value))
    return y


def deepcopy(x, memo=None):
    if memo is None:
        memo = {}
    if _is_atomic(x):
        return x
    found = memo.get(id(x))
    if found is not None:
        return found[0]
    y = _deep(x, memo)
    memo[id(x)] = (y, x)
    return y


def _deep(x, memo):
    cls = type(x)
    method = getattr(cls, "__deepcopy__", None)
    if method is not None:
        return method(x, memo)
    if cls is list:
        y = []
        memo[id(x)] = (y, x)
        for v in x:
            y.append(deepcopy(v, memo))
        return y
    if cls is dict:
        y = {}
        memo[id(x)] = (y, x)
        for key, value in x.items():
            y[deepcopy(key, memo)] = deepcopy(value, memo)
        return y
    if cls in (tuple, set, frozenset):
        return cls([deepcopy(v, memo) for v in x])
    if cls is bytearray:
        return x[:]
    if hasattr(x, "maxlen"):
        return cls([deepcopy(v, memo) for v in x], x.maxlen)
    if not isinstance(x, (list, dict, set)) and hasattr(x, "__dict__") and type(x).__new__ is object.__new__:
        y = cls.__new__(cls)
        memo[id(x)] = (y, x)
        for name, value in x.__dict__.items():
            object.__setattr__(y, name, deepcopy(value, memo))
        return y
    return _shell(x, lambda v: deepcopy(v, memo))
