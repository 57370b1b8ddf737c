# What is finalized when the interpreter ends, and in which order.
class B:
    def __init__(self, n): self.n = n
    def __del__(self): print("del B", self.n)
a = B("a")
l = [B(1), B(2)]
c = B("c")
t = (B(3), B(4))
d = {"x": B(5), "y": B(6)}
class H: pass
h = H()
h.p = B(7)
h.q = B(8)
e = B("e")
k = [B(i) for i in range(10, 13)]
def gen():
    g = B("local")
    try:
        yield
    finally:
        print("closed")
g = gen(); next(g)
def gen2():
    g = B("local2")
    yield
g2 = gen2(); next(g2)
z = B("z")
B(100)
x = B("self"); x.me = x; del x
x = B("first"); x.other = B("second"); x.other.other = x; del x
def f():
    v = B("v")
    def inner(): return v
    return inner
inner = f()
print("end")
