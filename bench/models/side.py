"""Python's side of models.js: see side.js for the lines that it reads."""

import resource
import sys
import time

import torch

from models import models

torch.set_num_threads(int(sys.argv[1]))
made = {}


def step_of(name, size):
    key = (name, size)
    if key not in made:
        torch.manual_seed(1)
        made[key] = models[name](size == "small")
    return made[key]


def measure(step, seconds):
    count = 0
    cpu = time.process_time_ns()
    begin = time.perf_counter_ns()
    wall = 0
    while wall < seconds * 1e9:
        step()
        count += 1
        wall = time.perf_counter_ns() - begin
    cpu = time.process_time_ns() - cpu
    return cpu / count, wall / count, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


for line in sys.stdin:
    what, name, size, *seconds = line.split()
    try:
        step = step_of(name, size)
        answer = [step() for _ in range(3)] if what == "losses" else measure(step, float(seconds[0]))
        print(*answer, flush=True)
    except Exception as error:
        print(f"failed: {str(error).splitlines()[0]}", flush=True)
