"""Writes the archives of a version of PyTorch that archives.test.ts loads: run it by a Python that has the version.

For each model `<version>/<name>.pt2`, the program, and in `<version>/expected.json` inputs, outputs and gradients.
"""
import json
import os
import warnings

import torch
from torch import nn
from torch.export import Dim, export, save

warnings.simplefilter("ignore")


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.embeddings = nn.Embedding(9, 4)
        self.lstm = nn.LSTM(4, 3)
        self.tags = nn.Linear(3, 2)

    def forward(self, sentence):
        found, _ = self.lstm(self.embeddings(sentence).view(sentence.shape[0], 1, -1))
        return nn.functional.log_softmax(self.tags(found.view(sentence.shape[0], -1)), dim=1)


class Batches(nn.Module):
    """A size that varies, a buffer that changes, nested inputs and results."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 2, 3, padding=1)
        self.norm = nn.BatchNorm2d(2)
        self.register_buffer("calls", torch.zeros(2))
        self.scale = torch.tensor([0.5, 2.0])

    def forward(self, x, pair):
        self.calls.add_(1)
        y = self.norm(self.conv(x)).relu().flatten(1)
        return {"y": y.view(y.shape[0] * 2, -1), "sum": (pair[0] * self.scale + self.calls).sum()}


class Flow(nn.Module):
    """A branch, and a part without gradients."""

    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(3, 3)

    def forward(self, x):
        with torch.no_grad():
            constant = self.linear(x).exp()
        return torch.cond(x.sum() > 0, lambda t: self.linear(t).relu(), lambda t: t.cos() * 2, (x,)) * constant


batch = Dim("batch", min=2, max=64)
cases = {
    "tagger": (Tagger(), (torch.tensor([0, 3, 5, 2]),), None, [(torch.tensor([8, 1, 1, 0]),)]),
    "batches": (
        Batches(),
        (torch.randn(2, 1, 4, 4), [torch.ones(2)]),
        {"x": {0: batch}, "pair": [{}]},
        [(torch.randn(3, 1, 4, 4), [torch.ones(2)])],
    ),
    "flow": (Flow(), (torch.rand(2, 3),), None, [(-torch.rand(2, 3),)]),
}
version = torch.__version__.split("+")[0]
folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), version)
os.makedirs(folder, exist_ok=True)
leaves = torch.utils._pytree.tree_leaves
expected = {}


def values(tree):
    return torch.utils._pytree.tree_map(lambda x: x.tolist() if isinstance(x, torch.Tensor) else x, tree)


torch.manual_seed(0)
torch.set_num_threads(1)
for name, (model, args, dynamic_shapes, others) in cases.items():
    path = os.path.join(folder, f"{name}.pt2")
    save(export(model, args, dynamic_shapes=dynamic_shapes, strict=False), path)
    expected[name] = []
    for given in [args, *others]:
        module = torch.export.load(path).module()
        outputs = leaves(module(*given))
        sum(x.sum() for x in outputs if x.requires_grad).backward()
        expected[name].append({
            "args": values(list(given)),
            "outputs": values(outputs),
            "gradients": {key: values(p.grad) for key, p in module.named_parameters()},
        })
with open(os.path.join(folder, "expected.json"), "w") as file:
    json.dump(expected, file)
