import torch
from torch import nn


class Deep(nn.Module):
    def __init__(self, widths):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(widths[:-1], widths[1:])])
        self.heads = nn.ModuleDict({"a": nn.Linear(widths[-1], 1), "b": nn.Linear(widths[-1], 2)})
        self.scale = nn.Parameter(torch.ones(1))
        self.register_buffer("count", torch.zeros(1))

    def forward(self, x, head="a"):
        for i, layer in enumerate(self.layers):
            x = torch.relu(layer(x)) if i < len(self.layers) - 1 else layer(x)
        self.count += 1
        return self.heads[head](x) * self.scale


torch.manual_seed(0)
net = Deep([2, 4, 3])
print(net(torch.ones(1, 2)), net(torch.ones(1, 2), head="b").shape, net.count)
print(len(net.layers), len(list(net.parameters())), [n for n, _ in net.named_buffers()])
net.eval()
print(net.training)
