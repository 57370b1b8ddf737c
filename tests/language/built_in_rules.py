# Dicts that change while somebody goes through them, views, sets, numbers and texts with classes of their own.
import random, operator, collections, math, types, sys

def change(seed):
    r = random.Random(seed)
    d = dict.fromkeys(range(r.randrange(1, 40)))
    n = len(d)
    seen = []
    try:
        for k in d:
            seen.append(k)
            if r.random() < .5:
                del d[k]
                d[n + len(seen)] = 1
            elif r.random() < .1:
                d.popitem(); d[-len(seen)] = 2
            if len(seen) > 99: break
    except RuntimeError as e:
        seen.append(str(e))
    return seen, list(d)
for seed in range(40): print(change(seed))

def show(f):
    try: print(f())
    except Exception as e: print(type(e).__name__, e)

k = {1: 1, 2: 2}.keys()
print({1, 3} & k, k & [1, 3], [1, 2] - {2: 1}.keys(), k | (4,), frozenset([1]) | k, {1: 2}.items() ^ [(1, 2)])
show(lambda: k & 5)
s = t = {5}; s |= k; print(s is t, s)
class S(set): pass
x = {frozenset([1])}; print(S([1]) in x, {1} in x); x.remove(S([1])); print(x)
x = {1, 2}; x.__init__([3]); print(x)
b = c = bytearray(b"ab"); b *= 3; print(c)
class By(bytes): pass
print(b",".join([By(b"x"), bytearray(b"y")]))
print(operator.length_hint(iter([1, 2])), operator.length_hint(iter({1: 2})), operator.length_hint(map(abs, [1]), 7))
class F:
    def write(self, s): pass
    def flush(self): print("flushed")
print("x", file=F(), flush=True)
class A: pass
A.__call__ = A(); A.__repr__ = A.__str__
for f in A(), lambda: str(A()):
    try: f()
    except RecursionError as e: print("recursion")
try:
    try: raise ValueError(1)
    except ValueError as ex:
        ex.__context__ = ex
        raise TypeError(2)
except TypeError as e: print(repr(e.__context__), e.__context__.__context__ is e.__context__)

class I(int):
    def __int__(self): return 42
    def __str__(self): return "hi"
print(int(I(7)), I(7) + 1, f"{I(3)} {I(4):>3}", format(I(6), ""))
class Fl(float):
    def __floor__(self): return "fl"
    def __round__(self, n=None): return "ro"
print(math.floor(Fl(1.5)), math.ceil(Fl(1.5)), round(Fl(1.5)))
class U(str):
    def __str__(self): return "over"
print("%s %s" % (U("a"), 1), "%s" % U("q"), f"{U('z')}", "a" + U("b"))
show(lambda: "abc" % U("q"))
class H:
    def __hash__(self): return I(7)
print(hash(H()))
class T(tuple):
    def __init__(self, a, unit=None): self.unit = unit
class B(bytearray):
    def __init__(self, a, unit=None): super().__init__(a); self.unit = unit
print(T([1, 2], unit=3).unit, B(b"a", unit=3).unit, B(b"a"))

P = collections.namedtuple("P", "x y")
class N:
    __contains__ = None
    __reversed__ = None
    def __iter__(self): return iter([])
def swap(): P(1, 2)[0] = 3
def drop(): del P(1, 2)[0]
def slots():
    class S:
        __slots__ = ("a", "b")
        b = 1
d = collections.deque(range(5))
class M:
    def __eq__(self, o): d.clear(); return False
for f in (swap, drop, slots, lambda: 1 in N(), lambda: reversed(N()), lambda: M() in d, lambda: math.log(-10**400),
          lambda: b"ab".replace(1, b"c"), lambda: b"a".split(1), lambda: b"a".strip("x"), lambda: b"a b".split(None, 1),
          lambda: issubclass(int, 5), lambda: isinstance(1, 5)): show(f)
class C:
    __slots__ = "__p"
    def __init__(self): self.__p = 5
    def p(self): return self.__p
print(C().p())
def local():
    class A:
        @property
        def x(self): return 1
    A().x = 2
show(local)
def f(a, b=2): return a, b
f.__defaults__ = 8, 9
print(f())
for name in "__name__", "__defaults__": show(lambda: setattr(f, name, 7))
class Proxy:
    def __init__(self, o): self._o = o
    @property
    def __class__(self): return self._o.__class__
print(isinstance(Proxy([]), list), isinstance(Proxy([]), dict), isinstance(Proxy([]), Proxy))
L = []
class K:
    def __lt__(self, o): L.append(1); L.pop(); return False
L[:] = [K(), K()]
show(L.sort)
ns = types.SimpleNamespace(a=1); ns.me = ns; print(ns, sys.flags.optimize)
