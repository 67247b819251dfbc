"""Loads the programs that tests/export/control_flow.test.ts has exported: outputs, gradients, operators, decompositions."""

import json
import os
import sys

import torch

folder = sys.argv[1]
answers = {}


def leaves(value):
    return torch.utils._pytree.tree_leaves(value)


for name in sorted(os.listdir(folder)):
    if not name.endswith(".pt2"):
        continue
    path = os.path.join(folder, name)
    equal, gradients = [], []
    for run in torch.load(path.replace(".pt2", ".pt")):
        module = torch.export.load(path).module()
        found = leaves(module(*run["args"]))
        # Where scan differentiates, it runs other operators than its function does: without gradients it does not.
        with torch.no_grad():
            values = leaves(torch.export.load(path).module()(*run["args"]))
        equal.append(len(values) == len(run["outputs"]) and all(map(torch.equal, values, run["outputs"])))
        sum(x.float().sum() for x in found if x.requires_grad).backward()
        grads = [torch.zeros_like(p) if p.grad is None else p.grad for p in module.parameters()]
        # Loops add their gradients in another order.
        same = torch.allclose if name == "loops.pt2" else torch.equal
        gradients.append(all(same(a, b) for a, b in zip(grads, run["gradients"], strict=True)))
    program = torch.export.load(path)
    with torch.no_grad():
        decomposed = leaves(program.run_decompositions().module()(*run["args"]))
    answers[name.replace(".pt2", "")] = {
        "equal": equal,
        "gradients": gradients,
        "decomposed": all(map(torch.equal, decomposed, run["outputs"])),
        "text": str(program),
    }


class Modes(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = torch.nn.Linear(4, 4)
        self.register_buffer("calls", torch.zeros(()))

    def forward(self, x):
        with torch.no_grad():
            constant = self.linear(x).exp()
            self.calls.add_(1)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            half = self.linear(x).mm(x)
        return constant * x, half, self.linear(x) + constant + self.calls


def operators(graph_module):
    """The operators with those of graphs within, in order."""
    found = []
    for node in graph_module.graph.nodes:
        if node.op == "get_attr" and isinstance(getattr(graph_module, node.target), torch.fx.GraphModule):
            found.append(operators(getattr(graph_module, node.target)))
        elif node.op == "call_function" and "getitem" not in str(node.target):
            found.append(str(node.target))
    return found


own = torch.export.export(Modes(), (torch.ones(4, 4),))
here = torch.export.load(os.path.join(folder, "modes.pt2"))
answers["operators"] = [operators(each.graph_module) for each in (own, here)]
print(json.dumps(answers))
