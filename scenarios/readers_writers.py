# /// interleave
# title = "Readers and a writer"
# summary = "Readers share the room and the writer wants it empty; while they come and go it may wait for ever."
# chapter = "Races and locks"
# order = 257
# claims = ["C20"]
# runtimes = ["threads", "free-threaded"]
# python = "3.12"
# switch-interval = "50us"
# opening = 2722
#
# [expect]
# output = "closed\n"
# always = "closed\n"
# findings = []
# opening = "main blocks at `with room"
# ///
import threading

room = threading.Lock()
guard = threading.Lock()
readers, closed = 0, False

def read():
    global readers
    while True:
        with guard:
            readers += 1
            if readers == 1:
                room.acquire()
        done = closed
        with guard:
            readers -= 1
            if readers == 0:
                room.release()
        if done:
            return

ts = [threading.Thread(target=read) for _ in range(2)]
for t in ts: t.start()
with room:
    closed = True
for t in ts: t.join()
print("closed")
