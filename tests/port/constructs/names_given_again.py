import argparse
import io
import os
import tempfile
import time
from io import open

import torch
import torch.nn as nn
from torch import optim

try:
    from no_such_package import Thing
    FOUND = True
except:
    FOUND = False


def step(a):
    return a


print(step(1))


def step(a):
    return a + 1


print(step(1))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(2, 2)

    def forward(self, x):
        # the first of two
        return self.layer(x)

    def forward(self, x):
        return self.layer(x) * 0


first = Net()


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = 3

    def forward(self, x):
        return x * self.scale


print(Net()(torch.ones(1)), first(torch.ones(1, 2)))

# The name of an import, for something else.
optim = optim.SGD(first.parameters(), lr=0.1)
loss = first(torch.ones(1, 2)).sum()
loss.backward()
optim.step()
print(loss.grad_fn.name())
if FOUND:
    print(Thing())

with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, 'text.txt')
    with io.open(path, 'w', encoding='utf-8') as file:
        file.write('one\ntwo\n')
    with open(path) as file:
        for line in file:
            print(line.strip())
print(os.path.exists(folder))

data = [torch.ones(1), torch.ones(2)]
for i, sample in enumerate(data):
    print(i, sample)
    if i > 0:
        break
for i, batch in enumerate(data):
    print(i, batch)

args = argparse.Namespace(lr=0.1, epochs=3)
print(args, args.lr)
