for a in [True, False]:
    for b in [True, False]:
        print(not a and b, not a or b, a or not b and a, not (a and b), not a == b, a and b or not a)
x = 2
print(-x ** 2, 2 ** -1, -7 // x, (1 + x) * 3, 10 - 3 - 2, 2 ** 3 ** 2, 1 if x else 0 or 5, x == 2 and not x > 3)
