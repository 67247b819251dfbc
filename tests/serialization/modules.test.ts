/** Whole modules in files, both ways with Python. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as torch from 'torch-node';
import { nn, type Tensor } from 'torch-node';
import { afterAll, afterEach, describe, expect, it } from 'vitest';

import { made, values } from '../nn/constructor_values.js';
import { python } from '../reference.js';

interface Described {
  repr: string;
  training: boolean;
  state: { fields: Record<string, unknown>; modules: Record<string, Described['state']>; class: string } & Record<
    string,
    unknown
  >;
  computed: [input: number, digest: string] | null;
}
type Input = [kind: string, ...shape: number[]];

const folder = mkdtempSync(join(tmpdir(), 'torch-node-modules-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
const path = (name: string): string => join(folder, `${name}.pt`);

const { inputs, ...theirs } = python<{ inputs: Input[][] } & Record<string, Described>>('module_files.py', [
  'make',
  folder,
  values,
]);
const names = Object.keys(theirs);
const described = (name: string): Described => (theirs as Record<string, Described>)[name]!;

function input([kind, ...shape]: Input): Tensor {
  const plain = torch
    .arange(
      shape.reduce((numel, size) => numel * size, 1),
      { dtype: torch.float32 },
    )
    .reshape(shape);
  if (kind === 'int') return plain.remainder(3).long();
  return kind === 'unit' ? plain.sin().abs() : plain.sin();
}

/** A digest of what a module makes of inputs. */
function computed(module: nn.Module, index: number): string {
  torch.manual_seed(0);
  let output: unknown = torch.no_grad(() =>
    (module as unknown as (...args: Tensor[]) => unknown)(...inputs[index]!.map(input)),
  );
  while (Array.isArray(output)) output = output[0];
  const { buffer, byteOffset, byteLength } = (output as Tensor).contiguous().numpy().data as ArrayBufferView;
  return createHash('sha256')
    .update(new Uint8Array(buffer, byteOffset, byteLength))
    .digest('hex');
}

const load = (name: string): nn.Module => torch.load<nn.Module>(path(name), { weights_only: false });

afterEach(() => {
  torch.serialization.clear_safe_globals();
});

describe('modules of torch.nn that Python saved', () => {
  it('are all classes, and most compute something', () => {
    expect(names.length).toBeGreaterThan(170);
    expect(names.filter((name) => described(name).computed !== null).length).toBeGreaterThan(155);
  });

  it.each(names)('%s is loaded, and is and computes the same', (name) => {
    const { repr, training, computed: its } = described(name);
    const module = load(name);
    expect([String(module), module.training]).toEqual([repr, training]);
    if (its !== null) expect(computed(module, its[0])).toBe(its[1]);
  });
});

/** A module of each class as its constructor makes it. */
function constructed(name: string): nn.Module | null {
  const about = signatures.find((signature) => signature.name === name);
  if (about === undefined || name === 'Transformer' || name === 'DataParallel') return null;
  const given = Object.fromEntries(
    Object.entries(about.arguments).map(([key, value]) => [key, made[key]?.() ?? value]),
  );
  const its_class = (nn as unknown as Record<string, new (...args: unknown[]) => nn.Module>)[name]!;
  const options = Object.fromEntries(Object.entries(given).filter(([key]) => !about.required.includes(key)));
  if (/^(Module|Parameter)(List|Dict)$/.test(name)) return new its_class();
  return new its_class(...about.required.map((key) => given[key]), options);
}

const signatures = python<{ modules: { name: string; arguments: Record<string, unknown>; required: string[] }[] }>(
  'nn_signatures.py',
  [values],
).modules;

/** What of a state does not depend on the values that were drawn. */
function without_values(value: unknown): unknown {
  if (Array.isArray(value)) {
    const is_leaf = value.length === 5 && ['Parameter', 'Tensor'].includes(value[0] as string);
    return is_leaf ? value.slice(0, 4) : value.map(without_values);
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, without_values(inner)]));
}

describe('modules of torch.nn that were saved here', () => {
  for (const name of names) torch.save(load(name), path(`${name}.again`));
  const fresh = names.filter((name) => {
    const module = constructed(name);
    if (module !== null) torch.save(module, path(`${name}.fresh`));
    return module !== null;
  });
  const read = python<Record<string, Described>>('module_files.py', [
    'read',
    folder,
    [...names.map((name) => `${name}.again`), ...fresh.map((name) => `${name}.fresh`)],
  ]);

  it.each(names)('%s: Python loads what was loaded here, and nothing is lost', (name) => {
    expect(read[`${name}.again`]).toEqual(described(name));
  });

  it.each(fresh)('%s: Python finds what its constructor makes', (name) => {
    const { repr, state } = read[`${name}.fresh`]!;
    expect(repr).toBe(described(name).repr);
    expect(without_values(state)).toEqual(without_values(described(name).state));
  });

  it('are nearly all classes', () => {
    expect(fresh.length).toBeGreaterThan(150);
  });
});

class Scale extends nn.Module {
  declare factor: number;
  declare offset: Tensor;
  declare scratch: Tensor;

  forward(x: Tensor): Tensor {
    return x.mul(this.factor).add(this.offset);
  }
}

class Net extends nn.Module {
  declare layers: nn.Sequential;
  declare blocks: nn.ModuleList<Scale>;
  declare activation: (x: Tensor) => Tensor;

  forward(given: Tensor): Tensor {
    let x = given;
    for (const block of this.blocks) x = block(x);
    return this.activation(this.layers(x) as Tensor);
  }
}

const doubled = (_module: nn.Module, _args: unknown[], output: unknown): Tensor => (output as Tensor).mul(2);
const known: [never, string][] = [
  [Net as never, '__main__.Net'],
  [Scale as never, '__main__.Scale'],
  [doubled as never, '__main__.doubled'],
];
const own = python<Described>('module_files.py', ['own', folder]);

describe('modules of classes of the user', () => {
  it.each(['net', 'legacy', 'protocol1', 'protocol2', 'protocol3', 'protocol4', 'protocol5'])(
    'are loaded when their classes are known: %s',
    (name) => {
      torch.serialization.add_safe_globals(known);
      const net = load(name) as Net;
      expect(net).toBeInstanceOf(Net);
      expect(String(net)).toBe(own.repr);
      expect(net.training).toBe(false);
      expect(computed(net, own.computed![0])).toBe(own.computed![1]);
    },
  );

  it('have their fields, and what was shared is shared', () => {
    torch.serialization.add_safe_globals(known);
    const net = load('net') as unknown as Record<string, unknown> & Net;
    const { Tuple } = torch.serialization;
    expect(net['sizes']).toEqual([1, 2]);
    expect(net['pair']).toEqual(Tuple.of<unknown>(1, 0.5, 'x'));
    expect(net['options']).toEqual({ a: 1, b: [true, null] });
    expect(net['nothing']).toBeNull();
    expect(net['norm_class']).toBe(nn.BatchNorm1d);
    expect(net['tied']).toBe((net.layers as unknown as Record<string, nn.Linear>)['first']!.weight);
    expect(net['again']).toBe(net.blocks[0]);
    expect([...net.named_parameters()].map(([key]) => key)).toEqual([
      'tied',
      'layers.first.bias',
      'layers.second.weight',
      'layers.second.bias',
    ]);
    expect(Object.keys(net.state_dict()).filter((key) => key.startsWith('blocks'))).toEqual([
      'blocks.0.offset',
      'blocks.1.offset',
    ]);
    expect(() => net.register_parameter('no_parameter', new nn.Parameter(torch.ones(1)))).not.toThrow();
  });

  it('may be parts of checkpoints', () => {
    torch.serialization.add_safe_globals(known);
    const { net, epoch } = torch.load<{ net: Net; epoch: number }>(path('checkpoint'), { weights_only: false });
    expect([net instanceof Net, epoch]).toEqual([true, 3]);
  });

  it('are read by Python as they were, in both formats', () => {
    torch.serialization.add_safe_globals(known);
    torch.save(load('net'), path('net.again'));
    torch.save(load('net'), path('net.legacy'), { _use_new_zipfile_serialization: false });
    torch.save(load('net'), path('net.protocol4'), { pickle_protocol: 4 });
    const files = ['net.again', 'net.legacy', 'net.protocol4'];
    const again = python<Record<string, Described>>('module_files.py', ['read', folder, files]);
    for (const file of files) expect(again[file]).toEqual(own);
    expect(computed(load('net.legacy'), own.computed![0])).toBe(own.computed![1]);
  });

  it('may be named without a module, as classes of scripts are in Python', () => {
    torch.serialization.add_safe_globals([Scale]);
    expect(torch.serialization.get_safe_globals()).toEqual([[Scale, '__main__.Scale']]);
  });

  it('may be listed with functions, which have their names too', () => {
    torch.serialization.add_safe_globals([nn.functional.relu, nn.functional.gelu, doubled]);
    expect(torch.serialization.get_safe_globals().map(([, name]) => name)).toEqual([
      'torch.nn.functional.relu',
      'torch._C._nn.gelu',
      '__main__.doubled',
    ]);
    expect(() => {
      torch.serialization.add_safe_globals([
        (
          () => () =>
            1
        )(),
      ]);
    }).toThrow(/add_safe_globals\(\): argument 'safe_globals' must be a list of .* named functions/);
    expect(() => {
      torch.serialization.add_safe_globals([class Point {} as never]);
    }).toThrow(/found element of type/);
  });

  it('complete themselves in __setstate__', () => {
    class Completed extends Net {
      declare size: number;
      __setstate__(state: { sizes: number[] }): void {
        this.size = state.sizes.length;
      }
    }
    torch.serialization.add_safe_globals([...known, [Completed as never, '__main__.Net']]);
    expect((load('net') as Completed).size).toBe(2);
  });
});

describe('modules in files are refused', () => {
  it('by weights_only, which is the default', () => {
    for (const name of ['Linear', 'Sequential']) {
      expect(() => torch.load(path(name))).toThrow(
        /Unsupported global: GLOBAL torch\.nn\.modules\.\w+\.\w+ was not an allowed global/,
      );
    }
    expect(() => torch.load(path('Linear'))).toThrow(/weights_only: false/);
    expect(torch.serialization.get_unsafe_globals_in_checkpoint(path('Linear'))).toEqual([
      'torch.nn.modules.linear.Linear',
    ]);
  });

  it('unless weights_only has been told of their classes, as in Python', () => {
    torch.serialization.safe_globals([nn.Linear], () => {
      expect(String(torch.load(path('Linear')))).toBe(described('Linear').repr);
    });
    expect(() => torch.load(path('Linear'))).toThrow(/Unsupported global/);
  });

  it('when no one has named their class, with what to do', () => {
    expect(() => load('net')).toThrow("Can't get attribute 'Net' on <module '__main__'>");
    expect(() => load('net')).toThrow("torch.serialization.add_safe_globals([[Net, '__main__.Net']])");
    expect(() => {
      torch.save(new Scale(), path('refused'));
    }).toThrow(
      "cannot save the module Scale at obj: torch.serialization.add_safe_globals([[Scale, '__main__.Scale']])",
    );
  });

  it('when they name what is not a module', () => {
    for (const name of [
      'os system',
      'builtins eval',
      'builtins exec',
      'torch.nn.modules.container operator',
      'torch.optim.adam Adam',
    ]) {
      const bytes = Buffer.concat([
        Buffer.from('\x80\x02c', 'latin1'),
        Buffer.from(`${name.replace(' ', '\n')}\n`),
        Buffer.from('X\x02\x00\x00\x00ls\x85R.', 'latin1'),
      ]);
      expect(() => torch.load(with_pickle(bytes), { weights_only: false })).toThrow(/Can't get attribute|is blocked/);
    }
    const eval_by_getattr = Buffer.from(
      '\x80\x02c__builtin__\ngetattr\n(ctorch._C\n_VariableFunctionsClass\nX\x08\x00\x00\x00__init__tR.',
      'latin1',
    );
    expect(() => torch.load(with_pickle(eval_by_getattr), { weights_only: false })).toThrow(
      /'__init__' .* is not allowed/,
    );
  });

  it('when their state is not one', () => {
    const broken = (state: string): Buffer =>
      with_pickle(Buffer.from(`\x80\x02ctorch.nn.modules.activation\nReLU\n)\x81${state}b.`, 'latin1'));
    expect(() => torch.load(broken('K\x01'), { weights_only: false })).toThrow(
      /'state' of a module must be a dict, not int/,
    );
    expect(() =>
      torch.load(broken('}(X\x0b\x00\x00\x00_parameters}X\x01\x00\x00\x00wK\x01su'), { weights_only: false }),
    ).toThrow(/parameter 'w' of a module must be a Parameter, not int/);
    const polluting = torch.load<nn.ReLU>(broken('}(X\x09\x00\x00\x00__proto__}X\x01\x00\x00\x00aK\x01su'), {
      weights_only: false,
    });
    expect(polluting).toBeInstanceOf(nn.ReLU);
    expect(({} as { a?: unknown }).a).toBeUndefined();
  });

  it('when they have hooks or parametrizations that files cannot hold', () => {
    const hooked = new nn.Linear(1, 1);
    hooked.register_forward_hook(() => undefined);
    expect(() => {
      torch.save(hooked, path('refused'));
    }).toThrow(/cannot save the function at obj\._forward_hooks/);
    const watched = new nn.Linear(1, 1);
    watched.register_state_dict_pre_hook(() => undefined);
    expect(() => {
      torch.save(watched, path('refused'));
    }).toThrow(/the state_dict pre-hooks of a module cannot be saved/);
    const parametrized = nn.utils.parametrizations.weight_norm(new nn.Linear(1, 1));
    expect(() => {
      torch.save(parametrized, path('refused'));
    }).toThrow(/cannot save the module Parametrized|only supported through state_dict/);
  });
});

/** The file of a Linear with another pickle. */
function with_pickle(pickle: Buffer): Buffer {
  const written: Uint8Array[] = [];
  torch.save(
    1,
    {
      write: (bytes) => {
        written.push(bytes);
      },
    },
    { _use_new_zipfile_serialization: false },
  );
  const legacy = Buffer.concat(written);
  // Magic number, version and facts come first: the object is what follows the third STOP.
  const head = legacy.subarray(0, legacy.indexOf(Buffer.from('\x80\x02K\x01.', 'latin1')));
  return Buffer.concat([head, pickle, Buffer.from('\x80\x02].', 'latin1')]);
}
