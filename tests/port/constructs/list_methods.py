xs = [3, 1, 2]
xs.append(5)
xs.extend([4, 4])
xs.insert(0, 9)
xs.remove(1)
print(xs, xs.index(5), xs.count(4), xs.pop(), xs.pop(0), xs)
xs.reverse()
print(xs, xs[::2], xs[-2:], sum(xs), len(xs))
ys = xs.copy()
ys.clear()
print(ys, xs + [1], [0] * 3, 2 in xs, 7 not in xs)
del xs[0]
print(xs, list(reversed(xs)), xs == [4, 2, 3])
