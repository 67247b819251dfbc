"""State dicts of optimizers: python optim_state.py '[case, ...]' ['[state dict, ...]'].

Of each case: parameters after some steps, the state dict, and the parameters after some more. With state dicts given,
the steps after the middle start from those, and from the parameters that come with them.
"""
import json
import sys

import torch

STEPS = 3


def encode(value):
    if isinstance(value, torch.Tensor):
        return {"dtype": str(value.dtype).removeprefix("torch."), "data": value.detach().tolist()}
    if isinstance(value, dict):
        return {str(key): encode(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [encode(item) for item in value]
    return value


def decode(value):
    if isinstance(value, dict) and "dtype" in value:
        return torch.tensor(value["data"], dtype=getattr(torch, value["dtype"]))
    if isinstance(value, dict):
        return {int(key) if key.isdigit() else key: decode(item) for key, item in value.items()}
    return [decode(item) for item in value] if isinstance(value, list) else value


def given_options(case):
    return {name: tuple(value) if isinstance(value, list) else value for name, value in case["options"].items()}


def drawn(case):
    torch.manual_seed(3)
    shapes = ((3, 4), (4, 4)) if case["name"] == "Muon" else ((3, 4), (5,))
    params = [torch.randn(shape).requires_grad_() for shape in shapes]
    grads = [[torch.randn(shape) for shape in shapes] for _ in range(2 * STEPS)]
    if case["name"] == "SparseAdam":
        grads = [[grad.to_sparse(1) for grad in of_step] for of_step in grads]
    return params, grads


def step(optimizer, params, grads):
    def closure():
        loss = sum((param - grad).square().sum() for param, grad in zip(params, grads))
        for param, grad in zip(params, grads):
            param.grad = 2 * (param.detach() - grad)
        return loss

    if isinstance(optimizer, torch.optim.LBFGS):
        optimizer.step(closure)
        return
    for param, grad in zip(params, grads):
        param.grad = grad.clone()
    optimizer.step()


def run(case, given):
    params, grads = drawn(case)
    kind = getattr(torch.optim, case["name"])
    optimizer = kind(params, **given_options(case))
    if given is None:
        for of_step in grads[:STEPS]:
            step(optimizer, params, of_step)
    else:
        given = decode(given)
        with torch.no_grad():
            for param, value in zip(params, given["params"]):
                param.copy_(value)
        optimizer.load_state_dict(given["state_dict"])
    result = {"params": encode([*params]), "state_dict": encode(optimizer.state_dict())}
    for of_step in grads[STEPS:]:
        step(optimizer, params, of_step)
    return {**result, "end": encode([*params])}


cases = json.loads(sys.argv[1])
given = json.loads(sys.argv[2]) if len(sys.argv) > 2 else [None] * len(cases)
json.dump([run(case, its) for case, its in zip(cases, given)], sys.stdout)
