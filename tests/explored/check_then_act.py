import threading

go = False
made = []

def connect():
    return 'connection'

def work():
    while not go:
        pass
    if len(made) == 0:
        made.append(connect())

ts = [threading.Thread(target=work) for _ in range(3)]
for t in ts:
    t.start()
go = True
for t in ts:
    t.join()
print(len(made))
