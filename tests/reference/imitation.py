"""Runs pieces of Python on the imitation of an accelerator (tests/imitation/) and reports what they show.

Arguments: the path of its library, and a JSON list of sources. Each runs with seed 1, with `torch`, `nn`, `optim` and `device` at
hand, and calls show(...) with values that JSON has. Prints a JSON list with what each has shown; an exception counts as
shown: {"error": text}.
"""
import json
import sys
import textwrap
import types
import warnings

import torch
from torch import nn, optim  # noqa: F401 (the snippets use these)

warnings.simplefilter("ignore")
torch.ops.load_library(sys.argv[1])

module = types.ModuleType("torch.imitation")
module.device_count = lambda: 2
module.current_device = torch.accelerator.current_device_index
module.is_available = lambda: True
module._is_in_bad_fork = lambda: False
module.manual_seed_all = lambda seed: None
module.device = lambda place: torch.accelerator.device_index(torch.device(place).index)
torch._register_device_module("imitation", module)


def answer(source):
    shown = []
    names = dict(globals(), device="imitation", show=lambda *values: shown.extend(values))
    torch.manual_seed(1)
    try:
        exec(textwrap.dedent(source), names)
    except Exception as error:
        shown.append({"error": str(error)})
    return shown


print(json.dumps([answer(source) for source in json.loads(sys.argv[2])]))
