# /// interleave
# title = "Two locks in opposite order, under asyncio"
# summary = "Tasks deadlock like threads: each holds the lock that the other one awaits."
# chapter = "Races and locks"
# order = 260
# claims = ["C19"]
# runtimes = ["asyncio"]
# python = "3.12"
# opening = "finding"
#
# [expect]
# output = ""
# end = "deadlock"
# findings = ["deadlock"]
# ///
import asyncio
from workload import aquery

alice = asyncio.Lock()
bob = asyncio.Lock()

async def transfer(source, target):
    async with source:
        await aquery("SELECT balance", 0.1)
        async with target:
            print("transferred")

async def main():
    a = asyncio.create_task(transfer(alice, bob), name="A")
    b = asyncio.create_task(transfer(bob, alice), name="B")
    await a
    await b
    print("both transferred")

asyncio.run(main())
