# /// interleave
# title = "Two threads that compute"
# summary = "Under the GIL two computing threads take as long as one after the other; without it, half."
# chapter = "Cost"
# order = 410
# claims = ["C32", "C33"]
# runtimes = ["threads", "free-threaded"]
# python = "3.12"
# racy = true
# opening = 71
#
# [expect]
# opening = "A drops the GIL, because B asked for it"
#
# [expect.threads]
# output = "0.06 s\n"
# findings = []
#
# [expect.free-threaded]
# output = "0.03 s\n"
# findings = []
# ///
import threading
import time
from workload import compute

def thumbnail():
    compute(0.03)

a = threading.Thread(target=thumbnail, name="A")
b = threading.Thread(target=thumbnail, name="B")
start = time.monotonic()
a.start(); b.start()
a.join(); b.join()
print(f"{time.monotonic() - start:.2f} s")
