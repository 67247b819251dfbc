"""
Which names of PyTorch programs use: parses the Python files below the folders that are given, resolves what they import and
counts each use of a name that begins with a module of torch. Prints one JSON document: {folder: {name: uses}}.
Names that the reference Python's torch does not have are left out; what is reached through a value (`torch.float32.itemsize`)
is counted for the value.
"""
import ast
import collections
import importlib
import inspect
import json
import os
import sys
import types
import warnings

import torch

warnings.simplefilter("ignore")


def child(value, name, path):
    """The attribute of a module or class, importing a submodule when there is no attribute; raises AttributeError."""
    try:
        return getattr(value, name)
    except (AttributeError, RuntimeError):
        if not isinstance(value, types.ModuleType):
            raise AttributeError(path) from None
    try:
        return importlib.import_module(path)
    except Exception as error:
        raise AttributeError(path) from error


KNOWN = {}


def trimmed(path):
    """The path up to the first value that is neither a module nor a class; None for what this torch does not have."""
    if path not in KNOWN:
        KNOWN[path] = trim(path)
    return KNOWN[path]


def trim(path):
    value, so_far = torch, "torch"
    for name in path.split(".")[1:]:
        if name.startswith("__") and name != "__version__" or not (isinstance(value, types.ModuleType) or inspect.isclass(value)):
            break
        try:
            value = child(value, name, f"{so_far}.{name}")
        except AttributeError:
            return None
        so_far = f"{so_far}.{name}"
    return so_far


class Uses(ast.NodeVisitor):
    """Counts the names of one file. Aliases hold for the whole file, whatever function imports them."""

    def __init__(self, tree):
        self.aliases, self.counts = {}, collections.Counter()
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                for each in node.names:
                    if each.name.split(".")[0] == "torch":
                        self.aliases[each.asname or "torch"] = each.name if each.asname else "torch"
                        self.count(each.name)
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and (node.module or "").split(".")[0] == "torch":
                for each in node.names:
                    if each.name == "*":
                        continue
                    self.aliases[each.asname or each.name] = f"{node.module}.{each.name}"
                    self.count(f"{node.module}.{each.name}")
        self.visit(tree)

    def count(self, path):
        path = trimmed(path)
        if path is not None:
            self.counts[path] += 1

    def visit_Attribute(self, node):
        parts, base = [], node
        while isinstance(base, ast.Attribute):
            parts.append(base.attr)
            base = base.value
        if isinstance(base, ast.Name) and base.id in self.aliases:
            self.count(".".join([self.aliases[base.id], *reversed(parts)]))
        else:
            self.generic_visit(node)

    def visit_Name(self, node):
        if node.id in self.aliases:
            self.count(self.aliases[node.id])


def uses_below(folder):
    total = collections.Counter()
    for where, _, files in os.walk(folder):
        for name in files:
            if not name.endswith(".py"):
                continue
            try:
                with open(os.path.join(where, name), encoding="utf8") as file:
                    total += Uses(ast.parse(file.read())).counts
            except (SyntaxError, UnicodeDecodeError):
                continue
    total.pop("torch", None)
    return total


json.dump({folder: uses_below(folder) for folder in sys.argv[1:]}, sys.stdout)
