# /// interleave
# title = "A pool of two, with asyncio"
# summary = "No thread, no switch that nobody sees, and the same deadlock: each task waits for what the others hold."
# chapter = "Races and locks"
# order = 255
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

pool = asyncio.Semaphore(2)

async def audit():
    async with pool:
        await asyncio.sleep(0.1)

async def handle(name):
    async with pool:
        await asyncio.sleep(0.1)
        await audit()
        print(name, "is served")

async def main():
    await asyncio.gather(handle("A"), handle("B"))

asyncio.run(main())
