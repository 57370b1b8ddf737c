import os, multiprocessing as mp, fcntl
def bump(n):
    for _ in range(n):
        with open("c.txt") as f: v = int(f.read() or 0)
        with open("c.txt", "w") as f: f.write(str(v + 1))
def locked(n):
    for _ in range(n):
        with open("lock", "w") as l:
            fcntl.flock(l, fcntl.LOCK_EX)
            bump(1)
if __name__ == "__main__":
    try: open("nope.txt")
    except FileNotFoundError as e: print(e, e.errno, e.filename)
    with open("a.txt", "w") as f:
        print(f.write("one\ntwo\n"), f.name, f.mode, f.writable(), f.readable())
        print("three", file=f)
        try: f.read()
        except OSError as e: print(type(e).__name__, e)
    try: f.write("x")
    except ValueError as e: print(e)
    with open("a.txt") as f: print(f.readline(), f.readlines(), f.tell(), f.read())
    with open("a.txt") as f:
        for i, line in enumerate(f): print(i, repr(line))
    with open("a.txt", "a") as f: f.write("four\n")
    with open("a.txt", "r+") as f:
        print(repr(f.read(5))); f.seek(0); f.write("ONE"); f.seek(0); print(repr(f.read()))
        f.seek(3); f.truncate(); f.seek(0, 2); print(f.tell())
    print(os.path.exists("a.txt"), os.path.getsize("a.txt"), open("a.txt").read())
    os.rename("a.txt", "b.txt"); print(os.path.exists("a.txt"), open("b.txt", "rb").read())
    try: open("b.txt", "x")
    except FileExistsError as e: print(e)
    try: os.remove("zzz")
    except OSError as e: print(e)
    try: os.rename("zzz", "y")
    except OSError as e: print(e)
    os.remove("b.txt")
    for bad in ("q", "rw", "", "rr"):
        try: open("x", bad)
        except ValueError as e: print(e)
    fd = os.open("l", os.O_CREAT | os.O_EXCL | os.O_WRONLY); print(os.write(fd, b"abc")); os.close(fd)
    try: os.open("l", os.O_CREAT | os.O_EXCL)
    except FileExistsError as e: print(e)
    print(list(open("l")))
    os.unlink("l")
    with open("c.txt", "w") as f: f.write("0")
    ps = [mp.Process(target=locked, args=(5,)) for _ in range(3)]
    for p in ps: p.start()
    for p in ps: p.join()
    print(open("c.txt").read())
    os.remove("lock"); os.remove("c.txt")
