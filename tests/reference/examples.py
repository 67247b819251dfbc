"""Runs the Python of examples, each with seed 0, with what a program imports first in its namespace.

Argument: a file with a JSON list of sources or nulls. Prints a JSON list with what each has printed, and its error.
"""
import contextlib
import io
import json
import sys
import tempfile
import traceback
import warnings

import torch

warnings.simplefilter("ignore")


def printed_by(source):
    torch.manual_seed(0)
    namespace = {
        "__name__": "__main__",
        "torch": torch,
        "nn": torch.nn,
        "F": torch.nn.functional,
        "optim": torch.optim,
    }
    out = io.StringIO()
    error = None
    try:
        with contextlib.redirect_stdout(out):
            exec(compile(source, "example", "exec"), namespace)
    except Exception:
        error = traceback.format_exc()
    torch.set_default_dtype(torch.float32)
    torch.set_grad_enabled(True)
    return {"output": out.getvalue(), "error": error}


with open(sys.argv[1]) as file:
    sources = json.load(file)
with tempfile.TemporaryDirectory() as tempfile.tempdir:
    print(json.dumps([None if source is None else printed_by(source) for source in sources]))
