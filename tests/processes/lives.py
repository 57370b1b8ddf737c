import multiprocessing as mp, os, sys, threading, time, random
def leaf(): print("leaf", mp.current_process().name, mp.parent_process().name)
def nest():
    p = mp.Process(target=leaf); p.start(); p.join()
    print("nest", mp.current_process().name, p.exitcode)
def forever(): time.sleep(100)
def daemon_child():
    try: mp.Process(target=leaf).start()
    except AssertionError as e: print("daemon:", e)
def with_thread():
    t = threading.Thread(target=lambda: (time.sleep(0.02), print("thread in child", threading.current_thread().name)))
    t.start()
    print("main thread over", threading.current_thread() is threading.main_thread(), threading.active_count())
def from_thread():
    p = mp.Process(target=who); p.start(); p.join()
def who(): print("who", threading.current_thread().name, threading.main_thread().name, threading.active_count())
def ids(q): q.put((os.getpid() == mp.current_process().pid, os.getppid() == mp.parent_process().pid, mp.current_process().name, mp.current_process().daemon))
def rnd(q): q.put(random.random())
def dead(l): 
    l.acquire(); os._exit(7)
class T:
    def __init__(self): self.v = [1]
    def __del__(self): print("del")
def keep(t): t.v.append(2); print(t.v)
def exits(code): sys.exit(code)
def err():
    try: 1 / 0
    except ZeroDivisionError as e: raise ValueError("chained") from e
if __name__ == "__main__":
    p = mp.Process(target=nest); p.start(); p.join()
    p = mp.Process(target=forever); p.start(); p.join(0.01); print(p.is_alive(), p.exitcode); p.terminate(); p.join(); print(p.is_alive(), p.exitcode)
    p = mp.Process(target=daemon_child, daemon=True); p.start(); p.join(); print(p.daemon)
    p = mp.Process(target=with_thread); p.start(); p.join()
    t = threading.Thread(target=from_thread, name="Maker"); t.start(); t.join()
    q = mp.SimpleQueue()
    p = mp.Process(target=ids, args=(q,), name="named"); p.start(); print(q.get()); p.join()
    random.seed(1); ps = [mp.Process(target=rnd, args=(q,)) for _ in range(2)]
    for p in ps: p.start()
    a, b = q.get(), q.get(); print(a != b, random.random())
    for p in ps: p.join()
    l = mp.Lock(); p = mp.Process(target=dead, args=(l,)); p.start(); p.join(); print(p.exitcode, l.acquire(timeout=0.01))
    t = T(); p = mp.Process(target=keep, args=(t,)); p.start(); p.join(); print(t.v); del t, p
    for c in (300, -1, "msg", None, 2.5):
        p = mp.Process(target=exits, args=(c,)); p.start(); p.join(); print(c, p.exitcode)
    p = mp.Process(target=err); p.start(); p.join(); print(p.exitcode)
    try: p.start()
    except AssertionError as e: print(e)
    p.close()
    try: p.join()
    except ValueError as e: print(e)
    p = mp.Process(target=forever); p.start()
    try: p.close()
    except ValueError as e: print(e)
    print([c.name == p.name for c in mp.active_children()]); p.kill(); p.join(); print(p.exitcode, mp.active_children())
    d = mp.Process(target=forever, daemon=True); d.start()
    w = mp.Process(target=lambda: (time.sleep(0.05), print("waited for"))); w.start()
    print("end of main")
