"""Loads archives that were saved from JavaScript, and prints what they compute and hold as JSON."""
import json
import sys

import torch

folder = sys.argv[1]


def hexed(tensor):
    return tensor.detach().contiguous().numpy().tobytes().hex()


extra = {"notes.txt": "", "bytes": ""}
classifier = torch.jit.load(f"{folder}/classifier.pt", _extra_files=extra).eval()
words = torch.arange(24).reshape(4, 6) % 11
counter = torch.jit.load(f"{folder}/counter.pt")
frozen = torch.jit.load(f"{folder}/frozen.pt")
print(json.dumps({
    "outputs": hexed(classifier(words)),
    "state": [[name, hexed(value)] for name, value in classifier.state_dict().items()],
    "extra": {name: content.hex() for name, content in extra.items()},
    "counter": [counter.count, counter.history, hexed(counter.last)],
    "frozen": hexed(frozen(torch.ones(1, 1, 5, 5))),
}))
