# Special methods however they are declared, names told to their owners, natives and what they are called on.
import sys


class Declared:
    @staticmethod
    def __sub__(other):
        return "static", other

    @classmethod
    def __add__(cls, other):
        return cls.__name__, other

    @staticmethod
    def __getitem__(key):
        return "item", key

    @staticmethod
    def __setitem__(key, value):
        print("set", key, value)

    @staticmethod
    def __delitem__(key):
        print("del", key)

    @staticmethod
    def __len__():
        return 3

    @staticmethod
    def __iter__():
        return iter("xy")

    @staticmethod
    def __call__(*args):
        return args

    @staticmethod
    def __enter__():
        return "entered"

    @staticmethod
    def __exit__(*args):
        print("left", len(args))


d = Declared()
print(d - 1, d + 2, d[3], len(d), bool(d), list(d), d(1, 2))
d[4] = 5
del d[6]
with d as entered:
    print(entered)


class Shouts:
    __repr__ = lambda self: "shout"
    __len__ = int
    __call__ = print
    __contains__ = [1, 2].__contains__


print(Shouts(), len(Shouts()), 2 in Shouts())
Shouts()("called")


class Named:
    def __init__(self, then):
        self.then = then

    def __set_name__(self, owner, name):
        self.then(owner, name)


class Owner:
    a = Named(lambda owner, name: setattr(owner, "b", 1))
    b = Named(lambda owner, name: setattr(owner, "a", 2))
    c = Named(lambda owner, name: delattr(owner, name))


print(Owner.a, Owner.b, hasattr(Owner, "c"))
try:

    class Bad:
        d = Named(lambda owner, name: 1 / 0)
except ZeroDivisionError as e:
    print(repr(e), e.__notes__)

for call in (
    lambda: list.append(),
    lambda: list.append(1),
    lambda: list.append(1, 2),
    lambda: list.append([], 2),
    lambda: str.upper(5),
    lambda: int.__add__("a", 1),
    lambda: int.__add__(),
    lambda: dict.get([], 1),
    lambda: list.append(d, 1),
    lambda: bool.__add__(True, 1),
    lambda: int.__add__(True, 1),
):
    try:
        print(call())
    except TypeError as e:
        print(e)


class Iter:
    def __iter__(self):
        return self

    def __next__(self):
        return 1

    def throw(self, *args):
        print("throw", args)
        if len(args) > 1:
            raise StopIteration("over")
        return 456


def gen(of):
    print((yield from of))
    yield "after"


for thrown in (123,), (ZeroDivisionError,), (ValueError, "x"):
    g = gen(Iter())
    print(next(g), g.throw(*thrown))
g = gen(gen(Iter()))
print(next(g), g.throw(KeyError("deep")))
g.close()


def stops(x):
    if x < 2:
        return x
    raise StopIteration("value")


print(list(gen(map(stops, range(9)))), list(map(stops, range(9))), list(gen([5])))


class Other(BaseException):
    def __new__(cls, *args):
        return 1


try:
    raise Other
except TypeError as e:
    print(e)
try:
    gen([]).throw(Other)
except TypeError as e:
    print(e)

one = 1


def scopes(a, *b, c=3, **d):
    x = 1
    inner = lambda: (a, x)
    del c
    return sorted(locals()), dir(), inner()


print(scopes(1, 2, e=5))
globals()["two"] = one + 1
print(two, "three" in globals(), globals()["one"], globals().get("four", 4), type(globals()).__name__)
globals().update(five=5)
print(five, "five" in globals())
del globals()["five"]
print("five" in globals())


class Plain:
    z = 1

    def m(self):
        self.y = 2


p = Plain()
p.m()
print(dir(p))
print(dir(Plain))
print(p.__doc__, scopes.__doc__, Plain.__doc__, p.m.__call__ is not None)
print(type("Made", (), {"q": 1}).q, sys.intern("a"), sys.implementation.name)
