"""Values of Python expressions on torch.func and torch.vmap, as JSON: python func.py '["vmap(torch.dot)(x, y)", ...]'."""
import json
import sys

import torch
from torch.func import grad, grad_and_value, hessian, jacfwd, jacrev, jvp, linearize, vjp, vmap  # noqa: F401

x = torch.arange(6, dtype=torch.float64).view(2, 3) / 6
y = torch.arange(6, 12, dtype=torch.float64).view(2, 3) / 6
v = x[0] + 0.5


def lists(value):
    if isinstance(value, torch.Tensor):
        return value.tolist()
    if isinstance(value, (list, tuple)):
        return [lists(item) for item in value]
    return {key: lists(item) for key, item in value.items()}


def seeded(make):
    torch.manual_seed(0)
    return make()


json.dump([lists(eval(text)) for text in json.loads(sys.argv[1])], sys.stdout)
