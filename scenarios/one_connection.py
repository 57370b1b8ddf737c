# /// interleave
# title = "Two questions, one connection"
# summary = "Two tasks ask over the same connection at once, and one reads the answer to the other's question."
# chapter = "Races and locks"
# order = 243
# claims = ["C17"]
# runtimes = ["asyncio"]
# python = "3.12"
# opening = 46
#
# [expect]
# output = "A asked 1 + 1: answer to 2 + 2\nB asked 2 + 2: answer to 2 + 2\n"
# findings = []
# opening = "Task-3 writes connection.question"
# ///
import asyncio

class Connection:
    async def ask(self, question):
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
