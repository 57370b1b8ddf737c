# /// interleave
# title = "A sleep is no lock"
# summary = "The second thread sleeps long enough, today; with sleeps that may end at any moment its update can get lost."
# chapter = "Races and locks"
# order = 216
# claims = ["C14"]
# runtimes = ["threads", "free-threaded"]
# python = "3.12"
# opening = 63
#
# [expect]
# output = "2\n"
# findings = []
# opening = "B reads counter = 1"
# ///
import threading, time

counter = 0

def save(value):
    global counter
    counter = value

def deposit(pause):
    time.sleep(pause)
    value = counter
    save(value + 1)

a = threading.Thread(target=deposit, args=(0.1,), name="A")
b = threading.Thread(target=deposit, args=(0.2,), name="B")
a.start(); b.start()
a.join(); b.join()
print(counter)
