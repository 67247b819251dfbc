def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)
def depth(tree):
    if not tree:
        return 0
    return 1 + max([depth(t) for t in tree])
print(fib(15), depth([[[]], []]))
