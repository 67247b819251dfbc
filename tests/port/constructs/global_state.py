counter = 0
history = []


def bump(by=1):
    global counter
    counter += by
    history.append(counter)
    return counter


def make():
    hidden = 10

    def inner():
        nonlocal hidden
        hidden += 1
        return hidden

    return inner


bump()
bump(by=5)
step = make()
step()
print(counter, history, step())
