import asyncio, os, time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, wait, FIRST_COMPLETED
import multiprocessing as mp
def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)
def setup(x):
    global base
    base = x
def use(y): return base + y
async def main():
    loop = asyncio.get_running_loop()
    with ProcessPoolExecutor(2, initializer=setup, initargs=(100,)) as pool:
        print(await asyncio.gather(*[loop.run_in_executor(pool, fib, n) for n in (5, 7, 9)]))
        print(await loop.run_in_executor(pool, use, 5))
    with ProcessPoolExecutor(2, mp_context=mp.get_context("spawn")) as pool:
        print(await loop.run_in_executor(pool, fib, 6))
def child():
    async def inner():
        await asyncio.sleep(0.01)
        return "inner"
    print(asyncio.run(inner()))
if __name__ == "__main__":
    asyncio.run(main())
    p = mp.Process(target=child); p.start(); p.join(); print(p.exitcode)
    ex = ProcessPoolExecutor(2)
    fs = [ex.submit(time.sleep, 0.05), ex.submit(fib, 3)]
    done, rest = wait(fs, return_when=FIRST_COMPLETED)
    print(len(done), len(rest), fs[1].result())
    ex.shutdown()
    try: ex.submit(fib, 1)
    except RuntimeError as e: print(e)
    for bad in (0, -1):
        try: ProcessPoolExecutor(bad)
        except ValueError as e: print(e)
