def scale(x, *, by=2, plus=0):
    return x * by + plus


def report(*values, sep=", ", **extra):
    text = sep.join(str(v) for v in values)
    return text + "".join(f" {k}={v}" for k, v in extra.items())


def wrap(fn, *args, **kwargs):
    return fn(*args, **kwargs)


print(scale(3), scale(3, by=4), scale(3, plus=1, by=1))
print(report(1, 2, 3), report("a", "b", sep="-"), report(1, last=True))
print(wrap(scale, 5, by=3), wrap(max, 3, 9))
