"""The documentation comments of lib/generated/, from the descriptions in scripts/dev/descriptions/.

Each file there describes the functions of one subject; a line that does not start at the margin continues the last one:

    # a comment
    [torch]                               the package that the following names belong to
    $same: Shapes: input (*), output (*). a text that several descriptions share
    abs: What it does. | $same | @returns a new tensor | @throws Error when ...
    absolute = abs                        another name of a function, of another package as `torch.abs`
    _cast_*: What it does.                names with an underscore in front may be described by a pattern

    [arguments]                           what `@param` says of arguments, by name, for all packages
    dim: the dimension
    dim (sum mean fft.*): the dimensions  other words for some functions and their forms; the first line that fits counts
    outs: tensors to write to             for `out` where it stands for several

What follows from a name needs no line: `abs_` works in place, `expand_copy` copies, `_foreach_abs` takes lists,
`_softmax` is private and behind `softmax`. Defaults of arguments come from the schemas.

The folder examples/ there has examples, below a heading with the names that show them:

    ## abs
    ```ts
    print(torch.abs(torch.tensor([-1, 2])));
    ```
    ```python
    print(torch.abs(torch.tensor([-1, 2])))
    ```
"""

import dataclasses
import fnmatch
import pathlib
import re
import textwrap

WIDTH = 120
PRIVATE = "Private to PyTorch; may change with any version."
# What a note says of the result does not hold for the form that works in place; nor does "a view" for a copy.
OF_THE_RESULT = re.compile(r"(The result|Shapes?:? |A copy|A view|The same shape|Integers give|[Ff]loat32 gives|dtype)")
OF_A_VIEW = re.compile(r"(A view|A list of views)")
# The number of functions and methods, the most used ones, that must have examples.
MOST_USED = 200


class DescriptionError(Exception):
    """Errors in the descriptions, one per line."""


@dataclasses.dataclass(frozen=True)
class Description:
    summary: str
    notes: str = ""
    returns: str = ""
    throws: str = ""
    # What `@param` says of arguments, where the table of arguments has other words.
    arguments: dict[str, str] = dataclasses.field(default_factory=dict)
    # Says how a form or an alias of a function leads to what is said of the function itself.
    introduction: str = ""

    def without(self, sentences: re.Pattern) -> "Description":
        kept = [s for s in re.split(r"(?<=\.)\s+", self.notes) if not sentences.match(s)]
        return dataclasses.replace(self, notes=" ".join(kept))

    def of_method(self) -> "Description":
        """The first argument of a function is the object that a method belongs to."""
        texts = {field: of_this(getattr(self, field)) for field in ("summary", "notes", "returns")}
        return dataclasses.replace(self, **texts)

    def quoted(self) -> list[str]:
        """The arguments and functions that are named; what is written by hand (`nn.LSTM`) does not count."""
        return re.findall(r"`(?!nn\.)([A-Za-z_][\w.]*)`", f"{self.summary} {self.notes} {self.returns} {self.throws}")

    def named(self, introduction: str) -> "Description":
        return dataclasses.replace(self, introduction=introduction)


def of_this(text: str) -> str:
    return text.replace("`input`", "`this`").replace("Shapes: input ", "Shapes: this ")


@dataclasses.dataclass
class Call:
    """The data of a comment, from all overloads of a function."""

    aten: list[str]
    # The arguments in order, with their defaults in JavaScript: "" where there is none.
    arguments: dict[str, str]
    # The type of the result in the schema, and the names of its elements.
    returns: str
    names: list[str]
    # How many tensors `out` stands for.
    outs: int = 0


def call_of(groups, method: bool) -> Call:
    """The call of a function or method, from its groups of overloads (torchgen's `PythonSignatureGroup`)."""
    call = Call([], {}, "", [])
    defaults: dict[str, set[str]] = {}
    for group in groups:
        forms = [form for form in (group.base, group.outplace) if form is not None]
        call.aten += [str(form.func.name) for form in forms]
        if any(re.search("Dimname|Storage|Stream", str(a.type)) for form in forms for a in form.func.arguments.flat_all):
            continue
        for form in forms:
            outs = {a.name for a in form.func.arguments.out}
            call.outs = max(call.outs, len(outs))
            for argument in form.func.arguments.flat_all:
                name = "input" if argument.name == "self" else "out" if argument.name in outs else argument.name
                if not (method and name == "input"):
                    defaults.setdefault(name, set()).add(default_text(argument.default))
        if group.base.func.arguments.tensor_options is not None and not method:
            defaults.setdefault("requires_grad", set()).add("false")
        returns = group.base.func.returns
        call.returns = call.returns or ", ".join(str(result.type) for result in returns)
        call.names = call.names or [result.name or "" for result in returns]
    last = ("dtype", "layout", "device", "pin_memory", "requires_grad", "out")
    for name in sorted(defaults, key=lambda name: last.index(name) if name in last else -1):
        texts = defaults[name]
        call.arguments[name] = texts.pop() if len(texts) == 1 else ""
    return call


def default_text(default: str | None) -> str:
    """A default of the schemas as JavaScript writes it."""
    if default is None or default in ("None", "[]", ""):
        return ""
    if default in ("True", "False"):
        return default.lower()
    if default.startswith('"'):
        return f"'{default[1:-1]}'"
    named = {"Mean": "1", "contiguous_format": "torch.contiguous_format", "long": "torch.int64"}
    return named.get(default, default)


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
    # A shared text may hold several parts, and be followed by more.
    tagged = {tag: [p for p in parts if p.startswith(tag)] for tag in ("@returns", "@throws", "@param")}
    notes = [part for part in parts if not part.startswith("@")]
    arguments = dict(part.removeprefix("@param ").split(" - ", 1) for part in tagged["@param"])
    # Later words replace those of a shared text.
    return Description(summary, " ".join(notes), *(" ".join(tagged[tag][-1:]) for tag in ("@returns", "@throws")), arguments)


class Descriptions:
    """What is described, by package and name."""

    def __init__(self, folder: pathlib.Path):
        self.by_name: dict[tuple[str, str], Description] = {}
        self.where: dict[tuple[str, str], str] = {}
        self.arguments = Arguments()
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
            elif package == "arguments":
                self.arguments.read(line, place)
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
        """The description of a name itself, with the package where it was found."""
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
        """The description of a name, its own or derived from that of another name."""
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
            form = dataclasses.replace(found[1].without(OF_THE_RESULT), returns="@returns `input`")
            return found[0], form.named(f"In-place form of `{name[:-1]}`.")
        base = name.removesuffix("_copy")
        if base != name and (found := self.find(packages, base)):
            form = dataclasses.replace(found[1].without(OF_A_VIEW), returns="@returns a copy")
            return found[0], form.named(f"`{base}` whose result is a copy.")
        if name.startswith("_"):
            if found := self.find(packages, name.strip("_")):
                return found[0], Description(f"Behind `{name.strip('_')}`. {found[1].summary}")
            if match := re.fullmatch(r"_(\w+)_backward(_data)?", name):
                return packages[0], Description(f"Gradient of `{match[1]}`.")
        return None

    def unknown(self, names: dict[str, set[str]]) -> list[str]:
        """Errors for descriptions of names that do not exist, given the names of each package."""
        complaints = []
        for (package, name), place in self.where.items():
            known = names.get(package)
            if known is None:
                complaints.append(f"{place}: there is no package {package}")
            elif "*" in name and not fnmatch.filter(known, name) or "*" not in name and name not in known:
                complaints.append(f"{place}: {package} has no {name}")
        return complaints


class Arguments:
    """What `@param` says, by the name of the argument and the functions that it is for."""

    def __init__(self) -> None:
        self.lines: dict[str, list[tuple[list[str], str]]] = {}
        self.where: dict[tuple[str, tuple[str, ...]], str] = {}
        self.used: set[tuple[str, tuple[str, ...]]] = set()

    def read(self, line: str, place: str) -> None:
        match = re.fullmatch(r"(\w+)(?: \(([\w*?. ]+)\))?: (.+)", line)
        if match is None:
            raise DescriptionError(f"{place}: not an argument: {line}")
        functions = match[2].split() if match[2] else ["*"]
        self.lines.setdefault(match[1], []).append((functions, match[3]))
        self.where[match[1], tuple(functions)] = place

    def find(self, function: str, name: str) -> str | None:
        """The description of an argument of a function such as `fft.fft` or `add`: the first line for it, else that for all."""
        lines = self.lines.get(name, [])
        for functions, text in [line for line in lines if line[0] != ["*"]] + [line for line in lines if line[0] == ["*"]]:
            if functions == ["*"] or any(fnmatch.fnmatchcase(function, pattern) for pattern in functions):
                self.used.add((name, tuple(functions)))
                return text
        return None

    def unused(self) -> list[str]:
        return [
            f"{place}: no function takes this: {name} ({' '.join(functions)})"
            for (name, functions), place in self.where.items()
            if (name, functions) not in self.used
        ]


@dataclasses.dataclass(frozen=True)
class Example:
    typescript: str
    python: str

    def lines(self) -> list[str]:
        return ["@example", "```ts", *self.typescript.splitlines(), "```", "```python", *self.python.splitlines(), "```"]


def read_examples(folder: pathlib.Path) -> dict[str, Example]:
    """The examples of each name: `mean` for the function and the method, `fft.fft` in a namespace."""
    examples: dict[str, Example] = {}
    block_pair = re.compile(r"\s*```ts\n(.*?)```\s+```python\n(.*?)```\s*", re.DOTALL)
    for path in sorted(folder.glob("*.md")):
        for section in re.split(r"^## ", path.read_text(), flags=re.MULTILINE)[1:]:
            heading, _, text = section.partition("\n")
            pair = block_pair.fullmatch(text)
            if pair is None:
                raise DescriptionError(f"{path.name}: {heading}: expected a block of ts and a block of python")
            for name in heading.split(", "):
                if name in examples:
                    raise DescriptionError(f"{path.name}: there are two examples of {name}")
                examples[name] = Example(pair[1], pair[2])
    return examples


class Documentation:
    """Comments for the generated declarations, and errors in the descriptions."""

    def __init__(self, folder: pathlib.Path, packages: dict[str, tuple[str, ...]]):
        self.descriptions = Descriptions(folder)
        self.examples = read_examples(folder / "examples")
        self.shown: set[str] = set()
        self.packages = packages
        self.missing: list[str] = []
        # The names of each package, with the names of their arguments.
        self.names: dict[str, dict[str, set[str]]] = {}

    def comment(self, space: str, name: str, groups, indent: str = "") -> str:
        packages = self.packages[space]
        method = space == "method"
        call = call_of(groups, method)
        arguments = {*call.arguments, *call.names, *(["input"] if method else [])}
        for package in packages:
            self.names.setdefault(package, {}).setdefault(name, set()).update(arguments)
        package, description = self.descriptions.derived(packages, name) or (packages[0], None)
        if method:
            package = "Tensor"
        mirrors = f"{package}.{name}"
        if name.startswith("_"):
            return comment(description and (description.of_method() if method else description), mirrors, name, call, [], indent)
        if description is None:
            self.missing.append(f"{mirrors} has no description")
            return ""
        key = name if space in ("torch", "method", "nn") else f"{space}.{name}"
        tags = self.parameters(key, mirrors, call, description) + [returns_of(call, name, description)]
        if method:
            description, tags = description.of_method(), [of_this(tag) for tag in tags]
        tags.append(description.throws)
        lines = [line for tag in filter(None, tags) for line in wrapped_tag(tag, WIDTH - len(indent) - len(" * "))]
        if key in self.examples:
            self.shown.add(key)
            lines += self.examples[key].lines()
        return comment(description, mirrors, name, call, lines, indent)

    def parameters(self, key: str, mirrors: str, call: Call, description: Description) -> list[str]:
        """The `@param` lines of a function. Its forms in place and as copies have those of the function itself."""
        tags = []
        base = key.removesuffix("_") if not key.endswith("__") else key
        for name, default in call.arguments.items():
            documented = "outs" if name == "out" and call.outs > 1 else name
            text = description.arguments.get(name) or self.descriptions.arguments.find(base, documented)
            if text is None:
                self.missing.append(f"{mirrors}: the argument {name} is not described")
                continue
            if default and "default" not in text:
                text += f"; default {default}"
            tags.append(f"@param {name} - {text}")
        return tags

    def complaints(self) -> list[str]:
        """One line for each name that lacks a description, or is described and does not exist."""
        functions = set().union(*self.names.values())
        known = {package: set(names) for package, names in self.names.items()}
        complaints = self.missing + self.descriptions.unknown(known) + self.descriptions.arguments.unused()
        for (package, name), description in self.descriptions.by_name.items():
            arguments = self.names.get(package, {}).get(name)
            if arguments is None:
                continue
            place = self.descriptions.where[package, name]
            for argument in description.arguments:
                if argument not in arguments:
                    complaints.append(f"{place}: {name} has no argument `{argument}`")
            for quoted in description.quoted():
                if quoted not in arguments and quoted.rpartition(".")[2] not in functions:
                    complaints.append(f"{place}: {name} has no argument `{quoted}`, nor is it a function")
        complaints += [f"examples: there is no function {name}" for name in self.examples if name not in self.shown]
        return complaints + [f"{name} is among the {MOST_USED} most used and has no example" for name in self.without_example()]

    def without_example(self) -> list[str]:
        lines = (pathlib.Path(__file__).parent / "name_ranking.txt").read_text().splitlines()
        names = [line.split()[1] for line in lines if not line.startswith("#")][:MOST_USED]
        return [name for name in names if name not in self.examples]


def returns_of(call: Call, name: str, description: Description) -> str:
    """The `@returns` line: what the description says, or what the schema does."""
    if not call.returns:
        return ""
    if description.returns:
        return description.returns
    if name.endswith("_") and not name.endswith("__"):
        return "@returns `input`"
    if len(call.names) > 1:
        return f"@returns ({', '.join(call.names)})" if all(call.names) else "@returns a tuple"
    if call.returns == "Tensor[]":
        return "@returns an array of tensors"
    return {"bool": "@returns a boolean", "Tensor": "@returns a new tensor"}.get(call.returns, "@returns a number")


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


def wrapped_tag(tag: str, width: int) -> list[str]:
    """A block tag, whose later lines are indented."""
    first, *others = wrapped(tag, width)
    return [first, *(f"  {line}" for text in [" ".join(others)] if text for line in wrapped(text, width - 2))]


def comment(
    description: Description | None, mirrors: str, name: str, call: Call, tags: list[str], indent: str
) -> str:
    """The comment in front of a function, with the lines of its tags."""
    names = ", ".join(f"`aten::{n}`" for n in call.aten[:3])
    names += f" and {len(call.aten) - 3} more" if len(call.aten) > 3 else ""
    private = PRIVATE if name.startswith("_") and not name.startswith("__") else ""
    mirror = f"Mirrors `{mirrors}`; {names}."
    if description is None:
        return block([private, mirror], indent)
    introduced = f"{description.introduction} {description.summary}".strip()
    if not tags:
        return block([introduced, description.notes, private, mirror, description.throws], indent)
    width = WIDTH - len(indent) - len(" * ")
    lines = wrapped(introduced, width)
    if description.notes:
        lines += ["", *wrapped(description.notes, width)]
    lines += ["", *wrapped(f"{private} {mirror}".strip(), width), "", *tags]
    return "\n".join([f"{indent}/**", *(f"{indent} * {line}".rstrip() for line in lines), f"{indent} */"])


def block(paragraphs: list[str], indent: str = "") -> str:
    """A comment of paragraphs, each on lines of its own unless all of them fit into one."""
    one_line = wrapped(" ".join(filter(None, paragraphs)), WIDTH - len(indent) - len("/**  */"))
    if len(one_line) == 1 and "@throws" not in one_line[0]:
        return f"{indent}/** {one_line[0]} */"
    lines = [line for paragraph in paragraphs for line in wrapped(paragraph, WIDTH - len(indent) - len(" * "))]
    return "\n".join([f"{indent}/**", *(f"{indent} * {line}" for line in lines), f"{indent} */"])
