# The kinds of collections.abc: what belongs to them, and what they give to classes that derive from them.
from collections.abc import *
import collections.abc, collections, asyncio, queue, io
def t(f):
    try: print(repr(f()))
    except Exception as e: print(type(e).__name__,e)
async def co(): pass
async def ag(): yield
def g(): yield
c = co()
kinds = [Hashable, Awaitable, Coroutine, AsyncIterable, AsyncIterator, AsyncGenerator, Iterable, Iterator, Reversible, Generator, Sized, Container, Collection, Callable, Set, MutableSet, Mapping, MutableMapping, MappingView, KeysView, ItemsView, ValuesView, Sequence, MutableSequence]
class U:
    def __len__(self): return 1
    def __iter__(self): return iter(())
    def __contains__(self, x): return False
class V:
    __hash__ = None
    def __call__(self): pass
    async def __anext__(self): pass
    def __aiter__(self): return self
class W(list): pass
class X(dict): pass
class E:
    def __eq__(self, o): return True
class Aw:
    def __await__(self): yield
vs = [1, 1.5, True, 'a', b'a', bytearray(), [], (), {}, set(), frozenset(), range(3), slice(1), None, object(), int, collections.deque(), enumerate([]), zip(), map(print, []), filter(print, []), reversed([]), iter([]), iter({}), iter(set()), {}.keys(), {}.items(), {}.values(), g(), c, ag(), g, len, [].append, U(), V(), W(), X(), E(), Aw(), U, lambda: 1, ValueError(), collections.OrderedDict(), collections.Counter(), collections.ChainMap(), collections.UserDict(), collections.defaultdict(int), collections.namedtuple('N', 'a')(1), U().__len__, print]
for v in vs:
    print(type(v).__name__, ''.join('01'[isinstance(v, k)] for k in kinds))
c.close()
t(lambda: Iterable()); t(lambda: Mapping())
class M(Mapping):
    def __init__(self, d): self.d = d
    def __getitem__(self, k): return self.d[k]
    def __iter__(self): return iter(self.d)
    def __len__(self): return len(self.d)
m = M({'a': 1, 'b': 2})
t(lambda: (m.get('a'), m.get('z', 9), 'a' in m, list(m.keys()), list(m.items()), list(m.values()), m == {'a': 1, 'b': 2}, m == M({'a': 1, 'b': 2})))
t(lambda: isinstance(m, Mapping)); t(lambda: isinstance(m, dict)); t(lambda: hash(m)); t(lambda: m.keys() & {'a'}); t(lambda: reversed(m))
class S(Sequence):
    def __len__(self): return 3
    def __getitem__(self, i):
        if i >= 3: raise IndexError
        return i * 10
s = S()
t(lambda: (list(s), list(reversed(s)), 20 in s, s.index(10), s.count(0))); t(lambda: s.index(7))
class MS(MutableSequence):
    def __init__(self): self.l = []
    def __len__(self): return len(self.l)
    def __getitem__(self, i): return self.l[i]
    def __setitem__(self, i, v): self.l[i] = v
    def __delitem__(self, i): del self.l[i]
    def insert(self, i, v): self.l.insert(i, v)
x = MS(); x.append(1); x.extend([2, 3]); x += [4]; x.reverse(); x.remove(3)
t(lambda: (x.pop(), x.l)); x.clear(); t(lambda: x.l)
class MM(MutableMapping):
    def __init__(self): self.d = {}
    def __getitem__(self, k): return self.d[k]
    def __setitem__(self, k, v): self.d[k] = v
    def __delitem__(self, k): del self.d[k]
    def __iter__(self): return iter(self.d)
    def __len__(self): return len(self.d)
y = MM(); y.update(a=1); y.update({'b': 2}); y.setdefault('c', 3)
t(lambda: (y.pop('a'), y.popitem(), y.d, y.pop('q', None))); t(lambda: y.pop('q')); y.clear(); t(lambda: y.d); t(lambda: y.popitem())
class SS(Set):
    def __init__(self, i): self.s = list(dict.fromkeys(i))
    def __contains__(self, x): return x in self.s
    def __iter__(self): return iter(self.s)
    def __len__(self): return len(self.s)
    def __repr__(self): return f'SS({self.s})'
a, b = SS([1, 2, 3]), SS([2, 3, 4])
t(lambda: (a & b, a | b, a - b, a ^ b, a <= b, a == SS([3, 2, 1]), a.isdisjoint(b), a < SS([1, 2, 3, 4]), {1} | a if 0 else 1))
class It(Iterator):
    n = 0
    def __next__(self):
        self.n += 1
        if self.n > 3: raise StopIteration
        return self.n
t(lambda: list(It()))
class Gn(Generator):
    def send(self, v): return v
    def throw(self, t, v=None, tb=None): raise t
gn = Gn(); t(lambda: next(gn)); t(lambda: gn.send(3)); t(lambda: gn.close())
def f(x: Iterable[int], y: Callable[[int], str]) -> Awaitable[None]: pass
t(lambda: f.__annotations__)
t(lambda: issubclass(list, collections.abc.Sequence)); t(lambda: issubclass(U, Collection)); t(lambda: Mapping.__name__); t(lambda: Mapping.__module__); t(lambda: isinstance([], Iterable[int]))
class D(Mapping): pass
t(lambda: D())
class K(Iterable): pass
t(lambda: issubclass(K, Iterable)); t(lambda: isinstance(3, K))
t(lambda: isinstance({}, MutableMapping | None))
