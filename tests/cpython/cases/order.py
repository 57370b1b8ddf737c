import asyncio

async def block(name):
    for i in range(3):
        print(name, i); await asyncio.sleep(0)

async def step(name, t):
    print("start", name); await asyncio.sleep(t); print("finish", name); return name

async def main():
    await asyncio.gather(block("first"), block("second"))
    print(await asyncio.gather(step("a", 2), step("b", 1)))
    lock = asyncio.Lock()
    async def locked(n):
        async with lock:
            print("got", n); await asyncio.sleep(0.1)
    ts = [asyncio.create_task(locked(n)) for n in range(4)]
    await asyncio.sleep(0.05); ts[1].cancel(); await asyncio.gather(*ts, return_exceptions=True)
    e = asyncio.Event()
    async def setter():
        await asyncio.sleep(0.1); e.set(); print("set"); e.clear()
    async def waiter(n):
        await e.wait(); print("woke", n, e.is_set())
    await asyncio.gather(waiter(1), setter(), waiter(2))
    q = asyncio.Queue(2)
    async def produce():
        for i in range(5): await q.put(i); print("put", i)
    async def consume(n):
        while True:
            i = await q.get(); print("got", n, i); await asyncio.sleep(0.01 * (n + 1)); q.task_done()
    cs = [asyncio.create_task(consume(n)) for n in range(2)]
    await produce(); await q.join(); [c.cancel() for c in cs]
    print(await asyncio.gather(*cs, return_exceptions=True))
    b = asyncio.Barrier(3)
    async def party(n):
        async with b as i: print("barrier", n, i)
        try: print(await b.wait())
        except asyncio.BrokenBarrierError as x: print(n, x)
    ps = [asyncio.create_task(party(n)) for n in range(3)]
    await asyncio.gather(*ps); print(b.n_waiting, b.broken)
    ps = [asyncio.create_task(party(n)) for n in range(2)]; await asyncio.sleep(0); print(b.n_waiting); await b.abort(); await asyncio.gather(*ps, return_exceptions=True); print(b)if 0 else None
    s = asyncio.Semaphore(2)
    async def limited(n):
        async with s: print("in", n, s.locked()); await asyncio.sleep(0.1)
    await asyncio.gather(*[limited(n) for n in range(5)])
    c = asyncio.Condition(); ready = []
    async def wants(n):
        async with c:
            await c.wait_for(lambda: len(ready) > n); print("has", n)
    ws = [asyncio.create_task(wants(n)) for n in range(3)]
    for n in range(3):
        await asyncio.sleep(0.01)
        async with c: ready.append(n); c.notify_all()
    await asyncio.gather(*ws)
    done, pending = await asyncio.wait([asyncio.create_task(step(n, n / 10)) for n in (3, 1, 2)], return_when=asyncio.FIRST_COMPLETED)
    print([t.result() for t in done], len(pending))
    for f in asyncio.as_completed([step("x", 0.3), step("y", 0.1)]): print(await f)
    try: await asyncio.wait_for(asyncio.shield(t := asyncio.create_task(step("shielded", 0.5))), 0.1)
    except TimeoutError as x: print(repr(x), repr(x.__cause__))
    print(await t)
    try:
        async with asyncio.timeout(0.1) as limit:
            try: await asyncio.sleep(1)
            finally: print("cleanup", limit.expired())
    except TimeoutError: print(limit)
    async def child(n):
        try: await asyncio.sleep(n); print("child", n)
        except asyncio.CancelledError: print("cancelled", n); raise
        if n == 2: raise ValueError(n)
    try:
        async with asyncio.TaskGroup() as g:
            for n in (1, 2, 3): g.create_task(child(n))
    except* ValueError as x: print(x.exceptions)
    h = asyncio.get_running_loop()
    for d in (0.2, 0.1, 0.1, 0, 0): h.call_later(d, print, "later", d)
    h.call_soon(print, "soon"); h.call_at(h.time(), print, "at"); await asyncio.sleep(0); print("turn"); await asyncio.sleep(0.3)
    t = asyncio.create_task(child(9)); await asyncio.sleep(0); t.cancel("why"); t.cancel("again")
    try: await t
    except asyncio.CancelledError as x: print(x.args, t.cancelling())
    f = h.create_future(); f.add_done_callback(lambda f: print("callback", f.result())); f.set_result(3); print("before"); await f; print("after"); await asyncio.sleep(0)
    print(f.remove_done_callback(print), f.done())
asyncio.run(main())
