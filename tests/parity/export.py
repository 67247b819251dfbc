"""Programs that Python exports, with what they give in Python, for tests/parity/export.ts.

Writes `<number>.pt2`, the program, and `<number>.pt`, inputs and results, into a folder, and prints one JSON document a line
for each. `--help` lists the options.
"""
import argparse
import json
import logging
import math
import os
import warnings

import torch
import torch.utils._pytree as pytree
from torch import nn
from torch.export import Dim, export
from torch.testing._internal.common_modules import module_db
from torch._higher_order_ops.map import map as torch_map
from torch._higher_order_ops.scan import scan
from torch._higher_order_ops.while_loop import while_loop

SEED = 1234


class Tagger(nn.Module):
    """The LSTM tagger of PyTorch's tutorials."""

    def __init__(self, embedding_dim=6, hidden_dim=6, vocabulary=9, tags=3):
        super().__init__()
        self.word_embeddings = nn.Embedding(vocabulary, embedding_dim)
        self.lstm = nn.LSTM(embedding_dim, hidden_dim)
        self.hidden2tag = nn.Linear(hidden_dim, tags)

    def forward(self, sentence):
        embeds = self.word_embeddings(sentence)
        lstm_out, _ = self.lstm(embeds.view(sentence.shape[0], 1, -1))
        return nn.functional.log_softmax(self.hidden2tag(lstm_out.view(sentence.shape[0], -1)), dim=1)


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
        self.model = nn.Transformer(d_model=16, nhead=2, num_encoder_layers=2, num_decoder_layers=1, dim_feedforward=32,
                                    dropout=0.1, batch_first=True)

    def forward(self, source, target, *, scale=1.0):
        mask = nn.Transformer.generate_square_subsequent_mask(target.shape[1])
        return self.model(source, target * scale, tgt_mask=mask, tgt_is_causal=True)


class Nested(nn.Module):
    """Positional and keyword arguments and results of all kinds."""

    def __init__(self):
        super().__init__()
        self.register_buffer("calls", torch.zeros((), dtype=torch.int64))
        self.register_buffer("scratch", torch.zeros(3), persistent=False)
        self.constant = torch.arange(3.0)

    def forward(self, x, pair, *, named, flag=True, name="a"):
        self.calls.add_(1)
        self.scratch.copy_(x.detach().sum(0))
        first, second = pair
        total = x * self.constant + first - second["b"] + named["c"][0]
        return {"total": total, "size": x.shape[0] * 2 + 1, "pair": (total.sum(), [x, 3.5, None, flag])}


class Sizes(nn.Module):
    """Arithmetic on sizes, and on numbers that tensors hold."""

    def forward(self, x, n):
        half = x.shape[0] // 2
        k = n.item()
        torch._check(k >= 2)
        torch._check(k <= x.shape[0])
        return x[:half] * (x.shape[0] % 3), torch.full((k, 2), math.sqrt(2.0)), x.view(-1, 2), x.reshape(half, -1), x.new_zeros(k + half)


class Loops(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(3, 3)

    def forward(self, x, xs):
        def smaller(i, y):
            return i < 4

        def body(i, y):
            return i + 1, y.sin() + 1

        _, looped = while_loop(smaller, body, (torch.zeros((), dtype=torch.int64), x))
        carried, rows = scan(lambda carry, row: (carry + row, carry * row), x[0].clone(), xs, dim=0)
        mapped = torch_map(lambda row, offset: self.linear(row) + offset, xs, x[0])
        chosen = torch.cond(x.sum() > 0, lambda t: self.linear(t), lambda t: t.cos(), (x,))
        return looped, carried, rows, mapped, chosen


class Chosen(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(3, 3)

    def forward(self, x):
        return torch.cond(x.sum() > 0, lambda t: self.linear(t).relu(), lambda t: t.cos() * 2, (x,))


class Modes(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(4, 4)

    def forward(self, x):
        with torch.no_grad():
            constant = self.linear(x).exp()
        with torch.autocast("cpu", dtype=torch.bfloat16):
            half = self.linear(x) @ x.T
        return constant * x, half, self.linear(x) + constant


class Dtypes(nn.Module):
    """Arguments of operators of all kinds."""

    def forward(self, x, i):
        return (x.to(torch.float64), x.to(torch.complex64) * 2j, i + 2.0, i * 2, torch.ones_like(x, dtype=torch.int32),
                torch.arange(0, 5, device="cpu"), x[:, None].contiguous(), x.chunk(2, dim=1), torch.cat([x, x], dim=0),
                x[i, :], x.index_put((i,), torch.tensor(1.0)), torch.linalg.norm(x, ord=float("inf")), x.clamp(min=0.25),
                torch.einsum("ij,kj->ik", x, x), x.split([1, 3], 1), torch.where(x > 0, x, -1.0), x.std(0, correction=0),
                torch.bucketize(x, torch.tensor([0.1, 0.5])), list(x.topk(2)), list(x.max(0)), torch.nn.functional.pad(x, (1, 2), value=3))


class Mutating(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("total", torch.zeros(3))

    def forward(self, x):
        self.total += x.sum(0)
        x.mul_(2)
        return self.total + x, x


def models():
    torch.manual_seed(0)
    batch = Dim("batch", min=2, max=64)
    yield "lstm_tutorial", Tagger(), (torch.tensor([0, 3, 5, 2, 8]),), {}, None
    yield "cnn_train", Convolutions(), (torch.randn(4, 3, 8, 8),), {}, {"x": {0: batch}}
    yield "cnn_eval", Convolutions().eval(), (torch.randn(4, 3, 8, 8),), {}, {"x": {0: batch}}
    yield "transformer_train", Translator(), (torch.randn(2, 5, 16), torch.randn(2, 4, 16)), {"scale": 2.0}, None
    yield "transformer_eval", Translator().eval(), (torch.randn(2, 5, 16), torch.randn(2, 4, 16)), {}, None
    yield "nested", Nested(), (torch.randn(4, 3), (torch.randn(3), {"b": torch.randn(3)})), {
        "named": {"c": [torch.randn(4, 3)]}, "flag": True, "name": "a"}, {
        "x": {0: batch}, "pair": ({}, {"b": {}}), "named": {"c": [{0: batch}]}, "flag": None, "name": None}
    yield "sizes", Sizes(), (torch.randn(8, 4), torch.tensor(3)), {}, {"x": {0: Dim.DYNAMIC}, "n": None}
    yield "loops", Loops(), (torch.randn(2, 3), torch.randn(5, 3)), {}, None
    yield "cond", Chosen(), (torch.rand(2, 3),), {}, None
    yield "modes", Modes(), (torch.randn(4, 4),), {}, None
    yield "dtypes", Dtypes(), (torch.rand(4, 4), torch.tensor([0, 2])), {}, None
    yield "mutating", Mutating(), (torch.randn(2, 3),), {}, {"x": {0: batch}}


def exportdb():
    from torch._export.db.case import SupportLevel
    from torch._export.db.examples import all_examples

    for name, case in sorted(all_examples().items()):
        if case.support_level is SupportLevel.SUPPORTED:
            yield name, case.model, case.example_args, case.example_kwargs, case.dynamic_shapes


def modules(samples):
    for info in module_db:
        for training in (True, False) if info.train_and_eval_differ else (False,):
            torch.manual_seed(SEED)
            try:
                inputs = info.module_inputs_func(info, device="cpu", dtype=torch.float32, requires_grad=False, training=training)
            except Exception:
                continue
            used = 0
            for i, sample in enumerate(inputs):
                if sample.forward_input is None or used >= samples:
                    continue
                torch.manual_seed(SEED)
                module = info.module_cls(*sample.constructor_input.args, **sample.constructor_input.kwargs)
                module.to(torch.float32).train(training)
                used += 1
                yield (f"{info.name} {'train' if training else 'eval'} {i}", module, tuple(sample.forward_input.args),
                       sample.forward_input.kwargs, None)


def fresh(value, requires_grad):
    def leaf(tensor):
        if not isinstance(tensor, torch.Tensor):
            return tensor
        copied = tensor.detach().clone()
        return copied.requires_grad_() if requires_grad and copied.is_floating_point() else copied

    return pytree.tree_map(leaf, value)


def run(program, args, kwargs, requires_grad):
    """What a call gives, and the gradients of all that it depends on."""
    module = program.module()
    args, kwargs = fresh(args, requires_grad), fresh(kwargs, requires_grad)
    torch.manual_seed(SEED)
    outputs = pytree.tree_leaves(module(*args, **kwargs))
    losses = [torch.view_as_real(x).sum() if x.is_complex() else x.sum() for x in outputs
              if isinstance(x, torch.Tensor) and x.requires_grad]
    inputs = [x for x in pytree.tree_leaves((args, kwargs)) if isinstance(x, torch.Tensor)]
    if losses:
        sum(loss.double() for loss in losses).backward()
    return {
        "outputs": [x.detach() if isinstance(x, torch.Tensor) else x for x in outputs],
        "gradients": {name: p.grad for name, p in module.named_parameters()},
        "inputs": [x.detach() for x in inputs],
        "input_gradients": [x.grad for x in inputs],
        "state": {name: x.detach() for name, x in module.state_dict().items()},
        "names": [name for name, _ in module.named_modules()],
    }


def plain(value):
    """Of another class of dicts or tuples only what JavaScript has."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [plain(item) for item in value]
    return value


def operators(graph_module):
    """The operators of a program, those that only size things left out."""
    found = [str(node.target) for node in graph_module.graph.nodes if node.op == "call_function"
             and (isinstance(node.target, torch._ops.OpOverload) or isinstance(node.target, torch._ops.HigherOrderOperator))]
    found = [name for name in found if not name.startswith("aten.sym_")]
    for child in graph_module.children():
        if isinstance(child, torch.fx.GraphModule):
            found += operators(child)
    return found


def write(folder, number, name, model, args, kwargs, dynamic_shapes, decomposed, decompositions):
    kwargs = dict(kwargs or {})
    try:
        program = export(model, args, kwargs, dynamic_shapes=dynamic_shapes)
        if decomposed:
            program = program.run_decompositions()
        path = os.path.join(folder, f"{number}.pt2")
        torch.export.save(program, path)
        # What Python loads, not what it has exported.
        def load():
            return torch.export.load(path)

        if decompositions:
            def load():
                return torch.export.load(path).run_decompositions()

        requires_grad = True
        try:
            expected = run(load(), args, kwargs, True)
        except Exception:
            requires_grad = False
            expected = run(load(), args, kwargs, False)
        text = str(load())
    except Exception as error:
        return {"python": f"{type(error).__name__}: {str(error).strip().splitlines()[0] if str(error) else ''}"[:200]}
    torch.save({"args": plain(fresh(args, False)), "kwargs": plain(fresh(kwargs, False)), **expected},
               os.path.join(folder, f"{number}.pt"))
    found = {"requires_grad": requires_grad, "text": text}
    if decompositions:
        found["operators"] = sorted(operators(load().graph_module))
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", help="where the programs go")
    parser.add_argument("--set", action="append", choices=["exportdb", "models", "modules"])
    parser.add_argument("--samples", type=int, default=2, help="how many of each module and mode at the most")
    parser.add_argument("--case", action="append", help="a name, as in lstm_tutorial; may be repeated")
    parser.add_argument("--decomposed", action="store_true", help="after run_decompositions()")
    parser.add_argument("--decompositions", action="store_true", help="what run_decompositions() makes of the programs")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    torch.set_num_threads(1)
    sets = {"exportdb": exportdb, "models": models, "modules": lambda: modules(options.samples)}
    number = 0
    for its_set in options.set or sets:
        for name, model, args, kwargs, dynamic_shapes in sets[its_set]():
            if options.case and name not in options.case:
                continue
            found = write(options.folder, number, name, model, args, kwargs, dynamic_shapes, options.decomposed,
                          options.decompositions)
            print(json.dumps({"set": its_set, "name": name, "number": number, **found}), flush=True)
            number += 1


main()
