"""Writes quantize_int8.json: what torchao makes of a small model, for quantize_int8.test.ts. Needs the packages torch and torchao."""

import copy
import json
import os

import torch
from torchao.quantization import Int8DynamicActivationInt8WeightConfig, Int8WeightOnlyConfig, quantize_

torch.manual_seed(0)
net = torch.nn.Sequential(torch.nn.Linear(7, 5), torch.nn.ReLU(), torch.nn.Linear(5, 3, bias=False))
with torch.no_grad():
    net[0].weight[1].zero_()
x = torch.randn(2, 4, 7)
x[0, 1] = 0
found = {"state": {name: value.tolist() for name, value in net.state_dict().items()}, "x": x.tolist()}
for name, config in ("weights", Int8WeightOnlyConfig()), ("dynamic", Int8DynamicActivationInt8WeightConfig()):
    for dtype in torch.float32, torch.bfloat16:
        quantized = copy.deepcopy(net).to(dtype)
        quantize_(quantized, config)
        with torch.no_grad():
            found[f"{name} {dtype}"] = {
                "weights": [quantized[i].weight.qdata.tolist() for i in (0, 2)],
                "scales": [quantized[i].weight.scale.flatten().tolist() for i in (0, 2)],
                "output": quantized(x.to(dtype)).float().tolist(),
            }
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "quantize_int8.json")
with open(path, "w") as file:
    json.dump(found, file)
