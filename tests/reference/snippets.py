"""Runs pieces of Python and reports what they show.

Argument: a JSON list of sources. Each runs with seed 1, with `torch`, `nn`, `prune` and the like at hand, and calls
show(...) with tensors, numbers, texts, lists and dicts. Prints a JSON list with what each has shown; an exception counts as
shown: {"error": text}.
"""
import copy  # noqa: F401 (the snippets use these)
import json
import sys
import textwrap
import warnings

import torch
import torch.nn.functional as F  # noqa: F401
from torch import nn
from torch.nn.utils import parametrizations, parametrize, prune  # noqa: F401

warnings.simplefilter("ignore")


def plain(value):
    if isinstance(value, torch.Tensor):
        return {
            "shape": list(value.shape),
            "dtype": str(value.dtype),
            "requires_grad": value.requires_grad,
            "parameter": isinstance(value, nn.Parameter),
            "hex": value.detach().contiguous().numpy().tobytes().hex(),
        }
    if isinstance(value, dict):
        return [[key, plain(item)] for key, item in value.items()]
    if isinstance(value, nn.Module):
        return repr(value)
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def answer(source):
    shown = []
    names = dict(globals(), show=lambda *values: shown.extend(plain(value) for value in values))
    torch.manual_seed(1)
    try:
        exec(textwrap.dedent(source), names)
    except Exception as error:
        shown.append({"error": str(error)})
    return shown


print(json.dumps([answer(source) for source in json.loads(sys.argv[1])]))
