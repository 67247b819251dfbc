"""What Python prints for expressions on quantized and nested tensors: python quantized.py '["x.dequantize()", ...]'."""
import json
import sys
import warnings

import torch

warnings.simplefilter("ignore")
x = torch.arange(6).view(2, 3) / 3
scales = torch.tensor([0.1, 0.2])
zeros = torch.tensor([0, 1])
json.dump([str(eval(text)) for text in json.loads(sys.argv[1])], sys.stdout)
