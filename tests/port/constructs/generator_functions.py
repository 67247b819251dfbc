def countdown(n):
    while n > 0:
        yield n
        n -= 1
    yield 'go'
print(list(countdown(3)))
def chained():
    yield from range(2)
    yield from countdown(1)
for x in chained():
    print(x)
