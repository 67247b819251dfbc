"""Descriptions of values in the form of tests/serialization/described.ts: to the bit, with sharing."""
import collections
import math

import torch


class Description:
    def __init__(self):
        self.storages = {}

    def storage(self, tensor):
        storage = tensor.untyped_storage()
        return [self.storages.setdefault(storage.data_ptr(), len(self.storages)), storage.nbytes()]

    def tensor(self, value):
        told = {
            "tensor": str(value.dtype), "class": type(value).__name__,
            "shape": None if value.is_nested else list(value.shape), "layout": str(value.layout),
            "device": str(value.device), "requires_grad": value.requires_grad,
        }
        value = value.detach()
        if value.is_meta:
            return {**told, "stride": list(value.stride())}
        if value.is_nested:
            return {**told, "parts": [self.tensor(part.clone()) for part in value.unbind()]}
        if value.layout == torch.sparse_coo:
            parts = [value._indices(), value._values()]
            return {**told, "coalesced": value.is_coalesced(), "parts": [self.tensor(part) for part in parts]}
        if value.layout != torch.strided:
            rows = value.layout in (torch.sparse_csr, torch.sparse_bsr)
            parts = [value.crow_indices(), value.col_indices()] if rows else [value.ccol_indices(), value.row_indices()]
            return {**told, "parts": [self.tensor(part) for part in [*parts, value.values()]]}
        told.update(stride=list(value.stride()), offset=value.storage_offset(), storage=self.storage(value))
        if value.is_quantized:
            if value.qscheme() == torch.per_tensor_affine:
                told["quantizer"] = [value.q_scale(), value.q_zero_point()]
            else:
                told["quantizer"] = [
                    value.q_per_channel_scales().tolist(), value.q_per_channel_zero_points().tolist(),
                    value.q_per_channel_axis(),
                ]
        told["bits"] = [value.is_conj(), value.is_neg()]
        told["hex"] = bytes(value.untyped_storage().tolist()).hex()
        return told

    def of(self, value):
        if isinstance(value, torch.Tensor):
            return self.tensor(value)
        if isinstance(value, torch.Size):
            return {"size": list(value)}
        if value is None or isinstance(value, (bool, str)):
            return value
        if isinstance(value, int):
            return value if abs(value) < 2**53 else {"int": str(value)}
        if isinstance(value, float):
            return value if math.isfinite(value) and str(value) != "-0.0" else {"float": str(value)}
        if isinstance(value, complex):
            return {"complex": [value.real, value.imag]}
        if isinstance(value, (bytes, bytearray)):
            return {"bytes": value.hex()}
        if isinstance(value, (torch.dtype, torch.layout, torch.device)):
            return {"named": str(value)}
        if isinstance(value, torch.TypedStorage):
            return self.of(value.untyped())
        if isinstance(value, torch.UntypedStorage):
            return {"storage": bytes(value.tolist()).hex()}
        if isinstance(value, list):
            return {"list": [self.of(item) for item in value]}
        if isinstance(value, tuple):
            return {"tuple": [self.of(item) for item in value]}
        if isinstance(value, set):
            return {"set": sorted((self.of(item) for item in value), key=repr)}
        if isinstance(value, dict):
            versions = {key: its["version"] for key, its in getattr(value, "_metadata", {}).items()}
            return {
                "dict": [[self.of(key), self.of(item)] for key, item in value.items()],
                "ordered": isinstance(value, collections.OrderedDict),
                "metadata": sorted(map(list, versions.items())) if hasattr(value, "_metadata") else None,
            }
        raise TypeError(type(value))


def described(value):
    return Description().of(value)
