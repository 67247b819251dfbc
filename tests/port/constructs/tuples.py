t = (1, 'a', 2.0)
print(t, t[0], t[-1], len(t), t + (3,), t[1:])
a, b, c = t
print(a, b, c)
single = (5,)
empty = ()
print(single, empty, (1, 2) == (1, 2), (1, 2) < (1, 3), 1 in (1, 2))
