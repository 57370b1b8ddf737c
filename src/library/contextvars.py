"""Context variables. CPython 3.12, Python/context.c. The machine keeps a context for each thread, task and callback."""

import _kernel


class _Missing:

    def __repr__(self):
        return "<Token.MISSING>"


_missing = _Missing()
# Contexts that `run` is in, on any thread.
_entered = []


def _current():
    context = _kernel.context()
    if context is None:
        context = Context()
        _kernel.set_context(context)
    return context


class Context:
    __module__ = "_contextvars"

    def __init__(self):
        # Never changed, only replaced: copies of the context share it.
        self._values = {}

    def run(self, callable, /, *args, **kwargs):
        if _kernel.context() is self or any(each is self for each in _entered):
            raise RuntimeError(f"cannot enter context: {self!r} is already entered")
        _entered.append(self)
        outer = _kernel.set_context(self)
        try:
            return callable(*args, **kwargs)
        finally:
            _kernel.set_context(outer)
            for at in range(len(_entered)):
                if _entered[at] is self:
                    del _entered[at]
                    break

    def copy(self):
        context = Context()
        context._values = self._values
        return context

    def __getitem__(self, var):
        _check(var)
        if var not in self._values:
            raise KeyError(var)
        return self._values[var]

    def __contains__(self, var):
        _check(var)
        return var in self._values

    def get(self, var, default=None, /):
        _check(var)
        return self._values.get(var, default)

    def __iter__(self):
        return iter(self._values)

    def __len__(self):
        return len(self._values)

    def __eq__(self, other):
        if not isinstance(other, Context):
            return NotImplemented
        return self._values == other._values

    __hash__ = None

    def keys(self):
        return self._values.keys()

    def values(self):
        return self._values.values()

    def items(self):
        return self._values.items()


def _check(var):
    if not isinstance(var, ContextVar):
        raise TypeError(f"a ContextVar key was expected, got {var!r}")


class ContextVar:
    __module__ = "_contextvars"

    def __init__(self, name, *, default=_missing):
        if not isinstance(name, str):
            raise TypeError("context variable name must be a str")
        self._name = name
        self._default = default

    @property
    def name(self):
        return self._name

    def __repr__(self):
        default = "" if self._default is _missing else f" default={self._default!r}"
        return f"<ContextVar name={self._name!r}{default} at {id(self):#x}>"

    def get(self, default=_missing, /):
        context = _kernel.context()
        if context is not None and self in context._values:
            return context._values[self]
        if default is not _missing:
            return default
        if self._default is not _missing:
            return self._default
        raise LookupError(self)

    def set(self, value, /):
        context = _current()
        token = Token(context, self, context._values.get(self, _missing))
        context._values = {**context._values, self: value}
        return token

    def reset(self, token, /):
        if not isinstance(token, Token):
            raise TypeError(f"expected an instance of Token, got {token!r}")
        if token._used:
            raise RuntimeError(f"{token!r} has already been used once")
        if token._var is not self:
            raise ValueError(f"{token!r} was created by a different ContextVar")
        context = _current()
        if token._context is not context:
            raise ValueError(f"{token!r} was created in a different Context")
        token._used = True
        values = dict(context._values)
        if token._old_value is _missing:
            del values[self]
        else:
            values[self] = token._old_value
        context._values = values


class Token:
    __module__ = "_contextvars"
    MISSING = _missing

    def __init__(self, context, var, old_value):
        self._context = context
        self._var = var
        self._old_value = old_value
        self._used = False

    @property
    def var(self):
        return self._var

    @property
    def old_value(self):
        return self._old_value

    def __repr__(self):
        used = " used" if self._used else ""
        return f"<Token{used} var={self._var!r} at {id(self):#x}>"


def copy_context():
    return _current().copy()
