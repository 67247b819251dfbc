def get(x=None):
    if x is None:
        return 'nothing'
    return x
print(get(), get(3), None is None, 1 is not None)
