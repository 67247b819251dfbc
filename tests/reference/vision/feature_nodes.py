"""What torchvision's feature_extraction gives: `python feature_nodes.py > feature_nodes.json` with torchvision 0.29.

For each model the names of nodes for training and evaluation (how many, and their MD5), and of some nodes the shapes and means of outputs.
"""

import hashlib
import json
import sys
import warnings

import torch
from torchvision import models
from torchvision.models.feature_extraction import create_feature_extractor, get_graph_node_names

# Nodes by their names, and shortened names.
MODELS = {
    "resnet18": ["layer1.0.relu_1", "layer2.1.add", "layer3", "flatten"],
    "alexnet": ["features.4", "flatten", "classifier"],
    "vgg11": ["features", "avgpool"],
    "squeezenet1_1": ["features.3.cat", "classifier.2"],
    "densenet121": ["features.denseblock1.denselayer2.cat", "features.transition1", "relu", "adaptive_avg_pool2d"],
    "mobilenet_v2": ["features.3.conv.2", "features.8.add", "adaptive_avg_pool2d"],
    "mobilenet_v3_small": ["features.1.block", "features.5.add", "flatten"],
    "efficientnet_b0": ["features.3.1.add", "features.4"],
    "regnet_y_400mf": ["trunk_output.block2.block2-1.add", "trunk_output.block3"],
    "convnext_tiny": ["features.1.0.mul", "features.3.2", "classifier.1"],
    "mnasnet0_5": ["layers.8.1.layers.7", "mean"],
    "googlenet": ["inception3a.cat", "inception4e"],
    "inception_v3": ["Mixed_5b.cat", "Mixed_6e"],
}


def described(names):
    return [len(names), hashlib.md5("\n".join(names).encode()).hexdigest()]


def main():
    warnings.simplefilter("ignore")
    found = {}
    for name, nodes in MODELS.items():
        torch.manual_seed(0)
        options = {"init_weights": False} if name in ("googlenet", "inception_v3") else {}
        model = models.get_model(name, **options).eval()
        train, evaluation = get_graph_node_names(model)
        image = torch.linspace(-1, 1, 3 * 96 * 96).view(1, 3, 96, 96)
        extractor = create_feature_extractor(model, nodes)
        with torch.no_grad():
            outputs = extractor(image)
        found[name] = {
            "train": described(train),
            "eval": described(evaluation),
            "parameters": len(list(extractor.parameters())),
            "nodes": {key: [list(value.shape), value.double().mean().item()] for key, value in outputs.items()},
        }
    json.dump(found, sys.stdout, indent=1)
    print()


main()
