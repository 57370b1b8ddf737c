# /// interleave
# title = "The lost deposit, with a lock"
# summary = "One lock around the read and the write: no deposit is lost, and the other thread waits."
# chapter = "Races and locks"
# order = 220
# claims = ["C16"]
# runtimes = ["threads", "free-threaded"]
# python = "3.12"
# switch-interval = "0.35us"
# cost-switch = 0
# wake-latency = 0
# opening = 74
#
# [expect]
# opening = "B blocks at `with lock:` until A releases lock"
# output = "4\n"
# findings = []
# ///
import threading

counter = 0
lock = threading.Lock()

def save(value):
    global counter
    counter = value

def deposit(times):
    for _ in range(times):
        with lock:
            value = counter
            save(value + 1)

a = threading.Thread(target=deposit, args=(2,), name="A")
b = threading.Thread(target=deposit, args=(2,), name="B")
a.start(); b.start()
a.join(); b.join()
print(counter)
