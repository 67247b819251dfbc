"""What Python says of libtorch's switches, or with 'constructors' the functions that take the default device."""
import json
import sys

import torch
from torch.utils._device import _device_constructors

if sys.argv[1:] == ["constructors"]:
    print(json.dumps({"constructors": [f.__name__.removeprefix("fft_") for f in _device_constructors()]}))
else:
    backends = torch.backends
    print(json.dumps({
        "cpu": backends.cpu.get_cpu_capability(), "mkl": backends.mkl.is_available(),
        "mkldnn": backends.mkldnn.is_available(), "openmp": backends.openmp.is_available(),
        "cudnn": backends.cudnn.is_available(), "cuda": backends.cuda.is_built(),
        "benchmark": backends.cudnn.benchmark, "deterministic": backends.cudnn.deterministic,
        "flash": backends.cuda.flash_sdp_enabled(), "precision": torch.get_float32_matmul_precision(),
        "warn_always": torch.is_warn_always_enabled(),
    }))
