# /// interleave
# title = "Two threads, then two processes"
# summary = "Threads share one GIL and one memory. Each process has its own of both: they compute at the same time, and apart."
# chapter = "Cost"
# order = 415
# claims = ["C32", "C33", "C44"]
# runtimes = ["threads"]
# python = "3.12"
# opening = 156
#
# [expect]
# opening = "B takes the GIL: nobody holds it"
# output = "threads: 2 done\nprocesses: 0 done\n"
# findings = []
# time = "93ms"
# ///
from multiprocessing import Process
from threading import Thread
from workload import compute

done = 0

def thumbnail():
    global done
    compute(0.03)
    done += 1

def run(what, a, b):
    global done
    done = 0
    a.start(); b.start()
    a.join(); b.join()
    print(f"{what}: {done} done")

if __name__ == "__main__":
    run("threads", Thread(target=thumbnail, name="T"),
        Thread(target=thumbnail, name="U"))
    run("processes", Process(target=thumbnail, name="A"),
        Process(target=thumbnail, name="B"))
