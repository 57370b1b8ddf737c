# /// interleave
# title = "Dining philosophers"
# summary = "All take the fork on their left, then each waits for ever for the one on the right."
# chapter = "Races and locks"
# order = 252
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
import threading, time

forks = [threading.Lock() for _ in range(5)]

def dine(seat):
    left = forks[seat]
    right = forks[(seat + 1) % 5]
    with left:
        time.sleep(0.1)
        with right:
            print(seat, "eats")

for seat in range(5):
    threading.Thread(target=dine, args=(seat,)).start()
