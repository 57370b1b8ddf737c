from collections import _Field, _Named
from _kernel import define as _define
from _kernel import reject as _reject
from types import GenericAlias as _Alias
from types import _check_number, _parameters

TYPE_CHECKING = False


class _Form:
    def __init__(self, name, parameters=None):
        self._name = name
        self._parameters = parameters

    def __getitem__(self, parameters):
        return _Form(self._name, parameters)

    @property
    def __args__(self):
        """What `isinstance` looks at."""
        parameters = self._parameters
        if self._name == "Union":
            return tuple([type(None) if each is None else each for each in parameters])
        if self._name == "Optional":
            return parameters, type(None)
        if parameters is None and self._name in _MADE:
            return _MADE[self._name]
        raise TypeError("Subscripted generics cannot be used with class and instance checks")

    def __or__(self, other):
        return _Form("Union", (self, other))

    __ror__ = __or__

    def __call__(self, *args, **kwargs):
        made = _MADE.get(self._name)
        if made is None:
            raise TypeError(f"Type {self._name} cannot be instantiated")
        return made(*args, **kwargs)

    def __repr__(self):
        if self._parameters is None:
            return f"typing.{self._name}"
        parameters = self._parameters
        if not isinstance(parameters, tuple):
            parameters = (parameters,)
        if self._name == "Union" and len(parameters) == 2:
            one, *more = [each for each in parameters if each not in (None, type(None))] or [None]
            if not more:
                return f"typing.Optional[{_shown(one)}]"
        return f"typing.{self._name}[{', '.join(map(_shown, parameters))}]"

    def __eq__(self, other):
        return isinstance(other, _Form) and repr(self) == repr(other)

    def __hash__(self):
        return hash(repr(self))


def _shown(parameter):
    if isinstance(parameter, list):
        return f"[{', '.join(map(_shown, parameter))}]"
    if parameter is type(None):
        return "NoneType"
    return parameter.__qualname__ if isinstance(parameter, type) else repr(parameter)


_MADE = {"List": list, "Dict": dict, "Set": set, "FrozenSet": frozenset, "Tuple": tuple}

Any = _Form("Any")
Optional = _Form("Optional")
Union = _Form("Union")
Callable = _Form("Callable")
Literal = _Form("Literal")
Final = _Form("Final")
ClassVar = _Form("ClassVar")
Annotated = _Form("Annotated")
Type = _Form("Type")
List = _Form("List")
Dict = _Form("Dict")
Set = _Form("Set")
FrozenSet = _Form("FrozenSet")
Tuple = _Form("Tuple")
DefaultDict = _Form("DefaultDict")
OrderedDict = _Form("OrderedDict")
Counter = _Form("Counter")
Deque = _Form("Deque")
ChainMap = _Form("ChainMap")
Iterable = _Form("Iterable")
Iterator = _Form("Iterator")
Generator = _Form("Generator")
AsyncIterable = _Form("AsyncIterable")
AsyncIterator = _Form("AsyncIterator")
AsyncGenerator = _Form("AsyncGenerator")
Awaitable = _Form("Awaitable")
Coroutine = _Form("Coroutine")
ContextManager = _Form("ContextManager")
AsyncContextManager = _Form("AsyncContextManager")
Sequence = _Form("Sequence")
MutableSequence = _Form("MutableSequence")
Mapping = _Form("Mapping")
MutableMapping = _Form("MutableMapping")
Collection = _Form("Collection")
Container = _Form("Container")
Hashable = _Form("Hashable")
Sized = _Form("Sized")
Reversible = _Form("Reversible")
SupportsInt = _Form("SupportsInt")
SupportsFloat = _Form("SupportsFloat")
SupportsIndex = _Form("SupportsIndex")
SupportsAbs = _Form("SupportsAbs")
SupportsRound = _Form("SupportsRound")
NoReturn = _Form("NoReturn")
Never = _Form("Never")
Self = _Form("Self")
LiteralString = _Form("LiteralString")
TypeAlias = _Form("TypeAlias")
Concatenate = _Form("Concatenate")
TypeGuard = _Form("TypeGuard")
Required = _Form("Required")
NotRequired = _Form("NotRequired")
Unpack = _Form("Unpack")
Text = str
AnyStr = _Form("AnyStr")
IO = _Form("IO")
TextIO = _Form("TextIO")
BinaryIO = _Form("BinaryIO")


class TypeVar:
    def __typing_subst__(self, arg):
        return arg

    def __init__(self, name, *constraints, bound=None, covariant=False, contravariant=False, infer_variance=False):
        self.__name__ = name
        self._mark = "+" if covariant else "-" if contravariant else "~"

    def __repr__(self):
        return self._mark + self.__name__

    def __or__(self, other):
        return Union[self, other]

    __ror__ = __or__


class TypeVarTuple:
    def __init__(self, name):
        self.__name__ = name

    def __iter__(self):
        yield Unpack[self]

    def __repr__(self):
        return self.__name__


class ParamSpec(TypeVar):
    @property
    def args(self):
        return self

    @property
    def kwargs(self):
        return self


class _GenericAlias(_Alias):
    __or__ = _Form.__or__
    __ror__ = _Form.__ror__


class Generic:
    __parameters__ = ()

    def __init_subclass__(cls, *args, **kwargs):
        super().__init_subclass__(*args, **kwargs)
        bases = cls.__dict__.get("__orig_bases__", ())
        said = [each for each in bases if getattr(each, "__origin__", None) in (Generic, Protocol)]
        cls.__parameters__ = _parameters(said or bases)

    def __class_getitem__(cls, params):
        if not isinstance(params, tuple):
            params = (params,)
        names = cls.__parameters__
        if cls not in (Generic, Protocol) and all(type(name) is TypeVar for name in names):
            _check_number(cls, params, names)
        return _GenericAlias(cls, params)


class Protocol(Generic):
    pass


class TypedDict(dict):
    def __init_subclass__(cls, total=True):
        cls.__total__ = total

    def __new__(cls, *args, **kwargs):
        return dict(*args, **kwargs)


class NamedTuple(_Named):
    def __init_subclass__(cls, **kwargs):
        own = cls.__dict__
        if "_fields" in own or NamedTuple not in cls.__bases__:
            return
        names = list(own.get("__annotations__", {}))
        defaults = {}
        for name in names:
            if name.startswith("_"):
                raise ValueError(f"Field names cannot start with an underscore: {name!r}")
            if name in own:
                defaults[name] = own[name]
            elif defaults:
                s = "s" if len(defaults) > 1 else ""
                raise TypeError(
                    f"Non-default namedtuple field {name} cannot follow default field{s} "
                    + ", ".join(defaults)
                )
        parameters = ["_cls"] + [f"{n}=_d[{n!r}]" if n in defaults else n for n in names]
        text = (
            f"class {cls.__name__}:\n"
            f" def __new__({', '.join(parameters)}):\n"
            f"  return _new(_cls, ({''.join(n + ', ' for n in names)}))\n"
        )
        bindings = {"_d": defaults, "_new": tuple.__new__}
        cls.__new__ = _define(text, bindings, cls.__qualname__, None).__dict__["__new__"]
        cls._fields = cls.__match_args__ = tuple(names)
        cls._field_defaults = defaults
        for index, name in enumerate(names):
            setattr(cls, name, _Field(index))


def NewType(name, tp):
    def new_type(x):
        return x

    new_type.__name__ = new_type.__qualname__ = name
    new_type.__supertype__ = tp
    return new_type


def cast(typ, val):
    return val


def overload(func):
    return func


def final(f):
    return f


def override(method, /):
    return method


def no_type_check(arg):
    return arg


def runtime_checkable(cls):
    return cls


def get_type_hints(obj, globalns=None, localns=None, include_extras=False):
    hints = {}
    for each in reversed(obj.__mro__) if isinstance(obj, type) else [obj]:
        for name, value in getattr(each, "__annotations__", {}).items():
            if isinstance(value, str):
                _reject("type hints from text are not supported", "write the annotation without quotes")
            hints[name] = type(None) if value is None else value
    return hints


def assert_never(arg, /):
    raise AssertionError(f"Expected code to be unreachable, but got: {arg!r}")


def assert_type(val, typ, /):
    return val


def reveal_type(obj, /):
    return obj


def dataclass_transform(**kwargs):
    return lambda cls: cls
