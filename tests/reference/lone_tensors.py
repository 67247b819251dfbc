"""What functions of torch say to a tensor instead of a list of tensors.

Argument: a JSON list of [name, arguments]; in the arguments "x" is a tensor, all else is as it stands. Prints, for each, the first
line of the error, true when there was none, or null when there is no such function.
"""
import json
import sys
import warnings

import torch

warnings.simplefilter("ignore")


def answer(name, arguments):
    function = torch
    for part in name.split("."):
        function = getattr(function, part, None)
    if function is None:
        function = getattr(torch._VF, name, None) or getattr(torch._C._VariableFunctions, name, None)
    if function is None:
        return None
    x = torch.ones(2, 2)
    try:
        function(*[x if argument == "x" else argument for argument in arguments])
        return True
    except Exception as error:
        return str(error).split("\n")[0]


print(json.dumps([answer(*call) for call in json.loads(sys.argv[1])]))
