"""Writes datasets.jsonl: what torchvision's datasets make of the files of archives.py, for tests/vision/datasets.test.ts.

    PYTHON tests/reference/vision/archives.py FOLDER
    PYTHON tests/reference/vision/datasets.py FOLDER > tests/reference/vision/datasets.jsonl

needs torch 2.14, torchvision 0.29, scipy and pycocotools. The files are so small that their MD5 cannot be the published one: here any is taken.
"""

import contextlib
import hashlib
import json
import os
import pathlib
import sys

import numpy as np
import torch
from PIL import Image
from torchvision import datasets, tv_tensors
from torchvision.tv_tensors import _dataset_wrapper

root = sys.argv[1]
for module in ("cifar", "svhn", "stl10", "flowers102", "celeba", "imagenet", "places365", "fer2013", "semeion", "omniglot", "lfw", "sbu"):
    getattr(datasets, module).check_integrity = lambda path, md5=None: os.path.isfile(path)

# Some take files in the order in which the file system has them; here they are sorted.
in_any_order, below = os.listdir, pathlib.Path.rglob
os.listdir = lambda folder=".": sorted(in_any_order(folder))
pathlib.Path.rglob = lambda folder, pattern: sorted(below(folder, pattern))


def written(value):
    if isinstance(value, Image.Image):
        array = np.asarray(value)
        if array.ndim == 3:
            array = array.transpose(2, 0, 1)
        return {"shape": list(array.shape), "md5": hashlib.md5(np.ascontiguousarray(array).tobytes()).hexdigest()}
    if isinstance(value, tv_tensors.TVTensor):
        text = repr(value).split("], ")[-1] if isinstance(value, tv_tensors.BoundingBoxes) else ""
        return {"class": type(value).__name__, "dtype": str(value.dtype), "values": value.tolist(), "fields": text}
    if isinstance(value, torch.Tensor) and value.numel() > 1000:
        return {"shape": list(value.shape), "md5": hashlib.md5(value.numpy().tobytes()).hexdigest()}
    if isinstance(value, (torch.Tensor, np.ndarray)):
        return {"tensor": value.tolist()}
    if isinstance(value, (tuple, list)):
        return [written(item) for item in value]
    if isinstance(value, dict):
        return {key: written(item) for key, item in value.items()}
    return value


# Pillow 13 reads 16 bits as uint16, with which torchvision's wrapper fails; earlier ones gave int32.
_dataset_wrapper.pil_image_to_mask = lambda image: tv_tensors.Mask(image.convert("I") if image.mode.startswith("I;16") else image)

cases = []


def printed(data):
    try:
        return repr(data).replace(root, "ROOT")
    except KeyError:
        return None  # Of some wrapped datasets, in torchvision.


def case(name, /, *parts, keep=(), wrap=None, **options):
    with contextlib.redirect_stdout(sys.stderr):
        data = getattr(datasets, name)(os.path.join(root, *parts), **options)
    if wrap is not None:
        data = datasets.wrap_dataset_for_transforms_v2(data, *wrap)
    shown = {
        key: [list(c) if isinstance(c, tuple) else c for c in getattr(data, key)]
        if isinstance(getattr(data, key), (list, tuple))
        else getattr(data, key)
        for key in keep
    }
    cases.append(
        {
            "name": name,
            "parts": parts,
            "options": {k: v.replace(root, "ROOT") if isinstance(v, str) else v for k, v in options.items()},
            "repr": printed(data),
            "items": [written(data[i]) for i in range(len(data))],
            "shown": shown,
            **({} if wrap is None else {"wrap": wrap}),
        }
    )


case("CIFAR10", keep=("classes", "class_to_idx", "targets"))
case("CIFAR10", train=False)
case("CIFAR100", train=False, keep=("targets",))
case("SVHN")
case("SVHN", split="test")
for split in ("train", "train+unlabeled", "unlabeled", "test"):
    case("STL10", split=split, keep=("classes",))
case("STL10", folds=5)
case("ImageFolder", "folder", keep=("classes", "class_to_idx", "targets"))
for target_type in ("category", "annotation", ["annotation", "category"]):
    case("Caltech101", target_type=target_type, keep=("categories",))
case("Caltech256", keep=("categories",))
case("Food101", keep=("classes", "class_to_idx"))
case("Food101", split="test")
for split in ("train", "val", "test"):
    case("Flowers102", split=split)
case("OxfordIIITPet", keep=("classes", "class_to_idx", "bin_class_to_idx"))
case("OxfordIIITPet", split="test", target_types=["binary-category", "segmentation", "category"])
case("OxfordIIITPet", target_types=[])
case("GTSRB")
case("GTSRB", split="test")
case("EuroSAT", keep=("classes",))
for target_type in ("attr", "identity", "bbox", "landmarks", ["bbox", "identity"]):
    case("CelebA", target_type=target_type, keep=("attr_names", "filename"))
case("CelebA", split="all", target_type=[])
case("VOCSegmentation", keep=())
case("VOCDetection")
case("USPS")
case("USPS", train=False)
case("EMNIST", split="letters", keep=("classes",))
case("EMNIST", split="letters", train=False)
case("QMNIST", keep=("classes",))
case("QMNIST", what="test10k", compat=False)
case("ImageNet", "imagenet", split="val", keep=("classes", "class_to_idx", "wnids", "wnid_to_idx"))
case("ImageNet", "imagenet", keep=("classes",))
case("DTD", keep=("classes", "class_to_idx"))
case("DTD", split="val", partition=7)
case("SUN397", keep=("classes", "class_to_idx"))
case("Places365", "places", keep=("classes", "class_to_idx", "targets", "variant"))
case("Places365", "places", split="val", small=True)
case("Places365", "places", split="test", keep=("targets",))
for folder in ("faces", "faces_fer", "faces_icml"):
    for split in ("train", "test"):
        case("FER2013", folder, split=split)
for split in ("train", "valid", "test"):
    case("Country211", split=split, keep=("classes", "class_to_idx", "targets"))
for level in ("variant", "family", "manufacturer"):
    case("FGVCAircraft", annotation_level=level, keep=("classes", "class_to_idx"))
case("FGVCAircraft", split="test")
case("Imagenette", size="160px", keep=("classes", "class_to_idx", "wnids", "wnid_to_idx"))
case("Imagenette", size="160px", split="val")
for split in ("train", "val"):
    case("RenderedSST2", split=split, keep=("classes", "class_to_idx"))
for split in ("train", "test"):
    case("CLEVRClassification", split=split)
case("SEMEION", download=False)
case("Omniglot", keep=("background",))
case("Omniglot", background=False)
for target_type in ("full", ["full", "kingdom", "family", "genus"]):
    case("INaturalist", "inaturalist", version="2021_valid", target_type=target_type, keep=("all_categories", "categories_index"))
for version in ("2017", "2018"):
    case("INaturalist", "inaturalist", version=version, target_type=["super", "full"], keep=("all_categories", "categories_map"))
case("LFWPeople", keep=("class_to_idx", "targets"))
case("LFWPeople", split="train")
case("LFWPairs", keep=("pair_names", "targets"))
case("LFWPairs", split="test")
case("Flickr8k", "flickr", ann_file=os.path.join(root, "flickr", "captions.html"))
case("Flickr30k", "flickr", ann_file=os.path.join(root, "flickr", "captions.token"), keep=("ids",))
for train in (True, False):
    case("Kitti", train=train)
for split in ("train", "val", "test"):
    case("WIDERFace", split=split)
case("MovingMNIST")
case("MovingMNIST", split="train", split_ratio=3)
case("MovingMNIST", split="test", split_ratio=17)
case("SBU", "sbu", download=False, keep=("photos", "captions"))
for split in ("train", "test"):
    case("StanfordCars", split=split, keep=("classes", "class_to_idx"))
case("Cityscapes", "cityscapes")
case("Cityscapes", "cityscapes", split="val", target_type=["color", "polygon", "semantic", "instance"])
case("Cityscapes", "cityscapes", split="val", mode="coarse", target_type="semantic")
for pass_name in ("clean", "both"):
    case("Sintel", pass_name=pass_name)
case("Sintel", split="test")
for split in ("train", "test"):
    case("KittiFlow", split=split)
    case("HD1K", split=split)
for split in ("train", "val"):
    case("FlyingChairs", split=split)
case("FlyingThings3D")
case("FlyingThings3D", pass_name="final", camera="both")
case("CarlaStereo")
case("CREStereo")
for name in ("Kitti2012Stereo", "Kitti2015Stereo", "InStereo2k", "ETH3DStereo"):
    for split in ("train", "test"):
        case(name, split=split)
for variant in ("single", "both"):
    case("FallingThingsStereo", variant=variant)
case("SceneFlowStereo")
case("SceneFlowStereo", variant="Monkaa", pass_name="both")
for pass_name in ("final", "both"):
    case("SintelStereo", pass_name=pass_name)

for keys in ([], ["all"], [["labels", "annotation"]]):
    case("VOCDetection", "wrapped", wrap=keys)
annotations = os.path.join(root, "wrapped", "coco", "annotations.json")
for keys in ([], ["all"], [["masks", "area"]]):
    case("CocoDetection", "wrapped", "coco", annFile=annotations, wrap=keys)
case("CocoCaptions", "coco", annFile=os.path.join(root, "coco", "annotations.json"), wrap=[])
case("VOCSegmentation", wrap=[])
for target_type in ("bbox", ["identity", "bbox"]):
    case("CelebA", target_type=target_type, wrap=[])
for keys in ([], ["all"], [["type", "labels"]]):
    case("Kitti", wrap=keys)
case("Kitti", train=False, wrap=[])
for target_types in ("segmentation", ["category", "segmentation"], "binary-category"):
    case("OxfordIIITPet", target_types=target_types, wrap=[])
case("Cityscapes", "cityscapes", wrap=[])
case("Cityscapes", "cityscapes", split="val", target_type=["semantic", "instance"], wrap=[])
for keys in ([], [["blur"]]):
    case("WIDERFace", wrap=keys)
case("WIDERFace", split="test", wrap=[])
case("Caltech101", wrap=[])
case("CIFAR10", wrap=[])

for calibration in ("perfect", "imperfect", "both"):
    case("Middlebury2014Stereo", calibration=calibration)
case("Middlebury2014Stereo", split="additional", calibration="imperfect")
case("Middlebury2014Stereo", split="test", calibration=None)
for train in (True, False):
    case("PhotoTour", "phototour", name="liberty", train=train, keep=("mean", "std"))
for image_set in ("train", "val"):
    case("SBDataset", "sbd", image_set=image_set)
    case("SBDataset", "sbd", image_set=image_set, mode="segmentation")
case("SBDataset", "sbd", mode="segmentation", wrap=[])

fake = datasets.FakeData(size=3, image_size=(3, 4, 5), num_classes=7, random_offset=2)
cases.append({"name": "FakeData", "repr": repr(fake), "items": [written(fake[i]) for i in range(3)], "shown": {}})
for each in cases:
    print(json.dumps(each))
