/** Archives that someone has made to do harm: each is an Error that says what is wrong, never a crash, and none takes long. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import torch, { type Tensor } from 'torch-node';

import { MemorySource } from '../../dist/_internal/io/byte_source.js';
import { ZipReader } from '../../dist/_internal/io/zip_reader.js';
import { ZipWriter } from '../../dist/_internal/io/zip_writer.js';

// biome-ignore lint/suspicious/noExplicitAny: JSON of any shape
type Json = any;
type Records = Map<string, Buffer>;

const folder = join(__dirname, 'archives', '2.14.1');
const model = 'models/model.json';
const weights = 'data/weights/model_weights_config.json';

/** The records of an archive by their names within it. */
function records_of(name: string): Records {
  const reader = new ZipReader(new MemorySource(readFileSync(join(folder, `${name}.pt2`))), name);
  return new Map(
    Array.from(reader.records, ([path, record]) => [path.slice(path.indexOf('/') + 1), reader.read(record)]),
  );
}

function zipped(records: Iterable<readonly [string, Uint8Array]>, deflate = false): Buffer {
  const pieces: Buffer[] = [];
  const writer = new ZipWriter(
    { write: (bytes: Uint8Array) => void pieces.push(Buffer.from(bytes)) },
    { alignment: 64 },
  );
  for (const [path, bytes] of records) writer.add(`archive/${path}`, [bytes], { deflate });
  writer.finish();
  return Buffer.concat(pieces);
}

/** An archive with the JSON of one record changed. */
function changed(name: string, change: (json: Json) => unknown, record = model): Buffer {
  const records = records_of(name);
  const json = JSON.parse(records.get(record)!.toString()) as Json;
  const text = change(json);
  records.set(record, Buffer.from(typeof text === 'string' ? text : JSON.stringify(json)));
  return zipped(records);
}

const node_of = (json: Json, target: string): Json =>
  json.graph_module.graph.nodes.find((node: Json) => node.target === target);

/** What loading an archive, or calling its program with the example, throws. */
function said(archive: Uint8Array): string {
  try {
    const program = torch.export.load(archive);
    program.module()(...(program.example_inputs![0] as unknown[]));
  } catch (error) {
    expect(error).toBeInstanceOf(Error);
    return (error as Error).message;
  }
  return 'nothing';
}

const linear = 'torch.ops.aten.linear.default';
const without_gradients = 'torch.ops.higher_order.wrap_with_set_grad_enabled';
const named = (name: string): Json => ({ name: '', arg: { as_tensor: { name } }, kind: 1 });

describe('the program of an archive', () => {
  it('whose numbers stand for no dtype, layout or memory format', () => {
    const with_dtype = (arg: Json): Buffer =>
      changed('flow', ({ graph_module: { graph } }) => {
        const { inputs, outputs } = graph.nodes[0];
        const x = graph.inputs.at(-1).as_tensor.name;
        const given = [
          { ...named(x), name: 'self' },
          { name: 'dtype', arg, kind: 1 },
        ];
        graph.nodes.unshift({ target: 'torch.ops.aten.to.dtype', inputs: given, outputs, metadata: {} });
        expect(inputs.length).toBeGreaterThan(0);
      });
    expect(said(with_dtype({ as_int: 9999 }))).toMatch(/aten::to: argument 'dtype' must be ScalarType, not int/);
    expect(said(with_dtype({ as_scalar_type: 9999 }))).toMatch(/there is no dtype 9999/);
    expect(said(with_dtype({ as_string: 'float' }))).toMatch(/argument 'dtype' must be ScalarType, not str/);
    const autocast = changed('flow', ({ graph_module: { graph } }) => {
      const node = graph.nodes.find(({ target }: Json) => target === without_gradients);
      node.target = 'torch.ops.higher_order.wrap_with_autocast';
      const [, ...rest] = node.inputs;
      const values = [{ as_string: 'cpu' }, { as_int: 9999 }, { as_bool: true }, { as_none: true }];
      node.inputs = [...values.map((arg) => ({ name: '', arg, kind: 1 })), ...rest];
    });
    expect(said(autocast)).toMatch(/wrap_with_autocast takes a dtype, not int/);
  });

  it.each([
    'torch.ops.aten.from_file.default',
    'torch.ops.inductor._reinterpret_tensor.default',
    'torch.ops.aten._nested_view_from_buffer.default',
    'torch.ops.aten._sparse_coo_tensor_unsafe.default',
  ])('that calls %s', (target) => {
    const archive = changed('tagger', (json) => {
      node_of(json, linear).target = target;
    });
    expect(said(archive)).toMatch(/reaches files or memory outside of a program, and is refused/);
  });

  it.each([
    [
      'an unknown operator',
      (node: Json) => (node.target = 'torch.ops.aten.no_such.default'),
      /no operator aten::no_such/,
    ],
    [
      'an unknown overload',
      (node: Json) => (node.target = 'torch.ops.aten.linear.out2'),
      /no operator aten::linear.out2/,
    ],
    ['a function of Python', (node: Json) => (node.target = 'os.system'), /os.system is not supported/],
    ['too few arguments', (node: Json) => node.inputs.splice(1, 1), /aten::linear: argument 'weight' is missing/],
    [
      'an argument twice',
      (node: Json) => node.inputs.push(node.inputs[0]),
      /aten::linear has the argument 'input' twice/,
    ],
    ['a misspelt argument', (node: Json) => (node.inputs[0].name = '__proto__'), /no argument '__proto__'/],
    [
      'a text for a tensor',
      (node: Json) => (node.inputs[0].arg = { as_string: 'x' }),
      /'input' must be Tensor, not str/,
    ],
    [
      'a list for a tensor',
      (node: Json) => (node.inputs[0].arg = { as_ints: [1] }),
      /'input' must be Tensor, not list/,
    ],
    ['None for a tensor', (node: Json) => (node.inputs[0].arg = { as_none: true }), /'input' must be Tensor, not None/],
    ['its own result', (node: Json) => (node.inputs[0].arg = node.outputs[0]), /there is no value 'linear'/],
    [
      'two results',
      (node: Json) => node.outputs.push(node.outputs[0]),
      /aten::linear returns 1 values?, where the program expects 2/,
    ],
    ['a list of results', (node: Json) => (node.outputs[0] = { as_tensors: [{ name: 'linear' }] }), /returns no list/],
    [
      'a name of objects',
      (node: Json) => (node.inputs[0].arg = { as_tensor: { name: 'constructor' } }),
      /no value 'constructor'/,
    ],
  ])('with a call that has %s', (_, change, text) => {
    expect(said(changed('tagger', (json) => void change(node_of(json, linear))))).toMatch(text);
  });

  it.each([
    ['no nodes', (json: Json) => (json.graph_module.graph.nodes = []), /there is no value/],
    ['nodes that are no list', (json: Json) => (json.graph_module.graph.nodes = {}), /nodes must be a list, not dict/],
    ['fewer inputs', (json: Json) => json.graph_module.graph.inputs.pop(), /there is no value/],
    [
      'fewer outputs',
      (json: Json) => json.graph_module.graph.outputs.pop(),
      /signature of the program is not that of its graph/,
    ],
    [
      'a range of texts',
      (json: Json) => (json.range_constraints.s0 = { min_val: 'a', max_val: 1 }),
      /min_val must be an int, not str/,
    ],
    [
      'an endless integer',
      (json: Json) => JSON.stringify(json).replace(/"min_val":\d+/, `"min_val":${'9'.repeat(1e6)}`),
      /does not fit in 64 bits/,
    ],
    [
      'a false integer',
      (json: Json) => ((Object.values(json.range_constraints)[0] as Json).min_val = { $integer: 'abc' }),
      /min_val must be an int, not dict/,
    ],
    [
      'another version',
      (json: Json) => (json.schema_version = null),
      /Serialized schema version NoneType does not match/,
    ],
    ['guards that are no texts', (json: Json) => (json.guards_code = [1]), /guards_code\[0\] must be a text, not int/],
    [
      'a guard that runs code',
      (json: Json) => (json.guards_code = ["__import__('os').system('id')"]),
      /condition of the program is not understood/,
    ],
    [
      'a deep guard',
      (json: Json) => (json.guards_code = ['('.repeat(1e5)]),
      /condition of the program is not understood/,
    ],
    ['a long guard', (json: Json) => (json.guards_code = [`1${'+1'.repeat(1e5)} > 0`]), /nested too deeply|nothing/],
    ['a guard of powers', (json: Json) => (json.guards_code = [`1${'**1'.repeat(1e5)} > 0`]), /nested too deeply/],
    ['no trees', (json: Json) => (json.graph_module.module_call_graph = []), /does not say what it takes and returns/],
    [
      'a deep tree',
      (json: Json) => {
        const [call] = json.graph_module.module_call_graph;
        const leaf = '{"type":null,"context":null,"children_spec":[]}';
        const depth = 1e4;
        call.signature.in_spec = `[1,${'{"type":"builtins.tuple","context":"null","children_spec":['.repeat(depth)}${leaf}${']}'.repeat(depth)}]`;
      },
      /description of arguments is damaged/,
    ],
  ])('with %s', (_, change, text) => {
    const archive = changed('batches', (json) => {
      const made = change(json) as unknown;
      return typeof made === 'string' && made.startsWith('{') ? made : undefined;
    });
    expect(said(archive)).toMatch(text);
  });

  it('that is nested deeper than any export', () => {
    const deep = changed('flow', (json) => {
      const { graph } = json.graph_module;
      let inner = structuredClone(graph);
      for (let i = 0; i < 100; i++) {
        const outer = structuredClone(graph);
        outer.nodes[0].inputs.push({ name: '', arg: { as_graph: { name: 'g', graph: inner } }, kind: 1 });
        outer.nodes.length = 1;
        inner = outer;
      }
      json.graph_module.graph = inner;
    });
    expect(said(deep)).toMatch(/is nested deeper than 64/);
    expect(said(changed('flow', () => '['.repeat(1e6)))).toMatch(/is not JSON/);
    expect(said(changed('flow', () => `{"a":${'[1,'.repeat(1e6)}`))).toMatch(/is not JSON/);
    expect(said(changed('flow', () => `"${'x'.repeat(3e7)}"`))).toMatch(/schema version NoneType does not match/);
  });

  it('whose tensors have the names of what objects have', () => {
    for (const name of ['__proto__', 'constructor', 'forward', 'parameters', 'toString', 'a..b', '', 'tags.weight.x']) {
      const records = records_of('tagger');
      for (const path of [model, weights]) {
        records.set(path, Buffer.from(records.get(path)!.toString().replaceAll('"tags.weight"', JSON.stringify(name))));
      }
      const text = said(zipped(records));
      expect(text, name).not.toMatch(/is not a function|undefined|Cannot read/);
    }
    expect(({} as { weight?: unknown }).weight).toBeUndefined();
    expect(typeof torch.nn.Module.prototype.parameters).toBe('function');
  });
});

describe('the tensors of an archive', () => {
  const meta_of = (json: Json): Json =>
    (Object.values(json.config) as Json[]).find((its) => its.tensor_meta.sizes.length === 2);
  const big = 2 ** 52;
  it.each([
    ['sizes beyond their bytes', (meta: Json) => (meta.sizes[0] = { as_int: 1000 })],
    ['endless sizes', (meta: Json) => (meta.sizes = [{ as_int: big }, { as_int: big }])],
    ['negative sizes', (meta: Json) => (meta.sizes[0] = { as_int: -1 })],
    ['symbols for sizes', (meta: Json) => (meta.sizes[0] = { as_expr: { expr_str: 's0' } })],
    ['endless strides', (meta: Json) => (meta.strides = [{ as_int: big }, { as_int: 1 }])],
    ['negative strides', (meta: Json) => (meta.strides[0] = { as_int: -1 })],
    ['more strides than sizes', (meta: Json) => meta.strides.push({ as_int: 1 })],
    ['an offset beyond their bytes', (meta: Json) => (meta.storage_offset = { as_int: 10 })],
    ['an endless offset', (meta: Json) => (meta.storage_offset = { as_int: big })],
    ['a negative offset', (meta: Json) => (meta.storage_offset = { as_int: -1 })],
    ['a larger dtype', (meta: Json) => (meta.dtype = 11)],
    ['no dtype', (meta: Json) => (meta.dtype = 0)],
    ['an unknown device', (meta: Json) => (meta.device = { type: 'nowhere', index: null })],
    ['another layout', (meta: Json) => (meta.layout = 1)],
  ])('with %s', (_, change) => {
    const archive = changed('tagger', (json) => void change(meta_of(json).tensor_meta), weights);
    expect(said(archive)).toMatch(/load\(\)|storage|bounds|bytes|dtype|device/i);
    expect(said(archive)).not.toBe('nothing');
  });

  it('that are cut off, missing, or of another folder', () => {
    const cut = records_of('tagger');
    const weight = [...cut.keys()].find((path) => path.startsWith('data/weights/weight_'))!;
    cut.set(weight, cut.get(weight)!.subarray(0, 5));
    expect(said(zipped(cut))).toMatch(/storage|bounds|bytes/);
    const missing = records_of('tagger');
    missing.delete(weight);
    expect(said(zipped(missing))).toMatch(/has no record archive\/data\/weights\/weight_/);
    const outside = changed('tagger', (json) => void (meta_of(json).path_name = '../../../../etc/passwd'), weights);
    expect(said(outside)).toMatch(/only tensors are read/);
    const pickled = changed('tagger', (json) => void (meta_of(json).use_pickle = true), weights);
    expect(said(pickled)).toMatch(/load\(\)/);
  });

  it('that unpack to more than their archive could hold', () => {
    const bomb = records_of('tagger');
    bomb.set(model, Buffer.alloc(2 ** 28 + 1, ' '));
    expect(said(zipped(bomb, true))).toMatch(/unpacks to 268435457 bytes; more than 268435456 are refused/);
  });
});

describe('what a program does when it runs', () => {
  it('with indices, sizes and shifts that are not there', () => {
    const run = (target: string, inputs: Json[]): string =>
      said(
        changed('tagger', ({ graph_module: { graph } }) => {
          const { outputs } = graph.nodes[0];
          graph.nodes.splice(0, 0, { target, inputs, outputs, metadata: {} });
        }),
      );
    const int = (value: number): Json => ({ name: '', arg: { as_int: value }, kind: 1 });
    const sym = (target: string, ...args: number[]): string => run(`_operator.${target}`, args.map(int));
    expect(sym('floordiv', 1, 0)).toMatch(/division or modulo by zero/);
    expect(sym('mod', 1, 0)).toMatch(/division or modulo by zero/);
    expect(sym('lshift', 1, 99)).toMatch(/does not fit in 64 bits/);
    expect(sym('lshift', 1, -1)).toMatch(/negative shift count/);
    expect(sym('pow', 10, 99)).toMatch(/does not fit in 64 bits/);
    expect(sym('add', 1)).toMatch(/takes 2 numbers and gives one/);
    expect(run('builtins.getattr', [int(1)])).toMatch(/is not supported/);
  });

  it('leaves no file behind', () => {
    const place = mkdtempSync(join(tmpdir(), 'torch-node-hostile-'));
    try {
      const archive = changed('tagger', (json) => {
        const node = node_of(json, linear);
        node.target = 'torch.ops.aten.from_file.default';
        const values = [{ as_string: join(place, 'made') }, { as_bool: true }, { as_int: 16 }];
        node.inputs = ['filename', 'shared', 'size'].map((name, i) => ({ name, arg: values[i], kind: 1 }));
      });
      expect(said(archive)).toMatch(/is refused/);
      expect(readdirSync(place)).toEqual([]);
    } finally {
      rmSync(place, { recursive: true });
    }
  });
});

it('an archive that is put together again runs as before', () => {
  const program = torch.export.load(zipped(records_of('tagger')));
  expect((program.module()(...(program.example_inputs![0] as unknown[])) as Tensor).shape).toEqual([4, 2]);
});
