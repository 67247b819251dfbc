"""Sample calls of PyTorch's operator database with what they give, for tests/parity/ops.ts.

Prints one JSON document a line for each operator and dtype; the bytes of its tensors go to a file of their own, which the
reader deletes. `--help` lists the options.
"""
import argparse
import json
import math
import os
import warnings

import torch
from torch.testing._internal.common_methods_invocations import op_db

DTYPES = ["float32", "float64", "complex64", "int64", "bool", "bfloat16"]
# The seed that the database's own wrappers set before operators that draw random numbers.
CALL_SEED = 42


class Untranslatable(Exception):
    """A value that has no meaning in TypeScript."""


class Tensors:
    """Writes tensors to a file, with their storage, so that strides and overlaps survive."""

    def __init__(self, file):
        self.file = file
        self.described = []

    def add(self, tensor):
        self.described.append(self.describe(tensor.detach(), tensor.requires_grad))
        return {"T": len(self.described) - 1}

    def describe(self, tensor, requires_grad):
        layout = str(tensor.layout).removeprefix("torch.")
        about = {"dtype": str(tensor.dtype).removeprefix("torch."), "shape": list(tensor.shape), "layout": layout}
        if requires_grad:
            about["requires_grad"] = True
        if tensor._is_zerotensor():
            tensor = tensor.clone()
        if tensor.is_quantized or type(tensor) not in (torch.Tensor, torch.nn.Parameter):
            raise Untranslatable(f"a {'quantized tensor' if tensor.is_quantized else type(tensor).__name__}")
        if tensor.is_nested:
            raise Untranslatable("a nested tensor")
        if tensor.layout == torch.sparse_coo:
            parts = [tensor._indices(), tensor._values()]
        elif tensor.layout in (torch.sparse_csr, torch.sparse_bsr):
            parts = [tensor.crow_indices(), tensor.col_indices(), tensor.values()]
        elif tensor.layout in (torch.sparse_csc, torch.sparse_bsc):
            parts = [tensor.ccol_indices(), tensor.row_indices(), tensor.values()]
        else:
            return self.describe_strided(tensor.resolve_conj().resolve_neg(), about)
        about["coalesced"] = tensor.layout != torch.sparse_coo or tensor.is_coalesced()
        about["parts"] = [self.describe(part, False) for part in parts]
        return about

    def describe_strided(self, tensor, about):
        storage = tensor.untyped_storage()
        if storage.nbytes() > 64 + 4 * tensor.numel() * tensor.element_size():
            tensor = tensor.clone()
            storage = tensor.untyped_storage()
        about["stride"] = list(tensor.stride())
        about["offset"] = tensor.storage_offset()
        about["at"] = self.file.tell()
        about["bytes"] = storage.nbytes()
        if storage.nbytes() > 0:
            content = torch.empty(0, dtype=torch.uint8).set_(storage)
            self.file.write(content.numpy().tobytes())
        return about


def encode(value, tensors):
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return value if abs(value) < 2**53 else {"I": str(value)}
    if isinstance(value, float):
        return {"F": value if math.isfinite(value) else str(value)}
    if isinstance(value, complex):
        return {"C": [encode(value.real, tensors), encode(value.imag, tensors)]}
    if isinstance(value, torch.Tensor):
        return tensors.add(value)
    if isinstance(value, torch.dtype):
        return {"D": str(value).removeprefix("torch.")}
    if isinstance(value, torch.layout):
        return {"L": str(value).removeprefix("torch.")}
    if isinstance(value, torch.memory_format):
        return {"M": str(value).removeprefix("torch.")}
    if isinstance(value, torch.device):
        return {"V": str(value)}
    if isinstance(value, slice):
        return {"S": [value.start, value.stop, value.step]}
    if value is Ellipsis:
        return {"S": "..."}
    if isinstance(value, (tuple, list, torch.Size)):
        return [encode(item, tensors) for item in value]
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        return {"O": {key: encode(item, tensors) for key, item in value.items()}}
    raise Untranslatable(f"a Python {'function' if callable(value) else type(value).__name__}")


def tensors_in(value):
    if isinstance(value, torch.Tensor):
        return [value]
    if isinstance(value, (tuple, list)):
        return [tensor for item in value for tensor in tensors_in(item)]
    if isinstance(value, dict):
        return [tensor for item in value.values() for tensor in tensors_in(item)]
    return []


def gradients(outputs, inputs, seed):
    """Cotangents for the differentiable outputs, and the gradients that they give; None when Python itself refuses."""
    # A view may be cut off from the graph that it seems to belong to.
    chosen = [i for i, tensor in enumerate(inputs) if tensor.requires_grad and not tensor._is_view()]
    wanted = [inputs[i] for i in chosen]
    given = [i for i, tensor in enumerate(outputs) if tensor.requires_grad and tensor.layout == torch.strided]
    if not wanted or not given:
        return None
    generator = torch.Generator().manual_seed(seed)
    cotangents = [
        torch.randn(outputs[i].shape, generator=generator, dtype=torch.float64).to(outputs[i].dtype) for i in given
    ]
    try:
        found = torch.autograd.grad([outputs[i] for i in given], wanted, cotangents, allow_unused=True)
    except (RuntimeError, NotImplementedError):
        return None
    return {"inputs": chosen, "outputs": given, "cotangents": cotangents, "expected": list(found)}


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


def samples_of(op, dtype):
    """Up to the end, or to where the database itself cannot go on."""
    differentiable = dtype in op.supported_backward_dtypes("cpu") and op.supports_autograd
    samples = op.sample_inputs("cpu", dtype, requires_grad=differentiable)
    try:
        yield from samples
    except (RuntimeError, NotImplementedError) as error:
        warnings.warn(f"{op.full_name}: {error}")


def group(op, dtype, options, file):
    """All samples of an operator for a dtype."""
    cases, refused, unusable = [], {}, 0
    torch.manual_seed(options.seed)
    for number, sample in enumerate(samples_of(op, dtype)):
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
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", help="where the bytes of tensors go")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--samples", type=int, default=10**9, help="how many of each operator and dtype at the most")
    parser.add_argument("--op", action="append", help="a name, as in nn.functional.relu; may be repeated")
    parser.add_argument("--dtype", action="append", choices=DTYPES)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    for op in op_db:
        if options.op and op.name not in options.op and op.full_name not in options.op:
            continue
        for name in options.dtype or DTYPES:
            dtype = getattr(torch, name)
            if dtype not in op.supported_dtypes("cpu"):
                continue
            path = os.path.join(options.folder, f"{op.full_name}.{name}")
            with open(path, "wb") as file:
                about = {"name": op.name, "variant": op.variant_test_name, "dtype": name, "file": path}
                about.update(group(op, dtype, options, file))
            print(json.dumps(about), flush=True)


main()
