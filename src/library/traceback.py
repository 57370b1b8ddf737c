import _kernel
import sys as _sys


def _text(exc):
    return "NoneType: None\n" if exc is None else _kernel.traceback(exc)


def _given(exc, value):
    return exc if isinstance(exc, BaseException) or exc is None and value is None else value


def _print(text, file):
    (_sys.stderr if file is None else file).write(text)


def format_exc(limit=None, chain=True):
    return _text(_kernel.handled())


def print_exc(limit=None, file=None, chain=True):
    _print(_text(_kernel.handled()), file)


def format_exception(exc, /, value=None, tb=None, limit=None, chain=True):
    return _text(_given(exc, value)).splitlines(True)


def print_exception(exc, /, value=None, tb=None, limit=None, file=None, chain=True):
    _print(_text(_given(exc, value)), file)


def format_exception_only(exc, /, value=None):
    return [_kernel.exception_line(_given(exc, value)) + "\n"]
