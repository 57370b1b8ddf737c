from collections import deque
class Point:
    __match_args__ = ('x', 'y')
    def __init__(self, x, y): self.x, self.y = x, y
class K: A = 1; B = 2
def f(v):
    match v:
        case 0: return 'zero'
        case K.B: return 'K.B'
        case None: return 'none'
        case True: return 'true'
        case -1 | -2 as n: return f'neg {n}'
        case 'a' | 'b': return 'str'
        case []: return 'empty'
        case [x]: return f'one {x}'
        case [x, y] if x == y: return f'pair eq {x}'
        case (1, [a, b], *rest): return f'nested {a} {b} {rest}'
        case [first, *_, last] if first == last: return f'fl {first}'
        case [_, _, *rest]: return f'rest {rest}'
        case {'k': v, **rest}: return f'map {v} {rest}'
        case {'t': 't1', 'n': [a, *_]}: return f'map2 {a}'
        case {}: return 'anymap'
        case Point(0, 0): return 'origin'
        case Point(x=0, y=yy): return f'y={yy}'
        case Point(xx, yy=0) if False: return 'no'
        case Point(xx, y): return f'P {xx} {y}'
        case str(s): return f's {s}'
        case int() | float() as num: return f'num {num}'
        case (bytes() as q): return f'by {q}'
        case _: return 'other'
for v in [0, 1, 2, 3, None, True, False, -1, -2, 'a', 'c', [], [1], (1, 1), (1, 2), (1, [2, 3], 4, 5), [5, 6, 5], [1, 2, 3], (9,8), {'k': 1, 'z': 2}, {'t': 't1', 'n': [4, 5]}, {'t': 't1'}, Point(0, 0), Point(0, 3), Point(2, 3), 1.5, b'x', object, range(2), deque([1]), 'long']:
    print(f(v))
def g(c):
    match c:
        case [('a' as p, q) | (q, 'b' as p), r]: return p, q, r
        case {'x': 1 | 2 as n} | {'y': n}: return n
        case (a, b, (c, d) | [c, d, _]): return a, b, c, d
print(g([('a', 1), 2]), g([(3, 'b'), 4]), g({'x': 2}), g({'y': 9}), g((1, 2, (3, 4))), g((1,2,(3,4,5))), g(0))
match 5:
    case x: print('bound', x)
class B: __match_args__ = ('a',)
try:
    match B():
        case B(1, 2): pass
except TypeError as e: print(e)
try:
    match 3:
        case int(1, 2): pass
except TypeError as e: print(e)
try:
    match Point(1,2):
        case Point(1, x=3): pass
except TypeError as e: print(e)
match (1, 2):
    case (a, 3): print('no')
    case (a, b): print(a, b)
for i in range(4):
    match i:
        case 1: continue
        case 3: break
        case n if n > 1: print('gt', n)
        case _: print('else')
