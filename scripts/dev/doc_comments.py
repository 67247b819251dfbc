"""The documentation comments of lib/generated/, from the descriptions in scripts/dev/descriptions/.

Each file there describes the functions of one subject; a line that does not start at the margin continues the last one:

    # a comment
    [torch]                               the package that the following names belong to
    $same: The shape of `input`.          a text that several descriptions share
    abs: What it does. | $same Notes on shapes and dtypes. | @throws Error when ...
    absolute = abs                        another name of a function, of another package as `torch.abs`
    _cast_*: What it does.                names with an underscore in front may be described by a pattern

What follows from a name needs no line: `abs_` works in place, `expand_copy` copies, `_foreach_abs` takes lists,
`_softmax` is private and behind `softmax`.
"""

import dataclasses
import fnmatch
import pathlib
import re
import textwrap

WIDTH = 120
PRIVATE = "Private to PyTorch; may change with any version."
# What a note says of the result does not hold for the form that works in place; nor does "a view" for a copy.
OF_THE_RESULT = re.compile(r"(The result|Shapes? |A copy|A view|The same shape|Integers give|[Ff]loat32 gives|dtype)")
OF_A_VIEW = re.compile(r"(A view|A list of views)")


class DescriptionError(Exception):
    """What is wrong with the descriptions, one line each."""


@dataclasses.dataclass(frozen=True)
class Description:
    summary: str
    notes: str = ""
    throws: str = ""
    # Says how a form or an alias of a function leads to what is said of the function itself.
    introduction: str = ""

    def without(self, sentences: re.Pattern) -> "Description":
        kept = [s for s in re.split(r"(?<=\.)\s+", self.notes) if not sentences.match(s)]
        return dataclasses.replace(self, notes=" ".join(kept))

    def of_method(self) -> "Description":
        """The first argument of a function is the object that a method belongs to."""
        return dataclasses.replace(
            self, summary=self.summary.replace("`input`", "`this`"), notes=self.notes.replace("`input`", "`this`")
        )

    def quoted(self) -> list[str]:
        """The arguments and functions that are named; what is written by hand (`nn.LSTM`) does not count."""
        return re.findall(r"`(?!nn\.)([A-Za-z_][\w.]*)`", f"{self.summary} {self.notes} {self.throws}")

    def named(self, introduction: str) -> "Description":
        return dataclasses.replace(self, introduction=introduction)


def entries(path: pathlib.Path) -> list[tuple[int, str]]:
    """The lines of a file with their continuations, each with its number."""
    joined: list[tuple[int, str]] = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        if line[0].isspace() and joined:
            joined[-1] = (joined[-1][0], f"{joined[-1][1]} {line.strip()}")
        else:
            joined.append((number, line.rstrip()))
    return joined


def expanded(text: str, shared: dict[str, str], place: str) -> str:
    for name in re.findall(r"\$(\w+)", text):
        if name not in shared:
            raise DescriptionError(f"{place}: there is no ${name} above")
    return re.sub(r"\$(\w+)", lambda match: shared[match[1]], text)


def described(text: str) -> Description:
    summary, *parts = re.split(r"\s\|\s", text)
    notes = [part for part in parts if not part.startswith("@throws")]
    throws = [part for part in parts if part.startswith("@throws")]
    return Description(summary, " ".join(notes), " ".join(throws))


class Descriptions:
    """What is described, by package and name."""

    def __init__(self, folder: pathlib.Path):
        self.by_name: dict[tuple[str, str], Description] = {}
        self.where: dict[tuple[str, str], str] = {}
        aliases: dict[tuple[str, str], str] = {}
        for path in sorted(folder.glob("*.txt")):
            self.read(path, aliases)
        for key, target in aliases.items():
            package, _, name = target.rpartition(".")
            found = self.by_name.get((package or key[0], name))
            if found is None:
                raise DescriptionError(f"{self.where[key]}: {key[1]} is another name of {target}, which has no line")
            self.by_name[key] = found.named(f"Alias of `{target}`.")

    def read(self, path: pathlib.Path, aliases: dict[tuple[str, str], str]) -> None:
        package = ""
        shared: dict[str, str] = {}
        for number, line in entries(path):
            place = f"{path.name}:{number}"
            if match := re.fullmatch(r"\[([\w.]+)\]", line):
                package, shared = match[1], {}
            elif match := re.fullmatch(r"\$(\w+): (.+)", line):
                shared[match[1]] = expanded(match[2], shared, place)
            elif package and (match := re.fullmatch(r"([\w*]+)(?:: | = )(.+)", line)):
                key = (package, match[1])
                if key in self.where:
                    raise DescriptionError(f"{place}: {match[1]} is described in {self.where[key]} too")
                self.where[key] = place
                if line.startswith(f"{match[1]} = "):
                    aliases[key] = match[2]
                    continue
                self.by_name[key] = described(expanded(match[2], shared, place))
            else:
                raise DescriptionError(f"{place}: neither a package nor a description: {line}")

    def find(self, packages: tuple[str, ...], name: str) -> tuple[str, Description] | None:
        """What is said of a name itself, with the package where it was found."""
        for package in packages:
            if (package, name) in self.by_name:
                return package, self.by_name[package, name]
        return None

    def pattern(self, packages: tuple[str, ...], name: str) -> tuple[str, Description] | None:
        for (package, pattern), description in self.by_name.items():
            if package in packages and "*" in pattern and fnmatch.fnmatchcase(name, pattern):
                return package, description
        return None

    def derived(self, packages: tuple[str, ...], name: str) -> tuple[str, Description] | None:
        """What is said of a name, or follows from what is said of another one."""
        if found := self.find(packages, name):
            return found
        if name.startswith("_foreach_"):
            base = name.removeprefix("_foreach_").removesuffix("_")
            form = ", in place" if name.endswith("_") else ""
            if found := self.find(packages, base):
                return found[0], Description(f"`{base}` of each tensor of a list{form}. {found[1].summary}")
        if name.startswith("_") and (found := self.pattern(packages, name)):
            return found
        if name.endswith("_") and (found := self.derived(packages, name[:-1])):
            return found[0], found[1].without(OF_THE_RESULT).named(f"In-place form of `{name[:-1]}`.")
        base = name.removesuffix("_copy")
        if base != name and (found := self.find(packages, base)):
            return found[0], found[1].without(OF_A_VIEW).named(f"`{base}` whose result is a copy.")
        if name.startswith("_"):
            if found := self.find(packages, name.strip("_")):
                return found[0], Description(f"Behind `{name.strip('_')}`. {found[1].summary}")
            if match := re.fullmatch(r"_(\w+)_backward(_data)?", name):
                return packages[0], Description(f"Gradient of `{match[1]}`.")
        return None

    def unknown(self, names: dict[str, set[str]]) -> list[str]:
        """Complaints about what is described and does not exist, given the names of each package."""
        complaints = []
        for (package, name), place in self.where.items():
            known = names.get(package)
            if known is None:
                complaints.append(f"{place}: there is no package {package}")
            elif "*" in name and not fnmatch.filter(known, name) or "*" not in name and name not in known:
                complaints.append(f"{place}: {package} has no {name}")
        return complaints


class Documentation:
    """Comments for what is generated, and complaints about what is not as it should be."""

    def __init__(self, folder: pathlib.Path, packages: dict[str, tuple[str, ...]]):
        self.descriptions = Descriptions(folder)
        self.packages = packages
        self.missing: list[str] = []
        # The names of each package, with the names of their arguments.
        self.names: dict[str, dict[str, set[str]]] = {}

    def comment(self, space: str, name: str, aten: list[str], arguments: set[str], indent: str = "") -> str:
        packages = self.packages[space]
        for package in packages:
            self.names.setdefault(package, {}).setdefault(name, set()).update(arguments)
        package, description = self.descriptions.derived(packages, name) or (packages[0], None)
        method = space == "method"
        if method:
            package = "Tensor"
        if description is None and not name.startswith("_"):
            self.missing.append(f"{package}.{name} has no description")
        if description is not None and method:
            description = description.of_method()
        return comment(description, f"{package}.{name}", name, aten, indent)

    def complaints(self) -> list[str]:
        """One line for each name that lacks a description, or is described and does not exist."""
        functions = set().union(*self.names.values())
        known = {package: set(names) for package, names in self.names.items()}
        complaints = self.missing + self.descriptions.unknown(known)
        for (package, name), description in self.descriptions.by_name.items():
            arguments = self.names.get(package, {}).get(name)
            if arguments is None:
                continue
            for quoted in description.quoted():
                if quoted not in arguments and quoted.rpartition(".")[2] not in functions:
                    place = self.descriptions.where[package, name]
                    complaints.append(f"{place}: {name} has no argument `{quoted}`, nor is it a function")
        return complaints


# Shapes and tuples, which are set as code: a star would begin emphasis.
TUPLE = re.compile(
    r"(?<![\w`])\((?:(?:[^()]|\([^()]*\))*\*(?:[^()]|\([^()]*\))*|\w+(?:, \w[\w /·²]*)+|\w)\)"
)
# What would begin a list or a quotation at the start of a line stays with the word before it.
MARKER = re.compile(r" (?=(?:[-+>#]|\d+[.)]) )")


def wrapped(text: str, width: int) -> list[str]:
    text = TUPLE.sub(lambda match: f"`{match[0].replace('`', '')}`", text)
    lines = textwrap.wrap(MARKER.sub("\0", text), width, break_long_words=False, break_on_hyphens=False)
    return [line.replace("\0", " ") for line in lines]


def comment(description: Description | None, mirrors: str, name: str, aten: list[str], indent: str) -> str:
    """The comment in front of a function."""
    names = ", ".join(f"`aten::{n}`" for n in aten[:3]) + (f" and {len(aten) - 3} more" if len(aten) > 3 else "")
    private = PRIVATE if name.startswith("_") and not name.startswith("__") else ""
    mirror = f"Mirrors `{mirrors}`; {names}."
    if description is None:
        paragraphs = [private, mirror]
    else:
        introduced = f"{description.introduction} {description.summary}".strip()
        paragraphs = [introduced, description.notes, private, mirror, description.throws]
    return block(paragraphs, indent)


def block(paragraphs: list[str], indent: str = "") -> str:
    """A comment of paragraphs, each on lines of its own unless all of them fit into one."""
    one_line = wrapped(" ".join(filter(None, paragraphs)), WIDTH - len(indent) - len("/**  */"))
    if len(one_line) == 1 and "@throws" not in one_line[0]:
        return f"{indent}/** {one_line[0]} */"
    lines = [line for paragraph in paragraphs for line in wrapped(paragraph, WIDTH - len(indent) - len(" * "))]
    return "\n".join([f"{indent}/**", *(f"{indent} * {line}" for line in lines), f"{indent} */"])
