import asyncio, threading, time
from workload import compute, native, download, query, adownload, aquery
compute(0.01); native(0.01)
print(download("a", 0.01), query("select 1", 0.01))
async def main():
    print(await asyncio.gather(adownload("b", 0.02), aquery("c", 0.01), adownload("d", 0)))
    print(await asyncio.to_thread(download, "e", 0.01))
asyncio.run(main())
