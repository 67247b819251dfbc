"""Python's side of ../ops.js: reads `case seconds` a line, prints `CPU wall` in nanoseconds a call. The cases come as JSON first."""
import json
import sys
import textwrap
import time

import torch
from torch import nn

torch.set_num_threads(int(sys.argv[1]))
cases = json.loads(sys.stdin.readline())
PRELUDE = """
F = nn.functional
torch.manual_seed(1)
x, y, z, w = (torch.randn(4, 4) for _ in range(4))
g = torch.randn(4, 4, requires_grad=True)
row = torch.randn(4)
scalar = torch.tensor(1.5)
mask = x.gt(0)
classes = torch.tensor([0, 1, 2, 3])
places = torch.tensor([0, 2])
image = torch.randn(1, 1, 8, 8)
"""


def loop_of(case):
    body = textwrap.indent(PRELUDE + case["py_setup"] + f"\ndef loop(n):\n    for _ in range(n):\n        {case['py']}\nreturn loop", "    ")
    namespace = {"torch": torch, "nn": nn}
    exec("def make():\n" + body, namespace)
    return namespace["make"]()


def measure(number, seconds):
    loop = loop_of(cases[number])
    count = 100
    while True:
        begin = time.perf_counter()
        loop(count)
        took = time.perf_counter() - begin
        if took > seconds / 10:
            break
        count *= 2
    count = int(count * seconds / took) + 1
    cpu, begin = time.process_time_ns(), time.perf_counter_ns()
    loop(count)
    return (time.process_time_ns() - cpu) / count, (time.perf_counter_ns() - begin) / count


for line in sys.stdin:
    number, seconds = line.split()
    try:
        print(*measure(int(number), float(seconds)), flush=True)
    except Exception as error:
        print("failed:", str(error).split("\n")[0], flush=True)
