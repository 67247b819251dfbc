"""numpy's values, types and errors of expressions over arrays of chance.

    python numpy_values.py make arrays.npz            writes the arrays
    python numpy_values.py eval arrays.npz texts.json gives {dtype, shape, hex} or {error} for each expression of a list
"""
import json
import sys
import warnings

import numpy as np

warnings.simplefilter("ignore")
inf, nan = float("inf"), float("nan")


def make():
    rng = np.random.default_rng(7)
    arrays = {}
    for name, shape in {
        "long": (20_001,), "short": (7,), "block": (128,), "over": (1000,), "matrix": (37, 53), "wide": (3, 9000), "tall": (9000, 3),
        "cube": (13, 17, 19), "thin": (5, 1, 7, 1), "deep": (2, 3, 4, 5, 6), "one": (1,), "empty": (0, 3),
    }.items():
        values = rng.normal(size=shape) * 10.0 ** rng.integers(-3, 4, size=shape)
        arrays[f"{name}_f4"] = values.astype(np.float32)
        arrays[f"{name}_f8"] = values
        arrays[f"{name}_f2"] = rng.normal(size=shape).astype(np.float16)
        arrays[f"{name}_c8"] = (values + 1j * rng.normal(size=shape)).astype(np.complex64)
        arrays[f"{name}_c16"] = values - 1j * rng.normal(size=shape)
        arrays[f"{name}_b1"] = rng.integers(0, 2, size=shape).astype(bool)
        for kind in ["i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8"]:
            limits = np.iinfo(kind)
            arrays[f"{name}_{kind}"] = rng.integers(limits.min, limits.max, size=shape, dtype=kind, endpoint=True)
        arrays[f"{name}_small"] = rng.integers(-9, 10, size=shape)
    return arrays


def told(value):
    array = np.asarray(value)
    return {"dtype": array.dtype.name, "shape": list(array.shape), "hex": np.ascontiguousarray(array).tobytes().hex()}


def evaluated(text, names):
    *statements, expression = text.split("; ")
    try:
        for statement in statements:
            exec(statement, names)
        value = eval(expression, names)
    except Exception as error:
        return {"error": str(error)}
    return told(value)


if sys.argv[1] == "make":
    np.savez(sys.argv[2], **make())
    print("null")
else:
    with np.load(sys.argv[2]) as file:
        arrays = {name: file[name] for name in file.files}
    results = []
    for text in json.load(open(sys.argv[3])):
        # Each expression on arrays of its own: some change them.
        names = {name: array.copy(order="K") for name, array in arrays.items() if name in text}
        results.append(evaluated(text, {"np": np, "inf": inf, "nan": nan, **names}))
    json.dump(results, sys.stdout)
