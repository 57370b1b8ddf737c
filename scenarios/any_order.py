# /// interleave
# title = "Threads in any order"
# summary = "Two threads print three times each; nothing in the program says in which of 20 orders."
# chapter = "How switching works"
# order = 140
# claims = ["C10"]
# runtimes = ["threads", "free-threaded"]
# python = "3.12"
# cost-switch = 0
# wake-latency = 0
# racy = true
# opening = 44
#
# [expect]
# opening = "second prints `do_second block 2`"
# findings = []
# ///
import threading

def do_first():
    print("do_first block 1")
    print("do_first block 2")
    print("do_first block 3")

def do_second():
    print("do_second block 1")
    print("do_second block 2")
    print("do_second block 3")

first = threading.Thread(target=do_first, name="first")
second = threading.Thread(target=do_second, name="second")
first.start(); second.start()
first.join(); second.join()
