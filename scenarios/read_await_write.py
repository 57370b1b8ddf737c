# /// interleave
# title = "Read, await, write"
# summary = "One thread, and still a deposit is lost: the other task runs while this one awaits."
# chapter = "Races and locks"
# order = 230
# claims = ["C15"]
# runtimes = ["asyncio"]
# python = "3.12"
# twin = "read_await_write_lock"
# opening = "finding"
#
# [expect]
# output = "counter = 1\n"
# findings = ["lost-update"]
# ///
import asyncio
from workload import aquery

counter = 0

async def deposit():
    global counter
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
