# /// interleave
# title = "Two tasks at once with gather"
# summary = "Two waits overlap: the slower one started first and finishes last, after 2 seconds in all."
# chapter = "How switching works"
# order = 150
# claims = ["C11"]
# runtimes = ["asyncio"]
# python = "3.12"
# opening = 63
#
# [expect]
# opening = "Task-2 prints `finish 1`"
# output = """
# start 1
# start 2
# finish 2
# finish 1
# """
# findings = []
# time = "2s"
# ///
import asyncio

async def task1():
    print("start 1")
    await asyncio.sleep(2)
    print("finish 1")

async def task2():
    print("start 2")
    await asyncio.sleep(1)
    print("finish 2")

async def main():
    await asyncio.gather(task1(), task2())

asyncio.run(main())
