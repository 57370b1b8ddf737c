import threading

go = False
seen = []

def work(name):
    while not go:
        pass
    seen.append(name + '1')
    seen.append(name + '2')

ts = [threading.Thread(target=work, args=(n,)) for n in 'ab']
for t in ts:
    t.start()
go = True
for t in ts:
    t.join()
print(' '.join(seen))
