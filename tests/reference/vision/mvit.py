"""
Writes mvit.json beside this file: outputs of small MViTs whose height is not their width, so that relative positions are
interpolated, in evaluation and training. Run by hand, in a Python with torch and torchvision:

    python tests/reference/vision/mvit.py
"""

import json
import pathlib

import torch
from torchvision.models.video.mvit import MSBlockConfig, MViT

SETTINGS = [
    MSBlockConfig(2, 16, 32, [3, 3, 3], [3, 3, 3], [1, 2, 2], [1, 2, 2]),
    MSBlockConfig(4, 32, 32, [3, 3, 3], [3, 3, 3], [1, 1, 1], [1, 1, 1]),
]
# residual_pool, residual_with_cls_embed, rel_pos_embed, proj_after_attn
FLAGS = [(True, True, True, True), (True, False, True, False), (False, False, False, True)]

if __name__ == "__main__":
    rows = []
    for flags in FLAGS:
        torch.manual_seed(0)
        model = MViT((32, 48), 4, SETTINGS, *flags, num_classes=5, attention_dropout=0.1).eval()
        for parameter in model.parameters():
            torch.nn.init.normal_(parameter, std=0.2)
        torch.manual_seed(1)
        row = {"flags": flags, "eval": model(torch.randn(1, 3, 4, 32, 48)).flatten().tolist()}
        model.train()
        row["train"] = model(torch.randn(1, 3, 4, 32, 48)).flatten().tolist()
        rows.append(row)
    pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(rows, indent=2) + "\n")
