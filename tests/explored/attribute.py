import threading

go = False

class Account(object):
    def __init__(self):
        self.balance = 0

    def deposit(self, amount):
        self.balance = self.added(amount)

    def added(self, amount):
        return self.balance + amount

account = Account()

def work(amount):
    while not go:
        pass
    account.deposit(amount)
    account.deposit(amount)

ts = [threading.Thread(target=work, args=(n,)) for n in (1, 10)]
for t in ts:
    t.start()
go = True
for t in ts:
    t.join()
print(account.balance)
