"""Mixed precision: python amp.py OPERATORS SNIPPETS TRAININGS, each a JSON list.

OPERATORS are expressions, each evaluated in a region of autocast in bfloat16 and in float16: the answer has dtype and bits of
the results. SNIPPETS are run as they are, and call show(...); warnings and errors are shown too. TRAININGS are steps of whole
models under autocast with a GradScaler: the answer has losses, scales and parameters, to the bit.
"""
import json
import sys
import warnings

import torch
import torch.nn.functional as F  # noqa: F401 (the expressions use it)
from torch import nn

torch.set_num_threads(1)


def plain(value):
    if isinstance(value, torch.Tensor):
        value = value.detach().contiguous()
        kinds = {1: torch.uint8, 2: torch.int16, 4: torch.int32, 8: torch.int64}
        bits = value if value.is_complex() else value.view(kinds[value.element_size()])
        return [str(value.dtype), list(value.shape), bits.numpy().tobytes().hex()]
    if isinstance(value, torch.dtype):
        return str(value)
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    return value


def inputs(low):
    torch.manual_seed(0)
    a, b = torch.randn(4, 4), torch.randn(4, 4)
    return {
        "a": a, "b": b, "v": torch.randn(4), "h": torch.randn(4, 4).to(low), "d": torch.randn(4, 4).double(),
        "t": torch.randn(2, 4, 4), "u": torch.randn(2, 4, 4), "i": torch.tensor([0, 3, 1, 2]), "w": torch.randn(3, 4, 2),
        "image": torch.randn(1, 3, 8, 8), "k": torch.randn(4, 3, 3, 3), "p": torch.rand(4, 4),
    }


def operator(source, dtype):
    names = {**globals(), **inputs(dtype)}
    with torch.autocast("cpu", dtype):
        try:
            return plain(eval(source, names))
        except Exception as error:
            return {"error": str(error)}


def snippet(source):
    shown = []

    def show(*values):
        shown.extend(plain(value) for value in values)

    torch.manual_seed(1)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            exec(source, dict(globals(), show=show))
        except Exception as error:
            shown.append({"error": str(error)})
    return {"shown": shown, "warnings": [[item.category.__name__, str(item.message)] for item in caught]}


class CNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 3)
        self.norm = nn.BatchNorm2d(4)
        self.head = nn.Linear(36, 3)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.norm(self.conv(x))), 2)
        return self.head(x.flatten(1))


class Recurrent(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(4, 6, num_layers=2, batch_first=True)
        self.head = nn.Linear(6, 3)

    def forward(self, x):
        return self.head(self.lstm(x)[0][:, -1])


class Attentive(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(10, 8)
        layer = nn.TransformerEncoderLayer(8, 2, dim_feedforward=16, dropout=0.1, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.head = nn.Linear(8, 3)

    def forward(self, x):
        return self.head(self.encoder(self.embedding(x)).mean(1))


def MLP():
    return nn.Sequential(nn.Linear(6, 16), nn.GELU(), nn.LayerNorm(16), nn.Dropout(0.1), nn.Linear(16, 3))


models = {
    "MLP": (MLP, lambda: torch.randn(8, 6)),
    "CNN": (CNN, lambda: torch.randn(8, 1, 8, 8)),
    "LSTM": (Recurrent, lambda: torch.randn(8, 5, 4)),
    "Transformer": (Attentive, lambda: torch.randint(10, (8, 5))),
}


def training(case):
    try:
        return steps_of(case)
    except RuntimeError as error:  # what the processor cannot compute
        return {"error": str(error)}


def steps_of(case):
    torch.manual_seed(0)
    make, batch = models[case["model"]]
    model = make()
    optimizer = getattr(torch.optim, case["optimizer"])(model.parameters(), **case.get("options", {}))
    scaler = torch.amp.GradScaler("cpu", **case.get("scaler", {}))
    run = model
    if case.get("checkpoint"):
        run = lambda x: torch.utils.checkpoint.checkpoint(model, x, use_reentrant=False)  # noqa: E731
    losses, scales, dtypes = [], [], []
    for _ in range(case.get("steps", 4)):
        x, y = batch(), torch.randint(3, (8,))
        optimizer.zero_grad()
        with torch.autocast("cpu", getattr(torch, case["dtype"])):
            output = run(x)
            loss = F.cross_entropy(output, y)
        scaler.scale(loss).backward()
        if case.get("clip"):
            scaler.unscale_(optimizer)
            nn.utils.clip_grad_norm_(model.parameters(), case["clip"])
        scaler.step(optimizer)
        scaler.update()
        losses.append(plain(loss))
        scales.append(scaler.get_scale())
        dtypes.append(str(output.dtype))
    steps = [value["step"] for value in optimizer.state_dict()["state"].values() if "step" in value]
    return {
        "losses": losses, "scales": scales, "dtypes": dtypes, "params": [plain(p) for p in model.state_dict().values()],
        "steps": [plain(step) for step in steps], "scaler": scaler.state_dict(),
    }


operators, snippets, trainings = (json.loads(text) for text in sys.argv[1:])
answer = {
    "operators": [[operator(source, dtype) for dtype in (torch.bfloat16, torch.float16)] for source in operators],
    "snippets": [snippet(source) for source in snippets],
    "trainings": [training(case) for case in trainings],
}
print(json.dumps(answer))
