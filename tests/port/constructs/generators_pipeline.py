def numbers(n):
    i = 0
    while i < n:
        yield i
        i += 1


def evens(items):
    for item in items:
        if item % 2 == 0:
            yield item


def pairs(items):
    last = None
    for item in items:
        if last is not None:
            yield last, item
        last = item


def chained():
    yield from numbers(2)
    yield from [10, 20]


print(list(evens(numbers(7))))
print(list(pairs(evens(numbers(9)))))
print(list(chained()), sum(x * x for x in numbers(4)))
first, *others = numbers(4)
print(first, others)
