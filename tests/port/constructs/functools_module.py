from functools import partial, reduce
add = lambda a, b: a + b
print(reduce(add, [1, 2, 3]), partial(add, 10)(5))
