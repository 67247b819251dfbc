"""Calls functions of nn.functional, nn.init and nn.utils; argument: a JSON list of code that sets `result`.

Each piece of code runs after torch.manual_seed(5). Prints a JSON list of results: tensors as {shape, dtype, hex}, and {error}
where the code fails, as some does with other minor versions.
"""
import json
import sys
import warnings

import torch
from torch import nn

warnings.simplefilter("ignore")


def told(value):
    if isinstance(value, torch.Tensor):
        return {"shape": list(value.shape), "dtype": str(value.dtype),
                "hex": value.detach().contiguous().numpy().tobytes().hex()}
    if isinstance(value, (list, tuple)):
        return [told(part) for part in value]
    return value


def answer(code):
    torch.manual_seed(5)
    names = {"torch": torch, "nn": nn, "F": nn.functional, "init": nn.init, "utils": nn.utils}
    try:
        exec(code, names)
    except Exception as error:
        return {"error": str(error)}
    return told(names["result"])


print(json.dumps([answer(code) for code in json.loads(sys.argv[1])]))
