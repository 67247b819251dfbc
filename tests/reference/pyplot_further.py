"""Writes tests/pyplot/golden_further.json: what matplotlib makes of the charts in tests/pyplot/further.json, which are calls of
functions that have the same names in both languages: limits, ticks, points of lines, corners of areas, wedges, texts and colours.

Run with a Python that has matplotlib: `python tests/reference/pyplot_further.py [FOLDER]`; with a folder, it also writes the pictures there.
"""
import json
import pathlib
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402
import numpy as np  # noqa: E402
from matplotlib import colors  # noqa: E402

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "pyplot"


def shown(axis):
    if not axis.get_visible():
        return None
    low, high = sorted(axis.get_view_interval())
    slack = (high - low) * 1e-9
    both = zip(axis.get_majorticklocs(), axis.get_majorticklabels())
    kept = [(float(t), s.get_text()) for t, s in both if low - slack <= t <= high + slack]
    return {"ticks": [t for t, _ in kept], "labels": [s for _, s in kept]}


def hexes(values):
    return [colors.to_hex(value, keep_alpha=True) for value in np.atleast_2d(values)]


def numbers(values):
    return np.asarray(values, dtype=float).tolist()


def streams(ax, lines):
    """The widths and colours of lines of streamplot, and its arrows."""
    arrows = [p for p in ax.patches if type(p).__name__ == "FancyArrowPatch"]
    if not arrows:
        return None
    heads = [[*numbers(p._posA_posB), float(p.get_linewidth()), *hexes(p.get_facecolor())] for p in arrows]
    return {"looks": [[numbers(each.get_linewidths()), hexes(each.get_color())] for each in lines], "heads": heads}


def keys(ax):
    """The corners of the arrows of quiverkey, in inches from its place, and the place."""
    found = [each for each in ax.get_children() if type(each).__name__ == "QuiverKey"]
    dpi = ax.figure.dpi

    def corners(key):
        zero = key.Q.get_transform().transform((0, 0))
        return numbers((key.Q.get_transform().transform(key.vector.get_paths()[0].vertices[:-1]) - zero) / dpi)

    return [[corners(key), key.text.get_text(), *hexes(key.vector.get_facecolor())] for key in found]


def hexagons(each):
    shape = each.get_paths()[0].vertices[:-1]
    return [numbers(shape), numbers(each.get_offsets()), numbers(each.get_array()), hexes(each.get_facecolor())]


def describe(ax):
    kinds = {}
    for each in ax.collections:
        kinds.setdefault(type(each).__name__, []).append(each)
    areas = kinds.get("FillBetweenPolyCollection", [])
    return {
        "xlim": numbers(ax.get_xlim()),
        "ylim": numbers(ax.get_ylim()),
        "x": shown(ax.xaxis),
        "y": shown(ax.yaxis),
        "lines": [[numbers(line.get_xdata(orig=False)), numbers(line.get_ydata(orig=False)), colors.to_hex(line.get_color()), line.get_linestyle()] for line in ax.lines],
        "wedges": [[*numbers(p.center), p.r, p.theta1, p.theta2, p.width, *hexes(p.get_facecolor())] for p in ax.patches if hasattr(p, "theta1")],
        "boxes": [[numbers(p.get_path().vertices[:-1]), *hexes(p.get_facecolor())] for p in ax.patches if type(p).__name__ == "PathPatch"],
        "texts": [[*numbers(t.get_position()), t.get_text(), t.get_ha(), t.get_va(), t.get_rotation(), t.get_fontsize(), colors.to_hex(t.get_color())] for t in ax.texts],
        "areas": [[[numbers(path.vertices[:-1]) for path in each.get_paths()], *hexes(each.get_facecolor())] for each in areas],
        "segments": [[numbers(segment) for segment in each.get_segments()] for each in kinds.get("LineCollection", [])],
        "meshes": [[numbers(each.get_coordinates()), hexes(each.get_facecolor())] for each in kinds.get("QuadMesh", [])],
        "arrows": [[numbers([path.vertices for path in each.get_paths()]), float(each.scale), float(each.width), hexes(each.get_facecolor())] for each in kinds.get("Quiver", [])],
        "streams": streams(ax, kinds.get("LineCollection", [])),
        "keys": keys(ax),
        "hexagons": [hexagons(each) for each in kinds.get("PolyCollection", [])],
        "legend": None if ax.get_legend() is None else [text.get_text() for text in ax.get_legend().get_texts()],
    }


def earlier(results, name):
    function, *path = name[1:].split(".")
    value = results[function]
    for each in path:
        value = getattr(value, each)
    return value


def run(name, chart):
    plt.close("all")
    np.random.seed(0)
    results = {}
    for function, args, kwargs in chart["calls"]:
        if function in ("pcolormesh", "quiver", "streamplot", "hexbin"):
            args = [np.array(arg) for arg in args]
            kwargs = {key: np.array(value) if key in ("color", "linewidth") and isinstance(value, list) else value for key, value in kwargs.items()}
        # What an earlier call returned goes by its name.
        args = [earlier(results, arg) if isinstance(arg, str) and arg.startswith("$") else arg for arg in args]
        results[function] = getattr(plt, function)(*args, **kwargs)
    fig = plt.gcf()
    fig.canvas.draw()
    described = [describe(ax) if ax.get_label() != "<colorbar>" else {"bar": shown(ax._colorbar.long_axis)} for ax in fig.axes]
    if len(sys.argv) > 1:
        fig.savefig(pathlib.Path(sys.argv[1]) / f"{name.replace(' ', '_')}_python.png", dpi=60)
    return described


charts = json.loads((FOLDER / "further.json").read_text())
golden = {"matplotlib": matplotlib.__version__, "charts": {name: run(name, chart) for name, chart in charts.items()}}
# Not a number is null in JSON.
text = json.dumps(golden, separators=(",", ":")).replace("NaN", "null")
(FOLDER / "golden_further.json").write_text(text + "\n")
print(len(charts), "charts")
