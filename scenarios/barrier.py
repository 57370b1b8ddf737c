# /// interleave
# title = "A barrier that opens once"
# summary = "It counts arrivals and opens at the last; who comes round a second time walks through the open gate."
# chapter = "Races and locks"
# order = 258
# claims = ["C20"]
# runtimes = ["threads", "free-threaded"]
# python = "3.12"
# opening = 77
#
# [expect]
# output = "1 2 1 2\n"
# always = "1 1 2 2\n"
# findings = []
# opening = "Thread-2 writes arrived = 3"
# ///
import threading

gate = threading.Event()
lock = threading.Lock()
arrived = 0
rounds = []

def wait():
    global arrived
    with lock:
        arrived += 1
        last = arrived % 2 == 0
    if last:
        gate.set()
    gate.wait()

def work():
    for turn in [1, 2]:
        wait()
        rounds.append(turn)

ts = [threading.Thread(target=work) for _ in range(2)]
for t in ts: t.start()
for t in ts: t.join()
print(*rounds)
