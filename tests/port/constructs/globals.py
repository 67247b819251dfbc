total = 0
LIMIT = 3
def add(n):
    global total
    total += n
    return total < LIMIT
print(add(1), add(5), total)
