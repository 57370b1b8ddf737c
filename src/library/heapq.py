"""heapq. Comparing may run code of the program, so this is Python; the comparisons are those of CPython, in its order."""


def heappush(heap, item, /):
    heap.append(item)
    _rise(heap, 0, len(heap) - 1)


def heappop(heap, /):
    if not heap:
        raise IndexError("index out of range")
    last = heap.pop()
    if not heap:
        return last
    first = heap[0]
    heap[0] = last
    _sink(heap, 0)
    return first


def heapreplace(heap, item, /):
    if not heap:
        raise IndexError("index out of range")
    first = heap[0]
    heap[0] = item
    _sink(heap, 0)
    return first


def heappushpop(heap, item, /):
    if heap and heap[0] < item:
        item, heap[0] = heap[0], item
        _sink(heap, 0)
    return item


def heapify(x, /):
    for position in reversed(range(len(x) // 2)):
        _sink(x, position)


# A comparison may fail: then the item is where it was moved to, as if it had changed places with one after the other.

def _rise(heap, top, position):
    """Moves the item up to where its parent is not larger."""
    item = heap[position]
    try:
        while position > top:
            parent = (position - 1) >> 1
            if not item < heap[parent]:
                break
            heap[position] = heap[parent]
            position = parent
    finally:
        heap[position] = item


def _sink(heap, top):
    """Moves the item down to a leaf along the smaller children, then up again: most items belong near the leaves."""
    end = len(heap)
    position = top
    item = heap[position]
    child = 2 * position + 1
    try:
        while child < end:
            right = child + 1
            if right < end and not heap[child] < heap[right]:
                child = right
            heap[position] = heap[child]
            position = child
            child = 2 * position + 1
    finally:
        heap[position] = item
    _rise(heap, top, position)


def merge(*iterables, key=None, reverse=False):
    rows = []
    for order, iterable in enumerate(iterables):
        rows.append((order, iter(iterable)))
    heads = []
    for order, iterator in rows:
        for value in iterator:
            heads.append([value if key is None else key(value), order, value, iterator])
            break
    while heads:
        best = heads[0]
        for head in heads:
            if reverse:
                if best[0] < head[0]:
                    best = head
            elif head[0] < best[0]:
                best = head
        yield best[2]
        for value in best[3]:
            best[0] = value if key is None else key(value)
            best[2] = value
            break
        else:
            heads.remove(best)


def nsmallest(n, iterable, key=None):
    return sorted(iterable, key=key)[:max(n, 0)]


def nlargest(n, iterable, key=None):
    return sorted(iterable, key=key, reverse=True)[:max(n, 0)]
