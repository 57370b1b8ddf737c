# /// interleave
# title = "Two processes, one file"
# summary = "No memory is shared and nothing is asynchronous, and yet a deposit is lost: the file is shared."
# chapter = "Races and locks"
# order = 291
# claims = ["C18"]
# runtimes = ["threads"]
# python = "3.12"
# opening = "finding"
# racy = true
#
# [expect]
# output = "2\n"
# findings = ["lost-update"]
# ///
import os
from multiprocessing import Process
from workload import compute

def deposit(times):
    for _ in range(times):
        with open("balance.txt", "r+") as file:
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
