"""What is called and with what: a table of groups, each the text before its calls and a function that makes them."""

import builtins
import collections
import contextlib
import contextvars
import copy
import dataclasses
import enum
import functools
import heapq
import itertools
import math
import operator
import random
import string
import types

PRELUDE = """
import collections, contextlib, contextvars, copy, dataclasses, enum, functools, heapq, io, itertools, math, operator, random, string, types
from collections import *
def show(*values):
    print(*[told(v) for v in values])
def told(v):
    kind = type(v).__name__
    if kind in LISTED or kind.endswith("iterator"):
        some = []
        for e in v:
            some.append(e)
            if len(some) == 6: break
        return kind + repr(some)
    return repr(v)
LISTED = ["map", "filter", "zip", "enumerate", "reversed", "accumulate", "batched", "chain", "combinations", "combinations_with_replacement", "compress", "count", "cycle", "dropwhile", "filterfalse", "islice", "pairwise", "permutations", "product", "repeat", "starmap", "takewhile", "zip_longest", "generator"]
class Color(enum.Enum):
    RED = 1
    BLUE = 2
class Number(enum.IntEnum):
    ONE = 1
    TWO = 2
class Bits(enum.Flag):
    A = 1
    B = 2
class Word(enum.StrEnum):
    HI = "hi"
Point = namedtuple("Point", "x y", defaults=[5])
@dataclasses.dataclass
class Plain:
    a: int
    b: str = "b"
    c: list = dataclasses.field(default_factory=list, repr=False)
@dataclasses.dataclass(frozen=True, order=True)
class Frozen:
    a: int = 1
    b: int = 2
class Empty: pass
class Own:
    def __init__(self, v=1): self.v = v
    def __repr__(self): return f"Own({self.v!r})"
    def __eq__(self, o): return isinstance(o, Own) and o.v == self.v
    def __hash__(self): return 7
    def __lt__(self, o): return self.v < o.v
    def __len__(self): return 2
    def __getitem__(self, i): return [10, 20][i]
    def __index__(self): return self.v
    def method(self, a, b=2): return a, b
    @classmethod
    def made(cls, a): return cls(a)
    @staticmethod
    def plain(a): return a
    @property
    def twice(self): return self.v * 2
def function(a, b=2, *c, d=4, **e): return a, b, c, d, e
def one(a): return a
def gen():
    x = yield 1
    yield x
    return 3
async def coro(): return 5
async def agen(): yield 1
@functools.lru_cache(maxsize=2)
def cached(a, b=1): return a, b
"""

NUMBERS = ["0", "1", "-1", "3", "2**70", "-2**70", "True", "1.5", "-0.0", "1e300", "float('nan')", "float('inf')"]
TEXTS = ["''", "'a'", "'ab'", "'ß'", "'A b'", "'%s'", "'12'", "'x\\ny'", "'éa'", "b''", "b'a'", "b'ab'", "bytearray(b'ab')"]
BOXES = ["[]", "[1, 2]", "['a', 'b']", "()", "(1, 2)", "('a',)", "{}", "{'a': 1}", "{1: 'x'}", "set()", "{1}", "frozenset({1, 2})", "range(3)", "slice(1, 3)", "[[1, 2], [3, 4]]", "[('a', 1), ('b', 2)]"]
OTHERS = ["None", "...", "int", "str", "len", "one", "Own()", "Own(0)", "Empty", "Color.RED", "Number.TWO", "Point(1, 2)", "deque([1, 2])", "Counter('aab')", "iter([1, 2])", "ValueError('v')", "NotImplemented", "lambda *a: a", "Plain(1)"]
POOL = NUMBERS + TEXTS + BOXES + OTHERS
KEYWORDS = ["key", "default", "start", "stop", "maxsplit", "sep", "reverse", "encoding", "errors", "x", "end", "strict", "repeat", "fillvalue", "base", "a", "initial", "tabsize", "keepends", "maxlen", "ndigits", "func", "bogus"]

SUBJECTS = {
    "int": ["0", "5", "-7", "2**70"],
    "bool": ["True"],
    "float": ["1.5", "-0.0", "float('nan')", "1e300"],
    "str": ["''", "'ab'", "'Hello World'", "'ß x\\n'", "'12'"],
    "bytes": ["b''", "b'ab'", "b'Hello World'", "b'\\xff\\x00'"],
    "bytearray": ["bytearray()", "bytearray(b'a b')"],
    "list": ["[]", "[1, 2, 1]", "['b', 'a']"],
    "tuple": ["()", "(1, 2, 1)"],
    "dict": ["{}", "{'a': 1, 'b': 2}", "{1: 2}"],
    "views": ["{'a': 1}.keys()", "{'a': 1}.items()", "{'a': 1}.values()"],
    "set": ["set()", "{1, 2}"],
    "frozenset": ["frozenset({1, 2})"],
    "range": ["range(0)", "range(1, 10, 3)", "range(5, 0, -1)"],
    "slice": ["slice(1, None, 2)"],
    "deque": ["deque()", "deque([1, 2, 1], 3)"],
    "namedtuple": ["Point(1)"],
    "defaultdict": ["defaultdict(list)", "defaultdict(int, {'a': 1})"],
    "Counter": ["Counter()", "Counter('aab')"],
    "OrderedDict": ["OrderedDict()", "OrderedDict([('a', 1), ('b', 2)])"],
    "ChainMap": ["ChainMap({'a': 1}, {'b': 2})"],
    "enum": ["Color.RED", "Number.TWO", "Bits.A", "Word.HI", "Color", "Bits.A | Bits.B"],
    "dataclass": ["Plain(1)", "Frozen()"],
    "partial": ["functools.partial(function, 1, d=5)", "functools.partial(int, base=2)"],
    "lru_cache": ["cached"],
    "namespace": ["types.SimpleNamespace(a=1, b='x')"],
    "own": ["Own(3)", "Own", "Empty()", "Own(1).method"],
    "function": ["function", "one", "(lambda: 0)"],
    "generator": ["gen()"],
    "coroutine": ["coro()"],
    "async_generator": ["agen()"],
    "exception": ["ValueError('a', 1)", "KeyError('k')", "OSError(2, 'no')", "StopIteration(5)", "ExceptionGroup('g', [ValueError(1), TypeError(2)])", "SystemExit(3)", "UnicodeDecodeError('utf-8', b'a', 0, 1, 'r')", "ImportError('m', name='n')", "Exception()"],
    "contextvar": ["contextvars.ContextVar('v')", "contextvars.ContextVar('v', default=1)", "contextvars.copy_context()"],
    "builtin": ["len", "[].append", "int", "type", "object()"],
    "iterator": ["iter([1, 2])", "iter('ab')", "iter({1: 2})", "iter(range(3))", "zip([1], [2])", "map(one, [1])", "enumerate('ab')", "reversed([1, 2])", "iter((1,))", "iter({1})", "filter(None, [1])", "iter(b'a')"],
    "itertools": ["itertools.count(2)", "itertools.count(1.5, 2)", "itertools.repeat(1, 2)", "itertools.cycle('ab')", "itertools.chain([1], [2])", "itertools.islice([1, 2], 1)", "itertools.accumulate([1, 2])", "itertools.product([1], [2])"],
    "random": ["random.Random(1)"],
    "template": ["string.Template('$a ${b} $$')", "io.StringIO('a\\nb')"],
    "stack": ["contextlib.ExitStack()", "contextlib.nullcontext(1)", "contextlib.suppress(ValueError)", "contextlib.closing(gen())", "contextlib.contextmanager(gen)()"],
}

# Names beside the public ones: asked for everywhere, and those of the first list called.
CALLED = ["__len__", "__contains__", "__getitem__", "__setitem__", "__delitem__", "__iter__", "__next__", "__eq__", "__lt__", "__format__", "__add__", "__radd__", "__mul__", "__missing__", "__enter__", "__exit__", "__ior__", "__round__", "__reversed__"]
SPECIAL = CALLED + ["__hash__", "__name__", "__class__", "__dict__", "__index__", "__qualname__", "__module__", "__wrapped__", "__self__", "__func__", "__defaults__", "__kwdefaults__", "__members__", "__match_args__", "__context__", "__cause__", "__traceback__", "__suppress_context__", "__notes__"]


def line(target, shown=True):
    """A call whose result and whose object are shown."""
    return f"x = {target[0]}; r = {target[1]}; show(r{', x' if shown else ''})"


def arguments(rng, pool=POOL, many=1.0):
    """Lists of arguments: none, each one, some of two, three and four, some by keyword."""
    yield ""
    yield from pool
    for count, most in ((2, 30), (3, 14), (4, 4)):
        for _ in range(int(most * many)):
            yield ", ".join(rng.choices(pool, k=count))
    for _ in range(int(12 * many)):
        words = rng.sample(KEYWORDS, rng.choice([1, 1, 2]))
        yield ", ".join(rng.choices(pool, k=rng.choice([0, 0, 1, 2])) + [f"{word}={rng.choice(pool)}" for word in words])
    yield "*5"
    yield "**5"
    yield "**{1: 2}"


def methods(name):
    def make(rng):
        scope = {}
        exec(PRELUDE, scope)
        subjects = SUBJECTS[name]
        for subject in subjects:
            value = eval(subject, scope)
            known = [n for n in dir(value) if not n.startswith("_")]
            for method in known + SPECIAL + ["nothing"]:
                yield line((subject, f"x.{method}"))
            for method in known + [n for n in CALLED if n in dir(value)]:
                special = method.startswith("_")
                for given in arguments(rng, rng.sample(POOL, 12) if special else rng.sample(POOL, 25), 0.3 if special else 0.5):
                    yield line((subject, f"x.{method}({given})"))
            if isinstance(getattr(value, "close", None), types.BuiltinFunctionType):
                value.close()
            for change in ("x.a = 1", "x.nothing = 1", "del x.a", "del x.nothing", "x.__class__ = int", "x[0] = 1", "x['a'] = 2", "del x[0]", "del x['a']", "x += 1", "x += [1]", "x *= 2", "x |= {1}", "x |= {'q': 1}", "x -= {1}", "x[0:1] = [7]", "x[::2] = [7]", "del x[0:1]", "a, b = x", "a, *b = x", "x.real = 1"):
                yield f"x = {subject}; {change}; show(x)"
            kind = type(value).__name__
            if kind in dir(builtins) or kind in ("deque", "Counter", "OrderedDict", "defaultdict", "ChainMap"):
                for given in arguments(rng):
                    yield f"show({kind}({given}))"
    return PRELUDE, make


BINARY = ["+", "-", "*", "/", "//", "%", "**", "@", "<<", ">>", "&", "|", "^", "<", "<=", "==", "!=", ">", ">=", "in", "not in", "is", "and", "or"]
UNARY = ["-{}", "+{}", "~{}", "not {}", "abs({})", "len({})", "iter({})", "next({})", "hash({})", "bool({})", "str({})", "repr({})", "int({})", "float({})", "list({})", "tuple({})", "reversed({})", "[*{}]", "{{**{}}}", "{}[0]", "{}[-1]", "{}[0:1]", "{}['a']", "{}[None]", "{}[::0]", "{}[1.5]", "{}()", "f'{{{}}}'", "f'{{{}!r:>8}}'", "f'{{{}!s:.2}}'", "round({})", "ascii({})", "callable({})", "type({})", "sorted({})", "min({})", "sum({})", "dict({})", "set({})", "bytes({})", "copy.copy({})", "copy.deepcopy({})", "dir({})[:0]", "vars({})", "isinstance({}, int)", "isinstance(1, {})", "issubclass({}, int)", "operator.index({})", "math.floor({})", "'%d' % {}", "'%s' % {}", "'{{}}'.format({})"]
OPERANDS = POOL + ["Bits.A", "Word.HI", "{'a': 1}.keys()", "{'a': 1}.items()", "OrderedDict(a=1)", "defaultdict(int, a=1)", "types.SimpleNamespace(a=1)", "Frozen()", "gen()", "1 << 40", "-3", "0.1", "ChainMap({'a': 1})", "range(1, 9, 3)"]


def operators(rng):
    for form in UNARY:
        for value in OPERANDS:
            yield f"show({form.format(value)})"
    for sign in BINARY:
        for _ in range(140):
            left, right = rng.choices(OPERANDS, k=2)
            if sign in ("**", "<<") and "70" in right:
                continue
            yield f"show({left} {sign} {right})"
            if sign not in ("<", "<=", "==", "!=", ">", ">=", "in", "not in", "is", "and", "or"):
                yield f"x = {left}; x {sign}= {right}; show(x)"


def calls(module, names, skip=(), prelude=PRELUDE, many=1.0, prefix=None):
    def make(rng):
        for name in names:
            if name in skip:
                continue
            called = name if module is builtins else f"{prefix or module.__name__}.{name}"
            yield f"show({called})"
            for given in arguments(rng, POOL, many):
                yield f"show({called}({given}))"
    return prelude, make


def public(module):
    return [name for name in getattr(module, "__all__", dir(module)) if not name.startswith("_")]


SPECS = ["", "d", "5", "<5", ">5", "^5", "=5", "*^9", "05", "+", "-", " ", "+d", "x", "#x", "#b", "o", "X", "c", "n", ",", "_", ",d", "_x", ",x", "e", ".2e", "f", ".3f", "g", ".3g", "G", "E", "F", "%", ".1%", "s", ".1s", "5s", "10.3f", "z.1f", "#.0f", "#g", "q", "5.", ".", "1.5d", "=^5", "<<5", "ß>4", "05s", "=5s", "+s", " s", "#s", ",s", "{}", "0", "00", "08.2f", "_d", "_b", "+,.2f", "-5", "c5", ".2d", "!", "\\n>3", "5\\n", "99999999999999999999", ".99999999999999999999f", "0>5", "0<5", "<05", "^08", ",.2f", "_.2f", ",_", "__", ",,", "#,x", "_o", ".0f", ".0e", ".0g", "r", "a"]
PERCENTS = ["%d", "%i", "%u", "%5d", "%-5d|", "%05d", "%+d", "% d", "%x", "%#x", "%X", "%o", "%#o", "%e", "%.2e", "%f", "%.1f", "%g", "%G", "%s", "%r", "%a", "%c", "%%", "%5s", "%-5s|", "%.1s", "%", "%z", "%(a)s", "%(a)d", "%*d", "%.*f", "%s %s", "%5", "%(a", "%(a)", "%ld", "%#5x", "%+.3f", "%i%%", "%08.3f", "%b", "a%sb%dc"]
FIELDS = ["{}", "{0}", "{1}", "{a}", "{0!r}", "{!s}", "{!z}", "{0[0]}", "{0.real}", "{0[a]}", "{a.b}", "{:>5}", "{:{}}", "{", "}", "{{}}", "{0}{}", "{}{0}", "{0[}", "{0.}", "{0[]}", "{!}", "{0!r:>6}", "{-1}", "{0x}", "{ 0}", "{0[0][1]}", "{:d}", "{:.2f}", "{a!r:^9}", "{0!rr}", "{:{a}}", "{0:{1}}", "}{", "{0.nothing}", "{0[-1]}", "{!r}{!s}", "{0.__class__}"]


def formats(rng):
    for spec in SPECS:
        for value in OPERANDS:
            yield f"show(format({value}, '{spec}'))"
    for form in PERCENTS:
        for value in OPERANDS:
            yield f"show('{form}' % {value})"
        for _ in range(12):
            yield f"show('{form}' % ({rng.choice(OPERANDS)}, {rng.choice(OPERANDS)}))"
            yield f"show(b'{form}' % {rng.choice(OPERANDS)})"
        yield f"show('{form}' % {{'a': 1}})"
        yield f"show('{form}' % {{'a': 'x'}})"
    for form in FIELDS:
        for value in POOL:
            yield f"show('{form}'.format({value}))"
        for _ in range(6):
            yield f"show('{form}'.format({rng.choice(POOL)}, {rng.choice(POOL)}, a={rng.choice(POOL)}))"
        yield f"show('{form}'.format(a=1)); show('{form}'.format_map({{'a': 1}}))"


NUMERALS = ["''", "' 12 '", "'1_000'", "'_1'", "'1__0'", "'0x1f'", "'0b11'", "'0o17'", "'017'", "'-0'", "'+5'", "'--5'", "'1.5'", "'1e3'", "'.5'", "'5.'", "'e5'", "'inf'", "'-Infinity'", "'nan'", "'NaN'", "'１２'", "'1 2'", "'zz'", "'1' * 5000", "b'12'", "b'x'", "bytearray(b'7')", "'\\n5\\t'", "'0_7'", "'1e400'", "'1e-400'", "'0x1.8p3'", "'infinit'", "'- 5'", "'9' * 30"]


def numerals(rng):
    for kind in ("int", "float", "bool", "complex", "int.from_bytes", "float.fromhex"):
        for text in NUMERALS:
            yield f"show({kind}({text}))"
    for base in ("0", "2", "10", "16", "36", "37", "1", "-1", "True", "2.0", "'a'", "None", "2**70"):
        for text in NUMERALS + ["5", "1.5", "None"]:
            yield f"show(int({text}, {base}))"
        yield f"show(int('11', base={base})); show(int(x='1', base={base}))"
    for value in ["0.1", "1e16", "1e15", "123456789012345678.0", "1e-5", "1e-4", "5e-324", "1.7976931348623157e308", "2.5", "-0.5", "1/3", "100.0", "1e22", "1e21", "0.30000000000000004", "1234.5678", "99.995", "2.675"]:
        for form in ["repr({})", "str({})", "round({})", "round({}, 2)", "round({}, -2)", "int({})", "{}.hex()", "{}.as_integer_ratio()", "{}.is_integer()", "format({}, '.3g')", "format({}, '.17g')", "format({}, 'e')", "format({}, ',.1f')", "'%.0f' % {}", "'%g' % {}", "{} // 0.3", "{} % 0.3", "{} % -0.3", "divmod({}, -0.7)", "{} ** 0.5", "hash({})", "math.floor({})", "math.ceil({})", "math.trunc({})", "math.frexp({})", "round({}, 400)", "round({}, -400)"]:
            yield f"show({form.format(value)})"
    for a in ["7", "-7", "0", "2**65", "-2**65", "1"]:
        for b in ["3", "-3", "0", "2**65", "2.5", "-0.0", "True"]:
            for sign in ["//", "%", "/", "-", "&", "|", "^"]:
                yield f"show({a} {sign} {b})"
            yield f"show(divmod({a}, {b}))"
            for c in ["5", "-5", "0", "1", "2.0", "None"]:
                yield f"show(pow({a}, {b if '65' not in b else 9}, {c}))"
        for more in ["to_bytes()", "to_bytes(1)", "to_bytes(9, 'big')", "to_bytes(9, 'little', signed=True)", "to_bytes(2, 'x')", "to_bytes(-1, 'big')", "bit_length()", "bit_count()", "as_integer_ratio()", "__round__(-1)", "is_integer()"]:
            yield f"show(({a}).{more})"


CLASSES = """
class Left:
    def __add__(self, o): return NotImplemented
    def __lt__(self, o): return NotImplemented
class Bad:
    def __repr__(self): return 5
    def __str__(self): return None
    def __len__(self): return -1
    def __bool__(self): return 2
    def __hash__(self): return 'h'
    def __index__(self): return 1.5
    def __int__(self): return '1'
    def __float__(self): return 1
    def __iter__(self): return 5
    def __contains__(self, x): raise KeyError(x)
    def __format__(self, s): return 7
    def __getattr__(self, n): raise AttributeError(n)
    def __bytes__(self): return 'x'
    def __reversed__(self): return 3
    def __length_hint__(self): return 'x'
    def __enter__(self): return 1
    def __iadd__(self, o): return NotImplemented
    def __dir__(self): return 5
    def __round__(self, n=None): return n
    def __abs__(self): return 'abs'
    def __call__(self, a, /, b, *, c): return a
class Long(Bad):
    def __len__(self): return 2**70
class Worded(Bad):
    def __len__(self): return 'x'
class Slots:
    __slots__ = ('a', 'b')
class Child(Own):
    def __init__(self): super().__init__(9)
class Gets:
    def __getitem__(self, i):
        if i > 2: raise IndexError
        return i
class Unhash:
    def __eq__(self, o): return True
class Desc:
    def __get__(self, o, t): return 'got', o is None
    def __set__(self, o, v): raise TypeError('no')
class Has:
    d = Desc()
    p = property(lambda s: 1)
    def __init_subclass__(cls, /, **k): print(k)
"""


def classes(rng):
    values = ["Left()", "Bad()", "Long()", "Worded()", "Slots()", "Child()", "Gets()", "Unhash()", "Has()", "Has", "Bad", "Child"]
    for value in values:
        for form in UNARY + ["enumerate({})", "zip({}, [1])", "'x'.join({})", "'a' * {}", "[1] * {}", "[1, 2][{}]", "[0][{}:]", "range({})", "chr({})", "hex({})", "pow({}, 2)", "divmod({}, 2)", "round({}, 1)", "complex({})", "{}.a", "{}.d", "{}.p", "{}.zzz", "hasattr({}, 'q')", "getattr({}, 'q', 5)", "getattr({}, 1)", "setattr({}, 'a', 1)", "setattr({}, 'p', 1)", "setattr({}, 'd', 1)", "delattr({}, 'p')", "delattr({}, 'd')", "delattr({}, 'a')", "{}(1)", "{}(1, 2)", "{}(1, 2, c=3)", "{}(1, a=2)", "1 in {}", "any({})", "all({})", "map({}, [1])", "{{{}: 1}}", "{{{}}}", "{} < 1", "{} == 1", "{} + 1", "1 + {}", "type('T', ({},), {{}})", "math.sqrt({})", "math.isqrt({})", "bytes({})", "bytearray({})", "int({})", "math.ceil({})", "sum([{}])", "max({}, 1)", "print({})", "float({})", "operator.length_hint({})", "ord({})", "isinstance({}, (int, {}))", "super({})", "object.__getattribute__({}, 'v')", "slice({})", "{}.__dict__", "{}.__class__", "{}.__slots__", "{}.__init__", "{}.method", "{}.__init__(1, 2)", "{}.__eq__(1)", "range(3)[{}]", "'abc'[{}]", "round(1.5, {})", "int('1', {})", "str({}, 'utf8')", "list.append({}, 1)", "str.upper({})", "dict.get({}, 1)", "int.__add__({}, 1)", "object.__repr__({})[:3]", "object.__str__({})", "object.__eq__({}, 1)", "object.__format__({}, 'x')", "type({}).__mro__", "type({}).__bases__", "type({}).__name__", "issubclass(type({}), object)"]:
            yield f"show({form.format(*[value] * form.count('{}'))})"
    forms = ["class C(5): pass", "class C(int, str): pass", "class C(Own, Own): pass", "class C(object, Own): pass", "class C(Color): pass", "class C(bool): pass", "class C(range): pass", "class C(slice): pass", "class C(type(None)): pass", "class C(type(len)): pass", "class C(Has, a=1): pass", "class C(a=1): pass", "class C: __slots__ = 5", "class C: __slots__ = 'a', '1'", "class C: __slots__ = ('a',); a = 1", "class C(int): __slots__ = ('a',)", "class C(*5): pass", "class C(None): pass", "class C(Own()): pass", "class C(one): pass", "class C('s'): pass", "class C([]): pass", "class C(type(gen())): pass", "class C(int): pass\n    show(C(5), C.__mro__, C('7') + 1)", "class C(str): pass\n    show(C('a'), C('a').upper(), type(C('a') + 'b'))", "class C(list): pass\n    show(C([1]), C(), C((1,)) + [2])", "class C(dict): pass\n    show(C(a=1), C([(1, 2)]))", "class C(tuple): pass\n    show(C([1]), C((1, 2))[0])", "class C(Exception): pass\n    show(C(1, 2), C().args, str(C('a')))", "class C(float): pass\n    show(C(1), C('2') * 2)", "class C(set): pass\n    show(C([1]), C() | {1})", "class C(deque): pass\n    show(C([1]), C([1], 2))", "class C(property): pass\n    show(C)"]
    for form in forms:
        yield form if "show" in form else f"{form}\n    show('made')"
    for call in ["function()", "function(1, 2, 3, d=5, e=6)", "function(1, a=2)", "function(*[1], *[2], **{'a': 1})", "function(1, **{'d': 1}, **{'d': 2})", "one()", "one(1, 2)", "one(b=1)", "one(1, b=2)", "one(1, a=2)", "(lambda a, b: 0)()", "(lambda a, b, c: 0)(1)", "(lambda a, b, c, d: 0)()", "(lambda *, a: 0)()", "(lambda *, a, b: 0)()", "(lambda *, a: 0)(1)", "(lambda a, /: 0)(a=1)", "(lambda a, /, b: 0)(a=1, b=2)", "(lambda a=1: 0)(1, 2)", "(lambda a, b=1: 0)(1, 2, 3)", "(lambda a, *, b: 0)(1, 2, b=3)", "(lambda: 0)(1)", "(lambda: 0)(a=1)", "Own(1, 2)", "Own(w=1)", "Own().method()", "Own().method(1, 2, 3)", "Own().method(1, c=2)", "Own.method()", "Own.method(1)", "Own.made()", "Own.made(1)", "Own.plain()", "Own().plain(1, 2)", "Own().twice()", "Empty(1)", "Empty(a=1)", "Plain()", "Plain(1, 2, 3, 4)", "Plain(b=1)", "Plain(a=1, z=2)", "Frozen(1) < Frozen(2)", "Frozen() < 1", "Plain(1) < Plain(2)", "Plain(1) == Plain(1)", "hash(Plain(1))", "hash(Frozen())", "Point()", "Point(1, 2, 3)", "Point(z=1)", "Point(1, x=1)", "Point._make([1])", "Point._make([1, 2, 3])", "Point(1)._replace(q=1)", "Point(1)._asdict()", "Point._fields", "Point._field_defaults", "Color(3)", "Color('RED')", "Color['X']", "Color()", "Color(1, 2)", "Color.RED.value", "Color.RED.name", "Color.GREEN", "Color.RED < Color.BLUE", "Number.ONE < Number.TWO", "list(Color)", "len(Color)", "Color.RED in Color", "1 in Color", "'x' in Color", "Bits(3)", "Bits(8)", "Bits(0)", "~Bits.A", "Bits.A & Bits.B", "Bits['A']", "Word('hi')", "Word('no')", "Number(9)", "int(Number.ONE)", "str(Number.ONE)", "f'{Number.ONE}'", "f'{Color.RED}'", "format(Color.RED, '>12')", "f'{Word.HI}'", "Color.RED.x", "setattr(Color, 'RED', 1)", "setattr(Color.RED, 'value', 1)", "delattr(Color, 'RED')", "Color.__members__", "Color.RED == 1", "Number.ONE == 1", "Color.RED is Color(1)", "type(Color.RED)", "isinstance(Color.RED, Color)", "hash(Color.RED) == hash('RED')", "repr(Bits.A | Bits.B)", "str(Bits.A | Bits.B)", "Bits.A | 1", "Bits.A in (Bits.A | Bits.B)", "1 in Bits.A", "list(Bits.A | Bits.B)", "enum.Enum('E', 'a b c')", "list(enum.Enum('E', 'a b c'))", "list(enum.IntEnum('E', ['a', 'b']))", "enum.Enum('E', {'a': 5})['a']", "enum.Enum('E', [('a', 1), ('a', 2)])", "enum.auto()", "enum.Enum('E', 5)"]:
        yield f"show({call})"
    for name in dir(builtins):
        value = getattr(builtins, name)
        if isinstance(value, type) and issubclass(value, BaseException):
            for given in ["", "1", "'a'", "'a', 2", "2, 'no', 'f'", "2, 'no', 'f', None, 'g'", "a=1", "'m', name='n'", "'g', [ValueError(1)]", "'g', []", "'g', [1]", "'m', ('f', 1, 2, 't')", "'utf-8', 'a', 0, 1, 'r'", "'utf-8', b'a', 0, 1, 'r'", "None", "[1]"]:
                yield f"x = {name}({given}); show(x, x.args, str(x)); x.add_note('n'); show(x.__notes__, x.__cause__)"
            yield f"show({name}, {name}.__mro__, {name}.__name__)"
            for attribute in ("args", "errno", "strerror", "filename", "filename2", "code", "value", "name", "path", "obj", "msg", "lineno", "offset", "text", "encoding", "object", "start", "end", "reason", "message", "exceptions", "characters_written", "__traceback__", "__context__", "__cause__", "__suppress_context__", "__notes__"):
                yield f"show({name}().{attribute})"
                yield f"x = {name}('a', ['b']); show(x.{attribute})"
                yield f"x = {name}(); x.{attribute} = 5; show(x.{attribute}, x); del x.{attribute}; show(x.{attribute})"


def statements(rng):
    for value in OPERANDS:
        for form in ["a, b = {}", "a, *b = {}", "[a] = {}", "(a, (b, c)) = {}", "for a, b in {}: show(a, b)", "with {}: pass", "with {} as a: pass", "raise {}", "raise ValueError from {}", "assert {}", "assert 0, {}", "del {}[0]", "x = {}; x[0] = 1", "x = {}; x.a = 1", "x = {}; x[0] += 1", "x = {}; x[1:] = 'q'", "x = {}; x[::2] = 'q'", "x = {}; del x[::2]", "x = {}; del x.a", "print(*{})", "print(1, sep={})", "print(1, end={})", "one(**{})", "one(*{})", "[0][{}]", "'abc'[{}]", "(1, 2)[{}]", "{{}}[{}]", "range(9)[{}]", "deque([1])[{}]", "[1, 2, 3][{}:]", "'abc'[:{}]", "[1, 2, 3][::{}]", "x = [1, 2, 3]; x[1:2] = {}", "x = [1, 2, 3]; x[::2] = {}", "x = [1]; x += {}", "x = {{1: 2}}; x |= {}", "x = {{1}}; x |= {}", "x = 'a'; x += {}", "x = (1,); x += {}", "x = bytearray(b'a'); x += {}", "x = deque([1]); x += {}", "x = bytearray(b'abc'); x[0] = {}", "x = bytearray(b'abc'); x[1:] = {}", "x = {{{}: 1}}", "x = {{{}}}", "x = f'{{{}:>3}}'", "import {}", "global_ = {}; global_()", "match {}:\n        case []: show('empty')\n        case [a, *b]: show(a, b)\n        case {{'a': a, **b}}: show(a, b)\n        case int(a) | str(a): show(a)\n        case Point(x, y): show(x, y)\n        case Own(v=a): show(a)\n        case float(): show('f')\n        case None: show('none')\n        case a: show(a)"]:
            if form.startswith("import"):
                continue
            text = form.format(value)
            if "\n" in text:
                yield text
            else:
                shown = "; show(x)" if text.startswith("x = ") else ""
                yield text + shown


THREADS = PRELUDE + """
import concurrent.futures, queue, threading, logging, time
from concurrent.futures import ThreadPoolExecutor, Future
def started(f=int):
    t = threading.Thread(target=f); t.start(); t.join(); return t
def finished(v=None, e=None):
    f = Future()
    f.set_exception(e) if e else f.set_result(v)
    return f
def filled(q, *items):
    for i in items: q.put(i)
    return q
def held(l):
    l.acquire(); return l
"""
THREAD_SUBJECTS = ["threading.Lock()", "held(threading.Lock())", "threading.RLock()", "held(threading.RLock())", "threading.Event()", "threading.Condition()", "held(threading.Condition())", "threading.Semaphore()", "threading.Semaphore(0)", "threading.BoundedSemaphore(2)", "threading.Barrier(1)", "threading.Thread()", "started()", "threading.Timer(1, one)", "threading.local()", "threading.current_thread()", "queue.Queue()", "filled(queue.Queue(2), 1, 2)", "queue.PriorityQueue()", "filled(queue.LifoQueue(), 1)", "queue.SimpleQueue()", "filled(queue.SimpleQueue(), 1)", "Future()", "finished(5)", "finished(e=ValueError('v'))", "ThreadPoolExecutor(1)", "logging.getLogger('a.b')", "logging.Formatter('%(message)s')", "logging.StreamHandler()", "logging.LogRecord('n', 10, 'p', 1, 'm %s', (1,), None)"]
SMALL = ["0", "1", "-1", "True", "False", "None", "1.5", "'a'", "[]", "(1, 2)", "{'a': 1}", "one", "0.01", "float('nan')", "2**70", "b'a'", "ValueError('v')", "ValueError", "Own()"]
WORDS = ["timeout", "blocking", "block", "item", "n", "target", "args", "kwargs", "name", "daemon", "maxsize", "value", "parties", "action", "group", "max_workers", "thread_name_prefix", "initializer", "wait", "cancel_futures", "fn", "result", "exception", "return_exceptions", "loop", "predicate", "lock", "msg", "level", "bogus", "immediate", "when", "context"]


def fewer(rng, many=1.0):
    yield ""
    yield from SMALL
    for count, most in ((2, 14), (3, 6)):
        for _ in range(int(most * many)):
            yield ", ".join(rng.choices(SMALL, k=count))
    for word in WORDS:
        yield f"{word}={rng.choice(SMALL)}"
    for _ in range(int(10 * many)):
        words = rng.sample(WORDS, rng.choice([1, 2]))
        yield ", ".join(rng.choices(SMALL, k=rng.choice([0, 1, 2])) + [f"{word}={rng.choice(SMALL)}" for word in words])


# What would run for ever; what there is none of in the simulated computer, which is rejected when it is awaited; what differs with the
# clock and with the place where output goes.
UNCALLED = """clear_ run_forever serve_forever subprocess_exec subprocess_shell start_tls connect_read_pipe connect_write_pipe getnameinfo
create_unix_connection create_unix_server create_datagram_endpoint when created msecs relativeCreated stream lock""".split()


def objects(prelude, subjects, wrap="{}"):
    def make(rng):
        scope = {}
        exec(prelude, scope)
        for subject in subjects:
            value = []
            scope["value"] = value
            exec(f"run(lambda: value.extend(dir({subject})))" if "run" in scope else f"value.extend(dir({subject}))", scope)
            known = [n for n in value if not n.startswith("_") and n not in UNCALLED]
            for name in known + ["nothing", "__enter__", "__exit__", "__class__", "__len__", "__iter__", "__hash__", "__dict__x", "__await__", "__aenter__"]:
                yield wrap.format(f"(lambda x: (x.{name}, x))({subject})")
            for name in known + ["__enter__"]:
                for given in fewer(rng, 0.5):
                    yield wrap.format(f"(lambda x: (x.{name}({given}), x))({subject})")
            for form in ("len({})", "bool({})", "list({})", "{}[0]", "{}()", "{} + 1", "{} < 1", "with_({})", "iter({})", "next({})", "hash({}) == 1", "str({})", "copy.copy({})"):
                yield wrap.format(form.format(subject))
    return prelude, make


ASYNCIO = PRELUDE + """
import asyncio
def run(f):
    async def main():
        r = f()
        if asyncio.iscoroutine(r): r = await asyncio.wait_for(r, 3)
        return told(r)
    return asyncio.run(main())
def awaited(f):
    async def main():
        async def inner(): return await f()
        return told(await asyncio.wait_for(inner(), 3))
    return asyncio.run(main())
def done(v=None, e=None):
    f = asyncio.get_running_loop().create_future()
    if e: f.set_exception(e); f.exception()
    else: f.set_result(v)
    return f
def filled(q, *items):
    for i in items: q.put_nowait(i)
    return q
def cancelled():
    f = asyncio.get_running_loop().create_future(); f.cancel(); return f
"""
ASYNCIO_SUBJECTS = ["asyncio.Lock()", "asyncio.Event()", "asyncio.Condition()", "asyncio.Semaphore()", "asyncio.Semaphore(0)", "asyncio.BoundedSemaphore(2)", "asyncio.Barrier(1)", "asyncio.Queue()", "filled(asyncio.Queue(2), 1, 2)", "asyncio.PriorityQueue(3)", "filled(asyncio.LifoQueue(), 1)", "asyncio.get_running_loop().create_future()", "done(5)", "done(e=ValueError('v'))", "cancelled()", "asyncio.create_task(coro(), name='T')", "asyncio.current_task()", "asyncio.get_running_loop()", "asyncio.TaskGroup()", "asyncio.timeout(1)", "asyncio.timeout(None)", "asyncio.get_running_loop().call_soon(one, 1)", "asyncio.get_running_loop().call_later(1, one, 1)", "asyncio.Runner()", "asyncio.gather()", "asyncio.gather(coro())", "asyncio.StreamReader()"]


def module_calls(prelude, names, wrap="show({})", many=0.6):
    def make(rng):
        for name in names:
            yield wrap.format(name)
            for given in fewer(rng, many):
                yield wrap.format(f"{name}({given})")
    return prelude, make


THREAD_NAMES = ["threading." + n for n in ("Lock", "RLock", "Event", "Condition", "Semaphore", "BoundedSemaphore", "Barrier", "Thread", "Timer", "local", "current_thread", "main_thread", "enumerate", "active_count", "get_ident", "excepthook", "BrokenBarrierError")] + ["queue." + n for n in ("Queue", "LifoQueue", "PriorityQueue", "SimpleQueue", "Empty", "Full")] + ["concurrent.futures." + n for n in ("ThreadPoolExecutor", "Future", "wait", "as_completed", "TimeoutError", "CancelledError", "InvalidStateError")] + ["logging." + n for n in ("getLogger", "basicConfig", "info", "warning", "log", "getLevelName", "addLevelName", "Formatter", "StreamHandler", "Logger", "disable", "LoggerAdapter", "Filter", "Handler")] + ["time." + n for n in ("sleep", "monotonic_", "gmtime", "localtime", "strftime", "asctime", "ctime", "struct_time")]
ASYNCIO_NAMES = ["asyncio." + n for n in ("Lock", "Event", "Condition", "Semaphore", "BoundedSemaphore", "Barrier", "Queue", "PriorityQueue", "LifoQueue", "Future", "Task", "create_task", "ensure_future", "gather", "wait", "wait_for", "timeout", "timeout_at", "TaskGroup", "shield", "as_completed", "sleep", "current_task", "all_tasks", "get_running_loop", "to_thread", "run_coroutine_threadsafe", "run", "iscoroutine", "isfuture", "iscoroutinefunction", "Runner", "new_event_loop", "wrap_future", "CancelledError", "InvalidStateError", "TimeoutError", "IncompleteReadError", "LimitOverrunError", "QueueEmpty", "QueueFull", "StreamReader", "eager_task_factory")]
ASYNC_VALUES = ["coro()", "coro", "done(5)", "done(e=ValueError('v'))", "cancelled()", "[coro()]", "[done(1), coro()]", "[]", "{}", "5", "None", "'a'", "agen()", "gen()", "asyncio.sleep(0.1, 7)", "asyncio.create_task(coro())", "asyncio.Event().wait()", "0", "-1", "0.01", "float('nan')", "1"]


def async_calls(rng):
    for name in ASYNCIO_NAMES:
        for value in ASYNC_VALUES:
            yield f"print(run(lambda: {name}({value})))"
            yield f"print(awaited(lambda: {name}({value})))"
        for _ in range(15):
            given = ", ".join(rng.choices(ASYNC_VALUES, k=rng.choice([2, 2, 3])))
            yield f"print(awaited(lambda: {name}({given})))"
        for word in ("name", "loop", "timeout", "return_when", "return_exceptions", "context", "eager_start", "limit", "result", "delay", "bogus"):
            yield f"print(awaited(lambda: {name}({rng.choice(ASYNC_VALUES)}, {word}={rng.choice(ASYNC_VALUES + ['asyncio.FIRST_COMPLETED', 'True'])})))"
    for value in ASYNC_VALUES:
        yield f"print(awaited(lambda: {value}))"
        for form in ("async with {}: pass", "async with {} as a: print(a)", "async for a in {}: print(told(a))", "with {}: pass", "for a in {}: print(told(a)); break", "await asyncio.sleep({})", "asyncio.get_running_loop().call_later({}, one)", "asyncio.get_running_loop().call_soon({})", "await asyncio.wait_for({}, 1)"):
            yield f"async def main():\n        {form.format(value)}\n    asyncio.run(main()); print('end')"


FUNCTIONS = ["abs", "aiter", "all", "anext", "any", "ascii", "bin", "bool", "bytearray", "bytes", "callable", "chr", "classmethod", "delattr", "dict", "divmod", "enumerate", "filter", "float", "format", "frozenset", "getattr", "hasattr", "hash", "hex", "int", "isinstance", "issubclass", "iter", "len", "list", "map", "max", "min", "next", "object", "oct", "ord", "pow", "print", "property", "range", "repr", "reversed", "round", "set", "setattr", "slice", "sorted", "staticmethod", "str", "sum", "super", "tuple", "type", "vars", "zip", "globals", "locals", "id", "callable"]

GROUPS = {
    "operators": (PRELUDE, operators),
    "builtins": calls(builtins, FUNCTIONS, skip=("id", "globals", "locals"), many=2.0),
    "formats": (PRELUDE, formats),
    "numerals": (PRELUDE, numerals),
    "classes": (PRELUDE + CLASSES, classes),
    "statements": (PRELUDE, statements),
    **{f"type-{name}": methods(name) for name in SUBJECTS},
    "math": calls(math, public(math)),
    "operator": calls(operator, public(operator)),
    "itertools": calls(itertools, public(itertools)),
    "functools": calls(functools, public(functools)),
    "heapq": calls(heapq, public(heapq)),
    "random": calls(random, public(random), skip=("SystemRandom", "binomialvariate"), prefix="random.Random(1)"),
    "string": calls(string, public(string)),
    "copy": calls(copy, public(copy)),
    "contextlib": calls(contextlib, public(contextlib)),
    "contextvars": calls(contextvars, public(contextvars)),
    "collections": calls(collections, public(collections)),
    "enum": calls(enum, public(enum), many=0.5),
    "dataclasses": calls(dataclasses, public(dataclasses), many=0.5),
    "types": calls(types, ["SimpleNamespace", "MethodType", "coroutine", "FunctionType", "GeneratorType", "ModuleType", "NoneType"]),
    "thread-objects": objects(THREADS, THREAD_SUBJECTS, "show({})"),
    "thread-calls": module_calls(THREADS, THREAD_NAMES),
    "asyncio-objects": objects(ASYNCIO, ASYNCIO_SUBJECTS, "print(run(lambda: {}))"),
    "asyncio-awaited": objects(ASYNCIO, ASYNCIO_SUBJECTS[:19], "print(awaited(lambda: {}))"),
    "asyncio-calls": module_calls(ASYNCIO, ASYNCIO_NAMES, "print(run(lambda: {}))"),
    "async": (ASYNCIO, async_calls),
}
