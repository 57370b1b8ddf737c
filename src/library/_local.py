"""threading.local. CPython 3.12, Modules/_threadmodule.c, _localdummy and local: in C there, so nothing preempts it."""

from _kernel import thread_ident as _ident


def _own(local):
    """The attributes of this thread, made at its first access; then `__init__` runs again."""
    of_threads = object.__getattribute__(local, "_of_threads")
    ident = _ident()
    if ident not in of_threads:
        of_threads[ident] = {}
        args, kwargs = object.__getattribute__(local, "_arguments")
        local.__init__(*args, **kwargs)
    return of_threads[ident]


def _is_property(local, name):
    return isinstance(getattr(type(local), name, None), property)


def _kind(local):
    return "_thread._local" if type(local) is _local else type(local).__name__


def _writable(local, name):
    if name == "__dict__":
        raise AttributeError(f"'{_kind(local)}' object attribute '__dict__' is read-only")
    return _own(local)


class _local:
    """Attributes that every thread has for itself."""

    __module__ = "_thread"

    def __new__(cls, /, *args, **kwargs):
        if (args or kwargs) and cls.__init__ is _local.__init__:
            raise TypeError("Initialization arguments are not supported")
        self = object.__new__(cls)
        object.__setattr__(self, "_of_threads", {_ident(): {}})
        object.__setattr__(self, "_arguments", (args, kwargs))
        return self

    def __init__(self, /, *args, **kwargs):
        pass

    def __getattribute__(self, name):
        own = _own(self)
        if name == "__dict__":
            return own
        if name in own and not _is_property(self, name):
            return own[name]
        return object.__getattribute__(self, name)

    def __setattr__(self, name, value):
        own = _writable(self, name)
        if _is_property(self, name):
            object.__setattr__(self, name, value)
        else:
            own[name] = value

    def __delattr__(self, name):
        own = _writable(self, name)
        if _is_property(self, name):
            object.__delattr__(self, name)
        elif name in own:
            del own[name]
        else:
            raise AttributeError(f"'{_kind(self)}' object has no attribute '{name}'")
