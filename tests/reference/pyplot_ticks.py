"""Writes tests/pyplot/golden_ticks.json: what matplotlib makes of the charts in tests/pyplot/ticks.json: limits, major and minor
ticks, their labels, and the texts at the ends of axes. A call is a path of functions and properties from `plt`; an argument may be an
object with `new`, a class of `matplotlib.ticker` or `matplotlib.dates`, or with `date`, a time in UTC.

Run with a Python that has matplotlib: `python tests/reference/pyplot_ticks.py [FOLDER]`; with a folder, it also writes the pictures there.
"""
import datetime
import json
import pathlib
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.dates as dates  # noqa: E402
import matplotlib.pyplot as plt  # noqa: E402
import matplotlib.ticker as ticker  # noqa: E402
import numpy as np  # noqa: E402

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "pyplot"


def value(given):
    if isinstance(given, list):
        return [value(each) for each in given]
    if not isinstance(given, dict):
        return given
    if "date" in given:
        return datetime.datetime.fromisoformat(given["date"].replace("Z", "+00:00"))
    module = ticker if hasattr(ticker, given["new"]) else dates
    return getattr(module, given["new"])(*value(given.get("args", [])), **given.get("kwargs", {}))


def call(path, args, kwargs):
    target = plt
    *before, last = path.split(".")
    for name in before:
        target = getattr(target, name)
        if name in ("gca", "gcf"):
            target = target()
    getattr(target, last)(*[value(arg) for arg in args], **kwargs)


def shown(axis):
    low, high = sorted(axis.get_view_interval())
    slack = 0 if axis.get_scale() == "logit" else (high - low) * 1e-9
    kept = [
        [(float(t), s.get_text()) for t, s in zip(locs, labels) if low - slack <= t <= high + slack]
        for locs, labels in (
            (axis.get_majorticklocs(), axis.get_majorticklabels()),
            (axis.get_minorticklocs(), axis.get_minorticklabels()),
        )
    ]
    return {
        "ticks": [t for t, _ in kept[0]],
        "labels": [s for _, s in kept[0]],
        "minor": [t for t, _ in kept[1]],
        "minor_labels": [s for _, s in kept[1]],
        "offset": axis.get_offset_text().get_text(),
    }


def places(ax):
    """Where some points of polar axes are, in pixels from the upper left corner."""
    if ax.name != "polar":
        return None
    (a, b), (low, high) = ax.get_xlim(), ax.get_ylim()
    points = [(a + (b - a) * u, low + (high - low) * v) for u in (0, 0.3, 0.8) for v in (0.4, 1)]
    height = ax.figure.bbox.height
    return [[float(x), float(height - y)] for x, y in ax.transData.transform(points)]


def run(name, calls):
    plt.close("all")
    plt.rcdefaults()
    for each in calls:
        call(*each)
    fig = plt.gcf()
    fig.canvas.draw()
    if len(sys.argv) > 1:
        fig.savefig(pathlib.Path(sys.argv[1]) / f"{name.replace(' ', '_')}_python.png", dpi=60)
    return [
        {
            "xlim": np.asarray(ax.get_xlim(), dtype=float).tolist(),
            "ylim": np.asarray(ax.get_ylim(), dtype=float).tolist(),
            "x": shown(ax.xaxis),
            "y": shown(ax.yaxis),
            "places": places(ax),
        }
        for ax in fig.axes
    ]


charts = json.loads((FOLDER / "ticks.json").read_text())
golden = {"matplotlib": matplotlib.__version__, "charts": {name: run(name, calls) for name, calls in charts.items()}}
(FOLDER / "golden_ticks.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")
print(len(charts), "charts")
