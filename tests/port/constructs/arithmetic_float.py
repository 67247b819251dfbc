x = 7.5
y = 2.0
print(x + y, x - 0.5, x * y, x / y, x // y, x % y, x ** y)
print(-x, y, 1e10, 1e-7, 3.0 * 2)
