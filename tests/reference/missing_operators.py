"""Of names of functions of torch, those that this torch does not have."""

import json
import sys

import torch

print(json.dumps([name for name in json.loads(sys.argv[1]) if not hasattr(torch._C._VariableFunctions, name)]))
