"""Calls lazy modules for the first time and reports them before and after.

Argument: a JSON list of [module, input shape]. Prints a JSON list of
{before, names, kinds, output, after, state, loaded}: `loaded` is how another such module prints that took the state,
before and after its own first call, which some fail.
"""
import json
import sys
import warnings

import torch
from torch import nn  # noqa: F401 (the expressions use it)

from nn_modules import hexed

warnings.simplefilter("ignore")


def answer(case):
    expression, shape = case
    torch.manual_seed(7)
    module = eval(expression)
    report = {"before": repr(module), "names": list(module.state_dict()),
              "kinds": [type(tensor).__name__ for tensor in module.state_dict().values()]}
    torch.manual_seed(8)
    output = module(torch.randn(shape))
    report["output"] = hexed(output)
    report["after"] = repr(module)
    report["state"] = [[name, hexed(tensor)] for name, tensor in module.state_dict().items()]
    other = eval(expression)
    other.load_state_dict(module.state_dict())
    report["loaded"] = [repr(other)]
    torch.manual_seed(8)
    try:
        other.eval()(torch.randn(shape))
        report["loaded"].append(repr(other))
    except ValueError as error:
        report["loaded"].append(str(error))
    return report


print(json.dumps([answer(case) for case in json.loads(sys.argv[1])]))
