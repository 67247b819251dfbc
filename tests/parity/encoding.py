"""Writes values of Python, with their tensors, as JSON and bytes that tests/parity/decode.ts reads."""
import dataclasses
import functools
import math

import torch

# The seed before each call; that of operators is the one that the database's own wrappers set.
CALL_SEED = 42


class Untranslatable(Exception):
    """A value that has no meaning in TypeScript."""


class Tensors:
    """Writes tensors to a file, with their storage, so that strides and overlaps survive."""

    def __init__(self, file, once=False):
        self.file = file
        self.described = []
        # With `once`, a tensor that occurs twice is written once, so that it is one tensor there too.
        self.written = {} if once else None

    def add(self, tensor):
        if self.written is not None and id(tensor) in self.written:
            return {"T": self.written[id(tensor)][0]}
        self.described.append(self.describe(tensor.detach(), tensor.requires_grad))
        if self.written is not None:
            self.written[id(tensor)] = (len(self.described) - 1, tensor)
        return {"T": len(self.described) - 1}

    def describe(self, tensor, requires_grad):
        layout = str(tensor.layout).removeprefix("torch.")
        about = {"dtype": str(tensor.dtype).removeprefix("torch."), "shape": list(tensor.shape), "layout": layout}
        if tensor.device.type not in ("cpu", "meta"):
            about["device"] = str(tensor.device)
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
            content = torch.empty(0, dtype=torch.uint8, device=tensor.device).set_(storage)
            self.file.write(content.cpu().numpy().tobytes())
        return about


def function_path(value):
    """Where a public function is found under torch, or None."""
    name = getattr(value, "__name__", None)
    found = name and callable(value) and getattr(torch.nn.functional, name, None) is value
    return f"nn.functional.{name}" if found else None


def remember_arguments(module_class):
    """Makes instances keep what they were constructed with as `given`, so that they can be written."""
    construct = module_class.__init__

    @functools.wraps(construct)
    def constructed(self, *args, **kwargs):
        construct(self, *args, **kwargs)
        self.__dict__["given"] = (args, kwargs)

    module_class.__init__ = constructed


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
    path = function_path(value)
    if path is not None:
        return {"P": path}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
        return {"N": {"class": type(value).__name__, "args": [], "kwargs": encode(fields, tensors)}}
    if isinstance(value, torch.nn.Module) and hasattr(value, "given"):
        args, kwargs = value.given
        state = encode(dict(value.state_dict()), tensors)
        return {"N": {"class": type(value).__name__, "args": encode(args, tensors), "kwargs": encode(kwargs, tensors),
                      "state": state}}
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
        torch.randn(outputs[i].shape, generator=generator, dtype=torch.float64).to(outputs[i].dtype).to(outputs[i].device)
        for i in given
    ]
    try:
        found = torch.autograd.grad([outputs[i] for i in given], wanted, cotangents, allow_unused=True)
    except (RuntimeError, NotImplementedError):
        return None
    return {"inputs": chosen, "outputs": given, "cotangents": cotangents, "expected": list(found)}
