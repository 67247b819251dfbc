"""Calls attention modules and reports what they give in training, in inference and without the fused kernels.

Argument: a JSON list of [module, call], two expressions. Prints a JSON list of {repr, state, training, gradients,
inference, plain}.
"""
import json
import sys
import warnings

import torch
from torch import nn  # noqa: F401 (the expressions use it)

from nn_modules import flat, hexed

warnings.simplefilter("ignore")


def inputs():
    """What the calls use: (batch, position, feature) and (position, batch, feature) of 8 features, and masks."""
    torch.manual_seed(8)
    x, y, wide = torch.randn(2, 5, 8), torch.randn(2, 3, 8), torch.randn(2, 3, 6)
    pad = torch.tensor([[False] * 5, [False] * 3 + [True] * 2])
    scattered = torch.tensor([[False, True, False, False, True], [False] * 5])
    pairs = torch.tensor([[abs(i - j) > 2 for j in range(5)] for i in range(5)])
    return {"x": x, "y": y, "wide": wide, "pad": pad, "scattered": scattered, "pairs": pairs,
            "causal": nn.Transformer.generate_square_subsequent_mask(5)}


def outputs(module, call):
    names = {"torch": torch, "nn": nn, "m": module, **inputs()}
    torch.manual_seed(9)
    result = eval(call, names)
    return flat(result if isinstance(result, torch.Tensor) else [t for t in result if t is not None])


def answer(case):
    expression, call = case
    torch.manual_seed(7)
    module = eval(expression)
    report = {"repr": repr(module), "state": [[name, hexed(t)] for name, t in module.state_dict().items()]}
    given = outputs(module, call)
    sum(t.sum() for t in given).backward()
    report["training"] = [hexed(t) for t in given]
    report["gradients"] = [[name, hexed(p.grad)] for name, p in module.named_parameters() if p.grad is not None]
    module.eval()
    with torch.no_grad():
        report["inference"] = [hexed(t) for t in outputs(module, call)]
        torch.backends.mha.set_fastpath_enabled(False)
        report["plain"] = [hexed(t) for t in outputs(module, call)]
        torch.backends.mha.set_fastpath_enabled(True)
    return report


if __name__ == "__main__":
    torch.set_num_threads(1)
    print(json.dumps([answer(case) for case in json.loads(sys.argv[1])]))
