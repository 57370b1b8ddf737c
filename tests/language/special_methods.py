class V:
    def __init__(self, x): self.x = x
    def __repr__(self): return f"V({self.x})"
    def __eq__(self, o):
        print("eq", self, o)
        return isinstance(o, V) and self.x == o.x
    def __hash__(self): return hash(self.x)
    def __lt__(self, o):
        if not isinstance(o, V): return NotImplemented
        return self.x < o.x
    def __add__(self, o):
        if isinstance(o, int): return V(self.x + o)
        return NotImplemented
    def __radd__(self, o): return V(o + self.x)
    def __iadd__(self, o): self.x += o; return self
    def __mul__(self, o): return V(self.x * o)
    def __neg__(self): return V(-self.x)
    def __abs__(self): return V(abs(self.x))
    def __len__(self): return 3
    def __getitem__(self, k): print("get", k); return k
    def __contains__(self, k): print("contains", k); return k == 5
    def __bool__(self): print("bool"); return False
    def __index__(self): return self.x
    def __float__(self): return 1.5
    def __int__(self): return 7
    def __round__(self, n=None): return ("round", n)
    def __divmod__(self, o): return ("divmod", o)
    def __format__(self, spec): return "<" + spec + ">"
    def __call__(self, *a): return a
    def __reversed__(self): return iter("rev")

a, b = V(1), V(2)
print(a + 1, 1 + a, -a, abs(b), a * 3, len(a), a[5], a[1:2], 5 in a, 6 in a)
a += 10
print(a, a == V(11), a != V(11), a == 5, 5 == a, a != 5)
print(a < b, b < a, a > b)
try: print(a < 5)
except TypeError as e: print(e)
try: print(a <= b)
except TypeError as e: print(e)
try: print(a - b)
except TypeError as e: print(e)
try: print([] + a)
except TypeError as e: print(e)
print(not a, bool(a), [1, 2, 3][V(1)], "abc"[V(2)], [1, 2, 3, 4][V(1):V(3)], int(a), float(a), round(a), round(a, 2), divmod(a, 3), hex(V(255)), chr(V(65)))
print(f"{a:abc}", format(a, "x"), format(a), "%s %d" % (a, V(3)), "{:>5}".format(a), str(a), [a], {a: 1}, (a,), {a})
print(a(1, 2), callable(a), list(reversed(a)), sum([V(1), 2], 0), max([V(1), V(3), V(2)]), sorted([V(3), V(1), V(2)]), sorted([V(3), V(1)], reverse=True))
print(V(1) in [V(1)], [V(1), V(2)].index(V(2)), [V(1), V(1)].count(V(1)), {V(1): "x"}[V(1)], V(5) in {V(5)}, {V(1): 1, V(1): 2})
print([1, 2] * V(2), range(V(3)), list(range(V(1), V(3))), [0] * V(2), bytes(V(2)))
print([V(1), V(2)] == [V(1), V(3)], (V(1),) < (V(2),), V(1) is V(1))
x = {V(1): 1}
x[V(1)] = 5
print(x, x.get(V(1)), x.pop(V(1)), x)
class S:
    def __getitem__(self, i):
        if i >= 3: raise IndexError(i)
        return i * 10
print(list(S()), 20 in S(), 25 in S(), [*S()], tuple(S()))
a1, b1, c1 = S()
print(a1, b1, c1)
class It:
    def __init__(self, n): self.n = n
    def __iter__(self): return self
    def __next__(self):
        if self.n == 0: raise StopIteration
        self.n -= 1
        return self.n
print(list(It(3)), sum(It(4)), max(It(3)), dict(zip(It(2), "ab")), set(It(3)), list(map(str, It(2))), list(enumerate(It(2))), sorted(It(3)), 2 in It(5), any(It(3)), "".join(map(str, It(3))), list(zip(It(3), It(2))))
def gen():
    yield 1
    yield 2
print(list(gen()), sum(gen()), list(zip(gen(), gen())), dict(enumerate(gen())), tuple(gen()), [*gen(), *gen()], max(gen()), sorted(gen(), key=lambda x: -x), 2 in gen(), list(map(lambda x: x * 2, gen())), list(filter(lambda x: x > 1, gen())), set(gen()), ",".join(str(x) for x in gen()))
class A:
    pass
class B(A):
    def __repr__(self): return "B!"
    def __str__(self): return "b"
print(B(), [B()], str(B()), repr(B()), f"{B()} {B()!r}", "%s %r" % (B(), B()))
class NoEqHash:
    def __eq__(self, o): return True
try: hash(NoEqHash())
except TypeError as e: print(e)
try: {NoEqHash(): 1}
except TypeError as e: print(e)
class E(Exception):
    def __init__(self, a, b): self.a = a; super().__init__(a)
class F(ValueError):
    def __str__(self): return "custom"
print(repr(E(1, 2)), str(E(1, 2)), repr(F("x")), str(F("x")), E(1, 2).args)
class Bad:
    def __repr__(self): return 5
    def __len__(self): return -1
    def __bool__(self): return 5
    def __hash__(self): return "a"
    def __iter__(self): return 5
    def __index__(self): return "a"
for f in [repr, str, len, bool, hash, iter, list, hex, lambda b: [1][b]]:
    try: print(f(Bad()))
    except Exception as e: print(type(e).__name__, e)
class M:
    def __matmul__(self, o): return "matmul"
    def __rsub__(self, o): return ("rsub", o)
    def __rfloordiv__(self, o): return ("rfloordiv", o)
    def __pow__(self, o, m=None): return ("pow", o, m)
    def __rpow__(self, o): return ("rpow", o)
    def __lshift__(self, o): return "lshift"
    def __ror__(self, o): return "ror"
    def __invert__(self): return "inv"
    def __pos__(self): return "pos"
m = M()
print(m @ 1, 5 - m, 5 // m, m ** 2, 2 ** m, m << 1, 1 | m, ~m, +m, pow(m, 2), pow(m, 2, 3), [1] - m, {1} | m)
class P:
    def __init__(self, v): self.v = v
    def __add__(self, o): return "P.add"
    def __radd__(self, o): return "P.radd"
class Q(P):
    def __radd__(self, o): return "Q.radd"
class R(P): pass
print(P(1) + Q(1), Q(1) + P(1), P(1) + P(2), P(1) + R(1), R(1) + P(1))
class C1:
    def __eq__(self, o): return NotImplemented
    def __lt__(self, o): return NotImplemented
print(C1() == C1(), C1() != C1(), C1() == 1)
try: C1() < C1()
except TypeError as e: print(e)
class A:
    def __getattribute__(self, name):
        own = {'q': 1}
        if name in own:
            return own[name]
        return object.__getattribute__(self, name)
class B(A): pass
print(B().q, A().q)
class C:
    def __init__(self): self.v = 5; self.log = []
    def __getattribute__(self, name):
        if name != 'log' and name[0] != '_': self.log.append(name)
        if name == 'bad': raise AttributeError('no bad')
        return super().__getattribute__(name)
    def __getattr__(self, name): return 'got ' + name
    def m(self): return self.v
    @property
    def p(self): return 7
c = C()
print(c.v, c.m(), c.p, c.bad, c.other, c.log, hasattr(c, 'x'), getattr(c, 'v'), len(c.log))
c.v += 1
print(c.v, c.__dict__ is not None, c.log)
class D:
    def __getattribute__(self, name): raise AttributeError(name)
try: D().x
except AttributeError as e: print(e)
print(hasattr(D(), 'y'), getattr(D(), 'z', 3))
try: object.__getattribute__(C(), 'nope')
except AttributeError as e: print(e)
# setattr in the middle of an expression leaves what it found on the stack.
class Kept:
    def __setattr__(self, name, value):
        object.__setattr__(self, name, value * 2)
kept = Kept()
print([setattr(kept, "a", n) for n in (1, 2)], [f() for f in (lambda: setattr(kept, "b", 5), lambda: kept.a + kept.b)])
# A traceback is the same whenever it is asked for, also that of a part of a group.
try:
    raise ExceptionGroup("g", [ValueError(1), TypeError(2)])
except ExceptionGroup as e:
    part, rest = e.split(ValueError)
    print(e.__traceback__ is e.__traceback__, part.__traceback__ is e.__traceback__ is rest.__traceback__)
try:
    1 / 0
except ZeroDivisionError as e:
    held = e.__traceback__
    try:
        raise e
    except ZeroDivisionError as f:
        print(held is f.__traceback__, held is f.__traceback__.tb_next, held == f.__traceback__.tb_next, held is None)
