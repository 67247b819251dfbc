"""One process of a group, for tests/distributed/ranks.ts: what tests/distributed/rank.mjs does, in Python."""

import json
import os
import signal
import sys
import time
import warnings
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import torch
import torch.distributed as dist
import torch.nn as nn
from torch.distributed import ReduceOp
from torch.nn.parallel import DistributedDataParallel as DDP

warnings.simplefilter("ignore")
torch.set_num_threads(1)
given = json.loads(sys.argv[1])
rank, size = given["rank"], given["world_size"]
results = {}


def told(x):
    data = x.detach().contiguous().view(-1).view(torch.uint8).tolist()
    return {"dtype": str(x.dtype), "shape": list(x.shape), "bytes": bytes(data).hex()}


def described(value):
    if isinstance(value, torch.Tensor):
        return {"scalar": told(value.reshape(1))} if value.ndim == 0 else told(value)
    if isinstance(value, torch.Size):
        return {"size": list(value)}
    if isinstance(value, tuple):
        return {"tuple": [described(v) for v in value]}
    if isinstance(value, list):
        return [described(v) for v in value]
    if isinstance(value, (bytes, bytearray)):
        return {"bytes": bytes(value).hex()}
    if isinstance(value, set):
        return {"set": sorted(described(v) for v in value)}
    if isinstance(value, dict):
        return {"dict": [[described(k), described(v)] for k, v in value.items()]}
    if isinstance(value, complex):
        return {"complex": [value.real, value.imag]}
    if isinstance(value, (torch.dtype, torch.device)):
        return {"named": str(value)}
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 2**53:
        return {"int": str(value)}
    return value


def note(name, run):
    try:
        results[name] = described(run())
    except Exception as error:
        results[name] = {"error": str(error).split("\n")[0]}


def base(dtype, plus=0):
    return torch.arange(6).reshape(2, 3).mul(rank + 1).add(plus).to(dtype)


def init(timeout):
    timeout = timedelta(seconds=30 if timeout is None else timeout)
    if given["init"] == "env":
        dist.init_process_group("gloo", timeout=timeout)
    else:
        init_method = f"file://{given['folder']}/meeting"
        dist.init_process_group("gloo", init_method=init_method, rank=rank, world_size=size, timeout=timeout)


integers = [torch.int32, torch.int64, torch.uint8, torch.int8]
floats = [torch.float32, torch.float64, torch.float16, torch.bfloat16]


def after(run, *values):
    run()
    return list(values) if len(values) != 1 else values[0]


def operate(name, store, prefix=""):
    def op(what, run):
        note(f"{name} {what}", run)

    def key(text):
        return prefix + text

    op("set", lambda: [store.set(key("a"), "x"), store.get(key("a"))])
    op("bytes", lambda: [store.set(key("b"), "ä€"), store.get(key("b"))])
    op("add", lambda: [store.add(key("n"), 3), store.add(key("n"), -5), store.get(key("n"))])
    op("check", lambda: [store.check([key("a")]), store.check([key("a"), key("zz")])])
    op(
        "compare_set",
        lambda: [
            store.compare_set(key("c"), "", "new"),
            store.compare_set(key("c"), "other", "y"),
            store.compare_set(key("c"), "new", "newer"),
        ],
    )
    op("append", lambda: [store.append(key("a"), "y"), store.get(key("a"))])
    op("multi", lambda: [store.multi_set([key("m"), key("o")], ["1", "2"]), store.multi_get([key("o"), key("m")])])
    op("delete_key", lambda: [store.delete_key(key("m")), store.delete_key(key("m")), store.check([key("m")])])
    op(
        "queue",
        lambda: [
            store.queue_push(key("q"), "1"),
            store.queue_push(key("q"), "2"),
            store.queue_len(key("q")),
            store.queue_pop(key("q")),
            store.queue_pop(key("q"), False),
        ],
    )
    op("empty queue", lambda: store.queue_pop(key("q"), False))
    op("num_keys", lambda: store.num_keys())
    op("list_keys", lambda: sorted(store.list_keys()))
    op("extended", lambda: store.has_extended_api())
    op("timeout", lambda: [store.set_timeout(timedelta(seconds=0.3)), store.timeout.total_seconds()])
    op("get missing", lambda: store.get(key("missing")))
    op("wait", lambda: store.wait([key("a")]))
    op("wait missing", lambda: store.wait([key("missing")], timedelta(seconds=0.1)))


def operations():
    operate("hash", dist.HashStore())
    operate("prefix", dist.PrefixStore("p", dist.HashStore()))
    operate("file", dist.FileStore(os.path.join(given["folder"], "file"), 1))
    server = dist.TCPStore("127.0.0.1", 0, 1, True)
    operate("tcp", server)
    operate("client", dist.TCPStore("127.0.0.1", server.port, world_size=1), "other/")
    operate("clone", server.clone(), "clone/")
    old = dist.TCPStore("127.0.0.1", 0, is_master=True, wait_for_workers=False, use_libuv=False)
    operate("plain", old)
    note(
        "facts",
        lambda: [
            server.host,
            server.libuvBackend,
            old.libuvBackend,
            server.port > 0,
            dist.PrefixStore("p", server).underlying_store is server,
            dist.FileStore(os.path.join(given["folder"], "other"), 1).path == os.path.join(given["folder"], "other"),
        ],
    )
    note("no server", lambda: dist.TCPStore("127.0.0.1", 1, timeout=timedelta(seconds=0.2)))


def shared():
    store = dist.TCPStore("127.0.0.1", given["port"], size, rank == 0, timeout=timedelta(seconds=20))
    others = dist.PrefixStore("inner", store)
    note("shared counter", lambda: store.add("counter", 1) > 0)
    others.set(f"rank{rank}", f"value of {rank}")
    note("shared values", lambda: others.multi_get([f"rank{i}" for i in range(size)]))
    if rank == 0:
        for i in range(size):
            store.queue_push(f"queue{i}", f"for {i}")
    note("shared queue", lambda: store.queue_pop(f"queue{rank}"))
    if rank == 1:
        store.compare_set("once", "", "first")
    store.wait(["once"])
    note("shared once", lambda: store.compare_set("once", "first", "first"))
    store.append("appended", "x")
    store.add("done", 1)
    while store.add("done", 0) < size:
        time.sleep(0.02)
    note("shared appended", lambda: [store.get("appended"), store.get("counter")])
    store.add("left", 1)
    while rank == 0 and store.add("left", 0) < size:
        time.sleep(0.02)


def collectives():
    for dtype in integers + floats:
        names = ["SUM", "PRODUCT", "MIN", "MAX", "AVG"] + (["BAND", "BOR", "BXOR"] if dtype in integers else [])
        for op in names:
            x = base(dtype, 1)
            note(f"all_reduce {dtype} {op}", lambda: after(lambda: dist.all_reduce(x, getattr(ReduceOp, op)), x))
    x = torch.complex(base(torch.float32), base(torch.float32, 2))
    note("all_reduce complex", lambda: after(lambda: dist.all_reduce(x), x))
    y = torch.complex(base(torch.float32), base(torch.float32))
    note("all_reduce complex max", lambda: dist.all_reduce(y, ReduceOp.MAX))
    for root in range(size):
        x = base(torch.float32)
        note(f"broadcast {root}", lambda: after(lambda: dist.broadcast(x, root), x))
        y = base(torch.int64)
        note(
            f"reduce {root}",
            lambda: after(lambda: dist.reduce(y, dst=root, op=ReduceOp.MAX), y if rank == root else None),
        )
        items = [torch.zeros(2, 3) for _ in range(size)] if rank == root else None
        note(f"gather {root}", lambda: after(lambda: dist.gather(base(torch.float32), items, group_dst=root), items))
        z = torch.zeros(2, 3)
        sent = [base(torch.float32, i) for i in range(size)] if rank == root else None
        note(f"scatter {root}", lambda: after(lambda: dist.scatter(z, scatter_list=sent, src=root), z))
    items = [torch.zeros(2, 3) for _ in range(size)]
    note("all_gather", lambda: after(lambda: dist.all_gather(items, base(torch.float32)), items))
    x = torch.zeros(2 * size, 3)
    note("all_gather_single", lambda: after(lambda: dist.all_gather_single(x, base(torch.float32)), x))
    stacked = torch.zeros(size, 2, 3)
    note(
        "all_gather_into_tensor",
        lambda: after(lambda: dist.all_gather_into_tensor(stacked, base(torch.float32)), stacked),
    )
    part = torch.zeros(2, 3)
    note(
        "reduce_scatter",
        lambda: after(lambda: dist.reduce_scatter(part, [base(torch.float32, i) for i in range(size)]), part),
    )
    line = torch.arange(3 * size).mul(rank + 1).to(torch.float32)
    third = torch.zeros(3)
    note("reduce_scatter_single", lambda: after(lambda: dist.reduce_scatter_single(third, line), third))
    most = torch.zeros(3)
    note(
        "reduce_scatter_tensor max",
        lambda: after(lambda: dist.reduce_scatter_tensor(most, line.clone(), ReduceOp.MAX), most),
    )
    x1 = torch.zeros(size)
    note(
        "all_to_all_single",
        lambda: after(lambda: dist.all_to_all_single(x1, torch.arange(size).add(10 * rank).to(torch.float32)), x1),
    )
    inputs = [i + 1 for i in range(size)]
    x2 = torch.zeros(size * (rank + 1))
    note(
        "all_to_all_single splits",
        lambda: after(
            lambda: dist.all_to_all_single(
                x2,
                torch.arange(sum(inputs)).add(100 * rank).to(torch.float32),
                output_split_sizes=[rank + 1] * size,
                input_split_sizes=inputs,
            ),
            x2,
        ),
    )
    outputs = [torch.zeros(2) for _ in range(size)]
    note(
        "all_to_all",
        lambda: after(
            lambda: dist.all_to_all(outputs, [torch.tensor([rank, i]).to(torch.float32) for i in range(size)]), outputs
        ),
    )
    both = [base(torch.float32), base(torch.float32, 2).flatten()]
    note("all_reduce_coalesced", lambda: after(lambda: dist.all_reduce_coalesced(both), both))

    def ring():
        x = torch.zeros(2, 3)
        work = dist.isend(base(torch.float32), (rank + 1) % size)
        source = dist.recv(x, (rank + size - 1) % size)
        work.wait()
        return [x, source]

    note("ring", ring)

    def any_source():
        if rank != 0:
            dist.send(base(torch.float32), dst=0, tag=7)
            return None
        seen = {}
        for _ in range(1, size):
            x = torch.zeros(2, 3)
            source = dist.recv(x, tag=7)
            seen[source] = x
        return [[source, seen[source]] for source in sorted(seen)]

    note("any source", any_source)

    def batch():
        x = torch.zeros(2, 3)
        ops = [
            dist.P2POp(dist.isend, base(torch.float32, 5), (rank + 1) % size),
            dist.P2POp(dist.irecv, x, (rank + size - 1) % size),
        ]
        for work in dist.batch_isend_irecv(ops):
            work.wait()
        return x

    note("batch", batch)
    waited = base(torch.float32)
    work = dist.all_reduce(waited, async_op=True)
    work.wait()
    note("async", lambda: [waited, work.is_completed(), work.is_success(), work.wait()])
    note("barrier", lambda: dist.barrier())
    note("monitored_barrier", lambda: dist.monitored_barrier(timeout=timedelta(seconds=20)))
    note("asked", lambda: [dist.get_rank(), dist.get_world_size(), dist.get_backend(), dist.is_initialized()])

    def new_group():
        ends = [0, size - 1]
        group = dist.new_group(ends, group_desc="ends")
        x = base(torch.float32)
        if rank in ends:
            dist.all_reduce(x, group=group)
        ranks = dist.get_process_group_ranks(group) if rank in ends else None
        return [x, dist.get_rank(group), dist.get_world_size(group), ranks]

    note("new_group", new_group)

    def unsorted():
        group = dist.new_group([size - 1, 0], sort_ranks=False)
        if rank not in (0, size - 1):
            return None
        x = base(torch.float32)
        dist.broadcast(x, group_src=0, group=group)
        return [x, dist.get_rank(group), dist.get_global_rank(group, 0), dist.get_group_rank(group, 0)]

    note("new_group unsorted", unsorted)

    def local_group():
        if rank == 1:
            return None
        group = dist.new_group([0, size - 1], use_local_synchronization=True)
        x = base(torch.float32)
        dist.all_reduce(x, group=group)
        return x

    note("local group", local_group)

    def subgroups():
        own, everyone = dist.new_subgroups(1)
        x = base(torch.float32)
        dist.all_reduce(x, group=own)
        return [x, len(everyone), dist.get_process_group_ranks(own)]

    note("new_subgroups", subgroups)
    note("twice", lambda: dist.new_group([0, 0]))
    note("out of range", lambda: dist.new_group([size]))
    note("dtypes", lambda: dist.all_gather([torch.zeros(1)], torch.zeros(1, dtype=torch.int64)))
    note("self", lambda: dist.send(torch.zeros(1), rank))
    note("both ranks", lambda: dist.broadcast(torch.zeros(1), src=0, group_src=0))
    note("no rank", lambda: dist.broadcast(torch.zeros(1)))
    note("root", lambda: dist.broadcast(torch.zeros(1), size + 2))
    note("sizes", lambda: dist.all_gather([torch.zeros(1)], torch.zeros(1)))
    note("init twice", lambda: dist.init_process_group("gloo"))


def objects():
    own = {
        "rank": rank,
        "text": "ä€𝄞",
        "float": rank + 0.5,
        "large": 2**70 + rank,
        "flags": [True, False, None],
        "tuple": (rank, "x", ()),
        "bytes": bytes([0, 128, 255, rank]),
        "set": {rank, rank + 10},
        "ints": {1: "a", rank + 2: "b"},
        "complex": complex(1.5, rank),
        "dtype": torch.bfloat16,
        "device": torch.device("cpu"),
        "size": torch.zeros(2, rank + 1).shape,
        "tensors": [
            base(torch.float32),
            base(torch.float32).t(),
            base(torch.bfloat16),
            base(torch.int64).gt(2),
            torch.tensor(rank),
        ],
        "parameter": nn.Parameter(base(torch.float64)),
    }
    everyone = [None] * size
    note("all_gather_object", lambda: after(lambda: dist.all_gather_object(everyone, own), everyone))
    gathered = [None] * size if rank == 1 else None
    note(
        "gather_object",
        lambda: after(lambda: dist.gather_object([rank, "x" * (10 * rank)], gathered, 1), gathered),
    )
    sent = [own, "second", None] if rank == size - 1 else [None, None, None]
    note("broadcast_object_list", lambda: after(lambda: dist.broadcast_object_list(sent, size - 1), sent))
    output = [None]
    source = [{"to": i, "x": torch.full([i + 1], i)} for i in range(size)] if rank == 0 else None
    note("scatter_object_list", lambda: after(lambda: dist.scatter_object_list(output, source, 0), output))

    def send():
        if rank == 0:
            dist.send_object_list([own, "more"], 1)
            return None
        if rank != 1:
            return None
        received = [None, None]
        origin = dist.recv_object_list(received, 0)
        return [origin, received]

    note("send_object_list", send)


def gradients():
    import torch.distributed.nn.functional as F

    weights = torch.arange(6).reshape(2, 3).add(10 * rank).to(torch.float32)

    def flow(name, run):
        def steps():
            xs = [base(torch.float32, i).requires_grad_() for i in range(size)]
            outputs = run(xs)
            outputs = [outputs] if isinstance(outputs, torch.Tensor) else list(outputs)
            loss = 0
            for i, output in enumerate(outputs):
                loss = output.mul(weights).mul(i + 1).sum().add(loss)
            loss.backward()
            return [[output.detach() for output in outputs], [x.grad for x in xs]]

        note(f"gradient {name}", steps)

    def empty():
        return [torch.zeros(2, 3) for _ in range(size)]

    for root in range(size):
        flow(f"broadcast {root}", lambda xs: F.broadcast(xs[0], root))
        flow(f"scatter {root}", lambda xs: F.scatter(xs, root))
        flow(f"gather {root}", lambda xs: F.gather(xs[0], root))
    flow("all_reduce", lambda xs: F.all_reduce(xs[0]))
    flow("all_gather", lambda xs: F.all_gather(xs[0]))
    flow("reduce_scatter", lambda xs: F.reduce_scatter(torch.zeros(2, 3), xs))
    flow("all_to_all", lambda xs: F.all_to_all(empty(), xs))
    flow(
        "all_to_all_single",
        lambda xs: F.all_to_all_single(torch.zeros(size, 3), torch.cat(xs).narrow(0, 0, size)).narrow(0, 0, 2),
    )


class Branches(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(6, 5)
        self.left = nn.Linear(5, 3)
        self.right = nn.Linear(5, 3)

    def forward(self, x, side):
        hidden = self.first(x).relu()
        return self.left(hidden) if side else self.right(hidden)


def plain():
    return nn.Sequential(nn.Linear(6, 16), nn.BatchNorm1d(16), nn.Tanh(), nn.Linear(16, 3))


def ddp():
    def state(model):
        return [[name, told(value.reshape(-1))] for name, value in model.module.state_dict().items()]

    def data(step):
        torch.manual_seed(100 * step + rank)
        return torch.randn(4, 6), torch.randn(4, 3)

    def train(name, make, options, steps=4, call=lambda model, x, step: model(x), hook=None):
        torch.manual_seed(rank)
        model = DDP(make(), **options)
        if hook is not None:
            model._register_builtin_comm_hook(hook)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
        losses = []
        for step in range(steps):
            x, y = data(step)
            optimizer.zero_grad()
            loss = nn.functional.mse_loss(call(model, x, step), y)
            loss.backward()
            optimizer.step()
            losses.append(told(loss.reshape(1)))
        results[f"ddp {name}"] = [losses, state(model)]
        return model

    train("default", plain, {})
    train("view", plain, {"gradient_as_bucket_view": True})
    train("small buckets", plain, {"bucket_cap_mb": 0.0002})
    train("bucket list", plain, {"bucket_cap_mb_list": [0.0001, 0.0003]})
    train("no buffers", plain, {"forward_sync_buffers": False})
    train("static", plain, {"static_graph": True})
    train("batched copy", plain, {"batched_grad_copy": True})
    train("fp16", plain, {}, hook=dist.BuiltinCommHookType.FP16_COMPRESS)
    search = {"find_unused_parameters": True}
    train("unused", Branches, search, call=lambda model, x, step: model(x, step % 2 == 0))
    train("unused by rank", Branches, search, call=lambda model, x, step: model(x, rank == 0))
    train("static unused", Branches, {"static_graph": True}, call=lambda model, x, step: model(x, True))
    accumulated = train("before no_sync", plain, {}, 1)
    accumulated.zero_grad()
    for step in range(2):
        x, y = data(step)
        with accumulated.no_sync():
            nn.functional.mse_loss(accumulated(x), y).backward()
    results["local gradients"] = [told(p.grad.reshape(-1)) for p in accumulated.parameters()]
    x, y = data(5)
    nn.functional.mse_loss(accumulated(x), y).backward()
    results["no_sync"] = [told(p.grad.reshape(-1)) for p in accumulated.parameters()]
    sparse = DDP(nn.Embedding(7, 3, sparse=True))
    sparse(torch.tensor([rank, 2])).sum().backward()
    results["sparse"] = told(sparse.module.weight.grad.to_dense())
    note("no gradient", lambda: DDP(nn.Linear(2, 2).requires_grad_(False)))
    note("device_ids", lambda: DDP(nn.Linear(2, 2), device_ids=[0]))
    partial = DDP(Branches())
    partial(x, True).sum().backward()

    def again():
        try:
            partial(x, True)
        except RuntimeError as error:
            raise RuntimeError(str(error)[:60]) from None

    note("unused without search", again)


def hooks():
    from torch.distributed.algorithms.ddp_comm_hooks import debugging_hooks, default_hooks

    def make():
        return nn.Sequential(nn.Linear(6, 8), nn.Tanh(), nn.Linear(8, 3))

    def data(step):
        torch.manual_seed(100 * step + rank)
        return torch.randn(4, 6), torch.randn(4, 3)

    def train(name, state, hook, steps=3, **options):
        torch.manual_seed(rank)
        model = DDP(make(), **options)
        model.register_comm_hook(state, hook)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        for step in range(steps):
            x, y = data(step)
            optimizer.zero_grad()
            nn.functional.mse_loss(model(x), y).backward()
            optimizer.step()
        results[f"ddp hook {name}"] = [told(p) for p in model.parameters()]

    train("allreduce", None, default_hooks.allreduce_hook)
    train("fp16", None, default_hooks.fp16_compress_hook, bucket_cap_mb=0.0001)
    train("fp16 wrapper", None, default_hooks.fp16_compress_wrapper(default_hooks.allreduce_hook))
    train("noop", None, debugging_hooks.noop_hook, gradient_as_bucket_view=True)
    train("static", None, default_hooks.allreduce_hook, static_graph=True)
    seen = []

    def signs(state, bucket):
        seen.append(
            [
                bucket.index(),
                bucket.is_last(),
                list(bucket.buffer().shape),
                [list(g.shape) for g in bucket.gradients()],
                [[known is p for known in state].index(True) for p in bucket.parameters()],
            ]
        )
        sign = bucket.buffer().sign()
        return dist.all_reduce(sign, async_op=True).get_future().then(lambda future: future.value()[0].div(size))

    # Python runs callbacks on the threads of the backend, where a collective would wait for itself.
    def chain(state, bucket):
        total = bucket.buffer()
        dist.all_reduce(total)
        dist.broadcast(total.mul_(rank + 2), 1)
        future = torch.futures.Future()
        future.set_result(total)
        return future

    train("chain", None, chain)

    torch.manual_seed(rank)
    model = DDP(make(), bucket_cap_mb=0.0001)
    model.register_comm_hook(list(model.parameters()), signs)
    for step in range(2):
        x, y = data(step)
        nn.functional.mse_loss(model(x), y).backward()
    results["ddp hook signs"] = [seen, [told(p.grad) for p in model.parameters()]]

    def twice():
        try:
            model.register_comm_hook(None, default_hooks.allreduce_hook)
        except RuntimeError as error:
            raise RuntimeError("one only" if "register_comm_hook" in str(error) else str(error)) from None

    note("ddp hook twice", twice)
    note("ddp hook bf16", lambda: DDP(make()).register_comm_hook(None, default_hooks.bf16_compress_hook))

    def both():
        future = dist.all_reduce(torch.ones(2), async_op=True).get_future()
        first, second = torch.futures.collect_all([future, future.then(lambda done: done.value()[0].add(1))]).wait()
        return [first.wait()[0], second.wait()]

    note("ddp future", both)
    note("ddp hook split_group", lambda: dist.split_group(None, [[0]]))
    note("ddp hook split_group nothing", lambda: dist.split_group())


def join():
    from torch.distributed.algorithms.join import Join, Joinable, JoinHook

    def train(name, make, options, join, counts=(2, 5, 3), call=lambda model, x, step: model(x)):
        torch.manual_seed(rank)
        model = DDP(make(), **options)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

        def run():
            error = None
            try:
                with model.join(**join):
                    for step in range(counts[rank % len(counts)]):
                        torch.manual_seed(100 * step + rank)
                        optimizer.zero_grad()
                        call(model, torch.randn(4, 6), step).square().sum().backward()
                        optimizer.step()
            except RuntimeError as thrown:
                error = str(thrown)
            return [error, [value.reshape(-1) for value in model.module.state_dict().values()]]

        note(f"ddp join {name}", run)

    def with_norm():
        return nn.Sequential(nn.Linear(6, 8), nn.BatchNorm1d(8), nn.Linear(8, 3))

    def small():
        return nn.Sequential(nn.Linear(6, 8), nn.Tanh(), nn.Linear(8, 3))

    def by_step(model, x, step):
        if step % 2:
            return model(x)
        with model.no_sync():
            return model(x)

    train("default", with_norm, {}, {})
    train("no buffers", small, {"bucket_cap_mb": 0.0001}, {})
    train("divide by active", small, {}, {"divide_by_initial_world_size": False})
    train("search", small, {"find_unused_parameters": True}, {})
    train("even", small, {}, {}, (2, 2, 2))
    train("disabled", small, {}, {"enable": False}, (2, 2, 2))
    train("throw", small, {}, {"throw_on_early_termination": True})
    train("no_sync", small, {}, {}, (2, 5, 3), by_step)
    calls = []

    class Counts(JoinHook):
        def main_hook(self):
            calls.append("main")
            dist.all_reduce(torch.zeros(1))

        def post_hook(self, is_last_joiner):
            calls.append(is_last_joiner)

    class Counter(Joinable):
        def __init__(self):
            super().__init__()
            self.total = 0

        def join_hook(self, **kwargs):
            calls.append([list(pair) for pair in kwargs.items()])
            return Counts()

        @property
        def join_device(self):
            return torch.device("cpu")

        @property
        def join_process_group(self):
            return dist.group.WORLD

        def step(self):
            Join.notify_join_context(self)
            one = torch.ones(1)
            dist.all_reduce(one)
            self.total += one.item()

    counter = Counter()
    with Join([counter], True, False, wanted=3):
        for _ in range(rank + 1):
            counter.step()
    results["ddp join counter"] = [counter.total, calls]
    note("ddp join nothing", lambda: Join([]))


def zero():
    from torch.distributed.algorithms.join import Join
    from torch.distributed.optim import ZeroRedundancyOptimizer

    def make():
        return nn.Sequential(nn.Linear(6, 8), nn.Tanh(), nn.Linear(8, 3), nn.Linear(3, 2))

    def described_state(given):
        return [
            [[key, [list(pair) for pair in value.items()]] for key, value in given["state"].items()],
            [[group["params"], group["lr"]] for group in given["param_groups"]],
        ]

    def steps(model, optimizer, begin, end):
        for step in range(begin, end):
            torch.manual_seed(100 * step + rank)
            optimizer.zero_grad()
            model(torch.randn(4, 6)).square().sum().backward()
            optimizer.step()

    def train(name, kind, options, groups=lambda model: model.parameters()):
        torch.manual_seed(rank)
        model = DDP(make())
        optimizer = ZeroRedundancyOptimizer(groups(model), kind, **options)
        steps(model, optimizer, 0, 2)
        for group in optimizer.param_groups:
            group["lr"] = 0.02
        steps(model, optimizer, 2, 4)
        note(f"ddp zero {name} early", lambda: optimizer.state_dict() and None)
        optimizer.consolidate_state_dict(1)
        note(f"ddp zero {name} state", lambda: described_state(optimizer.state_dict()))
        results[f"ddp zero {name} own"] = len(optimizer.optim.state)
        given = [optimizer.state_dict() if rank == 1 else None]
        dist.broadcast_object_list(given, 1)
        again = ZeroRedundancyOptimizer(groups(model), kind, **options)
        again.load_state_dict(given[0])
        steps(model, again, 4, 6)
        again.consolidate_state_dict()
        note(f"ddp zero {name} loaded", lambda: described_state(again.state_dict()))
        results[f"ddp zero {name}"] = [told(p) for p in model.parameters()]

    def groups(model):
        return [
            {"params": list(model.module[0].parameters()), "lr": 0.1},
            {"params": list(model.module[2].parameters())},
        ]

    train("adam", torch.optim.Adam, {"lr": 0.01})
    train("view", torch.optim.SGD, {"lr": 0.01, "momentum": 0.9, "parameters_as_bucket_view": True})
    train("groups", torch.optim.AdamW, {"lr": 0.01}, groups)
    torch.manual_seed(rank)
    grown = DDP(make())
    optimizer = ZeroRedundancyOptimizer(list(grown.module[0].parameters()), torch.optim.SGD, lr=0.1)
    optimizer.add_param_group({"params": list(grown.module[3].parameters()), "lr": 0.5})
    steps(grown, optimizer, 0, 2)
    results["ddp zero grown"] = [told(p) for p in grown.parameters()]
    model = DDP(make())
    joined = ZeroRedundancyOptimizer(model.parameters(), torch.optim.Adam, lr=0.01)
    with Join([model, joined]):
        steps(model, joined, 0, 1 + 2 * rank)
    results["ddp zero join"] = [told(p) for p in model.parameters()]
    sgd = torch.optim.SGD
    note("ddp zero nothing", lambda: ZeroRedundancyOptimizer([], sgd, lr=0.1))
    note("ddp zero tensor", lambda: ZeroRedundancyOptimizer(torch.ones(1), sgd, lr=0.1))
    note("ddp zero kinds", lambda: ZeroRedundancyOptimizer([torch.ones(1), 3], sgd, lr=0.1))
    both = [torch.ones(1), torch.ones(1, dtype=torch.float64)]
    note("ddp zero dtypes", lambda: ZeroRedundancyOptimizer(both, sgd, lr=0.1))


def shapes():
    note("shapes", lambda: DDP(nn.Linear(2, 2 if rank == 0 else 3)))
    if rank == 0:
        results["shapes"] = list(results["shapes"])


def sampler():
    results["sampler"] = list(torch.utils.data.DistributedSampler(torch.arange(11), shuffle=True))


def dies():
    x = torch.ones(3)
    dist.all_reduce(x)
    if rank == size - 1:
        os.kill(os.getpid(), signal.SIGKILL)
    try:
        dist.all_reduce(x)
    except RuntimeError as error:
        results["error"] = str(error)
    print("\n" + json.dumps(results), flush=True)
    os._exit(0)


def mesh():
    mesh = dist.init_device_mesh("cpu", (2, 2), mesh_dim_names=("dp", "tp"))
    tp = mesh["tp"]
    note("mesh", lambda: [str(mesh), mesh.mesh, list(mesh.shape), mesh.ndim, mesh.size(), mesh.size(0), mesh.get_rank()])
    note(
        "coordinate",
        lambda: [list(mesh.get_coordinate()), mesh.get_local_rank("dp"), tp.get_local_rank(), mesh.get_local_rank(1)],
    )
    note("slices", lambda: [str(tp), tp.mesh, str(mesh["dp"]), mesh["dp"].mesh, mesh["dp", "tp"] is mesh])

    def sliced(*names):
        try:
            mesh[names]
        except KeyError as error:
            raise RuntimeError(error.args[0]) from None

    note("swapped", lambda: sliced("tp", "dp"))
    note("mesh groups", lambda: [[*dist.get_process_group_ranks(g), g.group_desc] for g in mesh.get_all_groups()])

    def total(group):
        x = torch.tensor([rank + 1])
        dist.all_reduce(x, group=group)
        return x

    note("mesh sum", lambda: total(tp.get_group()))
    plain = dist.DeviceMesh("cpu", [[0, 2], [1, 3]])
    note("plain mesh", lambda: [str(plain), plain.mesh, list(plain.get_coordinate()), plain.mesh_dim_names])
    note("plain sum", lambda: total(plain.get_group(1)))
    note("from_group", lambda: str(dist.DeviceMesh.from_group(tp.get_group(), "cpu")))
    note("large mesh", lambda: dist.init_device_mesh("cpu", (8,)))
    note("twice", lambda: dist.init_device_mesh("cpu", (2, 2), mesh_dim_names=("a", "a")))
    note("short names", lambda: dist.init_device_mesh("cpu", (2, 2), mesh_dim_names=("a",)))
    note("slice of plain", lambda: plain["dp"])
    note("no such name", lambda: sliced("pp"))


def dtensor():
    from torch.distributed.tensor import DTensor, Partial, Replicate, Shard, distribute_module, distribute_tensor

    mesh = dist.init_device_mesh("cpu", (size,))

    def said(x):
        return [str(x), list(x.shape), x.to_local()]

    whole = torch.arange(7 * 5).reshape(7, 5).to(torch.float32).div(3)
    placements = [Shard(0), Shard(1), Replicate()]
    for source in placements:
        note(f"distribute {source!r}", lambda: said(distribute_tensor(whole.add(rank), mesh, [source])))
        for to in placements:
            note(f"{source!r} to {to!r}", lambda: said(distribute_tensor(whole, mesh, [source]).redistribute(mesh, [to])))

            def gradient():
                x = distribute_tensor(whole, mesh, [source]).requires_grad_()
                x.redistribute(placements=[to]).to_local().mul(rank + 1).sum().backward()
                return said(x.grad)

            note(f"gradient {source!r} to {to!r}", gradient)

    def pending():
        return DTensor.from_local(whole.add(rank), mesh, [Partial()])

    for to in placements:
        note(f"partial to {to!r}", lambda: said(pending().redistribute(mesh, [to])))
    note("average", lambda: DTensor.from_local(whole.add(rank), mesh, [Partial("avg")]).full_tensor())
    note("from_local", lambda: said(DTensor.from_local(torch.ones(2, 3).mul(rank), mesh, [Shard(-1)])))
    note("run_check", lambda: said(DTensor.from_local(torch.ones(2).mul(rank), mesh, run_check=True)))
    note("full", lambda: distribute_tensor(whole, mesh, [Shard(0)]).full_tensor())
    a = distribute_tensor(whole, mesh, [Shard(0)])
    b = distribute_tensor(whole.add(1), mesh, [Replicate()])
    note("pointwise", lambda: [said(a.add(b)), said(a.mul(2).relu()), said(b.sub(a).exp()), said(a.add(a.neg()))])
    note("partial sums", lambda: [said(pending().mul(3)), said(pending().add(1)), said(pending().add(pending()))])
    note("sums", lambda: [said(a.sum()), said(a.sum(1)), said(a.sum(0)), a.sum(0).full_tensor(), said(a.mean(1))])

    def mean():
        even = distribute_tensor(torch.arange(size * 4).reshape(size, 4).to(torch.float32), mesh, [Shard(0)])
        even.requires_grad_()
        mean = even.square().mean()
        mean.redistribute(placements=[Replicate()]).backward()
        return [mean.full_tensor().detach(), said(even.grad)]

    note("mean", mean)
    note("product", lambda: [said(a.t()), said(a.t().matmul(b)), a.t().matmul(a).full_tensor(), said(b.matmul(a.t()))])
    note("in place", lambda: said(distribute_tensor(whole, mesh, [Shard(0)]).add_(1).mul_(2)))

    def module():
        torch.manual_seed(0)

        def partition(name, module, mesh):
            module.weight = nn.Parameter(distribute_tensor(module.weight.detach(), mesh, [Shard(0)]))

        linear = distribute_module(nn.Linear(3, 4), mesh, partition)
        return [said(p) for p in linear.parameters()]

    note("module", module)
    note("mixed", lambda: a.add(torch.ones(5)))
    results["mixed"] = "mixed torch.Tensor and DTensor" in results["mixed"]["error"]
    note("to partial", lambda: a.redistribute(mesh, [Partial()]))
    results["to partial"] = "error" in results["to partial"]
    note("two placements", lambda: distribute_tensor(whole, mesh, [Shard(0), Shard(1)]))
    note("not a leaf", lambda: distribute_tensor(torch.ones(3, requires_grad=True).mul(2), mesh, [Shard(0)]))
    if size != 4:
        return
    grid = dist.init_device_mesh("cpu", (2, 2))
    both = [Shard(0), Shard(0)]
    note("nested", lambda: said(distribute_tensor(whole, grid, both)))
    note("nested full", lambda: distribute_tensor(whole, grid, both).full_tensor())
    note("nested to", lambda: said(distribute_tensor(whole, grid, both).redistribute(grid, [Replicate(), Shard(0)])))
    note("grid", lambda: said(distribute_tensor(whole, grid, [Shard(1), Shard(0)])))
    note(
        "grid to",
        lambda: said(distribute_tensor(whole, grid, [Shard(1), Shard(0)]).redistribute(grid, [Shard(0), Replicate()])),
    )


def fsdp():
    from torch.distributed.fsdp import MixedPrecisionPolicy, fully_shard

    meshes = [dist.init_device_mesh("cpu", (size,))]
    if size == 4:
        meshes.append(dist.init_device_mesh("cpu", (2, 2), mesh_dim_names=("replicate", "shard")))

    def make():
        torch.manual_seed(3)

        def block():
            return nn.Sequential(nn.Linear(5, 7), nn.LayerNorm(7), nn.GELU(), nn.Linear(7, 5))

        return nn.Sequential(nn.Linear(3, 5), block(), block(), nn.Linear(5, 2))

    runs = {
        "plain": {},
        "kept": {"reshard_after_forward": False},
        "freed": {"reshard_after_forward": True},
        "bfloat16": {"mp_policy": MixedPrecisionPolicy(param_dtype=torch.bfloat16, reduce_dtype=torch.float32)},
        "float16": {"mp_policy": MixedPrecisionPolicy(torch.float16)},
    }
    for mesh in meshes:
        for name, options in runs.items():
            model = make()
            for child in model:
                if isinstance(child, nn.Sequential):
                    fully_shard(child, mesh=mesh, **options)
            fully_shard(model, mesh=mesh, **options)
            if name == "kept":
                optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
            else:
                optimizer = torch.optim.AdamW(model.parameters(), lr=0.05)
            torch.manual_seed(10 + rank)
            losses = []
            for step in range(4):
                for sync in [False, True] if step % 2 else [True]:
                    model.set_requires_gradient_sync(sync)
                    loss = nn.functional.mse_loss(model(torch.randn(6, 3)).float(), torch.randn(6, 2))
                    loss.backward()
                    losses.append(loss.detach())
                if name != "bfloat16":
                    losses.append(nn.utils.clip_grad_norm_(model.parameters(), 0.5).full_tensor())
                optimizer.step()
                optimizer.zero_grad()
            state = model.state_dict()
            results[f"fsdp {name} {mesh.ndim}"] = described(
                [
                    losses,
                    [[key, str(value), value.to_local()] for key, value in state.items()],
                    state["1.0.weight"].full_tensor(),
                ]
            )
            again = make()
            fully_shard(again, mesh=mesh)

            def load():
                again.load_state_dict(state)
                return again(torch.ones(2, 3)).detach()

            note(f"load {name} {mesh.ndim}", load)


def sharded_model(mesh):
    from torch.distributed.fsdp import fully_shard

    torch.manual_seed(3)
    model = nn.Sequential(nn.Linear(3, 5), nn.LayerNorm(5), nn.Linear(5, 2))
    fully_shard(model, mesh=mesh)
    return model, torch.optim.AdamW(model.parameters(), lr=0.05)


def train_step(model, optimizer):
    nn.functional.mse_loss(model(torch.randn(6, 3)), torch.randn(6, 2)).backward()
    optimizer.step()
    optimizer.zero_grad()


def checkpoint():
    import torch.distributed.checkpoint as dcp
    from torch.distributed.tensor import Replicate, Shard, distribute_tensor

    mesh = dist.init_device_mesh("cpu", (2, 2), mesh_dim_names=("a", "b"))
    row = dist.init_device_mesh("cpu", (size,))
    model, optimizer = sharded_model(row)
    torch.manual_seed(10 + rank)
    train_step(model, optimizer)
    whole = torch.arange(7 * 5).reshape(7, 5).float().div(3)
    state = {
        "model": model,
        "optimizer": optimizer,
        "rows": distribute_tensor(whole, row, [Shard(0)]),
        "columns": distribute_tensor(whole.to(torch.bfloat16), row, [Shard(1)]),
        "few": distribute_tensor(whole[:3].contiguous(), row, [Shard(0)]),
        "everywhere": distribute_tensor(whole, row, [Replicate()]),
        "grid": distribute_tensor(whole, mesh, [Shard(1), Shard(0)]),
        "twice": distribute_tensor(whole, mesh, [Replicate(), Shard(0)]),
        "plain": torch.arange(6).reshape(2, 3).t(),
        "scalar": torch.tensor(2.5, dtype=torch.float64),
        "nested": {"list": [1, torch.ones(2), {"name": "x"}], "numbers": [1, 2, 3], "empty": {}},
        "step": 3,
        "text": "text",
        "nothing": None,
    }
    found = dcp.save(state, checkpoint_id=f"{given['folder_of_checkpoints']}/python")
    results["checkpoint pieces"] = [
        [
            name,
            [
                str(entry.properties.dtype),
                entry.properties.requires_grad,
                list(entry.size),
                [[list(chunk.offsets), list(chunk.sizes)] for chunk in entry.chunks],
            ]
            if hasattr(entry, "chunks")
            else "bytes",
        ]
        for name, entry in found.state_dict_metadata.items()
    ]
    results["checkpoint paths"] = sorted([name, list(path)] for name, path in found.planner_data.items())
    results["checkpoint places"] = [
        [index.fqn, index.offset and list(index.offset), index.index, place.relative_path]
        for index, place in found.storage_data.items()
    ]
    results["checkpoint missing"] = True


def read_checkpoint():
    import torch.distributed.checkpoint as dcp
    from torch.distributed.tensor import DTensor, Replicate, Shard

    mesh = dist.init_device_mesh("cpu", (size,))
    for source in ["node", "python"]:
        model, optimizer = sharded_model(mesh)
        torch.manual_seed(20 + rank)
        train_step(model, optimizer)

        def local(rows, columns, placement, dtype=torch.float32):
            piece = torch.zeros(rows, columns, dtype=dtype)
            return DTensor.from_local(piece, mesh, [placement], shape=torch.Size([7, 5]), stride=(5, 1))

        state = {
            "model": model,
            "optimizer": optimizer,
            "rows": local(7, 2 if rank else 3, Shard(1)),
            "columns": local(3 if rank else 4, 5, Shard(0), torch.bfloat16),
            "few": torch.zeros(3, 5),
            "everywhere": local(3 if rank else 4, 5, Shard(0)),
            "grid": torch.zeros(7, 5),
            "twice": local(7, 5, Replicate()),
            "plain": torch.zeros(3, 2, dtype=torch.int64),
            "scalar": torch.tensor(0, dtype=torch.float64),
            "nested": {"list": [0, torch.zeros(2), {"name": ""}], "numbers": [], "empty": {}},
            "step": 0,
            "text": "",
            "nothing": 1,
        }
        options = {"checkpoint_id": f"{given['folder_of_checkpoints']}/{source}", "no_dist": True}
        dcp.load(state, **options)
        results[f"read {source}"] = described(
            [
                [name, value.to_local() if isinstance(value, DTensor) else value]
                for name, value in list(state.items())[2:]
            ]
        )
        results[f"read model {source}"] = described([value.to_local() for value in model.state_dict().values()])
        train_step(model, optimizer)
        results[f"go on {source}"] = described([value.to_local() for value in model.state_dict().values()])
        for what, wrong in [
            ("no such name", {"absent": torch.ones(1)}),
            ("another size", {"plain": torch.zeros(2, 3)}),
            ("not a tensor", {"plain": 1}),
        ]:
            try:
                dcp.load(wrong, **options)
            except dcp.CheckpointException as error:
                results[f"{what} {source}"] = str(error.failures[0][0])


def subjects():
    """The modules beside this one that the scenarios are in."""
    found = {path.stem: path.read_text() for path in sorted(Path(__file__).parent.glob("distributed_*.py"))}
    wanted = given["scenarios"]
    return [module for module, text in found.items() if any(f"\ndef {name}(" in text for name in wanted)]


def fork():
    """One process for each rank, so that all of them import PyTorch once. Returns in them, with their rank."""
    # torch._dynamo is what optimizers and distributed tensors import when they are used.
    for module in ["torch._dynamo", *subjects(), *given.get("modules", [])]:
        import_module(module)
    children = []
    for number in range(size):
        child = os.fork()
        if child == 0:
            # Read again with this rank.
            for module in [name for name in sys.modules if name.startswith("distributed_")]:
                del sys.modules[module]
            return number
        children.append(child)
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    sys.exit(next((abs(code) for code in codes if code != 0), 0))


if given.get("forked"):
    rank = fork()
for module in subjects():
    scenarios = import_module(module).scenarios
    globals().update({name: scenarios[name] for name in given["scenarios"] if name in scenarios})
if not given.get("own_init"):
    init(given.get("timeout"))
for name in given["scenarios"]:
    globals()[name]()
if not given.get("own_init"):
    dist.destroy_process_group()
if given.get("forked"):
    (Path(given["folder"]) / f"results_{rank}.json").write_text(json.dumps(results))
else:
    print("\n" + json.dumps(results), flush=True)
