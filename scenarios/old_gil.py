# /// interleave
# title = "The old GIL"
# summary = "Before Python 3.2 the GIL was let go every 100 ticks; on two cores the woken thread mostly came too late."
# chapter = "Cost"
# order = 425
# claims = ["C32"]
# runtimes = ["threads"]
# python = "2.7"
# racy = true
# opening = 452
#
# [expect]
# opening = "lets go of the GIL after 100 ticks"
# output = "0\n0\n"
# findings = []
# ///
import threading

def count_down():
    n = 400
    while n > 0:
        n -= 1
    print(n)

a = threading.Thread(target=count_down, name="A")
b = threading.Thread(target=count_down, name="B")
a.start(); b.start()
a.join(); b.join()
