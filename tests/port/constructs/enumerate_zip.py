names = ['a', 'b', 'c']
for i, name in enumerate(names, 1):
    print(i, name)
for x, y in zip(names, range(2)):
    print(x, y)
print(list(zip([1, 2], [3, 4])), list(enumerate('ab')), dict(zip(names, [1, 2, 3])))
print([list(t) for t in zip(*[(1, 2), (3, 4)])])
