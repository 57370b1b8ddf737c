"""Compares src/library/prelude.py and heapq.py with the interpreter's own, results, exceptions and order of calls."""

import builtins
import importlib.util
import os
import random
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import kernel

sys.modules["_kernel"] = kernel


def load(name):
    spec = importlib.util.spec_from_file_location("library_" + name, os.path.join(HERE, "..", "..", "src", "library", name + ".py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


prelude = load("prelude")
our_heapq = load("heapq")
import heapq

calls = []


class Key:
    """Records comparisons."""

    def __init__(self, value, tag=0):
        self.value = value
        self.tag = tag

    def __lt__(self, other):
        calls.append(("<", self.value, self.tag, other.value, other.tag))
        return self.value < other.value

    def __gt__(self, other):
        calls.append((">", self.value, self.tag, other.value, other.tag))
        return self.value > other.value

    def __repr__(self):
        return f"{self.value}/{self.tag}"


class Sequence:
    def __init__(self, *values):
        self.values = values

    def __len__(self):
        calls.append("len")
        return len(self.values)

    def __getitem__(self, index):
        calls.append(("item", index))
        return self.values[index]


def fail(value):
    calls.append(("call", value))
    if value == 2:
        raise KeyError(value)
    if value == 4:
        raise StopIteration
    return value * 2


def generate(*values):
    for value in values:
        calls.append(("next", value))
        yield value
    calls.append("end")


def outcome(function):
    calls.clear()
    try:
        result = repr(function())
    except BaseException as error:
        result = repr(error)
    return result, list(calls)


def drain(iterator):
    """Goes on after exceptions."""
    got = [iter(iterator) is iterator, type(iterator).__name__]
    for _ in range(12):
        try:
            got.append(next(iterator))
        except Exception as error:
            got.append(repr(error))
    return got


CALLS = [
    "map()", "map(len)", "map(len, 1)", "drain(map(fail, [1, 2, 3, 4, 5]))", "drain(map(fail, generate(1, 2, 3)))",
    "drain(map(max, generate(1, 2, 3), generate(2, 1)))", "drain(map(None, [1]))", "map(len, [], key=1)" if 0 else "1",
    "filter()", "filter(1)", "filter(None, 1)", "drain(filter(None, generate(0, 1, '', 2)))", "drain(filter(fail, [0, 1, 2, 3, 4, 5]))",
    "drain(filter(bool, [0, 1]))",
    "drain(enumerate('abc'))", "drain(enumerate(generate(5, 6), 3))", "drain(enumerate('ab', start=10**30))", "enumerate(1)", "enumerate('a', 'b')",
    "enumerate('a', 1.5)", "drain(enumerate([1], True))",
    "drain(zip())", "drain(zip([1, 2]))", "drain(zip(generate(1, 2, 3), generate(4, 5)))", "drain(zip(generate(1), generate(4, 5)))", "zip(1)",
    "zip([], 2)", "drain(zip([1], [1, 2], strict=True))", "drain(zip([1, 2], [1], strict=True))", "drain(zip([1, 2], [1, 2], [1], strict=True))",
    "drain(zip([1], [1], [1, 2], strict=True))", "drain(zip([1], [2], strict=True))", "drain(zip([1, 2], [1, 2], [1, 2], [1, 2, 3], strict=True))",
    "drain(reversed(Sequence(1, 2, 3)))", "reversed(1)", "reversed({1})", "drain(reversed(Sequence()))", "list(reversed([1, 2]))", "list(reversed({1: 2, 3: 4}))",
    "any([])", "any(generate(0, 1, 2))", "all(generate(1, 0, 2))", "all(())", "any(1)", "all(None)",
    "sum([])", "sum([1, 2], 3)", "sum(['a'])", "sum(['a'], '')", "sum([b'a'], b'')", "sum([], bytearray())", "sum([[1], [2]], [])", "sum([0.1] * 10)",
    "sum([1, 0.1, 0.2, 0.3, 10**20, 1e-20])", "sum([1e308, 1e308, -1e308])", "sum([1e16, 1.0, -1e16])", "sum([0.1, 0.2, True, 3])",
    "sum([0.1] * 3, 0.5)", "sum(1)", "sum([1], start=5)", "sum([True, True])", "sum([1.5, 'a'])", "sum([float('inf'), float('-inf')])",
    "sum([10**400, 1.0])", "sum([1.0, 10**400])", "sum([-0.0])", "sum([-0.0], -0.0)", "sum([0.1, 0.2, 0.3, Fraction(1, 3)])",
    "max()", "min()", "max([])", "min(())", "max([], default=3)", "min(1, 2, default=3)", "max(3, 1, 2)", "min([3, 1, 2])", "max('a', 1)", "min(['a', 1])",
    "max([Key(1, 1), Key(3, 1), Key(3, 2), Key(2, 1)])", "min(Key(2, 1), Key(1, 1), Key(1, 2))", "max([1, -5, 3], key=abs)",
    "min(generate(3, 1, 2), key=fail)", "max(1)", "max(generate(), key=fail, default=None)", "max([3], key=None)", "max([None])", "max([None, None])",
    "max([nan, 1, 2])", "min([1, nan, 0])",
    "sorted([3, 1, 2])", "sorted('bca', reverse=True)", "sorted([])", "sorted([Key(2)])", "sorted([1, 'a'])", "sorted(['a', 1])", "sorted(1)",
    "sorted([3, 1, 2], key=lambda v: -v)", "sorted(generate(1, 3, 2), key=fail)", "sorted([(1, 'b'), (1, 'a'), (0, 'c')], key=lambda p: p[0], reverse=True)",
    "sorted([Key(2, 1), Key(1, 1), Key(2, 2), Key(1, 2)])", "sorted([Key(2, 1), Key(1, 1), Key(2, 2), Key(1, 2)], reverse=True)",
    "sorted([None, None])", "sorted([1, None])", "sorted([3, 1], reverse=1)",
]


def main():
    wrong = 0
    real = {name: getattr(builtins, name) for name in ("map", "filter", "enumerate", "zip", "reversed", "any", "all", "sum", "max", "min", "sorted")}
    ours = {name: getattr(prelude, name) for name in real}
    from fractions import Fraction
    shared = dict(drain=drain, fail=fail, generate=generate, Key=Key, Sequence=Sequence, Fraction=Fraction, nan=float("nan"))

    def compare(what, a, b):
        nonlocal wrong
        if a != b:
            wrong += 1
            print(f"{sys.version_info[:2]} {what}\n    real {a}\n    ours {b}")

    for text in CALLS:
        compare(text, outcome(lambda: eval(text, {**shared, **real})), outcome(lambda: eval(text, {**shared, **ours})))

    def sort_both(make, **options):
        a = make()
        b = make()
        exact = len(a) < 64
        first = outcome(lambda: a.sort(**options))
        second = outcome(lambda: prelude.list_sort(b, **options))
        compare(("sort", options, make()), (first if exact else first[0], repr(a)), (second if exact else second[0], repr(b)))

    for seed in range(600):
        r = random.Random(seed)
        size = r.choice([0, 1, 2, 3, 5, 10, 30, 63, 64, 65, 200, 1000]) if seed % 4 == 0 else r.randint(0, 63)
        span = r.choice([2, 5, 100])
        shape = r.choice(["random", "rising", "falling", "equal"])
        values = [r.randrange(span) for _ in range(size)]
        if shape == "rising":
            values.sort()
        elif shape == "falling":
            values.sort(reverse=True)
        elif shape == "equal":
            values = [1] * (size // 2) + values[size // 2:]
        for _ in range(r.choice([0, 0, 1, 3])):
            if values:
                values[r.randrange(size)] = r.randrange(span)
        reverse = r.random() < 0.3
        sort_both(lambda: [Key(v, i) for i, v in enumerate(values)], reverse=reverse)
        sort_both(lambda: [Key(v, i) for i, v in enumerate(values)], reverse=reverse, key=lambda k: Key(-k.value, k.tag))

    # A list that is changed while it is sorted.
    def modified(sort):
        items = [3, 1, 2]
        def key(value):
            items.append(9)
            return value
        got = outcome(lambda: sort(items, key=key))
        return got, items
    compare("modified", modified(list.sort), modified(prelude.list_sort))

    def broken(sort):
        items = [3, 1, "x", 2, 0]
        return outcome(lambda: sort(items)), items
    compare("broken", broken(list.sort), broken(prelude.list_sort))

    def calling(make_iterator):
        values = [1, 2, 3, 4, 5]
        return outcome(lambda: drain(make_iterator(lambda: values.pop(0), 3)))
    compare("iter", calling(iter), calling(prelude.callable_iterator))

    def updated(update):
        results = []
        for other in ([(1, 2), "ab"], {3: 4}, [(1,)], [1], 5, generate((1, 2))):
            target = {}
            results.append((outcome(lambda: update(target, other)), dict(target)))
        return repr(results).replace("generator", "")
    compare("update", updated(dict.update), updated(prelude.dict_update))

    for arguments in ((2,), (9,), (2, 2), (2, -1), (3, 0, 2), (3, -9, 9)):
        for items in ([1, 2, 3, 2], (1, 2, 3, 2)):
            compare(("index", arguments), outcome(lambda: items.index(*arguments)), outcome(lambda: prelude.index(items, *arguments)))

    # Heaps: the same comparisons in the same order.
    for seed in range(200):
        results = []
        for module in (heapq, our_heapq):
            r = random.Random(seed)
            heap = [Key(r.randrange(20), i) for i in range(r.randint(0, 20))]
            got = [outcome(lambda: module.heapify(heap))]
            for i in range(30):
                choice = r.randrange(4)
                item = Key(r.randrange(20), 100 + i)
                if choice == 0 or not heap:
                    got.append(outcome(lambda: module.heappush(heap, item)))
                elif choice == 1:
                    got.append(outcome(lambda: module.heappop(heap)))
                elif choice == 2:
                    got.append(outcome(lambda: module.heapreplace(heap, item)))
                else:
                    got.append(outcome(lambda: module.heappushpop(heap, item)))
            results.append((got, repr(heap)))
        compare(("heap", seed), *results)
        r = random.Random(seed)
        rows = [sorted(r.randrange(9) for _ in range(r.randint(0, 5))) for _ in range(3)]
        compare("merge", list(heapq.merge(*rows)), list(our_heapq.merge(*rows)))
        compare("smallest", heapq.nsmallest(3, rows[0] + rows[1], key=lambda v: v % 4), our_heapq.nsmallest(3, rows[0] + rows[1], key=lambda v: v % 4))
        compare("largest", heapq.nlargest(3, rows[0] + rows[1]), our_heapq.nlargest(3, rows[0] + rows[1]))
    compare("pop of nothing", outcome(lambda: heapq.heappop([])), outcome(lambda: our_heapq.heappop([])))
    print(sys.version_info[:2], "differences:", wrong)
    return wrong


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
