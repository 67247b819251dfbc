"""What Python says to expressions, among which may be wrong ones.

Argument: a JSON list of expressions or statements over X, a 2 x 3 tensor 0..5, and C, a complex vector. Prints a JSON list
of {"value": repr}, or for an exception {"error": first line of its text}.
"""
import json
import sys
import warnings

import numpy as np  # noqa: F401 (the expressions use it)
import torch
import torch.cuda.comm  # noqa: F401 (a module that nothing imports)

warnings.simplefilter("ignore")


def answer(source):
    names = {
        "torch": torch, "np": np, "X": torch.arange(6, dtype=torch.float32).view(2, 3),
        "C": torch.tensor([1 + 2j, 3 + 4j]),
    }
    try:
        *statements, last = source.split("; ")
        exec("\n".join(statements), names)
        return {"value": repr(eval(last, names))}
    except Exception as error:
        return {"error": str(error).split("\n")[0]}


print(json.dumps([answer(source) for source in json.loads(sys.argv[1])]))
