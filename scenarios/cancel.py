# /// interleave
# title = "Cancelled, and cleaned up"
# summary = "A task can be cancelled where it awaits, and its finally block still runs."
# chapter = "Starvation, blocking, cancelling"
# order = 330
# claims = ["C24"]
# runtimes = ["asyncio"]
# python = "3.12"
# opening = 49
#
# [expect]
# opening = "fetch prints disconnected"
# output = """
# connected
# disconnected
# cancelled
# """
# findings = []
# time = "1s"
# ///
import asyncio
from workload import adownload

async def fetch():
    print("connected")
    try:
        await adownload("film", 10)
        print("saved")
    finally:
        print("disconnected")

async def main():
    task = asyncio.create_task(fetch(), name="fetch")
    await asyncio.sleep(1)
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        print("cancelled")

asyncio.run(main())
