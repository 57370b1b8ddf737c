# from module import *
from math import *
from collections import *
from itertools import *
from functools import reduce
from operator import *
from string import *
print(sqrt(16), pi, pow(2, 3), Counter("aab"), deque([1]), list(islice(count(), 3)), add(1, 2), digits)
def f():
    return gcd(12, 18), floor(2.5), OrderedDict(a=1)
print(f())
from threading import *
thread = Thread(target=lambda: print(current_thread().name), name="own")
thread.start()
thread.join()
from asyncio import *
async def main():
    return await gather(sleep(0.1, 1), sleep(0.2, 2))
print(run(main()))
print([name for name in ("_kernel", "_Record", "sqrt") if name in globals()])
from queue import *
from logging import *
from signal import *
print([name for name in ("heappop", "Monitor", "root", "time", "define", "IntEnum", "PriorityQueue", "getLogger", "SIGINT") if name in globals()])
