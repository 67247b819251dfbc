"""Steps of optimizers: python optim.py '[{"name": "Adam", "options": {...}, "dtype": "float32"}, ...]'.

Each case runs on the same random parameters and gradients; the answer has the parameters and the state, to the bit, and
what the optimizer prints.
"""
import json
import sys

import torch


def hex_of(tensor):
    return tensor.detach().contiguous().numpy().tobytes().hex()


def tensor_of(value):
    if isinstance(value, tuple):
        return tuple(tensor_of(item) for item in value)
    return torch.tensor(value, dtype=torch.float32)


def of_tensors(options, names):
    given = {name: tuple(value) if isinstance(value, list) else value for name, value in options.items()}
    return {name: tensor_of(value) if name in names else value for name, value in given.items()}


def run(case):
    torch.manual_seed(0)
    dtype = getattr(torch, case.get("dtype", "float32"))
    params = [torch.randn(shape, dtype=dtype).requires_grad_() for shape in ((3, 4), (5,), (2, 1, 3), (2,))]
    options = of_tensors(case["options"], case.get("tensors", []))
    kind = getattr(torch.optim, case["name"])
    if "groups" in case:
        given = [{"params": params[:2]}, {"params": params[2:], **of_tensors(case["groups"], [])}]
    else:
        given = params
    optimizer = kind(given, **options)
    for step in range(5):
        optimizer.zero_grad()
        for i, param in enumerate(params):
            # one without a gradient, and one whose first gradient comes late
            if i < 2 or (i == 2 and step > 1):
                param.grad = torch.randn(param.shape, dtype=dtype)
        if step == 3:
            optimizer.param_groups[0]["lr"] = optimizer.param_groups[0]["lr"] * 0.5
        optimizer.step()
    state = optimizer.state_dict()["state"]
    return {
        "params": [hex_of(param) for param in params],
        "state": {
            str(number): {name: hex_of(value) for name, value in its.items() if isinstance(value, torch.Tensor)}
            for number, its in state.items()
        },
        "text": repr(optimizer),
    }


def error_of(case):
    try:
        getattr(torch.optim, case["name"])([torch.ones(2, requires_grad=True)], **case["options"])
    except (ValueError, RuntimeError) as error:
        return str(error)


cases, wrong = json.loads(sys.argv[1]), json.loads(sys.argv[2])
json.dump({"runs": [run(case) for case in cases], "errors": [error_of(case) for case in wrong]}, sys.stdout)
