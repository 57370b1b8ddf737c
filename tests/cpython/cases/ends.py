import asyncio

async def quiet(n):
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError:
        print("cancelled", n, asyncio.current_task().get_name())
        if n == 1: raise ValueError(n)
        if n == 2:
            await asyncio.sleep(1); print("late", n)
        raise
    finally:
        print("finally", n)

async def gen():
    try:
        while True:
            await asyncio.sleep(0.1); yield 1
    finally:
        print("gen closed", asyncio.current_task() is not None)

async def main():
    tasks = [asyncio.create_task(quiet(n)) for n in range(3)]
    asyncio.get_running_loop().call_soon(print, "soon")
    asyncio.get_running_loop().call_later(0.05, print, "never?")
    g = gen()
    async for x in g:
        break
    main.keep = g
    return "main"

print(asyncio.run(main()))
async def fails():
    asyncio.create_task(quiet(0), name="named"); await asyncio.sleep(0)
    raise KeyError("x")
try: asyncio.run(fails())
except KeyError as e: print(repr(e))

async def selfcancel():
    asyncio.current_task().cancel("stop"); await asyncio.sleep(0)
try: asyncio.run(selfcancel())
except asyncio.CancelledError as e: print(repr(e), e.args)
async def exits(): raise SystemExit(3)
try: asyncio.run(exits())
except SystemExit as e: print(repr(e))
async def exits_in_task():
    asyncio.create_task(exits()); await asyncio.sleep(1); print("not reached")
try: asyncio.run(exits_in_task())
except SystemExit as e: print(repr(e))
async def interrupt_group():
    async with asyncio.TaskGroup() as g:
        g.create_task(quiet(0)); g.create_task(exits()); 
        g.create_task(quiet(2))
try: asyncio.run(interrupt_group())
except BaseException as e: print(repr(e))

with asyncio.Runner() as runner:
    print(runner.run(asyncio.sleep(0.1, "one")))
    async def name(): return asyncio.current_task().get_name().split("-")[0]
    print(runner.run(name()), runner.get_loop() is runner.get_loop())
try: runner.run(name.__call__())
except RuntimeError as e: print(e)
loop = asyncio.new_event_loop()
print(loop.run_until_complete(asyncio.sleep(0, 5)), loop.is_running(), loop.is_closed())
f = loop.create_future(); loop.call_later(0.2, f.set_result, "done"); print(loop.run_until_complete(f), round(loop.time(), 3))
async def stops(): loop.stop(); await asyncio.sleep(1)
try: loop.run_until_complete(stops())
except RuntimeError as e: print(e)
def bad(): raise ZeroDivisionError("in callback")
loop.call_soon(bad); loop.call_soon(loop.stop); loop.run_forever()
loop.set_exception_handler(lambda l, c: print("handler", sorted(c), repr(c.get("exception"))))
loop.call_soon(bad); loop.call_soon(loop.stop); loop.run_forever()
def handler(l, c): raise KeyError("handler")
loop.set_exception_handler(handler); loop.call_soon(bad); loop.call_soon(loop.stop); loop.run_forever(); print(loop.get_exception_handler() is handler)
h = loop.call_later(1, print); print(h.when() > 0, h.cancelled(), h.cancel(), h.cancelled())
async def names():
    async def n(): return asyncio.current_task().get_name()
    a = asyncio.create_task(n(), name="a"); b = asyncio.create_task(n())
    async with asyncio.TaskGroup() as g: c = g.create_task(n(), name="c"); d = g.create_task(n())
    print(await a, c.result(), int((await b)[5:]) - int(asyncio.current_task().get_name()[5:]), int(d.result()[5:]) - int((await b)[5:]))
loop.run_until_complete(names())
def factory(loop, coro, **kw):
    print("factory", sorted(kw)); return asyncio.Task(coro, loop=loop, **kw)
loop.set_task_factory(factory)
async def made():
    t = asyncio.create_task(asyncio.sleep(0, 1), name="made"); print(t.get_name()); u = asyncio.create_task(asyncio.sleep(0)); await asyncio.gather(t, u); print(u.get_name() == "None")
loop.run_until_complete(made())
loop.run_until_complete(loop.shutdown_asyncgens()); loop.close()
