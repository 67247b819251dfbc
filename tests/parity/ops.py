"""Sample calls of PyTorch's operator database with what they give, for tests/parity/ops.ts.

Prints one JSON document a line for each operator and dtype; the bytes of its tensors go to a file of their own, which the
reader deletes. `--help` lists the options.
"""
import json
import os
import warnings

import torch
from torch.testing._internal.common_methods_invocations import op_db

from command_line import options_for
from encoding import CALL_SEED, Tensors, Untranslatable, encode, gradients, remember_arguments, tensors_in

DTYPES = ["float32", "float64", "complex64", "int64", "bool", "bfloat16"]


def subscripts(sample):
    """The arguments of x[...] as one list: TypeScript has no tuples to tell from lists."""
    (given,) = sample.args
    return [list(given) if isinstance(given, tuple) else [given]]


def run(op, sample, seed, file):
    tensors = Tensors(file)
    args = subscripts(sample) if op.name == "__getitem__" else sample.args
    # What goes in is written before the call: operators may change their inputs.
    case = {name: encode(value, tensors) for name, value in
            (("input", sample.input), ("args", args), ("kwargs", sample.kwargs))}
    torch.manual_seed(CALL_SEED)
    result = op(sample.input, *sample.args, **sample.kwargs)
    case["result"] = encode(result, tensors)
    found = gradients(tensors_in(result), tensors_in([sample.input, sample.args, sample.kwargs]), seed)
    if found is not None:
        case["gradients"] = encode(found, tensors)["O"]
    case["tensors"] = tensors.described
    return case


def samples_of(op, dtype, device):
    """Up to the end, or to where the database itself cannot go on."""
    differentiable = dtype in op.supported_backward_dtypes(device) and op.supports_autograd
    samples = op.sample_inputs(device, dtype, requires_grad=differentiable)
    try:
        yield from samples
    except (RuntimeError, NotImplementedError) as error:
        warnings.warn(f"{op.full_name}: {error}")


def group(op, dtype, options, file):
    """All samples of an operator for a dtype."""
    cases, refused, unusable = [], {}, 0
    torch.manual_seed(options.seed)
    for number, sample in enumerate(samples_of(op, dtype, options.device)):
        if number >= options.samples:
            break
        try:
            cases.append(run(op, sample, options.seed, file))
        except Untranslatable as reason:
            refused[str(reason)] = refused.get(str(reason), 0) + 1
        except Exception:
            unusable += 1  # Python cannot call it either
    return {"cases": cases, "refused": refused, "unusable": unusable}


def main():
    options = options_for(__doc__, "op", "nn.functional.relu", DTYPES)
    remember_arguments(torch.nn.PairwiseDistance)
    for op in op_db:
        if options.op and op.name not in options.op and op.full_name not in options.op:
            continue
        for name in options.dtype or DTYPES:
            dtype = getattr(torch, name)
            if dtype not in op.supported_dtypes(options.device):
                continue
            path = os.path.join(options.folder, f"{op.full_name}.{name}")
            with open(path, "wb") as file:
                about = {"name": op.name, "variant": op.variant_test_name, "dtype": name, "file": path}
                about.update(group(op, dtype, options, file))
            print(json.dumps(about), flush=True)


main()
