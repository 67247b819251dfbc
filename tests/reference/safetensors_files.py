"""Files of safetensors: python safetensors_files.py FOLDER '["hex of a file", ...]'.

Writes files; the answer says what the library says to each of the given ones (null: nothing is wrong), and to values
that it does not save.
"""
import json
import sys

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load, load_file, save, save_file, save_model

folder, given = sys.argv[1], json.loads(sys.argv[2])

names = """bool uint8 int8 int16 uint16 int32 uint32 int64 uint64 float16 bfloat16 float32 float64 complex64
    float8_e4m3fn float8_e5m2 float8_e4m3fnuz float8_e5m2fnuz float8_e8m0fnu float4_e2m1fn_x2""".split()
every = {}
for name in names:
    dtype = getattr(torch, name)
    bytes_ = torch.arange(dtype.itemsize * 6, dtype=torch.uint8)
    every[name] = ((bytes_ % 2).to(torch.bool) if name == "bool" else bytes_.view(dtype)).reshape(2, 3)
save_file(every, f"{folder}/dtypes.safetensors")

base = torch.arange(8.0)
shapes = {
    "z": torch.tensor(1.5), "\u00e9\"\n\x7f\u2028": torch.zeros(0, 3), "a": torch.arange(6).reshape(1, 2, 3),
    "__proto__": torch.ones(1),
    "first": base[:4], "second": base[4:], "\U0001f600": torch.ones(1), "\uffff": torch.ones(1),
    "parameter": torch.nn.Parameter(torch.ones(1)),
}
save_file(shapes, f"{folder}/shapes.safetensors", {"\u00fc": "\u00e4\n"})
save_file({}, f"{folder}/described.safetensors", {"z": "1", "a": "2"})
save_file({}, f"{folder}/empty.safetensors")


class Tied(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.b = torch.nn.Linear(2, 2)
        self.a = torch.nn.Linear(2, 2)
        self.a.weight = self.b.weight


torch.manual_seed(0)
tied = Tied()
save_model(tied, f"{folder}/tied.safetensors")


def error_of(function, *args):
    try:
        function(*args)
    except (SafetensorError, ValueError, RuntimeError, KeyError, TypeError) as error:
        return str(error)


x = torch.ones(4)
unsaved = {
    "shared": {"a": x, "b": x}, "overlapping": {"a": x[:3], "b": x[2:]}, "transposed": {"a": torch.ones(2, 2).t()},
    "strided": {"a": x[::2]}, "sparse": {"a": x.to_sparse()}, "complex128": {"a": x.to(torch.complex128)},
    "meta": {"a": x.to("meta")},
}
with safe_open(f"{folder}/shapes.safetensors", "pt") as file:
    opened = {
        "keys": file.keys(), "offset_keys": file.offset_keys(), "metadata": file.metadata(),
        "loaded": list(load_file(f"{folder}/shapes.safetensors")),
        "shape": file.get_slice("a").get_shape(), "dtype": file.get_slice("a").get_dtype(),
        "slice": file.get_slice("a")[0, :, 1:].tolist(),
    }
json.dump({
    "errors": [error_of(load, bytes.fromhex(file)) for file in given],
    "unsaved": {name: error_of(save, tensors) for name, tensors in unsaved.items()},
    "opened": opened,
}, sys.stdout)
