"""What torch.from_dlpack and Tensor.__dlpack__ say, and the dtypes that go through: a JSON object."""
import json

import torch
from torch.utils import dlpack


def error_of(call):
    try:
        call()
    except Exception as error:
        return str(error).split("\n")[0]
    return None


def goes_through(name):
    x = torch.zeros(2, dtype=getattr(torch, name))
    return error_of(lambda: torch.from_dlpack(x))


x = torch.arange(4.0)
used = dlpack.to_dlpack(x)
torch.from_dlpack(used)
names = ["bool", "uint8", "int8", "int16", "int32", "int64", "float16", "float32", "float64", "bfloat16", "complex64", "complex128",
         "float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz", "float8_e5m2fnuz", "uint16", "uint32", "uint64"]
print(json.dumps({
    "device": list(x.__dlpack_device__()),
    "dtypes": {name: goes_through(name) for name in names},
    "types": {member.name: member.value for member in dlpack.DLDeviceType},
    "errors": {
        "used": error_of(lambda: torch.from_dlpack(used)),
        "gradient": error_of(lambda: torch.ones(1, requires_grad=True).__dlpack__()),
        "conjugate": error_of(lambda: torch.ones(1, dtype=torch.complex64).conj().__dlpack__()),
        "sparse": error_of(lambda: torch.ones(1).to_sparse().__dlpack__()),
        "meta": error_of(lambda: torch.ones(1, device="meta").__dlpack__()),
        "meta device": error_of(lambda: torch.ones(1, device="meta").__dlpack_device__()),
        "capsule and copy": error_of(lambda: torch.from_dlpack(dlpack.to_dlpack(x), copy=True)),
        "stream": error_of(lambda: x.__dlpack__(stream=3)),
        "to meta": error_of(lambda: torch.from_dlpack(x, device="meta")),
    },
}))
