"""Random programs with threads whose order is fixed by sleeps, locks and queues: a seed and a version give a program.

Each thread's actions begin in a time slot of its own, so that no two are close to each other; what waits is woken by what others do in
theirs.
"""

import random

# Seconds between two actions, wherever they are. Real interpreters must keep the order even on a busy machine.
SLOT = 0.025

START = '''
import threading, time, queue
from concurrent.futures import (
    ThreadPoolExecutor, Future, as_completed, wait, CancelledError, ALL_COMPLETED, FIRST_COMPLETED, FIRST_EXCEPTION)
import concurrent.futures

begin = time.monotonic()

def at(slot):
    """Sleeps until a slot begins."""
    left = begin + slot * 0.025 - time.monotonic()
    if left > 0:
        time.sleep(left)

def log(*values):
    print(threading.current_thread().name, *values)

def shown(error):
    text = type(error).__name__ + repr(error.args)
    if error.__cause__ is not None:
        text += " from " + shown(error.__cause__)
    elif error.__context__ is not None:
        text += " while " + shown(error.__context__)
    return text

def guarded(function, *args, **kwargs):
    try:
        log(function.__name__, function(*args, **kwargs))
    except Exception as error:
        log(function.__name__, shown(error))

class Shared:
    pass

S = Shared()
mine = threading.local()

def hook(args):
    print("hook", args.thread.name, args.exc_type.__name__, args.exc_value)

class Worker(threading.Thread):
    def __init__(self, number, **more):
        super().__init__(**more)
        self.number = number

    def run(self):
        log("runs", self.number, self.daemon)
        guarded(S.jobs[self.number % len(S.jobs)])
'''


class Generator:
    def __init__(self, seed, version):
        self.random = random.Random(seed)
        # Timeouts end at different parts of a slot, so that few end together: then no order is promised.
        self.timeouts = 0
        self.version = version
        self.slot = 2
        self.marks = 0

    def mark(self):
        self.marks += 1
        return self.marks

    def next_slot(self):
        self.slot += 1
        return self.slot

    def timeout(self):
        """Off the slots: it ends between two of them."""
        self.timeouts += 1
        return round((self.random.randint(1, 9) + 0.11 + 0.03 * (self.timeouts % 8)) * SLOT, 5)

    def work(self):
        """How long a job takes: it ends with no timeout."""
        return round((self.random.randint(1, 8) + self.random.choice([0.36, 0.44])) * SLOT, 4)

    def some(self, kind, count):
        return f"S.{kind}[{self.random.randrange(count)}]"

    def block(self, depth, indent):
        lines = []
        for _ in range(self.random.choice([1, 2, 2, 3])):
            lines += self.statement(depth, indent)
        return lines

    def statement(self, depth, indent):
        r = self.random
        pad = " " * indent
        mark = self.mark()
        # Every statement that another thread could notice has a slot of its own.
        start = [pad + f"at({self.next_slot()})"]
        if depth > 2:
            return start + [pad + f"log({mark})"]

        def inside(header, first=()):
            return start + [pad + header, *[pad + "    " + line for line in first]] + self.block(depth + 1, indent + 4)

        def call(text):
            return start + [pad + f"guarded({text})"]

        def taken(what, how):
            return inside(f"if {what}.acquire({how}):", [f"log({mark})"]) + [
                pad + f"    at({self.next_slot()})", pad + f"    guarded({what}.release)",
                pad + "else:", pad + f"    log('not', {mark})"]

        queue, lock, condition = self.some("queues", 4), self.some("locks", 2), self.some("conditions", 2)
        event, semaphore = self.some("events", 2), self.some("semaphores", 2)
        makers = [
            (6, lambda: start + [pad + f"log({mark})"]),
            (8, lambda: inside(f"with {lock}:", [f"log({mark})"])),
            (5, lambda: taken(lock, f"timeout={self.timeout()}")),
            (2, lambda: taken(lock, "False")),
            (1, lambda: call(f"{lock}.release")),
            (4, lambda: inside("with S.rlock:", [f"log({mark})", "with S.rlock: log('again')"])),
            (2, lambda: call("S.rlock.release")),
            (2, lambda: taken("S.rlock", f"timeout={self.timeout()}")),
            (5, lambda: inside(f"with {semaphore}:", [f"log({mark})"])),
            (3, lambda: call(f"{semaphore}.release")),
            (3, lambda: taken(semaphore, f"timeout={self.timeout()}")),
            (5, lambda: start + [pad + f"{event}.{r.choice(['set', 'set', 'clear'])}()"]),
            (6, lambda: call(f"{event}.wait, {self.timeout()}")),
            (5, lambda: start + [pad + f"with {condition}:", pad + f"    guarded({condition}.wait, {self.timeout()})"]),
            (6, lambda: start + [pad + f"with {condition}:", pad + "    S.count += 1",
                                 pad + f"    {condition}.{r.choice(['notify()', 'notify(2)', 'notify_all()'])}"]),
            (3, lambda: start + [pad + f"with {condition}:",
                                 pad + f"    guarded({condition}.wait_for, lambda: S.count > {r.randrange(4)}, {self.timeout()})"]),
            (1, lambda: call(f"{condition}.notify")),
            (8, lambda: call(f"{queue}.put, ({r.randrange(5)}, {mark}), timeout={self.timeout()}")),
            (8, lambda: call(f"{queue}.get, timeout={self.timeout()}")),
            (3, lambda: call(f"{queue}.get_nowait")),
            (2, lambda: call(f"{queue}.put_nowait, ({r.randrange(5)}, {mark})")),
            (3, lambda: call(f"{self.some('queues', 3)}.task_done")),
            (2, lambda: start + [pad + f"log({queue}.qsize(), {queue}.empty())"]),
            (4, lambda: call(f"S.barrier.wait, {self.timeout()}")),
            (1, lambda: call(f"S.barrier.{r.choice(['reset', 'abort'])}")),
            (1, lambda: start + [pad + "log(S.barrier.n_waiting, S.barrier.broken, S.barrier.parties)"]),
            (3, lambda: start + [pad + f"mine.value = {mark}"]),
            (2, lambda: start + [pad + "log(getattr(mine, 'value', 'none'))"]),
            (2, lambda: start + [pad + f"raise {r.choice(['ValueError', 'KeyError', 'SystemExit'])}({mark})"]),
            (3, lambda: start + [pad + "log([t.name for t in threading.enumerate()], threading.active_count())"]),
            (4, lambda: start + [pad + f"guarded(S.threads[{r.randrange(9)} % len(S.threads)].join, {self.timeout()})"]),
            (3, lambda: start + [pad + f"log(S.threads[{r.randrange(9)} % len(S.threads)].is_alive())"]),
            (3, lambda: start + [pad + f"timer = threading.Timer({self.timeout()}, log, [{mark}])", pad + f"timer.name = 'timer {mark}'",
                                 pad + "timer.start()", pad + "S.timers.append(timer)"]),
            (2, lambda: start + [pad + "if S.timers: S.timers.pop().cancel()"]),
            (4, lambda: start + [pad + f"S.futures.append(S.pool.submit(S.jobs[{r.randrange(9)} % len(S.jobs)]))"]),
            (2, lambda: start + [pad + "if S.futures:", pad + f"    guarded(S.futures[{r.randrange(9)} % len(S.futures)].result, {self.timeout()})"]),
            (1, lambda: start + [pad + "if S.futures:", pad + f"    guarded(S.futures[{r.randrange(9)} % len(S.futures)].exception, {self.timeout()})"]),
            (2, lambda: start + [pad + "if S.futures: log(S.futures[-1].cancel())"]),
            (1, lambda: start + [pad + "if S.futures: S.futures[-1].add_done_callback(lambda f: log('done', f.cancelled()))"]),
            (1, lambda: start + [pad + f"done, left = wait(list(S.futures), {self.timeout()}, {r.choice(['FIRST_COMPLETED', 'FIRST_EXCEPTION'])})",
                                 pad + "log(len(done), len(left))"]),
            (4, lambda: start + [pad + "try:"] + self.block(depth + 1, indent + 4)
                + [pad + f"except {r.choice(['ValueError', 'Exception', 'KeyError'])} as error:", pad + "    log(shown(error))"]),
            (2, lambda: start + [pad + "try:"] + self.block(depth + 1, indent + 4) + [pad + "finally:", pad + f"    log('finally', {mark})"]),
        ]
        thread = f"S.threads[{r.randrange(9)} % len(S.threads)]"
        makers += [
            (2, lambda: start + [pad + f"log({event}.is_set(), {lock}.locked())"]),
            (2, lambda: call(f"{semaphore}.release, {r.randint(1, 2)}")),
            (1, lambda: start + [pad + f"log({queue}.full() if hasattr({queue}, 'full') else 'never full')"]),
            (2, lambda: start + [pad + f"if {self.some('queues', 3)}.unfinished_tasks == 0: guarded(S.queues[0].qsize)"]),
            (2, lambda: call(f"{thread}.start")),
            (1, lambda: call("threading.current_thread().join")),
            (2, lambda: start + [pad + f"{thread}.name = 'named {mark}'", pad + f"log({thread}.daemon, {thread}.ident is not None)"]),
            (1, lambda: start + [pad + "log(threading.main_thread().name, threading.main_thread().is_alive())"]),
            # Those that are done already come in the order of a set.
            (2, lambda: start + [pad + "seen = []", pad + "try:",
                                 pad + f"    for f in as_completed(list(S.futures), {self.timeout()}):",
                                 pad + "        seen.append('cancelled' if f.cancelled() else repr(f.exception() or f.result()))",
                                 pad + "except Exception as error:", pad + "    log(type(error).__name__, error)",
                                 pad + "log('completed', sorted(seen))"]),
            (2, lambda: start + [pad + "try:", pad + f"    for result in S.pool.map(pow, [2, 3], [{r.randrange(4)}, 2], timeout={self.timeout()}):",
                                 pad + "        log('mapped', result)", pad + "except Exception as error:", pad + "    log(type(error).__name__)"]),
            (1, lambda: start + [pad + f"done, left = wait(list(S.futures), timeout={self.timeout()}, return_when=ALL_COMPLETED)",
                                 pad + "log(len(done), len(left))"]),
            (2, lambda: start + [pad + "if S.futures: log(S.futures[-1].running(), S.futures[-1].done(), S.futures[-1].cancelled())"]),
            (2, lambda: start + [pad + "own = Future()", pad + f"own.add_done_callback(lambda f: log('own', f.result() if not f.exception() else 'failed'))",
                                 pad + f"guarded(own.{r.choice(['set_result, 1', 'set_exception, KeyError(1)'])})", pad + "try: own.set_result(2)", pad + "except concurrent.futures.InvalidStateError: log('has one')"]),
            (2, lambda: start + [pad + "if S.timers: log(S.timers[-1].is_alive(), S.timers[-1].finished.is_set())"]),
            (1, lambda: start + [pad + f"log({condition}.acquire(timeout={self.timeout()}))", pad + f"at({self.next_slot()})",
                                 pad + f"guarded({condition}.release)"]),
        ]
        if self.version >= (3, 13):
            makers.append((2, lambda: call(f"{self.some('queues', 3)}.shutdown{r.choice(['', ', True'])}")))
        weights = [weight for weight, _ in makers]
        return r.choices(makers, weights)[0][1]()

    def program(self):
        r = self.random
        text = START + f'''
def job_quick():
    return "quick"

def job_slow():
    time.sleep({self.work()})
    return threading.current_thread().name

def job_bad():
    time.sleep({self.work()})
    raise ValueError("bad job")

def setup():
    S.jobs = [job_quick, job_slow, job_bad]
    S.count = 0
    S.threads, S.timers, S.futures = [], [], []
    S.locks = [threading.Lock(), threading.Lock()]
    S.rlock = threading.RLock()
    S.events = [threading.Event(), threading.Event()]
    S.conditions = [threading.Condition(), threading.Condition(S.locks[0])]
    S.semaphores = [threading.Semaphore({r.randint(1, 2)}), threading.BoundedSemaphore({r.randint(1, 2)})]
    S.queues = [queue.Queue({r.randint(0, 2)}), queue.PriorityQueue(), queue.LifoQueue(1), queue.SimpleQueue()]
    S.barrier = threading.Barrier({r.randint(1, 3)}{r.choice(['', ', lambda: log("all here")', f', timeout={self.timeout()}'])})
    S.pool = ThreadPoolExecutor({r.randint(1, 2)}, thread_name_prefix="pool"{r.choice(['', ', initializer=lambda: log("ready")'])})
    threading.excepthook = hook
'''
        count = r.randint(2, 4)
        bodies = [[] for _ in range(count + 1)]
        # The threads take turns at getting slots.
        for _ in range(r.randint(2, 3)):
            for body in bodies:
                body += self.block(0, 4)
        for number in range(1, count + 1):
            text += f"\ndef f{number}():\n    mine.value = 'f{number}'\n" + "\n".join(bodies[number]) + f"\n    log('end f{number}')\n"
        text += "\ndef main():\n    setup()\n"
        for number in range(1, count + 1):
            kind = r.random()
            more = r.choice(["", "", ", daemon=True"])
            if kind < 0.2:
                text += f"    S.threads.append(Worker({r.randrange(3)}{more}))\n"
            elif kind < 0.6:
                text += f"    S.threads.append(threading.Thread(target=f{number}{more}))\n"
            else:
                text += f"    S.threads.append(threading.Thread(target=f{number}, name='t{number}'{more}))\n"
        text += "    for slot, thread in enumerate(S.threads):\n        thread.start()\n        time.sleep(0.005)\n"
        text += "\n".join(bodies[0])
        text += f'''
    at({self.slot + 3})
    log([t.is_alive() for t in S.threads])
    for event in S.events: event.set()
    S.pool.shutdown({r.choice(['', 'wait=False', 'cancel_futures=True'])})
    return "over"

try:
    print(main())
finally:
    for condition in S.conditions[:1]:
        with condition: condition.notify_all()
    S.barrier.abort()
    # Whether a daemon thread that goes on only now still prints before the interpreter ends is chance.
    for thread in S.threads:
        if thread.daemon: thread.join(0.0405)
'''
        return text


def program(seed, version):
    return Generator(seed, tuple(version)).program()


if __name__ == "__main__":
    import sys
    print(program(int(sys.argv[1]), tuple(map(int, (sys.argv[2:] or ["3.12"])[0].split(".")))))
