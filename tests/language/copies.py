import copy, threading, collections, dataclasses, functools, string, random, contextlib, enum, io
def show(f):
    try: print(f())
    except Exception as e: print(type(e).__name__, e)
class S:
    __slots__ = ("a", "__p")
    def __init__(self): self.a = [1]; self.__p = 2
    def p(self): return self.__p
x = S(); y = copy.copy(x); z = copy.deepcopy(x); print(y.a is x.a, z.a is x.a, y.p(), z.p())
class D:
    def __init__(self): self.me = self; self.l = [1]
    def __deepcopy__(self, memo):
        r = D.__new__(D); memo[id(self)] = r
        for k, v in self.__dict__.items(): setattr(r, k, copy.deepcopy(v, memo))
        return r
d = copy.deepcopy(D()); print(d.me is d)
class G:
    def __init__(self): self.a, self.lock = 1, threading.Lock()
    def __getstate__(self):
        state = self.__dict__.copy(); del state["lock"]; return state
    def __setstate__(self, state): self.__dict__.update(state); self.lock = "new"
g = copy.deepcopy(G()); print(g.a, g.lock, copy.copy(G()).lock)
class R:
    def __init__(self, v): self.v = v
    def __reduce__(self): return R, (self.v + 1,), {"extra": [1]}
r = copy.copy(R(1)); print(r.v, r.extra)
class N:
    def __new__(cls, *, a): o = super().__new__(cls); o.a = a; return o
    def __getnewargs_ex__(self): return (), {"a": self.a}
print(copy.deepcopy(N(a=[1])).a)
for v in threading.Lock(), (i for i in []), {}.keys():
    show(lambda: copy.copy(v)); show(lambda: copy.deepcopy([v]))
t = (1, (2, 3)); print(copy.deepcopy(t) is t)
l = [1]; t = (l,); l.append(t); u = copy.deepcopy(t); print(u[0][1] is u)
class L(list): pass
a = L([[1]]); a.x = [2]; b = copy.deepcopy(a); print(b, b.x, b[0] is a[0], type(b).__name__)
class I(int): pass
a = I(5); a.z = [1]; b = copy.deepcopy(a); print(b, b.z is a.z)
P = collections.namedtuple("P", "x y"); p = P([1], 2); print(copy.copy(p), copy.deepcopy(p).x is p.x)
@dataclasses.dataclass(frozen=True, slots=True)
class F: a: list
print(copy.deepcopy(F([1])), copy.copy(slice(1, 2)))
class M:
    def m(self): return self
m = M(); print(copy.deepcopy(m.m)() is m, copy.copy(m.m)() is m)
for v in [collections.deque([[1]], 3), collections.Counter("aab"), collections.ChainMap({1: [2]}), collections.UserDict(a=[1]), bytearray(b"x"), frozenset([1])]:
    c, d = copy.copy(v), copy.deepcopy(v)
    print(type(c).__name__, c == v, d == v, c is v, d is v)

class Quarter(random.Random):
    def random(self): return 0.25
class Ones(random.Random):
    def getrandbits(self, k): return 1
print(Quarter().randrange(10), Quarter().choice("abcdef"), Quarter(3).sample(range(20), 3), Ones().randint(0, 9))
class DD(collections.defaultdict): pass
print({1: 2} | collections.defaultdict(list, {3: 4}), {"b": 2} | collections.OrderedDict(a=1), DD(list))
C = collections.ChainMap
class Miss(C):
    def __missing__(self, k): return 99
print(C({1: 2}) | {3: 4}, {3: 4} | C({1: 2}, {5: 6}), Miss()[4])
show(lambda: C() | [1])
u = collections.UserDict(a=1); v = u.copy(); v["b"] = 2; print(u, v, u | {"c": 3}, {"c": 3} | u)
@functools.singledispatch
def f(x): return "object"
@f.register(int)
@f.register(float | str)
def _(x): return "number or text"
print(f(1), f("a"), f(2.5), f(None))
class Te(string.Template): delimiter = "%%"
class Up:
    def __getitem__(self, k): return k.upper()
print(Te("a %%x %%{y}z %%%% $x").substitute(x=1, y=2), Te("%%q %%").safe_substitute(x=1), string.Template("$a ${b}").substitute(Up()))
def order():
    class Q(enum.Enum):
        _order_ = "red green"
        green = 1
        red = 2
show(order)
class W(enum.IntFlag):
    R = 4
    def __str__(self): return self._name_
print(f"{W.R}", "%d" % W.R)
s = io.StringIO("a\nb\nc")
for f in [lambda: s.readlines(3), lambda: s.seek(-1), lambda: s.seek(1, 1), lambda: s.truncate(-1), lambda: io.StringIO(5), lambda: s.read("x"), lambda: s.seek(0, 2)]: show(f)
for p in "/", "..", "x/", "": show(lambda: open(p, "w"))
try: import uvloop
except ImportError as e: print(type(e).__name__, e, e.name)
