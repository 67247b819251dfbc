import { beforeAll, describe, expect, it } from 'vitest';
import torch, { nn } from 'torch-node';

import { python } from '../reference.js';
import { made, values } from './constructor_values.js';

interface Described {
  name: string;
  arguments: Record<string, unknown>;
  required: string[];
  repr: string;
  /** Names, dtypes and devices of the state of a float64 module on the meta device. */
  elsewhere: [string, string, string][] | null;
}

interface Signatures {
  classes: string[];
  functions: string[];
  modules: Described[];
}

// Functions that serve PyTorch's own machinery.
const internal = new Set([
  'assert_int_or_pair', 'boolean_dispatch', 'handle_torch_function', 'has_torch_function', 'has_torch_function_unary',
  'has_torch_function_variadic',
]);

const all = nn as unknown as Record<string, unknown>;
let theirs: Signatures;

beforeAll(() => {
  theirs = python<Signatures>('nn_signatures.py', [values]);
});

function named_arguments({ arguments: given }: Described): [string, unknown][] {
  return Object.entries(given).map(([key, value]): [string, unknown] => [key, made[key]?.() ?? value]);
}

function constructed(about: Described, by_name: boolean): string {
  const { name, required } = about;
  const its_class = all[name] as new (...args: unknown[]) => nn.Module;
  const entries = named_arguments(about);
  const named = Object.fromEntries(entries);
  // Containers and wrappers take what they contain by position.
  if (by_name && !required.some((key) => key === 'module')) return String(new its_class(named));
  const options = Object.fromEntries(entries.filter(([key]) => !required.includes(key)));
  return String(new its_class(...required.map((key) => named[key]), options));
}

const contain = new Set(['ModuleList', 'ModuleDict', 'ParameterList', 'ParameterDict']);

describe('torch.nn', () => {
  it('has every class', () => {
    expect(theirs.classes.length).toBeGreaterThan(160);
    expect(theirs.classes.filter((name) => typeof all[name] !== 'function')).toEqual([]);
  });

  it('has every function of nn.functional', () => {
    const names = theirs.functions.filter((name) => !internal.has(name));
    expect(names.length).toBeGreaterThan(120);
    expect(names.filter((name) => !(name in nn.functional))).toEqual([]);
  });

  for (const by_name of [true, false]) {
    it(`takes Python's arguments ${by_name ? 'by name' : 'by position, the optional ones by name'}`, () => {
      const modules = theirs.modules.filter(({ name }) => !contain.has(name));
      const ours = modules.map((about) => [about.name, constructed(about, by_name)]);
      expect(ours).toEqual(modules.map(({ name, repr }) => [name, repr]));
    });
  }

  it('makes the state of modules of the dtype and on the device that it is told', () => {
    const modules = theirs.modules.filter(({ elsewhere }) => elsewhere !== null);
    expect(modules.length).toBeGreaterThan(45);
    const ours = modules.map((about) => {
      const its_class = all[about.name] as new (...args: unknown[]) => nn.Module;
      const given = Object.fromEntries(named_arguments(about));
      const module = new its_class({ ...given, dtype: torch.float64, device: 'meta' });
      return [about.name, Object.entries(module.state_dict()).map(
        ([name, tensor]) => [name, String(tensor.dtype), String(tensor.device)])];
    });
    expect(ours).toEqual(modules.map(({ name, elsewhere }) => [name, elsewhere]));
  });
});
