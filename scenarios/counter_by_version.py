# /// interleave
# title = "It depends on the version"
# summary = "In CPython 3.9 a thread can be stopped between the read and the write of a counter, since 3.10 only where the loop turns."
# chapter = "Races and locks"
# order = 214
# claims = ["C14"]
# runtimes = ["threads", "free-threaded"]
# python = "3.12"
# opening = 25
#
# [expect]
# output = "4\n"
# findings = []
# opening = "A reads counter = 1"
# ///
import threading

counter = 0

def count():
    global counter
    for _ in range(2):
        counter += 1

a = threading.Thread(target=count, name="A")
b = threading.Thread(target=count, name="B")
a.start(); b.start()
a.join(); b.join()
print(counter)
