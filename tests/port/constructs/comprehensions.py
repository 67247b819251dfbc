xs = range(6)
print([x * x for x in xs], [x for x in xs if x % 2], [x if x > 2 else -x for x in xs])
print([(i, j) for i in range(2) for j in range(2) if i != j])
print({x: x ** 2 for x in range(3)}, sorted({x % 3 for x in xs}), list(x + 1 for x in range(3)))
words = ['a', 'bb']
print({w: len(w) for w in words}, [c for w in words for c in w], [[j for j in range(i)] for i in range(3)])
