"""Reads event files.

Arguments: "read" and a folder: prints a JSON object with the events of each folder below it, in the order of files; times are
left out, images are their pixels, and names of graphs are the order of their nodes. "accumulate" and a folder: what
TensorBoard's EventAccumulator has of it.
"""
import io
import json
import os
import sys

import numpy as np
from google.protobuf.json_format import MessageToDict
from PIL import Image, ImageSequence
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.backend.event_processing.event_file_loader import RawEventFileLoader
from tensorboard.compat.proto.config_pb2 import RunMetadata
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.graph_pb2 import GraphDef
from tensorboard.plugins.custom_scalar.layout_pb2 import Layout
from tensorboard.plugins.hparams.plugin_data_pb2 import HParamsPluginData
from tensorboard.plugins.mesh.plugin_data_pb2 import MeshPluginData
from tensorboard.plugins.pr_curve.plugin_data_pb2 import PrCurvePluginData
from tensorboard.plugins.text.plugin_data_pb2 import TextPluginData

PLUGINS = {"hparams": HParamsPluginData, "mesh": MeshPluginData, "pr_curves": PrCurvePluginData, "text": TextPluginData}


def pixels(encoded):
    image = Image.open(io.BytesIO(encoded))
    frames = [np.array(frame.convert("RGBA")).tolist() for frame in ImageSequence.Iterator(image)]
    return {"format": image.format, "mode": image.mode, "frames": frames, "duration": image.info.get("duration")}


def canonical_graph(graph):
    order = {node.name: i for i, node in enumerate(graph.node)}
    nodes = []
    for node in graph.node:
        attributes = MessageToDict(node)["attr"]
        nodes.append({
            "op": node.op,
            "scope": node.name.rsplit("/", 1)[0],
            "inputs": [order.get(name, name.rsplit("/", 1)[0]) for name in node.input],
            "attributes": node.attr["attr"].s.decode(),
            "shapes": attributes.get("_output_shapes"),
        })
    return {"nodes": nodes, "versions": MessageToDict(graph.versions)}


def value_of(value):
    described = MessageToDict(value)
    if value.HasField("image"):
        described["image"]["encodedImageString"] = pixels(value.image.encoded_image_string)
    if value.HasField("histo"):
        # The order of this sum is that of a BLAS.
        described["histo"]["sumSquares"] = f"{value.histo.sum_squares:.12g}"
    if value.HasField("tensor") and value.tag == "custom_scalars__config__":
        described["tensor"]["stringVal"] = [MessageToDict(Layout.FromString(text)) for text in value.tensor.string_val]
    plugin = value.metadata.plugin_data
    if plugin.plugin_name in PLUGINS:
        content = PLUGINS[plugin.plugin_name].FromString(plugin.content)
        described["metadata"]["pluginData"]["content"] = MessageToDict(content)
    return described


def event_of(data):
    event = Event.FromString(data)
    described = MessageToDict(event)
    if event.wall_time > 1e9:
        described["wallTime"] = "now"
    if event.HasField("summary"):
        described["summary"] = [value_of(value) for value in event.summary.value]
    if event.HasField("graph_def"):
        described["graphDef"] = canonical_graph(GraphDef.FromString(event.graph_def))
    if event.HasField("tagged_run_metadata"):
        described["taggedRunMetadata"]["runMetadata"] = MessageToDict(RunMetadata.FromString(event.tagged_run_metadata.run_metadata))
    return described


def read(folder):
    found = {}
    for path, _, files in sorted(os.walk(folder)):
        name = os.path.relpath(path, folder)
        # By their running numbers.
        events = sorted((file for file in files if "tfevents" in file), key=lambda file: int(file.split(".")[-1 if not file.endswith(".end") else -2]))
        found[name] = [[event_of(data) for data in RawEventFileLoader(os.path.join(path, file)).Load()] for file in events]
        for file in sorted(set(files) - set(events)):
            with open(os.path.join(path, file), "rb") as opened:
                content = opened.read()
            found[f"{name}/{file}"] = pixels(content) if file.endswith("png") else content.decode()
    return found


def accumulate(folder):
    accumulator = EventAccumulator(folder, size_guidance={name: 0 for name in
                                                          ("scalars", "tensors", "images", "audio", "histograms")})
    accumulator.Reload()
    tags = accumulator.Tags()
    return {
        "tags": {kind: sorted(value) if isinstance(value, list) else value for kind, value in tags.items()},
        "scalars": {tag: [[e.step, repr(e.value)] for e in accumulator.Scalars(tag)] for tag in tags["scalars"]},
        "histograms": {tag: [[e.step, e.histogram_value.bucket] for e in accumulator.Histograms(tag)]
                       for tag in tags["histograms"]},
        "images": {tag: [[e.step, e.width, e.height] for e in accumulator.Images(tag)] for tag in tags["images"]},
    }


command, folder = sys.argv[1:]
print(json.dumps(read(folder) if command == "read" else accumulate(folder)))
