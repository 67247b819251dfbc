/**
 * Walks every public function, class and method: an unknown option, one argument too many, and a value of a wrong kind in
 * each place are refused with a TypeError that names the function, and the argument.
 *
 * Functions are found by reflection. What must be listed is how to make an object whose methods are to be called, and what
 * takes anything by nature.
 */
import { createRequire } from 'node:module';

import * as torch from 'torch-node';
import * as numpy from 'torch-node/numpy';
import * as safetensors from 'torch-node/safetensors';
import * as vision from 'torch-node/vision';
import { describe, expect, it } from 'vitest';

interface Parameter { readonly name: string; readonly kinds: readonly string[]; readonly elements: readonly string[] }
interface Parsed { readonly parameters: readonly Parameter[]; readonly positional: number; readonly rest?: Parameter }
interface SignatureLike { readonly callee: string; readonly parsed: Parsed }

// The compiled package's own modules: what reads calls, and what the schemas made.
const inner = createRequire(import.meta.url);
const { Signature } = inner('../../dist/_internal/signature.js') as {
  Signature: { prototype: { read(args: readonly unknown[]): object } };
};
const generated = new Set<unknown>(
  ['functions', 'linalg', 'fft', 'special', 'nn_functions', 'sparse', 'nested'].flatMap((file) => {
    try {
      return Object.values(inner(`../../dist/generated/${file}.js`) as object);
    } catch {
      return [];
    }
  }));

/** The signatures that are read while `run` runs, first to last. */
function signatures_read_by(run: () => unknown): SignatureLike[] {
  const seen: SignatureLike[] = [];
  const { read } = Signature.prototype;
  Signature.prototype.read = function (this: SignatureLike, args: readonly unknown[]): object {
    seen.push(this);
    return read.call(this, args);
  };
  try {
    const result = run();
    if (result instanceof Promise) result.catch(() => undefined);
  } catch {
    // Only what was read matters here.
  } finally {
    Signature.prototype.read = read;
  }
  return seen;
}

/** Of no kind that any function takes. */
class Wrong {}

type Call = (...args: unknown[]) => unknown;
interface Found {
  /** As in `torch.nn.functional.pad` or `torch.Tensor.to`. */
  readonly path: string;
  /** The last part, or for a constructor its class: what the message must name. */
  readonly name: string;
  readonly call: Call;
  readonly generated: boolean;
}

const is_class = (value: unknown): value is new (...args: unknown[]) => object =>
  typeof value === 'function' && /^class\b/.test(Function.prototype.toString.call(value));
const is_namespace = (value: unknown): value is Record<string, unknown> => {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || String(value) === '[object Module]';
};

/** What takes anything by nature, with the reason. A path stands for all that lies below it as well. */
const exempt: Record<string, string> = {
  'torch.print': 'prints anything',
  'torch.format': 'formats anything',
  'torch.python_repr': 'writes anything',
  'torch.is_storage': 'asks it of anything',
  'torch.UntypedStorage.equals': 'compares with anything',
  'torch.save': 'saves any object, one of options too',
  'torch.serialization.ordered_dict': 'takes any object for a dict',
  'torch.serialization.int_keys': 'takes any object for a dict',
  'torch.serialization.Tuple': 'an Array',
  'safetensors.save': 'takes any object for a dict of tensors',
  'safetensors.save_file': 'takes any object for a dict of tensors',
  'safetensors.SafetensorError': 'an Error',
  'torch.is_tensor': 'tells tensors from anything',
  'torch.typename': 'names the class of anything',
  'torch.nn.Container': 'takes modules under any names',
  'torch.nn.Sequential': 'takes modules, or modules under any names',
  'torch.nn.ModuleDict': 'takes modules under any names',
  'torch.nn.ParameterDict': 'takes values under any names',
  'torch.nn.Module.get_extra_state': 'is for subclasses to define',
  'torch.nn.Module.set_extra_state': 'is for subclasses to define',
  'torch.nn.Module.extra_repr': 'is for subclasses to define',
  'torch.nn.Module.toString': 'is JavaScript\'s own method',
  'torch.nn.Module.load_state_dict': 'takes tensors under any names',
  'torch.nn.Identity': 'takes and ignores any arguments, as in Python',
  'torch.nn.utils.skip_init': 'passes arguments on to a constructor, which refuses them',
  'torch.nn.utils.prune.global_unstructured': 'passes named arguments on to a constructor, which refuses them',
  'torch.nn.utils.prune.BasePruningMethod.apply': 'passes arguments on to a constructor, which refuses them',
  'torch.nn.utils.parametrize.NotImplementedError': 'an Error, which takes a message and options',
};

/** Objects whose methods are called, by class. */
const objects: Record<string, () => object> = {
  'torch.Tensor': () => torch.ones(2, 2),
  'torch.Size': () => torch.ones(2, 2).shape,
  'torch.Generator': () => new torch.Generator(),
  'torch.UntypedStorage': () => torch.ones(2).untyped_storage(),
  'torch.NDArray': () => torch.ones(2).numpy(),
  'torch.nn.Module': () => new torch.nn.Linear(2, 2),
};

function members(path: string, its_class: new (...args: unknown[]) => object): Found[] {
  const name = path.slice(path.lastIndexOf('.') + 1);
  const found: Found[] = [{ path, name, call: (...args) => new its_class(...args), generated: false }];
  for (const [key, { value }] of Object.entries(Object.getOwnPropertyDescriptors(its_class)) as [string, PropertyDescriptor][]) {
    if (typeof value !== 'function' || key.startsWith('_') || is_class(value)) continue;
    found.push({ path: `${path}.${key}`, name: key, call: (value as Call).bind(its_class), generated: false });
  }
  const make = objects[path];
  if (make === undefined) return found;
  for (const [key, { value }] of Object.entries(Object.getOwnPropertyDescriptors(its_class.prototype)) as [string, PropertyDescriptor][]) {
    if (typeof value !== 'function' || key === 'constructor' || key.startsWith('_')) continue;
    const method = value as Call;
    found.push({ path: `${path}.${key}`, name: key, call: (...args) => method.apply(make(), args), generated: method.name === '' });
  }
  return found;
}

function walk(path: string, namespace: object, seen: Set<unknown>): Found[] {
  const found: Found[] = [];
  for (const key of Object.getOwnPropertyNames(namespace)) {
    if (key.startsWith('_') || key === 'default') continue;
    const value = (namespace as Record<string, unknown>)[key];
    if (seen.has(value) || (typeof value !== 'function' && typeof value !== 'object')) continue;
    if (typeof value === 'function' || is_namespace(value)) seen.add(value);
    if (is_class(value)) found.push(...members(`${path}.${key}`, value));
    else if (typeof value === 'function') found.push({ path: `${path}.${key}`, name: key, call: value as Call, generated: generated.has(value) });
    else if (is_namespace(value)) found.push(...walk(`${path}.${key}`, value, seen));
  }
  return found;
}

const seen = new Set<unknown>();
const everything = [
  ...walk('torch', torch, seen), ...walk('vision', vision, seen), ...walk('safetensors', safetensors, seen),
  ...walk('numpy', numpy, seen),
].filter(({ path }) => !Object.keys(exempt).some((listed) => path === listed || path.startsWith(`${listed}.`)));

/** What is wrong with the answer to a bad call; nothing when it is the right TypeError. */
async function complaint({ name, call }: Found, args: unknown[], argument?: string): Promise<string | undefined> {
  try {
    const result = call(...args);
    // A class may return an object with a then of its own.
    if (result instanceof Promise) await result;
    return 'passes in silence';
  } catch (error) {
    const { message } = error as Error;
    if (!(error instanceof TypeError)) return `throws ${String(error).split('\n')[0]}`;
    if (!message.includes(`${name}(`)) return `does not name the function: ${message.split('\n')[0]}`;
    if (argument !== undefined && !message.includes(argument)) return `does not name '${argument}': ${message.split('\n')[0]}`;
    return undefined;
  }
}

/** What goes wrong with one function. */
async function complaints(found: Found): Promise<string[]> {
  const all: string[] = [];
  const note = (what: string, text: string | undefined): void => {
    if (text !== undefined) all.push(`${found.path} with ${what} ${text}`);
  };
  note('{zzz: 1}', await complaint(found, [{ zzz: 1 }], 'zzz'));
  if (found.generated) {
    note('too many arguments', await complaint(found, Array<unknown>(100).fill(new Wrong())));
    return all;
  }
  // Making the object whose method is called reads signatures too.
  const read = signatures_read_by(() => found.call({ zzz: 1 }));
  const is_method = objects[found.path.slice(0, found.path.lastIndexOf('.'))] !== undefined;
  const own = read.find(({ callee }) => callee.split('.').pop() === found.name) ?? (is_method ? undefined : read[0]);
  if (own === undefined) {
    note('one argument', await complaint(found, [new Wrong()]));
    return all;
  }
  const { parameters, positional, rest } = own.parsed;
  if (rest === undefined) note('too many arguments', await complaint(found, Array<unknown>(positional + 1).fill(new Wrong())));
  for (const [place, { name, kinds }] of parameters.entries()) {
    // Wrong values of some arguments have texts of Python's own, which do not name the function.
    if (kinds.includes('any') || kinds.includes('value')) continue;
    if (place < positional) {
      const before = Array<unknown>(place).fill(undefined);
      note(`a wrong '${name}' by position`, await complaint(found, [...before, new Wrong()], `'${name}'`));
    }
    note(`a wrong '${name}' by name`, await complaint(found, [{ [name]: new Wrong() }], `'${name}'`));
  }
  return all;
}

const by_place = new Map<string, Found[]>();
for (const found of everything) {
  const place = found.path.slice(0, found.path.lastIndexOf('.'));
  by_place.set(place, [...(by_place.get(place) ?? []), found]);
}

describe('bad arguments are refused by', () => {
  it.each([...by_place.keys()])('%s', async (place) => {
    const all: string[] = [];
    for (const found of by_place.get(place)!) all.push(...await complaints(found));
    expect(all).toEqual([]);
  });

  it('is about all that there is', () => {
    expect(everything.length).toBeGreaterThan(2000);
  });
});
