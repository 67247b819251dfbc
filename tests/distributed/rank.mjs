// One process of a group, for tests/distributed/ranks.ts: what tests/reference/distributed.py does, with this package.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const given = JSON.parse(process.argv[2]);
const torch = await import(pathToFileURL(join(given.root, 'dist', 'index.mjs')).href);
const { nn, optim, distributed: dist } = torch;
const { ReduceOp } = dist;
const { rank, world_size: size } = given;
const results = {};
torch.set_num_threads(1);

/** A tensor as JSON: to the last bit. */
function told(x) {
  const bytes = Buffer.from(x.detach().contiguous().view(-1).view(torch.uint8).tolist());
  return { dtype: String(x.dtype), shape: [...x.shape], bytes: bytes.toString('hex') };
}

/** A value as JSON, with Python's types. */
function described(value) {
  if (value instanceof torch.Tensor) return value.ndim === 0 ? { scalar: told(value.reshape(1)) } : told(value);
  if (value instanceof torch.Size) return { size: [...value] };
  if (value instanceof torch.serialization.Tuple) return { tuple: [...value].map(described) };
  if (Array.isArray(value)) return value.map(described);
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('hex') };
  if (value instanceof Set) return { set: [...value].map(described).sort((a, b) => a - b) };
  if (value instanceof Map) return { dict: [...value].map(([k, v]) => [described(k), described(v)]) };
  if (value instanceof torch.Complex) return { complex: [value.re, value.im] };
  if (value instanceof torch.DType || value instanceof torch.Device) return { named: String(value) };
  if (typeof value === 'bigint') return { int: String(value) };
  if (value !== null && typeof value === 'object') {
    return { dict: Object.entries(value).map(([k, v]) => [k, described(v)]) };
  }
  return value;
}

function note(name, run) {
  try {
    const value = run();
    results[name] = described(value ?? null);
  } catch (error) {
    results[name] = { error: error.message.replace(/^[\w.]+\(\): /, '').split('\n')[0] };
  }
}

const base = (dtype, plus = 0) =>
  torch
    .arange(6)
    .reshape(2, 3)
    .mul(rank + 1)
    .add(plus)
    .to(dtype);

function init(timeout = 30) {
  if (given.init === 'env') dist.init_process_group('gloo', { timeout });
  else {
    const init_method = `file://${given.folder}/meeting`;
    dist.init_process_group('gloo', { init_method, rank, world_size: size, timeout });
  }
}

const integers = [torch.int32, torch.int64, torch.uint8, torch.int8];
const floats = [torch.float32, torch.float64, torch.float16, torch.bfloat16];

/** The operations of a store, one after the other. */
function operate(name, store, prefix = '') {
  const op = (what, run) => note(`${name} ${what}`, run);
  const key = (text) => prefix + text;
  op('set', () => [store.set(key('a'), 'x'), store.get(key('a'))]);
  op('bytes', () => [store.set(key('b'), 'ä€'), store.get(key('b'))]);
  op('add', () => [store.add(key('n'), 3), store.add(key('n'), -5), store.get(key('n'))]);
  op('check', () => [store.check([key('a')]), store.check([key('a'), key('zz')])]);
  op('compare_set', () => [
    store.compare_set(key('c'), '', 'new'),
    store.compare_set(key('c'), 'other', 'y'),
    store.compare_set(key('c'), 'new', 'newer'),
  ]);
  op('append', () => [store.append(key('a'), 'y'), store.get(key('a'))]);
  op('multi', () => [store.multi_set([key('m'), key('o')], ['1', '2']), store.multi_get([key('o'), key('m')])]);
  op('delete_key', () => [store.delete_key(key('m')), store.delete_key(key('m')), store.check([key('m')])]);
  op('queue', () => [
    store.queue_push(key('q'), '1'),
    store.queue_push(key('q'), '2'),
    store.queue_len(key('q')),
    store.queue_pop(key('q')),
    store.queue_pop(key('q'), false),
  ]);
  op('empty queue', () => store.queue_pop(key('q'), false));
  op('num_keys', () => store.num_keys());
  op('list_keys', () => store.list_keys().sort());
  op('extended', () => store.has_extended_api());
  op('timeout', () => [store.set_timeout(0.3), store.timeout]);
  op('get missing', () => store.get(key('missing')));
  op('wait', () => store.wait([key('a')]));
  op('wait missing', () => store.wait([key('missing')], 0.1));
}

function sharded_model(mesh) {
  torch.manual_seed(3);
  const model = new nn.Sequential(new nn.Linear(3, 5), new nn.LayerNorm(5), new nn.Linear(5, 2));
  dist.fsdp.fully_shard(model, { mesh });
  return [model, new optim.AdamW(model.parameters(), { lr: 0.05 })];
}

function train_step(model, optimizer) {
  nn.functional.mse_loss(model(torch.randn(6, 3)), torch.randn(6, 2)).backward();
  optimizer.step();
  optimizer.zero_grad();
}

const scenarios = {
  async operations() {
    operate('hash', new dist.HashStore());
    operate('prefix', new dist.PrefixStore('p', new dist.HashStore()));
    operate('file', new dist.FileStore(join(given.folder, 'file'), 1));
    const server = new dist.TCPStore('127.0.0.1', 0, 1, true);
    operate('tcp', server);
    operate('client', new dist.TCPStore('127.0.0.1', server.port, { world_size: 1 }), 'other/');
    operate('clone', server.clone(), 'clone/');
    const plain = new dist.TCPStore('127.0.0.1', 0, { is_master: true, wait_for_workers: false, use_libuv: false });
    operate('plain', plain);
    note('facts', () => [
      server.host,
      server.libuvBackend,
      plain.libuvBackend,
      server.port > 0,
      new dist.PrefixStore('p', server).underlying_store === server,
      new dist.FileStore(join(given.folder, 'other'), 1).path === join(given.folder, 'other'),
    ]);
    note('no server', () => new dist.TCPStore('127.0.0.1', 1, { timeout: 0.2 }) && null);
  },

  // One server, and clients here and in Python.
  async shared() {
    const store = new dist.TCPStore('127.0.0.1', given.port, size, rank === 0, { timeout: 20 });
    const others = new dist.PrefixStore('inner', store);
    note('shared counter', () => store.add('counter', 1) > 0);
    others.set(`rank${rank}`, `value of ${rank}`);
    note('shared values', () => others.multi_get(Array.from({ length: size }, (_, i) => `rank${i}`)));
    if (rank === 0) for (let i = 0; i < size; i++) store.queue_push(`queue${i}`, `for ${i}`);
    note('shared queue', () => store.queue_pop(`queue${rank}`));
    if (rank === 1) store.compare_set('once', '', 'first');
    store.wait(['once']);
    note('shared once', () => store.compare_set('once', 'first', 'first'));
    store.append('appended', 'x');
    store.add('done', 1);
    while (store.add('done', 0) < size) await new Promise((resolve) => setTimeout(resolve, 20));
    note('shared appended', () => [store.get('appended'), store.get('counter')]);
    store.add('left', 1);
    // The server stays until all have gone.
    while (rank === 0 && store.add('left', 0) < size) await new Promise((resolve) => setTimeout(resolve, 20));
  },

  async collectives() {
    for (const dtype of [...integers, ...floats]) {
      for (const op of [
        'SUM',
        'PRODUCT',
        'MIN',
        'MAX',
        'AVG',
        ...(integers.includes(dtype) ? ['BAND', 'BOR', 'BXOR'] : []),
      ]) {
        note(`all_reduce ${dtype} ${op}`, () => {
          const x = base(dtype, 1);
          dist.all_reduce(x, ReduceOp[op]);
          return x;
        });
      }
    }
    note('all_reduce complex', () => {
      const x = torch.complex(base(torch.float32), base(torch.float32, 2));
      dist.all_reduce(x);
      return x;
    });
    note('all_reduce complex max', () => {
      dist.all_reduce(torch.complex(base(torch.float32), base(torch.float32)), ReduceOp.MAX);
    });
    for (let root = 0; root < size; root++) {
      note(`broadcast ${root}`, () => {
        const x = base(torch.float32);
        dist.broadcast(x, root);
        return x;
      });
      note(`reduce ${root}`, () => {
        const x = base(torch.int64);
        dist.reduce(x, { dst: root, op: ReduceOp.MAX });
        return rank === root ? x : null;
      });
      note(`gather ${root}`, () => {
        const list = rank === root ? Array.from({ length: size }, () => torch.zeros(2, 3)) : null;
        dist.gather(base(torch.float32), list, { group_dst: root });
        return list;
      });
      note(`scatter ${root}`, () => {
        const x = torch.zeros(2, 3);
        const list = Array.from({ length: size }, (_, i) => base(torch.float32, i));
        dist.scatter(x, { scatter_list: rank === root ? list : null, src: root });
        return x;
      });
    }
    note('all_gather', () => {
      const list = Array.from({ length: size }, () => torch.zeros(2, 3));
      dist.all_gather(list, base(torch.float32));
      return list;
    });
    note('all_gather_single', () => {
      const x = torch.zeros(2 * size, 3);
      dist.all_gather_single(x, base(torch.float32));
      return x;
    });
    note('all_gather_into_tensor', () => {
      const x = torch.zeros(size, 2, 3);
      dist.all_gather_into_tensor(x, base(torch.float32));
      return x;
    });
    note('reduce_scatter', () => {
      const x = torch.zeros(2, 3);
      dist.reduce_scatter(
        x,
        Array.from({ length: size }, (_, i) => base(torch.float32, i)),
      );
      return x;
    });
    note('reduce_scatter_single', () => {
      const x = torch.zeros(3);
      dist.reduce_scatter_single(
        x,
        torch
          .arange(3 * size)
          .mul(rank + 1)
          .to(torch.float32),
      );
      return x;
    });
    note('reduce_scatter_tensor max', () => {
      const x = torch.zeros(3);
      dist.reduce_scatter_tensor(
        x,
        torch
          .arange(3 * size)
          .mul(rank + 1)
          .to(torch.float32),
        ReduceOp.MAX,
      );
      return x;
    });
    note('all_to_all_single', () => {
      const x = torch.zeros(size);
      dist.all_to_all_single(
        x,
        torch
          .arange(size)
          .add(10 * rank)
          .to(torch.float32),
      );
      return x;
    });
    note('all_to_all_single splits', () => {
      // Rank i sends j + 1 elements to rank j.
      const inputs = Array.from({ length: size }, (_, i) => i + 1);
      const total = inputs.reduce((a, b) => a + b, 0);
      const x = torch.zeros(size * (rank + 1));
      dist.all_to_all_single(
        x,
        torch
          .arange(total)
          .add(100 * rank)
          .to(torch.float32),
        {
          output_split_sizes: Array.from({ length: size }, () => rank + 1),
          input_split_sizes: inputs,
        },
      );
      return x;
    });
    note('all_to_all', () => {
      const outputs = Array.from({ length: size }, () => torch.zeros(2));
      dist.all_to_all(
        outputs,
        Array.from({ length: size }, (_, i) => torch.tensor([rank, i]).to(torch.float32)),
      );
      return outputs;
    });
    note('all_reduce_coalesced', () => {
      const list = [base(torch.float32), base(torch.float32, 2).flatten()];
      dist.all_reduce_coalesced(list);
      return list;
    });
    note('ring', () => {
      const x = torch.zeros(2, 3);
      const [next, previous] = [(rank + 1) % size, (rank + size - 1) % size];
      const work = dist.isend(base(torch.float32), next);
      const from = dist.recv(x, previous);
      work.wait();
      return [x, from];
    });
    note('any source', () => {
      if (rank !== 0) {
        dist.send(base(torch.float32), { dst: 0, tag: 7 });
        return null;
      }
      const seen = {};
      for (let i = 1; i < size; i++) {
        const x = torch.zeros(2, 3);
        seen[dist.recv(x, { tag: 7 })] = x;
      }
      return Object.keys(seen)
        .sort()
        .map((key) => [Number(key), seen[key]]);
    });
    note('batch', () => {
      const x = torch.zeros(2, 3);
      const ops = [
        new dist.P2POp(dist.isend, base(torch.float32, 5), (rank + 1) % size),
        new dist.P2POp(dist.irecv, x, (rank + size - 1) % size),
      ];
      for (const work of dist.batch_isend_irecv(ops)) work.wait();
      return x;
    });
    const waited = base(torch.float32);
    const work = dist.all_reduce(waited, { async_op: true });
    await work;
    note('async', () => [waited, work.is_completed(), work.is_success(), work.wait()]);
    note('barrier', () => dist.barrier());
    note('monitored_barrier', () => dist.monitored_barrier({ timeout: 20 }));
    note('asked', () => [dist.get_rank(), dist.get_world_size(), dist.get_backend(), dist.is_initialized()]);
    note('new_group', () => {
      const members = [0, size - 1];
      const group = dist.new_group(members, { group_desc: 'ends' });
      const x = base(torch.float32);
      if (rank === 0 || rank === size - 1) dist.all_reduce(x, { group });
      return [
        x,
        dist.get_rank(group),
        dist.get_world_size(group),
        rank % (size - 1) === 0 ? dist.get_process_group_ranks(group) : null,
      ];
    });
    note('new_group unsorted', () => {
      const group = dist.new_group([size - 1, 0], { sort_ranks: false });
      if (rank % (size - 1) !== 0) return null;
      const x = base(torch.float32);
      dist.broadcast(x, { group_src: 0, group });
      return [x, dist.get_rank(group), dist.get_global_rank(group, 0), dist.get_group_rank(group, 0)];
    });
    note('local group', () => {
      if (rank === 1) return null;
      const group = dist.new_group([0, size - 1], { use_local_synchronization: true });
      const x = base(torch.float32);
      dist.all_reduce(x, { group });
      return x;
    });
    note('new_subgroups', () => {
      const [own, all] = dist.new_subgroups(1);
      const x = base(torch.float32);
      dist.all_reduce(x, { group: own });
      return [x, all.length, dist.get_process_group_ranks(own)];
    });
    note('twice', () => dist.new_group([0, 0]));
    note('out of range', () => dist.new_group([size]));
    note('dtypes', () => dist.all_gather([torch.zeros(1)], torch.zeros(1, { dtype: torch.int64 })));
    note('self', () => dist.send(torch.zeros(1), rank));
    note('both ranks', () => dist.broadcast(torch.zeros(1), { src: 0, group_src: 0 }));
    note('no rank', () => dist.broadcast(torch.zeros(1)));
    note('root', () => dist.broadcast(torch.zeros(1), size + 2));
    note('sizes', () => dist.all_gather([torch.zeros(1)], torch.zeros(1)));
    note('init twice', () => dist.init_process_group('gloo'));
  },

  async objects() {
    const { Tuple } = torch.serialization;
    const own = {
      rank,
      text: 'ä€𝄞',
      float: rank + 0.5,
      large: 2n ** 70n + BigInt(rank),
      flags: [true, false, null],
      tuple: Tuple.of(rank, 'x', Tuple.of()),
      bytes: Uint8Array.from([0, 128, 255, rank]),
      set: new Set([rank, rank + 10]),
      ints: new Map([
        [1, 'a'],
        [rank + 2, 'b'],
      ]),
      complex: new torch.Complex(1.5, rank),
      dtype: torch.bfloat16,
      device: torch.device('cpu'),
      size: torch.zeros(2, rank + 1).shape,
      tensors: [
        base(torch.float32),
        base(torch.float32).t(),
        base(torch.bfloat16),
        base(torch.int64).gt(2),
        torch.tensor(rank),
      ],
      parameter: new nn.Parameter(base(torch.float64)),
    };
    note('all_gather_object', () => {
      const list = Array.from({ length: size }, () => null);
      dist.all_gather_object(list, own);
      return list;
    });
    note('gather_object', () => {
      const list = rank === 1 ? Array.from({ length: size }, () => null) : null;
      dist.gather_object([rank, 'x'.repeat(10 * rank)], list, 1);
      return list;
    });
    note('broadcast_object_list', () => {
      const list = rank === size - 1 ? [own, 'second', null] : [null, null, null];
      dist.broadcast_object_list(list, size - 1);
      return list;
    });
    note('scatter_object_list', () => {
      const list = [null];
      const input = rank === 0 ? Array.from({ length: size }, (_, i) => ({ to: i, x: torch.full([i + 1], i) })) : null;
      dist.scatter_object_list(list, input, 0);
      return list;
    });
    note('send_object_list', () => {
      if (rank === 0) {
        dist.send_object_list([own, 'more'], 1);
        return null;
      }
      if (rank !== 1) return null;
      const list = [null, null];
      const from = dist.recv_object_list(list, 0);
      return [from, list];
    });
  },

  async gradients() {
    const F = dist.nn.functional;
    const input = (plus = 0) => base(torch.float32, plus).requires_grad_();
    const weights = torch
      .arange(6)
      .reshape(2, 3)
      .add(10 * rank)
      .to(torch.float32);
    const flow = (name, run) =>
      note(`gradient ${name}`, () => {
        const xs = Array.from({ length: size }, (_, i) => input(i));
        const outputs = [run(xs)].flat();
        let loss = 0;
        outputs.forEach((output, i) => {
          loss = output
            .mul(weights)
            .mul(i + 1)
            .sum()
            .add(loss);
        });
        loss.backward();
        return [outputs.map((output) => output.detach()), xs.map((x) => x.grad)];
      });
    const empty = () => Array.from({ length: size }, () => torch.zeros(2, 3));
    for (let root = 0; root < size; root++) {
      flow(`broadcast ${root}`, ([x]) => F.broadcast(x, root));
      flow(`scatter ${root}`, (xs) => F.scatter(xs, root));
      flow(`gather ${root}`, ([x]) => F.gather(x, root));
    }
    flow('all_reduce', ([x]) => F.all_reduce(x));
    flow('all_gather', ([x]) => F.all_gather(x));
    flow('reduce_scatter', (xs) => F.reduce_scatter(torch.zeros(2, 3), xs));
    flow('all_to_all', (xs) => F.all_to_all(empty(), xs));
    flow('all_to_all_single', (xs) =>
      F.all_to_all_single(torch.zeros(size, 3), torch.cat(xs).narrow(0, 0, size)).narrow(0, 0, 2),
    );
  },

  async ddp() {
    class Branches extends nn.Module {
      constructor() {
        super();
        this.first = new nn.Linear(6, 5);
        this.left = new nn.Linear(5, 3);
        this.right = new nn.Linear(5, 3);
      }
      forward(x, side) {
        const hidden = this.first(x).relu();
        return side ? this.left(hidden) : this.right(hidden);
      }
    }
    const plain = () =>
      new nn.Sequential(new nn.Linear(6, 16), new nn.BatchNorm1d(16), new nn.Tanh(), new nn.Linear(16, 3));
    const DDP = nn.parallel.DistributedDataParallel;
    const state = (model) =>
      Object.entries(model.module.state_dict()).map(([name, value]) => [name, told(value.reshape(-1))]);
    const data = (step) => {
      torch.manual_seed(100 * step + rank);
      return [torch.randn(4, 6), torch.randn(4, 3)];
    };
    const train = (name, make, options, steps = 4, call = (model, x) => model(x), hook = null) => {
      torch.manual_seed(rank);
      const model = new DDP(make(), options);
      if (hook) model._register_builtin_comm_hook(hook);
      const optimizer = new optim.SGD(model.parameters(), { lr: 0.1, momentum: 0.9 });
      const losses = [];
      for (let step = 0; step < steps; step++) {
        const [x, y] = data(step);
        optimizer.zero_grad();
        const loss = nn.functional.mse_loss(call(model, x, step), y);
        loss.backward();
        optimizer.step();
        losses.push(told(loss.reshape(1)));
      }
      results[`ddp ${name}`] = [losses, state(model)];
      return model;
    };
    train('default', plain, {});
    train('view', plain, { gradient_as_bucket_view: true });
    train('small buckets', plain, { bucket_cap_mb: 0.0002 });
    train('bucket list', plain, { bucket_cap_mb_list: [0.0001, 0.0003] });
    train('no buffers', plain, { forward_sync_buffers: false });
    train('static', plain, { static_graph: true });
    train('batched copy', plain, { batched_grad_copy: true });
    train('fp16', plain, {}, 4, undefined, dist.BuiltinCommHookType.FP16_COMPRESS);
    const by_side = (model, x, step) => model(x, step % 2 === 0);
    train('unused', () => new Branches(), { find_unused_parameters: true }, 4, by_side);
    train(
      'unused by rank',
      () => new Branches(),
      { find_unused_parameters: true },
      4,
      (model, x) => model(x, rank === 0),
    );
    train(
      'static unused',
      () => new Branches(),
      { static_graph: true },
      4,
      (model, x) => model(x, true),
    );
    const accumulated = train('before no_sync', plain, {}, 1);
    accumulated.zero_grad();
    for (let step = 0; step < 2; step++) {
      const [x, y] = data(step);
      accumulated.no_sync(() => nn.functional.mse_loss(accumulated(x), y).backward());
    }
    results['local gradients'] = [...accumulated.parameters()].map((p) => told(p.grad.reshape(-1)));
    const [x, y] = data(5);
    nn.functional.mse_loss(accumulated(x), y).backward();
    results['no_sync'] = [...accumulated.parameters()].map((p) => told(p.grad.reshape(-1)));
    const sparse = new DDP(new nn.Embedding(7, 3, { sparse: true }));
    sparse(torch.tensor([rank, 2]))
      .sum()
      .backward();
    results['sparse'] = told(sparse.module.weight.grad.to_dense());
    note('no gradient', () => new DDP(new nn.Linear(2, 2).requires_grad_(false)));
    note('device_ids', () => new DDP(new nn.Linear(2, 2), { device_ids: [0] }));
    const partial = new DDP(new Branches());
    partial(x, true).sum().backward();
    note('unused without search', () => {
      try {
        partial(x, true);
      } catch (error) {
        throw new Error(error.message.replace(/^DistributedDataParallel\(\): /, '').slice(0, 60));
      }
    });
  },

  async hooks() {
    const DDP = nn.parallel.DistributedDataParallel;
    const { default_hooks, debugging_hooks } = dist.algorithms.ddp_comm_hooks;
    const weights = (model) => [...model.parameters()].map((p) => told(p));
    const make = () => new nn.Sequential(new nn.Linear(6, 8), new nn.Tanh(), new nn.Linear(8, 3));
    const data = (step) => {
      torch.manual_seed(100 * step + rank);
      return [torch.randn(4, 6), torch.randn(4, 3)];
    };
    const train = (name, state, hook, options = {}, steps = 3) => {
      torch.manual_seed(rank);
      const model = new DDP(make(), options);
      model.register_comm_hook(state, hook);
      const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
      for (let step = 0; step < steps; step++) {
        const [x, y] = data(step);
        optimizer.zero_grad();
        nn.functional.mse_loss(model(x), y).backward();
        optimizer.step();
      }
      results[`ddp hook ${name}`] = weights(model);
      return model;
    };
    train('allreduce', null, default_hooks.allreduce_hook);
    train('fp16', null, default_hooks.fp16_compress_hook, { bucket_cap_mb: 0.0001 });
    train('fp16 wrapper', null, default_hooks.fp16_compress_wrapper(default_hooks.allreduce_hook));
    train('noop', null, debugging_hooks.noop_hook, { gradient_as_bucket_view: true });
    train('static', null, default_hooks.allreduce_hook, { static_graph: true });
    // A sum of signs, and what the buckets are.
    const seen = [];
    const signs = (state, bucket) => {
      const parameters = bucket.parameters();
      seen.push([
        bucket.index(),
        bucket.is_last(),
        [...bucket.buffer().shape],
        bucket.gradients().map((g) => [...g.shape]),
        parameters.map((p) => state.map((known) => known === p).indexOf(true)),
      ]);
      const sign = bucket.buffer().sign();
      const decode = (future) => future.value()[0].div(size);
      return dist.all_reduce(sign, { async_op: true }).get_future().then(decode);
    };
    // Two collectives one after the other.
    train('chain', null, (_, bucket) =>
      dist
        .all_reduce(bucket.buffer(), { async_op: true })
        .get_future()
        .then((future) => {
          const [sum] = future.value();
          dist.broadcast(sum.mul_(rank + 2), 1);
          return sum;
        }),
    );
    torch.manual_seed(rank);
    const model = new DDP(make(), { bucket_cap_mb: 0.0001 });
    model.register_comm_hook([...model.parameters()], signs);
    for (let step = 0; step < 2; step++) {
      const [x, y] = data(step);
      nn.functional.mse_loss(model(x), y).backward();
    }
    results['ddp hook signs'] = [seen, [...model.parameters()].map((p) => told(p.grad))];
    note('ddp hook twice', () => {
      try {
        model.register_comm_hook(null, default_hooks.allreduce_hook);
      } catch (error) {
        throw new Error(error.message.includes('register_comm_hook') ? 'one only' : error.message);
      }
    });
    note('ddp hook bf16', () => new DDP(make()).register_comm_hook(null, default_hooks.bf16_compress_hook));
    note('ddp future', () => {
      const future = dist.all_reduce(torch.ones(2), { async_op: true }).get_future();
      const both = torch.futures.collect_all([future, future.then((done) => done.value()[0].add(1))]);
      const [first, second] = both.wait();
      return [first.wait()[0], second.wait()];
    });
    note('ddp hook split_group', () => dist.split_group(null, [[0]]));
    note('ddp hook split_group nothing', () => dist.split_group());
  },

  async join() {
    const DDP = nn.parallel.DistributedDataParallel;
    const { Join, JoinHook } = dist.algorithms;
    const train = (name, make, options, join, counts = [2, 5, 3], call = (model, x) => model(x)) => {
      torch.manual_seed(rank);
      const model = new DDP(make(), options);
      const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
      note(`ddp join ${name}`, () => {
        let error = null;
        try {
          model.join(() => {
            for (let step = 0; step < counts[rank % counts.length]; step++) {
              torch.manual_seed(100 * step + rank);
              optimizer.zero_grad();
              call(model, torch.randn(4, 6), step).square().sum().backward();
              optimizer.step();
            }
          }, join);
        } catch (thrown) {
          error = thrown.message;
        }
        return [error, Object.values(model.module.state_dict()).map((value) => value.reshape(-1))];
      });
    };
    const plain = () => new nn.Sequential(new nn.Linear(6, 8), new nn.BatchNorm1d(8), new nn.Linear(8, 3));
    const small = () => new nn.Sequential(new nn.Linear(6, 8), new nn.Tanh(), new nn.Linear(8, 3));
    train('default', plain, {}, {});
    train('no buffers', small, { bucket_cap_mb: 0.0001 }, {});
    train('divide by active', small, {}, { divide_by_initial_world_size: false });
    train('search', small, { find_unused_parameters: true }, {});
    train('even', small, {}, {}, [2, 2, 2]);
    train('disabled', small, {}, { enable: false }, [2, 2, 2]);
    train('throw', small, {}, { throw_on_early_termination: true });
    const by_step = (model, x, step) => (step % 2 === 0 ? model.no_sync(() => model(x)) : model(x));
    train('no_sync', small, {}, {}, [2, 5, 3], by_step);
    // A class of the caller's own, which counts.
    const calls = [];
    class Counts extends JoinHook {
      main_hook() {
        calls.push('main');
        dist.all_reduce(torch.zeros(1));
      }
      post_hook(last) {
        calls.push(last);
      }
    }
    class Counter extends dist.algorithms.Joinable {
      total = 0;
      join_hook(options) {
        calls.push(Object.entries(options));
        return new Counts();
      }
      get join_device() {
        return torch.device('cpu');
      }
      get join_process_group() {
        return dist.group.WORLD;
      }
      step() {
        Join.notify_join_context(this);
        const one = torch.ones(1);
        dist.all_reduce(one);
        this.total += one.item();
      }
    }
    const counter = new Counter();
    new Join([counter], true, false, { wanted: 3 }).run(() => {
      for (let step = 0; step <= rank; step++) counter.step();
    });
    results['ddp join counter'] = [counter.total, calls];
    note('ddp join nothing', () => new Join([]));
  },

  async zero() {
    const DDP = nn.parallel.DistributedDataParallel;
    const { ZeroRedundancyOptimizer } = dist.optim;
    const make = () => new nn.Sequential(new nn.Linear(6, 8), new nn.Tanh(), new nn.Linear(8, 3), new nn.Linear(3, 2));
    const described_state = ({ state, param_groups }) => [
      Object.entries(state).map(([key, value]) => [Number(key), Object.entries(value)]),
      param_groups.map((group) => [group.params, group.lr]),
    ];
    const steps = (model, optimizer, from, to) => {
      for (let step = from; step < to; step++) {
        torch.manual_seed(100 * step + rank);
        optimizer.zero_grad();
        model(torch.randn(4, 6)).square().sum().backward();
        optimizer.step();
      }
    };
    const train = (name, kind, options, groups = (model) => model.parameters()) => {
      torch.manual_seed(rank);
      const model = new DDP(make());
      const optimizer = new ZeroRedundancyOptimizer(groups(model), kind, options);
      steps(model, optimizer, 0, 2);
      for (const group of optimizer.param_groups) group.lr = 0.02;
      steps(model, optimizer, 2, 4);
      note(`ddp zero ${name} early`, () => optimizer.state_dict() && null);
      optimizer.consolidate_state_dict(1);
      note(`ddp zero ${name} state`, () => described_state(optimizer.state_dict()));
      results[`ddp zero ${name} own`] = [...optimizer.optim.state.values()].length;
      // All load what one has collected.
      const list = [rank === 1 ? optimizer.state_dict() : null];
      dist.broadcast_object_list(list, 1);
      const again = new ZeroRedundancyOptimizer(groups(model), kind, options);
      again.load_state_dict(list[0]);
      steps(model, again, 4, 6);
      again.consolidate_state_dict();
      note(`ddp zero ${name} loaded`, () => described_state(again.state_dict()));
      results[`ddp zero ${name}`] = [...model.parameters()].map((p) => told(p));
    };
    train('adam', optim.Adam, { lr: 0.01 });
    train('view', optim.SGD, { lr: 0.01, momentum: 0.9, parameters_as_bucket_view: true });
    train('groups', optim.AdamW, { lr: 0.01 }, (model) => [
      { params: [...model.module[0].parameters()], lr: 0.1 },
      { params: [...model.module[2].parameters()] },
    ]);
    torch.manual_seed(rank);
    const grown = new DDP(make());
    const optimizer = new ZeroRedundancyOptimizer([...grown.module[0].parameters()], optim.SGD, { lr: 0.1 });
    optimizer.add_param_group({ params: [...grown.module[3].parameters()], lr: 0.5 });
    steps(grown, optimizer, 0, 2);
    results['ddp zero grown'] = [...grown.parameters()].map((p) => told(p));
    const model = new DDP(make());
    const joined = new ZeroRedundancyOptimizer(model.parameters(), optim.Adam, { lr: 0.01 });
    const { Join } = dist.algorithms;
    new Join([model, joined]).run(() => steps(model, joined, 0, 1 + 2 * rank));
    results['ddp zero join'] = [...model.parameters()].map((p) => told(p));
    note('ddp zero nothing', () => new ZeroRedundancyOptimizer([], optim.SGD, { lr: 0.1 }));
    note('ddp zero tensor', () => new ZeroRedundancyOptimizer(torch.ones(1), optim.SGD, { lr: 0.1 }));
    note('ddp zero kinds', () => new ZeroRedundancyOptimizer([torch.ones(1), 3], optim.SGD, { lr: 0.1 }));
    note('ddp zero dtypes', () => {
      const both = [torch.ones(1), torch.ones(1, { dtype: torch.float64 })];
      return new ZeroRedundancyOptimizer(both, optim.SGD, { lr: 0.1 });
    });
  },

  async shapes() {
    note('shapes', () => new nn.parallel.DistributedDataParallel(new nn.Linear(2, rank === 0 ? 2 : 3)));
    // Rank 0 learns only that the others have gone.
    if (rank === 0) results['shapes'] = Object.keys(results['shapes']);
  },

  async sampler() {
    const sampler = new torch.utils.data.DistributedSampler(torch.arange(11), { shuffle: true });
    results['sampler'] = [...sampler];
  },

  // The last rank dies while the others wait for it.
  async dies() {
    const x = torch.ones(3);
    dist.all_reduce(x);
    if (rank === size - 1) process.kill(process.pid, 'SIGKILL');
    try {
      dist.all_reduce(x);
    } catch (error) {
      results['error'] = error.message;
    }
    process.stdout.write(`\n${JSON.stringify(results)}\n`);
    process.exit(0);
  },

  // The last rank is stopped, as by a debugger: the others get an Error in time, and so does it when it goes on.
  async stops() {
    const pids = Array.from({ length: size }, () => null);
    dist.all_gather_object(pids, process.pid);
    if (rank === size - 1) process.kill(process.pid, 'SIGSTOP');
    const began = Date.now();
    try {
      dist.all_reduce(torch.ones(3));
    } catch (error) {
      results['error'] = error.message;
    }
    results['took'] = Date.now() - began;
    if (rank === 0) process.kill(pids[size - 1], 'SIGCONT');
    process.stdout.write(`\n${JSON.stringify(results)}\n`);
    process.exit(0);
  },

  // The last rank does not come: the others wait, once blocked and once by await, while the event loop goes on.
  async late() {
    const x = torch.ones(3);
    dist.all_reduce(x);
    if (rank === size - 1) {
      await new Promise((resolve) => setTimeout(resolve, 6000));
      process.exit(0);
    }
    let turns = 0;
    const timer = setInterval(() => turns++, 50);
    try {
      await dist.all_reduce(x, { async_op: true });
    } catch (error) {
      results['awaited'] = error.message;
    }
    results['turns'] = turns;
    clearInterval(timer);
    try {
      dist.monitored_barrier({ timeout: 1 });
    } catch (error) {
      results['monitored'] = error.message;
    }
    process.stdout.write(`\n${JSON.stringify(results)}\n`);
    process.exit(0);
  },

  async mesh() {
    const mesh = dist.init_device_mesh('cpu', [2, 2], { mesh_dim_names: ['dp', 'tp'] });
    const tp = mesh.get('tp');
    note('mesh', () => [
      String(mesh),
      mesh.mesh,
      [...mesh.shape],
      mesh.ndim,
      mesh.size(),
      mesh.size(0),
      mesh.get_rank(),
    ]);
    note('coordinate', () => [
      mesh.get_coordinate(),
      mesh.get_local_rank('dp'),
      tp.get_local_rank(),
      mesh.get_local_rank(1),
    ]);
    note('slices', () => [
      String(tp),
      tp.mesh,
      String(mesh.get('dp')),
      mesh.get('dp').mesh,
      mesh.get(['dp', 'tp']) === mesh,
    ]);
    note('swapped', () => mesh.get(['tp', 'dp']) && null);
    note('mesh groups', () =>
      mesh.get_all_groups().map((group) => [...dist.get_process_group_ranks(group), group.group_desc]),
    );
    note('mesh sum', () => {
      const x = torch.tensor([rank + 1]);
      dist.all_reduce(x, { group: tp.get_group() });
      return x;
    });
    const plain = new dist.DeviceMesh('cpu', [
      [0, 2],
      [1, 3],
    ]);
    note('plain mesh', () => [String(plain), plain.mesh, plain.get_coordinate(), plain.mesh_dim_names]);
    note('plain sum', () => {
      const x = torch.tensor([rank + 1]);
      dist.all_reduce(x, { group: plain.get_group(1) });
      return x;
    });
    note('from_group', () => String(dist.DeviceMesh.from_group(tp.get_group(), 'cpu')));
    note('large mesh', () => dist.init_device_mesh('cpu', [8]));
    note('twice', () => dist.init_device_mesh('cpu', [2, 2], { mesh_dim_names: ['a', 'a'] }));
    note('short names', () => dist.init_device_mesh('cpu', [2, 2], { mesh_dim_names: ['a'] }));
    note('slice of plain', () => plain.get('dp'));
    note('no such name', () => mesh.get('pp'));
  },

  async dtensor() {
    const { distribute_tensor, DTensor, Shard, Replicate, Partial } = dist.tensor;
    const mesh = dist.init_device_mesh('cpu', [size]);
    const said = (x) => [String(x), [...x.shape], x.to_local()];
    const whole = torch
      .arange(7 * 5)
      .reshape(7, 5)
      .to(torch.float32)
      .div(3);
    const placements = [new Shard(0), new Shard(1), new Replicate()];
    for (const from of placements) {
      note(`distribute ${from}`, () => said(distribute_tensor(whole.add(rank), mesh, [from])));
      for (const to of placements) {
        note(`${from} to ${to}`, () => said(distribute_tensor(whole, mesh, [from]).redistribute(mesh, [to])));
        note(`gradient ${from} to ${to}`, () => {
          const x = distribute_tensor(whole, mesh, [from]).requires_grad_();
          x.redistribute({ placements: [to] })
            .to_local()
            .mul(rank + 1)
            .sum()
            .backward();
          return said(x.grad);
        });
      }
    }
    const pending = () => DTensor.from_local(whole.add(rank), mesh, [new Partial()]);
    for (const to of placements) note(`partial to ${to}`, () => said(pending().redistribute(mesh, [to])));
    note('average', () => DTensor.from_local(whole.add(rank), mesh, [new Partial('avg')]).full_tensor());
    note('from_local', () => said(DTensor.from_local(torch.ones(2, 3).mul(rank), mesh, [new Shard(-1)])));
    note('run_check', () => said(DTensor.from_local(torch.ones(2).mul(rank), mesh, { run_check: true })));
    note('full', () => distribute_tensor(whole, mesh, [new Shard(0)]).full_tensor());
    const a = distribute_tensor(whole, mesh, [new Shard(0)]);
    const b = distribute_tensor(whole.add(1), mesh, [new Replicate()]);
    note('pointwise', () => [said(a.add(b)), said(a.mul(2).relu()), said(b.sub(a).exp()), said(a.add(a.neg()))]);
    note('partial sums', () => [said(pending().mul(3)), said(pending().add(1)), said(pending().add(pending()))]);
    note('sums', () => [said(a.sum()), said(a.sum(1)), said(a.sum(0)), a.sum(0).full_tensor(), said(a.mean(1))]);
    note('mean', () => {
      const even = distribute_tensor(
        torch
          .arange(size * 4)
          .reshape(size, 4)
          .to(torch.float32),
        mesh,
        [new Shard(0)],
      );
      even.requires_grad_();
      const mean = even.square().mean();
      mean.redistribute({ placements: [new Replicate()] }).backward();
      return [mean.full_tensor().detach(), said(even.grad)];
    });
    note('product', () => [said(a.t()), said(a.t().matmul(b)), a.t().matmul(a).full_tensor(), said(b.matmul(a.t()))]);
    note('in place', () =>
      said(
        distribute_tensor(whole, mesh, [new Shard(0)])
          .add_(1)
          .mul_(2),
      ),
    );
    note('module', () => {
      torch.manual_seed(0);
      const linear = dist.tensor.distribute_module(new nn.Linear(3, 4), mesh, (_, module) => {
        module.weight = new nn.Parameter(distribute_tensor(module.weight.detach(), mesh, [new Shard(0)]));
      });
      return [...linear.parameters()].map(said);
    });
    note('mixed', () => a.add(torch.ones(5)) && null);
    results['mixed'] = /mixed torch.Tensor and DTensor/.test(results['mixed'].error);
    note('to partial', () => a.redistribute(mesh, [new Partial()]));
    results['to partial'] = 'error' in results['to partial'];
    note('two placements', () => distribute_tensor(whole, mesh, [new Shard(0), new Shard(1)]));
    note('not a leaf', () => distribute_tensor(torch.ones(3, { requires_grad: true }).mul(2), mesh, [new Shard(0)]));
    if (size !== 4) return;
    const grid = dist.init_device_mesh('cpu', [2, 2]);
    const both = [new Shard(0), new Shard(0)];
    note('nested', () => said(distribute_tensor(whole, grid, both)));
    note('nested full', () => distribute_tensor(whole, grid, both).full_tensor());
    note('nested to', () =>
      said(distribute_tensor(whole, grid, both).redistribute(grid, [new Replicate(), new Shard(0)])),
    );
    note('grid', () => said(distribute_tensor(whole, grid, [new Shard(1), new Shard(0)])));
    note('grid to', () =>
      said(
        distribute_tensor(whole, grid, [new Shard(1), new Shard(0)]).redistribute(grid, [
          new Shard(0),
          new Replicate(),
        ]),
      ),
    );
  },

  // biome-ignore lint/complexity/noExcessiveCognitiveComplexity: the loops are those of tests/reference/distributed.py
  async fsdp() {
    const { fully_shard, MixedPrecisionPolicy } = dist.fsdp;
    const meshes = [dist.init_device_mesh('cpu', [size])];
    if (size === 4) meshes.push(dist.init_device_mesh('cpu', [2, 2], { mesh_dim_names: ['replicate', 'shard'] }));
    const { bfloat16, float32, float16 } = torch;
    const make = () => {
      torch.manual_seed(3);
      const block = () =>
        new nn.Sequential(new nn.Linear(5, 7), new nn.LayerNorm(7), new nn.GELU(), new nn.Linear(7, 5));
      return new nn.Sequential(new nn.Linear(3, 5), block(), block(), new nn.Linear(5, 2));
    };
    const runs = {
      plain: {},
      kept: { reshard_after_forward: false },
      freed: { reshard_after_forward: true },
      bfloat16: { mp_policy: new MixedPrecisionPolicy({ param_dtype: bfloat16, reduce_dtype: float32 }) },
      float16: { mp_policy: new MixedPrecisionPolicy(float16) },
    };
    for (const mesh of meshes) {
      for (const [name, options] of Object.entries(runs)) {
        const model = make();
        for (const child of model) if (child instanceof nn.Sequential) fully_shard(child, { mesh, ...options });
        fully_shard(model, { mesh, ...options });
        const optimizer =
          name === 'kept'
            ? new optim.SGD(model.parameters(), { lr: 0.1, momentum: 0.9 })
            : new optim.AdamW(model.parameters(), { lr: 0.05 });
        torch.manual_seed(10 + rank);
        const losses = [];
        for (let step = 0; step < 4; step++) {
          // Two passes without a reduction between them.
          for (const sync of step % 2 ? [false, true] : [true]) {
            model.set_requires_gradient_sync(sync);
            const loss = nn.functional.mse_loss(model(torch.randn(6, 3)).to(float32), torch.randn(6, 2));
            loss.backward();
            losses.push(loss.detach());
          }
          if (name !== 'bfloat16') losses.push(nn.utils.clip_grad_norm_(model.parameters(), 0.5).full_tensor());
          optimizer.step();
          optimizer.zero_grad();
        }
        const state = model.state_dict();
        results[`fsdp ${name} ${mesh.ndim}`] = described([
          losses,
          Object.entries(state).map(([key, value]) => [key, String(value), value.to_local()]),
          state['1.0.weight'].full_tensor(),
        ]);
        const again = make();
        fully_shard(again, { mesh });
        note(`load ${name} ${mesh.ndim}`, () => {
          again.load_state_dict(state);
          const x = torch.ones(2, 3);
          return again(x).detach();
        });
      }
    }
  },

  async checkpoint() {
    const { checkpoint, tensor } = dist;
    const { Shard, Replicate } = tensor;
    const mesh = dist.init_device_mesh('cpu', [2, 2], { mesh_dim_names: ['a', 'b'] });
    const row = dist.init_device_mesh('cpu', [size]);
    const [model, optimizer] = sharded_model(row);
    torch.manual_seed(10 + rank);
    train_step(model, optimizer);
    const whole = torch
      .arange(7 * 5)
      .reshape(7, 5)
      .to(torch.float32)
      .div(3);
    const place = (x, on, placements) => tensor.distribute_tensor(x, on, placements);
    const state = {
      model,
      optimizer,
      rows: place(whole, row, [new Shard(0)]),
      columns: place(whole.to(torch.bfloat16), row, [new Shard(1)]),
      few: place(whole.narrow(0, 0, 3).contiguous(), row, [new Shard(0)]),
      everywhere: place(whole, row, [new Replicate()]),
      grid: place(whole, mesh, [new Shard(1), new Shard(0)]),
      twice: place(whole, mesh, [new Replicate(), new Shard(0)]),
      plain: torch.arange(6).reshape(2, 3).t(),
      scalar: torch.tensor(2.5, { dtype: torch.float64 }),
      nested: { list: [1, torch.ones(2), { name: 'x' }], numbers: [1, 2, 3], empty: {} },
      step: 3,
      text: 'text',
      nothing: null,
    };
    const found = checkpoint.save(state, { checkpoint_id: `${given.folder_of_checkpoints}/node` });
    note('checkpoint pieces', () =>
      [...found.state_dict_metadata].map(([name, entry]) => [
        name,
        'chunks' in entry
          ? [
              String(entry.properties.dtype),
              entry.properties.requires_grad,
              [...entry.size],
              entry.chunks.map(({ offsets, sizes }) => [[...offsets], [...sizes]]),
            ]
          : 'bytes',
      ]),
    );
    note('checkpoint paths', () =>
      [...found.planner_data].map(([name, path]) => [name, [...path]]).sort(([a], [b]) => (a < b ? -1 : 1)),
    );
    note('checkpoint places', () =>
      found.storage_data.map(([{ fqn, offset, index }, { relative_path }]) => [
        fqn,
        offset && [...offset],
        index,
        relative_path,
      ]),
    );
    note('checkpoint missing', () => checkpoint.load({ absent: 1 }, { checkpoint_id: given.folder_of_checkpoints }));
    results['checkpoint missing'] = 'error' in results['checkpoint missing'];
  },

  async read_checkpoint() {
    const { checkpoint, tensor } = dist;
    const { DTensor, Shard, Replicate } = tensor;
    const mesh = dist.init_device_mesh('cpu', [size]);
    for (const from of ['node', 'python']) {
      const [model, optimizer] = sharded_model(mesh);
      torch.manual_seed(20 + rank);
      train_step(model, optimizer);
      const local = (rows, columns, placement, dtype = torch.float32) =>
        DTensor.from_local(torch.zeros(rows, columns, { dtype }), mesh, [placement], { shape: [7, 5], stride: [5, 1] });
      const state = {
        model,
        optimizer,
        rows: local(7, rank === 0 ? 3 : 2, new Shard(1)),
        columns: local(rank === 0 ? 4 : 3, 5, new Shard(0), torch.bfloat16),
        few: torch.zeros(3, 5),
        everywhere: local(rank === 0 ? 4 : 3, 5, new Shard(0)),
        grid: torch.zeros(7, 5),
        twice: local(7, 5, new Replicate()),
        plain: torch.zeros(3, 2, { dtype: torch.int64 }),
        scalar: torch.tensor(0, { dtype: torch.float64 }),
        nested: { list: [0, torch.zeros(2), { name: '' }], numbers: [], empty: {} },
        step: 0,
        text: '',
        nothing: 1,
      };
      const options = { checkpoint_id: `${given.folder_of_checkpoints}/${from}`, no_dist: true };
      checkpoint.load(state, options);
      results[`read ${from}`] = described(
        Object.entries(state)
          .slice(2)
          .map(([name, value]) => [name, value instanceof DTensor ? value.to_local() : value]),
      );
      results[`read model ${from}`] = described(Object.values(model.state_dict()).map((value) => value.to_local()));
      train_step(model, optimizer);
      results[`go on ${from}`] = described(Object.values(model.state_dict()).map((value) => value.to_local()));
      for (const [what, wrong] of [
        ['no such name', { absent: torch.ones(1) }],
        ['another size', { plain: torch.zeros(2, 3) }],
        ['not a tensor', { plain: 1 }],
      ]) {
        note(`${what} ${from}`, () => {
          try {
            checkpoint.load(wrong, options);
          } catch (error) {
            return error.failures.get(0).message;
          }
        });
      }
    }
  },
};

if (given.own_init !== true) init(given.timeout);
const context = { torch, given, results, described, note, told, train_step };
for (const file of ['functional', 'parallel', 'algorithms', 'pipelining', 'composed', 'norm', 'named_states']) {
  Object.assign(scenarios, (await import(`./scenarios/${file}.mjs`)).scenarios_of(context));
}
for (const name of given.scenarios) await scenarios[name]();
if (given.own_init !== true) dist.destroy_process_group();
process.stdout.write(`\n${JSON.stringify(results)}\n`);
