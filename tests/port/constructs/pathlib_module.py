"""Paths, patterns of names, and files that are nowhere."""
import glob
import io
import os
import tempfile
from pathlib import Path

import torch

root = Path(tempfile.mkdtemp())
data = root / "data" / "raw"
data.mkdir(parents=True, exist_ok=True)
data.mkdir(parents=True, exist_ok=True)
for name in ["b.txt", "a.txt", "c.csv"]:
    (data / name).write_text(name.upper())
print(data.name, data.parent.name, (data / "a.txt").stem, (data / "a.txt").suffix, data.exists(), (data / "z").exists())
print(sorted(p.name for p in data.glob("*.txt")), sorted([p.name for p in data.iterdir()]))
print((data / "a.txt").read_text(), (data / "a.txt").with_suffix(".md").name, Path("x") / "y", Path("a/./b//c"))
with (data / "d.txt").open("w") as f:
    f.write("four\n")
with open(data / "d.txt") as f:
    print(f.read().strip())
print(sorted(os.path.basename(p) for p in glob.glob(str(data / "*.txt"))), len(glob.glob(os.path.join(str(root), "**", "*.csv"), recursive=True)))
torch.save({"w": torch.ones(2)}, root / "w.pt")
print(torch.load(root / "w.pt")["w"], (root / "w.pt").is_file(), root.is_dir())
print(str(Path("models") / "net.pt"), os.path.join(str(Path("x")), "y"), repr(Path("q")), Path("a") == Path("a/"))

buffer = io.BytesIO()
torch.save(torch.arange(3), buffer)
buffer.seek(0)
print(torch.load(buffer), len(buffer.getvalue()) > 100)
text = io.StringIO("one\ntwo\n")
print([line.strip() for line in text])
out = io.StringIO()
out.write("written")
print(out.getvalue())
