"""Runs the traces of tests/jit/trace.test.ts: `FOLDER NAME...`; prints what they give, and what Python's own say."""
import json
import sys
import warnings

import torch
from torch import nn

warnings.simplefilter("ignore")
folder, names = sys.argv[1], sys.argv[2:]


def flat(value):
    if isinstance(value, torch.Tensor):
        return [value]
    values = value.values() if isinstance(value, dict) else value
    return [tensor for each in values for tensor in flat(each)]


def hexed(tensor):
    return tensor.detach().contiguous().view(-1).view(torch.uint8).numpy().tobytes().hex()


def run(name):
    module = torch.jit.load(f"{folder}/{name}.pt")
    args = torch.load(f"{folder}/{name}.inputs.pt")
    results = flat(module(*args))
    sum(result.sum() for result in results if result.requires_grad).backward()
    frozen = torch.jit.freeze(torch.jit.load(f"{folder}/{name}.pt").eval())
    return {
        "results": [hexed(result) for result in results],
        "gradients": {name: hexed(parameter.grad) for name, parameter in module.named_parameters()},
        "frozen": len(list(frozen.parameters())),
        "training": module.training,
    }


def own():
    net = nn.Sequential(nn.Linear(2, 3), nn.Sequential(nn.ReLU(), nn.BatchNorm1d(3)))
    net.eval()
    traced = torch.jit.trace(net, torch.ones(4, 2))
    f = torch.jit.trace(lambda x, y: x.sin() * y, (torch.ones(2), torch.ones(2)))
    return {
        "text": str(traced),
        "code": [traced.code, getattr(traced, "0").code, getattr(traced, "1").code],
        "function": f.code,
        "schema": str(f.schema),
    }


def warned(fn, *args, **kwargs):
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        try:
            torch.jit.trace(fn, *args, **kwargs)
            error = None
        except torch.jit.TracingCheckError as failure:
            error = str(failure).split("\n")[:2]
    return [[str(each.message) for each in found if each.category is torch.jit.TracerWarning], error]


def told():
    def random(x):
        return x + torch.rand(2)

    def constructor(x):
        return x + torch.tensor([1.0, 2.0])

    def as_dict(x):
        return {"a": x + 1}

    calls = [0]

    def changing(x):
        calls[0] += 1
        return x.sin() if calls[0] % 2 else x.cos()

    x = torch.zeros(2)
    return {
        "random": warned(random, x),
        "constructor": warned(constructor, x),
        "changing": warned(changing, x),
        "unchecked": warned(random, x, check_trace=False),
    }


print(json.dumps({"runs": {name: run(name) for name in names}, "own": own(), "told": told()}))
