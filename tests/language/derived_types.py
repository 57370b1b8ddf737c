class L(list):
    def total(self): return sum(self)
a = L([3,1,2])
print(a, len(a), a.total(), a[0], a[1:], type(a).__name__, isinstance(a, list))
a.append(5); a += [7]; print(a, type(a)); a.sort(); print(a, list(a), sorted(a), a == [1,2,3,5,7], [1,2,3,5,7] == a, a + [1])
for x in a: print(x, end=' ')
print(3 in a, bool(L()), a * 2)
class D(dict):
    def __missing__(self, k):
        self[k] = v = k * 2
        return v
d = D(a=1); print(d, d['b'], d, 'b' in d, len(d), {**d}, dict(d), d == {'a':1,'b':'bb'}, d.get('z'), d | {'q': 1})
def kw(**k): return k
print(kw(**d))
class I(int):
    def __repr__(self): return f'I({int(self)})'
    def __add__(self, o): return I(int(self) + o)
i = I(5); print(i, repr(i), i + 1, 1 + i, i * 2, -i, i == 5, hash(i) == hash(5), {5: 'x'}[i], [10,20,30,40,50,60][i], f'{i:03d}', '%d' % i, range(i), i < 6, max(i, 3), int(i), float(i), str(i))
class S(str):
    def shout(self): return self.upper() + '!'
s = S('hey'); print(s, s.shout(), s + 'x', len(s), s[0], s == 'hey', {'hey': 1}[s], ','.join([s, s]), repr(s), 'e' in s, f'{s:>5}|', isinstance(s, str))
class T(tuple):
    def __new__(cls, a, b):
        return super().__new__(cls, (a, b))
    @property
    def a(self): return self[0]
t = T(1, 2); print(t, t.a, t == (1, 2), hash(t) == hash((1,2)), t < (1, 3)); x, y = t; print(x, y)
class St(set): pass
q = St([1,2]); print(q, q | {3}, 1 in q, St(), type(q | {3}))
class E(Exception):
    def __init__(self, code, msg): super().__init__(msg); self.code = code
try: raise E(3, 'hi')
except E as e: print(e, e.code, e.args, repr(e))
class F(float): pass
f = F(1.5); print(f, f + 1, f.is_integer(), round(f), f'{f:.2f}')
class C(list):
    def __init__(self, n): super().__init__(range(n)); self.n = n
c = C(3); print(c, c.n, c.__dict__)
class B(bytes): pass
print(B(b'ab'), B(b'ab') + b'c')
class Desc:
    def __set_name__(self, o, n): self.n = '_' + n
    def __get__(self, o, t=None):
        if o is None: return self
        return getattr(o, self.n, 'unset')
    def __set__(self, o, v): setattr(o, self.n, v * 2)
    def __delete__(self, o): delattr(o, self.n)
class H:
    x = Desc()
h = H(); print(h.x); h.x = 4; print(h.x); del h.x; print(h.x, type(H.x).__name__)
class Base:
    def __init_subclass__(cls, tag=None, **kw): super().__init_subclass__(**kw); cls.tag = tag
class Sub(Base, tag='t'): pass
print(Sub.tag)
class P:
    @property
    def x(self): return 1
    @x.deleter
    def x(self): print('del')
del P().x
try: P().x = 3
except AttributeError as e: print(e)
class N:
    def __new__(cls, *a): print('new', a); return super().__new__(cls)
n = N(1, 2)
try: object.__new__(N, 1)
except TypeError as e: print(e)
class Z: pass
try: Z(1)
except TypeError as e: print(e)
try:
    class Bad(bool): pass
except TypeError as e: print(e)
try:
    class Bad(int, str): pass
except TypeError as e: print(e)
