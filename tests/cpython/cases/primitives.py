import threading, time
from threading import *

def spawn(f, *a, **k):
    t = threading.Thread(target=f, args=a, **k)
    t.start()
    return t

out = []
lock = threading.Lock()
def worker(n):
    time.sleep(n * 0.03 + 0.03)
    with lock:
        print("worker", n, threading.current_thread().name)
        time.sleep(0.03)
ts = [spawn(worker, n) for n in range(3)]
print(threading.active_count(), [t.name for t in threading.enumerate()])
for t in ts:
    t.join()
print([t.is_alive() for t in ts])

e = threading.Event()
def waiter(n):
    print("waiter", n, e.wait(0.03 if n == 0 else None))
ts = [spawn(waiter, n) for n in range(2)]
time.sleep(0.06); e.set(); [t.join() for t in ts]
print(e.is_set(), e.wait(), e.clear(), e.wait(0.01), e.wait(0))

c = threading.Condition()
items = []
def consumer(n):
    with c:
        while not items:
            c.wait()
        print("consumed", n, items.pop(0))
ts = []
for n in range(3):
    ts.append(spawn(consumer, n)); time.sleep(0.01)
for n in range(3):
    time.sleep(0.01)
    with c:
        items.append(n); c.notify()
[t.join() for t in ts]
with c:
    print(c.wait(0.01), c.wait_for(lambda: False, 0.01), c.wait_for(lambda: 7))
for f in (c.wait, c.notify, c.notify_all):
    try: f()
    except RuntimeError as x: print(x)
c2 = threading.Condition(threading.Lock())
try: c2.notify()
except RuntimeError as x: print(x)
r = threading.RLock()
c3 = threading.Condition(r)
def notifier():
    with c3: c3.notify_all()
with c3:
    with c3:
        spawn(notifier)
        print(c3.wait(1))
try: r.release()
except RuntimeError as x: print(x)

s = threading.Semaphore(2)
def sem(n):
    with s:
        print("in", n); time.sleep(0.05)
ts = []
for n in range(4):
    ts.append(spawn(sem, n)); time.sleep(0.01)
[t.join() for t in ts]
print(s.acquire(), s.acquire(timeout=0.01), s.acquire(False), s.acquire(blocking=False))
s.release(3)
b = threading.BoundedSemaphore(1)
for f in (b.release, lambda: b.release(0), lambda: b.acquire(False, 1), lambda: threading.Semaphore(-1)):
    try: f()
    except ValueError as x: print(x)

bar = threading.Barrier(3, action=lambda: print("action"))
def party(n):
    time.sleep(0.01 * n)
    try:
        bar.wait(); out.append(n)
    except threading.BrokenBarrierError as x: print("broken", repr(x))
def run(k):
    ts = [spawn(party, n) for n in range(k)]
    return ts
got = run(3); [t.join() for t in got]
ts = run(2); time.sleep(0.05); print(bar.n_waiting, bar.parties, bar.broken); bar.abort(); [t.join() for t in ts]
print(bar.broken); bar.reset(); print(bar.broken)
ts = run(1); time.sleep(0.02); bar.reset(); [t.join() for t in ts]
try: bar.wait(0.01)
except threading.BrokenBarrierError as x: print(repr(x), bar.broken)
