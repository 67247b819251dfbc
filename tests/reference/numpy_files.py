"""Files of numpy: python numpy_files.py make | items FOLDER, or read FOLDER '[names]'. All print what the arrays are."""
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
        "longdouble": np.zeros(2, dtype=np.longdouble),
    }
    for name, array in refused.items():
        np.save(f"{folder}/{name}.npy", array, allow_pickle=True)
    return {name: told(array) for name, array in made.items()}


def items():
    """Arrays of texts and times, and how numpy writes them."""
    stamps = ["1969-12-31T23:59:59.999999999", "2020-02-29T12:34:56.789", "NaT", "1600-03-01"]
    made = {"texts": np.array(["a", "bc", "", "d\u00e9f \U0001f600"]), "bytes": np.array([b"a", b"\x00\xff", b""]),
            "matrix": np.array([["a", "b'c"], ["\n", "x" * 9]]), "scalar text": np.array("hello"), "empty texts": np.zeros((0, 3), "U2"),
            "fortran texts": np.asfortranarray(np.array([["a", "b", "c"], ["d", "e", "f"]])),
            "many texts": np.array([f"n{i}" for i in range(1200)]), "some texts": np.array([f"name {i}" for i in range(40)]),
            "big texts": np.array(["a", "bc"], dtype=">U3"), "differences": np.array([1, -20, "NaT"], dtype="m8[s]"),
            "big times": np.array(["2020-01-01"], dtype=">M8[D]")}
    for unit in "Y M W D h m s ms us ns".split():
        made[f"times {unit}"] = np.array(stamps, dtype=f"M8[{unit}]")
    made["times 25s"] = np.array(["2020-01-01T00:00:50"], dtype="M8[25s]")
    answer = {}
    for name, array in made.items():
        np.save(f"{folder}/{name}.npy", array)
        as_texts = [text.item() for text in np.datetime_as_string(array.astype(array.dtype.newbyteorder("=")).ravel())] if array.dtype.kind == "M" else None
        answer[name] = {"dtype": str(array.dtype.newbyteorder("=")) if array.dtype.kind in "mM" else array.dtype.newbyteorder("<").str,
                        "str": str(array), "repr": repr(array.astype(array.dtype.newbyteorder("="))), "texts": as_texts,
                        "list": array.tolist() if array.dtype.kind == "U" else None}
    # The native order, under the type's name.
    header = "{'descr': 'float64', 'fortran_order': False, 'shape': (2,), }".ljust(117) + "\n"
    with open(f"{folder}/named.npy", "wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode() + np.array([1.5, -2]).tobytes())
    answer["named"] = {"list": np.load(f"{folder}/named.npy").tolist()}
    return answer


def read(names):
    answer = {}
    for name in names:
        loaded = np.load(f"{folder}/{name}")
        answer[name] = {key: told(loaded[key]) for key in loaded.files} if name.endswith("z") else told(loaded)
    return answer


json.dump({"make": make, "items": items}[command]() if command != "read" else read(json.loads(rest[0])), sys.stdout)
