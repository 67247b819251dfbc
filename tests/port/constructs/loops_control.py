for i in range(10):
    if i == 2:
        continue
    if i == 5:
        break
    print(i, end=" ")
print()
n = 27
steps = 0
while n != 1:
    n = n // 2 if n % 2 == 0 else 3 * n + 1
    steps += 1
print(steps)
for i in range(3):
    for j in range(3):
        if i == j:
            break
    else:
        print("no break", i)
for a, b in zip("abc", range(10, 0, -4)):
    print(a, b)
total = 0
for i in reversed(range(0, 10, 3)):
    total = total * 10 + i
print(total)
