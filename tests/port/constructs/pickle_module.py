"""pickle of data, to files and to bytes."""
import os
import pickle
import tempfile

import torch

path = os.path.join(tempfile.mkdtemp(), "data.pkl")
vocabulary = {"itos": {0: "a", 1: "b"}, "stoi": {"a": 0, "b": 1}, "sizes": [1, 2.5, None, True], "shape": (3, 4)}
with open(path, "wb") as f:
    pickle.dump(vocabulary, f)
    pickle.dump(["second", {1, 2}], f, protocol=pickle.HIGHEST_PROTOCOL)
with open(path, "rb") as f:
    loaded = pickle.load(f)
    print(loaded == vocabulary, loaded["itos"][1], loaded["stoi"]["b"], loaded["sizes"], loaded["shape"])
    print(pickle.load(f), f.tell() == os.path.getsize(path))
    try:
        pickle.load(f)
    except EOFError as e:
        print("no more:", e)
    f.seek(0)
    print(sorted(pickle.load(f)))
state = pickle.loads(pickle.dumps({"weight": torch.arange(4.0).view(2, 2), "step": 7}))
print(state["weight"], state["step"])
print(type(pickle.dumps(0)).__name__)
