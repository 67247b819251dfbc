registry = {}


def register(cls):
    registry[cls.__name__] = cls
    return cls


def tagged(tag):
    def wrap(cls):
        cls.tag = tag
        return cls

    return wrap


@register
class First:
    def __init__(self, n):
        self.n = n

    def double(self):
        return self.n * 2


@register
@tagged("blue")
class Second(First):
    def double(self):
        return self.n * 20


print(list(registry))
print(First(2).double(), Second(3).double(), Second.tag)
