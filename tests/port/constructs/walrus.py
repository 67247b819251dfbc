values = [1, 5, 2]
if (n := len(values)) > 2:
    print('long', n)
print([y for x in values if (y := x * 2) > 3])
while (n := n - 1) > 0:
    print(n)
