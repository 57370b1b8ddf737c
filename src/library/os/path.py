import _kernel
from _files import _missing, _path

sep = "/"


def exists(path):
    return _kernel.path_size(_path(path)) is not None


isfile = lexists = exists


def isdir(path):
    return path in (".", "/", "./")


def getsize(filename):
    size = _kernel.path_size(_path(filename))
    if size is None:
        raise _missing(filename)
    return size


def join(a, *p):
    for part in p:
        a = part if part.startswith("/") else a + part if not a or a.endswith("/") else a + "/" + part
    return a


def basename(p):
    return p[p.rfind("/") + 1 :]


def dirname(p):
    head = p[: p.rfind("/") + 1]
    return head.rstrip("/") or head


def splitext(p):
    at = p.rfind(".")
    return (p[:at], p[at:]) if at > p.rfind("/") + 1 else (p, "")
