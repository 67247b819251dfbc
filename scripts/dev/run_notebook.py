"""Runs a notebook in a Jupyter kernel, or looks at the order in which a kernel sends its messages.

    python scripts/dev/run_notebook.py --notebook examples/regression.ipynb -- deno jupyter --kernel --conn {connection_file}
    python scripts/dev/run_notebook.py --count 100 -- deno jupyter --kernel --conn {connection_file}

The first prints the outputs as JSON, a list for each cell of code. The second prints how often the result of `1 + 1` came after the
status 'idle', which by Jupyter's protocol is the last message about a cell. Deno 2.9 sends both from tasks of their own, so that this
happens, and clients that stop at 'idle' lose the result. A cell is therefore over here when what a further one prints has
come: the kernel keeps what programs send in order. Needs the package jupyter_client.
"""
import argparse
import json
import os
import pathlib
import queue
import tempfile

parser = argparse.ArgumentParser()
parser.add_argument("--notebook")
parser.add_argument("--count", type=int)
parser.add_argument("--folder", default=".", help="where the kernel runs")
parser.add_argument("command", nargs="+", help="how the kernel is started")
args = parser.parse_args()

kernels = tempfile.TemporaryDirectory()
# The kernel is known in this folder alone: nothing is installed for the user.
os.environ["JUPYTER_PATH"] = kernels.name
spec = pathlib.Path(kernels.name) / "kernels" / "tried"
spec.mkdir(parents=True)
(spec / "kernel.json").write_text(json.dumps({"argv": args.command, "display_name": "tried", "language": "typescript"}))

from jupyter_client import KernelManager  # noqa: E402

SHOWN = {"execute_result": ["data"], "display_data": ["data"], "stream": ["name", "text"], "error": ["ename", "evalue", "traceback"]}


class Kernel:
    def __init__(self):
        self.manager = KernelManager(kernel_name="tried")
        self.manager.start_kernel(cwd=args.folder)
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=60)
        self.marks = 0
        self.messages_until_now()

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)

    def messages_until_now(self):
        """All messages that have not been read."""
        messages = []
        while True:
            self.marks += 1
            mark = f"-- {self.marks} --"
            self.client.execute(f"console.log({json.dumps(mark)})")
            try:
                while True:
                    message = self.client.get_iopub_msg(timeout=30)
                    if message["msg_type"] == "stream" and message["content"]["text"].strip() == mark:
                        return messages
                    messages.append(message)
            except queue.Empty:
                # Sent before the kernel knew this reader.
                continue

    def run(self, source):
        """Runs a cell; the outputs that came before its status 'idle', and those that came after it."""
        cell = self.client.execute(source)
        self.client.get_shell_msg(timeout=300)
        early, late, over = [], [], False
        for message in self.messages_until_now():
            over = over or (message["parent_header"].get("msg_id") == cell and message["content"].get("execution_state") == "idle")
            if message["msg_type"] in SHOWN:
                (late if over else early).append(output(message))
        return early, late


def output(message):
    kind = message["msg_type"]
    return {"output_type": kind, **{key: message["content"][key] for key in SHOWN[kind]}}


kernel = Kernel()
try:
    if args.notebook:
        cells = json.loads(pathlib.Path(args.notebook).read_text())["cells"]
        sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
        print(json.dumps([sum(kernel.run(source), []) for source in sources]))
    if args.count:
        late = sum(len(kernel.run("1 + 1")[1]) for _ in range(args.count))
        print(f"the result came after 'idle' in {late} of {args.count} cells")
finally:
    kernel.close()
