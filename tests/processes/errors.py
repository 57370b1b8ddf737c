import multiprocessing as mp, threading, sys, os, pickle
class F:
    @staticmethod
    def dumps(x): CH.send(x)
AA,CH=mp.Pipe()
lam=lambda x:x
def main():
    def loc(): pass
    class C: pass
    def gen(): yield 1
    for x in (loc, C, C(), threading.Lock(), threading.RLock(), gen(), sys, threading.Event(), {}.keys(), mp.Lock(), mp.Queue(), mp.Value('i',0), open("f.tmp","w")):
        try: F.dumps(x); print("ok",type(x))
        except BaseException as e: print(type(x).__name__, "->", type(e).__module__, type(e).__name__, e)
if __name__=="__main__":
    main()
    a,b=mp.Pipe()
    a.close()
    for f in (lambda:a.send(1), lambda:b.recv(), lambda: b.send(1), lambda: a.poll()):
        try: print(f())
        except BaseException as e: print(type(e).__name__, e)
    r,w=mp.Pipe(False)
    for f in (lambda:r.send(1), lambda:w.recv(), lambda: w.poll(), lambda: repr(r).split(" at")[0]):
        try: print(f())
        except BaseException as e: print(type(e).__name__, e)
    r.close()
    try: w.send(1)
    except BaseException as e: print(type(e).__name__, e)
    l=mp.Lock(); print(l); l.acquire(); print(l, l.acquire(False)); l.release()
    try: l.release()
    except BaseException as e: print(type(e).__name__, e)
    rl=mp.RLock(); print(rl); rl.acquire(); rl.acquire(); print(rl); rl.release(); rl.release()
    try: rl.release()
    except BaseException as e: print(type(e).__name__, e)
    s=mp.Semaphore(2); print(s); s.acquire(); print(s, s.get_value()); b=mp.BoundedSemaphore(1); print(b)
    try: b.release()
    except BaseException as e: print(type(e).__name__, e)
    e=mp.Event(); print(e.is_set(), e.wait(0.01)); c=mp.Condition(); print(c)
    try: c.notify()
    except BaseException as e: print(type(e).__name__, e)
    try: c.wait()
    except BaseException as e: print(type(e).__name__, e)
    v=mp.Value('i',7); print(v); v.value+=1; print(v.value, v.get_lock()); 
    try: v.value="x"
    except BaseException as e: print(type(e).__name__, e)
    try: v.value=1.5
    except BaseException as e: print(type(e).__name__, e)
    v.value=2**31; print(v.value)
    d=mp.Value('d',1); print(d.value, d); 
    a=mp.Array('i',[1,2,3]); print(a[:], len(a), list(a)); a[0]=9; a[1:]=[5,6]; print(a[:])
    try: a[7]
    except BaseException as e: print(type(e).__name__, e)
    try: a[7]=1
    except BaseException as e: print(type(e).__name__, e)
    a=mp.Array('d',3); print(a[:]); 
    r=mp.Value('i',0,lock=False); print(r); r.value+=1; print(r.value)
    r=mp.Array('i',2,lock=False); print(r[:])
    c=mp.Array('c',b'hello'); print(c.value, c.raw, c[:])
    p=mp.Process(target=main, name="x"); print(repr(p).replace(str(os.getpid()),"PID"), p.is_alive(), p.exitcode, p.pid, p.daemon)
    for f in (p.join, p.terminate, p.kill, p.close):
        try: print(f())
        except BaseException as e: print(type(e).__name__, e)
    try: p.is_alive()
    except BaseException as e: print(type(e).__name__, e)
    q=mp.Queue(); print(q.empty(), q.full(), q.qsize()); 
    try: q.get_nowait()
    except BaseException as e: print(type(e).__module__, type(e).__name__, e)
    try: q.get(timeout=0.01)
    except BaseException as e: print(type(e).__module__, type(e).__name__, e)
    q=mp.Queue(1); q.put(1); 
    try: q.put(1, block=False)
    except BaseException as e: print(type(e).__module__, type(e).__name__, e)
    q.get()
    q.close()
    try: q.put(1)
    except BaseException as e: print(type(e).__module__, type(e).__name__)
    try: q.get()
    except BaseException as e: print(type(e).__module__, type(e).__name__)
    j=mp.JoinableQueue()
    try: j.task_done()
    except BaseException as e: print(type(e).__module__, type(e).__name__, e)
    print(mp.current_process(), mp.parent_process(), mp.active_children(), mp.get_start_method(), mp.get_all_start_methods())
    try: mp.set_start_method("fork")
    except BaseException as e: print(type(e).__module__, type(e).__name__, e)
    try: mp.get_context("foo")
    except BaseException as e: print(type(e).__module__, type(e).__name__, e)
    q2=mp.Queue(); q2.put(threading.Lock()); import time; time.sleep(.3)
