"""Checks models of ONNX and runs them, for tests/parity/onnx.ts.

Reads lines `<path of the model>\t<path of inputs and results>`, and answers each by a JSON document a line: the largest
difference, or what the checker or the runtime says. Needs the packages onnx and onnxruntime.
"""
import json
import sys

import numpy
import onnx
import onnxruntime

onnxruntime.set_default_logger_severity(4)


def difference(ours, theirs):
    if ours.shape != theirs.shape:
        raise ValueError(f"shape {list(ours.shape)}, not {list(theirs.shape)}")
    if ours.dtype != theirs.dtype:
        raise ValueError(f"dtype {ours.dtype}, not {theirs.dtype}")
    if ours.size == 0:
        return 0.0
    a, b = ours.astype(numpy.float64), theirs.astype(numpy.float64)
    same = (a == b) | (numpy.isnan(a) & numpy.isnan(b))
    with numpy.errstate(invalid="ignore"):
        apart = numpy.where(same, 0.0, numpy.abs(a - b) / numpy.maximum(1.0, numpy.abs(b)))
    return float(numpy.nan_to_num(apart, nan=numpy.inf).max())


def check(path, arrays):
    model = onnx.load(path)
    onnx.checker.check_model(path, full_check=True)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    given = [arrays[f"in{i}"] for i in range(sum(name.startswith("in") for name in arrays))]
    names = [x.name for x in session.get_inputs()]
    if len(names) != len(given):
        raise ValueError(f"{len(names)} inputs, not {len(given)}")
    results = session.run(None, dict(zip(names, given)))
    expected = [arrays[f"out{i}"] for i in range(sum(name.startswith("out") for name in arrays))]
    if len(results) != len(expected):
        raise ValueError(f"{len(results)} outputs, not {len(expected)}")
    found = [difference(a, b) for a, b in zip(results, expected)]
    return {"difference": max(found, default=0.0), "nodes": len(model.graph.node)}


for line in sys.stdin:
    path, arrays = line.rstrip("\n").split("\t")
    try:
        answer = check(path, numpy.load(arrays))
    except Exception as error:
        text = " ".join(str(error).strip().split())
        answer = {"error": f"{type(error).__name__}: {text}"[:400]}
    print(json.dumps(answer), flush=True)
