xs = [1, 2, 3]
print(any(x > 2 for x in xs), all(x > 0 for x in xs), sum(xs), sum([0.5, 0.25]), sum(x * x for x in xs), sum([[1], [2]], []))
print(min(xs), max(xs), min(3, 1), max(1.5, 2), abs(-3), abs(-2.5), round(2.5), round(3.5), round(2.675, 2), divmod(7, 2), pow(2, 5))
