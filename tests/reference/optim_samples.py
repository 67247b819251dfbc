"""How many samples PyTorch's optimizer database holds, without making a step: optim_samples.py '[dtype, ...]'.

Prints {"optimizers": ..., "steps": ..., "errors": ...}: the steps that tests/parity/optim.py makes of them, and the wrong
inputs that it asks about.
"""
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "parity"))

import torch  # noqa: E402
from torch.testing._internal.common_optimizers import optim_db  # noqa: E402

from optim import forms_of, usable  # noqa: E402

dtypes = [getattr(torch, name) for name in json.loads(sys.argv[1])]
steps = sum(
    len(list(forms_of(info, dtype, "cpu"))) * len(info.optim_inputs_func(device="cpu"))
    for info in optim_db for dtype in dtypes if usable(info, dtype)
)
errors = sum(len(info.optim_error_inputs_func("cpu", torch.float32)) for info in optim_db)
print(json.dumps({"optimizers": len(optim_db), "steps": steps, "errors": errors}))
