for value in [0, 1, '', 'a', [], [0], {}, {'a': 1}, None, 0.0, True, False]:
    print(bool(value), end=' ')
print()
xs = []
if not xs:
    print('empty')
while xs:
    xs.pop()
