RATE = 0.5
LAYERS = [1, 2]


def names():
    return [f"layer{n}" for n in LAYERS]
