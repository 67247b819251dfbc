import math

SCALE = 2.0


def scaled(x):
    return x * SCALE


def _hidden():
    return None
