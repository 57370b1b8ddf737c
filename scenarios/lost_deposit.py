# /// interleave
# title = "The lost deposit"
# summary = "Two threads read the same counter, both add one, and a deposit is gone."
# chapter = "Races and locks"
# order = 210
# claims = ["C14"]
# runtimes = ["threads", "free-threaded"]
# python = "3.12"
# switch-interval = "0.35us"
# cost-switch = 0
# wake-latency = 0
# twin = "lost_deposit_lock"
# opening = "finding"
# racy = true
#
# [expect]
# findings = ["lost-update"]
#
# [expect.threads]
# output = "3\n"
#
# [expect.free-threaded]
# output = "2\n"
# ///
import threading

counter = 0

def save(value):
    global counter
    counter = value

def deposit(times):
    for _ in range(times):
        value = counter
        save(value + 1)

a = threading.Thread(target=deposit, args=(2,), name="A")
b = threading.Thread(target=deposit, args=(2,), name="B")
a.start(); b.start()
a.join(); b.join()
print(counter)
