"""Python's side of export.js: `side.py FOLDER`. Answers `write` once the programs are in the folder, and the rest as side.js does."""

import os
import sys
import time

import torch
from torch import nn

folder = sys.argv[1]
torch.set_num_threads(1)
torch.manual_seed(1)


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(8, 16, batch_first=True)
        self.fc = nn.Linear(16, 4)

    def forward(self, x):
        return self.fc(self.lstm(x)[0][:, -1])


def encoder():
    layer = nn.TransformerEncoderLayer(16, 2, dim_feedforward=32, dropout=0.0, batch_first=True)
    return nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)


eager = {
    "mlp": nn.Sequential(nn.Linear(16, 32), nn.ReLU(), nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 4)),
    "cnn": nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(36, 4)),
    "lstm": Classifier(),
    "encoder": encoder(),
    # What takes some time for a call, for forward_async.
    "large": nn.Sequential(*[nn.Linear(1024, 1024) for _ in range(8)]),
}
inputs = {
    "mlp": torch.randn(4, 16),
    "cnn": torch.randn(2, 1, 8, 8),
    "lstm": torch.randn(2, 10, 8),
    "encoder": torch.randn(2, 6, 16),
    "large": torch.randn(512, 1024),
}
programs = {}


def path(name):
    return os.path.join(folder, f"{name}.pt2")


def write():
    for name, module in eager.items():
        torch.export.save(torch.export.export(module, (inputs[name],)), path(name))
    return [len(eager)]


def module_of(what, name):
    if what == "eager":
        return eager[name]
    if name not in programs:
        programs[name] = torch.export.load(path(name)).module()
    return programs[name]


def call(module, x, kind):
    if kind == "step":
        module.zero_grad()
        module(x).sum().backward()
    else:
        with torch.no_grad():
            module(x)


def check(name):
    module = module_of("program", name)
    output = module(inputs[name])
    module.zero_grad()
    output.sum().backward()
    return [output.sum().item(), *(parameter.grad.sum().item() for parameter in module.parameters())]


def measure(what, kind, name, count):
    module, x = module_of(what, name), inputs[name]
    cpu, begin = time.process_time_ns(), time.perf_counter_ns()
    for _ in range(int(count)):
        call(module, x, kind)
    return [(time.process_time_ns() - cpu) / int(count), (time.perf_counter_ns() - begin) / int(count)]


for line in sys.stdin:
    what, *rest = line.split()
    answer = write() if what == "write" else check(*rest) if what == "check" else measure(what, *rest)
    print(*answer, flush=True)
