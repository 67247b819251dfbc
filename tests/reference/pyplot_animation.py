"""Writes tests/pyplot/golden_animation.json: with what matplotlib calls the function of an animation while it writes a file, and what
is in a GIF file that Pillow wrote.

Run with a Python that has matplotlib: `python tests/reference/pyplot_animation.py`.
"""
import json
import pathlib
import tempfile

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402
from matplotlib.animation import FuncAnimation  # noqa: E402
from PIL import Image  # noqa: E402

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "pyplot"
SCRATCH = pathlib.Path(tempfile.mkdtemp())


def letters():
    yield from ["a", "b", "c"]


def calls(*args, init=False, **kwargs):
    seen = []
    fig, _ = plt.subplots(figsize=(1, 1), dpi=50)
    if init:
        args = (*args, lambda: seen.append("init"))
    animation = FuncAnimation(fig, lambda *given: seen.append(list(given)), *args, **kwargs)
    animation.save(SCRATCH / "calls.gif", writer="pillow", progress_callback=lambda i, n: seen.append(["progress", i, n]))
    return seen


def gif():
    fig, ax = plt.subplots(figsize=(2, 1.5), dpi=50)
    (line,) = ax.plot([0, 1], [0, 1])
    animation = FuncAnimation(fig, lambda i: line.set_ydata([0, i / 5]), frames=5, interval=80)
    animation.save(SCRATCH / "line.gif", writer="pillow")
    picture = Image.open(SCRATCH / "line.gif")
    return {"frames": picture.n_frames, "size": list(picture.size), "duration": picture.info["duration"], "loop": picture.info["loop"]}


golden = {
    "matplotlib": matplotlib.__version__,
    "calls": {
        "a number": calls(frames=3),
        "a list": calls([5, 7]),
        "a generator function": calls(letters, cache_frame_data=False, save_count=100),
        "a generator": calls(letters(), cache_frame_data=False, save_count=100),
        "no frames": calls(save_count=2),
        "a function before": calls(2, init=True),
        "more arguments": calls(frames=2, fargs=[10, "x"]),
    },
    "gif": gif(),
}
(FOLDER / "golden_animation.json").write_text(json.dumps(golden) + "\n")
print(json.dumps(golden, indent=1))
