"""Loads the programs and traces that tests/parity/exporting.ts has saved, and compares what they give with what it gave.

Prints a JSON object with a text for each of them: what differs, or nothing.
"""
import json
import os
import sys

import torch
import torch.utils._pytree as pytree

folder, seed = sys.argv[1], int(sys.argv[2])


def difference(found, expected):
    if not isinstance(expected, torch.Tensor):
        return "" if found == expected else f"{found}, not {expected}"
    if not isinstance(found, torch.Tensor):
        return f"{found}, not a tensor"
    if (found.dtype, found.shape) != (expected.dtype, expected.shape):
        return f"{found.dtype} {list(found.shape)}, not {expected.dtype} {list(expected.shape)}"
    bytes_of = [tensor.detach().contiguous().flatten().view(torch.uint8) for tensor in (found, expected)]
    return "" if torch.equal(*bytes_of) else f"other bits (largest difference {(found - expected).abs().max().item()})"


def loaded(number):
    path = os.path.join(folder, number)
    if os.path.exists(f"{path}.ts"):
        return torch.jit.load(f"{path}.ts")
    return torch.export.load(f"{path}.pt2").module()


def compare(number):
    runs = torch.load(os.path.join(folder, f"{number}.pt"), weights_only=False)
    for run in runs:
        module = loaded(number)
        torch.manual_seed(seed)
        found = pytree.tree_leaves(module(*run["args"], **run["kwargs"]))
        expected = pytree.tree_leaves(run["expected"])
        if len(found) != len(expected):
            return f"{len(found)} outputs, not {len(expected)}"
        for text in map(difference, found, expected):
            if text:
                return text
    return ""


torch.set_num_threads(1)
answers = {}
for name in os.listdir(folder):
    number, ending = os.path.splitext(name)
    if ending in (".pt2", ".ts"):
        try:
            answers[number] = compare(number)
        except Exception as error:
            answers[number] = f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
print(json.dumps(answers))
