"""How many operations Python's FlopCounterMode counts for some models, and the tables that it prints."""
import json
import warnings

import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.flop_counter import FlopCounterMode, register_flop_formula

warnings.simplefilter("ignore")


class Net(nn.Module):
    """A module within a module, one of them called twice, and products outside of all of them."""

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(6, 6), nn.Tanh())
        self.head = nn.Linear(6, 2)

    def forward(self, x):
        x = self.body(self.body(x))
        return self.head(x @ torch.ones(6, 6))


def lstm(batch_first):
    net = nn.LSTM(4, 6, 2, batch_first=batch_first)
    return net, lambda: net(torch.ones(3, 2, 4))[0].sum().backward()


def of(net, *inputs):
    return net, lambda: net(*inputs).sum().backward()


def attention():
    net = nn.MultiheadAttention(8, 2, batch_first=True)
    x = torch.ones(2, 5, 8, requires_grad=True)
    return net, lambda: net(x, x, x)[0].sum().backward()


def plain(run):
    return None, run


def sdpa(is_causal=False):
    q, k = (torch.ones(1, 2, n, 8, requires_grad=True) for n in (4, 6))
    return F.scaled_dot_product_attention(q, k, k, is_causal=is_causal).sum().backward()


class RNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell = nn.GRUCell(3, 4)

    def forward(self, x):
        h = torch.zeros(2, 4)
        for step in x:
            h = self.cell(step, h)
        return h


def twice_backward():
    net = Net()
    x = torch.ones(3, 6, requires_grad=True)

    def run():
        y = net(x)
        y.sum().backward(retain_graph=True)
        torch.ones(2, 3) @ torch.ones(3, 4)
        y.sum().backward()
        with torch.no_grad():
            net(x)
        with torch.inference_mode():
            net(x.detach())

    return net, run


cases = {
    "linear": lambda: of(nn.Linear(3, 4), torch.ones(5, 3)),
    "linear, 3d": lambda: of(nn.Linear(3, 4, bias=False), torch.ones(2, 5, 3, requires_grad=True)),
    "conv": lambda: of(nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.Flatten(), nn.Linear(288, 10)), torch.ones(2, 3, 8, 8)),
    "conv with groups": lambda: of(nn.Conv1d(4, 8, 3, stride=2, padding=1, groups=2), torch.ones(2, 4, 9, requires_grad=True)),
    "transposed conv": lambda: of(nn.ConvTranspose2d(3, 4, 3, stride=2), torch.ones(1, 3, 5, 5, requires_grad=True)),
    "conv3d": lambda: of(nn.Conv3d(2, 2, 2), torch.ones(1, 2, 4, 4, 4)),
    "net": lambda: of(Net(), torch.ones(3, 6, requires_grad=True)),
    "twice": twice_backward,
    "attention": attention,
    "encoder": lambda: of(nn.TransformerEncoderLayer(16, 2, 32, batch_first=True), torch.ones(2, 5, 16)),
    "transformer": lambda: of(nn.Transformer(8, 2, 1, 1, 16), torch.ones(4, 2, 8), torch.ones(3, 2, 8)),
    "lstm": lambda: lstm(False),
    "lstm, batch first": lambda: lstm(True),
    "gru cell": lambda: of(RNN(), torch.ones(3, 2, 3)),
    "bilinear": lambda: of(nn.Bilinear(3, 4, 5), torch.ones(2, 3), torch.ones(2, 4)),
    "mm": lambda: plain(lambda: torch.mm(torch.ones(40, 50), torch.ones(50, 60))),
    "small mm": lambda: plain(lambda: torch.mm(torch.ones(2, 3), torch.ones(3, 2))),
    "bmm": lambda: plain(lambda: torch.bmm(torch.ones(2, 3, 4), torch.ones(2, 4, 5))),
    "baddbmm": lambda: plain(lambda: torch.baddbmm(torch.ones(2, 3, 5), torch.ones(2, 3, 4), torch.ones(2, 4, 5))),
    "einsum": lambda: plain(lambda: torch.einsum("bij,bjk->ik", torch.ones(2, 3, 4), torch.ones(2, 4, 5))),
    "matmul": lambda: plain(lambda: [torch.ones(3) @ torch.ones(3), torch.ones(2, 3) @ torch.ones(3), torch.ones(2, 1, 3, 4) @ torch.ones(5, 4, 3)]),
    "sdpa": lambda: plain(lambda: [sdpa(), sdpa(True)]),
    "nothing": lambda: plain(lambda: torch.ones(2) + 1),
    "large": lambda: plain(lambda: torch.mm(torch.ones(1000, 1000, device="meta"), torch.ones(1000, 1000, device="meta"))),
}


def counted(case):
    torch.manual_seed(0)
    _, run = case()
    with FlopCounterMode(display=False) as counter:
        run()
    counts = {module: {str(op): n for op, n in ops.items()} for module, ops in counter.get_flop_counts().items()}
    return {"counts": counts, "total": counter.get_total_flops(), "tables": [counter.get_table(), counter.get_table(1), counter.get_table(9)]}


def error(run):
    try:
        run()
    except Exception as e:
        return str(e)


def registered():
    @register_flop_formula(torch.ops.aten.sigmoid)
    def sigmoid_flop(x, out_shape=None, **kwargs):
        return 4 * x[0] + out_shape[1]

    @register_flop_formula([torch.ops.aten.exp, torch.ops.aten.sum], get_raw=True)
    def raw_flop(x, *args, out_val=None, **kwargs):
        return int(x.sum().item() + out_val.numel()) + 100 * len(args)

    with FlopCounterMode(display=False, custom_mapping={torch.ops.aten.mm: lambda a, b, out_shape=None: a[0]}) as counter:
        x = torch.ones(2, 3)
        x.sigmoid()
        x.exp()
        x.sum(1)
        x.mm(x.t())
    return {str(op): n for op, n in counter.get_flop_counts()["Global"].items()}


print(json.dumps({
    "cases": {name: counted(case) for name, case in cases.items()},
    "registered": registered(),
    "duplicate": error(lambda: register_flop_formula(torch.ops.aten.mm)(lambda *args: 1)),
}))
