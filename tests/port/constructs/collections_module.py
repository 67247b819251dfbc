from collections import Counter, defaultdict, deque, namedtuple
c = Counter('abracadabra')
print(c['a'], c.most_common(2))
d = defaultdict(list)
d['x'].append(1)
d['x'].append(2)
print(d['x'], len(d))
q = deque(maxlen=2)
for i in range(4):
    q.append(i)
print(list(q), q[0], len(q))
P = namedtuple('P', ['x', 'y'])
p = P(1, y=2)
print(p.x, p.y, p)
