/** The package where the objects of JavaScript are not this program's own: vm contexts and Node's REPL. */
import { readFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { PassThrough } from 'node:stream';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { start } from 'node:repl';
import { createContext, runInContext, type Context } from 'node:vm';
import * as torch from 'torch-node';
import * as numpy from 'torch-node/numpy';
import * as safetensors from 'torch-node/safetensors';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../package_root.js';

const folder = mkdtempSync(join(tmpdir(), 'torch-node-realms-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
const file = join(folder, 'saved.pt');

/** Programs, and what they give as text. */
const programs: Record<string, [source: string, text: string]> = {
  options: ['torch.ones(2, 3).sum({ dim: 1 }).tolist().join()', '3,3'],
  arrays: ['torch.ones(2, 3).sum([0, 1]).item()', '6'],
  'tensor() of typed arrays': [
    '[torch.tensor(new Float32Array([1, 2])), torch.tensor([new Int16Array([1])])].join()',
    'tensor([1., 2.]),tensor([[1]], dtype=torch.int16)',
  ],
  'typed arrays of every class': [
    `[Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array]
       .map((Class) => String(torch.as_tensor(new Class(1)).dtype)).concat(String(torch.from_numpy(new BigInt64Array(1)).dtype),
       String(torch.asarray(new BigUint64Array(1)).dtype)).join(' ').replaceAll('torch.', '')`,
    'int8 uint8 uint8 int16 uint16 int32 uint32 float32 float64 int64 uint64',
  ],
  'frombuffer()': ['torch.frombuffer(new ArrayBuffer(8), { dtype: torch.float32 }).tolist().join()', '0,0'],
  NDArray: [
    "[new torch.NDArray(new Float32Array(2)).dtype, new torch.NDArray(new BigInt64Array(2)).tolist().join()].join(' ')",
    'float32 0,0',
  ],
  'save() of an object': [`torch.save({}, file); Object.keys(torch.load(file)).length`, '0'],
  'save() of a Map': [
    `torch.save(new Map([[1, torch.ones(1)]]), file); String(torch.load(file).get(1))`,
    'tensor([1.])',
  ],
  'save() of a Set': [`torch.save(new Set(['a']), file); [...torch.load(file)].join()`, 'a'],
  'save() of bytes': ['torch.save([new Uint8Array([1, 2])], file); torch.load(file)[0].join()', '1,2'],
  'load() with a map': [
    'torch.save(torch.ones(1), file); String(torch.load(file, { map_location: new Map([["cpu", "cpu"]]) }))',
    'tensor([1.])',
  ],
  'load() of bytes': [
    'torch.save(torch.ones(1), file); String(torch.load(new Uint8Array(read(file))))',
    'tensor([1.])',
  ],
  print: [
    'torch.python_repr([[1], new Map([[1, [2]]]), new Set([1]), { a: [1] }])',
    "[[1], {1: [2]}, {1}, {'a': [1]}]",
  ],
  'deepcopy() of a Map': ['String(torch.deepcopy(new Map([["a", torch.ones(1)]])).get("a"))', 'tensor([1.])'],
  'deepcopy() of a Set': ['torch.deepcopy(new Set([1, 2])).size', '2'],
  'deepcopy() of a Date': ['torch.deepcopy(new Date(5)).getTime()', '5'],
  'deepcopy() of a RegExp': ['torch.deepcopy(/a/g).flags', 'g'],
  'deepcopy() of a buffer': ['torch.deepcopy(new ArrayBuffer(2)).byteLength', '2'],
  'hand_over()': [
    `const sent = torch.hand_over([new Map([[1, torch.ones(1)]]), new Set([2]), new Date(3), /4/, new Error('5'), new ArrayBuffer(6)]);
     const [map, set, date, regexp, error, buffer] = torch.take_over(sent);
     [map.get(1), set.has(2), date.getTime(), regexp.source, error.message, buffer.byteLength].join()`,
    'tensor([1.]),true,3,4,5,6',
  ],
  'state dicts in a Map': [
    'const net = new torch.nn.Linear(1, 1); String(net.load_state_dict(new Map(Object.entries(net.state_dict()))))',
    '<All keys matched successfully>',
  ],
  'modules in a Map': [
    '[...new torch.nn.Sequential(new Map([["a", new torch.nn.ReLU()]])).named_children()].map(([name]) => name).join()',
    'a',
  ],
  optimizers: [
    `const p = new torch.nn.Parameter(torch.ones(1)); const optimizer = new torch.optim.SGD(new Set([p]), { lr: 1 });
     optimizer.load_state_dict({ state: new Map(), param_groups: [{ params: [0], lr: 0.5 }] }); optimizer.param_groups[0].lr`,
    '0.5',
  ],
  'default_collate()': [
    'String(torch.utils.data.default_collate([new Float32Array(1), new Float32Array(1)]))',
    'tensor([[0.],\n        [0.]])',
  ],
  'numpy.load()': ['String(numpy.load(new Uint8Array(numpy_file)))', '[1.]'],
  'safetensors.load()': ['String(safetensors.load(new Uint8Array(safetensors_file)).a)', 'tensor([1.])'],
  'assert_close()': [
    'torch.testing.assert_close([new Map([[1, 2]]), new Float32Array(1)], [new Map([[1, 2]]), new Float32Array(1)])',
    'undefined',
  ],
  'scope() of a promise': [
    'try { torch.scope(() => new Promise(() => {})) } catch (error) { error.message }',
    'scope(): the function must be synchronous: the mode ends when it returns',
  ],
};

const given = {
  torch,
  numpy,
  safetensors,
  file,
  read: readFileSync,
  Buffer,
  URL,
  TextEncoder,
  TextDecoder,
  AbortSignal,
  AbortController,
  structuredClone,
  setTimeout,
  setImmediate,
  queueMicrotask,
  process,
  performance,
  console,
  numpy_file:
    numpy.save === undefined
      ? undefined
      : (() => {
          const path = join(folder, 'saved.npy');
          numpy.save(path, torch.ones(1).numpy());
          return readFileSync(path);
        })(),
  safetensors_file: safetensors.save({ a: torch.ones(1) }),
};

describe('in a vm context that is given torch', () => {
  const context = createContext({ ...given });
  it.each(Object.entries(programs))('%s', (_, [source, text]) => {
    expect(String(runInContext(`{ ${source} }`, context))).toBe(text);
  });
});

/** Loads modules of CommonJS in a context, as Jest does. */
function load_in(context: Context, path: string, loaded = new Map<string, { exports: unknown }>()): unknown {
  const known = loaded.get(path);
  if (known) return known.exports;
  const module = { exports: {} as unknown };
  loaded.set(path, module);
  const required = createRequire(path);
  const source = readFileSync(path, 'utf8');
  const wrapped = runInContext(`(function (exports, require, module, __filename, __dirname) {${source}\n})`, context, {
    filename: path,
  }) as (...args: unknown[]) => void;
  const require_here = (name: string): unknown => {
    const resolved = required.resolve(name);
    return isBuiltin(resolved) || extname(resolved) !== '.js'
      ? (required(name) as unknown)
      : load_in(context, resolved, loaded);
  };
  wrapped(module.exports, Object.assign(require_here, { resolve: required.resolve }), module, path, dirname(path));
  return module.exports;
}

describe('in a vm context that loads the package itself', () => {
  let context: Context;
  beforeAll(() => {
    context = createContext({ ...given });
    const loaded = new Map<string, { exports: unknown }>();
    for (const [name, path] of [
      ['torch', 'index.js'],
      ['numpy', 'numpy/index.js'],
      ['safetensors', 'safetensors/index.js'],
    ] as const) {
      context[name] = load_in(context, join(root, 'dist', path), loaded);
    }
  });
  const value = (source: string): unknown => runInContext(`{ ${source} }`, context) as unknown;

  it('is a copy of its own', () => {
    expect(value('torch.Tensor')).not.toBe(torch.Tensor);
  });

  it.each(Object.entries(programs))('%s', (_, [source, text]) => {
    expect(String(value(source))).toBe(text);
  });

  it.each([
    ['RangeError', 'torch.ones(3).index(7)', 'index 7 is out of bounds for dimension 0 with size 3'],
    ['TypeError', 'torch.add("a")', 'add(): '],
    ['Error', 'torch.ones(3).matmul(torch.ones(4))', 'matmul(): '],
    ['Error', 'torch.device("nowhere")', 'nowhere'],
    ['Error', 'torch.ops.load_library("/no/such/library")', 'cannot open'],
  ])('throws a %s of the context', (name, source, text) => {
    expect(
      value(
        `try { ${source}; } catch (error) { [error instanceof ${name}, error.constructor === ${name}, error.message] }`,
      ),
    ).toEqual([true, true, expect.stringContaining(text)]);
  });

  it('makes arrays, objects and buffers of the context', () => {
    expect(
      value(`[torch.ones(2, 3).stride() instanceof Array, torch.memory_stats() instanceof Object,
      torch.ones(2).numpy().data.buffer instanceof ArrayBuffer].join()`),
    ).toBe('true,true,true');
  });

  it('rejects with errors of the context', async () => {
    expect(
      await value(
        '(async () => { try { await torch.RemoteModule.start("/no/such.js") } catch (error) { return error instanceof Error } })()',
      ),
    ).toBe(true);
  });

  it('leaves an error of a callback as it is', () => {
    expect(
      value(`const thrown = Object.freeze(new RangeError('mine'));
      try { const x = torch.ones(1, { requires_grad: true }); x.register_hook(() => { throw thrown; }); x.mul(2).sum().backward(); }
      catch (error) { [error === thrown || error.message === 'mine', error instanceof RangeError].join(); }`),
    ).toBe('true,true');
  });

  it('shares the pages of small tensors with the other copy', () => {
    const page = (): object => (torch.ones(1) as unknown as { _p: object })._p;
    const fresh = (): object => {
      for (let i = 0; i < 64; i++) torch.ones(1);
      return page();
    };
    const mine = fresh();
    const other = value('torch.ones(1)._p');
    // At most a new page is begun between the two.
    expect([mine, fresh()].includes(other as object) || page() === other).toBe(true);
  });
});

describe.each([[true], [false]])('in a REPL, useGlobal: %s', (useGlobal) => {
  it('computes', async () => {
    const [input, output] = [new PassThrough(), new PassThrough()];
    let text = '';
    output.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    const server = start({ input, output, useGlobal, terminal: false, prompt: '' });
    server.context['torch'] = torch;
    server.context['file'] = file;
    const ended = new Promise((resolve) => {
      server.on('exit', resolve);
    });
    input.end(
      [
        'torch.ones(2, 3).sum({ dim: 1 })',
        'torch.tensor(new Float32Array([1, 2]))',
        'torch.tensor([[1, 2], [3, 4]]).numpy()',
        'torch.save({ a: [torch.ones(1)] }, file)',
        'torch.load(file)',
        'try { torch.ones(3).index(7) } catch (e) { e.message }',
        '',
      ].join('\n'),
    );
    await ended;
    expect(text.trim().split('\n')).toEqual([
      'tensor([3., 3.])',
      'tensor([1., 2.])',
      'array([[1, 2],',
      '       [3, 4]])',
      'undefined',
      '{ a: [ tensor([1.]) ] }',
      "'index 7 is out of bounds for dimension 0 with size 3'",
    ]);
    delete (globalThis as { torch?: unknown }).torch;
    delete (globalThis as { file?: unknown }).file;
  });
});
