from _kernel import VERSION as _VERSION
from _kernel import reject as _reject

WRAPPER_ASSIGNMENTS = ("__module__", "__name__", "__qualname__", "__doc__", "__annotations__")
if _VERSION >= (3, 12):
    WRAPPER_ASSIGNMENTS += ("__type_params__",)
WRAPPER_UPDATES = ("__dict__",)


def update_wrapper(wrapper, wrapped, assigned=WRAPPER_ASSIGNMENTS, updated=WRAPPER_UPDATES):
    for attr in assigned:
        try:
            value = getattr(wrapped, attr)
        except AttributeError:
            continue
        setattr(wrapper, attr, value)
    if updated:
        for key, value in getattr(wrapped, "__dict__", {}).items():
            setattr(wrapper, key, value)
    wrapper.__wrapped__ = wrapped
    return wrapper


def wraps(wrapped, assigned=WRAPPER_ASSIGNMENTS, updated=WRAPPER_UPDATES):
    return partial(update_wrapper, wrapped=wrapped, assigned=assigned, updated=updated)


class partial:
    def __init__(self, func, /, *args, **keywords):
        if not callable(func):
            raise TypeError("the first argument must be callable")
        if isinstance(func, partial):
            args = func.args + args
            keywords = {**func.keywords, **keywords}
            func = func.func
        self.func = func
        self.args = args
        self.keywords = keywords

    def __call__(self, /, *args, **keywords):
        if keywords or self.keywords:
            return self.func(*self.args, *args, **{**self.keywords, **keywords})
        return self.func(*self.args, *args)

    def __repr__(self):
        parts = [repr(self.func)]
        parts.extend(repr(x) for x in self.args)
        parts.extend(f"{k}={v!r}" for k, v in self.keywords.items())
        return f"functools.{type(self).__name__}({', '.join(parts)})"


class partialmethod:
    def __repr__(self):
        parts = list(map(repr, self.args))
        named = [f"{k}={v!r}" for k, v in self.keywords.items()]
        if _VERSION < (3, 13):
            parts, named = [", ".join(parts)], [", ".join(named)]
        return f"functools.{type(self).__name__}({', '.join([repr(self.func), *parts, *named])})"

    def __init__(self, func, /, *args, **keywords):
        if isinstance(func, classmethod):
            _reject("`partialmethod` of a class method is not supported", "put it around a plain function")
        if not callable(func) and not hasattr(func, "__get__"):
            raise TypeError(f"{func!r} is not callable or a descriptor")
        self.func = func
        self.args = args
        self.keywords = keywords

    def __get__(self, obj, cls=None):
        func = self.func
        get = getattr(func, "__get__", None)
        if isinstance(func, staticmethod):
            return partial(func, *self.args, **self.keywords)
        if get is not None:
            func = get(obj, cls)
            return partial(func, *self.args, **self.keywords)
        return partial(func, obj, *self.args, **self.keywords)


_missing = object()


def reduce(function, iterable, initial=_missing, /):
    it = iter(iterable)
    if initial is _missing:
        try:
            value = next(it)
        except StopIteration:
            raise TypeError("reduce() of empty iterable with no initial value") from None
    else:
        value = initial
    for element in it:
        value = function(value, element)
    return value


def _key_wrapper():
    class KeyWrapper:
        """What `cmp_to_key` makes, and what that makes of each object."""

        __qualname__ = "KeyWrapper"
        __slots__ = ["_cmp", "obj"]
        __hash__ = None

        def __init__(self, mycmp, obj=_missing, /):
            self._cmp = mycmp
            if obj is not _missing:
                self.obj = obj

        def __call__(self, obj):
            return type(self)(self._cmp, obj)

        def __lt__(self, other):
            return self._cmp(self.obj, other.obj) < 0

        def __gt__(self, other):
            return self._cmp(self.obj, other.obj) > 0

        def __eq__(self, other):
            return self._cmp(self.obj, other.obj) == 0

        def __le__(self, other):
            return self._cmp(self.obj, other.obj) <= 0

        def __ge__(self, other):
            return self._cmp(self.obj, other.obj) >= 0

    return KeyWrapper


_KeyWrapper = _key_wrapper()


def cmp_to_key(mycmp):
    return _KeyWrapper(mycmp)


def _key(args, kwds, typed):
    key = args
    if kwds:
        key += (_missing,)
        for item in kwds.items():
            key += item
    if typed:
        key += tuple(type(v) for v in args)
        if kwds:
            key += tuple(type(v) for v in kwds.values())
    elif len(key) == 1 and type(key[0]) in (int, str):
        return key[0]
    return key


class _CacheInfo:
    def __init__(self, hits, misses, maxsize, currsize):
        self.hits = hits
        self.misses = misses
        self.maxsize = maxsize
        self.currsize = currsize

    def __iter__(self):
        return iter((self.hits, self.misses, self.maxsize, self.currsize))

    def __getitem__(self, index):
        return (self.hits, self.misses, self.maxsize, self.currsize)[index]

    def __len__(self):
        return 4

    def __eq__(self, other):
        return tuple(self) == tuple(other)

    def __repr__(self):
        return f"CacheInfo(hits={self.hits}, misses={self.misses}, maxsize={self.maxsize}, currsize={self.currsize})"


class _lru_cache_wrapper:
    def __init__(self, function, maxsize, typed):
        self._function = function
        self._maxsize = maxsize
        self._typed = typed
        self._cache = {}
        self._hits = self._misses = 0

    def __get__(self, instance, owner=None):
        return self if instance is None else _Bound(self, instance)

    def __call__(self, /, *args, **kwds):
        if self._maxsize == 0:
            self._misses += 1
            return self._function(*args, **kwds)
        cache = self._cache
        key = _key(args, kwds, self._typed)
        found = cache.get(key, _missing)
        if found is not _missing:
            self._hits += 1
            if self._maxsize is not None:
                cache[key] = cache.pop(key)
            return found
        self._misses += 1
        result = self._function(*args, **kwds)
        if key not in cache:
            if self._maxsize is not None and len(cache) >= self._maxsize:
                del cache[next(iter(cache))]
            cache[key] = result
        return result

    def cache_info(self):
        return _CacheInfo(self._hits, self._misses, self._maxsize, len(self._cache))

    def cache_clear(self):
        self._cache.clear()
        self._hits = self._misses = 0


class _Bound:
    def __init__(self, wrapper, instance):
        self.__func__ = wrapper
        self.__self__ = instance

    def __call__(self, /, *args, **kwds):
        return self.__func__(self.__self__, *args, **kwds)

    def __getattr__(self, name):
        return getattr(self.__func__, name)


def lru_cache(maxsize=128, typed=False):
    if isinstance(maxsize, int):
        if maxsize < 0:
            maxsize = 0
    elif callable(maxsize) and isinstance(typed, bool):
        function, maxsize = maxsize, 128
        return _cached(function, maxsize, typed)
    elif maxsize is not None:
        raise TypeError("Expected first argument to be an integer, a callable, or None")

    def decorating_function(function):
        return _cached(function, maxsize, typed)

    return decorating_function


def _cached(function, maxsize, typed):
    if not callable(function):
        raise TypeError("the first argument must be callable")
    wrapper = _lru_cache_wrapper(function, maxsize, typed)
    wrapper.cache_parameters = lambda: {"maxsize": maxsize, "typed": typed}
    return update_wrapper(wrapper, function)


def cache(user_function, /):
    return lru_cache(maxsize=None)(user_function)


class cached_property:
    def __init__(self, func):
        self.func = func
        self.attrname = None
        self.__doc__ = getattr(func, "__doc__", None)

    def __set_name__(self, owner, name):
        if self.attrname is None:
            self.attrname = name
        elif name != self.attrname:
            raise TypeError(
                "Cannot assign the same cached_property to two different names "
                f"({self.attrname!r} and {name!r})."
            )

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        if self.attrname is None:
            raise TypeError(
                "Cannot use cached_property instance without calling __set_name__ on it."
            )
        value = self.func(instance)
        object.__setattr__(instance, self.attrname, value)
        return value


def total_ordering(cls):
    own = {op for op in _ORDERINGS if getattr(cls, op, None) is not getattr(object, op, None)}
    if not own:
        raise ValueError("must define at least one ordering operation: < > <= >=")
    root = max(own)
    for name, method in _ORDERINGS[root]:
        if name not in own:
            setattr(cls, name, method)
    return cls



def _gt_from_lt(self, other):
    result = type(self).__lt__(self, other)
    return result if result is NotImplemented else not result and self != other


def _le_from_lt(self, other):
    result = type(self).__lt__(self, other)
    return result if result is NotImplemented else result or self == other


def _not_lt(self, other):
    result = type(self).__lt__(self, other)
    return result if result is NotImplemented else not result


def _ge_from_le(self, other):
    result = type(self).__le__(self, other)
    return result if result is NotImplemented else not result or self == other


def _lt_from_le(self, other):
    result = type(self).__le__(self, other)
    return result if result is NotImplemented else result and self != other


def _not_le(self, other):
    result = type(self).__le__(self, other)
    return result if result is NotImplemented else not result


def _lt_from_gt(self, other):
    result = type(self).__gt__(self, other)
    return result if result is NotImplemented else not (result or self == other)


def _ge_from_gt(self, other):
    result = type(self).__gt__(self, other)
    return result if result is NotImplemented else result or self == other


def _not_gt(self, other):
    result = type(self).__gt__(self, other)
    return result if result is NotImplemented else not result


def _le_from_ge(self, other):
    result = type(self).__ge__(self, other)
    return result if result is NotImplemented else not result or self == other


def _gt_from_ge(self, other):
    result = type(self).__ge__(self, other)
    return result if result is NotImplemented else result and self != other


def _not_ge(self, other):
    result = type(self).__ge__(self, other)
    return result if result is NotImplemented else not result


_ORDERINGS = {
    "__lt__": [("__gt__", _gt_from_lt), ("__le__", _le_from_lt), ("__ge__", _not_lt)],
    "__le__": [("__ge__", _ge_from_le), ("__lt__", _lt_from_le), ("__gt__", _not_le)],
    "__gt__": [("__lt__", _lt_from_gt), ("__ge__", _ge_from_gt), ("__le__", _not_gt)],
    "__ge__": [("__le__", _le_from_ge), ("__gt__", _gt_from_ge), ("__lt__", _not_ge)],
}


def singledispatch(func):
    from types import UnionType
    registry = {}

    def dispatch(cls):
        for c in cls.__mro__:
            if c in registry:
                return registry[c]
        return registry[object]

    def register(cls, func=None):
        if func is None:
            if isinstance(cls, (type, UnionType)):
                return lambda f: register(cls, f)
            func = cls
            if not getattr(func, "__annotations__", None):
                raise TypeError(
                    f"Invalid first argument to `register()`: {func!r}. Use either `@register(some_class)` "
                    "or plain `@register` on an annotated function."
                )
            name, cls = next(iter(func.__annotations__.items()))
            if not isinstance(cls, (type, UnionType)) and getattr(cls, "_name", None) != "Union":
                raise TypeError(f"Invalid annotation for {name!r}. {cls!r} is not a class.")
        if not isinstance(cls, (type, UnionType)) and getattr(cls, "_name", None) != "Union":
            raise TypeError(
                f"Invalid first argument to `register()`. {cls!r} is not a class or union type."
            )
        for each in [cls] if isinstance(cls, type) else cls.__args__:
            registry[each] = func
        return func

    def wrapper(*args, **kw):
        if not args:
            raise TypeError(f"{func.__name__} requires at least 1 positional argument")
        return dispatch(type(args[0]))(*args, **kw)

    registry[object] = func
    wrapper.register = register
    wrapper.dispatch = dispatch
    wrapper.registry = registry
    return update_wrapper(wrapper, func)
