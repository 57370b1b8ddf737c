# /// interleave
# title = "One condition for two sorts of waiting"
# summary = "Makers and takers wait at one condition; notify wakes a maker when a taker was meant, and all sleep on."
# chapter = "Races and locks"
# order = 256
# claims = ["C20"]
# runtimes = ["threads", "free-threaded"]
# python = "3.12"
# opening = 63
#
# [expect]
# output = "all done\n"
# findings = []
# opening = "Thread-3 notifies changed"
# ///
import threading

buffer = []
changed = threading.Condition()

def make():
    with changed:
        while buffer:
            changed.wait()
        buffer.append("bread")
        changed.notify()

def take():
    with changed:
        while not buffer:
            changed.wait()
        buffer.pop()
        changed.notify()

tasks = [make, make, take, take]
tasks = [threading.Thread(target=task) for task in tasks]
for task in tasks: task.start()
for task in tasks: task.join()
print("all done")
