s = {3, 1, 2}
s.add(2)
print(len(s), 2 in s, sorted(s), sorted(s | {7}), sorted(s & {1, 9}), sorted(s - {1}), s == {1, 2, 3})
t = set('hello')
print(sorted(t), len(set()), sorted(set([1, 1, 2])), {1, 2} <= {1, 2, 3})
