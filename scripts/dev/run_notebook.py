"""Executes a notebook with Deno's Jupyter kernel and prints its outputs as JSON, a list for each cell of code.

    python scripts/dev/run_notebook.py DENO NOTEBOOK FOLDER

DENO is the program; FOLDER is where the notebook runs, with torch-node in its node_modules. Needs the package nbclient.
"""
import json
import os
import pathlib
import sys

deno, notebook, folder = sys.argv[1:4]
# The kernel is known in this folder alone: nothing is installed for the user.
spec = pathlib.Path(folder) / "kernels" / "deno"
spec.mkdir(parents=True, exist_ok=True)
(spec / "kernel.json").write_text(json.dumps({
    "argv": [deno, "jupyter", "--kernel", "--conn", "{connection_file}"],
    "display_name": "Deno",
    "language": "typescript",
}))
os.environ["JUPYTER_PATH"] = folder

import nbformat  # noqa: E402
from nbclient import NotebookClient  # noqa: E402

document = nbformat.read(notebook, as_version=4)
NotebookClient(document, timeout=300, kernel_name="deno", resources={"metadata": {"path": folder}}).execute()
print(json.dumps([cell.outputs for cell in document.cells if cell.cell_type == "code"]))
