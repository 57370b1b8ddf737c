# What a traceback suggests when a name is nearly another one.
import traceback
class A:
    def __init__(self):
        self.value = 1
    def method(self):
        return valu
    def other(self):
        return value
    def go(self):
        return self.valeu
    def colour(self): pass
counter = 0
def run(f):
    try:
        f()
    except Exception as e:
        print(traceback.format_exc().splitlines()[-1])
        print(getattr(e, "name", "-"), type(getattr(e, "obj", None)).__name__)
def local():
    first = 1
    return frist
def builtin():
    return pritn(1)
def free():
    if 0:
        yy = 1
    def inner():
        return yy
    return inner()
def unbound():
    print(xx)
    xx = 1
for f in [A().method, A().other, A().go, local, builtin, free, unbound, lambda: counterr, lambda: Counter, lambda: [].apend(1), lambda: "a".uper(), lambda: A().color, lambda: zzzzzz, lambda: x, lambda: (1).nope, lambda: A.methd]:
    run(f)
