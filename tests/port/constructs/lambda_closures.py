adders = [lambda x, n=n: x + n for n in range(3)]
print([f(10) for f in adders])


def compose(*fns):
    def run(x):
        for fn in fns:
            x = fn(x)
        return x

    return run


print(compose(lambda x: x + 1, lambda x: x * 2)(3))
ops = {"add": lambda a, b: a + b, "mul": lambda a, b: a * b}
for name in ops:
    print(name, ops[name](3, 4))
print(list(map(lambda p: p[0] * p[1], [(1, 2), (3, 4)])))
