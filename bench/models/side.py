"""Python's side of models.js: see side.js for its arguments and the lines that it reads."""

import resource
import sys
import time

import torch

from models import models

# ru_maxrss is in KB on Linux and in bytes on macOS.
UNITS_A_MB = 1024 if sys.platform == "linux" else 1024 * 1024

name, size, threads = sys.argv[1:]
torch.set_num_threads(int(threads))
torch.manual_seed(1)
step = models[name](size == "small")


def measure(count):
    cpu = time.process_time_ns()
    begin = time.perf_counter_ns()
    for _ in range(count):
        step()
    wall = time.perf_counter_ns() - begin
    cpu = time.process_time_ns() - cpu
    return cpu / count, wall / count, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / UNITS_A_MB


for line in sys.stdin:
    what, count = line.split()
    answer = [step() for _ in range(int(count))] if what == "losses" else measure(int(count))
    print(*answer, flush=True)
