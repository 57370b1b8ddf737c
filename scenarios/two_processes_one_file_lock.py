# /// interleave
# title = "Two processes, one file, with a lock"
# summary = "The operating system's lock on the file reaches where no lock of Python's memory does."
# chapter = "Races and locks"
# order = 292
# claims = ["C18"]
# runtimes = ["threads"]
# python = "3.12"
# opening = 43
#
# [expect]
# opening = "B blocks at `flock(file, LOCK_EX)` until A releases lock"
# output = "4\n"
# findings = []
# ///
import os
from fcntl import LOCK_EX, flock
from multiprocessing import Process
from workload import compute

def deposit(times):
    for _ in range(times):
        with open("balance.txt", "r+") as file:
            flock(file, LOCK_EX)
            balance = int(file.read())
            compute(0.002)
            file.seek(0)
            file.write(str(balance + 1))

if __name__ == "__main__":
    with open("balance.txt", "w") as file:
        file.write("0")
    a = Process(target=deposit, args=(2,), name="A")
    b = Process(target=deposit, args=(2,), name="B")
    a.start(); b.start()
    a.join(); b.join()
    with open("balance.txt") as file:
        print(file.read())
    os.remove("balance.txt")
