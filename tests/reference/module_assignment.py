"""Assigns to fields of modules and prints, for each statement, the error or the names of what the module then has.

Argument: a JSON list of statements over `m`, a Linear with a submodule `inner` and buffers `mean` and `scratch`."""
import json
import sys

import torch
from torch import nn


def result_of(code):
    m = nn.Linear(2, 2)
    m.inner = nn.ReLU()
    m.plain = 3
    m.register_buffer("mean", torch.zeros(2))
    m.register_buffer("scratch", torch.zeros(2), persistent=False)
    scope = {"torch": torch, "nn": nn, "m": m}
    try:
        exec(code, scope)
        error = None
    except Exception as failure:
        error = f"{type(failure).__name__}: {failure.args[0]}"
    return [
        error,
        list(m._parameters), list(m._buffers), list(m._modules),
        [name for name, _ in m.named_parameters()], [name for name, _ in m.named_buffers()],
        [name for name, _ in m.named_children()], list(m.state_dict()), str(m),
    ]


print(json.dumps([result_of(code) for code in json.loads(sys.argv[1])]))
