import threading

go = False
counter = 0

def work():
    global counter
    while not go:
        pass
    for _ in range(2):
        seen = counter
        counter = seen + 1

ts = [threading.Thread(target=work) for _ in range(2)]
for t in ts:
    t.start()
go = True
for t in ts:
    t.join()
print(counter)
