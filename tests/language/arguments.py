# What is said of arguments that do not fit, and methods made by hand.
import types

class A:
    pass

def f(self, x):
    return type(self).__name__, x

a = A()
m = types.MethodType(f, a)
print(m(3), m.__self__ is a, m.__func__ is f)
a.g = types.MethodType(lambda self: "g", a)
print(a.g())
types.MethodType(print, "x")("y")

def tell(g):
    try:
        print(g())
    except Exception as e:
        print(type(e).__name__, e)

tell(lambda: types.MethodType(f))
tell(lambda: types.MethodType(3, a))
tell(lambda: types.MethodType(f, None))
tell(lambda: [*5])
tell(lambda: (1, *5))
tell(lambda: {*5})
tell(lambda: [*a])
tell(lambda: {**5})
tell(lambda: print(1, foo=2))
tell(lambda: print(1, end=3))
tell(lambda: sorted([1], foo=2))
tell(lambda: [].sort(foo=1))
tell(lambda: sum([1], begin=2))
tell(lambda: int("3", foo=2))
tell(lambda: max(1, foo=2))
tell(lambda: len([], x=1))
tell(lambda: [].append(x=1))
tell(lambda: int.__new__(str))
tell(lambda: int.__new__(3))
tell(lambda: int.__new__())
tell(lambda: list.__new__(tuple))
