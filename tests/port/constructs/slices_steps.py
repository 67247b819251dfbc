xs = list(range(10))
print(xs[2:5], xs[:3], xs[7:], xs[-3:], xs[:-7], xs[::3], xs[::-1], xs[8:2:-2])
xs[2:5] = [0, 0]
print(xs)
xs[::2] = [1] * len(xs[::2])
print(xs)
del xs[1:3]
print(xs, "hello world"[-5:], (1, 2, 3)[1:])
n = 3
print([xs[i : i + n] for i in range(0, len(xs), n)])
