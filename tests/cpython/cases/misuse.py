import asyncio

def tell(f, *args):
    try:
        r = f(*args)
        if asyncio.iscoroutine(r): r.close()
        print("fine")
    except BaseException as e:
        print(_describe(e))

async def nothing(): return 1

class Awaitable:
    def __await__(self):
        yield from asyncio.sleep(0).__await__()
        return "awaited"

async def main():
    loop = asyncio.get_running_loop()
    async def check(c):
        try: print(await c)
        except BaseException as e: print(_describe(e))
    await check(asyncio.wait([]))
    await check(asyncio.wait([nothing()]))
    c = nothing()
    await check(asyncio.wait(c)); c.close()
    await check(asyncio.wait([asyncio.sleep(0)], return_when=5))
    await check(asyncio.wait_for(3, 1))
    await check(asyncio.wait_for(Awaitable(), 1))
    await check(asyncio.wait_for(Awaitable(), 0))
    await check(asyncio.wait_for(Awaitable(), None))
    await check(asyncio.gather(Awaitable(), 3) if False else Awaitable())
    tell(asyncio.ensure_future, 3)
    tell(asyncio.shield, "x")
    tell(asyncio.gather, 5)
    tell(asyncio.create_task, 5)
    tell(asyncio.run, nothing())
    tell(asyncio.Runner().run, 3)
    tell(asyncio.Runner().run, nothing())
    tell(loop.run_until_complete, nothing())
    tell(loop.close)
    tell(loop.call_later, None, print)
    tell(loop.call_at, None, print)
    tell(lambda: list(asyncio.as_completed(nothing())))
    tell(asyncio.Lock().release)
    tell(asyncio.Semaphore, -1)
    tell(asyncio.BoundedSemaphore(1).release)
    tell(asyncio.Barrier, 0)
    tell(asyncio.Queue().get_nowait)
    tell(asyncio.Queue().task_done)
    q = asyncio.Queue(1); q.put_nowait(1); tell(q.put_nowait, 2)
    await check(asyncio.Condition().wait())
    tell(asyncio.Condition().notify); tell(asyncio.Condition().notify_all)
    t = asyncio.timeout(1); tell(t.reschedule, 3)
    async with t: pass
    tell(t.reschedule, 3)
    async def again():
        async with t: pass
    await check(again())
    g = asyncio.TaskGroup(); tell(g.create_task, nothing())
    async with g: pass
    tell(g.create_task, nothing())
    async def regroup():
        async with g: pass
    await check(regroup())
    async def aborted():
        async with asyncio.TaskGroup() as g:
            g.create_task(asyncio.sleep(1))
            try:
                t = g.create_task(fail())
                await asyncio.sleep(0.1)
            except asyncio.CancelledError:
                print(repr(g))
                tell(g.create_task, nothing())
                raise
    async def fail(): raise KeyError("fail")
    await check(aborted())
    f = loop.create_future()
    tell(f.result); tell(f.exception); f.set_result(1); tell(f.set_result, 2); tell(f.set_exception, ValueError()); print(f.cancel(), f.result())
    f = loop.create_future(); tell(f.set_exception, StopIteration); tell(f.set_exception, 5); f.cancel("m"); tell(f.result); tell(f.exception)
    task = asyncio.current_task(); tell(task.set_result, 1); tell(task.set_exception, ValueError())
    class Loopless: pass
    other = asyncio.new_event_loop()
    tell(lambda: asyncio.ensure_future(loop.create_future(), loop=other))
    async def foreign(): await other.create_future()
    try: await foreign()
    except RuntimeError as e: print("attached to a different loop" in str(e))
    l = asyncio.Lock(); await l.acquire()
    w = asyncio.create_task(l.acquire()); await asyncio.sleep(0)
    other.close(); tell(other.call_soon, print)
    c = nothing()
    tell(other.create_task, c); c.close()
    print(repr(l).split("object")[0], repr(l).split("[")[1]); l.release()
    await w
    for x in (asyncio.Event(), asyncio.Semaphore(0), asyncio.Semaphore(2), asyncio.Condition(), asyncio.Barrier(3), asyncio.BoundedSemaphore()):
        print(repr(x).split("object")[0], repr(x).split("[")[1])
    print(asyncio.Queue(3), asyncio.timeout(None), repr(asyncio.TaskGroup()))
    q = asyncio.Queue(1); q.put_nowait("a"); p = asyncio.create_task(q.put("b")); await asyncio.sleep(0); print(q); q.get_nowait(); await p; print(q)
    async with asyncio.timeout(5) as t: print(t)
    async with asyncio.timeout(None) as t: print(t, t.when())
    print(asyncio.iscoroutinefunction(main), asyncio.iscoroutinefunction(tell), asyncio.isfuture(task), asyncio.isfuture(3))
    print(task.get_name(), asyncio.current_task() is task, len(asyncio.all_tasks()))
    tell(asyncio.get_running_loop().set_exception_handler, 5)

asyncio.run(main())
tell(asyncio.get_running_loop)
tell(asyncio.current_task)
tell(asyncio.create_task, c := nothing()); c.close()
tell(asyncio.get_event_loop)
tell(asyncio.run, 5)
tell(asyncio.timeout, 3)
