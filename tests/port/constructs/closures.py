def counter():
    count = 0
    def step(by=1):
        nonlocal count
        count += by
        return count
    return step
c = counter()
print(c(), c(), c(10))
adders = [lambda x, n=n: x + n for n in range(3)]
print([add(10) for add in adders])
fns = []
for k in range(3):
    fns.append(lambda: k)
print([fn() for fn in fns])
