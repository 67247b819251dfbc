from dataclasses import dataclass

def first(items: list) :
    return items[0]

class Stack:
    def __init__(self) -> None:
        self.items: list = []
    def push(self, x) -> None:
        self.items.append(x)
    def pop(self) :
        return self.items.pop()

s = Stack()
s.push(3); s.push(4)
print(s.pop(), first([1, 2]))

def area(a, b=2, /, c=3, *, d, e=5, **rest):
    return a + b + c + d + e + len(rest)
print(area(1, d=4), area(1, 2, 3, d=4, f=1), area(1, 2, c=9, d=1, e=0))
lam = lambda x, /, y=1, *args, z=2, **kw: x + y + z + sum(args) + len(kw)
print(lam(1), lam(1, 2, 3, 4, z=0, q=1))

name = 'w'
songs = ['a', 'b']
print(f"this: {', '.join(songs)} {name!r:>5} {', '.join(songs)} {{x}} {3.14159:.{2}f} {name=}")
print(f'{1 if True else 2} {[x for x in range(3)]} { {1: 2}[1] }')
first_, *middle, last = range(6)
print(first_, middle, last)
a, (b, *c), d = 1, (2, 3, 4), 5
print(a, b, c, d)
print([*range(3), *'ab'], {**{'a': 1}, 'b': 2}, (*[1], 2))
def g():
    return 1, *[2, 3]
print(g())
for x in 1, *[2, 3]:
    print(x, end=' ')
print()
if (n := len(songs)) > 1 and (m := n * 2):
    print(n, m)
print([y := 5, y ** 2], [z for w in range(5) if (z := w % 3)])

@dataclass
class Point:
    x: int
    y: int

def what(v):
    match v:
        case 0 | 1:
            return 'small'
        case int(n) if n < 0:
            return f'neg {n}'
        case str() as text:
            return 'str ' + text
        case [a, b]:
            return f'two {a} {b}'
        case [a, *others]:
            return f'many {a} {others}'
        case {'k': v, **rest}:
            return f'dict {v} {rest}'
        case Point(x=0, y=y):
            return f'on y {y}'
        case Point(x, y):
            return f'point {x} {y}'
        case None | True:
            return 'const'
        case _:
            return 'other'
for v in [0, -3, 'a', [1, 2], (1, 2, 3), {'k': 1, 'z': 2}, Point(0, 3), Point(1, 2), None, 3.5]:
    print(what(v))
with (open('/dev/null') as f1, open('/dev/null') as f2):
    print(f1.read() == f2.read())
print(1_000_000, 0xff_ff, 0b1010, 0o17, 1e3, 1_0.5, 3j)
print(b'ab\x00', rb'\n', r'\d', u'x', 'a' 'b' f'{1}' "c")
print('\u00e9 \x41 \101 \
continued')
x = 1 if name else \
    2
print(x)
größe = 3; print(größe)
print(1 < 2 < 3 != 4, not 1 == 2, 5 // -2, -5 % 3, 2 ** -1, ~5)
def outer():
    k = 0
    def inner():
        nonlocal k
        k += 1
        return k
    inner()
    return inner()
print(outer())
assert (1, 'x'), 'never'
del x
async def agen():
    yield 1
print(sorted({3, 1, 2}, reverse=True), {c for c in 'aab'} == {'a', 'b'})
print(f'{"a" if 1 else "b"!s:>3}|{name:{"^"}{5}}|')
print("%s %d %5.2f %r" % ('a', 3, 2.5, 'q'))
