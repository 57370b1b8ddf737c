# list[int], int | str and classes with type parameters.
from typing import TypeVar,Generic
T=TypeVar('T');U=TypeVar('U')
def t(f):
    try: print(repr(f()))
    except Exception as e: print(type(e).__name__,e)
t(lambda: dict[T,U][int]); t(lambda: dict[T,U][int,str,int]); t(lambda: dict[T,U][int,str]); t(lambda:list[T]|int); t(lambda: (list[T]|int)[str])
t(lambda: isinstance(3,list[int])); t(lambda: issubclass(int,list[int])); t(lambda: isinstance(3,int|list[int])); t(lambda: isinstance('',int|list[int])); t(lambda: issubclass(bool,int|None))
t(lambda: ValueError[int]); t(lambda: list[int].x); t(lambda: list[int].__name__)
t(lambda: list[int]([1])); t(lambda: isinstance(3, (str, int|None)))
t(lambda: type(int|str)); t(lambda: T|int); t(lambda: None|int); t(lambda: int|None|str|int)
t(lambda: tuple[()]); t(lambda: tuple[int,...]); t(lambda: type[int]); t(lambda: str[int]); t(lambda: enumerate[int]); t(lambda: zip[int])
class G(Generic[T]):
    def f(self): return 1
t(lambda: G[int]); t(lambda: G[int]().f()); t(lambda: type(G[int])); t(lambda: G[int].f.__name__); t(lambda: G[int]==G[int]); t(lambda: G[int]|None)
class H(G[int]): pass
t(lambda: H.__mro__); t(lambda: H.__bases__); t(lambda: H.__orig_bases__)
class L(list[int]): pass
t(lambda: L.__mro__); t(lambda: L([1])); t(lambda: L[int])
t(lambda: G[int,str]); t(lambda: G[()]); t(lambda: H[int])
t(lambda: isinstance(3,(list[int],)))
t(lambda: list[int]==list[str]); t(lambda: {list[int]:1}[list[int]]); t(lambda: callable(list[int])); t(lambda: bool(list[int])); t(lambda: list[int] is list[int])
import asyncio,queue,collections
t(lambda: asyncio.Queue[int]); t(lambda: queue.Queue[int]); t(lambda:asyncio.Future[int]); t(lambda: asyncio.Task[None]); t(lambda: collections.deque[int]); t(lambda: collections.Counter[str]); t(lambda: collections.defaultdict[str,list[int]])
t(lambda: queue.Queue[int]().qsize())
class S(Generic[T]):
    def __init__(self): self.items: list[T] = []
    def push(self, x: T) -> None: self.items.append(x)
s = S[int](); s.push(3); t(lambda: s.items); t(lambda: type(s).__name__); t(lambda: s.__orig_class__)
class Q(asyncio.Queue[int]): pass
t(lambda: Q.__bases__)
class D(dict[str, int]): pass
t(lambda: D(a=1)); t(lambda: isinstance(D(), dict))
match 3:
    case int() | str(): print('ok')
t(lambda: isinstance(None, int | None)); t(lambda: isinstance(3, None | str)); t(lambda: int | int); t(lambda: (int|str).__args__); t(lambda: (int|str) == (str|int))
try:
    raise ValueError
except (ValueError): print('caught')
x: int | None = None
def f(a: list[int] | None = None, *args: "X", **kw: dict[str, int]) -> asyncio.Task[None]: return a
print(f())
