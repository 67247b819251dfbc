"""Prints a JSON object with the overloads of every operator of aten that has a schema, by its name."""
import json

import torch

overloads = {}
for name in torch._C._dispatch_get_all_op_names():
    base, _, overload = name.partition(".")
    if base.startswith("aten::") and torch._C._dispatch_has_kernel(name) is not None:
        overloads.setdefault(base.removeprefix("aten::"), []).append(overload)
print(json.dumps({name: sorted(listed) for name, listed in sorted(overloads.items())}))
