from dataclasses import dataclass, field, asdict, astuple, replace, fields, FrozenInstanceError, KW_ONLY, InitVar
from typing import List, Optional, NamedTuple, ClassVar, Any
@dataclass
class P:
    x: int
    y: int = 0
    tags: List[str] = field(default_factory=list)
    n: ClassVar[int] = 5
p = P(1); print(p, P(1, 2) == P(1, 2), P(1) != P(2), asdict(P(1, 2, ['a'])), astuple(p), replace(p, x=5), [f.name for f in fields(P)])
p.tags.append('q'); print(P(1).tags, p)
try: P()
except TypeError as e: print(e)
try: P(1, 2, [], 4)
except TypeError as e: print(e)
try: P(1, z=2)
except TypeError as e: print(e)
try: hash(p)
except TypeError as e: print(e)
@dataclass(order=True, frozen=True)
class V:
    major: int
    minor: int = 0
print(V(1, 2) < V(1, 3), sorted([V(2), V(1, 5)]), hash(V(1)) == hash(V(1)), {V(1): 'a'}[V(1)], max(V(1), V(2)))
try: V(1).major = 3
except FrozenInstanceError as e: print(type(e).__name__, e)
@dataclass
class Base:
    a: int
    def __post_init__(self): print('post', self.a)
@dataclass
class D(Base):
    b: str = 'b'
    c: int = field(default=3, repr=False, compare=False)
    d: int = field(init=False, default=7)
print(D(1), D(1, c=4) == D(1, c=5), D(1).d)
@dataclass(order=True)
class Item:
    prio: int
    name: str = field(compare=False)
import heapq
h = []
for i in [Item(3, 'c'), Item(1, 'a'), Item(2, 'b')]: heapq.heappush(h, i)
print([heapq.heappop(h).name for _ in range(3)])
@dataclass
class K:
    a: int
    _: KW_ONLY
    b: int = 2
    c: int
print(K(1, c=3))
@dataclass
class I:
    a: int
    db: InitVar[int] = 10
    s: int = field(init=False)
    def __post_init__(self, db): self.s = self.a + db
print(I(1), I(1, 2).s)
@dataclass
class Node:
    v: int
    nxt: 'Optional[Node]' = None
n = Node(1); n.nxt = n; print(n)
match P(1, 2):
    case P(x, y): print('matched', x, y)
try:
    @dataclass
    class Bad:
        l: list = []
except ValueError as e: print(e)
try:
    @dataclass
    class Bad:
        a: int = 1
        b: int
except TypeError as e: print(e)
class NT(NamedTuple):
    x: int
    y: int = 2
    def s(self): return self.x + self.y
print(NT(1), NT(1).s(), NT(1)._replace(y=5), NT._fields, NT(3) == (3, 2))
def mk():
    @dataclass
    class L:
        q: int
    return L
print(mk()(1))
from enum import Enum, IntEnum, auto, Flag, IntFlag, unique, StrEnum
class Color(Enum):
    RED = 1
    GREEN = auto()
    BLUE = 'b'
    CRIMSON = 1
    def hot(self): return self is Color.RED
print(Color.RED, repr(Color.GREEN), Color('b'), Color['RED'], list(Color), Color.CRIMSON is Color.RED, len(Color), Color.RED.name, Color.RED.value, Color.RED.hot(), Color.RED in Color, Color, type(Color.RED))
try: Color(7)
except ValueError as e: print(e)
try: Color['X']
except KeyError as e: print(repr(e))
try: Color.RED = 3
except AttributeError as e: print(e)
try: Color.RED < Color.GREEN
except TypeError as e: print(e)
try: Color.NOPE
except AttributeError as e: print(e)
class N(IntEnum):
    A = 1
    B = 2
print(N.A, repr(N.B), N.A + 1, N.A < N.B, N(2), f'{N.A}', f'{N.B:03d}', [10, 20, 30][N.A], N.A == 1, isinstance(N.A, int), '%d %s' % (N.A, N.B), sorted([N.B, N.A]), {1: 'x'}[N.A], max(N))
class Pm(Flag):
    R = auto(); W = auto(); X = auto()
    RW = R | W if False else 3
print(Pm.R | Pm.X, repr(Pm.R | Pm.X), Pm.R in (Pm.R | Pm.W), ~Pm.R, Pm(3), list(Pm), bool(Pm.R & Pm.W), repr(Pm(0)), list(Pm.RW), Pm.R ^ Pm.RW)
try: Pm(9)
except ValueError as e: print(e)
class IF(IntFlag):
    A = 1; B = 2
print(IF.A | IF.B, repr(IF.A | IF.B), IF.A | 8, repr(IF(8)), IF.A + 1)
class S(StrEnum):
    X = auto(); Y = 'why'
print(S.X, S.Y, S.X == 'x', repr(S.Y), S.X.upper())
class Planet(Enum):
    E = (1, 2); M = (3, 4)
    def __init__(self, a, b): self.a = a; self.b = b
    @property
    def tot(self): return self.a + self.b
print(Planet.E.tot, Planet.M.value, Planet((1, 2)), {Color.RED: 1}, hash(Color.RED) == hash('RED'))
try:
    @unique
    class U(Enum):
        A = 1; B = 1
except ValueError as e: print(e)
F = Enum('F', 'a b c'); print(list(F), F.a.value)
try:
    class X(Color): pass
except TypeError as e: print(e)
match Color.RED:
    case Color.GREEN: print('g')
    case Color.RED: print('r')
print(Color.__members__, [c.name for c in reversed(Color)], 1 in Color)
