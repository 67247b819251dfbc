"""Slices whose bounds are tensors, and settings that are compared."""
import numpy as np
import torch

grad_clip = 1.0
mode = "train"
if grad_clip != 0.0:
    print("clip")
if mode == "eval":
    print("eval")
elif mode == "train":
    print("train")
data = np.arange(20)
starts = torch.tensor([3, 7, 11])
print(torch.stack([torch.from_numpy(data[i:i + 4].astype(np.int64)) for i in starts]))
text = "abcdefghij"
start = starts[0]
print(text[start:start + 2], list(range(10))[start:])
