import types


@types.coroutine
def give(*values):
    for value in values:
        yield value
    return "end"


async def c():
    return await give(1, 2)


def attempt(f):
    try:
        print(f())
    except BaseException as e:
        print(type(e).__name__, e)


def drive(coroutine):
    out = []
    try:
        while True:
            out.append(coroutine.send(None))
    except StopIteration as e:
        return out, e.value


class Of:
    def __init__(self, value):
        self.value = value

    def __await__(self):
        return self.value


async def waits(value):
    return await value


w = c().__await__()
print(type(w).__name__, next(w), next(w), iter(w) is w)
attempt(lambda: next(w))
attempt(lambda: list(c().__await__()))
for value in (None, 5, [1], iter([1, 2]), c().__await__()):
    attempt(lambda: drive(waits(Of(value))))
x = c()
attempt(lambda: drive(x))
attempt(lambda: x.send(None))
attempt(lambda: x.throw(ValueError("q")))
attempt(x.close)


async def ignores():
    try:
        await give(1)
    except GeneratorExit:
        await give(2)


x = ignores()
x.send(None)
attempt(x.close)
x = c()
print(hasattr(x, "__iter__"), hasattr(x, "__next__"), hasattr(x, "__await__"), hasattr(w, "__await__"))
x.close()


class Asked:
    kind = 1

    def __getattribute__(self, name):
        if name == "none":
            raise AttributeError(name)
        print("get", name)
        return object.__getattribute__(self, name)

    def __getattr__(self, name):
        return "else " + name

    def __setattr__(self, name, value):
        print("set", name)
        super().__setattr__(name, value)

    def __delattr__(self, name):
        object.__delattr__(self, name)

    @property
    def twice(self):
        return self.value * 2

    @twice.setter
    def twice(self, value):
        self.value = value / 2

    @twice.deleter
    def twice(self):
        del self.value


a = Asked()
a.twice = 6
print(a.kind, a.value, a.twice, a.none, a.other)
del a.twice
print(hasattr(a, "value"), a.value)
