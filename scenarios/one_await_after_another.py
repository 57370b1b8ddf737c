# /// interleave
# title = "One await after another"
# summary = "An await starts nothing in parallel: two in a row take the sum, gather takes the longer one."
# chapter = "How switching works"
# order = 120
# claims = ["C06"]
# runtimes = ["asyncio"]
# python = "3.12"
# opening = 83
#
# [expect]
# opening = "Task-1 prints `together: 2 s`"
# output = """
# in a row: 3 s
# together: 2 s
# """
# findings = []
# time = "5s"
# ///
import asyncio
import time
from workload import adownload

async def main():
    start = time.monotonic()
    await adownload("news", 2)
    await adownload("mail", 1)
    took = time.monotonic() - start
    print(f"in a row: {took:.0f} s")

    start = time.monotonic()
    await asyncio.gather(
        adownload("news", 2),
        adownload("mail", 1))
    took = time.monotonic() - start
    print(f"together: {took:.0f} s")

asyncio.run(main())
