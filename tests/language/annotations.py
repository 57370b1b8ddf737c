# Annotations are evaluated where they stand.
def t(f):
    try: print(repr(f()))
    except Exception as e: print(type(e).__name__,e)
def f(a: int, b: "text" = 1, *c: list[int], d: print('d') = 2, **e: None) -> dict[str, int] | None: pass
t(lambda: f.__annotations__); t(lambda: f.__dict__); t(lambda: f.__defaults__)
def g(): pass
t(lambda: g.__annotations__); g.__annotations__['x'] = 1; t(lambda: g.__annotations__); t(lambda: g.__dict__)
class A:
    x: int
    y: 'str' = 3
    __z: float = 1.0
    def m(self: "A", v: int) -> None: pass
class B(A): pass
class C(A): w: int
t(lambda: A.__annotations__); t(lambda: B.__annotations__); t(lambda: C.__annotations__); t(lambda: A.m.__annotations__); t(lambda: A().m.__annotations__); t(lambda: A().__annotations__)
try:
    def h(x: undefined): pass
except NameError as e: print(e)
try:
    class D:
        x: undefined
except NameError as e: print(e)
try:
    q: undefined2 = 3
except NameError as e: print(e, q)
def loc():
    z: undefined = 4
    return z
t(loc)
from dataclasses import dataclass, field, fields, KW_ONLY, InitVar
from typing import ClassVar, Optional, get_type_hints, NamedTuple
import typing
@dataclass
class P:
    x: int
    n: ClassVar[int] = 3
    o: typing.ClassVar = 4
    i: InitVar[int] = 5
    y: Optional[str] = None
    l: list[int] = field(default_factory=list)
    def __post_init__(self, i): self.j = i
p = P(1, y='a')
t(lambda: p); t(lambda: [(f.name, f.type) for f in fields(P)]); t(lambda: p.j); t(lambda: P.__annotations__)
class N(NamedTuple):
    a: int
    b: str = 'q'
t(lambda: N(1)); t(lambda: N.__annotations__); t(lambda: get_type_hints(N))
from functools import singledispatch, wraps
@singledispatch
def fun(a): return 'any'
@fun.register
def _(a: int): return 'int'
@fun.register
def _(a: list | tuple): return 'seq'
@fun.register(str)
def _(a): return 'str'
t(lambda: [fun(1), fun([]), fun(()), fun('a'), fun(2.0)])
@wraps(f)
def w(*a): pass
t(lambda: w.__annotations__ is f.__annotations__); t(lambda: w.__dict__ == {'__wrapped__': f}); t(lambda: w.__name__)
async def co(x: int) -> "X": pass
t(lambda: co.__annotations__)
(k): print('k') = 3
class E: pass
E.a: print('Ea') = 4
E.b: print('Eb')
v: list[int]
def gen(x: (lambda: 3)): pass
t(lambda: gen.__annotations__['x']())
def order(p: print('p'), /, a: print('a'), *v: print('v'), k: print('k') = print('kd'), **kw: print('kw')) -> print('ret'): pass
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from elsewhere import Thing
    import elsewhere.part as part
def late(x: "Thing") -> "part.Other": pass
t(lambda: late.__annotations__)
