"""Which class results of tv_tensors have: `python tv_tensors.py > tv_tensors.jsonl` with torchvision 0.29."""

import copy
import json

import torch
from torchvision import tv_tensors

IMAGES = torch.arange(8.0).view(2, 1, 2, 2)
TENSORS = {
    "Image": lambda: tv_tensors.Image(IMAGES),
    "Video": lambda: tv_tensors.Video(IMAGES),
    "Mask": lambda: tv_tensors.Mask(IMAGES),
    "BoundingBoxes": lambda: tv_tensors.BoundingBoxes(
        [[1.0, 2.0, 3.0, 4.0]], format="XYWH", canvas_size=(10, 20), clamping_mode="hard"
    ),
    "KeyPoints": lambda: tv_tensors.KeyPoints([[1.0, 2.0]], canvas_size=(10, 20)),
}
CALLS = {
    "clone": lambda x: x.clone(),
    "to_dtype": lambda x: x.to(torch.float64),
    "to_device": lambda x: x.to("cpu", torch.int32),
    "to_tensor": lambda x: x.to(torch.ones(1, dtype=torch.float64)),
    "to_same": lambda x: x.to(torch.float32),
    "detach": lambda x: x.detach(),
    "requires_grad_": lambda x: x.requires_grad_(),
    "deepcopy": lambda x: copy.deepcopy(x),
    "to_of_another": lambda x: torch.ones(1, dtype=torch.float64).to(x),
    "torch_clone": lambda x: torch.clone(x),
    "float": lambda x: x.double(),
    "add": lambda x: x + 1,
}

for name, make in TENSORS.items():
    for call, run in CALLS.items():
        result = run(make())
        print(json.dumps({"tensor": name, "call": call, "class": type(result).__name__, "text": str(result)}))
