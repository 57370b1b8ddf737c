from collections import namedtuple, defaultdict, Counter, OrderedDict, ChainMap, deque
P = namedtuple('P', 'x y z', defaults=[3])
p = P(1, 2); print(p, p.x, p[1], p._asdict(), p._replace(x=9), P._fields, p == (1,2,3), P._make([1,2,3]))
try: P(1)
except TypeError as e: print(e)
try: p.x = 3
except AttributeError as e: print(e)
try: P(1,2,3,4)
except TypeError as e: print(e)
try: P(1,2,q=3)
except TypeError as e: print(e)
x, *r = p; print(x, r, hash(p) == hash((1,2,3)), P.__name__, P)
class Q(namedtuple('Q', ['a', 'b'])):
    def s(self): return self.a + self.b
print(Q(1,2), Q(1,2).s(), Q(a=1,b=2) == Q(1,2))
try: namedtuple('A', 'a a')
except ValueError as e: print(e)
d = defaultdict(list); d['a'].append(1); d['b']; print(d, dict(d), d.get('q'), 'q' in d)
d2 = defaultdict(int)
for c in 'hello': d2[c] += 1
print(d2, sorted(d2.items()))
try: defaultdict(None)['x']
except KeyError as e: print(repr(e))
c = Counter('abracadabra'); print(c, c.most_common(2), c['z'], sum(c.values()), c.total(), list(c.elements())[:4])
c.update('aaa'); c.subtract({'b': 1}); print(c, c + Counter(a=1), c - Counter(a=5), c & Counter(a=2, b=9), c | Counter(z=1), +c, Counter(a=1) == Counter('a'))
o = OrderedDict([('a', 1), ('b', 2)]); o['c'] = 3; o.move_to_end('a'); print(o, list(o)); o.move_to_end('c', last=False); print(o, o.popitem(), o.popitem(last=False), o)
print(OrderedDict(a=1, b=2) == OrderedDict(b=2, a=1), OrderedDict(a=1) == {'a': 1}, list(reversed(OrderedDict(a=1,b=2))))
cm = ChainMap({'a': 1}, {'a': 2, 'b': 3}); print(cm, cm['b'], dict(cm), len(cm))
class LRU(OrderedDict):
    def __init__(self, n): super().__init__(); self.n = n
    def __getitem__(self, k):
        v = super().__getitem__(k); self.move_to_end(k); return v
    def __setitem__(self, k, v):
        super().__setitem__(k, v)
        if len(self) > self.n: del self[next(iter(self))]
l = LRU(2); l['a'] = 1; l['b'] = 2; l['a']; l['c'] = 3; print(list(l))
import functools, operator
from functools import partial, wraps, lru_cache, cache, reduce, cached_property, total_ordering, singledispatch
def add(a, b=2, *, c=3): "doc"; return a + b + c
f = partial(add, 1, c=10); print(f(), f(5), f.func is add, f.args, f.keywords)
def deco(fn):
    @wraps(fn)
    def inner(*a, **k): print('call', fn.__name__); return fn(*a, **k)
    return inner
@deco
def g(x): "gdoc"; return x * 2
print(g(4), g.__name__, g.__doc__, g.__wrapped__(3))
@lru_cache(maxsize=2)
def fib(n): return n if n < 2 else fib(n-1) + fib(n-2)
print(fib(20), fib.cache_info())
@cache
def sq(x): print('computing', x); return x * x
print(sq(3), sq(3), sq.cache_info()); sq.cache_clear(); print(sq.cache_info())
print(reduce(operator.add, [1,2,3]), reduce(lambda a, b: a * b, [1,2,3,4], 10))
try: reduce(operator.add, [])
except TypeError as e: print(e)
class Cp:
    @cached_property
    def v(self): print('once'); return 42
k = Cp(); print(k.v, k.v, k.__dict__)
@total_ordering
class V:
    def __init__(self, n): self.n = n
    def __eq__(self, o): return self.n == o.n
    def __lt__(self, o): return self.n < o.n
print(V(1) < V(2), V(1) <= V(1), V(3) > V(2), V(3) >= V(4), sorted([V(3), V(1)])[0].n)
print(sorted([3,1,2], key=functools.cmp_to_key(lambda a, b: b - a)))
@singledispatch
def sd(x): return 'obj'
@sd.register(int)
def _(x): return 'int'
@sd.register(list)
def _(x): return 'list'
print(sd(1), sd([]), sd('s'), sd(True))
class PM:
    def m(self, a, b): return a, b
    pm = functools.partialmethod(m, 1)
print(PM().pm(2))
print(operator.itemgetter(1)([1,2]), operator.itemgetter(0,2)('abc'), operator.attrgetter('n')(V(7)), operator.methodcaller('upper')('x'))
import traceback
def tb_a(): tb_b()
def tb_b(): 1 / 0
try: tb_a()
except ZeroDivisionError as e:
    for limit in (None, 0, 1, 2, 9, -1, -2):
        print(limit, [s.name for s in traceback.extract_tb(e.__traceback__, limit)])
import logging, time
print([time.gmtime(days * 86400)[7] for days in (0, 30, 31, 58, 59, 364, 365, 789, 790, 1095)])
print(time.strftime("%j", time.gmtime(0)), logging.LoggerAdapter(logging.getLogger("a"), {}))
