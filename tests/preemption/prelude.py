import itertools
from threading import Lock


class Box(object):
    def __init__(self):
        self.x = 0

    @property
    def v(self):
        return self.x

    @v.setter
    def v(self, value):
        self.x = value

    def __getitem__(self, key):
        return self.x

    def __setitem__(self, key, value):
        self.x = value

    def __getattr__(self, name):
        return self.x

    def __add__(self, other):
        return 0

    def __lt__(self, other):
        return False

    def method(self):
        return 0


class Empty(object):
    pass


class Filled(object):
    def __init__(self):
        self.y = 1


class Manager(object):
    def __enter__(self):
        return self

    def __exit__(self, *details):
        return False


def f(x):
    return x + 1


def g():
    return 1


def k(a, b):
    return 1


def count():
    while True:
        yield 1


c = 0
d = {'k': 0}
items = [0]
pair = (1, 2)
lst = []
bin = []
empty = {}
o = Box()
e = ValueError()
lock = Lock()
manager = Manager()
numbers = itertools.count()
