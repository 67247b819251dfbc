"""Evaluates expressions and reports what came of each.

Argument: a JSON list of expressions over `torch`, `nan` and `inf`. Prints a JSON list: the repr of the value, or
{"error": the first line of the message}.
"""
import json
import sys
import warnings
from math import inf, nan  # noqa: F401 (the expressions use these)

import torch

warnings.simplefilter("ignore")


def outcome(expression):
    try:
        value = eval(expression)
        return repr(value) if isinstance(value, torch.Tensor) else repr(str(value))
    except Exception as error:
        return {"error": str(error).split("\n")[0]}


print(json.dumps([outcome(expression) for expression in json.loads(sys.argv[1])]))
