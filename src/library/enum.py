from _kernel import VERSION as _VERSION, define as _define

_put = object.__setattr__


def _method(self):
    pass


_function = type(_method)


class nonmember:
    def __init__(self, value):
        self.value = value


class member:
    def __init__(self, value):
        self.value = value


class auto:
    """CPython gives it its number as soon as it is bound in the class; here what is calculated with it waits for that (`_parts`)."""

    _parts = None

    def __init__(self, value=None):
        self.value = value

    def __repr__(self):
        return f"auto({'_auto_null' if self.value is None else repr(self.value)})"


def _later(name, reflected):
    def method(self, *others):
        made = auto()
        made._parts = (name, *others, self) if reflected else (name, self, *others)
        return made

    return method


for _name in "or", "and", "xor", "add", "sub":
    setattr(auto, f"__{_name}__", _later(f"__{_name}__", False))
    setattr(auto, f"__r{_name}__", _later(f"__{_name}__", True))
auto.__invert__ = _later("__invert__", False)


def _number(value):
    if not isinstance(value, auto):
        return value
    if value.value is None and value._parts is not None:
        name, first, *others = value._parts
        value.value = getattr(_number(first), name)(*map(_number, others))
    return value.value


def _is_descriptor(value):
    if isinstance(value, (_function, property, classmethod, staticmethod)):
        return True
    cls = type(value)
    return hasattr(cls, "__get__") or hasattr(cls, "__set__") or hasattr(cls, "__delete__")


def _is_private(cls_name, name):
    pattern = f"_{cls_name}__"
    return name.startswith(pattern) and not name.endswith("__")


class EnumType:
    def __call__(cls, value, *values, names=None, module=None, qualname=None, type=None, start=1):
        if cls._member_map_:
            return cls._find_(value if not values else (value, *values))
        if names is None and values:
            names = values[0]
        if names is None:
            return cls._find_(value)
        return _functional(cls, value, names, start, type)

    def __iter__(cls):
        return iter([cls._member_map_[name] for name in cls._member_names_])

    def __reversed__(cls):
        return iter([cls._member_map_[name] for name in reversed(cls._member_names_)])

    def __len__(cls):
        return len(cls._member_names_)

    def __bool__(cls):
        return True

    def __contains__(cls, value):
        if isinstance(value, cls):
            return True
        try:
            return value in cls._value2member_map_
        except TypeError:
            return any(value == m._value_ for m in cls)

    def __getitem__(cls, name):
        return cls._member_map_[name]

    def __repr__(cls):
        return f"<{'flag' if issubclass(cls, Flag) else 'enum'} {cls.__name__!r}>"

    def __setattr__(cls, name, value):
        if name in cls.__dict__.get("_member_map_", {}):
            raise AttributeError(f"cannot reassign member {name!r}")
        _put(cls, name, value)

    @property
    def __members__(cls):
        return dict(cls._member_map_)


EnumMeta = EnumType


class Enum(metaclass=EnumType):
    _member_map_ = {}
    _member_names_ = []
    _value2member_map_ = {}

    def __init_subclass__(cls, **kwds):
        super().__init_subclass__()
        if cls.__module__ == "enum":
            return
        for base in cls.__mro__[1:]:
            if isinstance(base, type) and issubclass(base, Enum) and base._member_map_:
                raise TypeError(f"{cls!r} cannot extend {base!r}")
        _build(cls)

    @staticmethod
    def _generate_next_value_(name, start, count, last_values):
        if not last_values:
            return start
        try:
            return max(last_values) + 1
        except TypeError:
            raise TypeError("unable to sort non-numeric values") from None

    @classmethod
    def _missing_(cls, value):
        return None

    @classmethod
    def _find_(cls, value):
        if type(value) is cls:
            return value
        if not cls._member_map_:
            why = "; specify `names=()` if you meant to create a new, empty, enum" if _VERSION >= (3, 12) else " defined"
            raise TypeError(f"{cls!r} has no members{why}")
        try:
            return cls._value2member_map_[value]
        except KeyError:
            pass
        except TypeError:
            for name in cls._member_map_:
                found = cls._member_map_[name]
                if found._value_ == value:
                    return found
        error = None
        try:
            result = cls._missing_(value)
        except Exception as e:
            error = e
            result = None
        if isinstance(result, cls) or issubclass(cls, Flag) and cls._boundary_ is EJECT and isinstance(result, int):
            return result
        invalid = ValueError(f"{value!r} is not a valid {cls.__qualname__}")
        if error is None and result is None:
            raise invalid
        if error is None:
            error = TypeError(
                f"error in {cls.__name__}._missing_: returned {result!r} "
                "instead of None or a valid member"
            )
        if not isinstance(error, ValueError):
            error.__context__ = invalid
        raise error

    @property
    def name(self):
        return self._name_

    @property
    def value(self):
        return self._value_

    def __repr__(self):
        shown = getattr(type(self), "_value_repr_", repr)
        return f"<{type(self).__name__}.{self._name_}: {shown(self._value_)}>"

    def __str__(self):
        return f"{type(self).__name__}.{self._name_}"

    def __format__(self, format_spec):
        return str.__format__(str(self), format_spec)

    def __hash__(self):
        return hash(self._name_)

    def __reduce_ex__(self, proto):
        return self.__class__, (self._value_,)

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self


class ReprEnum(Enum):
    pass


def _data_type(cls):
    for base in cls.__mro__:
        if base in (int, float, str, bytes, tuple):
            return base
    for base in cls.__mro__[1:]:
        if not issubclass(base, Enum) and base is not object:
            if hasattr(base, "__dataclass_fields__") or "__new__" in base.__dict__:
                return base
    return object


def _own_method(cls, name):
    for base in cls.__mro__:
        if base in (Enum, ReprEnum, Flag) or base.__module__ == "enum":
            continue
        found = base.__dict__.get(name) if base.__module__ != "builtins" else None
        if found is not None:
            return getattr(found, "__func__", found)
    return None


def _build(cls):
    own = cls.__dict__
    ignored = own.get("_ignore_", ())
    if isinstance(ignored, str):
        ignored = ignored.replace(",", " ").split()
    _put(cls, "_member_map_", {})
    _put(cls, "_member_names_", [])
    _put(cls, "_value2member_map_", {})
    data_type = _data_type(cls)
    new = _own_method(cls, "__new__")
    init = _own_method(cls, "__init__")
    values = []
    for name, value in own.items():
        if name in ignored:
            delattr(cls, name)
            continue
        if name.startswith("__") or _is_private(cls.__name__, name):
            continue
        if name.startswith("_") and name.endswith("_"):
            continue
        if isinstance(value, nonmember):
            _put(cls, name, value.value)
            continue
        if isinstance(value, member):
            value = value.value
        elif _is_descriptor(value):
            continue
        if name == "mro":
            raise ValueError("invalid enum member name(s) 'mro'")
        if isinstance(value, auto):
            if _number(value) is None:
                value.value = cls._generate_next_value_(name, 1, len(values), list(values))
            value = value.value
        elif isinstance(value, tuple) and any(isinstance(v, auto) for v in value):
            value = tuple(
                [
                    cls._generate_next_value_(name, 1, len(values), list(values))
                    if isinstance(v, auto)
                    else v
                    for v in value
                ]
            )
        values.append(value)
        _add(cls, name, value, data_type, new, init)
    for name in ("__repr__", "__str__", "__format__"):
        if name not in own and _own_method(cls, name) is None:
            _put(cls, name, getattr(cls.__bases__[-1], name))
    if issubclass(cls, Flag):
        _finish_flag(cls)
    order = own.get("_order_")
    if order is not None:
        if isinstance(order, str):
            order = order.replace(",", " ").split()
        names = cls._member_names_
        order = [name for name in order if name in names or name not in cls._member_map_]
        if order != names:
            raise TypeError(f"member order does not match _order_:\n  {names!r}\n  {order!r}")


def _add(cls, name, value, data_type, new, init):
    args = value if isinstance(value, tuple) else (value,)
    if data_type is tuple:
        args = (value,)
    if new is not None:
        made = new(cls, *args)
    elif data_type is object:
        made = object.__new__(cls)
    elif data_type in (int, float, str, bytes, tuple):
        made = data_type.__new__(cls, *args)
    else:
        made = object.__new__(cls)
    if not hasattr(made, "_value_"):
        if data_type is object or data_type not in (int, float, str, bytes, tuple):
            _put(made, "_value_", value)
        else:
            _put(made, "_value_", data_type(*args))
    value = made._value_
    _put(made, "_name_", name)
    _put(made, "__objclass__", cls)
    _put(made, "_sort_order_", len(cls._member_names_))
    if init is not None:
        init(made, *args)
    for known in cls._member_map_.values():
        if known._value_ == value and type(known._value_) is type(value) or known._value_ == value:
            cls._member_map_[name] = known
            _put(cls, name, known)
            return
    cls._member_map_[name] = made
    if not issubclass(cls, Flag) or _single(value):
        cls._member_names_.append(name)
    _put(cls, name, made)
    try:
        cls._value2member_map_[value] = made
    except TypeError:
        pass


def _functional(cls, name, names, start, mixed):
    if isinstance(names, str):
        names = names.replace(",", " ").split()
    if isinstance(names, dict):
        names = list(names.items())
    pairs = []
    last = []
    for count, item in enumerate(names):
        if isinstance(item, str):
            value = cls._generate_next_value_(item, start, count, list(last))
            item = (item, value)
        last.append(item[1])
        pairs.append(item)
    bases = "_cls" if mixed is None else "_type, _cls"
    lines = [f" {n} = _values[{at}]\n" for at, (n, _) in enumerate(pairs)]
    text = f"class {name}({bases}):\n{''.join(lines) or ' pass'}"
    return _define(text, {"_cls": cls, "_type": mixed, "_values": [v for _, v in pairs]}, name, None)


class IntEnum(int, ReprEnum):
    __repr__ = Enum.__repr__
    __str__ = int.__repr__
    __format__ = int.__format__


class StrEnum(str, ReprEnum):
    __repr__ = Enum.__repr__
    __str__ = str.__str__
    __format__ = str.__format__

    def __new__(cls, *values):
        if len(values) > 3:
            raise TypeError(f"too many arguments for str(): {values!r}")
        if len(values) == 1 and not isinstance(values[0], str):
            raise TypeError(f"{values[0]!r} is not a string")
        made = str.__new__(cls, *values)
        _put(made, "_value_", str(*values))
        return made

    @staticmethod
    def _generate_next_value_(name, start, count, last_values):
        return name.lower()


def _single(value):
    return value > 0 and value & (value - 1) == 0


def _finish_flag(cls):
    every = singles = 0
    for found in cls._member_map_.values():
        every |= found._value_
        if _single(found._value_):
            singles |= found._value_
    _put(cls, "_flag_mask_", every)
    _put(cls, "_singles_mask_", singles)
    _put(cls, "_all_bits_", 2 ** every.bit_length() - 1)


class FlagBoundary:
    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return f"<FlagBoundary.{self.name}: {self.name.lower()!r}>"


STRICT, CONFORM, EJECT, KEEP = map(FlagBoundary, ("STRICT", "CONFORM", "EJECT", "KEEP"))


class Flag(Enum):
    _boundary_ = STRICT

    def __init_subclass__(cls, boundary=None, **kwds):
        if boundary is not None:
            _put(cls, "_boundary_", boundary)
        super().__init_subclass__(**kwds)

    @staticmethod
    def _generate_next_value_(name, start, count, last_values):
        if not last_values:
            return start if start is not None else 1
        return 2 ** max(last_values).bit_length()

    @classmethod
    def _missing_(cls, value):
        if not isinstance(value, int):
            raise ValueError(f"{value!r} is not a valid {cls.__qualname__}")
        mask = cls._flag_mask_
        if not ~cls._all_bits_ <= value <= cls._all_bits_ or value & (cls._all_bits_ ^ mask):
            if cls._boundary_ is STRICT:
                width = max(value.bit_length(), mask.bit_length())
                raise ValueError(
                    f"{cls!r} invalid value {value!r}\n    given {_bits(value, width)}"
                    f"\n  allowed {_bits(mask, width)}"
                )
            if cls._boundary_ is CONFORM:
                value &= mask
            elif cls._boundary_ is EJECT:
                return value
            elif value < 0:
                value = max(cls._all_bits_ + 1, 2 ** value.bit_length()) + value
        if value < 0:
            value = cls._all_bits_ + 1 + value if cls._boundary_ is KEEP else value & mask
        return cls._composite_(value)

    @classmethod
    def _composite_(cls, value):
        found = cls._value2member_map_.get(value)
        if found is not None:
            return found
        data_type = _data_type(cls)
        made = object.__new__(cls) if data_type is object else data_type.__new__(cls, value)
        names = [m._name_ for m in cls if m._value_ & value]
        unknown = value & ~cls._flag_mask_
        if unknown and names:
            names.append(str(unknown) if unknown else "")
        _put(made, "_name_", "|".join(names) if names else None)
        _put(made, "_value_", value)
        cls._value2member_map_[value] = made
        return made

    def __contains__(self, other):
        if not isinstance(other, type(self)):
            raise TypeError(
                f"unsupported operand type(s) for 'in': {type(other).__qualname__!r} "
                f"and {type(self).__qualname__!r}"
            )
        return other._value_ & self._value_ == other._value_

    def __iter__(self):
        return iter([m for m in type(self) if m._value_ & self._value_])

    def __len__(self):
        return self._value_.bit_count()

    def __repr__(self):
        if self._name_ is None:
            return f"<{type(self).__name__}: {self._value_!r}>"
        return f"<{type(self).__name__}.{self._name_}: {self._value_!r}>"

    def __str__(self):
        if self._name_ is None:
            return f"{type(self).__name__}({self._value_!r})"
        return f"{type(self).__name__}.{self._name_}"

    def __bool__(self):
        return bool(self._value_)

    def _other_(self, other):
        if isinstance(other, type(self)):
            return other._value_
        if isinstance(self, int) and isinstance(other, int):
            return int(other)
        return None

    def __or__(self, other):
        value = self._other_(other)
        return NotImplemented if value is None else type(self)(self._value_ | value)

    def __and__(self, other):
        value = self._other_(other)
        return NotImplemented if value is None else type(self)(self._value_ & value)

    def __xor__(self, other):
        value = self._other_(other)
        return NotImplemented if value is None else type(self)(self._value_ ^ value)

    __ror__ = __or__
    __rand__ = __and__
    __rxor__ = __xor__

    def __invert__(self):
        cls = type(self)
        if cls._boundary_ in (EJECT, KEEP):
            return cls(~self._value_)
        return cls(cls._singles_mask_ & ~self._value_)


def _bits(value, width):
    text = format(value if value >= 0 else ~value, "b").rjust(width, "0")
    if value < 0:
        text = "".join("10"[int(c)] for c in text)
    sign = "1" if value < 0 else "0"
    return f"0b{sign} {text}"


class IntFlag(int, ReprEnum, Flag):
    _boundary_ = KEEP
    __repr__ = Flag.__repr__
    __or__ = __ror__ = Flag.__or__
    __and__ = __rand__ = Flag.__and__
    __xor__ = __rxor__ = Flag.__xor__
    __invert__ = Flag.__invert__
    __str__ = int.__repr__
    __format__ = int.__format__


def unique(enumeration):
    duplicates = [
        f"{alias} -> {found.name}"
        for alias, found in enumeration.__members__.items()
        if alias != found.name
    ]
    if duplicates:
        raise ValueError(f"duplicate values found in {enumeration!r}: {', '.join(duplicates)}")
    return enumeration


if _VERSION < (3, 12):

    def _missed(cls, name):
        raise AttributeError(name) from None

    EnumType.__getattr__ = _missed
