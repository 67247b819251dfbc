"""A Python that has torch and NumPy: runs each script that it is asked for in a fork of itself, which spares their import.

Arguments: a folder, which has the pipe `asked`. A line of the pipe is a name N: `N.json` holds the script, its arguments, the folder
and the environment to run in, and what it prints is written to `N.out` and `N.err`. `N.pid` is the process, and `N.status`
is there when it has ended. Ends with its standard input.
"""
import json
import os
import runpy
import select
import shutil
import sys

import numpy  # noqa: F401
import torch  # noqa: F401

folder = sys.argv[1]


def put(name, text):
    path = os.path.join(folder, name)
    with open(path + ".part", "w") as file:
        file.write(text)
    os.rename(path + ".part", path)


def become(name):
    """In the fork: the process that the request describes. Gives the script."""
    with open(os.path.join(folder, name + ".json")) as file:
        request = json.load(file)
    os.chdir(request["cwd"])
    for key in set(os.environ) - set(request["env"]):
        del os.environ[key]
    os.environ.update(request["env"])
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    for number, end in ((1, ".out"), (2, ".err")):
        file = os.open(os.path.join(folder, name + end), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(file, number)
        os.close(file)
    os.close(null)
    sys.argv = [request["script"], *request["args"]]
    sys.path[0] = os.path.dirname(request["script"])
    return request["script"]


def serve():
    """Gives the name of a request in its fork, and None at the end of all."""
    asked = os.open(os.path.join(folder, "asked"), os.O_RDWR)
    running = {}
    rest = b""
    while True:
        readable, _, _ = select.select([0, asked], [], [], 0.005 if running else None)
        if 0 in readable and not os.read(0, 1):
            return None
        if asked in readable:
            *names, rest = (rest + os.read(asked, 1 << 16)).split(b"\n")
            for name in (each.decode() for each in names):
                pid = os.fork()
                if pid == 0:
                    os.close(asked)
                    return name
                put(name + ".pid", str(pid))
                running[pid] = name
        for pid in list(running):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                put(running.pop(pid) + ".status", str(os.waitstatus_to_exitcode(status)))


name = serve()
if name is None:
    shutil.rmtree(folder, ignore_errors=True)  # Its user may have been killed.
else:
    script = become(name)
    runpy.run_path(script, run_name="__main__")
