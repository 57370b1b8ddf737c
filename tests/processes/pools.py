import multiprocessing as mp
from multiprocessing import Pool, cpu_count, TimeoutError
import time, collections, dataclasses, enum, functools
Point = collections.namedtuple("Point", "x y")
class Color(enum.Enum): RED = 1
@dataclasses.dataclass
class D: a: int; b: list = dataclasses.field(default_factory=list)
class S:
    __slots__ = ("a",)
    def __init__(self, a): self.a = a
class R:
    def __init__(self, a): self.a = a
    def __reduce__(self): return (R, (self.a + 1,))
class G:
    def __init__(self): self.a, self.lock = 1, "lock"
    def __getstate__(self): return {"a": 5}
    def __setstate__(self, s): self.a = s["a"] * 2
class E(Exception):
    def __init__(self, code): super().__init__(code); self.code = code; self.extra = "x"
class L(list): pass
class MyInt(int): pass
def same(x): return x
def fail(x): raise E(x)
def slow(x): time.sleep(0.3); return x
def show(x): print("callback", x)
def showe(x): print("error callback", repr(x))
def init(a): global z; z = a
def getz(_): return z
def gen():
    for i in range(3): yield i
if __name__ == "__main__":
    a, b = mp.Pipe()
    shared = [1]; cyc = []; cyc.append(cyc)
    for x in (Point(1, 2), Color.RED, D(1, [2]), b"ab", 1 << 80, -5, 1.5, float("inf"), None, ..., NotImplemented, True, "é€", (), (1, (2,)), [], {"k": [1]}, {1, 2}, frozenset({3}), bytearray(b"z"), range(3), slice(1, 2), int, len, same, D, L([1, 2]), MyInt(3), collections.deque([1], 3), collections.Counter("aab"), collections.OrderedDict(a=1), collections.defaultdict(list, a=[1]), functools.partial(same, 3), ValueError("v", 1), E(4), KeyError("k"), type(None), Exception):
        a.send(x); y = b.recv()
        print(type(y).__name__, repr(y) if "0x" not in repr(y) else "", y == x if not isinstance(x, BaseException) else (y.args, y.__dict__))
    a.send([shared, shared]); y = b.recv(); print(y[0] is y[1], y[0] is shared)
    a.send(cyc); y = b.recv(); print(y[0] is y)
    a.send(S(3)); print(b.recv().a); a.send(R(1)); print(b.recv().a); a.send(G()); print(b.recv().a)
    a.send_bytes(b"raw"); print(b.recv_bytes())
    print(a.poll(), b.poll(0.01)); a.send(1); print(b.poll(), b.poll(None), b.recv())
    with Pool(2, initializer=init, initargs=("z",)) as p:
        print(p.map(getz, range(3)))
        r = p.apply_async(fail, (1,), error_callback=showe); r.wait(); print(r.ready(), r.successful())
        try: r.get()
        except E as e: print(e.code, e.extra)
        r = p.map_async(same, range(5), callback=show); print(r.get())
        r = p.apply_async(slow, (1,))
        try: r.get(timeout=0.01)
        except TimeoutError as e: print(type(e).__name__, e.args)
        try: r.successful()
        except ValueError as e: print("not ready")
        print(r.get())
        it = p.imap(same, gen()); print(next(it), it.next(timeout=5), next(it))
        try: next(it)
        except StopIteration: print("stop")
        it = p.imap(fail, [1, 2])
        for _ in range(2):
            try: next(it)
            except E as e: print("imap", e.code)
        print(p.starmap(pow, [(2, 3), (3, 2)], chunksize=1), p.map(len, ["a", "bb"]), p.map(str.upper, ["a"]))
        try: p.map(lambda x: x, [1])
        except Exception as e: print(type(e).__name__)
    pool = Pool(3); pool.close()
    try: pool.apply(same, (1,))
    except ValueError as e: print(e)
    pool.join()
    pool = Pool(1)
    try: pool.join()
    except ValueError as e: print(e)
    r = pool.imap_unordered(same, range(4)); print(sorted(r)); pool.close(); pool.join()
    try: Pool(0)
    except ValueError as e: print(e)
