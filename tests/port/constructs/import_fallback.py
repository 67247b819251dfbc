"""Imports with another way for where a module is not there."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

try:
    import no_such_json as json
except ImportError:
    import json

try:
    from no_such_bar import bar
except ImportError:
    def bar(items):
        return items

try:
    import no_such_logger
except ImportError:
    no_such_logger = None

try:
    import math as numbers
    HAVE_MATH = True
except ImportError:
    HAVE_MATH = False

print(json.dumps({"a": 1}), list(bar([1, 2])), no_such_logger is None, HAVE_MATH, numbers.floor(2.5))
