"""Groups of exceptions, and errors of encodings. CPython 3.12, Objects/exceptions.c."""

import _kernel


def check_decoding(args):
    _check(args, bytes)


def check_encoding(args):
    _check(args, str)


def _check(args, kind):
    if len(args) != 5:
        raise TypeError(f"function takes exactly 5 arguments ({len(args)} given)")
    for at, (value, wanted) in enumerate(zip(args, (str, kind, int, int, str)), 1):
        if not isinstance(value, wanted):
            of = type(value).__name__
            if wanted is int:
                raise TypeError(f"'{of}' object cannot be interpreted as an integer")
            if wanted is bytes:
                raise TypeError(f"a bytes-like object is required, not '{of}'")
            raise TypeError(f"argument {at} must be str, not {of}")


def text(error):
    start, end, given = error.start, error.end, error.object
    what, place = "characters", f"s in position {start}-{end - 1}"
    decodes = isinstance(given, bytes)
    if decodes:
        what = "bytes"
    if end == start + 1 and 0 <= start < len(given):
        if decodes:
            place = f" 0x{given[start]:02x} in position {start}"
        else:
            code = ord(given[start])
            shown = f"x{code:02x}" if code < 256 else f"u{code:04x}" if code < 65536 else f"U{code:08x}"
            place = f" '\\{shown}' in position {start}"
    return f"'{error.encoding}' codec can't {'de' if decodes else 'en'}code {what[:-1]}{place}: {error.reason}"


def group(cls, args):
    if len(args) != 2:
        raise TypeError(f"BaseExceptionGroup.__new__() takes exactly 2 arguments ({len(args)} given)")
    message, given = args
    if not isinstance(message, str):
        raise TypeError(f"BaseExceptionGroup.__new__() argument 1 must be str, not {type(message).__name__}")
    if isinstance(given, (dict, set, frozenset)) or not hasattr(type(given), "__getitem__"):
        raise TypeError("second argument (exceptions) must be a sequence")
    members = tuple(given)
    if not members:
        raise ValueError("second argument (exceptions) must be a non-empty sequence")
    for at, member in enumerate(members):
        if not isinstance(member, BaseException):
            raise ValueError(f"Item {at} of second argument (exceptions) is not an exception")
    if all(isinstance(member, Exception) for member in members):
        if cls is BaseExceptionGroup:
            cls = ExceptionGroup
    elif issubclass(cls, Exception):
        raise TypeError(f"Cannot nest BaseExceptions in {'an ExceptionGroup' if cls is ExceptionGroup else repr(cls.__name__)}")
    return _kernel.group(cls, args, members)


def _kinds(given):
    return given if isinstance(given, tuple) else (given,)


def _is_kind(it):
    return isinstance(it, type) and issubclass(it, BaseException)


def _condition(given):
    if all(map(_is_kind, _kinds(given))):
        return lambda e: isinstance(e, given)
    later = _kernel.VERSION >= (3, 13)
    if not isinstance(given, type) and callable(given) if later else type(given) is type(_is_kind):
        return given
    wanted = "an exception type, a tuple of exception types, or a callable (other than a class)"
    raise TypeError(f"expected {wanted if later else 'a function, exception type or tuple of exception types'}")


def _one(name, args):
    if len(args) == 1:
        return args[0]
    if _kernel.VERSION >= (3, 13):
        raise TypeError(f"BaseExceptionGroup.{name}() takes exactly one argument ({len(args)} given)")
    if name == "derive":
        raise TypeError(f"function takes exactly 1 argument ({len(args)} given)")
    raise TypeError(f"{name} expected 1 argument, got {len(args)}")


def split(self, *args):
    return _split(self, _condition(_one("split", args)))


def subgroup(self, *args):
    return _split(self, _condition(_one("subgroup", args)), False)[0]


def derive(self, *args):
    return BaseExceptionGroup(self.message, _one("derive", args))


def _split(e, matches, rest=True):
    if matches(e):
        return e, None
    if not isinstance(e, BaseExceptionGroup):
        return None, e
    parts = [_split(member, matches, rest) for member in e.exceptions]
    taken, left = ([part[at] for part in parts if part[at] is not None] for at in (0, 1))
    return _derive(e, taken), _derive(e, left) if rest else None


def _derive(e, members):
    if not members:
        return None
    made = e.derive(members)
    if not isinstance(made, BaseExceptionGroup):
        raise TypeError("derive must return an instance of BaseExceptionGroup")
    made.__traceback__ = e.__traceback__
    made.__context__ = e.__context__
    made.__cause__ = e.__cause__
    notes = getattr(e, "__notes__", None)
    if isinstance(notes, (list, tuple, str)):
        made.__notes__ = list(notes)
    return made


def match(e, wanted):
    """What `except* wanted` leaves of an exception, and what it takes."""
    for kind in _kinds(wanted):
        if not _is_kind(kind):
            raise TypeError("catching classes that do not inherit from BaseException is not allowed")
        if issubclass(kind, BaseExceptionGroup):
            raise TypeError("catching ExceptionGroup with except* is not allowed. Use except instead.")
    is_group = isinstance(e, BaseExceptionGroup)
    if isinstance(e, wanted):
        return None, e if is_group else BaseExceptionGroup("", (e,))
    if is_group:
        taken, rest = e.split(wanted)
        return rest, taken
    return e, None


def _place(e):
    """What a part that a group's splitting made has of it."""
    found = [id(e.__cause__), id(e.__context__)]
    entry = e.__traceback__
    while entry:
        found += id(entry.tb_frame), entry.tb_lineno
        entry = entry.tb_next
    return found


def _leaves(e):
    return [leaf for member in e.exceptions for leaf in _leaves(member)] if isinstance(e, BaseExceptionGroup) else [id(e)]


def reraise(original, results):
    """What is raised after all `except*` clauses: what they raised, and what none of them took in the original's shape."""
    raised = [e for e in results if e is not None]
    if isinstance(original, BaseExceptionGroup):
        place = _place(original)
        again = [isinstance(e, BaseExceptionGroup) and _place(e) == place for e in raised]
        leaves = [leaf for e, is_part in zip(raised, again) if is_part for leaf in _leaves(e)]
        raised = [e for e, is_part in zip(raised, again) if not is_part]
        if leaves:
            raised.append(_split(original, lambda e: id(e) in leaves, False)[0])
    return BaseExceptionGroup("", raised) if len(raised) > 1 else raised[0] if raised else None
