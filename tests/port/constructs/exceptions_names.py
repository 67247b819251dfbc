try:
    int("x")
except ValueError as e:
    print(e)
for e in range(2):
    print(e)


def f(n):
    try:
        e = n / 0
    except ZeroDivisionError as error:
        e = -1.5
        print(error)
    return e


def g():
    e = 5
    try:
        int("q")
    except ValueError as error:
        print("caught", error)
    for e in [1, 2]:
        pass
    return e


print(f(1), g())
