d = {'a': 1, 'b': 2}
d['c'] = 3
print(d, d['a'], len(d), 'a' in d, 'z' not in d, d.get('z'), d.get('z', 0))
for key in d:
    print(key, d[key])
for key, value in d.items():
    print(key, value)
print(list(d), list(d.keys()), list(d.values()), list(d.items()))
del d['a']
print(d.pop('b'), d, d.pop('q', None))
