xs = [1, 2, 3]
i = -1
print(xs[i], xs[-2], 'abc'[i])
def last(v, n):
    return v[-n]
print(last(xs, 2), last('hey', 1))
