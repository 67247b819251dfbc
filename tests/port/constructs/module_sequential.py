import torch
from torch import nn
torch.manual_seed(0)
layers = []
for i in range(2):
    layers.append(nn.Linear(3, 3))
    layers.append(nn.Tanh())
net = nn.Sequential(*layers)
blocks = nn.ModuleList([nn.Linear(3, 3) for _ in range(2)])
x = torch.ones(2, 3)
for block in blocks:
    x = block(x)
print(net(x), len(blocks), blocks[0].weight.shape, net[1])
