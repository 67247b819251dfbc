"""locals(), globals(), vars() and __dict__ as dicts of names."""
import inspect

import torch

# Settings, which are collected below.
batch_size = 4
learning_rate = 1.0
name = "run"
verbose = True
config = {k: v for k, v in globals().items() if not k.startswith("_") and isinstance(v, (int, float, bool, str))}
print(config)


class Settings:
    def __init__(self, **given):
        self.__dict__.update(given)

    def lines(self):
        return ["%s = %s" % (k, v) for k, v in self.__dict__.items()]


settings = Settings()
settings.rate = 2.0
settings.betas = (1.0, 0.5)
settings.steps = 3
print("\n".join(settings.lines()))
print(vars(settings))
other = Settings()
for key, value in vars(settings).items():
    setattr(other, key, value)
print(other.rate == 2.0, other.rate, other.betas)


def scale(x, factor=3.0):
    y = x * 2
    known = locals()
    print(sorted(known), known["factor"], known["y"])
    if y > 1:
        z = y + 1
        return {k: v for k, v in locals().items() if k != "known"}
    return known


print(scale(1))
print(sorted(scale(0)))
print("factor" in inspect.signature(scale).parameters, list(inspect.signature(scale).parameters))
print("fused" in inspect.signature(torch.optim.AdamW).parameters)
print("momentum" in inspect.signature(torch.optim.AdamW).parameters)
