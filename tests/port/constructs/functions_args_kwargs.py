def total(*args, **kwargs):
    return sum(args), kwargs
print(total(), total(1, 2), total(1, x=3))
def call(fn, *args, **kwargs):
    return fn(*args, **kwargs)
print(call(lambda a, b: a - b, 5, 3), call(total, 1, y=2))
xs = [1, 2]
print(total(*xs, 3))
