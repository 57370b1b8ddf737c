from _kernel import deque as _deque
from operator import index as _count

_missing = object()


class count:
    def __init__(self, start=0, step=1):
        if not hasattr(start, "__add__") or isinstance(start, (str, bytes, list, tuple)):
            raise TypeError("a number is required")
        self._next = start
        self._step = step

    def __iter__(self):
        return self

    def __next__(self):
        value = self._next
        self._next = value + self._step
        return value

    def __repr__(self):
        if self._step == 1 and isinstance(self._step, int):
            return f"count({self._next!r})"
        return f"count({self._next!r}, {self._step!r})"


class repeat:
    def __init__(self, object, times=None):
        self._object = object
        self._times = None if times is None else max(_count(times), 0)

    def __iter__(self):
        return self

    def __next__(self):
        if self._times is not None:
            if self._times == 0:
                raise StopIteration
            self._times -= 1
        return self._object

    def __repr__(self):
        if self._times is None:
            return f"repeat({self._object!r})"
        return f"repeat({self._object!r}, {self._times})"


class _Iterator:
    def __iter__(self):
        return self

    def __next__(self):
        return next(self._it)


class cycle(_Iterator):
    def __init__(self, iterable, /):
        self._it = _cycle(iter(iterable))


def _cycle(it):
    saved = []
    for element in it:
        saved.append(element)
        yield element
    while saved:
        yield from saved


class chain(_Iterator):
    def __init__(self, *iterables):
        self._it = _chain(iterables)

    @classmethod
    def from_iterable(cls, iterable, /):
        self = cls()
        self._it = _chain(iterable)
        return self


def _chain(iterables):
    for iterable in iterables:
        for element in iterable:
            yield element


class islice(_Iterator):
    def __init__(self, iterable, start, stop=_missing, step=None, /):
        if stop is _missing:
            start, stop = None, start
        start = 0 if start is None else start
        step = 1 if step is None else step
        if stop is not None and (not hasattr(stop, "__index__") or stop < 0):
            raise ValueError("Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.")
        if not hasattr(start, "__index__") or start < 0:
            raise ValueError("Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.")
        if not hasattr(step, "__index__") or step < 1:
            raise ValueError("Step for islice() must be a positive integer or None.")
        self._it = _islice(iter(iterable), start, stop, step)


def _islice(it, start, stop, step):
    at = 0
    wanted = start
    while stop is None or wanted < stop:
        while at <= wanted:
            try:
                element = next(it)
            except StopIteration:
                return
            at += 1
        yield element
        wanted += step
    while stop is not None and at < stop:
        try:
            next(it)
        except StopIteration:
            return
        at += 1


class takewhile(_Iterator):
    def __init__(self, predicate, iterable, /):
        self._it = _takewhile(predicate, iter(iterable))


def _takewhile(predicate, it):
    for element in it:
        if not predicate(element):
            return
        yield element


class dropwhile(_Iterator):
    def __init__(self, predicate, iterable, /):
        self._it = _dropwhile(predicate, iter(iterable))


def _dropwhile(predicate, it):
    for element in it:
        if not predicate(element):
            yield element
            break
    for element in it:
        yield element


class filterfalse(_Iterator):
    def __init__(self, function, iterable, /):
        self._it = _filterfalse(function, iter(iterable))


def _filterfalse(function, it):
    for element in it:
        if not (element if function is None else function(element)):
            yield element


class compress(_Iterator):
    def __init__(self, data, selectors):
        self._it = (d for d, s in zip(data, selectors) if s)


class starmap(_Iterator):
    def __init__(self, function, iterable, /):
        self._it = _starmap(function, iter(iterable))


def _starmap(function, it):
    for arguments in it:
        yield function(*arguments)


class accumulate(_Iterator):
    def __init__(self, iterable, func=None, *, initial=None):
        self._it = _accumulate(iter(iterable), func, initial)


def _accumulate(it, func, initial):
    total = initial
    if initial is None:
        try:
            total = next(it)
        except StopIteration:
            return
    yield total
    for element in it:
        total = total + element if func is None else func(total, element)
        yield total


class zip_longest(_Iterator):
    def __init__(self, *iterables, fillvalue=None):
        self._it = _zip_longest([iter(i) for i in iterables], fillvalue)


def _zip_longest(iterators, fillvalue):
    active = len(iterators)
    while active:
        row = []
        for at, it in enumerate(iterators):
            value = fillvalue
            if it is not None:
                try:
                    value = next(it)
                except StopIteration:
                    active -= 1
                    if not active:
                        return
                    iterators[at] = None
            row.append(value)
        yield tuple(row)


class product(_Iterator):
    def __init__(self, *iterables, repeat=1):
        if _count(repeat) < 0:
            raise ValueError("repeat argument cannot be negative")
        self._it = _product([tuple(i) for i in iterables] * repeat)


def _product(pools):
    if not all(pools):
        return
    places = [0] * len(pools)
    while True:
        yield tuple([pool[at] for pool, at in zip(pools, places)])
        for i in reversed(range(len(pools))):
            places[i] += 1
            if places[i] < len(pools[i]):
                break
            places[i] = 0
        else:
            return


class permutations(_Iterator):
    def __init__(self, iterable, r=None):
        pool = tuple(iterable)
        r = len(pool) if r is None else r
        if not isinstance(r, int):
            raise TypeError("Expected int as r")
        if r < 0:
            raise ValueError("r must be non-negative")
        self._it = _permutations(pool, r)


def _permutations(pool, r):
    n = len(pool)
    if r > n:
        return
    indices = list(range(n))
    cycles = list(range(n, n - r, -1))
    yield tuple([pool[i] for i in indices[:r]])
    while n:
        for i in reversed(range(r)):
            cycles[i] -= 1
            if cycles[i] == 0:
                indices[i:] = indices[i + 1 :] + indices[i : i + 1]
                cycles[i] = n - i
            else:
                j = cycles[i]
                indices[i], indices[-j] = indices[-j], indices[i]
                yield tuple([pool[i] for i in indices[:r]])
                break
        else:
            return


class combinations(_Iterator):
    def __init__(self, iterable, r):
        if _count(r) < 0:
            raise ValueError("r must be non-negative")
        self._it = _combinations(tuple(iterable), r, 1)


class combinations_with_replacement(_Iterator):
    def __init__(self, iterable, r):
        if _count(r) < 0:
            raise ValueError("r must be non-negative")
        self._it = _combinations(tuple(iterable), r, 0)


def _combinations(pool, r, gap):
    n = len(pool)
    if gap and r > n or not n and r:
        return
    indices = [i * gap for i in range(r)]
    while True:
        yield tuple([pool[i] for i in indices])
        for i in reversed(range(r)):
            if indices[i] != (n - r + i if gap else n - 1):
                break
        else:
            return
        indices[i] += 1
        for j in range(i + 1, r):
            indices[j] = indices[j - 1] + gap


class pairwise(_Iterator):
    def __init__(self, iterable, /):
        self._it = _pairwise(iter(iterable))


def _pairwise(it):
    for a in it:
        break
    else:
        return
    for b in it:
        yield a, b
        a = b


class batched(_Iterator):
    def __init__(self, iterable, n):
        if _count(n) < 1:
            raise ValueError("n must be at least one")
        self._it = _batched(iter(iterable), n)


def _batched(it, n):
    while batch := tuple(islice(it, n)):
        yield batch


class groupby(_Iterator):
    def __init__(self, iterable, key=None):
        self._source = iter(iterable)
        self._key = key
        self._wanted = self._at = self._value = _missing
        self._group = None

    def __next__(self):
        self._group = None
        while self._at is self._wanted or self._at == self._wanted:
            self._advance()
        self._wanted = self._at
        self._group = group = _grouper(self, self._wanted)
        return self._at, group

    def _advance(self):
        value = next(self._source)
        self._at = value if self._key is None else self._key(value)
        self._value = value


class _grouper(_Iterator):
    def __init__(self, parent, wanted):
        self._parent = parent
        self._wanted = wanted

    def __next__(self):
        parent = self._parent
        if parent._group is not self:
            raise StopIteration
        if parent._value is _missing:
            parent._advance()
        if not (parent._at is self._wanted or parent._at == self._wanted):
            raise StopIteration
        value = parent._value
        parent._value = _missing
        return value


def tee(iterable, n=2, /):
    if _count(n) < 0:
        raise ValueError("n must be >= 0")
    it = iter(iterable)
    queues = [_deque() for _ in range(n)]
    return tuple([_tee(it, queues, own) for own in queues])


class _tee(_Iterator):
    def __init__(self, it, queues, own):
        self._source = it
        self._queues = queues
        self._own = own

    def __next__(self):
        if not self._own:
            value = next(self._source)
            for queue in self._queues:
                queue.append(value)
        return self._own.popleft()
