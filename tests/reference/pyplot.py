"""Writes tests/pyplot/golden.json: limits, ticks, labels, colours, bins and legends of matplotlib for the charts in
tests/pyplot/charts.json, which are calls of functions that have the same names in both languages.

Run with a Python that has matplotlib: `python tests/reference/pyplot.py`.
"""
import json
import pathlib

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402
import numpy as np  # noqa: E402
from matplotlib import colors  # noqa: E402

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "pyplot"


def visible(axis):
    axis.figure.canvas.draw()
    low, high = sorted(axis.get_view_interval())
    ticks, labels = axis.get_majorticklocs(), [text.get_text() for text in axis.get_majorticklabels()]
    slack = 0 if axis.get_scale() == "log" else (high - low) * 1e-9
    kept = [(float(t), s) for t, s in zip(ticks, labels) if low - slack <= t <= high + slack]
    return {"ticks": [t for t, _ in kept], "labels": [s for _, s in kept], "offset": axis.get_offset_text().get_text()}


def legend_of(ax):
    legend = ax.get_legend()
    return None if legend is None else [text.get_text() for text in legend.get_texts()]


def face(artist):
    return [colors.to_hex(color, keep_alpha=True) for color in np.atleast_2d(artist.get_facecolor())]


def describe(ax):
    return {
        "xlim": [float(v) for v in ax.get_xlim()],
        "ylim": [float(v) for v in ax.get_ylim()],
        "x": visible(ax.xaxis),
        "y": visible(ax.yaxis),
        "lines": [colors.to_hex(line.get_color()) for line in ax.lines],
        "patches": [[round(p.get_x(), 9), round(p.get_y(), 9), round(p.get_width(), 9), round(p.get_height(), 9), *face(p)]
                    for p in ax.patches if hasattr(p, "get_width")],
        "points": [face(c) for c in ax.collections if type(c).__name__ == "PathCollection"],
        "legend": legend_of(ax),
    }


def run(chart):
    plt.close("all")
    for name, args, kwargs in chart["calls"]:
        getattr(plt, name)(*args, **kwargs)
    return describe(plt.gca())


charts = json.loads((FOLDER / "charts.json").read_text())
maps = {}
for name in matplotlib.colormaps:
    values = np.linspace(-0.01, 1.01, 103)
    maps[name] = matplotlib.colormaps[name](values, bytes=True)[:, :3].astype(int).ravel().tolist()
generator = np.random.default_rng(0)
data = [round(float(v), 6) for v in generator.normal(size=500)]
hists = {rule: [np.histogram(data, rule)[0].astype(float).tolist(), np.histogram(data, rule)[1].tolist()]
         for rule in ["auto", "fd", "sturges", "scott", "sqrt", "rice"]}
golden = {
    "matplotlib": matplotlib.__version__,
    "charts": {name: run(chart) for name, chart in charts.items()},
    "maps": {name: "".join(f"{v:02x}" for v in values) for name, values in maps.items()},
    "data": data,
    "hists": hists,
    "named": {name: colors.to_hex(name) for name in [*colors.CSS4_COLORS, *colors.TABLEAU_COLORS, *"bgrcmykw"]},
}
(FOLDER / "golden.json").write_text(json.dumps(golden, separators=(",", ":"), default=float) + "\n")
print(len(charts), "charts")
