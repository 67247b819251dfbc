"""Python's brackets: reads, assignments and refused assignments on arange(60.).view(3, 4, 5), given as texts of Python."""

import json
import sys

import torch

reads, writes, refused = (json.loads(text) for text in sys.argv[1:4])


def read(text):
    x = torch.arange(60.0).view(3, 4, 5)
    result = eval(f"x[{text}]")
    return {"shape": list(result.shape), "values": result.tolist()}


def write(text):
    x = torch.arange(60.0).view(3, 4, 5)
    exec(text)
    return x.tolist()


def refusal(text):
    try:
        return write(text)
    except Exception as error:
        return [type(error).__name__, str(error)]


print(json.dumps({"reads": [read(t) for t in reads], "writes": [write(t) for t in writes], "refusals": [refusal(t) for t in refused]}))
