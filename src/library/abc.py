from _kernel import VERSION as _VERSION


def abstractmethod(funcobj):
    if isinstance(funcobj, property):
        funcobj.fget.__isabstractmethod__ = True
    else:
        getattr(funcobj, "__func__", funcobj).__isabstractmethod__ = True
    return funcobj


def _is_abstract(value):
    if isinstance(value, property):
        value = value.fget
    return getattr(getattr(value, "__func__", value), "__isabstractmethod__", False)


class ABC:
    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        names = set()
        for base in cls.__mro__[:-1]:
            for name, value in base.__dict__.items():
                if name not in names and _is_abstract(value) and _is_abstract(_lookup(cls, name)):
                    names.add(name)
        cls.__abstractmethods__ = frozenset(names)

    def __new__(cls, *args, **kwargs):
        missing = sorted(getattr(cls, "__abstractmethods__", ()))
        if missing:
            # CPython spelt it otherwise: 3.12 quotes the names, and before 3.9 one was many.
            s = "s" if len(missing) > 1 or _VERSION < (3, 9) else ""
            names = ", ".join(missing)
            what = f"with abstract method{s} {names}"
            if _VERSION >= (3, 12):
                names = ", ".join([f"'{n}'" for n in missing])
                what = f"without an implementation for abstract method{s} {names}"
            raise TypeError(f"Can't instantiate abstract class {cls.__name__} {what}")
        return super().__new__(cls)


def _lookup(cls, name):
    for base in cls.__mro__[:-1]:
        found = base.__dict__
        if name in found:
            return found[name]
