// What tests/multiprocessing/managers.test.ts runs, with --expose-gc: what is left when a process dies, or what it sent has gone.
const torch = require('torch-node');

const { multiprocessing: mp } = torch;

exports.hammer = (dict, started) => {
  started.set();
  for (let i = 0; ; i++) dict.set(i % 50, 'x'.repeat(20_000));
};
exports.keys = (dict) => [...dict.keys()];
exports.square = (x) => x * x;
exports.first_key = (queue, given, taken) => {
  given.wait();
  try {
    taken.put([...queue.get().keys()]);
  } catch (error) {
    taken.put(error.message);
  }
};
exports.Unreadable = class {
  __getstate__() {
    return {};
  }

  __setstate__() {
    throw new RangeError('it cannot be read');
  }
};

function tried(run) {
  try {
    return run();
  } catch (error) {
    return error.message;
  }
}

const sleep = (milliseconds) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
const collected = async () => {
  for (let i = 0; i < 3; i++) {
    globalThis.gc();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

async function main() {
  const manager = mp.Manager();
  const said = {};
  // Nearly always, it dies while it has the lock.
  const dict = manager.dict(Array.from({ length: 50 }, (_, i) => [i, 'x'.repeat(20_000)]));
  said.killed = [];
  for (let i = 0; i < 4; i++) {
    const started = new mp.Event();
    const hammer = new mp.Process({ target: exports.hammer, args: [dict, started] });
    hammer.start();
    started.wait();
    sleep(100 + 7 * i);
    process.kill(hammer.pid, 'SIGKILL');
    // It has not been joined yet: the system keeps its number.
    const sizes = dict.values().map((value) => value.length);
    said.killed.push([sizes.length, Math.min(...sizes), Math.max(...sizes)]);
    hammer.join();
  }
  const pool = new mp.Pool(1);
  said.unreadable = [
    tried(() => pool.apply(exports.keys, [new exports.Unreadable()])),
    pool.apply(exports.square, [3]),
  ];
  const results = [0, 1, 2].map((i) => pool.apply_async(exports.keys, [manager.dict({ [`sent ${i}`]: 1 })]));
  await collected();
  const others = [0, 1, 2, 3].map((i) => manager.dict({ [`other ${i}`]: 1 }));
  said.kept = results.map((result) => result.get(60));
  pool.close();
  pool.join();
  const [queue, given, taken] = [new mp.Queue(), new mp.Event(), new mp.Queue()];
  const reader = new mp.Process({ target: exports.first_key, args: [queue, given, taken] });
  reader.start();
  queue.put(manager.dict({ dropped: 1 }));
  await collected();
  others.push(...[4, 5].map((i) => manager.dict({ [`other ${i}`]: 1 })));
  given.set();
  said.dropped = taken.get(true, 60);
  reader.join();
  said.others = others.map(({ size }) => size);
  process.stdout.write(JSON.stringify(said));
}

if (require.main === module) void main();
