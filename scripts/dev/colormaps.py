"""Writes lib/generated/colormaps.ts: the colours of matplotlib's colour maps, and the named colours.

Run with a Python that has matplotlib: `python scripts/dev/colormaps.py`. Each colour is three numbers of 16 bits, such that
their upper parts are what matplotlib's `cmap(..., bytes=True)` gives, to the last bit; this is checked here.
"""
import base64
import pathlib
import zlib

import matplotlib
import numpy as np
from matplotlib import colors

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent



def of_bytes(name: str) -> np.ndarray:
    cmap = matplotlib.colormaps[name]
    return cmap(np.arange(cmap.N), bytes=True)[:, :3]


# A reversed map is made from the other one, except where matplotlib's own has other roundings.
names = [
    name
    for name in matplotlib.colormaps
    if not name.endswith("_r") or (of_bytes(name) != of_bytes(name[:-2])[::-1]).any()
]


def table(name: str) -> np.ndarray:
    cmap = matplotlib.colormaps[name]
    index = np.arange(cmap.N)
    exact = cmap(index)[:, :3]
    bytes_ = cmap(index, bytes=True)[:, :3].astype(np.int64)
    words = np.round(exact * 65535).astype(np.int64)
    # Where rounding crossed a step of the bytes, the nearest number on the right side of it.
    words = np.clip(words, bytes_ * 257, np.minimum(bytes_ * 257 + 256, 65535))
    assert (words // 257 == bytes_).all()
    return words.astype("<u2")


tables = [table(name) for name in names]
sizes = [len(t) for t in tables]
packed = base64.b64encode(zlib.compress(b"".join(t.tobytes() for t in tables), 9)).decode()

lines = [
    f"// Written by scripts/dev/colormaps.py from matplotlib {matplotlib.__version__}.",
    "/** Colour maps with the number of their colours, in the order of the data. */",
    "export const colormap_sizes: Readonly<Record<string, number>> = {",
    *[f"  {name}: {size}," for name, size in zip(names, sizes)],
    "};",
    "/** Red, green and blue of each colour as little-endian numbers of 16 bits, deflated, in base64. */",
    "export const colormap_data =",
    f"  '{packed}';",
    "/** Colours by name: those of CSS, the letters, and tab:blue and its kind. */",
    "export const named_colors: Readonly<Record<string, string>> = {",
]
named = {**colors.CSS4_COLORS, **colors.TABLEAU_COLORS}
lines += [f"  '{name}': '{value.lower()}'," for name, value in named.items()]
lines += ["};", ""]
(ROOT / "lib" / "generated" / "colormaps.ts").write_text("\n".join(lines))
print(len(names), "maps,", len(packed), "characters")
