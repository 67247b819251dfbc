from dataclasses import dataclass, field, FrozenInstanceError
@dataclass(frozen=True)
class P:
    x: int
    y: float = 1.0
@dataclass(order=True)
class Q:
    x: int
    y: int = 1
    hidden: list = field(default_factory=list, repr=False, compare=False)
p = P(1)
print(p, p == P(1))
try:
    p.x = 2
except Exception as e:
    print(type(e).__name__, e)
try:
    p.y = 2.0
except FrozenInstanceError as e:
    print(e)
print(sorted([Q(2), Q(1, 3), Q(1, 2)]), Q(1) < Q(2), Q(1) >= Q(1, 0))
print(max([Q(2), Q(3)]))
xs = [1.0, 2.0]
print(xs, xs.pop())
ys = [(1, 2), (3, 4)]
print(ys, ys.pop(), sep='|')
print(f'{xs} {xs.pop()} {xs}')
zs = [1, 2]
print(f'{zs} {zs.pop()} {zs}')
print("%", zs, zs.pop())
