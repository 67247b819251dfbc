"""Values of Python expressions on two numpy arrays, as JSON: python ndarray.py '["a.T", ...]'."""
import json
import sys

import numpy
import torch

a = torch.arange(24).view(2, 3, 4).numpy()
f = torch.tensor([[0.5, -1.5, 2.5], [3.5, 0, -0.25]]).numpy()


def plain(value):
    if isinstance(value, numpy.ndarray):
        return {"shape": list(value.shape), "list": value.tolist()}
    return value


json.dump([plain(eval(text)) for text in json.loads(sys.argv[1])], sys.stdout)
