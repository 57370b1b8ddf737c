# /// interleave
# title = "Made twice, in spite of the lock"
# summary = "Who asks before the lock whether it is there must ask again behind it."
# chapter = "Races and locks"
# order = 247
# claims = ["C21"]
# runtimes = ["threads", "free-threaded"]
# python = "3.12"
# opening = 44
#
# [expect]
# output = "made 2\n"
# findings = []
# opening = "B reads settings = None"
# ///
import threading
from workload import query

settings = None
made = 0
lock = threading.Lock()

def get():
    global settings, made
    if settings is None:
        with lock:
            made += 1
            settings = query("SELECT", 0.1)
    return settings

a = threading.Thread(target=get, name="A")
b = threading.Thread(target=get, name="B")
a.start(); b.start()
a.join(); b.join()
print("made", made)
