/** The programs of process.py, as an ES module; process.test.ts runs them. */
import * as torch from 'torch-node';
import * as mp from 'torch-node/multiprocessing';
import { print, range } from 'torch-node/python';

const { nn } = torch;

export class Net extends nn.Module {
  linear = new nn.Linear(2, 1);

  forward(x) {
    return this.linear(x);
  }
}

export function fill(x, { value }) {
  x.fill_(value);
}

export function exit_with(code) {
  process.exit(code);
}

export function die(_i) {
  process.kill(process.pid, 'SIGKILL');
}

export function fail(i = 0) {
  if (i === 0) throw new Error('a bad thing');
  sleep();
}

export function sleep() {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000);
}

export function train(rank, model, x) {
  torch.manual_seed(rank);
  torch.set_num_threads(1);
  const optimizer = new torch.optim.SGD(model.parameters(), { lr: 0.1 });
  for (const _ of range(3)) {
    optimizer.zero_grad();
    model(x).pow(2).sum().backward();
    optimizer.step();
  }
}

export function produce(queue, done) {
  queue.put({ x: torch.arange(3), n: 1 });
  queue.put([torch.ones(2, 2).index('1:'), 'text', null]);
  done.wait();
}

export function count(counter, array, i) {
  for (const _ of range(200)) {
    const lock = counter.get_lock();
    lock.acquire();
    counter.value += 1;
    lock.release();
  }
  array[i] = i + 0.5;
}

export function answer(connection) {
  while (true) {
    try {
      connection.send(connection.recv() * 2);
    } catch (error) {
      if (error.name !== 'EOFError') throw error;
      break;
    }
  }
}

export function meet(barrier, condition, event, queue) {
  const index = barrier.wait();
  condition.acquire();
  queue.put(index >= 0);
  condition.notify();
  condition.release();
  event.wait();
}

export async function who(queue) {
  await Promise.resolve();
  queue.put([mp.current_process().name, mp.parent_process().name, mp.current_process().daemon, mp.get_start_method()]);
}

export class Doubling extends mp.Process {
  constructor(x) {
    super();
    this.x = x;
  }

  run() {
    this.x.mul_(2);
  }
}

export function exit_at(_i, code) {
  process.exit(code);
}

export function set_at(i, x) {
  x.index_put_([i], i);
}

const programs = {
  arguments() {
    const x = torch.zeros(2, 3);
    const view = x.index(1);
    view.share_memory_();
    const p = new mp.Process({ target: fill, args: [view], kwargs: { value: 2.5 } });
    print(p.exitcode, p.pid, p.is_alive(), p.name, p.daemon);
    p.start();
    p.join();
    print(p.exitcode, p.is_alive(), x, x.is_shared());
    const doubling = new Doubling(x);
    doubling.start();
    doubling.join();
    print(doubling.name, doubling.exitcode, x);
  },

  ends() {
    for (const [target, args] of [
      [exit_with, [7]],
      [die, []],
      [fail, []],
    ]) {
      const p = new mp.Process({ target, args });
      p.start();
      p.join();
      print(p.exitcode);
    }
    const p = new mp.Process({ target: sleep });
    p.start();
    p.join(0.01);
    print(p.is_alive(), p.exitcode, mp.active_children().length);
    p.terminate();
    p.join();
    print(p.is_alive(), p.exitcode, mp.active_children().length);
    p.close();
    const other = new mp.Process({ target: sleep });
    for (const use of [() => p.is_alive(), () => p.join(), () => other.join()]) {
      try {
        use();
      } catch (error) {
        print(error.message);
      }
    }
  },

  model() {
    torch.manual_seed(1);
    torch.set_num_threads(1);
    const net = new Net();
    net.share_memory();
    const x = torch.rand(4, 2);
    for (const rank of range(2)) {
      const p = new mp.Process({ target: train, args: [rank, net, x] });
      p.start();
      p.join();
    }
    print(net.linear.weight, net.linear.bias, net.linear.weight.grad);
  },

  queues() {
    const [queue, done] = [new mp.Queue(), new mp.Event()];
    let p = new mp.Process({ target: produce, args: [queue, done] });
    p.start();
    print(queue.get(), queue.get());
    done.set();
    p.join();
    print(p.exitcode, queue.empty());
    const simple = new mp.SimpleQueue();
    p = new mp.Process({ target: who, args: [simple], name: 'worker', daemon: true });
    p.start();
    print(simple.get());
    p.join();
  },

  values() {
    const [counter, array] = [mp.Value('i', 0), mp.Array('d', 2)];
    const processes = [0, 1].map((i) => new mp.Process({ target: count, args: [counter, array, i] }));
    for (const p of processes) p.start();
    for (const p of processes) p.join();
    print(counter.value, array.tolist(), array.length, counter);
  },

  pipes() {
    const [here, there] = mp.Pipe();
    const p = new mp.Process({ target: answer, args: [there] });
    p.start();
    there.close();
    for (const value of [1, 21]) {
      here.send(value);
      print(here.recv());
    }
    print(here.poll());
    here.close();
    p.join();
    print(p.exitcode);
  },

  synchronize() {
    const [barrier, condition, event, queue] = [new mp.Barrier(3), new mp.Condition(), new mp.Event(), new mp.Queue()];
    const processes = [0, 1].map(() => new mp.Process({ target: meet, args: [barrier, condition, event, queue] }));
    condition.acquire();
    for (const p of processes) p.start();
    barrier.wait();
    print(condition.wait(60));
    condition.release();
    print(queue.get(), queue.get(), barrier.n_waiting, barrier.broken);
    event.set();
    for (const p of processes) {
      p.join();
      print(p.exitcode);
    }
  },

  spawned() {
    try {
      mp.spawn(fail, { nprocs: 2 });
    } catch (error) {
      print(error.message.split('Error:')[0], error.error_index, error.message.includes('a bad thing'));
    }
    for (const [target, args] of [
      [exit_at, [3]],
      [die, []],
    ]) {
      try {
        mp.spawn(target, { args, nprocs: 1 });
      } catch (error) {
        print(error.message, error.exit_code, error.signal_name);
      }
    }
    const x = torch.zeros(3).share_memory_();
    print(mp.spawn(set_at, { args: [x], nprocs: 3 }), x);
    const context = mp.spawn(set_at, { args: [x], nprocs: 1, join: false });
    while (!context.join());
    print(
      context.pids().length,
      context.processes.map((p) => p.exitcode),
    );
  },
};

export function manage(i, results, losses, queue, total, lock, event) {
  lock.acquire();
  total.value += i;
  lock.release();
  results.set(i, { loss: torch.ones(2).mul(i) });
  losses.append(i + 0.25);
  queue.put([i, torch.tensor(i)]);
  event.wait();
  return i * i;
}

function managed() {
  const manager = mp.Manager();
  const results = manager.dict({ a: 1 });
  const losses = manager.list([0.5]);
  const [queue, total] = [manager.Queue(), manager.Value('i', 0)];
  const [lock, event] = [manager.Lock(), manager.Event()];
  const shared = [results, losses, queue, total, lock, event];
  const processes = [1, 2].map((i) => new mp.Process({ target: manage, args: [i, ...shared] }));
  for (const p of processes) p.start();
  print([queue.get(), queue.get()].sort(([a], [b]) => a - b));
  event.set();
  for (const p of processes) p.join();
  print(results.size, results.get(2), losses.tolist().sort(), total.value, total);
  // Those of a Pool run already.
  const pool = new mp.Pool(1);
  print(
    pool.starmap(manage, [
      [4, ...shared],
      [5, ...shared],
    ]),
  );
  pool.close();
  pool.join();
  print(queue.qsize(), queue.get()[0], results.has(5), results.has(6), results.keys().length);
  const words = manager.dict([['x', [1, 2]]]);
  words.update({ y: 'text', z: null });
  print(
    words,
    words.pop('y'),
    words.get('y'),
    words.get('y', 7),
    words.setdefault('w', 3),
    words.delete('x'),
    words.popitem(),
  );
  print(words.items(), words.values(), words.size);
  try {
    words.pop('none');
  } catch (error) {
    print(error.name, error.message);
  }
  words.clear();
  print(words, words.pop('none', 4));
  const list = manager.list();
  list.extend([3, 'b', [1]]);
  list.insert(0, 'first');
  list[1] = 4;
  print(list, list.length, list[-1], list.pop(), list.pop(0), list);
  list.reverse();
  print([...list]);
  try {
    print(list[2]);
  } catch (error) {
    print(error.message);
  }
}
programs.managed = managed;

if (mp.parent_process() === null) {
  mp.set_start_method('spawn');
  programs[process.argv[2]]();
}
