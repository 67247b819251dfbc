/** Tensors and ranks that crash Gloo are Errors, and a group that has ended says so. */
import { createRequire } from 'node:module';

import * as torch from 'torch-node';
import { afterAll, beforeAll, expect, it } from 'vitest';

const dist = torch.distributed;
const require = createRequire(import.meta.url);

beforeAll(() => {
  dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1, timeout: 5 });
});
afterAll(() => {
  dist.destroy_process_group();
});

it.each([
  ['a rank that is not there', () => dist.irecv(torch.ones(1), 3), 'irecv(): Invalid source rank: 3'],
  ['a negative rank', () => dist.isend(torch.ones(1), -2), 'isend(): Invalid destination rank: -2'],
  [
    'a meta tensor',
    () => dist.broadcast(torch.empty(2, { device: 'meta' }), 0),
    'must be a dense Tensor, not a meta one',
  ],
  ['a sparse tensor', () => dist.broadcast(torch.eye(2).to_sparse(), 0), 'must be a dense Tensor, not a sparse one'],
  [
    'a quantized tensor',
    () => dist.all_gather([torch.ones(1)], torch.quantize_per_tensor(torch.ones(1), 0.1, 0, torch.quint8)),
    'must be a dense Tensor, not a quantized one',
  ],
  [
    'a tensor without dimensions',
    () => dist.reduce_scatter_single(torch.tensor(1), torch.tensor(1)),
    'must have at least one dimension',
  ],
  [
    'a checkpoint without a folder',
    () => dist.checkpoint.save({ a: 1 }),
    'checkpoint.save(): `checkpoint_id` must be specified if storage_reader/storage_writer is None.',
  ],
  [
    'a folder without a checkpoint',
    () => dist.checkpoint.load({ a: 1 }, { checkpoint_id: 'no-such-folder' }),
    'CheckpointException ranks:dict_keys([0])\nRANK 0: Error: ENOENT',
  ],
  [
    'a folder that cannot be made',
    () =>
      dist.checkpoint.save(
        { a: 1 },
        { storage_writer: new dist.checkpoint.FileSystemWriter({ path: '/proc/no-such-folder' }) },
      ),
    'CheckpointException ranks:dict_keys([0])\nRANK 0: Error: ',
  ],
  [
    'no tensor',
    () => dist.all_reduce(3 as never),
    "Expected parameter `tensor` of type torch.Tensor\n             but got <class 'int'>",
  ],
  ['a list of others', () => dist.all_gather([1] as never, torch.ones(1)), "with elements of type [<class 'int'>]"],
  ['a negative time', () => dist.barrier({ timeout: -1 }), "argument 'timeout' must be a number of seconds"],
  ['a backend that is not there', () => dist.new_group([0], { backend: 'nccl' }), "doesn't have NCCL built in"],
  [
    'a set',
    () => dist.all_gather_object([null], { f: () => 1 }),
    'all_gather_object(): cannot send the function at obj.f',
  ],
])('%s is refused', (_, run, text) => {
  expect(run).toThrow(text);
});

it('sends tensors whose elements share memory', () => {
  const x = torch.zeros(4);
  dist.scatter(x, [torch.ones(1).expand(4)]);
  expect(x.tolist()).toEqual([1, 1, 1, 1]);
});

it('sums sparse tensors', () => {
  const x = torch.eye(2).to_sparse();
  dist.all_reduce(x);
  expect(x.to_dense().tolist()).toEqual([
    [1, 0],
    [0, 1],
  ]);
});

it('a group that has ended is refused, and what it had started can still be asked', () => {
  const group = dist.new_group([0]);
  const work = dist.all_reduce(torch.ones(1), { group, async_op: true })!;
  dist.destroy_process_group(group);
  expect(() => dist.all_reduce(torch.ones(1), { group })).toThrow('the process group has been destroyed');
  expect(() => dist.destroy_process_group(group)).toThrow('Invalid process group specified');
  expect(work.wait()).toBe(true);
});

it('a pickle that names what is not allowed is refused', () => {
  const { loads } = require('../../dist/serialization/objects.js') as { loads(bytes: Uint8Array): unknown };
  const pickle = Buffer.from("cos\nsystem\n(S'true'\ntR.");
  expect(() => loads(pickle)).toThrow('os.system');
});

it.each([undefined, null, {}])('a work that was made of %s is refused', async (of) => {
  const work = new (dist.Work as unknown as new (of: unknown, callee: string) => torch.distributed.Work)(
    of,
    'all_reduce',
  );
  expect(() => work.wait()).toThrow(new TypeError('all_reduce(): expected a work'));
  await expect(work).rejects.toThrow('expected a work');
});
