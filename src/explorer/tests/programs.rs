//! Programs of the tests.

/// Programs small enough to be gone through one order at a time.
pub const SMALL: &[(&str, &str, &str)] = &[
    ("lost", "free-threaded", LOST),
    ("lost 3.9", "3.9", LOST),
    ("lost 3.12", "3.12", LOST),
    ("opposite locks", "3.12", OPPOSITE),
    ("semaphore", "3.12", SEMAPHORE),
    ("event and list", "3.12", EVENT),
    ("queue", "3.12", QUEUE),
    ("attribute", "free-threaded", ATTRIBUTE),
    ("results", "free-threaded", RESULTS),
    ("lists of their own", "free-threaded", LISTS),
    ("main joins in", "3.9", MAIN),
    ("condition", "3.12", CONDITION),
    ("sleep", "3.12", SLEEP),
    ("dies", "3.12", DIES),
    ("timers", "asyncio", TIMERS),
    ("timeout", "asyncio", TIMEOUT),
    ("acceptor", "asyncio", ACCEPTOR),
    ("two ties", "asyncio", TIES),
    ("keeper", "asyncio", KEEPER),
];

const LOST: &str = "import threading
counter = 0
def add(n):
    global counter
    seen = counter
    counter = save(seen + n)
def save(n):
    return n
a = threading.Thread(target=add, args=(1,))
b = threading.Thread(target=add, args=(2,))
a.start(); b.start(); a.join(); b.join()
print(counter)
";
const TIES: &str = "import asyncio
class Box:
    items = []
class Other:
    items = []
def put(box, item):
    box.items.append(item)
async def main():
    loop = asyncio.get_running_loop()
    for item in range(2):
        loop.call_later(0.1, put, Box, item)
    await asyncio.sleep(0.2)
    for item in range(2):
        loop.call_later(0.1, put, Other, item)
    await asyncio.sleep(0.2)
    print(Box.items, Other.items)
asyncio.run(main())
";
const KEEPER: &str = "import asyncio
class Loud:
    def __init__(self, number):
        self.number = number
    def __del__(self):
        print('gone', self.number)
def keep(holder, number):
    if not hasattr(holder, 'item'):
        holder.item = Loud(number)
async def main():
    def holder(): pass
    loop = asyncio.get_running_loop()
    for number in range(2):
        loop.call_later(0.1, keep, holder, number)
    await asyncio.sleep(0.2)
    holder = None
    print('end')
asyncio.run(main())
";
const RESULTS: &str = "import threading
numbers = [3, 2, 1]
class Taker(threading.Thread):
    def run(self):
        self.result = numbers.pop()
takers = []
for _ in range(3):
    taker = Taker()
    takers.append(taker)
    taker.start()
for taker in takers:
    taker.join()
print([taker.result for taker in takers])
";
const LISTS: &str = "import threading
numbers = [3, 2, 1]
def work(out):
    out.append(numbers.pop())
threads, lists = [], []
for _ in range(3):
    out = []
    thread = threading.Thread(target=work, args=(out,))
    lists.append(out)
    threads.append(thread)
    thread.start()
for thread in threads:
    thread.join()
print(lists)
";
const OPPOSITE: &str = "import threading
one = threading.Lock()
two = threading.Lock()
def take(first, second):
    with first:
        with second:
            print('both')
a = threading.Thread(target=take, args=(one, two))
b = threading.Thread(target=take, args=(two, one))
a.start(); b.start(); a.join(); b.join()
print('end')
";
const SEMAPHORE: &str = "import threading
room = threading.Semaphore(1)
def visit(name):
    with room:
        print(name)
for name in 'abc':
    threading.Thread(target=visit, args=(name,)).start()
";
const EVENT: &str = "import threading
ready = threading.Event()
seen = []
def wait(name):
    ready.wait()
    seen.append(name)
ts = [threading.Thread(target=wait, args=(n,)) for n in 'ab']
for t in ts: t.start()
ready.set()
for t in ts: t.join()
print(seen)
";
const QUEUE: &str = "import threading, queue
work = queue.Queue(1)
def make():
    for n in range(2):
        work.put(n)
def take():
    print(work.get())
ts = [threading.Thread(target=f) for f in (make, take, take)]
for t in ts: t.start()
for t in ts: t.join()
";
const ATTRIBUTE: &str = "import threading
class Account:
    def __init__(self):
        self.balance = 0
account = Account()
def deposit():
    account.balance += 1
ts = [threading.Thread(target=deposit) for _ in range(2)]
for t in ts: t.start()
for t in ts: t.join()
print(account.balance)
";
const MAIN: &str = "import threading
state = {}
def fill():
    state['a'] = 1
    state['b'] = 2
t = threading.Thread(target=fill)
t.start()
print(sorted(state))
t.join()
";
const CONDITION: &str = "import threading
changed = threading.Condition()
items = []
def put(n):
    with changed:
        items.append(n)
        changed.notify()
def get():
    with changed:
        while not items:
            changed.wait()
        print(items.pop())
ts = [threading.Thread(target=get), threading.Thread(target=put, args=(1,)), threading.Thread(target=put, args=(2,)), threading.Thread(target=get)]
for t in ts: t.start()
for t in ts: t.join()
";
const SLEEP: &str = "import threading, time
def say(name, seconds):
    time.sleep(seconds)
    print(name)
    print(name)
ts = [threading.Thread(target=say, args=a) for a in [('a', 0.1), ('b', 0.1), ('c', 0.2)]]
for t in ts: t.start()
for t in ts: t.join()
";
const DIES: &str = "import threading
d = {'k': 1}
def take():
    if 'k' in d:
        print(d.pop('k'))
ts = [threading.Thread(target=take) for _ in range(2)]
for t in ts: t.start()
for t in ts: t.join()
print(len(d))
";
/// Two timers of one moment: each first, in one iteration of the loop or in two.
const TIMERS: &str = "import asyncio
async def say(name):
    await asyncio.sleep(0.1)
    print(name)
    await asyncio.sleep(0)
    print(name)
async def main():
    await asyncio.gather(say('a'), say('b'))
asyncio.run(main())
";
/// The result and the cancellation arrive in the same iteration, or one after the other.
const TIMEOUT: &str = "import asyncio
async def work():
    await asyncio.sleep(0.1)
    return 'done'
async def main():
    try:
        print(await asyncio.wait_for(work(), 0.1))
    except asyncio.TimeoutError:
        print('too late')
asyncio.run(main())
";
/// Accept one, then cancel: can a second one slip in?
const ACCEPTOR: &str = "import asyncio
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
    clients = [asyncio.create_task(client(arrivals, n)) for n in 'AB']
    await enough.wait()
    acceptor.cancel()
    await asyncio.wait([acceptor, *clients])
    print(*accepted)
asyncio.run(main())
";
