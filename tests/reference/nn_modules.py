"""Builds modules from expressions and reports how they print, their state, and what they compute.

Argument: a JSON list of cases {py, inputs, eval}. Prints a JSON list of
{repr, state: {name: hex}, outputs: [{shape, dtype, hex}], gradients: {name: hex}}.
"""
import json
import sys
import warnings

import torch
from torch import nn  # noqa: F401 (the expressions use it)

warnings.simplefilter("ignore")


def hexed(tensor):
    return tensor.detach().contiguous().numpy().tobytes().hex()


def flat(value):
    if isinstance(value, torch.Tensor):
        return [value]
    return [tensor for part in value for tensor in flat(part)]


def made(spec):
    """[size, ...] is normal noise of that shape; {"below": n, "shape": [...]} are integers; {"unit": [...]} in [0, 1)."""
    if isinstance(spec, list):
        return torch.randn(spec)
    if "unit" in spec:
        return torch.rand(spec["unit"])
    return torch.randint(0, spec["below"], spec["shape"])


def answer(case):
    torch.manual_seed(7)
    module = eval(case["py"])
    report = {
        "repr": repr(module),
        "state": [[name, hexed(tensor)] for name, tensor in module.state_dict().items()],
        "parameters": [name for name, _ in module.named_parameters()],
        "modules": [name for name, _ in module.named_modules()],
    }
    if case.get("inputs") is None:
        return report
    if case.get("eval"):
        module.eval()
    torch.manual_seed(8)
    outputs = flat(module(*[made(spec) for spec in case["inputs"]]))
    report["outputs"] = [{"shape": list(t.shape), "dtype": str(t.dtype), "hex": hexed(t)} for t in outputs]
    total = sum(t.sum() for t in outputs if t.is_floating_point())
    if total.requires_grad:
        total.backward()
    report["gradients"] = [
        [name, hexed(p.grad)] for name, p in module.named_parameters() if p.grad is not None and not p.grad.is_sparse]
    report["after"] = [[name, hexed(tensor)] for name, tensor in module.state_dict().items()]
    return report


if __name__ == "__main__":
    print(json.dumps([answer(case) for case in json.loads(sys.argv[1])]))
