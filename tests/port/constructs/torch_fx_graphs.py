import operator

import torch
import torch.fx
from torch import nn
from torch.fx import replace_pattern, symbolic_trace


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(3, 3)
        self.scale = nn.Parameter(torch.ones(3))

    def forward(self, x, factor=2):
        y = self.linear(x) * self.scale + 1.0
        y += x
        first, second = y.chunk(2)
        if first.shape is None:
            return first
        return -first @ second.t(), y[0, 1:] / factor, y > 0


def clipped(x: torch.Tensor, bound: float):
    return x if x.abs().max() < bound else x.clamp(-bound, bound)


torch.fx.wrap(clipped)


@torch.fx.wrap
def doubled(x):
    return x * 2


torch.manual_seed(0)
traced = symbolic_trace(Block())
print(traced.graph)
print(traced.code)
print(len(traced.graph.nodes), [node.name for node in reversed(traced.graph.nodes)])
for part in traced(torch.arange(12.0).view(4, 3)):
    print(part.shape)

wrapped = symbolic_trace(lambda x: doubled(clipped(x, 0.5)))
print(wrapped.graph)
print(wrapped(torch.tensor([-1.0, 0.25])))


class Counting(torch.fx.Tracer):
    def __init__(self):
        super().__init__()
        self.counts = {}

    def create_node(self, kind, target, args, kwargs, name=None, type_expr=None):
        self.counts[kind] = self.counts.get(kind, 0) + 1
        node = super().create_node(kind, target, args, kwargs, name, type_expr)
        node.meta['number'] = len(self.counts)
        return node


tracer = Counting()
graph = tracer.trace(Block())
print(tracer.counts, [node.meta['number'] for node in graph.nodes])

for node in traced.graph.nodes:
    if node.op == 'call_function' and node.target == operator.add:
        with traced.graph.inserting_after(node):
            new = traced.graph.call_function(torch.sub, node.args, node.kwargs)
        node.replace_all_uses_with(new)
        traced.graph.erase_node(node)
    elif node.target is operator.neg:
        with traced.graph.inserting_before(node):
            relu = traced.graph.call_function(torch.relu, node.args)
        node.args = (relu,)
traced.graph.lint()
traced.recompile()
print(traced.code)

matches = replace_pattern(traced, lambda a, b: torch.sub(a, b), lambda a, b: torch.mul(a, b))
print(len(matches))
print(traced.code)

try:
    symbolic_trace(lambda x: x if x.sum() > 0 else -x)
except torch.fx.proxy.TraceError as error:
    print(error)
