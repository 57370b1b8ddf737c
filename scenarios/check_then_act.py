# /// interleave
# title = "Check, then act"
# summary = "Each step is safe by itself, and still both threads find no connection and both make one."
# chapter = "Races and locks"
# order = 246
# claims = ["C21"]
# runtimes = ["threads", "free-threaded"]
# python = "3.12"
# opening = 38
#
# [expect]
# output = "A connects\nB connects\n"
# findings = []
# opening = "B reads connection"
# ///
import threading
from workload import query

connection = None

def connect(name):
    global connection
    if connection is None:
        print(name, "connects")
        connection = query("CONNECT", 0.1)

a = threading.Thread(target=connect, args=("A",), name="A")
b = threading.Thread(target=connect, args=("B",), name="B")
a.start(); b.start()
a.join(); b.join()
