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


# The functions of `SIZES` in the test.
SIZES = {
    "view": lambda x: x.view(x.shape[0], -1),
    "product": lambda x: x.view(x.shape[0] * x.shape[1], 4).sum(1),
    "created": lambda x: x + torch.zeros(x.size(0), 1, 1) + torch.arange(x.size(0)).view(-1, 1, 1),
    "quotient": lambda x: x.narrow(1, 0, x.shape[1] // 2),
    "divided": lambda x: x.sum(0) / x.shape[0],
    "expanded": lambda x: torch.ones(1, 1, 4).expand(x.shape[0], x.shape[1], -1) * x,
    "counted": lambda x: x.mul(x.numel()),
    "changed": lambda x: x.mul(1).add_(x.shape[1]).reshape(-1, x.shape[0]),
    "resampled": lambda x: nn.functional.interpolate(x, size=x.shape[2] * 2),
    "sum": lambda x: torch.cat([x, torch.zeros(x.shape[0] + x.shape[1] + 1, *x.shape[1:])]),
    "constant": lambda x: x.view(2, -1),
}


def followed():
    """What Python's own traces give for the other inputs, and what the traces from here do."""
    found = {}
    for name, function in SIZES.items():
        args, others = torch.load(f"{folder}/{name}.inputs.pt")
        own = torch.jit.trace(function, tuple(args))
        theirs = torch.jit.load(f"{folder}/{name}.pt")
        found[name] = [[hexed(each(*given)) for given in (args, others)] for each in (own, theirs)]
    return found


def run(name):
    module = torch.jit.load(f"{folder}/{name}.pt")
    args = torch.load(f"{folder}/{name}.inputs.pt")
    others = torch.load(f"{folder}/{name}.others.pt")
    results = flat(module(*args))
    sum(result.sum() for result in results if result.requires_grad).backward()
    frozen = torch.jit.freeze(torch.jit.load(f"{folder}/{name}.pt").eval())
    return {
        # Loaded again: the second run of a script is optimized, which changes last bits.
        "others": [hexed(result) for result in flat(torch.jit.load(f"{folder}/{name}.pt")(*others))] if others else [],
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
        "named": [named(module, given) for module, given in BY_NAME],
    }


# The modules of the test whose arguments are given by name.
BY_NAME = [
    (nn.GRU(2, 3), {"hx": torch.ones(1, 4, 3), "input": torch.ones(5, 4, 2)}),
    (nn.LSTMCell(2, 3), {"input": torch.ones(4, 2)}),
    (nn.MultiheadAttention(4, 2), {**{name: torch.ones(3, 2, 4) for name in ("query", "key", "value")},
                                   "key_padding_mask": torch.zeros(2, 3)}),
    (nn.ConvTranspose1d(1, 1, 2), {"input": torch.ones(1, 1, 3)}),
]


def named(module, given):
    """The first lines of a trace: the names of its arguments."""
    code = torch.jit.trace(module, example_kwarg_inputs=given).code
    return code[: code.index(")")]


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


print(json.dumps({"runs": {name: run(name) for name in names}, "own": own(), "told": told(), "followed": followed()}))
