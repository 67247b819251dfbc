"""Values of Python expressions: python python_math.py '["math.sin(1.0)", ...]' gives {value} or {error} for each.

Floats go as hex, so that no digit is lost."""
import json
import math  # noqa: F401
import sys

inf, nan = float("inf"), float("nan")


def told(value):
    if isinstance(value, bool):
        return value
    if isinstance(value, float):
        return "nan" if math.isnan(value) else value.hex()
    if isinstance(value, int):
        return f"int {value}"
    if isinstance(value, tuple):
        return [told(item) for item in value]
    return value


def result(text):
    try:
        return {"value": told(eval(text))}
    except Exception as error:
        return {"error": str(error)}


json.dump([result(text) for text in json.load(open(sys.argv[1]))], sys.stdout)
