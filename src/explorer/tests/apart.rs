//! Programs of the tests with processes and files.

/// As [`super::SMALL`].
pub const APART: &[(&str, &str, &str)] = &[
    ("file", "3.12", FILE),
    ("lock of a file", "3.12", FLOCK),
    ("memory", "3.12", RAW),
    ("memory with a lock", "3.12", VALUE),
    ("pipe", "3.12", EOF),
    ("queue", "3.12", MESSAGES),
    ("opposite locks of processes", "3.12", CROSSED),
    ("end of a process", "3.12", ALIVE),
    ("one position in a file", "3.12", INHERITED),
    ("processes of processes", "3.12", LATER),
    ("file of threads", "3.12", THREADS),
    ("end of another process", "3.12", KILLED),
    ("end of a process with a thread", "3.12", DAEMON),
    ("directory", "3.12", LISTED),
    ("directory of threads", "3.12", LISTED_BY_A_THREAD),
];

const FILE: &str = "from multiprocessing import Process
def add():
    with open('n', 'r+') as file:
        n = int(file.read())
        file.seek(0)
        file.write(str(n + 1))
if __name__ == '__main__':
    with open('n', 'w') as file:
        file.write('0')
    ps = [Process(target=add) for _ in range(2)]
    for p in ps: p.start()
    for p in ps: p.join()
    print(open('n').read())
";
const FLOCK: &str = "from multiprocessing import Process
from fcntl import flock, LOCK_EX, LOCK_UN
def add():
    with open('n', 'r+') as file:
        flock(file, LOCK_EX)
        n = int(file.read())
        file.seek(0)
        file.write(str(n + 1))
        file.flush()
        flock(file, LOCK_UN)
if __name__ == '__main__':
    with open('n', 'w') as file:
        file.write('0')
    ps = [Process(target=add) for _ in range(2)]
    for p in ps: p.start()
    for p in ps: p.join()
    print(open('n').read())
";
const RAW: &str = "from multiprocessing import Process, Value
def add(n):
    n.value += 1
if __name__ == '__main__':
    n = Value('i', 0, lock=False)
    ps = [Process(target=add, args=(n,)) for _ in range(2)]
    for p in ps: p.start()
    for p in ps: p.join()
    print(n.value)
";
const VALUE: &str = "from multiprocessing import Process, Value
def add(n):
    n.value += 1
if __name__ == '__main__':
    n = Value('i', 0)
    ps = [Process(target=add, args=(n,)) for _ in range(2)]
    for p in ps: p.start()
    for p in ps: p.join()
    print(n.value)
";
const EOF: &str = "from multiprocessing import Process, Pipe
def send(end):
    end.send(1)
    end.close()
def close(end):
    end.close()
if __name__ == '__main__':
    here, there = Pipe(False)
    ps = [Process(target=send, args=(there,)), Process(target=close, args=(there,))]
    for p in ps: p.start()
    there.close()
    try:
        while True:
            print(here.poll(), here.recv())
    except EOFError:
        print('end')
    for p in ps: p.join()
";
const MESSAGES: &str = "from multiprocessing import Process, SimpleQueue
def put(q, name):
    q.put(name)
if __name__ == '__main__':
    q = SimpleQueue()
    ps = [Process(target=put, args=(q, name)) for name in 'ab']
    for p in ps: p.start()
    print(q.empty())
    print(q.get(), q.get())
    for p in ps: p.join()
";
const CROSSED: &str = "from multiprocessing import Process, Lock
def take(first, second):
    with first:
        with second:
            print('both')
if __name__ == '__main__':
    one, two = Lock(), Lock()
    a = Process(target=take, args=(one, two))
    b = Process(target=take, args=(two, one))
    a.start(); b.start(); a.join(); b.join()
    print('end')
";
const ALIVE: &str = "from multiprocessing import Process
def work():
    print('work')
if __name__ == '__main__':
    p = Process(target=work)
    p.start()
    print(p.is_alive())
    p.join()
    print(p.exitcode)
";
const INHERITED: &str = "from multiprocessing import Process
file = open('n', 'w+')
def put(text):
    file.write(text)
    file.flush()
if __name__ == '__main__':
    ps = [Process(target=put, args=(t,)) for t in ('aa', 'b')]
    for p in ps: p.start()
    for p in ps: p.join()
    print(open('n').read(), file.tell())
";
const LATER: &str = "from multiprocessing import Process
def work(name):
    print(name)
    if len(name) < 2:
        p = Process(target=work, args=(name * 2,))
        p.start(); p.join()
if __name__ == '__main__':
    a = Process(target=work, args=('a',)); b = Process(target=work, args=('b',))
    a.start(); b.start(); a.join(); b.join()
";
const THREADS: &str = "import threading
def add():
    with open('n', 'r+') as file:
        n = int(file.read())
        file.seek(0)
        file.write(str(n + 1))
with open('n', 'w') as file:
    file.write('0')
ps = [threading.Thread(target=add) for _ in range(2)]
for p in ps: p.start()
for p in ps: p.join()
print(open('n').read())
";
const KILLED: &str = "from multiprocessing import Process
def work(text):
    with open('a', 'w') as file:
        file.write(text)
    print('done')
if __name__ == '__main__':
    p = Process(target=work, args=('text',))
    p.start()
    p.terminate()
    p.join()
    print(p.exitcode)
";
const DAEMON: &str = "from multiprocessing import Process
from threading import Thread
def say():
    print('x')
def work():
    Thread(target=say, daemon=True).start()
if __name__ == '__main__':
    p = Process(target=work)
    p.start()
    p.join()
";
const LISTED: &str = "from multiprocessing import Process
import os
def make():
    open('a', 'w').close()
    os.rename('a', 'b')
def look():
    print(os.listdir('.'))
if __name__ == '__main__':
    ps = [Process(target=make), Process(target=look)]
    for p in ps: p.start()
    for p in ps: p.join()
    os.remove('b')
    print(os.listdir())
";
const LISTED_BY_A_THREAD: &str = "import os, threading
def make(name):
    with open(name, 'w') as file:
        file.write(name)
def look():
    print(len(os.listdir()))
ts = [threading.Thread(target=make, args=(name,)) for name in 'ab'] + [threading.Thread(target=look)]
for t in ts: t.start()
for t in ts: t.join()
";
