"""Runs recurrent layers with every combination of options; prints {case: [shape, hex, ...]} as JSON."""
import itertools
import json
import warnings

import torch
from torch import nn
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence

warnings.simplefilter("ignore")
IN, HIDDEN, STEPS, BATCH = 3, 5, 4, 3
answers = {}


def hexed(tensor):
    return tensor.detach().contiguous().numpy().tobytes().hex()


def flat(value):
    if isinstance(value, PackedSequence):
        return flat([value.data, value.batch_sizes, *pad_packed_sequence(value)])
    if isinstance(value, torch.Tensor):
        return [value]
    return [tensor for part in value for tensor in flat(part)]


def run(name, module, *args):
    outputs = flat(module(*args))
    module.zero_grad()
    sum(t.sum() for t in outputs if t.is_floating_point()).backward()
    answers[name] = [part for t in outputs for part in (list(t.shape), hexed(t))]
    answers[name + " gradients"] = [hexed(p.grad) for p in module.parameters()]


flags = [False, True]
kinds = [("LSTM", nn.LSTM, {}), ("GRU", nn.GRU, {}), ("RNN tanh", nn.RNN, {}), ("RNN relu", nn.RNN, {"nonlinearity": "relu"})]
for kind, make, extra in kinds:
    for layers, bias, batch_first, bidirectional, proj in itertools.product(
            [1, 2], flags, flags, flags, [0, 2] if kind == "LSTM" else [0]):
        options = dict(num_layers=layers, bias=bias, batch_first=batch_first, bidirectional=bidirectional, **extra)
        if proj:
            options["proj_size"] = proj
        if layers == 2:
            options["dropout"] = 0.25
        torch.manual_seed(3)
        module = make(IN, HIDDEN, **options)
        key = f"{kind} {layers} {int(bias)}{int(batch_first)}{int(bidirectional)} {proj}"
        answers[key] = [[name, hexed(p)] for name, p in module.state_dict().items()]
        answers[key + " repr"] = repr(module)
        rows = layers * (2 if bidirectional else 1)

        def states(*batch):
            h = torch.randn(rows, *batch, proj or HIDDEN)
            return (h, torch.randn(rows, *batch, HIDDEN)) if kind == "LSTM" else h

        x = torch.randn(BATCH, STEPS, IN) if batch_first else torch.randn(STEPS, BATCH, IN)
        run(key + " plain", module, x)
        run(key + " states", module, x, states(BATCH))
        run(key + " unbatched", module, torch.randn(STEPS, IN))
        run(key + " unbatched states", module, torch.randn(STEPS, IN), states())
        unsorted = pack_padded_sequence(x, [2, 4, 3], batch_first=batch_first, enforce_sorted=False)
        run(key + " packed", module, unsorted)
        run(key + " packed states", module, unsorted, states(BATCH))
        ordered = pack_padded_sequence(x, torch.tensor([4, 3, 1]), batch_first=batch_first)
        module.eval()
        run(key + " eval packed", module, ordered)

for kind, cell in [("RNNCell", nn.RNNCell), ("LSTMCell", nn.LSTMCell), ("GRUCell", nn.GRUCell)]:
    for bias in flags:
        torch.manual_seed(4)
        module = cell(IN, HIDDEN, bias=bias)
        key = f"{kind} {int(bias)}"
        answers[key] = [[name, hexed(p)] for name, p in module.state_dict().items()]
        run(key + " plain", module, torch.randn(BATCH, IN))
        run(key + " unbatched", module, torch.randn(IN))
        h = torch.randn(BATCH, HIDDEN)
        run(key + " states", module, torch.randn(BATCH, IN), (h, torch.randn(BATCH, HIDDEN)) if kind == "LSTMCell" else h)

print(json.dumps(answers))
