"""Decorators of the program for methods, and named arguments behind a list."""
import functools
import time


def counted(fn):
    @functools.wraps(fn)
    def wrapper(self, *args):
        self.calls += 1
        return fn(self, *args)
    return wrapper


def named(label):
    def decorate(fn):
        def wrapper(*args):
            print("enter", label)
            result = fn(*args)
            print("leave", label)
            return result
        return wrapper
    return decorate


class Worker:
    def __init__(self, factor):
        self.calls = 0
        self.factor = factor

    @counted
    def scale(self, x):
        return x * self.factor

    @named("both")
    @counted
    def both(self, x, y):
        return self.scale(x) + self.scale(y)


worker = Worker(3)
print(worker.scale(2), worker.both(1, 2), worker.calls)


def block(a, b, c=3, num_classes=10):
    return (a, b, c, num_classes)


sizes = [1, 2]
print(block(*sizes, num_classes=4), block(*sizes, 5, num_classes=6), block(1, *[2], c=7))
try:
    block(*[1, 2, 3], c=4)
except TypeError as e:
    print("multiple values" in str(e))
