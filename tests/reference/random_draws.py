"""Draws of the default generator and of others, a script that draws (base64 of its file), and the texts of errors."""

import base64
import io
import json

import torch

torch.manual_seed(42)
default = [
    torch.rand(5).tolist(),
    torch.randn(20).tolist(),
    torch.randperm(10).tolist(),
    torch.randint(0, 100, [4]).tolist(),
    str(torch.empty((), dtype=torch.int64).random_().item()),
]
generator = torch.Generator().manual_seed(7)
own = [torch.rand(3, generator=generator).tolist(), torch.randperm(6, generator=generator).tolist()]
torch.manual_seed(-1)
negative = torch.rand(2).tolist()


class Dropping(torch.nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.dropout(x, 0.5, True)


file = io.BytesIO()
torch.jit.save(torch.jit.script(Dropping()), file)
torch.manual_seed(9)
dropout = torch.nn.functional.dropout(torch.ones(8), 0.5, True).tolist()


def error_of(call):
    try:
        call()
    except Exception as error:
        return str(error).split("\n")[0]
    raise AssertionError("no error")


errors = {
    "get_offset": error_of(generator.get_offset),
    "set_offset": error_of(lambda: generator.set_offset(4)),
    "graphsafe_get_state": error_of(generator.graphsafe_get_state),
    "graphsafe_set_state": error_of(lambda: generator.graphsafe_set_state(torch.Generator())),
    "set_state_float": error_of(lambda: generator.set_state(torch.zeros(3))),
    "set_state_short": error_of(lambda: generator.set_state(torch.zeros(3, dtype=torch.uint8))),
    "unknown": error_of(lambda: torch.Generator(zzz=1)),
    "surplus": error_of(lambda: torch.Generator("cpu", 1)),
}
print(json.dumps({"default": default, "own": own, "negative": negative, "dropout": dropout, "errors": errors,
                  "script": base64.b64encode(file.getvalue()).decode()}))
