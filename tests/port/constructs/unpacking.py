a, b = 1, 2
a, b = b, a
first, *rest = [1, 2, 3]
(x, y), z = (1, 2), 3
print(a, b, first, rest, x, y, z)
*head, last = 'abc'
print(head, last, [*rest, *head], (*rest, 9))
for i, (p, q) in enumerate([(1, 2), (3, 4)]):
    print(i, p, q)
