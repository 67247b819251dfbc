n = 3
while n > 0:
    n -= 1
    if n == 5:
        break
else:
    print('done', n)
while True:
    n += 1
    if n % 2:
        continue
    if n > 5:
        break
print(n)
