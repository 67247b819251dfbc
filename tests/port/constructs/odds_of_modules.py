import os
import ast
import torch
from ast import literal_eval
from collections import deque
import numpy as np

print(os.environ.get('NO_SUCH_THING', 'none'), os.environ.get('NO_SUCH_THING'))
v = literal_eval("[1, 'a', (2, 3), {'k': None}]")
print(v)
try:
    literal_eval('abc')
except ValueError:
    print('refused')
d = deque()
d.appendleft(1)
d.append(3)
print(torch.tensor(d))
class N:
    def __init__(self, **kw):
        self.__dict__.update(kw)
n = N(a=1, b='x')
n.__dict__.update({'c': 3})
print(n.a, n.b, n.__dict__)
a = np.uint8(np.array([1.5, 2.5]))
print(a, a.dtype)
names = {'x': 1, 'y': 2}
print(sorted(names.keys() - {'x'}))
words = np.genfromtxt(['1 a', '2 b'], dtype=np.dtype(str))
print(words[:, 1], words[:, 0].astype(np.int32))


def mode(flag):
    return torch.no_grad() if flag else torch.enable_grad()


x = torch.ones(2, requires_grad=True)
for flag in (True, False):
    guard = mode(flag)
    with guard:
        print((x * 2).requires_grad)
print((x * 2).requires_grad)
