"""Files of torch.save: python serialization.py make FOLDER | read FOLDER '[names]'

make saves values, in the zip format and (name.legacy) in the one before it; read loads files. Both print what the values
are.
"""
import collections
import json
import sys
import warnings

import torch
from torch import nn

from described import described

warnings.filterwarnings("ignore")


def dtypes():
    names = """float64 float32 float16 bfloat16 int64 int32 int16 int8 uint8 bool complex128 complex64 complex32 float8_e4m3fn
        float8_e5m2 float8_e4m3fnuz float8_e5m2fnuz float8_e8m0fnu float4_e2m1fn_x2 uint16 uint32 uint64 bits8 bits16 bits1x8
        bits2x4 bits4x2"""
    tensors = {}
    for name in names.split():
        dtype = getattr(torch, name)
        bytes_ = torch.arange(dtype.itemsize * 6, dtype=torch.uint8)
        tensors[name] = (bytes_ % 2).to(torch.bool) if name == "bool" else bytes_.view(dtype)
    return tensors


def shared():
    base = torch.arange(24.0).reshape(4, 6)
    numbers = [1, 2]
    return {
        "base": base, "row": base[1], "columns": base[:, 1:5:2], "transposed": base.t(), "same": base,
        "expanded": torch.ones(1).expand(3, 2), "other": torch.ones(2), "list": [numbers, numbers], "empty": torch.empty(0, 3),
        "scalar": torch.tensor(2.5),
    }


def values():
    return {
        "none": None, "true": True, "false": False, "ints": [0, 1, 255, 256, 65535, 65536, 2**31 - 1, 2**31, -1, -(2**31), 2**53 - 1],
        "big": [2**53, 2**63, -(2**63), 2**100, -(2**100), 2**64 - 1], "floats": [0.5, -0.0, 1e300, math_inf, -math_inf, math_nan, 1e-320],
        "complex": 1.5 - 2j, "text": ["", "a", "\u00e4\u20ac\U0001f600", "a\nb\0c", "\ud800x", "x" * 300],
        "bytes": b"\x00\xff\n", "bytearray": bytearray(b"ab"), "set": {1, 2, 3}, "tuples": [(), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), ((1,), [2])],
        "size": torch.Size([2, 3]), "dtype": torch.bfloat16, "layout": torch.sparse_csr, "devices": [torch.device("cpu"), torch.device("cuda:1")],
        "int keys": {0: "a", 7: "b", -1: "c"}, "mixed keys": {"a": 1, 1: "b", None: 2, (1, 2): 3, 0.5: 4},
        "ordered": collections.OrderedDict([("b", 1), ("a", 2)]), "empty": [{}, [], collections.OrderedDict()], "counter": {"a": 3},
        "__proto__": {"__proto__": 1, "constructor": 2}, "storage": torch.arange(3, dtype=torch.uint8).untyped_storage(),
        "many": list(range(3000)), "wide": {f"key {i}": i for i in range(1500)},
    }


math_inf, math_nan = float("inf"), float("nan")


def kinds():
    torch.manual_seed(0)
    dense = torch.eye(4)
    compressed = {name: getattr(dense, f"to_sparse_{name}")(*((2, 2),) if name in ("bsr", "bsc") else ()) for name in ("csr", "csc", "bsr", "bsc")}
    weight = torch.arange(6.0).reshape(2, 3)
    complex_ = torch.tensor([1 + 2j, 3 - 1j])
    coo = torch.sparse_coo_tensor(torch.tensor([[0, 1, 1], [2, 0, 2]]), torch.tensor([3.0, 4.0, 5.0]), (2, 3))
    return {
        "parameter": nn.Parameter(weight), "frozen": nn.Parameter(weight.clone(), requires_grad=False), "tied": nn.Parameter(weight),
        "needs grad": torch.ones(2, requires_grad=True), "result": torch.ones(2, requires_grad=True) * 2,
        "conj": complex_.conj(), "neg": torch.tensor([1 + 2j, 3 - 1j]).conj().imag, "imag": torch.tensor([1 + 2j]).imag,
        "coo": coo, "coalesced": coo.coalesce(), "hybrid": torch.sparse_coo_tensor([[0, 2]], torch.ones(2, 3), (4, 3)), **compressed,
        "quint8": torch.quantize_per_tensor(weight, 0.25, 3, torch.quint8), "qint8": torch.quantize_per_tensor(weight, 0.5, 0, torch.qint8)[1],
        "qint32": torch.quantize_per_tensor(weight, 0.125, -7, torch.qint32),
        "per channel": torch.quantize_per_channel(weight, torch.tensor([0.5, 0.25]), torch.tensor([1, 2]), 0, torch.qint8),
        "per channel 1": torch.quantize_per_channel(weight, torch.tensor([0.5, 0.25, 1.0]), torch.tensor([1, 2, 0]), 1, torch.quint8),
        "channels last": torch.arange(24.0).reshape(1, 2, 3, 4).contiguous(memory_format=torch.channels_last),
        "meta": torch.empty(2, 3, device="meta"), "nested": torch.nested.nested_tensor([torch.ones(2, 3), torch.zeros(1, 3)]),
    }


def models():
    torch.manual_seed(0)
    model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.Flatten(), nn.Linear(8, 4))
    tied = nn.Module()
    tied.a = nn.Linear(2, 2, bias=False)
    tied.b = nn.Linear(2, 2, bias=False)
    tied.b.weight = tied.a.weight
    return {"model": model.state_dict(), "tied": tied.state_dict(), "kept": model.state_dict(keep_vars=True), "rnn": nn.LSTM(3, 4).state_dict()}


def cyclic():
    loop = [1]
    loop.append(loop)
    table = {"self": None}
    table["self"] = table
    return {"loop": loop, "table": table}


cases = {"dtypes": dtypes, "shared": shared, "values": values, "kinds": kinds, "models": models}
# What the format before zip archives cannot hold: bits of bytes.
without_legacy = {"dtypes"}


def make(folder):
    made = {}
    for name, case in cases.items():
        value = case()
        torch.save(value, f"{folder}/{name}.pt")
        made[name] = described(value)
        if name not in without_legacy:
            torch.save(value, f"{folder}/{name}.legacy.pt", _use_new_zipfile_serialization=False)
            made[f"{name}.legacy"] = made[name]
    torch.save(cyclic(), f"{folder}/cyclic.pt")
    return made


def read(folder, names):
    return {name: described(torch.load(f"{folder}/{name}.pt", weights_only=True)) for name in names}


command, folder, *rest = sys.argv[1:]
answer = make(folder) if command == "make" else read(folder, json.loads(rest[0]))
json.dump(answer, sys.stdout)
