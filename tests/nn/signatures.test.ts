import { beforeAll, describe, expect, it } from 'vitest';
import torch, { nn } from 'torch-node';

import { python } from '../reference.js';
import { made, values } from './constructor_values.js';

interface Described {
  name: string;
  arguments: Record<string, unknown>;
  required: string[];
  repr: string;
  /** What is said of a call with too many arguments, with one that is not known, and with none; null for no TypeError. */
  calls: [string | null, string | null, string | null];
  typename: string;
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
  'assert_int_or_pair',
  'boolean_dispatch',
  'handle_torch_function',
  'has_torch_function',
  'has_torch_function_unary',
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

function module_of(about: Described): nn.Module {
  return new (all[about.name] as new (...args: unknown[]) => nn.Module)(Object.fromEntries(named_arguments(about)));
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

  it('refuses surplus, unknown and missing arguments of calls as Python does', () => {
    const said = (module: unknown, ...args: unknown[]): string | null => {
      try {
        (module as (...args: unknown[]) => unknown)(...args);
        return null;
      } catch (error) {
        return (error as Error).message;
      }
    };
    // Of what is missing and unknown Python names the latter first, and so it is here.
    const modules = theirs.modules.filter(
      ({ name, calls }) => calls[0]?.includes(`.forward() takes`) && !contain.has(name) && !name.startsWith('Lazy'),
    );
    expect(modules.length).toBeGreaterThan(130);
    const ours = modules.map((about) => {
      const module = module_of(about);
      return [about.name, said(module, ...Array<number>(40).fill(3)), said(module, { zzz: 1 }), said(module)];
    });
    expect(ours).toEqual(modules.map(({ name, calls }) => [name, ...calls]));
  });

  it('refuses unknown, surplus and wrong arguments of each constructor, naming it', () => {
    const kinds: string[] = [];
    for (const about of theirs.modules) {
      const its_class = all[about.name] as new (...args: unknown[]) => unknown;
      const named = Object.fromEntries(named_arguments(about));
      const message = (...args: unknown[]): string => {
        try {
          new its_class(...args);
          return 'nothing';
        } catch (error) {
          return error instanceof TypeError ? error.message : `${(error as Error).name}: ${(error as Error).message}`;
        }
      };
      const call = `${about.name}()`;
      const options = { ...named, zzz: 1 };
      if (!contain.has(about.name)) expect(message(options)).toBe(`${call} got an unexpected keyword argument 'zzz'`);
      expect(message(...Array<number>(40).fill(1))).toMatch(
        new RegExp(`^${about.name}\\(\\) takes .* positional arguments? but 40 were given$`),
      );
      for (const key of Object.keys(named)) {
        const text = message({ ...named, [key]: Symbol('wrong') });
        // The containers have texts of Python's own.
        if (contain.has(about.name)) expect(text).toMatch(/should be called with an iterable/);
        else if (text === 'nothing' || !text.includes(key)) kinds.push(`${about.name} ${key}: ${text}`);
      }
    }
    expect(kinds).toEqual([]);
  });

  it('knows where Python has each class', () => {
    const modules = theirs.modules.filter(({ name }) => name !== 'DataParallel' && !contain.has(name));
    const holder = new nn.Linear(1, 1) as unknown as Record<string, unknown>;
    const ours = modules.map((about) => {
      try {
        holder['weight'] = module_of(about);
        return [about.name, 'taken'];
      } catch (error) {
        return [about.name, /'(.*)' as parameter/.exec((error as Error).message)?.[1]];
      }
    });
    expect(ours).toEqual(modules.map(({ name, typename }) => [name, typename]));
  });

  it('makes the state of modules of the dtype and on the device that it is told', () => {
    const modules = theirs.modules.filter(({ elsewhere }) => elsewhere !== null);
    expect(modules.length).toBeGreaterThan(45);
    const ours = modules.map((about) => {
      const its_class = all[about.name] as new (...args: unknown[]) => nn.Module;
      const given = Object.fromEntries(named_arguments(about));
      const module = new its_class({ ...given, dtype: torch.float64, device: 'meta' });
      return [
        about.name,
        Object.entries(module.state_dict()).map(([name, tensor]) => [
          name,
          String(tensor.dtype),
          String(tensor.device),
        ]),
      ];
    });
    expect(ours).toEqual(modules.map(({ name, elsewhere }) => [name, elsewhere]));
  });
});
