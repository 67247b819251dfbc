def outer(x):
    y = x * 2
    def inner(z):
        return y + z
    return inner(1) + inner(2)
print(outer(3))
