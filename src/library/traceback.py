import _kernel
import sys as _sys


def _pieces(exc):
    return ["NoneType: None\n"] if exc is None else _kernel.traceback(exc)


def _text(exc):
    return "".join(_pieces(exc))


def _given(exc, value):
    return exc if isinstance(exc, BaseException) or exc is None and value is None else value


def _print(text, file):
    (_sys.stderr if file is None else file).write(text)


def _needs_all(limit, chain=True):
    if limit is not None:
        _kernel.reject("`limit` of a traceback is not supported", "leave it out: all entries are shown")
    if not chain:
        _kernel.reject("`chain=False` of a traceback is not supported", "leave it out: the chain of exceptions is shown")


def format_exc(limit=None, chain=True):
    _needs_all(limit, chain)
    return _text(_kernel.handled())


def print_exc(limit=None, file=None, chain=True):
    _needs_all(limit, chain)
    _print(_text(_kernel.handled()), file)


def format_exception(exc, /, value=None, tb=None, limit=None, chain=True):
    _needs_all(limit, chain)
    return _pieces(_given(exc, value))


def print_exception(exc, /, value=None, tb=None, limit=None, file=None, chain=True):
    _needs_all(limit, chain)
    _print(_text(_given(exc, value)), file)


def format_exception_only(exc, /, value=None):
    exc = _given(exc, value)
    lines = [_kernel.exception_line(exc) + "\n"]
    for note in _kernel.notes(exc):
        lines += note.splitlines(True)
    return lines


class FrameSummary:
    def __init__(self, filename, lineno, name):
        self.filename = filename
        self.lineno = lineno
        self.name = name
        self.line = _kernel.source_line(lineno).strip()

    def __iter__(self):
        return iter([self.filename, self.lineno, self.name, self.line])

    def __getitem__(self, place):
        return list(self)[place]

    def __len__(self):
        return 4

    def __repr__(self):
        return f"<FrameSummary file {self.filename}, line {self.lineno} in {self.name}>"


def walk_tb(tb):
    while tb is not None:
        yield tb.tb_frame, tb.tb_lineno
        tb = tb.tb_next


def extract_tb(tb, limit=None):
    found = []
    for frame, line in walk_tb(tb):
        code = frame.f_code
        found.append(FrameSummary(code.co_filename, line, code.co_name))
    if limit is None:
        return found
    return found[:limit] if limit >= 0 else found[limit:]


def format_tb(tb, limit=None):
    _needs_all(limit)
    return _kernel.traceback_lines(tb)


def print_tb(tb, limit=None, file=None):
    _needs_all(limit)
    _print("".join(format_tb(tb)), file)
