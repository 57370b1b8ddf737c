import multiprocessing as mp
from concurrent.futures import ProcessPoolExecutor, as_completed
import os, time
def sq(x): return x * x
def bad(x):
    if x == 3: raise ValueError("three")
    return x
def add(a, b): return a + b
def die(x): os._exit(3)
def ini(): pass
if __name__ == "__main__":
    with mp.Pool(3) as pool:
        print(pool.map(sq, range(10)))
        print(pool.apply(sq, (7,)))
        r = pool.apply_async(add, (1, 2)); print(r.get(timeout=5), r.successful())
        print(pool.starmap(add, [(1, 2), (3, 4)]))
        print(list(pool.imap(sq, range(5))))
        r = list(pool.imap_unordered(sq, range(5), chunksize=2)); print(sorted(r))
        try: pool.map(bad, range(5))
        except ValueError as e: print(repr(e), type(e.__cause__).__name__)
        print(pool.map(sq, []))
        for x in pool.imap(sq, (i for i in range(3))): print(x)
    try: pool.map(sq, [1])
    except ValueError as e: print(e)
    with ProcessPoolExecutor(2) as ex:
        fs = [ex.submit(sq, i) for i in range(4)]
        print([f.result() for f in fs])
        print(list(ex.map(sq, range(5))), list(ex.map(add, range(4), range(4), chunksize=2)))
        f = ex.submit(bad, 3)
        try: f.result()
        except ValueError as e: print(repr(e), type(e.__cause__).__name__)
        f = ex.submit(lambda: 1)
        try: f.result()
        except Exception as e: print(type(e).__name__)
        got = []
        for f in as_completed(fs): got.append(f.result())
        print(sorted(got))
    ex = ProcessPoolExecutor(1)
    f = ex.submit(die, 1)
    try: f.result()
    except Exception as e: print(type(e).__name__, e)
    try: ex.submit(sq, 1)
    except Exception as e: print(type(e).__name__, e)
