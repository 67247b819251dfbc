"""Compiles a model with AOTInductor into a folder, and prints what it gives in Python as JSON."""
import json
import sys
import warnings

import torch

warnings.simplefilter("ignore")
folder = sys.argv[1]


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = torch.nn.Linear(8, 4)

    def forward(self, x, *, extra):
        y = self.linear(x)
        return {"out": torch.relu(y), "pair": (y.sum(1), [extra["a"] + 1])}


def hexed(tensor):
    return tensor.contiguous().numpy().tobytes().hex()


torch.manual_seed(0)
x = torch.arange(24.0).reshape(3, 8) / 10
extra = {"a": torch.ones(2)}
program = torch.export.export(Model().eval(), (x,), kwargs={"extra": extra})
path = torch._inductor.aoti_compile_and_package(program, package_path=f"{folder}/model.pt2")
model = torch._inductor.aoti_load_package(path)


def outputs():
    result = model(x, extra=extra)
    return [hexed(result["out"]), hexed(result["pair"][0]), hexed(result["pair"][1][0])]


answers = {"outputs": outputs(), "metadata": model.get_metadata(), "names": model.get_constant_fqns()}
model.load_constants({"linear.weight": torch.ones(4, 8)}, check_full_update=False)
answers["changed"] = outputs()
print(json.dumps(answers))
