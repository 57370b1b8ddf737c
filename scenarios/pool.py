# /// interleave
# title = "A pool of two"
# summary = "Each worker holds one connection and waits for a second one; the pool has none left."
# chapter = "Races and locks"
# order = 254
# claims = ["C19"]
# runtimes = ["threads", "free-threaded"]
# python = "3.12"
# opening = "finding"
#
# [expect]
# output = ""
# end = "deadlock"
# findings = ["deadlock"]
# ///
import threading
from workload import query

pool = threading.Semaphore(2)

def audit():
    with pool:
        query("INSERT INTO log", 0.1)

def handle(name):
    with pool:
        query("SELECT", 0.1)
        audit()
        print(name, "is served")

for name in ["A", "B"]:
    threading.Thread(target=handle, args=(name,)).start()
