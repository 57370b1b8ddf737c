# /// interleave
# title = "A thread for the blocking call"
# summary = "asyncio.to_thread moves the same query to a thread, and the heartbeat goes on."
# chapter = "Starvation, blocking, cancelling"
# order = 320
# claims = ["C23"]
# runtimes = ["asyncio"]
# python = "3.12"
# opening = 125
#
# [expect]
# opening = "pulse prints `beat after 0.1 s`"
# output = """
# beat after 0.1 s
# beat after 0.1 s
# beat after 0.1 s
# beat after 0.1 s
# beat after 0.1 s
# beat after 0.1 s
# 42 rows
# """
# findings = []
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
    sql = "SELECT * FROM sales"
    await asyncio.to_thread(query, sql, 0.45)
    print("42 rows")

async def main():
    pulse = asyncio.create_task(heartbeat(), name="pulse")
    work = asyncio.create_task(report(), name="report")
    await pulse
    await work

asyncio.run(main())
