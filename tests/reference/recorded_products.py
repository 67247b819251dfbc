"""With what torch.cuda.tunable carries out the products of a file, on the CPU.

Argument: a JSON list of lines. Prints a JSON list of [function, [operand, ...], bias, dtype of the result], or of the text of an exception;
an operand is [dtype, shape, strides, sum].
"""
import json
import sys
import warnings

import torch
from torch.cuda.tunable import _process_single_offline_gemm
from torch.overrides import TorchFunctionMode

warnings.simplefilter("ignore")


def described(x):
    return [str(x.dtype), list(x.shape), list(x.stride()), str(x.to(torch.complex128).sum())]


class Recorder(TorchFunctionMode):
    """Makes tensors on the CPU, and notes the product instead of computing it."""

    call = [None, [], None, None]

    def __torch_function__(self, function, types, args=(), kwargs=None):
        kwargs = dict(kwargs or {})
        if function in (torch.mm, torch.bmm, torch.nn.functional.linear, torch._C._nn.linear, torch._scaled_mm):
            scales = [kwargs[key] for key in ("scale_a", "scale_b") if key in kwargs]
            bias = kwargs.get("bias")
            with torch._C.DisableTorchFunctionSubclass():
                self.call = [
                    function.__name__, [described(x) for x in (*args, *scales)],
                    None if bias is None else described(bias), str(kwargs["out_dtype"]) if kwargs.get("out_dtype") else None,
                ]
            return args[0]
        if "device" in kwargs:
            kwargs["device"] = "cpu"
        return function(*args, **kwargs)


answers = []
for line in json.loads(sys.argv[1]):
    torch.manual_seed(0)
    recorder = Recorder()
    try:
        with recorder:
            _process_single_offline_gemm(line, 0)
        answers.append(recorder.call)
    except Exception as error:  # noqa: BLE001
        answers.append(str(error))
print(json.dumps(answers))
