# /// interleave
# title = "Read, await, write, with a lock"
# summary = "An asyncio.Lock held across the await keeps the other task out, and makes it wait."
# chapter = "Races and locks"
# order = 240
# claims = ["C16"]
# runtimes = ["asyncio"]
# python = "3.12"
# opening = 43
#
# [expect]
# opening = "B suspends at `async with lock:` until A releases lock"
# output = "counter = 2\n"
# findings = []
# ///
import asyncio
from workload import aquery

counter = 0
lock = asyncio.Lock()

async def deposit():
    global counter
    async with lock:
        value = counter
        await aquery("INSERT INTO log ...", 0.1)
        counter = value + 1

async def main():
    a = asyncio.create_task(deposit(), name="A")
    b = asyncio.create_task(deposit(), name="B")
    await a
    await b
    print("counter =", counter)

asyncio.run(main())
