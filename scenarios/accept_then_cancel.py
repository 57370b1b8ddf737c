# /// interleave
# title = "One more, please"
# summary = "Accept one connection, then cancel the acceptor: two that arrive at once both slip in, two that arrive apart do not."
# chapter = "Races and locks"
# order = 262
# claims = ["C26"]
# runtimes = ["asyncio"]
# python = "3.12"
# opening = 78
#
# [expect]
# output = "accepted: A B\n"
# findings = []
# opening = "Task-2 gets 'B'"
# ///
import asyncio

accepted = []

async def accept(arrivals, enough):
    while True:
        accepted.append(await arrivals.get())
        enough.set()

async def client(arrivals, name):
    await asyncio.sleep(0.1)
    arrivals.put_nowait(name)

async def main():
    arrivals, enough = asyncio.Queue(), asyncio.Event()
    acceptor = asyncio.create_task(accept(arrivals, enough))
    clients = [client(arrivals, name) for name in "AB"]
    clients = [asyncio.create_task(it) for it in clients]
    await enough.wait()
    acceptor.cancel()
    await asyncio.wait([acceptor, *clients])
    print("accepted:", *accepted)

asyncio.run(main())
