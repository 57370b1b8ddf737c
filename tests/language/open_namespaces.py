# Names of the program's own, asked of objects of the library: they are really missing.
import threading, types, functools, asyncio, sys
l = threading.local()
print(hasattr(l, "_conn"), getattr(l, "_x", 3))
class L(threading.local): pass
print(hasattr(L(), "_conn"))
n = types.SimpleNamespace(a=1)
print(hasattr(n, "_b"))
print(getattr(functools.partial(print), "_mark", 1))
print(getattr(sys.implementation, "_build", "none"))
t = threading.Thread()
print(getattr(t, "_mine", None))
async def main():
    print(getattr(asyncio.current_task(), "_mine", None))
asyncio.run(main())
