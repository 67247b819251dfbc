def add(a, b):
    return a + b
print(add(1, 2), add('a', 'b'), add([1], [2]), add(1.5, 2))
def same(a, b):
    return a == b
print(same(1, 1), same('a', 'b'), same([1], [1]), same(None, None))
