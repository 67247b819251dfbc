"""Steps of PyTorch's optimizer database with what they give, for tests/parity/optim.ts.

Prints one JSON document a line for each optimizer and dtype; the bytes of its tensors go to a file of their own, which
the reader deletes. `--help` lists the options.
"""
import json
import os
import re
import sys

import torch
from torch.testing._internal.common_optimizers import OptimizerErrorEnum, optim_db

from command_line import options_for
from encoding import Tensors, encode, tensors_in

DTYPES = ["float32", "float64", "bfloat16", "complex64", "complex128"]
STEPS = 10
# Steps through which gradients flow; some optimizers change what the graph of a step before still needs.
DIFFERENTIABLE_STEPS = (3, 1)
MATRICES = ((3, 4), (6, 2), (5, 5))
SHAPES = ((3, 4), (5,), (), (2, 1, 3), (2, 3, 2, 2))


def forms_of(info, dtype, device):
    """The ways of a step: each with the options that ask for it."""
    if info.only_supports_sparse_grads:
        yield "sparse", {}
        return
    yield "default", {}
    if "foreach" in info.supported_impls:
        yield "foreach", {"foreach": True}
    if "fused" in info.supported_impls and device in info.supports_fused_on and not dtype.is_complex:
        yield "fused", {"fused": True}
    if "differentiable" in info.supported_impls:
        yield "differentiable", {"differentiable": True}
    if info.supports_sparse:
        yield "sparse", {}
    if dtype == torch.float32 and info.name != "LBFGS":
        yield "mixed dtypes", {}
        if "foreach" in info.supported_impls:
            yield "mixed dtypes, foreach", {"foreach": True}


# Where parameters are made; what optimizers make themselves is where they put it.
place = {"device": "cpu"}


def draw_params(info, form, dtype):
    shapes = MATRICES if info.name == "Muon" else SHAPES if form != "sparse" else SHAPES[:2]
    params = [torch.randn(shape, dtype=dtype, **place) for shape in shapes]
    if form.startswith("mixed"):
        params = [param.double() if i % 2 else param for i, param in enumerate(params)]
    elif info.name != "Muon" and form != "sparse":
        params[-1] = params[-1].contiguous(memory_format=torch.channels_last)
    return params


def draw_grad(param, sparse):
    grad = torch.randn_like(param)
    if not sparse:
        return grad
    grad[torch.rand(grad.shape[:1]) < 0.5] = 0
    return grad.to_sparse(1)


def draw_grads(info, params, form, steps):
    """For each step a gradient of each parameter; the second one has none at first, and at some later step."""
    gaps = () if info.name == "SGD" and form == "fused" else (0, 4)  # there all momenta must begin at once
    return [
        [None if i == 1 and step in gaps else draw_grad(param, form == "sparse") for i, param in enumerate(params)]
        for step in range(steps)
    ]


def state_of(optimizer):
    return {str(number): its for number, its in optimizer.state_dict()["state"].items()}


def run_steps(info, form, kwargs, dtype, tensors):
    params = draw_params(info, form, dtype)
    grads = draw_grads(info, params, form, STEPS)
    case = encode({"params": params, "grads": grads, "kwargs": kwargs}, tensors)["O"]
    leaves = [param.clone().requires_grad_() for param in params]
    optimizer = info.optim_cls(leaves, **kwargs)
    for of_step in grads:
        for leaf, grad in zip(leaves, of_step):
            leaf.grad = None if grad is None else grad.clone()
        optimizer.step()
    case["expected"] = encode({"params": [leaf.detach() for leaf in leaves], "state": state_of(optimizer)}, tensors)
    return case


def run_differentiable(info, form, kwargs, dtype, tensors, steps):
    params = draw_params(info, form, dtype)
    grads = draw_grads(info, params, form, steps)
    case = encode({"params": params, "grads": grads, "kwargs": kwargs}, tensors)["O"]
    leaves = [param.clone().requires_grad_() for param in params]
    given = [[None if grad is None else grad.clone().requires_grad_() for grad in of_step] for of_step in grads]
    moving = [leaf.clone() for leaf in leaves]
    for param in moving:
        param.retain_grad()
    optimizer = info.optim_cls(moving, **kwargs)
    for of_step in given:
        for param, grad in zip(moving, of_step):
            param.grad = grad
        optimizer.step()
    wanted = tensors_in([leaves, given])
    loss = sum((torch.view_as_real(param) if param.is_complex() else param).square().sum() for param in moving)
    found = torch.autograd.grad(loss, wanted, allow_unused=True)
    params = [param.detach() for param in moving]
    case["expected"] = encode({"params": params, "gradients": list(found), "state": state_of(optimizer)}, tensors)
    return case


def losses(weight, bias, x):
    """A sum of squares, and Rosenbrock's valley; the same expressions are in tests/parity/optim.ts."""
    residual = weight @ x + bias
    if weight.is_complex():
        return torch.view_as_real(residual).square().sum()
    flat = torch.cat([weight.reshape(-1), bias])
    bends = 100 * (flat[1:] - flat[:-1].square()).square().sum()
    valley = (1 - flat[:-1]).square().sum() + bends
    return residual.square().sum() + 0.01 * valley


def run_closure(info, form, kwargs, dtype, tensors):
    params = [torch.randn(shape, dtype=dtype, **place) for shape in ((3, 4), (3,))]
    x = torch.randn(4, dtype=dtype, **place)
    case = encode({"params": params, "x": x, "kwargs": kwargs}, tensors)["O"]
    leaves = [param.clone().requires_grad_() for param in params]
    optimizer = info.optim_cls(leaves, **kwargs)

    def closure():
        optimizer.zero_grad()
        loss = losses(*leaves, x)
        loss.backward()
        return loss

    found = [optimizer.step(closure).detach() for _ in range(STEPS)]
    case["expected"] = encode(
        {"params": [leaf.detach() for leaf in leaves], "losses": found, "state": state_of(optimizer)}, tensors
    )
    return case


def kwargs_for(info, form, given, extra):
    kwargs = {**given, **extra}
    if form == "sparse" and not info.only_supports_sparse_grads:
        # a penalty is dense, and so is momentum
        for name in ("weight_decay", "momentum", "nesterov", "dampening"):
            kwargs.pop(name, None)
    return kwargs


def run(info, form, extra, given, dtype, options, file, steps=DIFFERENTIABLE_STEPS):
    torch.manual_seed(options.seed)
    tensors = Tensors(file)
    kwargs = kwargs_for(info, form, given, extra)
    if info.step_requires_closure:
        case = run_closure(info, form, kwargs, dtype, tensors)
    elif form == "differentiable":
        try:
            case = run_differentiable(info, form, kwargs, dtype, tensors, steps[0])
        except RuntimeError:
            if len(steps) == 1:
                raise
            return run(info, form, extra, given, dtype, options, file, steps[1:])
    else:
        case = run_steps(info, form, kwargs, dtype, tensors)
    return {**case, "form": form, "tensors": tensors.described}


def usable(info, dtype):
    return info.supports_complex or not dtype.is_complex


def cases_of(info, dtype, options, file):
    """All inputs in all forms; those that Python itself refuses are counted, and told on standard error."""
    cases, unusable = [], 0
    for form, extra in forms_of(info, dtype, options.device):
        for given in info.optim_inputs_func(device=options.device):
            try:
                case = run(info, form, extra, given.kwargs, dtype, options, file)
            except Exception as error:
                print(f"{info.name} {dtype}, {form}, {given.desc}: {error}", file=sys.stderr)
                unusable += 1
                continue
            cases.append({**case, "description": given.desc})
    return {"cases": cases, "refused": {}, "unusable": unusable}


def error_cases(info, file):
    cases = []
    for error_input in info.optim_error_inputs_func("cpu", torch.float32):
        tensors = Tensors(file, once=True)
        params = error_input.optimizer_error_input.params
        if params is None:
            params = [torch.nn.Parameter(torch.randn(1, 1))]
        given = tensors_in(params)
        case = encode({"params": params, "kwargs": error_input.optimizer_error_input.kwargs}, tensors)["O"]
        case["grads"] = encode([tensor.grad for tensor in given], tensors)
        case["tensors"] = tensors.described
        case["on_step"] = error_input.error_on is OptimizerErrorEnum.STEP_ERROR
        case["kind"] = error_input.error_type.__name__
        # JavaScript writes 1.0 as 1.
        case["text"] = re.sub(r"(\d)\.0\b", r"\1", error_input.error_regex)
        case["description"] = error_input.optimizer_error_input.desc
        cases.append(case)
    return cases


def main():
    options = options_for(__doc__, "optim", "Adam", DTYPES)
    place["device"] = options.device
    for info in optim_db:
        if options.optim and info.name not in options.optim:
            continue
        for name in options.dtype or DTYPES:
            dtype = getattr(torch, name)
            if not usable(info, dtype):
                continue
            path = os.path.join(options.folder, f"{info.name}.{name}")
            with open(path, "wb") as file:
                about = {"name": info.name, "dtype": name, "file": path, **cases_of(info, dtype, options, file)}
                about["cases"] = about["cases"][: options.samples]
                about["errors"] = error_cases(info, file) if name == "float32" and options.device == "cpu" else []
            print(json.dumps(about), flush=True)


if __name__ == "__main__":
    main()
