# /// interleave
# title = "One more, please, with threads"
# summary = "A thread cannot be cancelled, only asked to stop; until it looks, it has accepted the next connection."
# chapter = "Races and locks"
# order = 263
# claims = ["C24", "C26"]
# runtimes = ["threads", "free-threaded"]
# python = "3.12"
# opening = 38
#
# [expect]
# output = "accepted: A B\n"
# findings = []
# opening = "main blocks at `one.wait()`"
# ///
import queue, threading

arrivals = queue.Queue()
one = threading.Event()
enough = threading.Event()
accepted = []

def goes_on():
    return not enough.is_set()

def accept():
    while goes_on():
        name = arrivals.get()
        if name is None:
            break
        accepted.append(name)
        one.set()

acceptor = threading.Thread(target=accept, name="acceptor")
acceptor.start()
arrivals.put("A")
arrivals.put("B")
one.wait()
enough.set()
arrivals.put(None)
acceptor.join()
print("accepted:", *accepted)
