// What tests/multiprocessing/pool.test.ts runs, and pool.py does in Python.
const torch = require('torch-node');

const { multiprocessing: mp } = torch;
const greeting = { text: '' };

exports.begin = (text) => {
  greeting.text = text;
};
exports.greet = async (name) => `${greeting.text} ${name}`;
exports.square = (x) => x * x;
exports.add = (a, b) => a + b;
exports.total = (x) => x.sum();
exports.fail = (x) => {
  throw new RangeError(`not ${x}`);
};
exports.die = (code) => process.exit(code);
exports.die_at = (x) => (x === 2 ? process.exit(0) : x * x);

function tried(run) {
  try {
    return run();
  } catch (error) {
    return error.message;
  }
}

if (require.main === module) {
  const said = {};
  const pool = new mp.Pool(2, exports.begin, ['hello']);
  said.map = pool.map(exports.square, [1, 2, 3, 4, 5, 6, 7]);
  said.chunks = pool.map(exports.square, [1, 2, 3], 2);
  said.empty = pool.map(exports.square, []);
  said.starmap = pool.starmap(exports.add, [
    [1, 2],
    [3, 4],
  ]);
  said.apply = pool.apply(exports.add, [5, 6]);
  said.imap = [...pool.imap(exports.square, [3, 4, 5])];
  said.imap_unordered = [...pool.imap_unordered(exports.square, [1, 2, 3])].sort((a, b) => a - b);
  said.initializer = pool.map(exports.greet, ['a', 'b']);
  said.tensors = pool.map(exports.total, [torch.ones(3), torch.arange(5)]).map((x) => x.item());
  said.fail = tried(() => pool.map(exports.fail, [1]));
  const seen = [];
  const result = pool.map_async(exports.square, [2, 3], { callback: (values) => seen.push(values) });
  said.async = [result.get(60), result.ready(), result.successful()];
  const failing = pool.apply_async(exports.fail, [2], {}, null, (error) => seen.push(error.message));
  failing.wait(60);
  said.failed = [tried(() => failing.get()), failing.successful()];
  said.seen = seen;
  said.running = tried(() => pool.join());
  pool.close();
  said.closed = tried(() => pool.map(exports.square, [1]));
  pool.join();
  said.sizes = tried(() => new mp.Pool(0));
  process.stdout.write(`${JSON.stringify(said)}\n`);
  if (process.argv[2] === 'die') {
    const other = new mp.Pool(2);
    const results = [0, 1, 2, 3, 4].map((x) => other.apply_async(exports.die_at, [x]));
    const died = [tried(() => other.apply(exports.die, [3])), ...results.map((each) => tried(() => each.get(60)))];
    died.push(other.map(exports.square, [1, 2, 3]));
    other.close();
    other.join();
    const broken = new mp.Pool(1, exports.die, [4]);
    died.push(tried(() => broken.apply(exports.square, [1])));
    broken.terminate();
    broken.join();
    process.stdout.write(`${JSON.stringify(died)}\n`);
  }
}
