class S:
    __slots__ = ('x', 'y')
    def __init__(self): self.x = 1
s = S()
try: s.z = 2
except AttributeError as e: print(e)
try: s.y
except AttributeError as e: print(e)
print(hasattr(s, '__dict__'))
class T(S): pass
t = T(); t.z = 3; print(t.z, t.__dict__)
class A: pass
a = A(); a.__dict__['q'] = 5; print(a.q); a.__dict__.update(w=1, e=2); print(a.w, sorted(a.__dict__)); d = a.__dict__; a.n = 9; print(d['n'], len(d), d); del d['q']; print(hasattr(a, 'q'), {**a.__dict__}, dict(a.__dict__), vars(a), list(vars(a).items()))
class B:
    def __init__(self, **kw): self.__dict__.update(kw)
b = B(x=1); print(b.x, b.__dict__ == {'x': 1})
class Meta:
    @property
    def p(self): return self._p
    @p.setter
    def p(self, v): self._p = v * 2
m = Meta(); m.p = 2; print(m.p, m.__dict__)
X = type('X', (A,), {'v': 1, 'f': lambda self: self.v}); print(X().f(), X.__name__, X.__mro__[1].__name__)
try: list(1, 2)
except TypeError as e: print(e)
def gg():
    try: yield 1
    except GeneratorExit: print('inner exit'); raise
def hh():
    try: yield from gg()
    finally: print('outer fin')
h = hh(); next(h); h.close()
import logging, sys
logging.basicConfig(level=logging.INFO, format='%(levelname)s %(name)s %(threadName)s: %(message)s', stream=sys.stdout)
log = logging.getLogger('app.x'); log.info('hi %s', 3); log.debug('no'); log.warning('w'); logging.error('root %d', 5)
print(log, log.parent, log.getEffectiveLevel(), logging.getLevelName(20))
from abc import ABC, abstractmethod
class Sh(ABC):
    @abstractmethod
    def area(self): ...
    @property
    @abstractmethod
    def n(self): ...
try: Sh()
except TypeError as e: print(e)
class Sq(Sh):
    def __init__(self, a): self.a = a
    def area(self): return self.a ** 2
    n = 3
print(Sq(3).area(), isinstance(Sq(1), Sh), Sq(2).n)
from typing import Generic, TypeVar, Optional, List, Dict, Callable, Protocol
T = TypeVar('T')
class St(Generic[T]):
    def __init__(self) -> None: self.i: List[T] = []
    def push(self, x: T) -> None: self.i.append(x)
st: St[int] = St(); st.push(1); st2 = St[int](); print(st.i, st2.i, Optional[int], List[str], T)
import asyncio
from contextlib import asynccontextmanager, AsyncExitStack
@asynccontextmanager
async def acm(n):
    print('in', n)
    try: yield n
    finally: print('out', n)
async def main():
    async with acm(1) as v: print(v)
    async with AsyncExitStack() as st:
        await st.enter_async_context(acm(2)); await st.enter_async_context(acm(3))
        st.push_async_callback(asyncio.sleep, 0.01)
    try:
        async with acm(4): raise ValueError('x')
    except ValueError as e: print('caught', e)
asyncio.run(main())
