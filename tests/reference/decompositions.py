"""What run_decompositions makes of programs, for tests/export/decompositions.test.ts.

With `make`, exports modules into a folder, and prints the operators that they are decomposed into, with the default table and with
an empty one, and what the programs give. With `read`, decomposes programs that were exported there, and runs those that were
decomposed there."""
import json
import logging
import os
import sys
import warnings

import torch
import torch.nn.functional as F
from torch import nn

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
mode, folder = sys.argv[1:3]


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(inplace=True), nn.MaxPool2d(2))
        self.classifier = nn.Sequential(nn.Flatten(), nn.Linear(36, 5), nn.LayerNorm(5), nn.Dropout(0.0), nn.SiLU())

    def forward(self, x):
        return self.classifier(self.features(x)).softmax(-1)


class Changes(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("seen", torch.zeros(4))

    def forward(self, x):
        self.seen.add_(x.sum(0))
        y = x.clone()
        y[:, :2] = 3.0
        y.t()[0].mul_(2)
        with torch.no_grad():
            z = y.exp()
        return y * z, self.seen + 1, x.mul_(2)


class Branches(nn.Module):
    def forward(self, x):
        return torch.cond(x.sum() > 0, lambda t: F.hardswish(t).t(), lambda t: t.t() * 2, (x,))


class Parts(nn.Module):
    def forward(self, x, y, i):
        target = i % 4
        return (F.hardswish(x), F.hardsigmoid(x), F.mish(x), F.softplus(x), F.celu(x), F.glu(x), F.hardshrink(x), F.softshrink(x),
                F.logsigmoid(x), F.threshold(x, 0.1, 2.0), torch.logit(y, 1e-3), x.logsumexp(1), torch.logaddexp(x, y),
                torch.xlogy(x, y), x.nan_to_num(), x.sinc(), torch.addcmul(x, x, y, value=2), torch.addcdiv(x, x, y),
                torch.lerp(x, y, 0.3), x.masked_fill(x > 0, 2.0), x.std(1), (x > 0).all(1), x.tril(), x.triu(1), x.roll(1, 0), x.roll(3),
                x[0].diag_embed(), torch.stack([x, y], 1), x.split(3, 1), x.unbind(0), x.index_add(0, i, y[:3]), x.index_fill(0, i, 3),
                x.select_scatter(y[0], 0, 1), F.pixel_shuffle(x.reshape(1, 4, 2, 2), 2), F.pad(x[None], (1, 1), mode="reflect"),
                F.pad(x[None], (1, 2), mode="replicate"), F.unfold(x.reshape(1, 1, 4, 4), 2), x.trace(), x.take(i), i + 2.0, x // y,
                torch.linspace(0, 1, 5) + x.sum(), torch.eye(4) + x, x.norm(dim=1), x.frac(), x.rot90(), F.mse_loss(x, y),
                F.smooth_l1_loss(x, y), F.huber_loss(x, y), F.binary_cross_entropy(y, y), F.binary_cross_entropy_with_logits(x, y),
                F.cross_entropy(x[:3], target), F.cross_entropy(x[:3], target, weight=y[0], reduction="sum"),
                F.scaled_dot_product_attention(x[None], y[None], x[None], is_causal=True), x @ y[0], torch.einsum("ij,kj->ik", x, y))


class Looped(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(4, 3, 2, bidirectional=True, batch_first=True)
        self.gru = nn.GRU(4, 3)

    def forward(self, x):
        return self.lstm(x), self.gru(x)


def leaves(value):
    return [leaf for leaf in torch.utils._pytree.tree_leaves(value) if isinstance(leaf, torch.Tensor)]


def operators(graph_module):
    found = [str(node.target) for node in graph_module.graph.nodes if node.op == "call_function"
             and isinstance(node.target, (torch._ops.OpOverload, torch._ops.HigherOrderOperator))
             and not str(node.target).startswith("aten.sym_")]
    for child in graph_module.children():
        if isinstance(child, torch.fx.GraphModule):
            found += operators(child)
    return found


def run(program, inputs):
    module = program.module()
    with torch.no_grad():
        found = leaves(module(*(x.clone() for x in inputs)))
    return [*found, *(buffer.clone() for _, buffer in module.named_buffers())]


def make():
    torch.manual_seed(0)
    batch = torch.export.Dim("batch", min=2, max=64)
    cases = {
        "net_eval": (Net().eval(), (torch.randn(3, 1, 8, 8),), (torch.randn(5, 1, 8, 8),), {"x": {0: batch}}),
        "net_train": (Net(), (torch.randn(3, 1, 8, 8),), (torch.randn(5, 1, 8, 8),), {"x": {0: batch}}),
        "changes": (Changes(), (torch.randn(3, 4),), (torch.randn(6, 4),), {"x": {0: batch}}),
        "branches": (Branches(), (torch.randn(3, 4),), (torch.randn(3, 4),), None),
        "parts": (Parts(), (torch.randn(4, 4), torch.rand(4, 4), torch.tensor([0, 2, 3])), None, None),
        "looped": (Looped().eval(), (torch.randn(2, 3, 4),), None, None),
    }
    answers = {}
    for name, (module, args, others, dynamic_shapes) in cases.items():
        with torch.no_grad():
            program = torch.export.export(module, args, dynamic_shapes=dynamic_shapes)
        path = os.path.join(folder, f"{name}.pt2")
        torch.export.save(program, path)
        inputs = others or args
        default, empty = (torch.export.load(path).run_decompositions(table) for table in (None, {}))
        torch.save([list(inputs), run(default, inputs)], path.replace(".pt2", ".pt"))
        kinds = [str(spec.kind).replace("OutputKind.", "") for spec in default.graph_signature.output_specs]
        answers[name] = {"default": sorted(operators(default.graph_module)), "empty": sorted(operators(empty.graph_module)),
                         "kinds": kinds, "dialect": default.dialect}
    return answers


def read():
    answers = {}
    for file in sorted(os.listdir(folder)):
        name, kind = os.path.splitext(file)
        if kind != ".pt2" or name.endswith("_decomposed"):
            continue
        path = os.path.join(folder, name)
        inputs, expected = torch.load(f"{path}.pt")
        again = torch.export.load(f"{path}_decomposed.pt2")
        found = run(again, inputs)
        answers[name] = {"default": sorted(operators(torch.export.load(f"{path}.pt2").run_decompositions().graph_module)),
                         "again": sorted(operators(again.run_decompositions().graph_module)),
                         "equal": len(found) == len(expected) and all(map(torch.equal, found, expected))}
    return answers


class Values(nn.Module):
    def forward(self, x, n):
        k = n.item()
        torch._check(k >= 2)
        torch._check(k <= 3)
        return x[:k]


def values():
    program = torch.export.export(Values(), (torch.ones(4), torch.tensor(2)))
    torch.export.save(program, os.path.join(folder, "values.pt2"))


if mode == "make":
    values()
print(json.dumps(make() if mode == "make" else read()))
