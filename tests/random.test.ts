import { Worker } from 'node:worker_threads';

import * as torch from 'torch-node';
import { describe, expect, it } from 'vitest';
import { root } from './package_root.js';
import { python } from './reference.js';

const expected = python<Record<string, unknown>>('random_draws.py');
const errors = expected['errors'] as Record<string, string>;

describe('generators', () => {
  it('draw what Python draws for a seed, one after the other', () => {
    torch.manual_seed(42);
    expect([
      torch.rand(5).tolist(),
      torch.randn(20).tolist(),
      torch.randperm(10).tolist(),
      torch.randint(0, 100, [4]).tolist(),
      torch.empty([], { dtype: torch.int64 }).random_().item<number | bigint>().toString(),
    ]).toEqual(expected['default']);
  });

  it('have states of their own', () => {
    const generator = new torch.Generator().manual_seed(7);
    torch.manual_seed(1);
    torch.rand(3);
    expect([torch.rand(3, { generator }).tolist(), torch.randperm(6, { generator }).tolist()]).toEqual(expected['own']);
  });

  it('go back to a saved state', () => {
    torch.manual_seed(3);
    torch.rand(1);
    const state = torch.get_rng_state();
    const first = torch.randn(7).tolist();
    torch.set_rng_state(state);
    expect(torch.randn(7).tolist()).toEqual(first);
    expect(state.dtype).toBe(torch.uint8);
  });

  it('know their seed', () => {
    torch.manual_seed(123);
    expect(torch.initial_seed()).toBe(123);
    expect(new torch.Generator().manual_seed(2n ** 63n).initial_seed()).toBe(2n ** 63n);
    expect(String(new torch.Generator().device)).toBe('cpu');
  });

  it('take negative and large seeds as Python does', () => {
    torch.manual_seed(-1);
    const first = torch.rand(2).tolist();
    torch.manual_seed(2n ** 64n - 1n);
    expect(torch.rand(2).tolist()).toEqual(first);
    expect(first).toEqual(expected['negative']);
  });

  it('refuse seeds that are not integers', () => {
    expect(() => torch.manual_seed('1' as unknown as number)).toThrow(TypeError);
    expect(() => torch.manual_seed(2 ** 70)).toThrow(RangeError);
    expect(() => new torch.Generator().set_state(torch.zeros(3))).toThrow(TypeError);
  });

  it('are cloned with their state', () => {
    const generator = new torch.Generator().manual_seed(11);
    torch.rand(3, { generator });
    const clone = generator.clone_state();
    const drawn = torch.rand(3, { generator: clone }).tolist();
    expect(torch.rand(3, { generator }).tolist()).toEqual(drawn);
    expect(torch.rand(3, { generator: torch.deepcopy(clone) }).tolist()).toEqual(torch.rand(3, { generator }).tolist());
  });

  it('refuse what those of the CPU cannot do with the words of Python', () => {
    const generator = new torch.Generator('cpu');
    expect(() => generator.get_offset()).toThrow(errors['get_offset']);
    expect(() => generator.set_offset(4)).toThrow(errors['set_offset']);
    expect(() => generator.graphsafe_get_state()).toThrow(errors['graphsafe_get_state']);
    expect(() => generator.graphsafe_set_state(new torch.Generator())).toThrow(errors['graphsafe_set_state']);
    expect(() => generator.set_state(torch.zeros(3))).toThrow(errors['set_state_float']);
    expect(() => generator.set_state(torch.zeros(3, { dtype: torch.uint8 }))).toThrow(errors['set_state_short']);
  });

  it('are made for a device by position and by name, and refuse other arguments', () => {
    for (const made of [
      new torch.Generator(),
      new torch.Generator('cpu'),
      new torch.Generator({ device: 'cpu' }),
      new torch.Generator({ device: torch.device('cpu') }),
      new torch.Generator(null),
    ]) {
      expect(String(made.device)).toBe('cpu');
    }
    const wrong = torch.Generator as unknown as new (...args: unknown[]) => torch.Generator;
    expect(() => new wrong({ zzz: 1 })).toThrow(errors['unknown']);
    expect(() => new wrong('cpu', 1)).toThrow(errors['surplus']);
    expect(() => new wrong(torch.zeros(1))).toThrow(
      /^Generator\(\): argument 'device' must be torch\.device.*, not Tensor$/,
    );
    expect(() => new wrong('foo')).toThrow(/device type at start of device string: foo/);
    expect(() => new torch.Generator().manual_seed(1.5)).toThrow(TypeError);
    expect(torch.manual_seed({ seed: 4 }).initial_seed()).toBe(4);
  });
});

/** Runs the body of a function `(torch, post) => void` in a worker thread; gives what it posted. */
function in_worker<T>(body: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(
      `const torch = require(${JSON.stringify(root)}); const F = torch.nn.functional;
       const post = (value) => require('node:worker_threads').parentPort.postMessage(value);
       (async () => { ${body} })();`,
      { eval: true },
    );
    worker.on('message', resolve);
    worker.on('error', reject);
  });
}

// Operators with a generator among their arguments, and what draws deep within other code.
const draws = `
  const x = torch.ones(4, 4);
  const attention = new torch.nn.MultiheadAttention(4, 2, { dropout: 0.5 });
  const lstm = new torch.nn.LSTM(4, 4, { num_layers: 2, dropout: 0.5 });
  const drawn = [
    torch.rand(2), torch.randn(2), torch.randperm(5), torch.randint(0, 9, [3]), torch.rand_like(x), torch.randint_like(x, 5),
    torch.bernoulli(x.mul(0.5)), torch.multinomial(torch.ones(5), 3), torch.poisson(x), torch.normal(x, 1),
    torch.empty(3).cauchy_(), torch.empty(3).exponential_(), torch.empty(3).geometric_(0.3), torch.empty(3).log_normal_(),
    torch.binomial(x.mul(10), x.mul(0.5)), torch.native_dropout(x, 0.5, true)[0], F.dropout(x), F.alpha_dropout(x, 0.5, true),
    F.rrelu(x.neg(), 0.1, 0.3, true), F.gumbel_softmax(x), F.scaled_dot_product_attention(x, x, x, { dropout_p: 0.5 }),
    F.fractional_max_pool2d(torch.arange(64).view(1, 8, 8).float(), 2, { output_size: 3 }), attention(x, x, x)[0], lstm(x)[0],
    torch.vmap((row) => F.dropout(row), { randomness: 'different' })(x), torch.nn.init.kaiming_uniform_(torch.empty(3, 3)),
    torch.svd_lowrank(torch.arange(16).view(4, 4).float(), 2)[1],
  ].map((tensor) => tensor.tolist());`;

describe('the default generator of a worker thread', () => {
  it('draws the same numbers for a seed in every operator', async () => {
    const here = new Function('torch', 'F', `torch.manual_seed(5); ${draws} return drawn;`) as (
      module: typeof torch,
      functional: typeof torch.nn.functional,
    ) => unknown[];
    const there = await in_worker<unknown[]>(`torch.manual_seed(5); ${draws} post(drawn);`);
    expect(there).toEqual(here(torch, torch.nn.functional));
    expect(there.length).toBe(27);
  });

  it('leaves that of the main thread alone', async () => {
    torch.manual_seed(7);
    const before = torch.get_rng_state();
    await in_worker(
      `torch.manual_seed(5); ${draws} torch.seed(); torch.set_rng_state(new torch.Generator().get_state()); post(1);`,
    );
    expect(torch.initial_seed()).toBe(7);
    expect(torch.equal(torch.get_rng_state(), before)).toBe(true);
  });

  it('starts from the entropy of the system, and each worker has another one', async () => {
    torch.manual_seed(7);
    const seeds = await Promise.all(
      [1, 2].map(() =>
        in_worker<string>(
          // biome-ignore lint/suspicious/noTemplateCurlyInString: the source of a worker
          'post(`${torch.initial_seed()} ${torch.default_generator.initial_seed()} ${torch.rand(1).item()}`);',
        ),
      ),
    );
    expect(new Set([...seeds.map((seed) => seed.split(' ')[0]), '7']).size).toBe(3);
    for (const [by_function, by_generator] of seeds.map((seed) => seed.split(' ')))
      expect(by_function).toBe(by_generator);
  });

  it('is reproducible while other threads draw', async () => {
    const run = (): Promise<number> =>
      in_worker<number>(
        'torch.manual_seed(3); let sum = 0; for (let i = 0; i < 2000; i++) sum += F.dropout(torch.rand(16)).sum().item(); post(sum);',
      );
    const sums = await Promise.all([run(), run(), run()]);
    expect(new Set(sums).size).toBe(1);
  });

  it('serves scripts, on the thread and in the background', async () => {
    const file = expected['script'] as string;
    const body = `const script = torch.jit.load(Buffer.from('${file}', 'base64'));
      torch.manual_seed(9); const x = torch.ones(8); const first = script(x).tolist();
      torch.manual_seed(9); post([first, (await script.forward_async(x)).tolist()]);`;
    const before = torch.get_rng_state();
    const [direct, background] = await in_worker<[number[], number[]]>(body);
    expect([direct, background]).toEqual([expected['dropout'], expected['dropout']]);
    expect(torch.equal(torch.get_rng_state(), before)).toBe(true);
  });
});
