"""Random asyncio programs: a seed and a version give a program."""

import random

START = '''
import asyncio
import contextvars
import os
import signal

def now():
    return round(asyncio.get_running_loop().time() * 1000, 3)

def log(*values):
    print(now(), *values)

def outcome(task):
    if not task.done():
        return "pending"
    if task.cancelled():
        return "cancelled"
    return repr(task.exception()) if task.exception() else repr(task.result())

def in_order(tasks):
    return [outcome(t) for t in S.tasks if t in tasks]

def shown(error, depth=0):
    """An exception with what it came from."""
    text = type(error).__name__ + repr(error.args)
    if isinstance(error, BaseExceptionGroup):
        text = f"{type(error).__name__}({error.message!r})[" + ", ".join([shown(each, depth + 1) for each in error.exceptions]) + "]"
    if depth < 6:
        if error.__cause__ is not None:
            text += " from " + shown(error.__cause__, depth + 1)
        elif error.__context__ is not None and not error.__suppress_context__:
            text += " while " + shown(error.__context__, depth + 1)
    return text

class Shared:
    pass

V = contextvars.ContextVar("V", default=0)

S = Shared()
'''


class Generator:
    def __init__(self, seed, version):
        self.random = random.Random(seed)
        self.version = version
        self.functions = self.random.randint(2, 7)
        self.streams = self.random.random() < 0.3
        self.signals = self.random.random() < 0.1
        self.marks = 0
        self.names = 0

    def mark(self):
        self.marks += 1
        return f"{self.function}.{self.marks}"

    def name(self, prefix):
        self.names += 1
        return f"{prefix}{self.names}"

    def delay(self):
        return self.random.choice([0, 0, 0.001, 0.002, 0.003, 0.005, 0.01, self.random.randint(1, 30) / 1000, -1])

    def some(self, kind, count):
        return f"S.{kind}[{self.random.randrange(count)}]"

    def sub(self):
        """An expression: a coroutine."""
        choice = self.random.random()
        if self.function + 1 < self.functions and choice < 0.75:
            return f"f{self.random.randrange(self.function + 1, self.functions)}({self.random.randrange(9)})"
        if choice < 0.9:
            return f"asyncio.sleep({self.delay()}, {self.random.randrange(9)})"
        return self.random.choice([
            "S.events[0].wait()", "S.queues[0].get()", "S.queues[1].put(1)", "S.locks[0].acquire()", "S.sems[0].acquire()",
            "S.barrier.wait()", "S.agens[0].__anext__()", "S.agens[0].asend(1)", "S.agens[1].asend(2)", "S.agens[1].__anext__()",
            "S.agens[0].aclose()", "S.agens[1].aclose()", "S.agens[1].athrow(KeyError('thrown'))",
        ])

    def awaitable(self):
        choice = self.random.random()
        if choice < 0.7:
            return self.sub()
        if choice < 0.8:
            return f"spawn({self.sub()})"
        if choice < 0.9:
            return f"asyncio.shield({self.sub()})"
        return self.some("futures", 3)

    def block(self, depth, indent):
        lines = []
        for _ in range(self.random.choice([1, 1, 2, 2, 3])):
            lines += self.statement(depth, indent)
        return lines

    def wrap(self, header, depth, indent):
        return [" " * indent + header] + self.block(depth + 1, indent + 4)

    def guard(self, lines, indent, kinds="BaseException"):
        """The lines inside a try that shows what they raise."""
        pad = " " * indent
        again = ["    raise"] if kinds == "BaseException" and self.random.random() < 0.5 else []
        return [pad + "try:"] + ["    " + line for line in lines] + [
            pad + f"except {kinds} as error:", pad + f"    log({self.mark()!r}, shown(error))"] + [pad + line for line in again]

    def statement(self, depth, indent):
        r = self.random
        pad = " " * indent
        mark = repr(self.mark())
        if depth > 3:
            return [pad + r.choice([f"log({mark})", f"await asyncio.sleep({self.delay()})"])]
        makers = [
            (10, lambda: [pad + f"log({mark})"]),
            (14, lambda: [pad + f"await asyncio.sleep({self.delay()})"]),
            (6, lambda: [pad + f"async with {self.some('locks', 2)}:", pad + f"    log({mark})"] + self.block(depth + 1, indent + 4)),
            (4, lambda: [pad + f"async with {self.some('sems', 2)}:", pad + f"    log({mark})"] + self.block(depth + 1, indent + 4)),
            (3, lambda: [pad + f"{self.some('events', 2)}.{r.choice(['set', 'set', 'clear'])}()"]),
            (3, lambda: [pad + f"log({mark}, await {self.some('events', 2)}.wait())"]),
            (3, lambda: [pad + f"async with {self.some('conds', 2)} as c:", pad + f"    log({mark}, await {self.some('conds', 2)}.wait())"]
                if r.random() < 0.1 else
                [pad + f"async with S.conds[{(i := r.randrange(2))}]:", pad + f"    log({mark}, await S.conds[{i}].wait())"]),
            (4, lambda: [pad + f"async with S.conds[{(i := r.randrange(2))}]:",
                         pad + f"    S.conds[{i}].{r.choice(['notify()', 'notify(2)', 'notify_all()'])}"]
                + self.block(depth + 1, indent + 4)),
            (2, lambda: [pad + f"async with S.conds[{(i := r.randrange(2))}]:", pad + "    S.count += 1",
                         pad + f"    S.conds[{i}].notify_all()"]),
            (2, lambda: [pad + f"async with S.conds[{(i := r.randrange(2))}]:",
                         pad + f"    log({mark}, await S.conds[{i}].wait_for(lambda: S.count > {r.randrange(4)}))"]),
            (4, lambda: [pad + f"await {self.some('queues', 3)}.put(({r.randrange(5)}, {mark}))"]),
            (4, lambda: [pad + f"log({mark}, await {self.some('queues', 3)}.get())"]),
            (2, lambda: self.guard([pad + f"{self.some('queues', 3)}.put_nowait(({r.randrange(5)}, {mark}))"], indent, "Exception")),
            (2, lambda: self.guard([pad + f"log({mark}, {self.some('queues', 3)}.get_nowait())"], indent, "Exception")),
            (2, lambda: self.guard([pad + f"{self.some('queues', 3)}.task_done()"], indent, "ValueError")),
            (1, lambda: [pad + f"await {self.some('queues', 3)}.join()", pad + f"log({mark})"]),
            (2, lambda: self.guard([pad + f"log({mark}, await S.barrier.wait())"], indent, "RuntimeError")),
            (1, lambda: [pad + f"await S.barrier.{r.choice(['reset', 'abort'])}()"]),
            (7, lambda: self.guard([pad + f"async with asyncio.timeout({r.choice(['None', self.delay(), self.delay(), self.delay()])}) as limit:"]
                + self.block(depth + 1, indent + 4) + [pad + f"log({mark}, limit.expired())"], indent, r.choice(["TimeoutError", "BaseException"]))),
            (1, lambda: self.guard([pad + f"async with asyncio.timeout({self.delay()}) as limit:",
                pad + f"    limit.reschedule(asyncio.get_running_loop().time() + {self.delay()})"]
                + self.block(depth + 1, indent + 4), indent, "TimeoutError")),
            (7, lambda: self.guard([pad + f"log({mark}, await asyncio.wait_for({self.awaitable()}, {r.choice(['None', self.delay(), self.delay()])}))"],
                indent, r.choice(["TimeoutError", "Exception", "BaseException"]))),
            (7, lambda: self.group(depth, indent)),
            (5, lambda: self.guard([pad + f"log({mark}, await asyncio.gather({', '.join(self.awaitable() for _ in range(r.randint(0, 3)))}"
                f"{', ' if False else ''}))" if r.random() < 0.5 else
                pad + f"log({mark}, await asyncio.gather({', '.join([self.awaitable() for _ in range(r.randint(1, 3))] + ['return_exceptions=True'])}))"],
                indent, r.choice(["Exception", "BaseException"]))),
            (2, lambda: [pad + f"{(g := self.name('g'))} = asyncio.gather({self.sub()}, {self.sub()}, return_exceptions={r.random() < 0.5})",
                         pad + f"S.tasks.append({g})"] + self.block(depth + 1, indent)
                + self.guard([pad + f"log({mark}, await {g})"], indent)),
            (4, lambda: self.wait(depth, indent)),
            (2, lambda: self.as_completed(indent)),
            (3, lambda: self.guard([pad + f"log({mark}, await asyncio.shield({self.awaitable()}))"], indent)),
            (6, lambda: [pad + f"spawn({self.sub()})"]),
            (1, lambda: [pad + f"S.tasks.append(asyncio.create_task({self.sub()}, name={mark}))"]),
            (7, lambda: [pad + f"cancel({r.randrange(99)}, {r.choice(['', '', repr('why')])})"]),
            (3, lambda: self.guard([pad + f"log({mark}, await S.tasks[{r.randrange(99)} % len(S.tasks)])"], indent)),
            (2, lambda: [pad + f"log({mark}, [outcome(t) for t in S.tasks])"]),
            (1, lambda: [pad + f"asyncio.current_task().cancel({r.choice(['', repr('self')])})"]),
            (1, lambda: [pad + f"log({mark}, asyncio.current_task().cancelling(), asyncio.current_task().uncancel())"]),
            (1, lambda: [pad + f"log({mark}, asyncio.current_task().get_name(), len(asyncio.all_tasks()))"]),
            (4, lambda: [pad + f"raise {r.choice(['ValueError', 'KeyError', 'asyncio.CancelledError', 'TimeoutError', 'ValueError'])}({mark})"]),
            (6, lambda: self.trying(depth, indent)),
            (2, lambda: self.guard([pad + r.choice([
                f"{self.some('futures', 3)}.set_result({mark})", f"{self.some('futures', 3)}.set_exception(KeyError({mark}))",
                f"{self.some('futures', 3)}.cancel()"])], indent, "Exception")),
            (2, lambda: self.guard([pad + f"log({mark}, await {self.some('futures', 3)})"], indent)),
            (2, lambda: [pad + f"asyncio.get_running_loop().call_soon(log, {mark})"]),
            (2, lambda: [pad + f"S.timers.append(asyncio.get_running_loop().call_later({self.delay()}, log, {mark}))"]),
            (1, lambda: [pad + "if S.timers: S.timers.pop().cancel()"]),
            (2, lambda: [pad + f"return {mark}"]),
            (3, lambda: [pad + f"for i in range({r.randint(2, 3)}):", pad + f"    log({mark}, i)", pad + f"    await asyncio.sleep({self.delay()})"]),
            (3, lambda: [pad + f"log({mark}, await {self.sub()})"]),
            (1, lambda: [pad + f"async for v in numbers({r.randint(1, 3)}):", pad + f"    log({mark}, v)"]
                + self.block(depth + 1, indent + 4)),
        ]
        makers += [
            (2, lambda: [pad + f"log({mark}, {r.choice(['V.get()', 'S.locks[0].locked()', 'S.sems[0].locked()', 'S.events[0].is_set()', 'S.queues[0].qsize()', 'S.queues[2].full()', 'S.barrier.n_waiting'] + ['asyncio.current_task()'] * (not self.streams))})"]),
            (1, lambda: [pad + f"V.set({mark})"]),
            (1, lambda: [pad + f"S.tasks.append(asyncio.create_task({self.sub()}, context=contextvars.copy_context()))"]),
            (1, lambda: [pad + f"asyncio.get_running_loop().call_soon(lambda: log({mark}, V.get()))"]),
            (1, lambda: [pad + f"asyncio.get_running_loop().call_soon_threadsafe(log, {mark})"]),
            (1, lambda: [pad + f"asyncio.get_running_loop().call_at(asyncio.get_running_loop().time() + {self.delay()}, log, {mark})"]),
            (1, lambda: [pad + f"if S.tasks: S.tasks[{r.randrange(99)} % len(S.tasks)].add_done_callback(lambda t: log({mark}, outcome(t)))"]),
            # How the library waits for connections is its own affair.
            (0 if self.streams else 1, lambda: [pad + f"if S.tasks: log({mark}, repr(S.tasks[{r.randrange(99)} % len(S.tasks)]))"]),
            (1, lambda: self.guard([pad + "async with S.barrier as place:", pad + f"    log({mark}, place)"], indent)),
            (1, lambda: self.guard([pad + f"async with asyncio.timeout_at(asyncio.get_running_loop().time() + {self.delay()}) as limit:"]
                + self.block(depth + 1, indent + 4) + [pad + "    limit.reschedule(None)"], indent)),
            (1, lambda: self.guard([pad + "agen = numbers(3)", pad + f"log({mark}, await anext(agen))"]
                + [pad + r.choice(["await agen.aclose()", f"log({mark}, await agen.asend(1))", "await agen.athrow(ValueError)", "del agen"])], indent)),
            (1, lambda: self.guard([pad + f"log({mark}, await asyncio.wait_for(asyncio.shield({self.awaitable()}), {self.delay()}))"], indent)),
        ]
        if self.version >= (3, 12):
            makers.append((1, lambda: [pad + f"asyncio.get_running_loop().set_task_factory({r.choice(['asyncio.eager_task_factory', 'None'])})"]))
            makers.append((1, lambda: [pad + f"S.tasks.append(asyncio.Task({self.sub()}, loop=asyncio.get_running_loop(), eager_start=True))"]))
        if self.signals:
            makers.append((2, lambda: [pad + f"os.kill(os.getpid(), signal.{r.choice(['SIGINT', 'SIGUSR1', 'SIGUSR1'])})"]))
            makers.append((1, lambda: [pad + f"asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, log, {mark})"]))
        if self.streams:
            makers.append((12, lambda: self.stream(depth, indent)))
        if self.version >= (3, 13):
            makers.append((1, lambda: [pad + f"{self.some('queues', 3)}.shutdown({r.choice(['', 'True'])})"]))
        weights = [weight for weight, _ in makers]
        return r.choices(makers, weights)[0][1]()

    def group(self, depth, indent):
        r = self.random
        pad = " " * indent
        group = self.name("tg")
        lines = [pad + f"async with asyncio.TaskGroup() as {group}:"]
        for _ in range(r.randint(1, 3)):
            lines.append(pad + f"    S.tasks.append({group}.create_task({self.sub()}))")
            if r.random() < 0.4:
                lines += self.block(depth + 1, indent + 4)
        lines.append(pad + f"log({self.mark()!r})")
        return self.guard(lines, indent, r.choice(["BaseExceptionGroup", "ExceptionGroup", "BaseException"]))

    def wait(self, depth, indent):
        r = self.random
        pad = " " * indent
        tasks = ", ".join(f"spawn({self.sub()})" for _ in range(r.randint(1, 3)))
        condition = r.choice(["FIRST_COMPLETED", "FIRST_EXCEPTION", "ALL_COMPLETED"])
        lines = [
            pad + f"done, pending = await asyncio.wait([{tasks}], timeout={r.choice(['None', self.delay(), self.delay()])}, return_when=asyncio.{condition})",
            pad + f"log({self.mark()!r}, in_order(done), len(pending))"]
        if r.random() < 0.6:
            lines += [pad + "for t in S.tasks:", pad + "    if t in pending: t.cancel()"]
        return lines

    def as_completed(self, indent):
        r = self.random
        pad = " " * indent
        subs = ", ".join(self.sub() for _ in range(r.randint(1, 3)))
        timeout = r.choice(["None", self.delay()])
        if self.version >= (3, 13) and r.random() < 0.5:
            lines = [pad + f"async for t in asyncio.as_completed([{subs}], timeout={timeout}):", pad + f"    log({self.mark()!r}, outcome(t))"]
        else:
            lines = [pad + f"for c in asyncio.as_completed([{subs}], timeout={timeout}):", pad + f"    log({self.mark()!r}, await c)"]
        return self.guard(lines, indent)

    def stream(self, depth, indent):
        """A client of the program's own server."""
        r = self.random
        pad = " " * indent
        reader, writer = self.name("r"), self.name("w")
        lines = [pad + f"{reader}, {writer} = await asyncio.open_connection('127.0.0.1', S.port)",
                 # How long what tracebacks refer to lives is another matter.
                 pad + f"S.kept.append({writer})"]
        for _ in range(r.randint(1, 5)):
            mark = repr(self.mark())
            lines += r.choice([
                lambda: [pad + f"{writer}.write({r.choice([b'one', b'two and more', b''])!r} + b'\\n')"],
                lambda: [pad + f"{writer}.write(b'line\\n')", pad + f"await {writer}.drain()"],
                lambda: [pad + f"{writer}.writelines([b'a', b'b', b'c\\n'])"],
                lambda: self.guard([pad + f"log({mark}, await asyncio.wait_for({reader}.readline(), {r.choice([0.001, 0.003, 0.01])}))"], indent, "Exception"),
                lambda: [pad + f"log({mark}, await {reader}.{r.choice(['readline()', 'read(3)', 'read(100)'])})"],
                lambda: self.guard([pad + f"log({mark}, await {reader}.{r.choice(['readexactly(4)', 'readuntil(bytes([69]))'])})"], indent, "Exception"),
                lambda: [pad + f"{writer}.write_eof()"],
                lambda: [pad + f"log({mark}, {reader}.at_eof(), {writer}.is_closing())"],
                lambda: [pad + f"{writer}.{r.choice(['close()', 'close()', 'transport.abort()'])}"],
                lambda: [pad + f"await asyncio.sleep({self.delay()})"],
                lambda: self.block(depth + 1, indent),
            ])()
        if r.random() < 0.7:
            lines += [pad + f"{writer}.close()"]
        if r.random() < 0.5:
            lines += [pad + f"await {writer}.wait_closed()", pad + f"log({self.mark()!r})"]
        return self.guard(lines, indent, r.choice(["OSError", "Exception", "BaseException"]))

    def server(self):
        """What the server does with a line."""
        r = self.random
        deeds = [r.choice([
            "writer.write(line.upper())", "writer.write(line.upper())", "await writer.drain()", f"await asyncio.sleep({self.delay()})",
            "S.count += 1", "writer.writelines([b'<', line.strip(), b'>\\n'])", "if S.count > 1: break", "if len(line) > 5: raise ValueError(line)",
        ]) for _ in range(r.randint(1, 4))]
        end = r.choice(["writer.close()", "writer.close()", "writer.write_eof()", "writer.transport.abort()", "pass"])
        deeds = "\n            ".join(deeds)
        return f'''
async def serve(reader, writer):
    S.kept.append(writer)
    S.served += 1
    me = S.served
    log("serve", me, writer.get_extra_info("peername")[0])
    try:
        while line := await reader.readline():
            log("line", me, line)
            {deeds}
        log("no more", me, reader.at_eof())
    except BaseException as error:
        log("server", me, shown(error))
        {r.choice(["raise", "pass"])}
    finally:
        {end}
'''

    def trying(self, depth, indent):
        r = self.random
        pad = " " * indent
        lines = self.wrap("try:", depth, indent)
        choice = r.random()
        if choice < 0.6:
            kind = r.choice(["ValueError", "Exception", "asyncio.CancelledError", "BaseException"])
            lines += [pad + f"except {kind} as error:", pad + f"    log({self.mark()!r}, shown(error))"]
            if r.random() < 0.5:
                lines += self.block(depth + 1, indent + 4)
            if r.random() < 0.5:
                lines += [pad + "    raise"]
        if choice > 0.5:
            lines += [pad + "finally:", pad + f"    log({self.mark()!r})"]
            if r.random() < 0.4:
                lines += [pad + f"    await asyncio.sleep({self.delay()})", pad + f"    log({self.mark()!r})"]
        return lines

    def program(self):
        r = self.random
        text = START
        text += f'''
def spawn(coro):
    task = asyncio.create_task(coro)
    S.tasks.append(task)
    return task

def cancel(i, *message):
    if S.tasks:
        log("cancel", i % len(S.tasks), S.tasks[i % len(S.tasks)].cancel(*message))

async def numbers(n):
    try:
        for i in range(n):
            await asyncio.sleep(0.001)
            yield i
    finally:
        S.count += 1

async def echo():
    got = None
    while True:
        try:
            got = yield got
            await asyncio.sleep(0.002)
        except ValueError as error:
            got = shown(error)
        finally:
            log("echo", got)

def rescue(task, times):
    """So that most programs end."""
    if times:
        asyncio.get_running_loop().call_later(0.5, rescue, task, times - 1)
    for each in [*S.tasks, task]:
        if not each.done():
            each.cancel("rescued")

def setup():
    S.tasks = []
    S.timers = []
    S.count = 0
    S.locks = [asyncio.Lock(), asyncio.Lock()]
    S.sems = [asyncio.Semaphore({r.randint(0, 2)}), asyncio.BoundedSemaphore(2)]
    S.events = [asyncio.Event(), asyncio.Event()]
    S.conds = [asyncio.Condition(), asyncio.Condition(S.locks[0])]
    S.queues = [asyncio.Queue({r.randint(0, 2)}), asyncio.PriorityQueue(), asyncio.LifoQueue(1)]
    S.barrier = asyncio.Barrier({r.randint(1, 3)})
    S.agens = [numbers(4), echo()]
    S.futures = [asyncio.get_running_loop().create_future() for _ in range(3)]
'''
        if self.streams:
            self.function = 99
            text += self.server()
        for function in range(1, self.functions):
            self.function = function
            text += f"\nasync def f{function}(x):\n"
            text += f"    log('f{function}', x)\n"
            text += "\n".join(self.block(0, 4) + self.block(0, 4)) + f"\n    log('end f{function}', x)\n    return x\n"
        self.function = 0
        text += "\nasync def main():\n    setup()\n"
        if r.random() < 0.8:
            text += "    asyncio.get_running_loop().call_later(0.4, rescue, asyncio.current_task(), 5)\n"
        if self.version >= (3, 12) and r.random() < 0.1:
            text += "    asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)\n"
        if self.streams:
            text += "    S.served = 0\n    S.kept = []\n    S.server = await asyncio.start_server(serve, '127.0.0.1', 0)\n"
            text += "    S.port = S.server.sockets[0].getsockname()[1]\n"
        if self.signals:
            text += "    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, log, 'usr1')\n"
        for _ in range(r.randint(1, 4)):
            text += f"    spawn({self.sub()})\n"
        body = self.block(0, 4) + self.block(0, 4) + self.block(0, 4)
        body += [f"    for i in range({r.randint(1, 4)}):", f"        await asyncio.sleep({r.randint(1, 20) / 1000})",
                 f"        cancel(i * {r.randint(1, 7)})"]
        body += self.block(0, 4)
        if self.streams and r.random() < 0.5:
            body += ["    S.server.close()"] + r.choice([[], ["    await S.server.wait_closed()", "    log('server closed')"]])
        body += ["    await asyncio.sleep(0.1)", "    log([outcome(t) for t in S.tasks])", "    return 'over'"]
        run = "asyncio.run(main())"
        if r.random() < 0.1:
            body += ["", "async def second():", "    log('second', V.get(), asyncio.current_task().get_name())"]
            run = "runner.run(main()), runner.run(second())"
            return text + "\n".join(body) + f"\n\ntry:\n    with asyncio.Runner() as runner:\n        print({run})\nexcept BaseException as error:\n    print('ended by', shown(error))\n    raise\n"
        return text + "\n".join(body) + "\n\ntry:\n    print(asyncio.run(main()))\nexcept BaseException as error:\n    print('ended by', shown(error))\n    raise\n"


def program(seed, version):
    return Generator(seed, tuple(version)).program()


if __name__ == "__main__":
    import sys
    print(program(int(sys.argv[1]), tuple(map(int, (sys.argv[2:] or ["3.12"])[0].split(".")))))
