"""Writes a scripted function that calls torchvision's operators: scripted.py FILE. It needs no torchvision."""

import sys

import torch

library = torch.library.Library("torchvision", "DEF")
library.define("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
library.define(
    "roi_align(Tensor input, Tensor rois, float spatial_scale, SymInt pooled_height, SymInt pooled_width, "
    "int sampling_ratio, bool aligned) -> Tensor"
)


class Detector(torch.nn.Module):
    def forward(self, image: torch.Tensor, boxes: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        kept = boxes[torch.ops.torchvision.nms(boxes, scores, 0.5)]
        rois = torch.cat([torch.zeros_like(kept[:, :1]), kept], 1)
        return torch.ops.torchvision.roi_align(image, rois, 1.0, 2, 2, 2, True)


torch.jit.script(Detector()).save(sys.argv[1])
print("null")
