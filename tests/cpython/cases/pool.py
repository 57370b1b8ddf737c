import asyncio, threading, time
from concurrent.futures import ThreadPoolExecutor, as_completed, wait, FIRST_COMPLETED, FIRST_EXCEPTION

def job(n, delay):
    time.sleep(delay)
    if n == 3:
        raise ValueError(n)
    return n, threading.current_thread().name.rstrip("01")

with ThreadPoolExecutor(2) as pool:
    print(pool.submit(job, 1, 0.02).result())
    time.sleep(0.01)
    fs = [pool.submit(job, n, 0.03 * n) for n in range(5)]
    for f in as_completed(fs):
        print(f.exception() or f.result())
    print(list(pool.map(lambda n: n * n, range(5))))
    fs = [pool.submit(job, n, 0.05 * (n + 1)) for n in (0, 1, 3)]
    d, p = wait(fs, return_when=FIRST_COMPLETED)
    print(len(d), len(p))
    d, p = wait(fs, return_when=FIRST_EXCEPTION)
    print(len(d), len(p))
    try:
        pool.submit(job, 1, 0.1).result(0.03)
    except TimeoutError as e:
        print("timeout", repr(e))
    f = [pool.submit(time.sleep, 0.05) for _ in range(3)][2]
    print(f.cancel(), f.cancelled(), f.done())
    try:
        f.result()
    except BaseException as e:
        print(type(e).__qualname__, type(e).__module__, e.args)
    f = pool.submit(job, 9, 0)
    f.add_done_callback(lambda f: print("callback", f.result()[0]))
    time.sleep(0.1)
try:
    pool.submit(print)
except RuntimeError as e:
    print(e)
with ThreadPoolExecutor(3, thread_name_prefix="w") as pool:
    try:
        for x in pool.map(lambda d: time.sleep(d) or d, [0.01, 0.2], timeout=0.08):
            print(x)
    except TimeoutError:
        print("map timeout")
print([t.name for t in threading.enumerate()])

async def main():
    r = await asyncio.gather(asyncio.to_thread(job, 1, 0.05), asyncio.to_thread(job, 2, 0.02), asyncio.sleep(0.01, "s"))
    print(r)
    try:
        await asyncio.to_thread(job, 3, 0)
    except ValueError as e:
        print(repr(e))
    try:
        async with asyncio.timeout(0.03):
            await asyncio.to_thread(time.sleep, 0.1)
    except TimeoutError:
        print("timed out")
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(1) as p:
        print(await loop.run_in_executor(p, job, 5, 0.01))
    def from_thread():
        f = asyncio.run_coroutine_threadsafe(asyncio.sleep(0.02, "slept"), loop)
        print(f.result())
        f = asyncio.run_coroutine_threadsafe(asyncio.sleep(1, "slept"), loop)
        time.sleep(0.02)
        print(f.cancel())
        loop.call_soon_threadsafe(print, "soon")
    await asyncio.to_thread(from_thread)
    await asyncio.sleep(0.01)
    print(sorted(t.name for t in threading.enumerate()))

asyncio.run(main())
print([t.name for t in threading.enumerate()])
t = threading.Thread(target=print, args=("x",))
print(t.name)
