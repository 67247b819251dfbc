"""Writes ops.jsonl: what torchvision.ops computes, with gradients, for tests/vision/ops.test.ts.

    PYTHON tests/reference/vision/ops.py > tests/reference/vision/ops.jsonl

needs torch 2.14 and torchvision 0.29. A case is a function with its arguments, the results, and the gradients of the
arguments for a gradient of the results of 1, 1.5, 2, ... .
"""

import json

import torch
from torchvision import ops

generator = torch.Generator().manual_seed(7)
cases = []


def rand(*shape, dtype=torch.float32):
    # Few digits, so that the file stays small.
    return (torch.rand(*shape, generator=generator, dtype=torch.float64) * 1000).round().div(1000).to(dtype)


def boxes(count, size, dtype=torch.float32):
    corner = rand(count, 2) * size * 0.6
    return torch.cat([corner, corner + rand(count, 2) * size * 0.6 + 0.1], 1).mul(100).round().div(100).to(dtype)


def rois(count, images, size):
    index = torch.arange(count).remainder(images).float().unsqueeze(1)
    return torch.cat([index, boxes(count, size)], 1)


def written(value):
    if isinstance(value, torch.Tensor):
        flat = value.detach().flatten().tolist()
        digits = [float(f"{x:.7g}") if isinstance(x, float) else x for x in flat]
        digits = [str(x) if isinstance(x, float) and x != x else x for x in digits]
        return {"dtype": str(value.dtype).removeprefix("torch."), "shape": list(value.shape), "data": digits}
    if isinstance(value, (list, tuple)):
        return [written(item) for item in value]
    return value


def case(name, *args, grads=(), **kwargs):
    given = [arg.clone().requires_grad_() if i in grads else arg for i, arg in enumerate(args)]
    named = {key: value.clone().requires_grad_() if key in grads else value for key, value in kwargs.items()}
    result = getattr(ops, name)(*given, **named)
    gradients = {}
    if grads:
        weight = torch.arange(result.numel(), dtype=result.dtype).view(result.shape) * 0.5 + 1
        result.backward(weight)
        for key in grads:
            gradients[str(key)] = written((named[key] if isinstance(key, str) else given[key]).grad)
    cases.append(
        {
            "name": name,
            "args": written(args),
            "kwargs": {key: written(value) for key, value in kwargs.items()},
            "result": written(result),
            "grads": gradients,
        }
    )


# ---- Boxes
for dtype in (torch.float32, torch.float64):
    case("nms", boxes(30, 20, dtype), rand(30, dtype=dtype), 0.3)
case("nms", boxes(30, 20), (rand(30) * 4).floor(), 0.5)
case("nms", boxes(3, 9)[:0], rand(3)[:0], 0.5)
case("batched_nms", boxes(40, 20), rand(40), torch.arange(40) % 3, 0.3)
case("batched_nms", boxes(1100, 60).mul(10).round().div(10), (torch.arange(1100) * 7 % 1103).float(), torch.arange(1100) % 3, 0.2)
case("batched_nms", boxes(4, 9)[:0], rand(4)[:0], torch.arange(0), 0.5)
case("remove_small_boxes", boxes(12, 10), 3.0)
case("clip_boxes_to_image", boxes(5, 10) * 2 - 3, (6, 8), grads=(0,))
case("clip_boxes_to_image", torch.tensor([[-3, 2, 50, 60]]), (20, 30))
b = boxes(6, 10)
for source, target in [("xyxy", "xywh"), ("xyxy", "cxcywh"), ("xywh", "xyxy"), ("cxcywh", "xyxy"), ("xywh", "cxcywh"),
                       ("cxcywh", "xywh"), ("xyxy", "xyxy")]:
    case("box_convert", b, source, target, grads=(0,))
r = torch.cat([b[:, :2], b[:, 2:] - b[:, :2], rand(6, 1) * 180 - 90], 1)
for source, target in [("xywhr", "cxcywhr"), ("cxcywhr", "xywhr"), ("xywhr", "xyxyxyxy"), ("cxcywhr", "xyxyxyxy")]:
    case("box_convert", r, source, target, grads=(0,))
    case("box_convert", r.round().int(), source, target)
q = ops.box_convert(r, "xywhr", "xyxyxyxy")
for target in ("xywhr", "cxcywhr"):
    case("box_convert", q, "xyxyxyxy", target, grads=(0,))
case("box_convert", torch.tensor([[1, 2, 4, 7]]), "xyxy", "cxcywh")
case("box_area", b, grads=(0,))
case("box_area", b, "cxcywh")
case("box_area", torch.tensor([[0, 0, 100, 120]], dtype=torch.uint8))
case("box_area", b.half())
c = boxes(4, 10)
case("box_iou", b, c, grads=(0, 1))
case("box_iou", b, c, "xywh", grads=(0, 1))
case("box_iou", b, c, "cxcywh", grads=(0, 1))
case("box_iou", b.view(2, 3, 4), c.view(2, 2, 4))
case("box_iou", torch.tensor([[0, 0, 4, 4]]), torch.tensor([[1, 1, 5, 6], [8, 8, 9, 9]]))
s = torch.cat([r[:, :4] + 0.5, r[:, 4:] + 40], 1)
for fmt in ("cxcywhr", "xywhr"):
    case("box_iou", r, s, fmt)
    case("box_iou", r, r, fmt)
case("box_iou", q, ops.box_convert(s, "xywhr", "xyxyxyxy"), "xyxyxyxy")
case("box_iou", r.double(), s.double(), "cxcywhr")
case("generalized_box_iou", b, c, grads=(0, 1))
case("distance_box_iou", b, c, grads=(0, 1))
case("complete_box_iou", b, c, grads=(0, 1))
case("complete_box_iou", b, c, 0.01)
case("masks_to_boxes", (rand(4, 5, 6) > 0.85))
case("masks_to_boxes", torch.zeros(2, 3, 4))
case("masks_to_boxes", torch.zeros(0, 3, 4))

# ---- Losses
for name in ("generalized_box_iou_loss", "distance_box_iou_loss", "complete_box_iou_loss"):
    for reduction in ("none", "mean", "sum"):
        case(name, b, b.flip(0) + 0.7, reduction, grads=(0, 1))
    case(name, b[:0], b[:0], "mean")
    case(name, b[0], b[1], eps=0.01)
x, y = rand(3, 4) * 4 - 2, (rand(3, 4) > 0.5).float()
for kwargs in ({}, {"alpha": -1}, {"gamma": 1.5, "reduction": "mean"}, {"reduction": "sum"}):
    case("sigmoid_focal_loss", x, y, grads=(0,), **kwargs)

# ---- Regions
x = rand(2, 3, 8, 9)
k = rois(5, 2, 9)
for options in ({}, {"spatial_scale": 0.5}, {"sampling_ratio": 2}, {"aligned": True},
                {"spatial_scale": 1.3, "sampling_ratio": 3, "aligned": True}):
    case("roi_align", x, k, (3, 2), grads=(0,), **options)
case("roi_align", x, [k[:2, 1:], k[2:, 1:]], 2, grads=(0,))
case("roi_align", x, k * torch.tensor([1, -1, 1, 3, 2.0]), 4, grads=(0,))
case("roi_align", x.double(), k.double(), 2, grads=(0,))
case("roi_align", x, k[:0], 2, grads=(0,))
for options in ({}, {"spatial_scale": 0.5}, {"spatial_scale": 1.7}):
    case("roi_pool", x, k, (3, 2), grads=(0,), **options)
case("roi_pool", x, k * torch.tensor([1, -1, 1, 3, 2.0]), 4, grads=(0,))
x = rand(2, 12, 8, 9)
for options in ({}, {"spatial_scale": 0.5}, {"sampling_ratio": 2}):
    case("ps_roi_align", x, k, (3, 2), grads=(0,), **options)
for options in ({}, {"spatial_scale": 0.5}, {"spatial_scale": 1.7}):
    case("ps_roi_pool", x, k, (3, 2), grads=(0,), **options)

# ---- Deformable convolution
# No offset leads right onto a pixel, where the gradient jumps.
def offsets(*shape, reach):
    return rand(*shape) * reach - reach / 2 + 0.0003


x, weight, bias = rand(2, 4, 6, 5), rand(6, 4, 3, 2) - 0.5, rand(6)
case("deform_conv2d", x, offsets(2, 12, 4, 4, reach=4), weight, grads=(0, 1, 2))
case("deform_conv2d", x, offsets(2, 12, 4, 4, reach=9), weight, bias, mask=rand(2, 6, 4, 4), grads=(0, 1, 2, 3, "mask"))
case("deform_conv2d", x, offsets(2, 24, 3, 3, reach=3), rand(6, 2, 3, 2), bias, stride=(2, 3), padding=(1, 2), dilation=1,
     mask=rand(2, 12, 3, 3), grads=(0, 1, 2, 3, "mask"))
case("deform_conv2d", x, offsets(2, 12, 4, 3, reach=1), weight, stride=1, padding=(1, 0), dilation=(2, 2), grads=(0, 1, 2))
case("deform_conv2d", x.double(), offsets(2, 12, 4, 4, reach=4).double(), weight.double(), grads=(0, 1, 2))

for each in cases:
    print(json.dumps(each))
