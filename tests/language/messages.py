# assorted language
import sys
def f(a, b=2, /, c=3, *args, d, e=5, **kw): return a, b, c, args, d, e, kw
print(f(1, d=4), f(1, 2, 3, 4, 5, d=6, z=7))
for bad in (lambda: f(), lambda: f(1), lambda: f(a=1, d=2), lambda: f(1, d=2, b=3)):
    try: print(bad())
    except TypeError as e: print(e)
print(f"{1+1=} {'a'!r:>5} {3.14159:.2f} {10:#x} {1000000:,} {'x':*^5} {{}} {5:>{3}} {2**10:_}")
print('%s %r %d %5.2f %-5s| %05d %x %e %%' % ('a', 'b', 3, 2.5, 'l', 42, 255, 12345.678), '%(a)s' % {'a': 1})
print('{} {1} {0}'.format(1, 2) if False else '{0} {1} {0} {k!r:>4} {l[0]} {o.real}'.format(1, 2, k='x', l=[9], o=5))
x = [1, 2, 3, 4, 5]; a, *b, c = x; print(a, b, c, x[::-1], x[1:4:2]); x[1:3] = [9]; del x[0]; print(x)
print([i * j for i in range(3) for j in range(i) if j != 1], {k: v for k, v in zip('ab', [1, 2])}, {i % 3 for i in range(9)}, sum(i for i in range(5)))
if (n := len(x)) > 2: print(n)
print(1 < 2 < 3, 1 < 3 < 2, 1 if x else 2, not x, x and 0, None or 'd')
def gen():
    try:
        r = yield 1
        print('got', r)
        yield from [2, 3]
        return 4
    finally: print('fin')
g = gen(); print(next(g), g.send('s'), next(g)); 
try: next(g)
except StopIteration as e: print('ret', e.value)
class A:
    def __init__(self, v): self.v = v
    def __radd__(self, o): return ('radd', o)
    def __iadd__(self, o): self.v += o; return self
    def __eq__(self, o): return isinstance(o, A) and o.v == self.v
    def __hash__(self): return hash(self.v)
    def __repr__(self): return f'A({self.v})'
    def __getitem__(self, k): return k
    def __contains__(self, k): return k == 3
    def __call__(self, *a): return a
    def __len__(self): return 7
    def __bool__(self): return False
    def __format__(self, s): return f'<{s}>'
    def __getattr__(self, n): 
        if n.startswith('z'): return n
        raise AttributeError(n)
    def __matmul__(self, o): return 'mm'
    def __neg__(self): return 'neg'
    def __index__(self): return 2
    def __enter__(self): return 'ent'
    def __exit__(self, *a): return True
    def __del__(self): print('del', self.v)
a = A(1); print(1 + a, a[1:2, ...], 3 in a, a(1, 2), len(a), bool(a), f'{a:abc}', a.zap, a @ 1, -a, [1,2,3][a], hash(a) == hash(1)); a += 2; print(a)
try: a.foo
except AttributeError as e: print('AE', e)
with a as q: raise ValueError
del a
class S:
    __slots__ = ('x',)
s = S(); s.x = 1; print(s.x)
try: s.y = 2
except AttributeError as e: print(e)
try: raise NameError("name")
except NameError as e: print(e)
def local():
    try: print(zz)
    except UnboundLocalError as e: print(e)
    zz = 1
local()
for src in ("int('x')", "[].pop()", "{}['a']", "(1).foo", "'a' + 1", "1 + 'a'", "[1][3]", "None.x", "len(3)", "int([])", "a, b = 1, 2, 3", "float('q')", "'abc'.index('z')", "[].index(1)", "max([])", "next(iter([]))", "range(1.5)", "'a' * 'b'", "sorted([1, 'a'])", "chr(-1)", "ord('ab')", "{}[[]]", "1 / 0", "1 % 0", "0 ** -1", "{1: 2}.popitem() and {}.popitem()", "set().pop()", "'x'.join([1])", "bytes([300])", "int('1' * 5000)", "'{}'.format()", "'%d' % 'x'", "round('a')", "abs('a')", "sum(['a'])", "isinstance(1, 2)", "print(sep=1)", "dict([1])", "tuple(1)", "object().x", "hash([])", "iter(1)", "reversed(1)", "enumerate()", "zip(1)", "open", "pow(2, -1, 0)", "divmod(1, 0)", "list(5)", "[*5]", "f(**{1: 2})", "(lambda: 0)(1)", "slice(1)[0]", "[1, 2]['a']", "'abc'['x']", "del_", "1 < 'a'", "[] < 3", "type(1)()[0]", "super().x"): pass
tests = [lambda: int('x'), lambda: [].pop(), lambda: {}['a'], lambda: (1).foo, lambda: 'a' + 1, lambda: 1 + 'a', lambda: [1][3], lambda: None.x, lambda: len(3), lambda: int([]), lambda: float('q'), lambda: 'abc'.index('z'), lambda: [].index(1), lambda: max([]), lambda: range(1.5), lambda: 'a' * 'b', lambda: sorted([1, 'a']), lambda: chr(-1), lambda: ord('ab'), lambda: {}[[]], lambda: 1 % 0, lambda: 0 ** -1, lambda: {}.popitem(), lambda: set().pop(), lambda: 'x'.join([1]), lambda: bytes([300]), lambda: '{}'.format(), lambda: '%d' % 'x', lambda: abs('a'), lambda: sum(['a']), lambda: isinstance(1, 2), lambda: dict([1]), lambda: tuple(1), lambda: object().x, lambda: hash([]), lambda: iter(1), lambda: reversed(1), lambda: zip(1), lambda: divmod(1, 0), lambda: (lambda: 0)(1), lambda: [1, 2]['a'], lambda: 'abc'['x'], lambda: [] < 3, lambda: {**5}, lambda: A.nope, lambda: f.nope, lambda: [].nope, lambda: 'a'.nope, lambda: 5(), lambda: 'x'(), lambda: next(5), lambda: [1,2,3].remove(9), lambda: (1,2).index(5), lambda: ''.split(''), lambda: '%s %s' % 1, lambda: '%s' % (1, 2), lambda: int('5', 99), lambda: round(1.5, 'a'), lambda: min(1), lambda: list(1, 2), lambda: setattr(1, 'a', 2), lambda: getattr(1, 2), lambda: issubclass(1, int), lambda: 1 @ 2, lambda: ~1.5, lambda: -'a', lambda: b'a' + 'b', lambda: [1] + (2,), lambda: {1} + {2}, lambda: {1} < 3, lambda: 3 in 5, lambda: 3 in 'abc', lambda: a.b, lambda: ''.join(5), lambda: 'a'.encode('nope') if False else 1/0]
for i, t in enumerate(tests):
    try: print(i, t())
    except Exception as e: print(i, type(e).__name__, e)
# Whose arguments cannot be spread, and what cannot be made by calling its type.
import types
class Called:
    def method(self): pass
    def __call__(self): pass
    def __str__(self): return "called"
spread = [lambda: f(*5), lambda: f(**5), lambda: f(1, *5), lambda: print(*5), lambda: len(*5), lambda: [].append(*5), lambda: list.append(*5), lambda: math.sqrt(*5), lambda: f(*[], **5), lambda: (lambda: 3)(*5), lambda: Called(*5), lambda: Called().method(*5), lambda: Called()(*5), lambda: deque(*5), lambda: int(*5), lambda: f(**{'a': 1}, **{'a': 2}), lambda: f(**{1: 1}), lambda: f(a=1, **{'a': 2}), lambda: Called().method(a=1, **{'a': 2}), lambda: types.GeneratorType(), lambda: types.CoroutineType(), lambda: types.BuiltinFunctionType(), lambda: types.FrameType(), lambda: object(1), lambda: Called(1)]
import math
from collections import deque
for t in spread:
    try: print(t())
    except Exception as e: print(type(e).__name__, e)
def order(name, value):
    print(name)
    return value
def one_by_one():
    print("taken")
    yield 1
print((lambda *a, **k: (a, k))(*one_by_one(), **order("keywords", {"b": 2})))
try:
    1 / 0
except ZeroDivisionError as e:
    print(isinstance(e.__traceback__, types.TracebackType), isinstance(e.__traceback__.tb_frame, types.FrameType), isinstance(types, types.ModuleType))
    print(types.TracebackType, types.FrameType, types.ModuleType, types.CodeType)


# A text may have any character.
import traceback as _traceback

try:
    raise ValueError("a\0b\nc")
except ValueError as e:
    print(_traceback.format_exception(e)[-1:], "\0" in _traceback.format_exc())
