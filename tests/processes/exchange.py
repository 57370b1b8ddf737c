import multiprocessing as mp
import time, threading
def work(n):
    t = 0
    for i in range(n): t += i
    return t
def w(q, n): q.put((mp.current_process().name, work(n)))
def echo(c):
    while True:
        try: x = c.recv()
        except EOFError:
            print("eof"); break
        c.send([x, x])
def add(v, l, n):
    for _ in range(n):
        with v.get_lock():
            v.value += 1
        l[0] += 1
def waiter(e, q):
    e.wait(); q.put("woken")
def bar(b, q):
    b.wait(); q.put("past")
def prod(q, n):
    for i in range(n): q.put(i)
def cons(q, out):
    while True:
        x = q.get()
        out.put(x*x); q.task_done()
if __name__ == "__main__":
    t = time.perf_counter()
    q = mp.Queue()
    ps = [mp.Process(target=w, args=(q, 1000)) for i in range(2)]
    for p in ps: p.start()
    r = [q.get() for p in ps]; print(sorted(r))
    for p in ps: p.join()
    t = time.perf_counter()
    ts = [threading.Thread(target=work, args=(1000,)) for i in range(2)]
    for p in ts: p.start()
    for p in ts: p.join()
    a, b = mp.Pipe()
    p = mp.Process(target=echo, args=(b,)); p.start(); b.close()
    a.send({"x": [1, 2.5, "s", (None, True)], 3: {1, 2}}); print(a.recv()); 
    a.close(); p.join(1); print(p.exitcode)
    p.terminate(); p.join(); print(p.exitcode)
    v = mp.Value("i", 0); arr = mp.Array("i", 2)
    ps = [mp.Process(target=add, args=(v, arr, 50)) for i in range(2)]
    for p in ps: p.start()
    for p in ps: p.join()
    print(v.value, arr[:])
    e = mp.Event(); q = mp.SimpleQueue()
    p = mp.Process(target=waiter, args=(e, q)); p.start(); time.sleep(.1); e.set(); print(q.get()); p.join()
    b = mp.Barrier(2); ps = [mp.Process(target=bar, args=(b, q)) for i in range(2)]
    for p in ps: p.start()
    print(q.get(), q.get())
    for p in ps: p.join()
    j = mp.JoinableQueue(); o = mp.Queue()
    p = mp.Process(target=cons, args=(j, o), daemon=True); p.start()
    for i in range(5): j.put(i)
    j.join(); print([o.get() for i in range(5)])
