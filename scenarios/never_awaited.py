# /// interleave
# title = "Never awaited"
# summary = "Calling an async function runs nothing: without await the draft is never saved."
# chapter = "How switching works"
# order = 110
# claims = ["C02"]
# runtimes = ["asyncio"]
# python = "3.12"
# opening = "finding"
#
# [expect]
# output = """
# saving the draft
# done
# """
# findings = ["never-awaited"]
# ///
import asyncio

async def save(text):
    await asyncio.sleep(0.1)
    print("saved", text)

async def main():
    print("saving the draft")
    save("draft")
    print("done")

asyncio.run(main())
