import threading

go = False
d = {'k': 0}

def work():
    while not go:
        pass
    for _ in range(2):
        d['k'] = d.get('k') + 1

ts = [threading.Thread(target=work) for _ in range(2)]
for t in ts:
    t.start()
go = True
for t in ts:
    t.join()
print(d['k'])
