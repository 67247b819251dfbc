import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import torch, { type Tensor } from 'torch-node';
import { AssertionError } from 'torch-node/testing';

import { hexed } from '../nn/comparison.js';
import { python } from '../reference.js';

interface Answers {
  z: string;
  legacy: string;
  rows: number;
  training: { losses: string[]; state: Record<string, string>; calls: string };
  names: string[];
  keys: string[];
  errors: string[];
  unguarded: string[];
  point: [string, string];
  sized: [string, number];
  signature: string;
  graph: string;
  spec: string;
  user_inputs: string[];
  text: string;
}

interface Changes {
  rows?: number;
  columns?: number;
  other?: Tensor[];
  extra?: unknown;
  [name: string]: unknown;
}

/** The arguments that tests/reference/export.py gives too. */
function given({ rows = 5, columns = 4, other, extra, ...others }: Changes = {}): [Tensor, Tensor[], object] {
  const kwargs = { extra: extra ?? { a: torch.ones(rows, 3) }, k: 3, ratio: 0.5, mode: 'fast', flag: true };
  const x = torch
    .arange(rows * columns, { dtype: torch.float32 })
    .reshape(rows, columns)
    .div(10);
  return [x, other ?? [torch.full([3], 0.25)], { ...kwargs, ...others }];
}

const result_of = (value: unknown): { z: Tensor; rows: number } => value as { z: Tensor; rows: number };

let folder: string;
let expected: Answers;
const path = (name = 'model'): string => join(folder, `${name}.pt2`);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'torch-node-export-'));
  expected = python<Answers>('export.py', [folder]);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('programs of torch.export', () => {
  it('give what they give in Python', () => {
    const module = torch.export.load(path()).module();
    const { z, rows } = result_of(module(...given()));
    expect([hexed(z), rows]).toEqual([expected.z, expected.rows]);
    expect(Object.keys(module.state_dict())).toEqual(expected.keys);
    const names = Array.from(module.named_modules(), ([name]) => name);
    expect(names).toEqual(expected.names.filter((name) => name !== '_guards_fn'));
  });

  it('are read from bytes and from a URL, with extra files', () => {
    const extra_files = { 'notes.txt': '' };
    const module = torch.export.load(readFileSync(path()), { extra_files }).module();
    expect(extra_files['notes.txt']).toBe('some notes');
    expect(hexed(result_of(module(...given())).z)).toBe(expected.z);
    expect(torch.export.load(pathToFileURL(path())).torch_version).toMatch(/^2\./);
    expect(() => torch.export.load(path(), { expected_opset_version: { aten: 3 } })).toThrow(/opset version/);
  });

  it('are read from archives whose tensors are in files of torch.save', () => {
    const module = torch.export.load(path('legacy')).module();
    expect(hexed(result_of(module(...given())).z)).toBe(expected.legacy);
    expect([...module.parameters()].every((parameter) => parameter instanceof torch.nn.Parameter)).toBe(true);
  });

  it('train as in Python, to the last bit', () => {
    const module = torch.export.load(path()).module();
    const optimizer = new torch.optim.SGD(module.parameters(), { lr: 0.05, momentum: 0.9 });
    const losses: string[] = [];
    for (let step = 0; step < 6; step++) {
      const loss = result_of(module(...given({ rows: 3 + (step % 4) })))
        .z.square()
        .mean();
      optimizer.zero_grad();
      loss.backward();
      optimizer.step();
      losses.push(hexed(loss.detach()));
    }
    const state = Object.fromEntries(Object.entries(module.state_dict()).map(([name, value]) => [name, hexed(value)]));
    const calls = hexed((module as unknown as { calls: Tensor }).calls);
    expect({ losses, state, calls }).toEqual(expected.training);
  });

  it('share parameters with their modules, and take a state_dict', () => {
    const program = torch.export.load(path());
    const [first, second] = [program.module(), program.module()];
    torch.no_grad(() => [...first.parameters()][0]!.zero_());
    expect([...second.parameters()][0]!.abs().sum().item()).toBe(0);
    const other = torch.export.load(path()).module();
    first.load_state_dict(other.state_dict());
    expect(hexed(result_of(second(...given())).z)).toBe(expected.z);
    expect(Array.from(program.named_parameters(), ([name]) => name)).toEqual(program.graph_signature.parameters);
    expect([...program.buffers()]).toHaveLength(4);
    expect(() => (program as unknown as () => void)()).toThrow(TypeError);
  });

  it('follow their module to another dtype', () => {
    const module = torch.export.load(path()).module();
    module.double();
    const [x, other, kwargs] = given();
    expect(result_of(module(x.double(), other, kwargs)).z.dtype).toBe(torch.float64);
  });

  it('run in the background', async () => {
    const module = torch.export.load(path()).module();
    const results = await Promise.all([module.forward_async(...given()), module.forward_async(...given())]);
    for (const result of results) expect(hexed(result_of(result).z)).toBe(expected.z);
    await expect(module.forward_async(...given({ columns: 5 }))).rejects.toThrow(AssertionError);
    const [x, other, kwargs] = given();
    const signal = AbortSignal.abort(new Error('no'));
    await expect(module.forward_async(x, other, { ...kwargs, signal })).rejects.toThrow('no');
  });

  it('take and return named tuples and lists of arguments', () => {
    const module = torch.export.load(path('points')).module();
    const others = [torch.ones(2), torch.ones(3)];
    const point = module([torch.ones(2), torch.arange(2, { dtype: torch.float32 })], ...others) as Tensor[] & {
      y: Tensor;
    };
    expect([hexed(point[0]!), hexed(point.y)]).toEqual(expected.point);
    expect(hexed((module({ x: torch.ones(2), y: torch.ones(2) }, ...others) as { x: Tensor }).x)).toBe(
      expected.point[0],
    );
  });

  it('take numbers that vary', () => {
    const module = torch.export.load(path('sized')).module();
    const [total, following] = module(torch.arange(6, { dtype: torch.float32 }), 5) as [Tensor, number];
    expect([hexed(total), following]).toEqual(expected.sized);
    expect(() => module(torch.ones(6), 'a')).toThrow("forward(): 'n' must be an int, not <class 'str'>");
  });
});

describe('wrong arguments', () => {
  function errors(check_guards: boolean): string[] {
    const module = torch.export.load(path()).module({ check_guards });
    const said = (run: () => unknown): string => {
      try {
        run();
      } catch (error) {
        return (error as Error).message;
      }
      return 'nothing';
    };
    const call = (changes: Changes): string => said(() => module(...given(changes)));
    const [x, other, named] = given();
    return [
      call({ rows: 65 }),
      call({ rows: 2 }),
      call({ columns: 5 }),
      call({ extra: { a: torch.ones(4, 3) } }),
      call({ k: 4 }),
      call({ ratio: 0.25 }),
      call({ mode: 'slow' }),
      call({ flag: false }),
      call({ other: [torch.ones(4)] }),
      call({ extra: { b: torch.ones(5, 3) } }),
      call({ other: [torch.ones(3), torch.ones(3)] }),
      call({ extra: [torch.ones(5, 3)] }),
      said(() => module(x, other)),
      said(() => module(x, named)),
      said(() => module(x, other, x, named)),
      said(() => module.train()),
      said(() => module.eval()),
    ];
  }
  const texts = (all: readonly string[]): string[] => all.map((text) => text.slice(text.indexOf(': ') + 2));

  it('are refused with the texts of Python', () => {
    expect(errors(true)).toEqual(texts(expected.errors));
    expect(errors(false)).toEqual(texts(expected.unguarded));
  });

  it('that a condition refuses are an AssertionError', () => {
    const module = torch.export.load(path()).module();
    expect(() => module(...given({ rows: 65 }))).toThrow(AssertionError);
    expect(() => module(1, [torch.ones(3)], given()[2])).toThrow(/^Expected input at \*args\[0\] to be a tensor/);
  });
});

describe('what a program consists of', () => {
  it('is read and printed as in Python', () => {
    const program = torch.export.load(path());
    expect(String(program)).toBe(expected.text);
    expect(String(program.graph_signature)).toBe(expected.signature);
    expect(String(program.graph)).toBe(expected.graph);
    expect(String(program.call_spec.in_spec)).toBe(expected.spec);
    const python_text = (value: unknown): string => (value === true ? 'True' : String(value));
    expect(program.graph_signature.user_inputs.map(python_text)).toEqual(expected.user_inputs);
    const add = program.graph.nodes.find(({ target }) => target === 'torch.ops.aten.add_.Tensor');
    expect([add?.op, String(add?.args[0]), add?.args[1]]).toEqual(['call_function', 'b_calls', 1]);
    expect(add?.meta['stack_trace']).toMatch(/self.calls.add_/);
    expect(program.dialect).toBe('TRAINING');
    const [[, range]] = [...program.range_constraints] as [[string, torch.export.ValueRanges]];
    expect([range.lower, range.upper]).toEqual([3, 64]);
  });
});

describe('archives', () => {
  /** The archive with one record changed, its checksum too; of the same length. */
  function changed(change: (program: string) => string): Uint8Array {
    const bytes = Buffer.from(readFileSync(path()));
    const text = bytes.toString('latin1');
    const start = text.indexOf('{"graph_module"');
    const end =
      text.indexOf('PK\u0007\b', start) < 0 ? text.indexOf('PK\u0003\u0004', start) : text.indexOf('PK\u0007\b', start);
    const found = text.slice(start, end);
    const replaced = change(found);
    expect(replaced).not.toBe(found);
    expect(replaced).toHaveLength(found.length);
    const [before, after] = [found, replaced].map((part) => crc32(Buffer.from(part, 'latin1')));
    bytes.write(replaced, start, 'latin1');
    for (let at = bytes.indexOf(before!); at >= 0; at = bytes.indexOf(before!, at)) after!.copy(bytes, at);
    return bytes;
  }
  function crc32(bytes: Uint8Array): Buffer {
    let crc = ~0;
    for (const byte of bytes) {
      crc ^= byte;
      for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
    }
    const found = Buffer.alloc(4);
    found.writeUInt32LE(~crc >>> 0);
    return found;
  }
  const refused = (change: (program: string) => string, text: RegExp): void => {
    expect(() => torch.export.load(changed(change))).toThrow(text);
  };

  it('with what is not known are refused', () => {
    refused(
      (text) => text.replace('torch.ops.aten.linear.default', 'torch.ops.aten.linaer.default'),
      /no operator aten::linaer/,
    );
    refused(
      (text) => text.replace('torch.ops.aten.linear.default', 'builtins.exec.aten.linear.def'),
      /linear.def is not supported/,
    );
    refused(
      (text) => text.replace('torch.ops.aten.linear.default', 'torch.ops.higher_order.linear'),
      /linear is not supported/,
    );
    refused((text) => text.replace('"name": "weight"', '"name": "waight"'), /aten::linear has no argument 'waight'/);
    refused((text) => text.replace('"as_float": 1e-05', '"as_flaot": 1e-05'), /unknown kind 'as_flaot'/);
    refused(
      (text) => text.replace('"is_single_tensor_return"', '"is_single_tensor_retur_"'),
      /unknown field 'is_single_tensor_retur_'/,
    );
    refused((text) => text.replace('{"major": 8,', '{"major": 9,'), /schema version 9 does not match/);
    refused(
      (text) => text.replace('"as_tensor": {"name": "linear"}}, "kind"', '"as_tensor": {"name": "lineal"}}, "kind"'),
      /no value 'lineal'/,
    );
    refused((text) => text.replace('"dtype": 7', '"dtype": 0'), /there is no dtype 0/);
    refused(
      (text) => text.replace('"parameter_name": "linear.bias"', '"parameter_name": "linear.bios"'),
      /no tensor 'linear.bios'/,
    );
    refused(
      (text) => text.replace("L['x'].size()[0] ==", "L['y'].size()[0] =="),
      /condition of the program is not understood/,
    );
    refused((text) => text.replace('builtins.list', 'builtins.lisp'), /builtins.lisp/);
    refused(
      (text) => text.replace('"in_spec": "[', '"in_spec": "('),
      /load\(\): the description of arguments is not JSON/,
    );
  });

  it('that are damaged are refused', () => {
    const bytes = readFileSync(path());
    expect(() => torch.export.load(bytes.subarray(0, 4000))).toThrow(/not a whole zip archive/);
    expect(() => torch.export.load(new Uint8Array(100))).toThrow('load(): the data is not a file of torch.export.save');
    const flipped = Buffer.from(bytes);
    const at = flipped.indexOf('"l.weight"') < 0 ? flipped.indexOf('linear.weight') : flipped.indexOf('"l.weight"');
    flipped[at]! ^= 1;
    expect(() => torch.export.load(flipped)).toThrow(/CRC-32/);
    torch.save({ a: torch.ones(1) }, path('checkpoint'));
    expect(() => torch.export.load(path('checkpoint'))).toThrow(/has no record archive\/archive_version/);
    expect(() => torch.export.load(folder)).toThrow();
  });

  it('whose tensors do not fit their bytes are refused', () => {
    // Any change of a size, of any tensor, must be an Error or give a program.
    const text = readFileSync(path()).toString('latin1');
    expect(text.match(/"as_int": \d/g)!.length).toBeGreaterThan(20);
    const bytes = Buffer.from(readFileSync(path()));
    const start = text.indexOf('{"config"');
    const end = text.indexOf('}}}', start) + 3;
    const found = text.slice(start, end + (text.slice(end).startsWith('}') ? 1 : 0));
    const replaced = found.replace(
      '"sizes": [{"as_int": 3}, {"as_int": 4}]',
      '"sizes": [{"as_int": 9}, {"as_int": 9}]',
    );
    expect(replaced).not.toBe(found);
    const [before, after] = [found, replaced].map((part) => crc32(Buffer.from(part, 'latin1')));
    bytes.write(replaced, start, 'latin1');
    for (let at = bytes.indexOf(before!); at >= 0; at = bytes.indexOf(before!, at)) after!.copy(bytes, at);
    expect(() => torch.export.load(bytes)).toThrow(/storage|bounds|bytes/);
  });
});
