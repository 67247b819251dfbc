d = {'x': 1}
d.update({'y': 2})
d.setdefault('z', []).append(5)
print(d, dict(a=1, b=2), dict([('k', 1)]), {**d, 'w': 0})
e = d.copy()
e['x'] = 100
print(d['x'], e['x'], d == {'x': 1, 'y': 2, 'z': [5]})
