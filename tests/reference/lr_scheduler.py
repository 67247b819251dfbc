"""Learning rate schedules: python lr_scheduler.py '[case, ...]' '[wrong case, ...]'.

A case names a scheduler with its options, the optimizer, and the steps. The answer has the learning rates and momenta
of every step, the state in the middle and what is warned; of a wrong case, the text of the error. Floats are written
with all their digits, as JavaScript reads them.
"""
import json
import math
import sys
import warnings

import torch
from torch.optim import lr_scheduler, swa_utils

FUNCTIONS = {
    "by_tens": lambda x: x // 10,
    "fading": lambda x: 1 / (1 + x / 7),
    "rising": lambda x: 1 + x / 100,
    "nothing": lambda x: None,
    "text": lambda x: "half",
    "nothing_later": lambda x: None if x else 1,
  
}


def value_of(value):
    if isinstance(value, str) and value in FUNCTIONS:
        return FUNCTIONS[value]
    return [value_of(item) for item in value] if isinstance(value, list) else value


def make_optimizer(case):
    lrs = case.get("lrs", [0.05, 0.3])
    if case.get("tensors"):
        lrs = [torch.tensor(lr) for lr in lrs]
    groups = [{"params": [torch.ones(1, requires_grad=True)], "lr": lr} for lr in lrs]
    return getattr(torch.optim, case.get("optimizer", "SGD"))(groups, **case.get("optimizer_options", {}))


def make(case, optimizer):
    kind = getattr(lr_scheduler, case["kind"], None) or getattr(swa_utils, case["kind"])
    options = {name: value_of(value) for name, value in case.get("options", {}).items()}
    parts = [make(part, optimizer) for part in case.get("parts", [])]
    if case["kind"] == "ChainedScheduler":
        return kind(parts, optimizer=optimizer, **options)
    return kind(optimizer, *([parts] if "parts" in case else []), **options)


def plain(value):
    if isinstance(value, torch.Tensor):
        return {"tensor": plain(value.item())}
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def observed(optimizer, scheduler):
    momenta = [group["betas"][0] if "betas" in group else group.get("momentum") for group in optimizer.param_groups]
    return plain([[group["lr"] for group in optimizer.param_groups], momenta, scheduler.get_last_lr()])


def step(scheduler, case, number):
    if "epochs" in case:
        scheduler.step(case["epochs"][number])
    elif case["kind"] == "ReduceLROnPlateau":
        scheduler.step(case["metrics"][number % len(case["metrics"])])
    else:
        scheduler.step()


def run(case):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        optimizer = make_optimizer(case)
        scheduler = make(case, optimizer)
        seen, middle = [observed(optimizer, scheduler)], None
        count = len(case.get("epochs", [])) or case.get("steps", 60)
        for number in range(count):
            if case.get("steps_first", True):
                optimizer.step()
            step(scheduler, case, number)
            seen.append(observed(optimizer, scheduler))
            if number == count // 2:
                groups = [{k: v for k, v in group.items() if k != "params"} for group in optimizer.param_groups]
                middle = plain({"scheduler": scheduler.state_dict(), "groups": groups})
    texts = list(dict.fromkeys(str(warning.message) for warning in caught))
    return {"seen": seen, "middle": middle, "warnings": texts}


def error_of(case):
    try:
        optimizer = make_optimizer(case)
        scheduler = make(case, optimizer)
        for number in range(case.get("steps", 0)):
            step(scheduler, case, number)
    except (ValueError, TypeError, KeyError, RuntimeError, ZeroDivisionError) as error:
        return str(error.args[0])


cases, wrong = json.loads(sys.argv[1]), json.loads(sys.argv[2])
json.dump({"runs": [run(case) for case in cases], "errors": [error_of(case) for case in wrong]}, sys.stdout)
