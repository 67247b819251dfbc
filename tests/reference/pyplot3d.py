"""Writes tests/pyplot/golden3d.json: limits, ticks, projected positions and colours of matplotlib's axes in three
dimensions, for the plots in tests/pyplot/charts3d.json, which are calls of methods that have the same names in both languages.

Run with a Python that has matplotlib: `python tests/reference/pyplot3d.py [FOLDER]`; with a folder, it also writes the pictures there.
"""
import json
import pathlib
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402
import numpy as np  # noqa: E402
from matplotlib import colors  # noqa: E402
from mpl_toolkits.mplot3d import proj3d  # noqa: E402

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "pyplot"


def axis_of(ax, name):
    axis = getattr(ax, f"{name}axis")
    low, high = sorted(axis.get_view_interval())
    slack = (high - low) * 1e-9
    shown = [tick for tick in axis.get_major_ticks() if low - slack <= tick.get_loc() <= high + slack]
    return {
        "limits": [float(v) for v in getattr(ax, f"get_{name}lim")()],
        "ticks": [float(tick.get_loc()) for tick in shown],
        "texts": [tick.label1.get_text() for tick in shown],
        "places": [[float(v) for v in tick.label1.get_position()] for tick in shown],
        "line": [[float(v) for v in row] for row in axis.line.get_data()],
        "label": [float(v) for v in axis.label.get_position()] if axis.label.get_text() else None,
        "angle": float(axis.label.get_rotation()) if axis.label.get_text() else None,
    }


def contours_of(c):
    """The levels, and of each where its lines are, or at which place along which axis its areas."""
    places = []
    for vertices, _ in c._3dverts_codes:
        points = np.asarray(vertices)
        if len(points) == 0:
            places.append(None)
        elif c.filled:
            places.append([[k, float(points[0, k])] for k in range(3) if np.ptp(points[:, k]) == 0])
        else:
            places.append([points.min(0).tolist(), points.max(0).tolist()])
    return [c.levels.tolist(), places, [colors.to_hex(color, keep_alpha=True) for color in (c.get_facecolor() if c.filled else c.get_edgecolor())]]


def describe(ax):
    corners = [(0, 0, 0), (1, 0, 0), (1, 2, 3), (-1, 0.5, 2)]
    surfaces = [c for c in ax.collections if type(c).__name__ == "Poly3DCollection"]
    points = [c for c in ax.collections if type(c).__name__ == "Path3DCollection"]
    return {
        "axes": {name: axis_of(ax, name) for name in "xyz"},
        "matrix": [[float(v) for v in row] for row in ax.get_proj()],
        "projected": [[float(v) for v in proj3d.proj_transform(*point, ax.get_proj())] for point in corners],
        "faces": [[[float(v) for v in color] for color in c.get_facecolor()] for c in points],
        "surfaces": [[[float(v) for v in color] for color in sorted(c._facecolor3d.tolist())] for c in surfaces],
        "contours": [contours_of(c) for c in ax.collections if hasattr(c, "levels")],
        "lines": [colors.to_hex(line.get_color()) for line in ax.lines],
    }


def run(name, chart):
    plt.close("all")
    fig = plt.figure()
    ax = fig.add_subplot(111, projection="3d")
    for method, args, kwargs in chart["calls"]:
        if method.startswith(("plot_surface", "plot_wireframe", "contour")):
            args = [np.array(arg) for arg in args]
        getattr(ax, method)(*args, **kwargs)
    fig.canvas.draw()
    if len(sys.argv) > 1:
        fig.savefig(pathlib.Path(sys.argv[1]) / f"{name.replace(' ', '_')}_python.png")
    return describe(ax)


charts = json.loads((FOLDER / "charts3d.json").read_text())
golden = {"matplotlib": matplotlib.__version__, "charts": {name: run(name, chart) for name, chart in charts.items()}}
(FOLDER / "golden3d.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")
print(len(charts), "charts")
