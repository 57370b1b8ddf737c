# A daemon thread that still runs keeps the program's variables.
import threading, time
class B:
    def __init__(self, n): self.n = n
    def __del__(self): print("del", self.n)
def forever():
    b = B("in daemon")
    while True:
        time.sleep(60)
threading.Thread(target=forever, daemon=True).start()
time.sleep(0.5)
a = B("a")
def w():
    c = B("w"); c.me = c
threading.Thread(target=w).start()
print("end")
