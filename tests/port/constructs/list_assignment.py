xs = list(range(6))
xs[0] = 10
xs[-1] = 50
xs[1:3] = [7, 8, 9]
print(xs)
del xs[0]
i = 2
xs[i] += 5
print(xs, xs[i])
