/** Workers of DataLoader: kinds of datasets, both kinds of loops, errors, and loops that are left. */
import * as torch from 'torch-node';
import { check, expect, hex, report } from './checks.mjs';
import { Failing, Noise, note_start, Squares, Stream, with_start } from './parts.mjs';

const { DataLoader } = torch.utils.data;
torch.set_num_threads(1);

const plain = (batch) => (batch instanceof torch.Tensor ? batch.tolist() : batch);

/** What a loop gives, and the error that ends it, by both kinds of loops. */
async function both(make) {
  const seen = [[], []];
  try {
    for (const batch of make()) seen[0].push(plain(batch));
  } catch (error) {
    seen[0].push(described(error));
  }
  try {
    for await (const batch of make()) seen[1].push(plain(batch));
  } catch (error) {
    seen[1].push(described(error));
  }
  return seen;
}

/** The kind and the first line of an error, without what differs from run to run. */
const described = (error) => [
  error.name,
  error.message
    .split('\n')[0]
    .replace(/\d{2,}|(?<=pid\(s\) )\d+/, 'N')
    .slice(0, 60),
];

await check('map-style datasets, shuffled, in both loops', async () => {
  torch.manual_seed(3);
  return both(() => new DataLoader(new Squares(7), { num_workers: 2, batch_size: 2, shuffle: true })).then((seen) =>
    seen.map((batches) => batches.map(([x, index]) => [hex(x), hex(index)])),
  );
});
await check('iterable datasets in both loops', () =>
  both(() => new DataLoader(new Stream(11), { num_workers: 2, batch_size: 2 })),
);
await check('iterable datasets whose workers are kept', async () => {
  const loader = new DataLoader(new Stream(11), { num_workers: 2, batch_size: null, persistent_workers: true });
  return [...(await both(() => loader)), ...(await both(() => loader))];
});
await check('seeds of workers', () => {
  torch.manual_seed(5);
  return [...new DataLoader(new Noise(), { num_workers: 2 })].map(([x]) => hex(x));
});
await check('worker_init_fn and collate_fn', () => {
  // Deno does not say which module a function is of.
  const worker_module = new URL('./parts.mjs', import.meta.url);
  const functions = { collate_fn: with_start, worker_init_fn: note_start, worker_module };
  return both(() => new DataLoader([0, 1, 2], { num_workers: 2, ...functions }));
});
await check('batches in any order', () =>
  [...new DataLoader(new Squares(9), { num_workers: 2, in_order: false })].map(([, index]) => index.item()).sort(),
);
await check('an error of a worker in both loops', async () => {
  const seen = await both(() => new DataLoader(new Failing('throw'), { num_workers: 2 }));
  try {
    for (const _ of new DataLoader(new Failing('throw'), { num_workers: 1 }));
  } catch (error) {
    expect(error instanceof TypeError, 'the error is of its class');
    expect(/boom.*parts\.mjs/s.test(error.message), `the message has the stack: ${error.message}`);
    expect(error.cause.message === 'boom', 'the cause is the error itself');
  }
  return seen;
});
// The time in which a worker starts counts as well, and runtimes are tested where processors are busy.
await check('a worker that is too slow', () =>
  both(() => new DataLoader(new Failing('be slow'), { num_workers: 1, timeout: 4 })),
);
await check('a worker that exits', () => both(() => new DataLoader(new Failing('exit'), { num_workers: 1 })));
await check('a worker that dies of an error', async () => {
  const loader = new DataLoader(new Failing('throw later'), { num_workers: 1, prefetch_factor: 1 });
  try {
    for await (const _ of loader) await new Promise((resolve) => setTimeout(resolve, 100));
  } catch (error) {
    expect(/exited unexpectedly: TypeError: .*undefined/s.test(error.message), error.message);
    return true;
  }
  return false;
});
await check('what a worker cannot find is refused', () =>
  both(() => new DataLoader([0, 1], { num_workers: 1, collate_fn: (items) => items })),
);
await check('the event loop turns while a loop is awaited', async () => {
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  for await (const _ of new DataLoader(new Squares(8), { num_workers: 2 }));
  clearInterval(timer);
  return turns > 5;
});
await check('loops that are left', async () => {
  const seen = [];
  const make = (options) => new DataLoader(new Squares(1000), { num_workers: 2, ...options });
  const kept = make({ persistent_workers: true });
  for (const loader of [make({}), kept, kept]) {
    for (const [, index] of loader) {
      seen.push(index.item());
      break;
    }
    for await (const [, index] of loader) {
      seen.push(index.item());
      break;
    }
  }
  make({})[Symbol.iterator]().next();
  return seen;
});
// Without process.exit: workers, kept or left, do not keep the process alive.
report({ exit: false });
