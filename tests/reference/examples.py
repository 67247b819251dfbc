"""Runs the Python of examples, each with seed 0, with what a program imports first in its namespace.

Argument: a file with a JSON list of sources or nulls. In its folder, where the examples run, it makes the files that
examples in both languages read. Prints a JSON list with what each has printed, and its error.
"""
import contextlib
import io
import json
import os
import subprocess
import sys
import tempfile
import traceback
import warnings
from typing import NamedTuple

import numpy as np
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


class Bounds(NamedTuple):
    low: torch.Tensor
    high: torch.Tensor


@torch.jit.script
class Counter:
    def __init__(self, start: int):
        self.count = start


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = torch.nn.Linear(2, 1)

    def forward(self, x):
        return self.linear(x)

    @torch.jit.export
    def bounds(self, x) -> Bounds:
        return Bounds(x.min(), x.max())

    @torch.jit.export
    def counter(self, start: int) -> Counter:
        return Counter(start)

    @torch.jit.export
    def value(self, counter: Counter) -> int:
        return counter.count


EXPORT = """
import torch
torch.manual_seed(0)
torch.export.save(torch.export.export(torch.nn.Linear(2, 1), (torch.ones(3, 2),)), "net.pt2")
"""


def make_files():
    """net.pt, an archive of TorchScript; net.pt2, an exported program; names.npy and times.npy, arrays of numpy that are not of numbers."""
    torch.manual_seed(0)
    torch.jit.save(torch.jit.script(Net()), "net.pt")
    # In a process of its own: exporting leaves settings of backends behind that examples print.
    subprocess.run([sys.executable, "-c", EXPORT], check=True)
    np.save("names.npy", np.array(["cat", "horse"]))
    np.save("times.npy", np.array(["2024-02-28", "NaT"], dtype="datetime64[D]"))


with open(sys.argv[1]) as file:
    sources = json.load(file)
os.chdir(os.path.dirname(sys.argv[1]))
make_files()
with tempfile.TemporaryDirectory() as tempfile.tempdir:
    print(json.dumps([None if source is None else printed_by(source) for source in sources]))
