from _kernel import VERSION as _VERSION
from _kernel import define as _define


class _MISSING_TYPE:
    pass


MISSING = _MISSING_TYPE()


class _KW_ONLY_TYPE:
    pass


KW_ONLY = _KW_ONLY_TYPE()


class InitVar:
    def __init__(self, type=None):
        self.type = type

    def __class_getitem__(cls, type):
        return InitVar(type)

    def __repr__(self):
        from types import _shown
        return f"dataclasses.InitVar[{_shown(self.type)}]"


class FrozenInstanceError(AttributeError):
    pass


class Field:
    def __init__(self, default, default_factory, init, repr, hash, compare, metadata, kw_only):
        self.name = None
        self.type = None
        self.default = default
        self.default_factory = default_factory
        self.init = init
        self.repr = repr
        self.hash = hash
        self.compare = compare
        self.metadata = {} if metadata is None else metadata
        self.kw_only = kw_only
        self._kind = "field"

    def __set_name__(self, owner, name):
        func = getattr(type(self.default), "__set_name__", None)
        if func:
            func(self.default, owner, name)

    def __repr__(self):
        return (
            f"Field(name={self.name!r},type={self.type!r},default={self.default!r},"
            f"default_factory={self.default_factory!r},init={self.init!r},repr={self.repr!r},"
            f"hash={self.hash!r},compare={self.compare!r},metadata=mappingproxy({self.metadata!r}),"
            f"kw_only={self.kw_only!r},_field_type=_FIELD)"
        )


def field(
    *,
    default=MISSING,
    default_factory=MISSING,
    init=True,
    repr=True,
    hash=None,
    compare=True,
    metadata=None,
    kw_only=MISSING,
):
    if default is not MISSING and default_factory is not MISSING:
        raise ValueError("cannot specify both default and default_factory")
    return Field(default, default_factory, init, repr, hash, compare, metadata, kw_only)


def dataclass(
    cls=None,
    /,
    *,
    init=True,
    repr=True,
    eq=True,
    order=False,
    unsafe_hash=False,
    frozen=False,
    match_args=True,
    kw_only=False,
    slots=False,
    weakref_slot=False,
):
    def wrap(cls):
        return _process(
            cls, init, repr, eq, order, unsafe_hash, frozen, match_args, kw_only, slots
        )

    return wrap if cls is None else wrap(cls)


def _kind(of):
    if of is KW_ONLY:
        return "KW_ONLY"
    if of is InitVar or type(of) is InitVar:
        return "InitVar"
    if not isinstance(of, str):
        return "ClassVar" if getattr(of, "_name", None) == "ClassVar" else "field"
    text = of.strip().strip("\"'")
    head = text.split("[")[0].split(".")[-1]
    if head in ("ClassVar", "InitVar", "KW_ONLY"):
        return head
    return "field"


def _process(cls, init, repr, eq, order, unsafe_hash, frozen, match_args, kw_only, slots):
    fields = {}
    any_frozen_base = False
    has_base = False
    for b in cls.__mro__[-1:0:-1]:
        base_fields = getattr(b, "__dataclass_fields__", None)
        if base_fields is not None:
            has_base = True
            for f in base_fields.values():
                fields[f.name] = f
            if b.__dataclass_frozen__:
                any_frozen_base = True
    own = cls.__dict__
    seen_kw_only = False
    for name, type_ in own.get("__annotations__", {}).items():
        kind = _kind(type_)
        if kind == "KW_ONLY":
            kw_only = seen_kw_only = True
            continue
        default = own.get(name, MISSING)
        if isinstance(default, Field):
            f = default
        else:
            f = field(default=default)
        f.name = name
        f.type = type_
        f._kind = kind
        if kind == "ClassVar":
            if f.default_factory is not MISSING:
                raise TypeError(f"field {name} cannot have a default factory")
        elif f.kw_only is MISSING:
            f.kw_only = kw_only
        if kind == "field" and type(f.default) in (list, dict, set):
            raise ValueError(
                f"mutable default {type(f.default)} for field {name} is not allowed: "
                "use default_factory"
            )
        fields[name] = f
        if isinstance(default, Field):
            if f.default is MISSING:
                delattr(cls, name)
            else:
                setattr(cls, name, f.default)
    for name, value in own.items():
        if isinstance(value, Field) and name not in own.get("__annotations__", {}):
            raise TypeError(f"{name!r} is a field but has no type annotation")
    if has_base:
        if any_frozen_base and not frozen:
            raise TypeError("cannot inherit non-frozen dataclass from a frozen one")
        if not any_frozen_base and frozen:
            raise TypeError("cannot inherit frozen dataclass from a non-frozen one")
    cls.__dataclass_fields__ = fields
    cls.__dataclass_frozen__ = frozen
    has_hash = "__hash__" in own and not (own["__hash__"] is None and "__eq__" in own)
    flat = [f for f in fields.values() if f._kind in ("field", "InitVar")]
    standard = [f for f in flat if f.init and not f.kw_only]
    kw = [f for f in flat if f.init and f.kw_only]
    real = [f for f in fields.values() if f._kind == "field"]
    if init:
        _set(cls, "__init__", _init(cls, flat, standard, kw, frozen))
    if repr and "__repr__" not in own:
        cls.__repr__ = _repr([f.name for f in real if f.repr])
    compared = tuple(f.name for f in real if f.compare)
    if eq and "__eq__" not in own:
        cls.__eq__ = _eq(compared)
    if order:
        if not eq:
            raise ValueError("eq must be true if order is true")
        for name, compare in _ORDER.items():
            if name in own:
                raise TypeError(
                    f"Cannot overwrite attribute {name} in class {cls.__name__}. "
                    "Consider using functools.total_ordering"
                )
            setattr(cls, name, _ordering(compared, compare))
    if frozen:
        names = tuple(f.name for f in real)
        if "__setattr__" in own or "__delattr__" in own:
            name = "__setattr__" if "__setattr__" in own else "__delattr__"
            raise TypeError(f"Cannot overwrite attribute {name} in class {cls.__name__}")
        cls.__setattr__, cls.__delattr__ = _frozen(cls, names)
    if unsafe_hash or (eq and frozen and not has_hash):
        hashed = tuple(f.name for f in real if (f.compare if f.hash is None else f.hash))
        if unsafe_hash and has_hash:
            raise TypeError(f"Cannot overwrite attribute __hash__ in class {cls.__name__}")
        cls.__hash__ = lambda self: hash(tuple([getattr(self, n) for n in hashed]))
    elif eq and not has_hash:
        cls.__hash__ = None
    if match_args and "__match_args__" not in own:
        cls.__match_args__ = tuple(f.name for f in standard)
    return cls


def _set(cls, name, value):
    if name not in cls.__dict__:
        setattr(cls, name, value)


def _init(cls, flat, standard, kw, frozen):
    seen_default = None
    for f in standard:
        if f.default is not MISSING or f.default_factory is not MISSING:
            seen_default = f
        elif seen_default:
            after = f" {seen_default.name!r}" if _VERSION >= (3, 13) else ""
            raise TypeError(f"non-default argument {f.name!r} follows default argument{after}")
    bindings = {"_missing": MISSING, "_put": object.__setattr__}
    self = "__dataclass_self__" if any(f.name == "self" for f in flat) else "self"

    def parameter(f):
        if f.default is not MISSING:
            bindings[f"_d_{f.name}"] = f.default
            return f"{f.name}=_d_{f.name}"
        if f.default_factory is not MISSING:
            return f"{f.name}=_missing"
        return f.name

    parameters = [self] + [parameter(f) for f in standard]
    if kw:
        parameters += ["*"] + [parameter(f) for f in kw]
    lines = []
    for f in flat:
        if f._kind == "InitVar":
            continue
        name = f.name
        if f.default_factory is not MISSING:
            bindings[f"_f_{name}"] = f.default_factory
            value = f"_f_{name}()"
            if f.init:
                value = f"{value} if {name} is _missing else {name}"
        elif f.init:
            value = name
        else:
            continue
        if frozen:
            lines.append(f"_put({self}, {name!r}, {value})")
        else:
            lines.append(f"{self}.{name} = {value}")
    if hasattr(cls, "__post_init__"):
        passed = ", ".join(f.name for f in flat if f._kind == "InitVar")
        lines.append(f"{self}.__post_init__({passed})")
    body = "".join(f"  {line}\n" for line in lines or ["pass"])
    text = f"class {cls.__name__}:\n def __init__({', '.join(parameters)}):\n{body}"
    made = _define(text, bindings, cls.__qualname__, None).__dict__["__init__"]
    made.__annotations__ = {f.name: f.type for f in flat if f.init}
    made.__annotations__["return"] = None
    return made


def _repr(names):
    running = set()

    def __repr__(self):
        key = id(self)
        if key in running:
            return "..."
        running.add(key)
        try:
            parts = [f"{n}={getattr(self, n)!r}" for n in names]
            return f"{type(self).__qualname__}({', '.join(parts)})"
        finally:
            running.discard(key)

    return __repr__


def _eq(names):
    def __eq__(self, other):
        if type(other) is type(self):
            return tuple([getattr(self, n) for n in names]) == tuple(
                [getattr(other, n) for n in names]
            )
        return NotImplemented

    return __eq__


_ORDER = {
    "__lt__": lambda a, b: a < b,
    "__le__": lambda a, b: a <= b,
    "__gt__": lambda a, b: a > b,
    "__ge__": lambda a, b: a >= b,
}


def _ordering(names, compare):
    def method(self, other):
        if type(other) is type(self):
            return compare(
                tuple([getattr(self, n) for n in names]), tuple([getattr(other, n) for n in names])
            )
        return NotImplemented

    return method


def _frozen(cls, names):
    def __setattr__(self, name, value):
        if type(self) is cls or name in names:
            raise FrozenInstanceError(f"cannot assign to field {name!r}")
        super(cls, self).__setattr__(name, value)

    def __delattr__(self, name):
        if type(self) is cls or name in names:
            raise FrozenInstanceError(f"cannot delete field {name!r}")
        super(cls, self).__delattr__(name)

    return __setattr__, __delattr__


def fields(class_or_instance):
    try:
        found = class_or_instance.__dataclass_fields__
    except AttributeError:
        raise TypeError("must be called with a dataclass type or instance") from None
    return tuple(f for f in found.values() if f._kind == "field")


def is_dataclass(obj):
    cls = obj if isinstance(obj, type) else type(obj)
    return hasattr(cls, "__dataclass_fields__")


def _is_instance(obj):
    return hasattr(type(obj), "__dataclass_fields__")


def asdict(obj, *, dict_factory=dict):
    if not _is_instance(obj):
        raise TypeError("asdict() should be called on dataclass instances")
    return _asdict(obj, dict_factory)


def _asdict(obj, factory):
    if _is_instance(obj):
        return factory([(f.name, _asdict(getattr(obj, f.name), factory)) for f in fields(obj)])
    if isinstance(obj, tuple) and hasattr(obj, "_fields"):
        return type(obj)(*[_asdict(v, factory) for v in obj])
    if isinstance(obj, (list, tuple)):
        return type(obj)([_asdict(v, factory) for v in obj])
    if isinstance(obj, dict):
        pairs = [(_asdict(k, factory), _asdict(v, factory)) for k, v in obj.items()]
        return type(obj)(pairs)
    return obj


def astuple(obj, *, tuple_factory=tuple):
    if not _is_instance(obj):
        raise TypeError("astuple() should be called on dataclass instances")
    return _astuple(obj, tuple_factory)


def _astuple(obj, factory):
    if _is_instance(obj):
        return factory([_astuple(getattr(obj, f.name), factory) for f in fields(obj)])
    if isinstance(obj, tuple) and hasattr(obj, "_fields"):
        return type(obj)(*[_astuple(v, factory) for v in obj])
    if isinstance(obj, (list, tuple)):
        return type(obj)([_astuple(v, factory) for v in obj])
    if isinstance(obj, dict):
        return type(obj)((_astuple(k, factory), _astuple(v, factory)) for k, v in obj.items())
    return obj


def replace(obj, /, **changes):
    if not _is_instance(obj):
        raise TypeError("replace() should be called on dataclass instances")
    for f in obj.__dataclass_fields__.values():
        if f._kind == "ClassVar":
            continue
        if not f.init:
            if f.name in changes:
                raise ValueError(
                    f"field {f.name} is declared with init=False, "
                    "it cannot be specified with replace()"
                )
            continue
        if f.name not in changes:
            if f._kind == "InitVar" and f.default is MISSING:
                raise ValueError(f"InitVar {f.name!r} must be specified with replace()")
            changes[f.name] = getattr(obj, f.name)
    return obj.__class__(**changes)
