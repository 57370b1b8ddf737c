# /// interleave
# title = "One question at a time"
# summary = "A lock around the question and its answer: the second client asks when the first one has its answer."
# chapter = "Races and locks"
# order = 244
# claims = ["C16", "C17"]
# runtimes = ["asyncio"]
# python = "3.12"
# opening = 49
#
# [expect]
# output = "A asked 1 + 1: answer to 1 + 1\nB asked 2 + 2: answer to 2 + 2\n"
# always = "A asked 1 + 1: answer to 1 + 1\nB asked 2 + 2: answer to 2 + 2\n"
# findings = []
# opening = "Task-3 suspends"
# ///
import asyncio

class Connection:
    lock = asyncio.Lock()

    async def ask(self, question):
        async with self.lock:
            self.question = question
            await asyncio.sleep(0.1)
            return "answer to " + self.question

connection = Connection()

async def client(name, question):
    answer = await connection.ask(question)
    print(name, "asked " + question + ":", answer)

async def main():
    await asyncio.gather(
        client("A", "1 + 1"), client("B", "2 + 2"))

asyncio.run(main())
