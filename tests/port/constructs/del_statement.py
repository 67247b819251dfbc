xs = [1, 2, 3, 4]
del xs[1]
d = {'a': 1, 'b': 2}
del d['a']
y = 5
del y
print(xs, d)
