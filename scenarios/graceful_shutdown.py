# /// interleave
# title = "Graceful shutdown"
# summary = "A signal arrives: what waits is cancelled, what runs is finished, and no order is lost."
# chapter = "Starvation, blocking, cancelling"
# order = 370
# claims = ["C27"]
# runtimes = ["asyncio"]
# python = "3.12"
# signals = "SIGTERM 1.8"
# opening = 117
#
# [expect]
# opening = "SIGTERM arrives"
# output = """
# anna packs order 1
# bert packs order 2
# SIGTERM: no new orders
# anna sends order 1
# anna packs order 3
# bert sends order 2
# anna sends order 3
# nothing is lost
# """
# findings = []
# ///
import asyncio, signal

async def customers(orders):
    for number in range(1, 100):
        await asyncio.sleep(0.5)
        orders.put_nowait(number)

async def worker(name, orders):
    while True:
        order = await orders.get()
        print(name, "packs order", order)
        await asyncio.sleep(2)
        print(name, "sends order", order)
        orders.task_done()

async def main():
    stop, orders = asyncio.Event(), asyncio.Queue()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    start = asyncio.create_task
    incoming = start(customers(orders), name="customers")
    for name in ("anna", "bert"):
        start(worker(name, orders), name=name)
    await stop.wait()
    print("SIGTERM: no new orders")
    incoming.cancel()
    await orders.join()
    print("nothing is lost")

asyncio.run(main())
