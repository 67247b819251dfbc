"""What Python's operators give for pairs of numbers, as JSON: [kind, text] each, or null where they are errors or too large."""
import json
import math
import operator
import sys

import torch

names, pairs = json.loads(sys.argv[1])
PLACES = {"_operator": operator, "math": math, "torch": torch}


def value(text):
    return {"true": True, "false": False}.get(text) if text in ("true", "false") else float(text) if "." in text else int(text)


def result(name, texts):
    module, function = name.split(".")
    if function in ("pow", "lshift") and abs(value(texts[1])) > 64:
        return "too large for Python"
    try:
        found = getattr(PLACES[module], function)(*map(value, texts))
    except (ZeroDivisionError, ValueError, OverflowError, TypeError):
        return None
    if isinstance(found, complex) or type(found) is int and not -2**63 <= found < 2**63:
        return None
    return [type(found).__name__, found.hex() if type(found) is float else str(found)]


print(json.dumps([[result(name, pair[:count]) for pair in pairs] for name, count in names]))
