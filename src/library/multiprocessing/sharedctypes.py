import _kernel

from . import process
from .synchronize import RLock

# Type code: name of the C type, bits, whether it has a sign.
_INTEGERS = {
    "b": ("c_byte", 8, True), "B": ("c_ubyte", 8, False), "h": ("c_short", 16, True), "H": ("c_ushort", 16, False),
    "i": ("c_int", 32, True), "I": ("c_uint", 32, False), "l": ("c_long", 64, True), "L": ("c_ulong", 64, False),
    "q": ("c_long", 64, True), "Q": ("c_ulong", 64, False),
}


class _Cells:
    """Shared memory of one type."""

    def __init__(self, code, values):
        if code not in _INTEGERS and code != "d" and code != "c":
            _kernel.reject(f"shared memory of the type {code!r} is not supported", "use 'i' or 'q' for whole numbers, 'd' for others")
        self._code = code
        self._name = _kernel.binding_name() or "shared"
        self._length = len(values)
        self._id = _kernel.cells(tuple([self._fit(v) for v in values]))

    def __getstate__(self):
        process._check_spawning(self)
        return dict(self.__dict__)

    def _fit(self, value):
        if self._code == "c":
            if not isinstance(value, bytes) or len(value) != 1:
                raise TypeError("one character bytes, bytearray or integer expected")
            return value
        if self._code == "d":
            if not isinstance(value, (int, float)):
                raise TypeError(f"must be real number, not {type(value).__name__}")
            return float(value)
        if not isinstance(value, int):
            raise TypeError(f"'{type(value).__name__}' object cannot be interpreted as an integer")
        _, bits, signed = _INTEGERS[self._code]
        value &= (1 << bits) - 1
        return value - (1 << bits) if signed and value >> bits - 1 else value

    def _type_name(self):
        return "c_double" if self._code == "d" else "c_char" if self._code == "c" else _INTEGERS[self._code][0]


class _RawValue(_Cells):

    @property
    def value(self):
        return _kernel.cell_get(self._id, 0, self._name + ".value")

    @value.setter
    def value(self, value):
        _kernel.cell_set(self._id, 0, self._name + ".value", self._fit(value))

    def __repr__(self):
        return f"{self._type_name()}({self.value!r})"


class _RawArray(_Cells):

    def __len__(self):
        return self._length

    def _place(self, i):
        if not -self._length <= i < self._length:
            raise IndexError("invalid index")
        i %= self._length
        return i, f"{self._name}[{i}]"

    def __getitem__(self, i):
        if isinstance(i, slice):
            found = [self[j] for j in range(*i.indices(self._length))]
            return b"".join(found) if self._code == "c" else found
        i, name = self._place(i)
        return _kernel.cell_get(self._id, i, name)

    def __setitem__(self, i, value):
        if isinstance(i, slice):
            places = range(*i.indices(self._length))
            if len(places) != len(value):
                raise ValueError("Can only assign sequence of same size")
            for j, v in zip(places, value):
                self[j] = v
        else:
            i, name = self._place(i)
            _kernel.cell_set(self._id, i, name, self._fit(value))

    def __iter__(self):
        for i in range(self._length):
            yield self[i]

    @property
    def value(self):
        if self._code != "c":
            raise AttributeError(f"'{self._type_name()}_Array_{self._length}' object has no attribute 'value'")
        return self[:].split(b"\0")[0]

    @property
    def raw(self):
        return self[:]


class SynchronizedBase:

    def __init__(self, obj, lock=None):
        self._obj = obj
        self._lock = lock or RLock()
        self.acquire = self._lock.acquire
        self.release = self._lock.release

    def __getstate__(self):
        process._check_spawning(self)
        return self._obj, self._lock

    def __setstate__(self, state):
        SynchronizedBase.__init__(self, *state)

    def __enter__(self):
        return self._lock.__enter__()

    def __exit__(self, *args):
        return self._lock.__exit__(*args)

    def get_obj(self):
        return self._obj

    def get_lock(self):
        return self._lock

    def __repr__(self):
        return f"<{type(self).__name__} wrapper for {self._obj}>"


class Synchronized(SynchronizedBase):

    @property
    def value(self):
        with self._lock:
            return self._obj.value

    @value.setter
    def value(self, value):
        with self._lock:
            self._obj.value = value


class SynchronizedArray(SynchronizedBase):

    def __len__(self):
        return len(self._obj)

    def __getitem__(self, i):
        with self._lock:
            return self._obj[i]

    def __setitem__(self, i, value):
        with self._lock:
            self._obj[i] = value

    def __iter__(self):
        for i in range(len(self._obj)):
            yield self[i]


class SynchronizedString(SynchronizedArray):

    @property
    def value(self):
        with self._lock:
            return self._obj.value

    @property
    def raw(self):
        return self._obj.raw


def RawValue(typecode_or_type, *args):
    return _RawValue(typecode_or_type, args or (b"\0" if typecode_or_type == "c" else 0,))


def RawArray(typecode_or_type, size_or_initializer):
    values = size_or_initializer
    if isinstance(values, int):
        values = [b"\0" if typecode_or_type == "c" else 0] * values
    elif typecode_or_type == "c":
        values = [values[i : i + 1] for i in range(len(values))]
    return _RawArray(typecode_or_type, list(values))


def Value(typecode_or_type, *args, lock=True):
    obj = RawValue(typecode_or_type, *args)
    if lock is False:
        return obj
    return Synchronized(obj, None if lock is True or lock is None else lock)


def Array(typecode_or_type, size_or_initializer, *, lock=True):
    obj = RawArray(typecode_or_type, size_or_initializer)
    if lock is False:
        return obj
    wrapper = SynchronizedString if typecode_or_type == "c" else SynchronizedArray
    return wrapper(obj, None if lock is True or lock is None else lock)
