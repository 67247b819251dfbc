print(list(range(5)), list(range(2, 8, 3)), list(range(5, 0, -2)), len(range(10)))
for i in range(3):
    pass
print(i)
r = range(3)
print(list(r), list(r), sum(r))
