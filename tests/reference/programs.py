"""Runs whole programs in Python, each as `__main__`, with seed 1 and a temporary folder that is removed.

Argument: a JSON list of sources, and of paths that end in .py. Prints a JSON list with what each has printed.
"""
import contextlib
import io
import json
import sys
import tempfile
import types

import torch


def printed_by(program):
    path, source = "program", program
    if program.endswith(".py"):
        with open(program, encoding="utf8") as file:
            path, source = program, file.read()
    torch.manual_seed(1)
    out = io.StringIO()
    # Pickles look for the classes of a program in the module of that name.
    main = sys.modules["__main__"] = types.ModuleType("__main__")
    with contextlib.redirect_stdout(out):
        exec(compile(source, path, "exec"), main.__dict__)
    return out.getvalue()


with tempfile.TemporaryDirectory() as tempfile.tempdir:
    outputs = [printed_by(source) for source in json.loads(sys.argv[1])]
print(json.dumps(outputs))
