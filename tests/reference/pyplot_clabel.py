"""Writes tests/pyplot/golden_clabel.json: the texts, angles and colours of the labels that matplotlib writes on contours of formulas,
and how much of the lines is left around them.

Run with a Python that has matplotlib: `python tests/reference/pyplot_clabel.py`.
"""
import json
import pathlib

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402
import numpy as np  # noqa: E402
from matplotlib import colors  # noqa: E402

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "pyplot"
at = np.linspace(-2, 2, 81)
X, Y = np.meshgrid(at, at)
FORMULAS = {"rings": X * X + Y * Y, "planes": X + 2 * Y, "saddle": X * Y * 1000}


def length(contours, ax):
    total = 0
    for path in contours.get_paths():
        for part in path._iter_connected_components():
            total += np.hypot(*np.diff(ax.transData.transform(part.vertices), axis=0).T).sum()
    return float(total)


def run(formula, kwargs, **options):
    plt.close("all")
    _, ax = plt.subplots()
    lines = ax.contour(X, Y, FORMULAS[formula], **options)
    whole = length(lines, ax)
    texts = ax.clabel(lines, **kwargs)
    return {
        "texts": sorted([t.get_text(), colors.to_hex(t.get_color()), t.get_fontsize(), t.get_zorder()] for t in texts),
        "left": length(lines, ax) / whole,
    }


golden = {
    "matplotlib": matplotlib.__version__,
    "rings": run("rings", {}, levels=[0.5, 1, 2, 3.5]),
    "planes": run("planes", {"fontsize": 8, "colors": ["r", "b"], "fmt": "%.2f m"}, levels=[-3, -1, 1, 3]),
    "saddle": run("saddle", {"inline": False, "levels": [-1000, 2000]}, levels=[-2000, -1000, 1000, 2000], colors="k"),
    "close": run("rings", {"inline_spacing": 1}, levels=[0.5, 1, 2, 3.5]),
}
(FOLDER / "golden_clabel.json").write_text(json.dumps(golden, indent=1) + "\n")
