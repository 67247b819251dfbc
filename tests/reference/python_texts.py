"""Texts of Python expressions: python python_texts.py FILE gives {text} or {error} for each expression of the list in FILE."""
import collections  # noqa: F401
import json
import sys

import numpy as np  # noqa: F401
import torch
from torch import nn  # noqa: F401

inf, nan = float("inf"), float("nan")


def told(text):
    try:
        return {"text": str(eval(text))}
    except Exception as error:
        return {"error": str(error)}


torch.manual_seed(0)
json.dump([told(text) for text in json.load(open(sys.argv[1], encoding="utf8"))], sys.stdout)
