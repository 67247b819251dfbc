"""What tests/multiprocessing/process.test.ts runs here and there: the functions that child processes call, and one program of each case."""
import os
import signal
import sys
import time

import torch
import torch.multiprocessing as mp


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = torch.nn.Linear(2, 1)

    def forward(self, x):
        return self.linear(x)


def fill(x, value=1.0):
    x.fill_(value)


def exit_with(code):
    sys.exit(code)


def die(i=0):
    os.kill(os.getpid(), signal.SIGKILL)


def fail(i=0):
    if i == 0:
        raise ValueError("a bad thing")
    time.sleep(60)


def sleep():
    time.sleep(60)


def train(rank, model, x):
    torch.manual_seed(rank)
    torch.set_num_threads(1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(3):
        optimizer.zero_grad()
        model(x).pow(2).sum().backward()
        optimizer.step()


def produce(queue, done):
    queue.put({"x": torch.arange(3), "n": 1})
    queue.put([torch.ones(2, 2)[1:], "text", None])
    done.wait()


def count(counter, array, i):
    for _ in range(200):
        with counter.get_lock():
            counter.value += 1
    array[i] = i + 0.5


def answer(connection):
    while True:
        try:
            connection.send(connection.recv() * 2)
        except EOFError:
            break


def meet(barrier, condition, event, queue):
    index = barrier.wait()
    with condition:
        queue.put(index >= 0)
        condition.notify()
    event.wait()


def who(queue):
    queue.put([mp.current_process().name, mp.parent_process().name, mp.current_process().daemon, str(mp.get_start_method())])


class Doubling(mp.Process):
    def __init__(self, x):
        super().__init__()
        self.x = x

    def run(self):
        self.x.mul_(2)


def arguments():
    x = torch.zeros(2, 3)
    view = x[1]
    view.share_memory_()
    p = mp.Process(target=fill, args=(view,), kwargs={"value": 2.5})
    print(p.exitcode, p.pid, p.is_alive(), p.name, p.daemon)
    p.start()
    p.join()
    print(p.exitcode, p.is_alive(), x, x.is_shared())
    doubling = Doubling(x)
    doubling.start()
    doubling.join()
    print(doubling.name, doubling.exitcode, x)


def ends():
    for target, args in ((exit_with, (7,)), (die, ()), (fail, ())):
        p = mp.Process(target=target, args=args)
        p.start()
        p.join()
        print(p.exitcode)
    p = mp.Process(target=sleep)
    p.start()
    p.join(0.01)
    print(p.is_alive(), p.exitcode, len(mp.active_children()))
    p.terminate()
    p.join()
    print(p.is_alive(), p.exitcode, len(mp.active_children()))
    p.close()
    for use in (p.is_alive, p.join, mp.Process(target=sleep).join):
        try:
            use()
        except Exception as error:
            print(error)


def model():
    torch.manual_seed(1)
    torch.set_num_threads(1)
    net = Net()
    net.share_memory()
    x = torch.rand(4, 2)
    for rank in range(2):
        p = mp.Process(target=train, args=(rank, net, x))
        p.start()
        p.join()
    print(net.linear.weight, net.linear.bias, net.linear.weight.grad)


def queues():
    queue, done = mp.Queue(), mp.Event()
    p = mp.Process(target=produce, args=(queue, done))
    p.start()
    print(queue.get(), queue.get())
    done.set()
    p.join()
    print(p.exitcode, queue.empty())
    queue = mp.SimpleQueue()
    p = mp.Process(target=who, args=(queue,), name="worker", daemon=True)
    p.start()
    print(queue.get())
    p.join()


def values():
    counter, array = mp.Value("i", 0), mp.Array("d", 2)
    processes = [mp.Process(target=count, args=(counter, array, i)) for i in range(2)]
    for p in processes:
        p.start()
    for p in processes:
        p.join()
    print(counter.value, array[:], len(array), counter)


def pipes():
    here, there = mp.Pipe()
    p = mp.Process(target=answer, args=(there,))
    p.start()
    there.close()
    for value in (1, 21):
        here.send(value)
        print(here.recv())
    print(here.poll())
    here.close()
    p.join()
    print(p.exitcode)


def synchronize():
    barrier, condition, event, queue = mp.Barrier(3), mp.Condition(), mp.Event(), mp.Queue()
    processes = [mp.Process(target=meet, args=(barrier, condition, event, queue)) for _ in range(2)]
    with condition:
        for p in processes:
            p.start()
        barrier.wait()
        print(condition.wait(60))
    print(queue.get(), queue.get(), barrier.n_waiting, barrier.broken)
    event.set()
    for p in processes:
        p.join()
        print(p.exitcode)


def spawned():
    try:
        mp.spawn(fail, nprocs=2)
    except mp.ProcessRaisedException as error:
        print(str(error).split("Traceback")[0], error.error_index, "a bad thing" in str(error))
    for target, args in ((exit_at, (3,)), (die, ())):
        try:
            mp.spawn(target, args=args, nprocs=1)
        except mp.ProcessExitedException as error:
            print(error, error.exit_code, error.signal_name)
    x = torch.zeros(3).share_memory_()
    print(mp.spawn(set_at, args=(x,), nprocs=3), x)
    context = mp.spawn(set_at, args=(x,), nprocs=1, join=False)
    while not context.join():
        pass
    print(len(context.pids()), [p.exitcode for p in context.processes])


def exit_at(i, code):
    sys.exit(code)


def set_at(i, x):
    x[i] = i


def manage(i, results, losses, queue, total, lock, event):
    with lock:
        total.value += i
    results[i] = {"loss": torch.ones(2).mul(i)}
    losses.append(i + 0.25)
    queue.put([i, torch.tensor(i)])
    event.wait()
    return i * i


def managed():
    manager = mp.Manager()
    results = manager.dict({"a": 1})
    losses = manager.list([0.5])
    queue, total = manager.Queue(), manager.Value("i", 0)
    lock, event = manager.Lock(), manager.Event()
    shared = [results, losses, queue, total, lock, event]
    processes = [mp.Process(target=manage, args=(i, *shared)) for i in (1, 2)]
    for p in processes:
        p.start()
    print(sorted([queue.get(), queue.get()], key=lambda item: item[0]))
    event.set()
    for p in processes:
        p.join()
    print(len(results), results[2], sorted(losses[:]), total.value, total)
    pool = mp.Pool(1)
    print(pool.starmap(manage, [(4, *shared), (5, *shared)]))
    pool.close()
    pool.join()
    print(queue.qsize(), queue.get()[0], 5 in results, 6 in results, len(results.keys()))
    words = manager.dict([("x", [1, 2])])
    words.update({"y": "text", "z": None})
    found = "x" in words
    print(words, words.pop("y"), words.get("y"), words.get("y", 7), words.setdefault("w", 3), [words.pop("x"), found][1], words.popitem())
    print(words.items(), words.values(), len(words))
    try:
        words.pop("none")
    except KeyError as error:
        print(type(error).__name__, error)
    words.clear()
    print(words, words.pop("none", 4))
    lines = manager.list()
    lines.extend([3, "b", [1]])
    lines.insert(0, "first")
    lines[1] = 4
    print(lines, len(lines), lines[-1], lines.pop(), lines.pop(0), lines)
    lines.reverse()
    print([*lines])
    try:
        print(lines[2])
    except IndexError as error:
        print(error)


if __name__ == "__main__":
    mp.set_start_method("spawn")
    globals()[sys.argv[1]]()
