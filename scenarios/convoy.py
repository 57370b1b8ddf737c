# /// interleave
# title = "The convoy"
# summary = "Beside a computing thread, each message of 1 ms waits a whole switch interval for the GIL."
# chapter = "Cost"
# order = 420
# claims = ["C32"]
# runtimes = ["threads", "free-threaded"]
# python = "3.12"
# opening = 71
#
# [expect]
# opening = "chat takes the GIL, after waiting"
# output = """
# message 1
# message 2
# message 3
# """
# findings = []
# ///
import threading
from workload import compute, download

def crunch():
    compute(0.05)

def chat():
    for number in range(1, 4):
        download("message", 0.001)
        print("message", number)

a = threading.Thread(target=crunch, name="crunch")
b = threading.Thread(target=chat, name="chat")
a.start(); b.start()
a.join(); b.join()
