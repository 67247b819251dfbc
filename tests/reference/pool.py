"""What tests/multiprocessing/pool_program.cjs does, in Python."""

import json

import torch
import torch.multiprocessing as mp

greeting = ""


def begin(text):
    global greeting
    greeting = text


def greet(name):
    return f"{greeting} {name}"


def square(x):
    return x * x


def add(a, b):
    return a + b


def total(x):
    return x.sum()


def fail(x):
    raise ValueError(f"not {x}")


def tried(run):
    try:
        return run()
    except Exception as error:
        return str(error)


if __name__ == "__main__":
    said = {}
    pool = mp.Pool(2, begin, ["hello"])
    said["map"] = pool.map(square, [1, 2, 3, 4, 5, 6, 7])
    said["chunks"] = pool.map(square, [1, 2, 3], 2)
    said["empty"] = pool.map(square, [])
    said["starmap"] = pool.starmap(add, [[1, 2], [3, 4]])
    said["apply"] = pool.apply(add, [5, 6])
    said["imap"] = list(pool.imap(square, [3, 4, 5]))
    said["imap_unordered"] = sorted(pool.imap_unordered(square, [1, 2, 3]))
    said["initializer"] = pool.map(greet, ["a", "b"])
    said["tensors"] = [x.item() for x in pool.map(total, [torch.ones(3), torch.arange(5)])]
    said["fail"] = tried(lambda: pool.map(fail, [1]))
    seen = []
    result = pool.map_async(square, [2, 3], callback=seen.append)
    said["async"] = [result.get(60), result.ready(), result.successful()]
    failing = pool.apply_async(fail, [2], {}, None, lambda error: seen.append(str(error)))
    failing.wait(60)
    said["failed"] = [tried(failing.get), failing.successful()]
    said["seen"] = seen
    said["running"] = tried(pool.join)
    pool.close()
    said["closed"] = tried(lambda: pool.map(square, [1]))
    pool.join()
    said["sizes"] = tried(lambda: mp.Pool(0))
    print(json.dumps(said))
