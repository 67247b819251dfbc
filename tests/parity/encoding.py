"""How tests/parity/*.py write values for tests/parity/decode.ts: JSON, with the bytes of tensors in a file beside it."""
import math

import torch


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
