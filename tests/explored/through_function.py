import threading

go = False
counter = 0

def save(value):
    global counter
    counter = value

def work():
    while not go:
        pass
    for _ in range(2):
        seen = counter
        save(seen + 1)

ts = [threading.Thread(target=work) for _ in range(2)]
for t in ts:
    t.start()
go = True
for t in ts:
    t.join()
print(counter)
