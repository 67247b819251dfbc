"""Files of numpy: python numpy_files.py FOLDER make | read '[names]'. Both print what the arrays are."""
import json
import sys

import numpy as np

command, folder, *rest = sys.argv[1], sys.argv[2], *sys.argv[3:]

types = "bool int8 uint8 int16 uint16 int32 uint32 int64 uint64 float16 float32 float64 complex64 complex128".split()


def told(array):
    little = np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<"))
    # ascontiguousarray gives arrays without dimensions one
    return {"dtype": array.dtype.name, "shape": list(array.shape), "hex": little.tobytes().hex()}


def arrays():
    made = {}
    for name in types:
        bits = np.arange(np.dtype(name).itemsize * 6, dtype=np.uint8)
        made[name] = (bits % 2).astype(bool).reshape(2, 3) if name == "bool" else bits.view(name).reshape(2, 3)
    for name in ("int16", "uint32", "float64", "float16", "complex64", "complex128"):
        made[f"big {name}"] = made[name].astype(np.dtype(name).newbyteorder(">"))
    made.update({
        "fortran": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        "fortran 3": np.asfortranarray(np.arange(24).reshape(2, 3, 4)),
        "strided": np.arange(12)[::2], "transposed": np.arange(24).reshape(2, 3, 4).transpose(1, 0, 2),
        "scalar": np.array(2.5),
        "empty": np.zeros((0, 3)), "empty fortran": np.zeros((3, 0), order="F"), "one": np.arange(5),
        "column": np.arange(4).reshape(4, 1), "five": np.arange(32).reshape(2, 2, 2, 2, 2),
    })
    return made


def make():
    made = arrays()
    for name, array in made.items():
        np.save(f"{folder}/{name}.npy", array)
    np.savez(f"{folder}/plain.npz", made["int32"], x=made["float64"], y=made["fortran"])
    np.savez_compressed(f"{folder}/packed.npz", made["int32"], x=made["float64"], y=made["fortran"])
    with open(f"{folder}/version 2.npy", "wb") as file:
        np.lib.format.write_array(file, made["float32"], version=(2, 0))
    refused = {
        "structured": np.zeros(2, dtype=[("a", "i4"), ("b", "f8")]), "objects": np.array([1, "a"], dtype=object),
        "texts": np.array(["a", "bc"]),
        "bytes": np.array([b"a"]), "times": np.array(["2020-01-01"], dtype="datetime64[D]"),
        "longdouble": np.zeros(2, dtype=np.longdouble),
    }
    for name, array in refused.items():
        np.save(f"{folder}/{name}.npy", array, allow_pickle=True)
    return {name: told(array) for name, array in made.items()}


def read(names):
    answer = {}
    for name in names:
        loaded = np.load(f"{folder}/{name}")
        answer[name] = {key: told(loaded[key]) for key in loaded.files} if name.endswith("z") else told(loaded)
    return answer


json.dump(make() if command == "make" else read(json.loads(rest[0])), sys.stdout)
