# /// interleave
# title = "Philosophers who keep an order"
# summary = "All take the fork with the lower number first, and no order of steps ends in a deadlock."
# chapter = "Races and locks"
# order = 253
# claims = ["C19"]
# runtimes = ["threads", "free-threaded"]
# python = "3.12"
# opening = 27
#
# [expect]
# always = "all have eaten\n"
# output = "all have eaten\n"
# findings = []
# opening = "Thread-1 takes lock"
# ///
import threading

forks = [threading.Lock() for _ in range(5)]

def dine(seat):
    right = (seat + 1) % 5
    with forks[min(seat, right)]:
        with forks[max(seat, right)]:
            pass

guests = []
for seat in range(5):
    guest = threading.Thread(target=dine, args=(seat,))
    guests.append(guest)
    guest.start()
for guest in guests:
    guest.join()
print("all have eaten")
