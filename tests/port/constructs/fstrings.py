name, n, x = 'Ann', 3, 2.5
print(f'{name} has {n} of {x}')
print(f'{n:3d}|{n:03d}|{x:.2f}|{x:8.3f}|{x:e}|{1234567:,}')
print(f'{name:>6}|{name:<6}|{name:^7}|{name!r}')
print(f'{n + 1}: {[n, x]} {{braces}} {x!r}')
w = 6
print(f'{x:{w}.1f} {n}:{w} {0.256:.1%}s')
print(f'{n=} {name=} {True} {None}')
