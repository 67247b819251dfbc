"""Writes tests/pyplot/golden_hatch.json: how dark the parts of a square of 150 pixels are that matplotlib fills with each pattern, as
means of cells of 10 by 10 pixels.

Run with a Python that has matplotlib: `python tests/reference/pyplot_hatch.py`.
"""
import json
import pathlib

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402
import numpy as np  # noqa: E402

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "pyplot"
PATTERNS = ["/", "\\", "|", "-", "+", "x", "X", "//", "--", "/-", "o", "O", ".", "*", "oo", "..", "|*"]


def cells(pattern):
    plt.close("all")
    fig = plt.figure(figsize=(1.5, 1.5), dpi=100)
    ax = fig.add_axes([0, 0, 1, 1])
    ax.bar([0.5], [1], width=1, color="w", hatch=pattern)
    ax.set_xlim(0, 1)
    ax.set_ylim(0, 1)
    ax.axis("off")
    fig.canvas.draw()
    gray = np.asarray(fig.canvas.buffer_rgba())[:, :, 0].astype(float)
    return np.round(gray.reshape(15, 10, 15, 10).mean((1, 3)), 1).tolist()


golden = {"matplotlib": matplotlib.__version__, "patterns": {pattern: cells(pattern) for pattern in PATTERNS}}
(FOLDER / "golden_hatch.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")
