"""Exports models into a folder, and prints as JSON what they give in Python: results, trained parameters, errors."""
import io
import json
import logging
import sys
import warnings
import zipfile
from typing import NamedTuple

import torch
from torch import nn
from torch.export import Dim

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
folder = sys.argv[1]


class Point(NamedTuple):
    x: torch.Tensor
    y: torch.Tensor


torch.utils._pytree._register_namedtuple(Point, serialized_type_name="geometry.Point")


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(4, 3)
        self.norm = nn.BatchNorm1d(3)
        self.register_buffer("calls", torch.zeros(1), persistent=False)
        self.constant = torch.ones(3)

    def forward(self, x, other, *, extra, k=2, ratio=0.5, mode="fast", flag=True):
        self.calls.add_(1)
        z = self.norm(self.linear(x)) * k + self.constant + other[0] * ratio + extra["a"]
        return {"z": z, "rows": x.shape[0] * 2}


class Points(nn.Module):
    def forward(self, p, *others):
        return Point(p.x + others[0], p.y * others[1].shape[0])


class Sized(nn.Module):
    def forward(self, x, n: int):
        return x[: x.shape[0] // 2].sum() * n, n + 1


def given(rows=5, columns=4, k=3, other=None, extra=None, **others):
    kwargs = {"extra": extra if extra is not None else {"a": torch.ones(rows, 3)}, "k": k, "ratio": 0.5, "mode": "fast", "flag": True}
    return (torch.arange(float(rows * columns)).reshape(rows, columns) / 10, [torch.full((3,), 0.25)] if other is None else other), {**kwargs, **others}


def error_of(call):
    try:
        call()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return None


def hexed(tensor):
    return tensor.detach().contiguous().numpy().tobytes().hex()


torch.manual_seed(0)
batch = Dim("batch", min=3, max=64)
args, kwargs = given()
none = {"k": None, "ratio": None, "mode": None, "flag": None}
program = torch.export.export(Model(), args, kwargs, dynamic_shapes={
    "x": {0: batch}, "other": [None], "extra": {"a": {0: batch}}, **none})
torch.export.save(program, f"{folder}/model.pt2", extra_files={"notes.txt": "some notes"})
point = (Point(torch.ones(2), torch.arange(2.0)), torch.ones(2), torch.ones(3))
torch.export.save(torch.export.export(Points(), point), f"{folder}/points.pt2")
sized = torch.export.export(Sized(), (torch.arange(8.0), 3), dynamic_shapes={"x": {0: Dim.DYNAMIC}, "n": Dim.DYNAMIC})
torch.export.save(sized, f"{folder}/sized.pt2")


def write_legacy(program):
    """The same archive with its tensors in two files of torch.save, as archives before 2.9 have them."""
    with zipfile.ZipFile(f"{folder}/model.pt2") as old, zipfile.ZipFile(f"{folder}/legacy.pt2", "w") as new:
        for name in old.namelist():
            if "/data/weights/" not in name and "/data/constants/" not in name:
                new.writestr(name, old.read(name))
        root = old.namelist()[0].split("/")[0]
        for kind, tensors in [("weights", program.state_dict), ("constants", program.constants)]:
            buffer = io.BytesIO()
            torch.save(dict(tensors), buffer)
            new.writestr(f"{root}/data/{kind}/model.pt", buffer.getvalue())


write_legacy(torch.export.load(f"{folder}/model.pt2"))


def load(name="model"):
    return torch.export.load(f"{folder}/{name}.pt2")


def train(steps):
    module = load().module()
    optimizer = torch.optim.SGD(module.parameters(), lr=0.05, momentum=0.9)
    losses = []
    for step in range(steps):
        its_args, its_kwargs = given(rows=3 + step % 4)
        loss = module(*its_args, **its_kwargs)["z"].square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(hexed(loss))
    return {"losses": losses, "state": {name: hexed(x) for name, x in module.state_dict().items()},
            "calls": hexed(module.calls)}


def errors(check_guards):
    module = load().module(check_guards=check_guards)

    def call(**changes):
        its_args, its_kwargs = given(**changes)
        return error_of(lambda: module(*its_args, **its_kwargs))

    (x, other), named = given()
    return [
        call(rows=65), call(rows=2), call(columns=5), call(extra={"a": torch.ones(4, 3)}), call(k=4), call(ratio=0.25),
        call(mode="slow"), call(flag=False), call(other=[torch.ones(4)]), call(extra={"b": torch.ones(5, 3)}),
        call(other=[torch.ones(3), torch.ones(3)]), call(extra=[torch.ones(5, 3)]),
        error_of(lambda: module(x, other)), error_of(lambda: module(x, **named)),
        error_of(lambda: module(x, other, x, **named)), error_of(module.train), error_of(module.eval),
    ]


module = load().module()
result = module(*args, **kwargs)
points = load("points").module()(*point)
total, following = load("sized").module()(torch.arange(6.0), 5)
print(json.dumps({
    "z": hexed(result["z"]), "legacy": hexed(load("legacy").module()(*args, **kwargs)["z"]), "rows": result["rows"], "training": train(6), "names": [name for name, _ in module.named_modules()],
    "keys": list(module.state_dict()), "errors": errors(True), "unguarded": errors(False), "point": [hexed(points.x), hexed(points.y)],
    "sized": [hexed(total), following], "signature": str(program.graph_signature), "graph": str(load().graph),
    "spec": str(load().call_spec.in_spec), "user_inputs": [str(x) for x in load().graph_signature.user_inputs],
    "text": str(load()), "sized_errors": [error_of(lambda: load("sized").module()(torch.arange(6.0), "a"))],
}))
