# /// interleave
# title = "Messages between processes"
# summary = "What goes through a queue is a copy: the other process changes its own list, not this one."
# chapter = "Cost"
# order = 430
# claims = ["C44"]
# runtimes = ["threads"]
# python = "3.12"
# opening = 26
#
# [expect]
# opening = "worker puts [1, 2, 3, 6] into results"
# output = "sent [1, 2, 3], got [1, 2, 3, 6]\nsent [4, 5], got [4, 5, 9]\n"
# findings = []
# ///
from multiprocessing import Process, SimpleQueue

def work(tasks, results):
    while (numbers := tasks.get()) is not None:
        numbers.append(sum(numbers))
        results.put(numbers)

if __name__ == "__main__":
    tasks, results = SimpleQueue(), SimpleQueue()
    worker = Process(target=work, args=(tasks, results),
                     name="worker")
    worker.start()
    for numbers in [1, 2, 3], [4, 5]:
        tasks.put(numbers)
        print(f"sent {numbers}, got {results.get()}")
    tasks.put(None)
    worker.join()
