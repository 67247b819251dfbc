"""Logs with PyTorch's SummaryWriter what tests/utils/tensorboard/writer.test.ts logs too.

Argument: the folder. Prints null.
"""
import sys

import numpy as np
import torch
from torch.utils.tensorboard import SummaryWriter


def ramp(*size):
    count = int(np.prod(size))
    return (torch.arange(count, dtype=torch.float32) * 37 % 101 / 100).reshape(size)


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.features = torch.nn.Sequential(torch.nn.Conv2d(1, 2, 3), torch.nn.ReLU())
        self.drop = torch.nn.Dropout(0.5)
        self.out = torch.nn.Linear(8, 3)

    def forward(self, x, y):
        x = self.drop(self.features(x)).flatten(1)
        return torch.log_softmax(self.out(x) + y, dim=1), x


def write(folder):
    writer = SummaryWriter(folder, filename_suffix=".end", purge_step=2)
    writer.add_scalar("loss", 0.1, 1, 10.5)
    writer.add_scalar("tensor", torch.tensor([[0.25]]), 2)
    writer.add_scalar("half", torch.tensor(0.1, dtype=torch.bfloat16), 2)
    writer.add_scalar("array", np.array([3], dtype=np.int32), -1)
    writer.add_scalar("zero", 0.0)
    writer.add_scalar("nan", float("nan"), 2**40)
    writer.add_scalar("new", 0.1, 3, new_style=True)
    writer.add_scalar("double", 0.1, 3, new_style=True, double_precision=True)
    writer.add_scalars("many/curves", {"a": 1, "b": 2.5}, 4)
    writer.add_scalars("many/curves", {"a": 2}, 5)
    for dtype in (torch.float16, torch.bfloat16, torch.float32, torch.float64, torch.int8, torch.uint8, torch.int16,
                  torch.int32, torch.int64, torch.bool, torch.complex64, torch.complex128):
        writer.add_tensor(f"tensor/{dtype}", torch.tensor([[0, 1, 2], [3, 4, 100]]).to(dtype), 1)
    values = torch.linspace(-2, 3, 101).pow(3)
    writer.add_histogram("histogram", values, 1)
    writer.add_histogram("one", torch.tensor(0.5), 2)
    writer.add_histogram("whole", torch.arange(-5, 6), 3)
    writer.add_histogram("merged", values, 4, max_bins=10)
    for bins in (1, 7, 10, 64, [-9.0, -1.0, 0.0, 0.5, 27.0], np.array([0.0, 1.0, 30.0]), "auto", "fd", "doane", "scott",
                 "rice", "sturges", "sqrt"):
        writer.add_histogram("bins", values, 5, bins=bins)
    writer.add_histogram("bins", torch.zeros(3), 6, bins=4)
    writer.add_histogram_raw("raw", min=0, max=2, num=3, sum=4.5, sum_squares=8.25, bucket_limits=[1.0, 2.0],
                             bucket_counts=[1, 2], global_step=7)
    writer.add_image("image", ramp(3, 4, 5), 1)
    writer.add_image("image/grey", ramp(1, 4, 5) * 1.5 - 0.25, 2)
    writer.add_image("image/bytes", (ramp(4, 5, 3) * 255).to(torch.uint8), 3, dataformats="HWC")
    writer.add_image("image/flat", ramp(4, 5).numpy(), 4, dataformats="HW")
    writer.add_image("image/alpha", ramp(4, 4, 5), 4)
    writer.add_images("images", ramp(10, 3, 2, 3), 5)
    writer.add_images("images/grey", ramp(3, 2, 3, 1), 6, dataformats="NHWC")
    writer.add_image_with_boxes("boxes", ramp(3, 20, 30), torch.tensor([[3, 4, 12, 15], [8, 2, 25, 10]]), 7)
    writer.add_text("text", "# Title\n*grüße*", 1)
    writer.add_audio("audio", torch.linspace(-1, 1, 9), 1, sample_rate=8000)
    writer.add_audio("loud", torch.linspace(-2, 2, 9).reshape(1, 9), 2)
    labels = torch.tensor([0, 1, 1, 0, 1, 0, 1, 1])
    predictions = torch.tensor([0.1, 0.4, 0.35, 0.8, 0.9, 0.0, 1.0, 0.65])
    writer.add_pr_curve("pr", labels, predictions, 1)
    writer.add_pr_curve("pr/few", labels.bool(), predictions.double(), 2, num_thresholds=5)
    writer.add_pr_curve("pr/weighted", labels, predictions, 3, num_thresholds=200, weights=np.arange(1.0, 9.0))
    writer.add_pr_curve_raw("pr/raw", [3, 2], [2, 1], [0, 1], [0, 1], [0.6, 0.5], [1.0, 0.75], 4, num_thresholds=2)
    vertices = torch.tensor([[[1, 1, 1], [-1, -1, 1], [1, -1, -1], [-1, 1, -1]]], dtype=torch.float)
    colors = torch.tensor([[[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 0, 255]]])
    faces = torch.tensor([[[0, 2, 3], [0, 3, 1], [0, 1, 2], [1, 3, 2]]])
    writer.add_mesh("mesh", vertices, colors, faces, {"lights": [{"cls": "A", "b": 1}], "camera": {"cls": "C"}}, 1)
    writer.add_mesh("points", vertices, global_step=2)
    writer.add_custom_scalars({"one": {"lines": ["Multiline", ["a", "b"]], "band": ["Margin", ["m", "l", "u"]]}, "two": {}})
    writer.add_custom_scalars_multilinechart(["a", "b"], title="lines")
    writer.add_custom_scalars_marginchart(["m", "l", "u"], "group")
    writer.add_graph(Net(), (ramp(2, 1, 4, 4), ramp(2, 3)))
    writer.add_embedding(ramp(3, 2), ["a", "b b", 3], ramp(3, 1, 2, 2), 4, "first/tag")
    writer.add_embedding(torch.arange(6).reshape(3, 2), [["a", 1], ["b", 2], ["c", 3]], metadata_header=["name", "n"])
    writer.add_hparams({"lr": 0.1, "bsize": 4, "name": "x", "flag": True, "none": None, "t": torch.tensor([2.0])},
                       {"hparam/accuracy": 0.5, "hparam/loss": torch.tensor(0.25)}, {"bsize": [4, 8], "name": ["x", "y"]},
                       "trial", 9)
    writer.close()
    writer.add_text("after", "closing")
    writer.close()


torch.manual_seed(0)
out, sys.stdout = sys.stdout, sys.stderr
write(sys.argv[1])
print("null", file=out)
