"""What torch.utils.benchmark says of given times: measurements, tables, units."""
import json
import re

from torch.utils.benchmark import Compare, Measurement, TaskSpec, Timer, select_unit, trim_sigfig

TIMES = [
    [3e-6], [1.5e-3, 1.6e-3], [2e-6, 2.1e-6, 1.9e-6, 2.05e-6, 2.2e-6], [1, 1.2, 1.4, 1.6, 2.2], [1, 1.1, 1.2, 1.15, 1.3, 0.9],
    [5e-9, 6e-9, 4e-9, 5e-9], [12.5, 13, 12.25, 12.75], [1e-5] * 6,
]
SPECS = [
    dict(stmt="x + 1", setup="pass"),
    dict(stmt="x + 1", setup="x = 3", label="Sums", sub_label="64x64", description="on one line", num_threads=4),
    dict(stmt="y = x\ny + 1", setup="x = 3\ny = 4", sub_label="two lines"),
    dict(stmt="y = x\ny + 1", setup="", description="no label"),
]


def measurements():
    for times in TIMES:
        for number in (1, 100):
            for spec in SPECS:
                yield Measurement(number, times, TaskSpec(**spec))


def shown(m):
    return re.sub(r" at 0x[0-9a-f]+>", ">", repr(m))


def table(rows, **look):
    compare = Compare([
        Measurement(1, times, TaskSpec("x", "", label=label, sub_label=sub_label, description=description, env=env, num_threads=threads))
        for label, sub_label, description, env, threads, times in rows
    ])
    if look.get("trim"):
        compare.trim_significant_figures()
    if look.get("warnings"):
        compare.highlight_warnings()
    if "rowwise" in look:
        compare.colorize(rowwise=look["rowwise"])
    return str(compare)


ROWS = [
    ["Ops", "64", "add", None, 1, [3e-6, 3.1e-6, 2.9e-6]],
    ["Ops", "64", "mul", None, 1, [4e-6, 4.1e-6]],
    ["Ops", "64", "a longer one", None, 1, [40e-6]],
    ["Ops", "1024x1024", "add", None, 1, [300e-6, 500e-6, 200e-6, 310e-6]],
    ["Ops", "1024x1024", "mul", None, 1, [305e-6]],
    ["Ops", "64", "add", None, 4, [1e-6]],
    ["Ops", "64", "mul", None, 4, [9.7e-6, 9.8e-6]],
    ["Ops", "64", "add", None, 1, [3.3e-6]],
    ["Others", "one", "first", "here", 1, [1.5]],
    ["Others", "one", "first", "elsewhere", 1, [2.5]],
    ["Others", "two", "first", "here", 1, [100]],
]
LOOKS = [{}, {"trim": True}, {"warnings": True}, {"rowwise": True}, {"rowwise": False}, {"trim": True, "warnings": True, "rowwise": False}]


def timed():
    x = []
    timer = Timer(stmt="    x.append(1)\n    y", setup="y = 2", timer=lambda: len(x) * 0.001, globals={"x": x}, label="lists", num_threads=2)
    return [shown(timer.timeit(50)), shown(timer.blocked_autorange(min_run_time=0.01)), shown(timer.adaptive_autorange())]


print(json.dumps({
    "times": TIMES, "specs": SPECS, "rows": ROWS, "looks": LOOKS,
    "measurements": [
        [shown(m), m.median, m.mean, m.iqr, m.significant_figures, m.has_warnings, m.meets_confidence(), m.title, m.as_row_name]
        for m in measurements()
    ],
    "tables": [table(ROWS, **look) for look in LOOKS],
    "units": [list(select_unit(t)) for t in (1e-10, 5e-9, 9.99e-7, 1e-6, 0.02, 1, 400)],
    "trimmed": [trim_sigfig(x, n) for x in (3.14159, 1234.5, 0.00987654) for n in (1, 2, 4)],
    "timed": timed(),
}))
