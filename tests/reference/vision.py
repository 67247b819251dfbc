"""What torchvision's ToTensor and Normalize compute, in PyTorch's operators."""
import json
import sys

import torch

image = torch.arange(24, dtype=torch.uint8).view(2, 4, 3).mul(10)
scaled = image.permute(2, 0, 1).contiguous().to(torch.get_default_dtype()).div(255)
mean = torch.as_tensor([0.1, 0.2, 0.3], dtype=scaled.dtype).view(-1, 1, 1)
std = torch.as_tensor([0.9, 0.8, 0.7], dtype=scaled.dtype).view(-1, 1, 1)
json.dump(scaled.sub_(mean).div_(std).tolist(), sys.stdout)
