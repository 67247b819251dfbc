"""Programs for tests/onnx/export.test.ts: `<name>.pt2`, and inputs and results in `<name>.pt`, in the folder given."""
import json
import os
import sys
import warnings

import torch
import torch.utils._pytree as pytree
from torch import nn
from torch.export import Dim, export

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "parity"))
import onnx_programs as programs  # noqa: E402

warnings.simplefilter("ignore")
torch.set_num_threads(1)
folder = sys.argv[1]


class Missing(nn.Module):
    def forward(self, x):
        return torch.linalg.svdvals(x), torch.fft.fft(x).real, torch.polygamma(1, x)


class Shared(nn.Module):
    """Returns its input, one result twice, and takes an argument that it does not need."""

    def forward(self, x, unused):
        y = x * 2
        return x, y, y


torch.manual_seed(0)
batch, time = Dim("batch", min=2, max=64), Dim("time", min=2, max=16)
cases = [case for case in programs.models() if case[0] in
         ("cnn", "gpt", "lstm", "gru", "masked_attention", "changing", "sizes")]
cases += [
    ("missing", Missing(), (torch.rand(3, 3),), None),
    ("shared", Shared(), (torch.rand(2), torch.rand(3)), None),
]
for name, model, args, dynamic_shapes in cases:
    model.eval()
    program = export(model, args, dynamic_shapes=dynamic_shapes)
    torch.export.save(program, os.path.join(folder, f"{name}.pt2"))
    results = model(*(x.clone() for x in args))
    torch.save({"inputs": list(args), "outputs": pytree.tree_leaves(results)}, os.path.join(folder, f"{name}.pt"))
print(json.dumps([case[0] for case in cases]))
