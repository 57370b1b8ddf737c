"""Builtins that call back into code of the program: iterating, comparing and calling may all run Python.

In CPython they are C, so no switch happens in their own code, only in what they call; the machine does not preempt inside
these functions. Where only values of built-in types are involved it may do the same natively.
"""

import _kernel

_MISSING = object()


# Iterators. They are classes and not generators: an exception in between does not end them.

class map:
    __module__ = "builtins"

    def __init__(self, *arguments):
        if len(arguments) < 2:
            raise TypeError("map() must have at least two arguments.")
        self._function = arguments[0]
        if len(arguments) == 2:
            self._iterator = iter(arguments[1])
        else:
            self._iterator = None
            self._iterators = [iter(each) for each in arguments[1:]]

    def __iter__(self):
        return self

    def __next__(self):
        if self._iterator is not None:
            return self._function(next(self._iterator))
        values = []
        for iterator in self._iterators:
            values.append(next(iterator))
        return self._function(*values)


class filter:
    __module__ = "builtins"

    def __init__(self, *arguments):
        if len(arguments) != 2:
            raise TypeError(f"filter expected 2 arguments, got {len(arguments)}")
        self._function, iterable = arguments
        self._iterator = iter(iterable)

    def __iter__(self):
        return self

    def __next__(self):
        function = self._function
        if function is None or function is bool:
            for value in self._iterator:
                if value:
                    return value
        else:
            for value in self._iterator:
                if function(value):
                    return value
        raise StopIteration


class enumerate:
    __module__ = "builtins"

    def __init__(self, iterable, start=0):
        self._number = _kernel.index(start)
        self._iterator = iter(iterable)

    def __iter__(self):
        return self

    def __next__(self):
        value = next(self._iterator)
        number = self._number
        self._number = number + 1
        return number, value


class zip:
    __module__ = "builtins"

    def __init__(self, *iterables, strict=False):
        self._strict = bool(strict)
        self._iterators = [iter(each) for each in iterables]

    def __iter__(self):
        return self

    def __next__(self):
        iterators = self._iterators
        if not iterators:
            raise StopIteration
        values = []
        for iterator in iterators:
            value = next(iterator, _MISSING)
            if value is _MISSING:
                if self._strict:
                    self._check_length(len(values))
                raise StopIteration
            values.append(value)
        return tuple(values)

    def _check_length(self, ended):
        """The iterator of that number has ended, and none before it."""
        if ended:
            before = "argument 1" if ended == 1 else f"arguments 1-{ended}"
            raise ValueError(f"zip() argument {ended + 1} is shorter than {before}")
        for number in range(1, len(self._iterators)):
            if next(self._iterators[number], _MISSING) is not _MISSING:
                before = "argument 1" if number == 1 else f"arguments 1-{number}"
                raise ValueError(f"zip() argument {number + 1} is longer than {before}")


class reversed:
    """Of what has a length and items. The function below has the same name."""

    __module__ = "builtins"

    def __init__(self, sequence):
        self._sequence = sequence
        self._index = len(sequence) - 1

    def __iter__(self):
        return self

    def __length_hint__(self):
        return self._index + 1

    def __next__(self):
        index = self._index
        if index >= 0:
            try:
                value = self._sequence[index]
            except (IndexError, StopIteration):
                pass
            else:
                self._index = index - 1
                return value
        self._index = -1
        self._sequence = None
        raise StopIteration


_Reversed = reversed


def reversed(sequence, /):
    kind = type(sequence)
    method = getattr(kind, "__reversed__", _MISSING)
    if method is not _MISSING and method is not None:
        return method(sequence)
    if method is None or not hasattr(kind, "__getitem__") or not hasattr(kind, "__len__"):
        raise TypeError(f"'{kind.__name__}' object is not reversible")
    return _Reversed(sequence)


class callable_iterator:
    """iter(function, sentinel)"""

    __module__ = "builtins"

    def __init__(self, function, sentinel):
        self._function = function
        self._sentinel = sentinel

    def __iter__(self):
        return self

    def __next__(self):
        if self._function is not None:
            try:
                value = self._function()
            except StopIteration:
                self._function = None
                raise
            if value is not self._sentinel and not self._sentinel == value:
                return value
            self._function = None
        raise StopIteration


# Reductions.

def any(iterable, /):
    for value in iterable:
        if value:
            return True
    return False


def all(iterable, /):
    for value in iterable:
        if not value:
            return False
    return True


def sum(iterable, /, start=0):
    if isinstance(start, str):
        raise TypeError("sum() can't sum strings [use ''.join(seq) instead]")
    if isinstance(start, bytes):
        raise TypeError("sum() can't sum bytes [use b''.join(seq) instead]")
    if isinstance(start, bytearray):
        raise TypeError("sum() can't sum bytearray [use b''.join(seq) instead]")
    total = start
    iterator = iter(iterable)
    if _kernel.VERSION >= (3, 12):
        if type(total) is not float:
            for value in iterator:
                total = total + value
                if type(total) is float:
                    break
        if type(total) is float:
            return _sum_floats(total, iterator)
        return total
    for value in iterator:
        total = total + value
    return total


def _sum_floats(total, iterator):
    """From 3.12 on with a running compensation of what rounding lost, as long as only numbers come."""
    lost = 0.0
    for value in iterator:
        if type(value) is float:
            longer = total + value
            if abs(total) >= abs(value):
                lost += (total - longer) + value
            else:
                lost += (value - longer) + total
            total = longer
        elif isinstance(value, int):
            total += float(value)
        else:
            if lost and lost - lost == 0.0:
                total += lost
            total = total + value
            for value in iterator:
                total = total + value
            return total
    if lost and lost - lost == 0.0:
        total += lost
    return total


def _empty(name):
    if _kernel.VERSION >= (3, 12):
        return ValueError(f"{name}() iterable argument is empty")
    return ValueError(f"{name}() arg is an empty sequence")


def _candidates(name, arguments, default):
    if len(arguments) == 1:
        return arguments[0]
    if not arguments:
        raise TypeError(f"{name} expected at least 1 argument, got 0")
    if default is not _MISSING:
        raise TypeError(f"Cannot specify a default for {name}() with multiple positional arguments")
    return arguments


def max(*arguments, key=None, default=_MISSING):
    best = best_key = _MISSING
    for value in _candidates("max", arguments, default):
        value_key = value if key is None else key(value)
        if best_key is _MISSING or value_key > best_key:
            best = value
            best_key = value_key
    if best_key is _MISSING:
        if default is _MISSING:
            raise _empty("max")
        return default
    return best


def min(*arguments, key=None, default=_MISSING):
    best = best_key = _MISSING
    for value in _candidates("min", arguments, default):
        value_key = value if key is None else key(value)
        if best_key is _MISSING or value_key < best_key:
            best = value
            best_key = value_key
    if best_key is _MISSING:
        if default is _MISSING:
            raise _empty("min")
        return default
    return best


# Sorting: runs that are there already, short ones extended by binary insertion, then merged.

def sorted(iterable, /, *, key=None, reverse=False):
    values = [value for value in iterable]
    list_sort(values, key=key, reverse=reverse)
    return values


def list_sort(self, /, *, key=None, reverse=False):
    # The list is empty while it is sorted, so that code called meanwhile can do no harm.
    values = self[:]
    self.clear()
    try:
        if key is None:
            keys = values
        else:
            keys = [key(value) for value in values]
        if len(values) > 1:
            # To stay stable, what shall be reversed afterwards is reversed before.
            if reverse:
                values.reverse()
                if keys is not values:
                    keys.reverse()
            try:
                if not _kernel.sort(keys, values):
                    _sort(keys, values)
            finally:
                if reverse:
                    values.reverse()
    finally:
        modified = len(self) > 0
        self[:] = values
    if modified:
        raise ValueError("list modified during sort")


def _sort(keys, values):
    count = len(keys)
    shortest = _shortest_run(count)
    runs = []
    start = 0
    while start < count:
        end = _find_run(keys, values, start, count)
        if end - start < shortest:
            wanted = start + shortest if start + shortest < count else count
            _insert(keys, values, start, end, wanted)
            end = wanted
        runs.append((start, end))
        # Merge neighbours of similar length, so that the work stays balanced.
        while len(runs) > 1 and runs[-2][1] - runs[-2][0] <= 2 * (runs[-1][1] - runs[-1][0]):
            _merge(keys, values, runs)
        start = end
    while len(runs) > 1:
        _merge(keys, values, runs)


def _shortest_run(count):
    rest = 0
    while count >= 64:
        rest |= count & 1
        count >>= 1
    return count + rest


def _reverse(keys, values, start, end):
    _reverse_part(keys, start, end)
    if values is not keys:
        _reverse_part(values, start, end)


def _reverse_part(items, start, end):
    part = items[start:end]
    part.reverse()
    items[start:end] = part


if _kernel.VERSION >= (3, 13):

    def _find_run(keys, values, start, end):
        """The end of the run that begins there; a falling one is turned round, equal ones in it keep their order."""
        now = start + 1
        while now < end and not keys[now] < keys[now - 1]:
            now += 1
        if now == end:
            return now
        if now - start > 1:
            if keys[start] < keys[now - 1]:
                return now
            _reverse(keys, values, start, now)
        now += 1
        equal = 0
        while now < end:
            if keys[now] < keys[now - 1]:
                if equal:
                    _reverse(keys, values, now - equal - 1, now)
                    equal = 0
            elif keys[now - 1] < keys[now]:
                break
            else:
                equal += 1
            now += 1
        if equal:
            _reverse(keys, values, now - equal - 1, now)
        _reverse(keys, values, start, now)
        while now < end and not keys[now] < keys[now - 1]:
            now += 1
        return now

else:

    def _find_run(keys, values, start, end):
        """The end of the run that begins there; a strictly falling one is turned round."""
        now = start + 1
        if now == end:
            return now
        falling = keys[now] < keys[start]
        now += 1
        if falling:
            while now < end and keys[now] < keys[now - 1]:
                now += 1
            _reverse(keys, values, start, now)
        else:
            while now < end and not keys[now] < keys[now - 1]:
                now += 1
        return now


def _insert(keys, values, start, sorted_end, end):
    for now in range(sorted_end, end):
        key = keys[now]
        low = start
        high = now
        while low < high:
            middle = (low + high) >> 1
            if key < keys[middle]:
                high = middle
            else:
                low = middle + 1
        if low < now:
            del keys[now]
            keys.insert(low, key)
            if values is not keys:
                value = values[now]
                del values[now]
                values.insert(low, value)


def _merge(keys, values, runs):
    right_start, right_end = runs.pop()
    left_start, left_end = runs.pop()
    runs.append((left_start, right_end))
    left_keys = keys[left_start:left_end]
    right_keys = keys[right_start:right_end]
    left_values = values[left_start:left_end]
    right_values = values[right_start:right_end]
    merged_keys = []
    merged_values = []
    left = right = 0
    while left < len(left_keys) and right < len(right_keys):
        if right_keys[right] < left_keys[left]:
            merged_keys.append(right_keys[right])
            merged_values.append(right_values[right])
            right += 1
        else:
            merged_keys.append(left_keys[left])
            merged_values.append(left_values[left])
            left += 1
    keys[left_start:right_end] = merged_keys + left_keys[left:] + right_keys[right:]
    if values is not keys:
        values[left_start:right_end] = merged_values + left_values[left:] + right_values[right:]


# What containers do with iterators and comparisons of the program.

def collect(iterable):
    """What list(), tuple(), set(), extend() and join() see of an iterable that only Python can iterate."""
    return [value for value in iterable]


def contains(iterable, wanted):
    for value in iterable:
        if value is wanted or value == wanted:
            return True
    return False


def index(sequence, wanted, start=0, stop=None):
    """list.index, tuple.index"""
    length = len(sequence)
    if start < 0:
        start = start + length if start + length > 0 else 0
    if stop is None:
        stop = length
    elif stop < 0:
        stop = stop + length if stop + length > 0 else 0
    position = start
    while position < stop and position < len(sequence):
        value = sequence[position]
        if value is wanted or value == wanted:
            return position
        position += 1
    if type(sequence) is tuple:
        raise ValueError("tuple.index(x): x not in tuple")
    raise ValueError(f"{wanted!r} is not in list")


def count(sequence, wanted):
    """list.count, tuple.count, deque.count"""
    found = 0
    for value in sequence:
        if value is wanted or value == wanted:
            found += 1
    return found


def list_remove(self, wanted):
    for position in range(len(self)):
        if position >= len(self):
            break
        value = self[position]
        if value is wanted or value == wanted:
            del self[position]
            return
    raise ValueError("list.remove(x): x not in list")


def dict_update(self, other):
    """dict(other), update(other)"""
    if hasattr(other, "keys"):
        for key in other.keys():
            self[key] = other[key]
        return
    number = 0
    for pair in other:
        try:
            pair = [each for each in pair]
        except TypeError:
            raise TypeError(f"cannot convert dictionary update sequence element #{number} to a sequence") from None
        if len(pair) != 2:
            raise ValueError(f"dictionary update sequence element #{number} has length {len(pair)}; 2 is required")
        self[pair[0]] = pair[1]
        number += 1
