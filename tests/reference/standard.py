"""Runs pieces of Python's standard library and numpy and reports what they show.

Argument: a JSON list of sources. Each calls show(...) with numbers, texts, lists, dicts and arrays, which are shown by
their types, shapes and representations. Prints a JSON list with what each has shown; an exception counts as shown: {"error": text}.
"""
import argparse  # noqa: F401 (the pieces use these)
import collections  # noqa: F401
import contextlib  # noqa: F401
import csv  # noqa: F401
import io  # noqa: F401
import json
import logging  # noqa: F401
import random  # noqa: F401
import sys
import time  # noqa: F401
import warnings

import numpy as np

warnings.simplefilter("ignore")


def plain(value):
    if isinstance(value, np.ndarray):
        return [str(value.dtype), list(value.shape), repr(value)]
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, dict):
        return [[key, plain(item)] for key, item in value.items()]
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def answer(source):
    shown = []
    names = dict(globals())
    names["show"] = lambda *values: shown.extend(plain(value) for value in values)
    try:
        exec(source, names)
    except Exception as error:
        shown.append({"error": f"{type(error).__name__}: {error}"})
    return shown


print(json.dumps([answer(source) for source in json.loads(sys.argv[1])]))
