def numbers():
    print('start')
    yield 1
    yield 2
it = numbers()
print(next(it))
print(next(it), next(it, 'end'))
pairs = ((x, x * 2) for x in range(2))
print(next(pairs), list(pairs))
