"""Files of all pickle protocols: python serialization_protocols.py make FOLDER | read FOLDER '[names]'

make saves plain values (protocols 0 to 5) and tensors (1 to 5) in both formats, files with bytes after their end, and texts as
Python 2 wrote them. read loads files, those that end in .plain with weights_only=False. Both print what the values are.
"""
import collections
import json
import sys
import warnings

import torch

from described import described

warnings.filterwarnings("ignore")


def plain():
    shared = [1, "two", None]
    return {
        "ints": [0, 1, -1, 255, 65536, -(2**31), 2**31, 2**53, -(2**70)], "bools": [True, False],
        "floats": [0.5, -0.0, 1e300, float("inf"), float("nan")], "text": ["", "a'b\"", "\u00e4\u20ac\n\\", "\U0001f600", "x" * 300],
        "bytes": [b"", b"\x00\xff\n'", b"y" * 300], "tuples": [(), (1,), (1, 2, 3, 4), ((1,), [2])], "sets": [set(), {1, 2}],
        "dicts": [{}, {"a": {"b": 1}}, {1: 2, "x": None}], "ordered": collections.OrderedDict([("b", 1), ("a", 2)]),
        "shared": [shared, shared], "complex": 1 + 2j, "array": bytearray(b"ab"), "dtype": torch.float16, "size": torch.Size([1, 2]),
    }


def tensors():
    base = torch.arange(6.0).reshape(2, 3)
    return {"base": base, "view": base[:, 1:], "parameter": torch.nn.Parameter(base), "bfloat": base.bfloat16(),
            "uint16": torch.tensor([1, 2], dtype=torch.uint16), "plain": plain()}


def make(folder):
    made = {}
    for protocol in range(6):
        for suffix, zipped in (("", True), (".legacy", False)):
            value = plain() if protocol == 0 else tensors()
            value["huge"] = 2**2100
            if not zipped and protocol > 0:
                # The format has no storages without a class for their dtype.
                del value["uint16"]
            name = f"protocol{protocol}{suffix}"
            torch.save(value, f"{folder}/{name}.pt", pickle_protocol=protocol, _use_new_zipfile_serialization=zipped)
            made[name] = described(torch.load(f"{folder}/{name}.pt", weights_only=False))
    torch.save({"a": torch.arange(3.0), "b": [1, "x"]}, f"{folder}/whole.pt")
    with open(f"{folder}/whole.pt", "rb") as file:
        whole = file.read()
    for name, tail in {"zeros": b"\0" * 500, "one": b"x", "many": b"PK" * 32000, "fake": b"PK\x05\x06" + b"\1" * 40}.items():
        with open(f"{folder}/followed by {name}.pt", "wb") as file:
            file.write(whole + tail)
        try:
            made[f"followed by {name}"] = described(torch.load(f"{folder}/followed by {name}.pt"))
        except Exception as error:
            made[f"followed by {name}"] = {"error": type(error).__name__}
    return made


def read(folder, names):
    result = {}
    for name in names:
        result[name] = described(torch.load(f"{folder}/{name}.pt", weights_only=not name.endswith(".plain")))
    return result


if __name__ == "__main__":
    command, folder, *rest = sys.argv[1:]
    print(json.dumps(make(folder) if command == "make" else read(folder, json.loads(rest[0]))))
