"""Runs the calls of tests/_C/calls.json and prints each result: dtype, shape and the bytes of the elements."""

import json
import pathlib

import torch

CASES = json.loads((pathlib.Path(__file__).parent.parent / "_C" / "calls.json").read_text())


def decode(value):
    if isinstance(value, dict) and "t" in value:
        return torch.tensor(value["t"], dtype=getattr(torch, value.get("dtype", "float32")))
    if isinstance(value, dict) and "torch" in value:
        return getattr(torch, value["torch"])
    if isinstance(value, list):
        return [decode(element) for element in value]
    return value


def encode(result):
    if isinstance(result, torch.Tensor):
        data = result.detach().contiguous()
        if data.dtype in (torch.bfloat16, torch.float16):
            data = data.float()
        return {
            "dtype": str(result.dtype),
            "shape": list(result.shape),
            "hex": data.numpy().tobytes().hex() if not result.is_meta else "meta",
        }
    if isinstance(result, (list, tuple)):
        return [encode(element) for element in result]
    return result


def run(case):
    torch.manual_seed(0)
    args = [decode(a) for a in case.get("args", [])]
    options = {name: decode(value) for name, value in case.get("options", {}).items()}
    owner = torch
    for part in case.get("in", "").split("."):
        owner = getattr(owner, part) if part else owner
    if "method" in case:
        return encode(getattr(args[0], case["method"])(*args[1:], **options))
    return encode(getattr(owner, case["function"])(*args, **options))


torch.set_num_threads(1)

def outcome(case):
    try:
        return run(case)
    except Exception:
        return "an error"


print(json.dumps([outcome(case) for case in CASES]))
