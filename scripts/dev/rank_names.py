"""Ranks what lib/generated/ gives users by how often Python programs call it.

    .venv/bin/python scripts/dev/rank_names.py FOLDER... > scripts/dev/name_ranking.txt

The most used functions and methods have examples in their documentation (scripts/dev/descriptions/examples/). Counted are calls such
as `torch.NAME(`, `torch.fft.NAME(`, `F.NAME(` and `.NAME(` in the Python files below the folders. The committed ranking
is that of pytorch/examples, timm and transformers. Python's own types have methods of the same names (`dict.values`,
`list.sort`), which are counted with them.
"""

import collections
import pathlib
import re
import sys

LIB = pathlib.Path(__file__).parents[2] / "lib"
NAMESPACES = ("fft", "linalg", "special", "sparse", "nested")
CALL = re.compile(rf"(?:\b(torch\.(?:{'|'.join(NAMESPACES)})|torch|F|functional))?\.(\w+)\(")


def exported(path: pathlib.Path, generated: bool) -> set[str]:
    """The names that a file exports from other files: from generated ones, or from those written by hand."""
    names: set[str] = set()
    for text, source in re.findall(r"^export \{([^}]*)\} from '([^']*)';", path.read_text(), re.MULTILINE):
        if ("generated/" in source) == generated:
            names.update(entry.split()[-1] for entry in text.split(",") if entry.strip())
    return names


def public_names() -> dict[str, set[str]]:
    """The generated functions of each namespace that users reach, and the generated methods."""
    tables = (LIB / "generated" / "tables.ts").read_text()
    names = {
        space: {name for name in re.findall(r'^  "(\w+)":', body, re.MULTILINE) if not name.startswith("_")}
        for space, body in re.findall(r"^export const (\w+)_table[^{]*\{\n(.*?)^\};", tables, re.MULTILINE | re.DOTALL)
    }
    names["torch"] -= exported(LIB / "index.ts", generated=False)
    names["method"] &= set(re.findall(r"^  (\w+)\(", (LIB / "generated" / "tensor_methods.ts").read_text(), re.MULTILINE))
    names["nn"] = exported(LIB / "nn" / "functional" / "index.ts", generated=True)
    return names


def calls(folders: list[str]) -> collections.Counter:
    """How often each (what stands before the point, name) is called."""
    counted: collections.Counter = collections.Counter()
    for folder in folders:
        for path in sorted(pathlib.Path(folder).rglob("*.py")):
            counted.update(CALL.findall(path.read_text(errors="replace")))
    return counted


def ranking(names: dict[str, set[str]], counted: collections.Counter) -> list[tuple[str, int, int, int]]:
    """(name, calls as torch.NAME, as F.NAME, as .NAME of anything else), the most used first."""
    rows = []
    for name in names["torch"] | names["method"] | names["nn"]:
        of_torch = counted["torch", name] if name in names["torch"] else 0
        of_functional = counted["F", name] + counted["functional", name] if name in names["nn"] else 0
        of_tensors = counted["", name] if name in names["method"] else 0
        rows.append((name, of_torch, of_functional, of_tensors))
    for space in NAMESPACES:
        rows += [(f"{space}.{name}", counted[f"torch.{space}", name], 0, 0) for name in names[space]]
    return sorted((row for row in rows if sum(row[1:])), key=lambda row: (-sum(row[1:]), row[0]))


def main() -> int:
    if len(sys.argv) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    print("# rank, name, calls as torch.NAME(, as F.NAME(, as .NAME(; written by rank_names.py")
    for rank, (name, *counts) in enumerate(ranking(public_names(), calls(sys.argv[1:])), 1):
        print(f"{rank:4} {name:40} {' '.join(f'{count:6}' for count in counts)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
