import threading, time, sys

class Mine(threading.Thread):
    def __init__(self, n):
        super().__init__(daemon=True)
        self.n = n
    def run(self):
        print("run", self.n, self.name, self.daemon, threading.current_thread() is self)
        time.sleep(0.1)
ts = [Mine(n) for n in range(2)]
for t in ts:
    t.start(); time.sleep(0.005)
ts[0].join(0.001)
print(ts[0].is_alive()); ts[0].join(); print(ts[0].is_alive())
for f in (ts[0].start, lambda: threading.Thread().join(), lambda: threading.current_thread().join()):
    try: f()
    except RuntimeError as x: print(x)
class Bad(threading.Thread):
    def __init__(self): pass
for f in (lambda: Bad().start(), lambda: Bad().join(), lambda: Bad().name):
    try: f()
    except (RuntimeError, AssertionError) as x: print(type(x), x)
def f(): pass
print(threading.Thread(target=f).name, threading.Thread(target=lambda: 1).name, threading.Thread(name="n").name, threading.Thread().name)
print(threading.Thread(name=5).name, threading.main_thread().name, threading.current_thread() is threading.main_thread())
t = threading.Thread(target=f); t.name = "other"; print(t.name, t.ident, t.daemon); t.daemon = True; print(t.daemon)
t.start(); t.join()
try: t.daemon = False
except RuntimeError as x: print(x)
hooked = []
def hook(args): print("hook", args.exc_type, args.exc_value, args.thread.name)
threading.excepthook = hook
def boom(): raise KeyError(1)
t = threading.Thread(target=boom); t.start(); t.join()
def leave(): sys.exit(3)
threading.excepthook = threading.__excepthook__
t = threading.Thread(target=leave); t.start(); t.join()
timer = threading.Timer(0.02, print, ["timer", "fired"]); timer.start(); timer.join()
timer = threading.Timer(0.02, print, ["timer", "fired"]); timer.start(); timer.cancel(); timer.join()
def child():
    def inner(): print("inner", threading.current_thread().daemon)
    i = threading.Thread(target=inner); i.start(); i.join()
t = threading.Thread(target=child, daemon=True); t.start(); t.join()
l = threading.local(); l.x = 1
def other():
    print(hasattr(l, "x")); l.x = 2
t = threading.Thread(target=other); t.start(); t.join(); print(l.x)
def waits(): main = threading.main_thread(); main.join(0.01); print(main.is_alive())
t = threading.Thread(target=waits); t.start(); t.join()
