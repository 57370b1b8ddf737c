from itertools import count, repeat, cycle, chain, islice, takewhile, dropwhile, filterfalse, compress, starmap, accumulate, zip_longest, product, permutations, combinations, combinations_with_replacement, pairwise, batched, groupby, tee
import itertools
print(list(islice(count(5, 2), 4)), list(chain([1], 'ab', (2,))), list(chain.from_iterable([[1], [2, 3]])), list(islice(cycle('abc'), 7)))
print(list(islice('abcdefg', 2)), list(islice('abcdefg', 2, 5)), list(islice('abcdefg', 1, None, 2)))
print(list(product('ab', [1, 2])), list(product([0, 1], repeat=2)), list(permutations('abc', 2)), list(combinations('abcd', 2)), list(combinations_with_replacement('ab', 2)))
print(list(permutations([1,2,3])), list(zip_longest('ab', 'xyz', fillvalue='-')), list(accumulate([1,2,3,4])), list(accumulate([3,1,2], max)), list(accumulate([1,2], initial=10)))
print(list(repeat(3, 2)), list(takewhile(lambda x: x < 3, [1,2,3,1])), list(dropwhile(lambda x: x < 3, [1,2,3,1])), list(starmap(pow, [(2,3),(3,2)])), list(pairwise('abcd')), list(filterfalse(lambda x: x % 2, range(5))), list(compress('abc', [1,0,1])))
for k, g in groupby([1,1,2,3,3], key=lambda x: x): print(k, list(g), end='; ')
print()
print([(k, list(g)) for k, g in groupby('AAABBC')], [k for k, g in groupby('aabbc')])
a, b = tee([1,2,3]); print(next(a), list(b), list(a)); print(list(batched('abcdefg', 3)), count(3), repeat(2), repeat(1, 3))
it = iter(range(10)); print(list(islice(it, 3)), next(it), list(islice(it, 1, 4, 2)), list(it))
c = count(); print(next(c), next(c), [next(c) for _ in range(3)])
print(list(combinations([1,2], 3)), list(product()), list(permutations([], 0)), list(chain()))
from contextlib import contextmanager, suppress, ExitStack, nullcontext, closing, redirect_stdout
@contextmanager
def cm(n):
    print('enter', n)
    try: yield n * 2
    except ValueError as e: print('caught', e)
    finally: print('exit', n)
with cm(3) as v: print(v)
with cm(4): raise ValueError('boom')
try:
    with cm(5): raise KeyError('k')
except KeyError as e: print('out', repr(e))
with suppress(ZeroDivisionError, KeyError): 1/0
print('after')
class R:
    def __init__(self, n): self.n = n
    def __enter__(self): print('in', self.n); return self
    def __exit__(self, t, v, tb): print('out', self.n, t and t.__name__); return self.n == 2
with ExitStack() as st:
    for i in range(3): st.enter_context(R(i))
    st.callback(print, 'cb', end='!\n')
    raise RuntimeError('x')
with nullcontext(5) as five: print(five)
class Cl:
    def close(self): print('closed')
with closing(Cl()) as c: print('using')
import io
buf = io.StringIO()
with redirect_stdout(buf): print('hidden', 1)
print(repr(buf.getvalue()))
@cm(9)
def deco(): print('in deco')
deco()
@contextmanager
def noyield():
    if False: yield
try:
    with noyield(): pass
except RuntimeError as e: print(e)
@contextmanager
def two():
    yield 1
    yield 2
try:
    with two(): pass
except RuntimeError as e: print(e)
import random
random.seed(42); print(random.random(), random.randint(1, 100), random.choice('abc'), random.sample(range(100), 5), random.uniform(1, 2))
l = list(range(10)); random.shuffle(l); print(l, random.choices([1,2,3], k=4), random.choices('ab', weights=[1, 9], k=3), random.gauss(0, 1), random.normalvariate(), random.expovariate(2), random.getrandbits(70), random.randrange(0, 100, 7))
random.seed('hello'); print(random.random()); random.seed(2**80 + 1); print(random.random()); random.seed(-5); print(random.random(), random.triangular())
r = random.Random(7); print(r.random(), r.randrange(10), r.sample(list('abcdefghijklmnopqrstuvwxyz'), 3), r.randbytes(3), r.sample(range(1000), 30))
s = r.getstate(); x = r.random(); r.setstate(s); print(x == r.random())
random.seed(1.5); print(random.random())
import string, types
print(string.ascii_lowercase, string.digits, string.punctuation, string.capwords('a bc'), string.Template('$a ${b} $$').substitute(a=1, b=2))
ns = types.SimpleNamespace(a=1, b='x'); ns.c = 3; print(ns, ns == types.SimpleNamespace(a=1, b='x', c=3))
import sys
sys.stdout.write('hi\n'); print(sys.version_info[:2], sys.version_info.major, sys.version_info >= (3, 8), sys.maxsize, sys.getswitchinterval(), sys.getrecursionlimit())
sys.setswitchinterval(0.001); print(sys.getswitchinterval())
import copy
a = [[1], {2: [3]}]; b = copy.deepcopy(a); c = copy.copy(a); a[0].append(9); print(a, b, c)
class O:
    def __init__(self): self.x = [1]
o = O(); o2 = copy.copy(o); o3 = copy.deepcopy(o); o.x.append(2); print(o2.x, o3.x)
try:
    sys.exit(3)
except SystemExit as e: print('exit', e.code)
