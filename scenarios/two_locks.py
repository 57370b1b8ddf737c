# /// interleave
# title = "Two locks in opposite order"
# summary = "Each thread holds the account that the other one waits for, for ever."
# chapter = "Races and locks"
# order = 250
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

alice = threading.Lock()
bob = threading.Lock()

def transfer(source, target):
    with source:
        query("SELECT balance", 0.1)
        with target:
            print("transferred")

a = threading.Thread(
    target=transfer, args=(alice, bob), name="A")
b = threading.Thread(
    target=transfer, args=(bob, alice), name="B")
a.start(); b.start()
a.join(); b.join()
print("both transferred")
