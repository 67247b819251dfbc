"""Programs that Python exports, with inputs and results, for tests/parity/onnx.ts.

Writes `<number>.pt2`, and `<number>.npz` with `in0`, `in1`, ... and `out0`, `out1`, ..., into a folder, and prints one JSON
document a line for each. `--help` lists the options.
"""
import argparse
import json
import logging
import os
import warnings

import numpy
import torch
import torch.utils._pytree as pytree
from torch import nn
from torch.export import Dim, export
from torch.nn import functional as F

SEED = 1234


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.word_embeddings = nn.Embedding(9, 6)
        self.lstm = nn.LSTM(6, 6)
        self.hidden2tag = nn.Linear(6, 3)

    def forward(self, sentence):
        embeds = self.word_embeddings(sentence)
        out, _ = self.lstm(embeds.view(sentence.shape[0], 1, -1))
        return F.log_softmax(self.hidden2tag(out.view(sentence.shape[0], -1)), dim=1)


class Convolutions(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2),
                                      nn.Conv2d(8, 16, 3), nn.GELU(), nn.AdaptiveAvgPool2d(2))
        self.classifier = nn.Sequential(nn.Flatten(), nn.Dropout(0.5), nn.Linear(64, 10))

    def forward(self, x):
        return self.classifier(self.features(x))


class Translator(nn.Module):
    def __init__(self):
        super().__init__()
        self.model = nn.Transformer(d_model=16, nhead=2, num_encoder_layers=2, num_decoder_layers=2, dim_feedforward=32,
                                    batch_first=True)

    def forward(self, source, target):
        mask = nn.Transformer.generate_square_subsequent_mask(target.shape[1])
        return self.model(source, target, tgt_mask=mask, tgt_is_causal=True)


class Encoder(nn.Module):
    """As BERT: token, position and type embeddings, layers of attention with a mask of padding, and a pooler."""

    def __init__(self, size=32, layers=2):
        super().__init__()
        self.words, self.places, self.types = nn.Embedding(50, size), nn.Embedding(16, size), nn.Embedding(2, size)
        self.norm = nn.LayerNorm(size)
        self.encoder = nn.TransformerEncoder(nn.TransformerEncoderLayer(size, 4, 64, activation="gelu", batch_first=True),
                                             layers, enable_nested_tensor=False)
        self.pooler = nn.Linear(size, size)

    def forward(self, tokens, types, attention_mask):
        places = torch.arange(tokens.shape[1]).unsqueeze(0)
        x = self.norm(self.words(tokens) + self.places(places) + self.types(types))
        x = self.encoder(x, src_key_padding_mask=attention_mask == 0)
        return x, torch.tanh(self.pooler(x[:, 0]))


class Block(nn.Module):
    def __init__(self, size, heads):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(size), nn.LayerNorm(size)
        self.attention, self.projection = nn.Linear(size, 3 * size), nn.Linear(size, size)
        self.feed_forward = nn.Sequential(nn.Linear(size, 4 * size), nn.GELU(approximate="tanh"), nn.Linear(4 * size, size))

    def forward(self, x):
        batch, time, size = x.shape
        q, k, v = self.attention(self.norm1(x)).split(size, dim=2)
        q, k, v = (t.view(batch, time, self.heads, size // self.heads).transpose(1, 2) for t in (q, k, v))
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.projection(y.transpose(1, 2).contiguous().view(batch, time, size))
        return x + self.feed_forward(self.norm2(x))


class Generator(nn.Module):
    """As GPT-2, with its output weights tied to the embedding."""

    def __init__(self, size=32, layers=2):
        super().__init__()
        self.words, self.places = nn.Embedding(50, size), nn.Embedding(16, size)
        self.blocks = nn.ModuleList(Block(size, 4) for _ in range(layers))
        self.norm = nn.LayerNorm(size)
        self.head = nn.Linear(size, 50, bias=False)
        self.head.weight = self.words.weight

    def forward(self, tokens):
        x = self.words(tokens) + self.places(torch.arange(tokens.shape[1]))
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x))


class Recurrent(nn.Module):
    def __init__(self, kind, **options):
        super().__init__()
        self.layer = kind(5, 7, num_layers=2, batch_first=True, bidirectional=True, **options)

    def forward(self, x):
        return self.layer(x)


class Masked(nn.Module):
    def __init__(self):
        super().__init__()
        self.attention = nn.MultiheadAttention(16, 4, batch_first=True)

    def forward(self, x, padding, mask):
        return self.attention(x, x, x, key_padding_mask=padding, attn_mask=mask)


class Changing(nn.Module):
    """In-place operators on a tensor, on views, and on what has views."""

    def forward(self, x):
        y = x.clone()
        row = y[1]
        y[:, 0] = 5.0
        y[0].mul_(2)
        y.add_(row.sum())
        y.view(-1)[2:4].zero_()
        return y, row, y.t().relu_()


class Sizes(nn.Module):
    def forward(self, x):
        half = x.shape[0] // 2
        return x[:half] * (x.shape[0] % 3), x.view(-1, 2), x.new_ones(half + 1, 3), x.reshape(half, -1), x.repeat(half, 1)


def models():
    torch.manual_seed(0)
    batch, time = Dim("batch", min=2, max=64), Dim("time", min=2, max=16)
    yield "lstm_tutorial", Tagger(), (torch.tensor([0, 3, 5, 2, 8]),), None
    yield "cnn", Convolutions(), (torch.randn(4, 3, 8, 8),), {"x": {0: batch}}
    yield "transformer", Translator(), (torch.randn(2, 5, 16), torch.randn(2, 4, 16)), None
    mask = torch.ones(2, 6, dtype=torch.int64)
    mask[1, 4:] = 0
    yield "bert", Encoder(), (torch.randint(50, (2, 6)), torch.zeros(2, 6, dtype=torch.int64), mask), {
        "tokens": {0: batch}, "types": {0: batch}, "attention_mask": {0: batch}}
    yield "gpt", Generator(), (torch.randint(50, (2, 6)),), {"tokens": {0: batch, 1: time}}
    yield "lstm", Recurrent(nn.LSTM), (torch.randn(3, 4, 5),), {"x": {0: batch}}
    yield "lstm_no_bias", Recurrent(nn.LSTM, bias=False), (torch.randn(3, 4, 5),), None
    yield "gru", Recurrent(nn.GRU), (torch.randn(3, 4, 5),), {"x": {0: batch}}
    yield "rnn", Recurrent(nn.RNN), (torch.randn(3, 4, 5),), None
    yield "rnn_relu", Recurrent(nn.RNN, nonlinearity="relu"), (torch.randn(3, 4, 5),), None
    padding = torch.zeros(2, 6, dtype=torch.bool)
    padding[0, 4:] = True
    yield "masked_attention", Masked(), (torch.randn(2, 6, 16), padding, torch.ones(6, 6).triu(1).bool()), None
    yield "changing", Changing(), (torch.randn(4, 4),), None
    yield "sizes", Sizes(), (torch.randn(8, 4),), {"x": {0: Dim.DYNAMIC}}


def modules(samples):
    # Imported where it is needed, since it takes seconds.
    from torch.testing._internal.common_modules import module_db

    for info in module_db:
        torch.manual_seed(SEED)
        try:
            inputs = info.module_inputs_func(info, device="cpu", dtype=torch.float32, requires_grad=False, training=False)
        except Exception:
            continue
        used = 0
        for i, sample in enumerate(inputs):
            if sample.forward_input is None or used >= samples:
                continue
            torch.manual_seed(SEED)
            module = info.module_cls(*sample.constructor_input.args, **sample.constructor_input.kwargs)
            used += 1
            yield f"{info.name} {i}", module.float(), tuple(sample.forward_input.args), sample.forward_input.kwargs


class Function(nn.Module):
    """An operator on the tensors among its arguments; others are part of the program."""

    def __init__(self, function, args, kwargs):
        super().__init__()
        self.function = function
        self.leaves, self.spec = pytree.tree_flatten((args, dict(kwargs)))
        self.places = [i for i, leaf in enumerate(self.leaves) if isinstance(leaf, torch.Tensor)]

    def forward(self, *tensors):
        leaves = list(self.leaves)
        for place, tensor in zip(self.places, tensors):
            leaves[place] = tensor
        args, kwargs = pytree.tree_unflatten(leaves, self.spec)
        return self.function(*args, **kwargs)


def operators(samples, names):
    from torch.testing._internal.common_methods_invocations import op_db

    for info in op_db:
        full_name = info.name + (f".{info.variant_test_name}" if info.variant_test_name else "")
        if names and info.name not in names and full_name not in names:
            continue
        # What memory holds is not defined in tensors that are empty.
        if torch.float32 not in info.dtypes or "empty" in info.name:
            continue
        torch.manual_seed(SEED)
        try:
            found = list(zip(range(samples), info.sample_inputs("cpu", torch.float32)))
        except Exception:
            continue
        for i, sample in found:
            module = Function(info.op, (sample.input, *sample.args), sample.kwargs)
            tensors = tuple(module.leaves[place].detach().clone() for place in module.places)
            module.leaves = [leaf.detach() if isinstance(leaf, torch.Tensor) else leaf for leaf in module.leaves]
            yield f"{full_name} {i}", module, tensors


def write(folder, number, model, args, kwargs, dynamic_shapes):
    model.eval()
    path = os.path.join(folder, f"{number}.pt2")
    try:
        torch.manual_seed(SEED)
        with torch.no_grad():
            program = export(model, args, dict(kwargs or {}), dynamic_shapes=dynamic_shapes)
            inputs = [x.detach().clone() for x in pytree.tree_leaves((args, kwargs)) if isinstance(x, torch.Tensor)]
            torch.manual_seed(SEED)
            outputs = [x for x in pytree.tree_leaves(model(*args, **(kwargs or {}))) if isinstance(x, torch.Tensor)]
        if not outputs:
            raise ValueError("no tensors")
        torch.export.save(program, path)
        arrays = {f"in{i}": x.numpy() for i, x in enumerate(inputs)}
        arrays |= {f"out{i}": x.detach().numpy() for i, x in enumerate(outputs)}
        numpy.savez(os.path.join(folder, f"{number}.npz"), **arrays)
    except Exception as error:
        return {"python": f"{type(error).__name__}: {(str(error).strip() or '?').splitlines()[0]}"[:200]}
    return {}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", help="where the programs go")
    parser.add_argument("--set", action="append", choices=["models", "modules", "operators"])
    parser.add_argument("--samples", type=int, default=2, help="how many of each module and operator at the most")
    parser.add_argument("--case", action="append", help="a name, as in gpt or LSTM; may be repeated")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    torch.set_num_threads(1)
    names = options.case
    sets = {
        "models": lambda: ((name, model, args, {}, shapes) for name, model, args, shapes in models()),
        "modules": lambda: ((*case, None) for case in modules(options.samples)),
        "operators": lambda: ((*case, {}, None) for case in operators(options.samples, names)),
    }
    number = 0
    for its_set in options.set or ["models", "modules", "operators"]:
        for name, model, args, kwargs, dynamic_shapes in sets[its_set]():
            if names and name not in names and name.split(" ")[0] not in names:
                continue
            found = write(options.folder, number, model, args, kwargs, dynamic_shapes)
            print(json.dumps({"set": its_set, "name": name, "number": number, **found}), flush=True)
            number += 1


if __name__ == "__main__":
    main()
