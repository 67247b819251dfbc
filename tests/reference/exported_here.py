"""Loads the programs that tests/export/exporting.test.ts has exported, and runs them with the inputs beside them."""

import contextlib
import io
import json
import os
import sys

import torch

folder = sys.argv[1]
answers = {}


def leaves(value):
    return [leaf for leaf in torch.utils._pytree.tree_leaves(value)]


def same(a, b):
    if isinstance(a, torch.Tensor):
        return a.dtype == b.dtype and a.shape == b.shape and torch.equal(a.nan_to_num(), b.nan_to_num())
    return a == b


for name in sorted(os.listdir(folder)):
    if not name.endswith(".pt2"):
        continue
    program = torch.export.load(os.path.join(folder, name))
    runs = torch.load(os.path.join(folder, name.replace(".pt2", ".pt")), weights_only=False)
    equal = []
    for run in runs:
        torch.manual_seed(0)
        with torch.no_grad():
            found = program.module()(*run["args"], **run["kwargs"])
        expected = run["expected"]
        equal.append(len(leaves(found)) == len(leaves(expected)) and all(map(same, leaves(found), leaves(expected))))
    refused = ""
    if name == "dynamic.pt2":
        try:
            program.module()(torch.ones(9, 3))
        except AssertionError as error:
            refused = str(error).strip().split("\n")[0]
    if name == "sized.pt2":
        try:
            program.module()(torch.ones(4, 2), {"y": torch.ones(8, 2)}, (torch.ones(4, 2),))
        except AssertionError as error:
            refused = str(error).strip().split("\n")[0]
    # Only the tensors of a training program say which require grad.
    decomposed = len(program.run_decompositions().graph.nodes)
    answers[name.replace(".pt2", "")] = {
        "equal": equal,
        "text": str(program),
        "decomposed": decomposed > 0,
        "refused": refused,
    }


class Small(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = torch.nn.Linear(3, 4)
        self.register_buffer("count", torch.zeros(2))
        self.scale = torch.ones(4)

    def forward(self, x, pair, *, z):
        y = self.fc(x) * self.scale
        self.count.add_(1)
        z.mul_(2)
        a, b = torch.split(y, 2, 1)
        return {"a": a + torch.tensor(3.0), "pair": (pair[0] + self.count.sum(), b)}, x, z


class Sized(torch.nn.Module):
    def forward(self, x, others, zs):
        (y,), (z,) = others.values(), zs
        return x + z, x.shape[0], {"three": y.shape[0] * 3, "next": y.shape[0] + 1}, y.sum(), 7, x.shape[1]


written = torch.export.load(os.path.join(folder, "sized.pt2"))
batch = torch.export.Dim("batch", min=2, max=9)
sized = torch.export.export(
    Sized(),
    (torch.ones(3, 2), {"y": torch.ones(7, 2)}, (torch.ones(3, 2),)),
    dynamic_shapes=({0: batch}, {"y": {0: 2 * batch + 1}}, ({0: batch},)),
)
answers["sized"]["guards"] = [sorted(each._guards_code, key=len) for each in (written, sized)]
n = torch.export.Dim("n", min=2, max=9)
answers["dims"] = [
    [dim.__name__, dim.min, dim.max] for dim in (2 * n + 1, n + 1, n - 1, n * 2 * 3, (n + 1) * 2, 2 * n - 3)
]

program = torch.export.export(Small(), (torch.ones(2, 3), (torch.ones(2), 4)), {"z": torch.ones(3)})
table = io.StringIO()
with contextlib.redirect_stdout(table):
    program.graph.print_tabular()
answers["small graph"] = {
    "text": str(program.graph),
    "signature": str(program.graph_signature),
    "code": program.graph_module.code,
    "table": table.getvalue().removesuffix("\n"),
}
print(json.dumps(answers))
