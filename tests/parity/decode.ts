/** Reads the values that tests/parity/*.py write. */
import * as torch from 'torch-node';
import type { Tensor } from 'torch-node';

/** A tensor as described in a group's table: strided ones point into the group's file, sparse ones have parts. */
export interface Described {
  dtype: string;
  shape: number[];
  layout: string;
  device?: string;
  requires_grad?: boolean;
  stride: number[];
  offset: number;
  at: number;
  bytes: number;
  coalesced?: boolean;
  parts?: Described[];
}

/** A float of Python; where the value is an integer, JavaScript cannot tell it from an int. */
export class PythonFloat {
  constructor(readonly value: number) {}
}

const named = torch as unknown as Record<string, unknown>;

function strided(about: Described, content: Buffer): Tensor {
  const dtype = named[about.dtype] as torch.DType;
  const device = about.device ?? 'cpu';
  if (about.bytes === 0) return torch.empty(about.shape, { dtype, device });
  const bytes = Uint8Array.from(content.subarray(about.at, about.at + about.bytes));
  return torch.tensor(bytes, { device }).view(dtype).as_strided(about.shape, about.stride, about.offset);
}

/** A fresh tensor from its description. */
export function tensor_of(about: Described, content: Buffer): Tensor {
  const [first, second, third] = (about.parts ?? []).map((part) => strided(part, content)) as [Tensor, Tensor, Tensor];
  let tensor: Tensor;
  if (about.layout === 'strided') tensor = strided(about, content);
  else if (about.layout === 'sparse_coo') {
    tensor = torch.sparse_coo_tensor(first, second, about.shape, { is_coalesced: about.coalesced ?? false });
  } else {
    const layout = named[about.layout] as torch.Layout;
    tensor = torch.sparse_compressed_tensor(first, second, third, about.shape, { dtype: third.dtype, layout });
  }
  return about.requires_grad ? tensor.detach().requires_grad_() : tensor;
}

interface Tagged {
  T?: number;
  I?: string;
  F?: number | string;
  C?: unknown[];
  D?: string;
  L?: string;
  M?: string;
  V?: string;
  P?: string;
  N?: { class: string; args: unknown[]; kwargs: unknown; state?: unknown };
  S?: '...' | (number | null)[];
  O?: Record<string, unknown>;
}

const special: Record<string, number> = { nan: NaN, inf: Infinity, '-inf': -Infinity };

function float_of(value: number | string): number {
  return typeof value === 'string' ? (special[value] as number) : value;
}

/** What is found at a dotted path under `torch`; undefined when this package has none. */
export function at_path(path: string): unknown {
  let found: unknown = torch;
  for (const part of path.split('.')) {
    if ((typeof found !== 'object' && typeof found !== 'function') || found === null) return undefined;
    found = (found as Record<string, unknown>)[part];
  }
  return found;
}

type AnyClass = new (...args: unknown[]) => unknown;

/** An instance of a class of `torch.nn`, from the arguments that Python gave. */
export function construct(name: string, args: unknown[], kwargs: Record<string, unknown>): unknown {
  const its_class = at_path(`nn.${name}`) as AnyClass;
  return Object.keys(kwargs).length > 0 ? new its_class(...args, kwargs) : new its_class(...args);
}

function constructed(
  { class: name, args, kwargs, state }: NonNullable<Tagged['N']>,
  tensors: readonly Tensor[],
): unknown {
  const given = plain(decode([args, kwargs], tensors)) as [unknown[], Record<string, unknown>];
  const value = construct(name, ...given);
  if (state !== undefined) (value as torch.nn.Module).load_state_dict(decode(state, tensors) as torch.nn.StateDict);
  return value;
}

/** A value with its tensors from `tensors`; floats stay {@link PythonFloat} until {@link plain}. */
export function decode(value: unknown, tensors: readonly Tensor[]): unknown {
  if (Array.isArray(value)) return value.map((item) => decode(item, tensors));
  if (typeof value !== 'object' || value === null) return value;
  const tagged = value as Tagged;
  if (tagged.T !== undefined) return tensors[tagged.T];
  if (tagged.I !== undefined) return BigInt(tagged.I);
  if (tagged.F !== undefined) return new PythonFloat(float_of(tagged.F));
  if (tagged.C) {
    const [re, im] = tagged.C.map((part) => (decode(part, tensors) as PythonFloat).value);
    return new torch.Complex(re as number, im);
  }
  if (tagged.D !== undefined) return named[tagged.D];
  if (tagged.L !== undefined) return named[tagged.L];
  if (tagged.M !== undefined) return named[tagged.M];
  if (tagged.V !== undefined) return torch.device(tagged.V);
  if (tagged.P !== undefined) return at_path(tagged.P);
  if (tagged.N) return constructed(tagged.N, tensors);
  if (tagged.S === '...') return '...';
  if (tagged.S)
    return tagged.S.map((bound) => bound ?? '')
      .join(':')
      .replace(/:$/, '');
  return Object.fromEntries(Object.entries(tagged.O ?? {}).map(([key, item]) => [key, decode(item, tensors)]));
}

/** With the floats as JavaScript's numbers. */
export function plain(value: unknown): unknown {
  if (value instanceof PythonFloat) return value.value;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

/** Whether Python was given a float such as `2.0`, which JavaScript writes as an int. */
export function has_whole_float(value: unknown): boolean {
  if (value instanceof PythonFloat) return Number.isSafeInteger(value.value);
  if (value instanceof torch.Complex) return false;
  if (Array.isArray(value)) return value.some(has_whole_float);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return false;
  return Object.values(value).some(has_whole_float);
}

/** All tensors in nested arrays and objects, in order. */
export function tensors_in(value: unknown): Tensor[] {
  if (value instanceof torch.Tensor) return [value];
  if (Array.isArray(value)) return value.flatMap(tensors_in);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return [];
  return Object.values(value).flatMap(tensors_in);
}
