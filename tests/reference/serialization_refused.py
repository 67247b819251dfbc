"""Files that name what is not allowed: python serialization_refused.py FOLDER. Prints the full names."""
import fractions
import json
import os
import sys
import types

import torch

folder = sys.argv[1]
shapes = types.ModuleType("shapes")
sys.modules["shapes"] = shapes


class Point:
    pass


Point.__module__ = "shapes"
shapes.Point = Point


class Runs:
    def __reduce__(self):
        return os.system, (f"touch {folder}/ran",)


class Evaluates:
    def __reduce__(self):
        return eval, (f"open('{folder}/ran', 'w')",)


point = Point()
point.x, point.y = 1, [{"deep": 2}]
torch.save({"weights": torch.ones(2), "bad": Runs()}, f"{folder}/refused_reduce.pt")
torch.save({"point": point, "again": point}, f"{folder}/refused_object.pt")
torch.save([fractions.Fraction(1, 2)], f"{folder}/refused_legacy.pt", _use_new_zipfile_serialization=False)
torch.save(Evaluates(), f"{folder}/refused_function.pt")
json.dump({"reduce": "posix.system", "object": "shapes.Point", "legacy": "fractions.Fraction", "function": "builtins.eval"}, sys.stdout)
