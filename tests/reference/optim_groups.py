"""The names of the options in a parameter group's state dict, in order: optim_groups.py '[optimizer, ...]'."""
import json
import sys

import torch

kinds = json.loads(sys.argv[1])
parameter = torch.ones(2, 2, requires_grad=True)
print(json.dumps({name: list(getattr(torch.optim, name)([parameter]).state_dict()["param_groups"][0]) for name in kinds}))
