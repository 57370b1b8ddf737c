# /// interleave
# title = "Graceful shutdown"
# summary = "A signal arrives: what waits is cancelled, what runs is finished, and no order is lost."
# chapter = "Starvation, blocking, cancelling"
# order = 370
# claims = ["C27"]
# runtimes = ["asyncio"]
# python = "3.12"
# signals = "SIGTERM 1.5"
# opening = 138
#
# [expect]
# opening = "SIGTERM arrives"
# output = """
# anna packs order 1
# bert packs order 2
# anna sends order 1
# anna packs order 3
# SIGTERM: no new orders
# bert sends order 2
# anna sends order 3
# nothing is lost
# """
# findings = []
# ///
import asyncio
import signal

async def customers(orders):
    number = 0
    while True:
        await asyncio.sleep(0.4)
        number += 1
        orders.put_nowait(number)

async def worker(name, orders):
    while True:
        order = await orders.get()
        print(name, "packs order", order)
        await asyncio.sleep(1)
        print(name, "sends order", order)
        orders.task_done()

async def main():
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    orders = asyncio.Queue()
    async with asyncio.TaskGroup() as group:
        incoming = group.create_task(customers(orders), name="customers")
        workers = [
            group.create_task(worker(name, orders), name=name)
            for name in ("anna", "bert")
        ]
        await stop.wait()
        print("SIGTERM: no new orders")
        incoming.cancel()
        await orders.join()
        for each in workers:
            each.cancel()
    print("nothing is lost")

asyncio.run(main())
