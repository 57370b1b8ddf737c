# /// interleave
# title = "A blocking call stalls the loop"
# summary = "While one coroutine blocks in a query, the event loop stands still and the heartbeat stops."
# chapter = "Starvation, blocking, cancelling"
# order = 310
# claims = ["C23"]
# runtimes = ["asyncio"]
# python = "3.12"
# opening = "finding"
#
# [expect]
# output = """
# beat after 0.1 s
# beat after 0.1 s
# 42 rows
# beat after 0.5 s
# beat after 0.1 s
# beat after 0.1 s
# beat after 0.1 s
# """
# findings = ["blocking-call"]
# ///
import asyncio
import time
from workload import query

async def heartbeat():
    for _ in range(6):
        last = time.monotonic()
        await asyncio.sleep(0.1)
        took = time.monotonic() - last
        print(f"beat after {took:.1f} s")

async def report():
    await asyncio.sleep(0.25)
    query("SELECT * FROM sales", 0.45)
    print("42 rows")

async def main():
    pulse = asyncio.create_task(heartbeat(), name="pulse")
    work = asyncio.create_task(report(), name="report")
    await pulse
    await work

asyncio.run(main())
