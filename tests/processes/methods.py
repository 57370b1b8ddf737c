import multiprocessing as mp
import os
class P:
    def __init__(self, x): self.x = x
    def __eq__(self, o): return self.x == o.x
    def m(self): return self.x + 1
    def __repr__(self): return f"P({self.x})"
counter = 10
print("top", __name__)
def f(q, p):
    q.put((counter, p.x, __name__, mp.current_process().name, p))
def call(m, q): q.put(m())
def lockit(l, v, e, c):
    with l: v.value += 1
    e.wait()
    c.send("done"); c.close()
class Sub(mp.Process):
    def __init__(self, n):
        super().__init__(); self.n = n
    def run(self): print("sub", self.n, self.name)
def boom(): raise KeyError("k")
def ex(c): raise SystemExit(c)
if __name__ == "__main__":
    counter = 20
    for method in ("fork", "spawn"):
        c = mp.get_context(method)
        q = c.Queue()
        p = c.Process(target=f, args=(q, P(3)))
        p.start(); print(q.get()); p.join(); print(p.exitcode, p.name)
        p = c.Process(target=call, args=(P(4).m, q)); p.start(); print(q.get()); p.join()
        l, v, e = c.Lock(), c.Value("i", 5), c.Event()
        a, b = c.Pipe()
        p = c.Process(target=lockit, args=(l, v, e, b), name="locker"); p.start(); b.close(); e.set()
        print(a.recv())
        try: a.recv()
        except EOFError: print("EOF")
        p.join(); print(v.value, p.name)
        for code in (0, 3, None, "text"):
            p = c.Process(target=ex, args=(code,)); p.start(); p.join(); print(p.exitcode)
        p = c.Process(target=boom); p.start(); p.join(); print(p.exitcode)
    s = Sub(4); s.start(); s.join()
    mp.set_start_method("spawn", force=True)
    s = Sub(5); s.start(); s.join(); print(mp.get_start_method())
    try:
        mp.Process(target=lambda: 1).start()
    except Exception as e: print(type(e).__name__)
    with mp.Pool(1) as pool: print(pool.map(P, [1, 2]))
    p = mp.Process(target=boom, daemon=True); p.start(); p.join(); print(p.exitcode, mp.active_children())
