a = b = []
a.append(1)
x = y = 0
x += 1
print(a, b, x, y)
