"""What Python's control flow gives in eager mode, for tests/_higher_order_ops/control_flow.test.ts."""

import json
import warnings

import torch
from torch._higher_order_ops.map import map as torch_map
from torch._higher_order_ops.scan import scan
from torch._higher_order_ops.while_loop import while_loop

warnings.simplefilter("ignore")
x = torch.arange(4.0)
xs = torch.arange(6.0).view(2, 3)
values, errors = {}, {}


def gradient(run):
    y = torch.arange(1.0, 5.0).requires_grad_()
    sum(leaf.sum() for leaf in torch.utils._pytree.tree_leaves(run(y)) if leaf.requires_grad).backward()
    return y.grad


def value(name, run):
    values[name] = [leaf.tolist() if isinstance(leaf, torch.Tensor) else leaf for leaf in torch.utils._pytree.tree_leaves(run())]


def error(name, run):
    try:
        run()
    except Exception as found:
        # Behind it Python tells of its compiler.
        errors[name] = str(found).split(", where lhs is")[0]
    else:
        errors[name] = "no error"


count = lambda i, a: i < 3
value("cond", lambda: [torch.cond(p, lambda a: {"k": a + 1}, lambda a: {"k": a - 1}, (x,)) for p in (x.sum() > 0, x.sum() < 0)])
value("cond of numbers", lambda: [torch.cond(p, lambda a: a + 1, lambda a: a - 1, (x,)) for p in (True, False)])
value("cond of a float", lambda: torch.cond(x.sum(), lambda a: a + 1, lambda a: a - 1, (x,)))
value("cond without operands", lambda: torch.cond(torch.tensor(True), lambda: x + 1, lambda: x - 1))
value("while", lambda: while_loop(count, lambda i, a: (i + 1, a * 2), (torch.tensor(0), x)))
value("while of an int", lambda: while_loop(count, lambda i, a: (i + 1, a * 2), (0, x)))
value("map", lambda: torch_map(lambda a, b, c: {"s": a["u"] + b * c}, {"u": x}, torch.tensor(2.0), 3))
value("scan", lambda: scan(lambda c, r: (c + r, c * r), torch.zeros(2), xs, dim=1, reverse=True))
value("cond gradient", lambda: gradient(lambda y: torch.cond(y.sum() > 0, lambda a: a * a, lambda a: a.cos(), (y,))))
value("while gradient", lambda: gradient(lambda y: while_loop(count, lambda i, a: (i + 1, a * y), (torch.tensor(0), y))[1]))
value("map gradient", lambda: gradient(lambda y: torch_map(lambda a, b: a * b.sum(), y, y * 2)))
value("scan gradient", lambda: gradient(lambda y: scan(lambda c, r: (c * r + 1, c * r), torch.ones(()), y)))
error("pred", lambda: torch.cond(x > 0, lambda a: a, lambda a: a, (x,)))
error("operands", lambda: torch.cond(x.sum() > 0, lambda a, b: a, lambda a, b: a, [x, 2]))
error("dtype", lambda: while_loop(lambda a: a.sum() < 100, lambda a: (a.double() * 2,), (x,)))
error("mapped", lambda: torch_map(lambda a: a + 1, torch.ones(0, 3)))
error("lengths", lambda: torch_map(lambda a: a[0] + a[1], [torch.ones(2), torch.ones(3)]))
error("carry", lambda: scan(lambda c, r: (c.double(), r.clone()), torch.zeros(()), x))
error("init", lambda: scan(lambda c, r: (c, r), [], x))
print(json.dumps({"values": values, "errors": errors}))
