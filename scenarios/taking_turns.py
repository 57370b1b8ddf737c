# /// interleave
# title = "Taking turns with await"
# summary = "Every await gives the turn away, so two coroutines print in strict alternation."
# chapter = "How switching works"
# order = 130
# claims = ["C09"]
# runtimes = ["asyncio"]
# python = "3.12"
# opening = 46
#
# [expect]
# opening = "Task-2 suspends at `await asyncio.sleep(0)` for one turn of the loop"
# output = """
# do_first block 1
# do_second block 1
# do_first block 2
# do_second block 2
# do_first block 3
# do_second block 3
# """
# findings = []
# ///
import asyncio

async def do_first():
    print("do_first block 1")
    await asyncio.sleep(0)
    print("do_first block 2")
    await asyncio.sleep(0)
    print("do_first block 3")

async def do_second():
    print("do_second block 1")
    await asyncio.sleep(0)
    print("do_second block 2")
    await asyncio.sleep(0)
    print("do_second block 3")

async def main():
    await asyncio.gather(do_first(), do_second())

asyncio.run(main())
