"""What iterators, containers and the like have to have. CPython 3.12, Lib/_collections_abc.py."""

from abc import ABC as _ABC
from abc import abstractmethod as _abstract
from types import CoroutineType as _Coroutine
from types import GeneratorType as _Generator
from _kernel import VERSION as _VERSION

from . import ChainMap as _ChainMap
from . import UserDict as _UserDict
from . import _MutableMapping
from . import deque as _deque

_unhashable = (list, dict, set, bytearray, _deque, type({}.keys()), type({}.items()))
if _VERSION < (3, 12):
    _unhashable += (slice,)


class _Kind(_ABC):
    """A class belongs to a kind if it derives from one of `_types`, or has all of `_names`."""

    @classmethod
    def __subclasshook__(cls, other):
        own = cls.__dict__
        if issubclass(other, own.get("_types", ())):
            return True
        if "_names" not in own:
            return NotImplemented
        if issubclass(other, own.get("_never", ())):
            return NotImplemented
        for name in own["_names"].split():
            if getattr(other, name, None) is None:
                return NotImplemented
        return True


class Hashable(_Kind):
    _names = "__hash__"
    _never = _unhashable

    @_abstract
    def __hash__(self):
        return 0


class Awaitable(_Kind):
    _names = "__await__"
    _never = _Generator

    @_abstract
    def __await__(self):
        yield


def _closing(kind):
    def close(self):
        try:
            self.throw(GeneratorExit)
        except (GeneratorExit, StopIteration):
            pass
        else:
            raise RuntimeError(f"{kind} ignored GeneratorExit")

    return close


class Coroutine(Awaitable):
    _names = "__await__ send throw close"
    _never = _Generator

    @_abstract
    def send(self, value):
        raise StopIteration

    @_abstract
    def throw(self, typ, val=None, tb=None):
        raise typ if val is None else val

    close = _closing("coroutine")


class AsyncIterable(_Kind):
    _names = "__aiter__"

    @_abstract
    def __aiter__(self):
        return AsyncIterator()


class AsyncIterator(AsyncIterable):
    _names = "__anext__ __aiter__"

    @_abstract
    async def __anext__(self):
        raise StopAsyncIteration

    def __aiter__(self):
        return self


class AsyncGenerator(AsyncIterator):
    _names = "__aiter__ __anext__ asend athrow aclose"

    async def __anext__(self):
        return await self.asend(None)

    @_abstract
    async def asend(self, value):
        raise StopAsyncIteration

    @_abstract
    async def athrow(self, typ, val=None, tb=None):
        raise typ if val is None else val

    async def aclose(self):
        try:
            await self.athrow(GeneratorExit)
        except (GeneratorExit, StopAsyncIteration):
            pass
        else:
            raise RuntimeError("asynchronous generator ignored GeneratorExit")


class Iterable(_Kind):
    _names = "__iter__"
    _never = _Coroutine

    @_abstract
    def __iter__(self):
        while False:
            yield None


class Iterator(Iterable):
    _names = "__iter__ __next__"
    _never = _Coroutine

    @_abstract
    def __next__(self):
        raise StopIteration

    def __iter__(self):
        return self


class Reversible(Iterable):
    _names = "__reversed__ __iter__"
    _types = tuple, str, bytes, bytearray

    @_abstract
    def __reversed__(self):
        while False:
            yield None


class Generator(Iterator):
    _names = "__iter__ __next__ send throw close"
    _never = _Coroutine

    def __next__(self):
        return self.send(None)

    send = Coroutine.send
    throw = Coroutine.throw
    close = _closing("generator")


class Sized(_Kind):
    _names = "__len__"

    @_abstract
    def __len__(self):
        return 0


class Container(_Kind):
    _names = "__contains__"

    @_abstract
    def __contains__(self, x):
        return False


class Collection(Sized, Iterable, Container):
    _names = "__len__ __iter__ __contains__"


class Callable(_Kind):
    _names = "__call__"

    @classmethod
    def __subclasshook__(cls, other):
        method = cls.__subclasshook__
        if issubclass(other, (type, type(len), type(lambda: 0), type(method))):
            return True
        return super().__subclasshook__(other)

    @_abstract
    def __call__(self, *args, **kwds):
        return False


class Set(Collection):
    _types = set, frozenset, type({}.keys()), type({}.items())

    def __le__(self, other):
        if not isinstance(other, Set):
            return NotImplemented
        return len(self) <= len(other) and all(each in other for each in self)

    def __lt__(self, other):
        if not isinstance(other, Set):
            return NotImplemented
        return len(self) < len(other) and self.__le__(other)

    def __gt__(self, other):
        if not isinstance(other, Set):
            return NotImplemented
        return len(self) > len(other) and self.__ge__(other)

    def __ge__(self, other):
        if not isinstance(other, Set):
            return NotImplemented
        return len(self) >= len(other) and all(each in self for each in other)

    def __eq__(self, other):
        if not isinstance(other, Set):
            return NotImplemented
        return len(self) == len(other) and self.__le__(other)

    __hash__ = None

    @classmethod
    def _from_iterable(cls, it):
        return cls(it)

    def __and__(self, other):
        if not isinstance(other, Iterable):
            return NotImplemented
        return self._from_iterable(each for each in other if each in self)

    __rand__ = __and__

    def isdisjoint(self, other):
        return not any(each in self for each in other)

    def __or__(self, other):
        if not isinstance(other, Iterable):
            return NotImplemented
        return self._from_iterable(each for part in (self, other) for each in part)

    __ror__ = __or__

    def __sub__(self, other):
        if not isinstance(other, Set):
            if not isinstance(other, Iterable):
                return NotImplemented
            other = self._from_iterable(other)
        return self._from_iterable(each for each in self if each not in other)

    def __rsub__(self, other):
        if not isinstance(other, Set):
            if not isinstance(other, Iterable):
                return NotImplemented
            other = self._from_iterable(other)
        return self._from_iterable(each for each in other if each not in self)

    def __xor__(self, other):
        if not isinstance(other, Set):
            if not isinstance(other, Iterable):
                return NotImplemented
            other = self._from_iterable(other)
        return (self - other) | (other - self)

    __rxor__ = __xor__


class MutableSet(Set):
    _types = set

    @_abstract
    def add(self, value):
        raise NotImplementedError

    @_abstract
    def discard(self, value):
        raise NotImplementedError

    def remove(self, value):
        if value not in self:
            raise KeyError(value)
        self.discard(value)

    def pop(self):
        for value in self:
            self.discard(value)
            return value
        raise KeyError from None

    def clear(self):
        while len(self):
            self.pop()

    def __ior__(self, it):
        for value in it:
            self.add(value)
        return self

    def __iand__(self, it):
        for value in self - it:
            self.discard(value)
        return self

    def __ixor__(self, it):
        if it is self:
            self.clear()
            return self
        for value in it if isinstance(it, Set) else self._from_iterable(it):
            if value in self:
                self.discard(value)
            else:
                self.add(value)
        return self

    def __isub__(self, it):
        if it is self:
            self.clear()
            return self
        for value in it:
            self.discard(value)
        return self


class Mapping(Collection):
    _types = dict, _UserDict, _ChainMap

    @_abstract
    def __getitem__(self, key):
        raise KeyError

    def get(self, key, default=None):
        try:
            return self[key]
        except KeyError:
            return default

    def __contains__(self, key):
        try:
            self[key]
        except KeyError:
            return False
        return True

    def keys(self):
        return KeysView(self)

    def items(self):
        return ItemsView(self)

    def values(self):
        return ValuesView(self)

    def __eq__(self, other):
        if not isinstance(other, Mapping):
            return NotImplemented
        return dict(self.items()) == dict(other.items())

    __hash__ = None
    __reversed__ = None


class MappingView(Sized):
    _types = type({}.keys()), type({}.items()), type({}.values())

    def __init__(self, mapping):
        self._mapping = mapping

    def __len__(self):
        return len(self._mapping)

    def __repr__(self):
        return f"{type(self).__name__}({self._mapping!r})"


class KeysView(MappingView, Set):
    _types = type({}.keys())

    @classmethod
    def _from_iterable(cls, it):
        return set(it)

    def __contains__(self, key):
        return key in self._mapping

    def __iter__(self):
        yield from self._mapping


class ItemsView(MappingView, Set):
    _types = type({}.items())

    @classmethod
    def _from_iterable(cls, it):
        return set(it)

    def __contains__(self, item):
        key, value = item
        try:
            found = self._mapping[key]
        except KeyError:
            return False
        return found is value or found == value

    def __iter__(self):
        for key in self._mapping:
            yield key, self._mapping[key]


class ValuesView(MappingView, Collection):
    _types = type({}.values())

    def __contains__(self, value):
        return any(each is value or each == value for each in self)

    def __iter__(self):
        for key in self._mapping:
            yield self._mapping[key]


class MutableMapping(Mapping):
    _types = dict, _UserDict, _ChainMap

    @_abstract
    def __setitem__(self, key, value):
        raise KeyError

    @_abstract
    def __delitem__(self, key):
        raise KeyError

    pop = _MutableMapping.pop
    popitem = _MutableMapping.popitem
    clear = _MutableMapping.clear
    update = _MutableMapping.update
    setdefault = _MutableMapping.setdefault


class Sequence(Reversible, Collection):
    _types = tuple, list, str, range, bytes, bytearray, _deque

    @_abstract
    def __getitem__(self, index):
        raise IndexError

    def __iter__(self):
        at = 0
        try:
            while True:
                yield self[at]
                at += 1
        except IndexError:
            return

    def __contains__(self, value):
        return any(each is value or each == value for each in self)

    def __reversed__(self):
        for at in reversed(range(len(self))):
            yield self[at]

    def index(self, value, start=0, stop=None):
        if start is not None and start < 0:
            start = max(len(self) + start, 0)
        if stop is not None and stop < 0:
            stop += len(self)
        at = start
        while stop is None or at < stop:
            try:
                each = self[at]
            except IndexError:
                break
            if each is value or each == value:
                return at
            at += 1
        raise ValueError

    def count(self, value):
        return sum(1 for each in self if each is value or each == value)


if _VERSION < (3, 14):

    class ByteString(Sequence):
        _types = bytes, bytearray


class MutableSequence(Sequence):
    _types = list, bytearray, _deque

    @_abstract
    def __setitem__(self, index, value):
        raise IndexError

    @_abstract
    def __delitem__(self, index):
        raise IndexError

    @_abstract
    def insert(self, index, value):
        raise IndexError

    def append(self, value):
        self.insert(len(self), value)

    def clear(self):
        try:
            while True:
                self.pop()
        except IndexError:
            pass

    def reverse(self):
        n = len(self)
        for at in range(n // 2):
            self[at], self[n - at - 1] = self[n - at - 1], self[at]

    def extend(self, values):
        for value in list(values) if values is self else values:
            self.append(value)

    def pop(self, index=-1):
        value = self[index]
        del self[index]
        return value

    def remove(self, value):
        del self[self.index(value)]

    def __iadd__(self, values):
        self.extend(values)
        return self
