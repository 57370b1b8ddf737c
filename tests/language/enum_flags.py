# Flags made of other flags in the class's body.
from enum import *
class W(Flag):
    MON = auto()
    TUE = auto()
    WED = auto()
    BOTH = MON | TUE
    ALL = BOTH | WED
    NOT = ALL & ~MON
    X = ALL ^ TUE
    Y = 8 | WED
print(list(W), W.ALL, W.BOTH, repr(W.NOT), repr(W.X), repr(W.Y), W(3))
class I(IntFlag):
    A = auto()
    B = auto()
    C = A + B
print(list(I), repr(I.C), I.A | I.B is I.C)
class E(Flag, boundary=EJECT):
    A = 1
    B = 2
print(E(1|2), repr(E(20)), type(E(20)))
class S(StrEnum):
    A = auto()
    B = auto()
print(list(S))
class C(Enum):
    A = auto()
    B = A
    D = auto()
print(list(C), C.B)
