import queue, threading, time

def spawn(f, *a):
    t = threading.Thread(target=f, args=a); t.start(); return t
q = queue.Queue(2)
def producer():
    for n in range(5):
        q.put(n); print("put", n); time.sleep(0.01)
def consumer():
    time.sleep(0.1)
    for n in range(5):
        time.sleep(0.02)
        print("got", q.get()); q.task_done()
ts = [spawn(producer), spawn(consumer)]
time.sleep(0.005)
q.join(); [t.join() for t in ts]
print(q.qsize(), q.empty(), q.full())
for f in (q.get_nowait, lambda: q.get(timeout=0.01), lambda: q.get(timeout=-1), q.task_done, lambda: q.get(False)):
    try: f()
    except (queue.Empty, ValueError) as x: print(type(x), x.args)
q.put(1); q.put(2)
for f in (lambda: q.put_nowait(3), lambda: q.put(3, timeout=0.01), lambda: q.put(3, True, -1)):
    try: f()
    except (queue.Full, ValueError) as x: print(type(x).__name__, x.args)
p = queue.PriorityQueue()
for n in (5, 3, 8, 1, 9, 2, 3): p.put(n)
print([p.get() for _ in range(7)], list(p.queue))
l = queue.LifoQueue()
for n in range(3): l.put(n)
print([l.get() for _ in range(3)])
s = queue.SimpleQueue()
def getter(n): print("simple", n, s.get())
ts = []
for n in range(3): ts.append(spawn(getter, n)); time.sleep(0.01)
for n in range(3): s.put(n); time.sleep(0.01)
[t.join() for t in ts]
print(s.empty(), s.qsize())
for f in (s.get_nowait, lambda: s.get(timeout=0.01), lambda: s.get(timeout=-1)):
    try: f()
    except (queue.Empty, ValueError) as x: print(type(x).__name__, x.args)
def late(): time.sleep(0.02); s.put("late")
t = spawn(late); print(s.get(timeout=1)); t.join()
if hasattr(queue, "ShutDown"):
    q = queue.Queue(1)
    def g():
        try: print(q.get())
        except queue.ShutDown as x: print("shut", x.args)
    t = spawn(g); time.sleep(0.01); q.shutdown(); t.join()
    for f in (lambda: q.put(1), q.get):
        try: f()
        except queue.ShutDown: print("shut")
