# What __repr__ of a built-in type gives, called by name and by super().
import asyncio, threading, collections
class F(asyncio.Future):
    def __repr__(self): return "F" + super().__repr__()[:11]
class T(asyncio.Task):
    def __repr__(self): return "T" + super().__repr__()[:10]
class L(list):
    def __repr__(self): return "L" + super().__repr__()
class E(Exception):
    def __repr__(self): return "E" + super().__repr__()
class D(collections.OrderedDict):
    def __repr__(self): return "D" + super().__repr__()
class I(int):
    def __repr__(self): return "I" + super().__repr__()
class Th(threading.Thread):
    def __repr__(self): return "T" + super().__repr__()[:8]
class O:
    def __repr__(self): return "O" + super().__repr__()[:18]
async def co(): pass
async def main():
    print(F(), T(co()).__repr__())
asyncio.run(main())
print(L([1]), E(1), repr(E(1)), D(a=1), I(3), Th(), O())
async def main():
    loop = asyncio.get_running_loop()
    print(loop.call_soon(print).__repr__(), loop.create_future().__repr__(), loop.__repr__())
asyncio.run(main())
class L(list): pass
print(L([1]).__repr__())
class E(Exception): pass
print(E(1).__repr__(), super(E, E(2)).__repr__())
