/** Tensors as text, character for character as Python's `repr`. */
import { python_size } from './_internal/representation.js';
import { get_default_dtype, int64, bool, complex128, complex64, float64, strided, type DType } from './types/dtype.js';
import * as dtypes from './types/dtype.js';
import { native } from './_C/native.js';
import { unpack_dual } from './autograd/forward_ad.js';
import { no_grad } from './autograd/grad_mode.js';
import { float_repr, format_exponential, format_fixed } from './_internal/python_numbers.js';
import { per_channel_affine, per_channel_affine_float_qparams, per_channel_symmetric } from './types/qscheme.js';
import { python_format } from './python/format_spec.js';
import type { Complex } from './types/scalar.js';
import type { Tensor } from './_tensor.js';
import { type Arguments, no_arguments, signature } from './_internal/signature.js';

/** How tensors are printed, as {@link get_printoptions} gives it. */
export interface PrintOptions {
  /** Digits after the point. */
  precision: number;
  /** How many elements a tensor may have before it is summarized. */
  threshold: number;
  /** How many elements of each end a summary shows. */
  edgeitems: number;
  /** Characters a line. */
  linewidth: number;
  /** Scientific notation: always, never, or (null) depending on the values. */
  sci_mode: boolean | null;
}

const profiles: Record<'default' | 'short' | 'full', Omit<PrintOptions, 'sci_mode'>> = {
  default: { precision: 4, threshold: 1000, edgeitems: 3, linewidth: 80 },
  short: { precision: 2, threshold: 1000, edgeitems: 2, linewidth: 80 },
  full: { precision: 4, threshold: Infinity, edgeitems: 3, linewidth: 80 },
};

let current: PrintOptions = { ...profiles.default, sci_mode: null };

/** Keyword arguments of {@link set_printoptions}. */
export interface SetPrintOptions extends Partial<{ [K in keyof PrintOptions]: PrintOptions[K] | null }> {
  profile?: 'default' | 'short' | 'full' | null;
}

const SET_PRINTOPTIONS = signature<SetPrintOptions>(
  'set_printoptions',
  'precision?: int|None, threshold?: float|None, ' +
    'edgeitems?: int|None, linewidth?: int|None, profile?: str|None, sci_mode?: bool|None',
);

/**
 * Sets how tensors are printed. Mirrors `torch.set_printoptions`. Options left out are unchanged, except that
 * `sci_mode` returns to null.
 *
 * @param precision - number of digits; initially 4
 * @param threshold - number of elements above which a tensor is summarized; initially 1000
 * @param edgeitems - number of elements at each end of a summary; initially 3
 * @param linewidth - number of characters per line; initially 80
 * @param profile - `'default'`, `'short'` or `'full'`, which set the others
 * @param sci_mode - scientific notation; null: where it is shorter
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * torch.set_printoptions({ precision: 2 });
 * print(torch.tensor([0.123456]));
 * torch.set_printoptions({ profile: 'default' });
 * ```
 * ```python
 * torch.set_printoptions(precision=2)
 * print(torch.tensor([0.123456]))
 * torch.set_printoptions(profile='default')
 * ```
 */
export function set_printoptions(
  precision?: number | null,
  threshold?: number | null,
  edgeitems?: number | null,
  linewidth?: number | null,
  profile?: SetPrintOptions['profile'],
  sci_mode?: boolean | null,
): void;
export function set_printoptions(
  ...args: Arguments<
    [
      precision?: number | null,
      threshold?: number | null,
      edgeitems?: number | null,
      linewidth?: number | null,
      profile?: SetPrintOptions['profile'],
      sci_mode?: boolean | null,
    ],
    SetPrintOptions,
    ['precision', 'threshold', 'edgeitems', 'linewidth', 'profile', 'sci_mode']
  >
): void;
export function set_printoptions(options?: SetPrintOptions): void;
export function set_printoptions(...args: unknown[]): void {
  const { profile, sci_mode = null, ...rest } = SET_PRINTOPTIONS.read(args);
  const named = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null));
  current = { ...current, ...(profile ? profiles[profile] : {}), ...named, sci_mode };
}

/**
 * The current print options. Mirrors `torch._tensor_str.get_printoptions`.
 * @example
 * ```ts
 * print(torch.get_printoptions().precision);
 * ```
 * ```python
 * print(torch._tensor_str.get_printoptions()['precision'])
 * ```
 */
export function get_printoptions(): PrintOptions;
export function get_printoptions(...args: unknown[]): PrintOptions {
  no_arguments('get_printoptions', args);
  return { ...current };
}

type Leaf = number | bigint | boolean | Complex;
type Nested = Leaf | Nested[];

function leaves(values: Nested): Leaf[] {
  return Array.isArray(values) ? values.flatMap(leaves) : [values];
}

/** The format of the elements, chosen from all that are printed. */
class Formatter {
  private readonly whole: boolean;
  private readonly scientific: boolean;
  readonly width: number;

  constructor(
    values: readonly (number | bigint | boolean)[],
    private readonly floating: boolean,
  ) {
    if (!floating) {
      this.whole = true;
      this.scientific = false;
      this.width = values.reduce<number>((width, value) => Math.max(width, plain(value).length), 1);
      return;
    }
    const finite = (values as number[]).filter((value) => Number.isFinite(value) && value !== 0);
    this.whole = finite.every((value) => Number.isInteger(value));
    if (finite.length === 0) {
      this.scientific = false;
      this.width = 1;
      return;
    }
    let largest = 0;
    let smallest = Infinity;
    for (const value of finite) {
      const size = Math.abs(value);
      if (size > largest) largest = size;
      if (size < smallest) smallest = size;
    }
    this.scientific = current.sci_mode ?? (largest / smallest > 1000 || largest > 1e8 || smallest < 1e-4);
    const point = this.whole && !this.scientific ? 1 : 0;
    this.width = finite.reduce((width, value) => Math.max(width, this.digits(value).length + point), 1);
  }

  private digits(value: number): string {
    if (this.scientific) return format_exponential(value, current.precision);
    return format_fixed(value, this.whole ? 0 : current.precision);
  }

  format(value: number | bigint | boolean): string {
    let text: string;
    if (!this.floating) text = plain(value);
    else {
      text = this.digits(value as number);
      if (this.whole && !this.scientific && Number.isFinite(value)) text += '.';
    }
    return text.padStart(this.width);
  }
}

function plain(value: number | bigint | boolean): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return String(value);
}

/** Writes one element; `width` is its length as Python counts it when it fills a line. */
interface ElementWriter {
  width: number;
  write(value: Leaf): string;
}

function writer_for(values: Leaf[], dtype: DType): ElementWriter {
  if (!dtype.is_complex) {
    const formatter = new Formatter(values as (number | bigint | boolean)[], dtype.is_floating_point);
    return { width: formatter.width + 2, write: (value) => formatter.format(value as number) };
  }
  const numbers = values as Complex[];
  const real = new Formatter(
    numbers.map(({ re }) => re),
    true,
  );
  const imaginary = new Formatter(
    numbers.map(({ im }) => im),
    true,
  );
  return {
    width: real.width + imaginary.width + 3,
    write: (value) => {
      const { re, im } = value as Complex;
      const second = `${imaginary.format(im)}j`.trimStart();
      return real.format(re) + (/^[+-]/.test(second) ? second : `+${second}`);
    },
  };
}

function vector_text(values: Leaf[], cut: boolean, indent: number, writer: ElementWriter): string {
  const each_line = Math.max(1, Math.floor((current.linewidth - indent) / writer.width));
  const texts = values.map((value) => writer.write(value));
  if (cut) texts.splice(texts.length / 2, 0, current.edgeitems === 0 ? '...' : ' ...');
  const lines: string[] = [];
  for (let i = 0; i < texts.length; i += each_line) lines.push(texts.slice(i, i + each_line).join(', '));
  return `[${lines.join(`,\n${' '.repeat(indent + 1)}`)}]`;
}

/** `cuts` says for each dimension whether its middle was left out. */
function nested_text(values: Nested, cuts: readonly boolean[], indent: number, writer: ElementWriter): string {
  if (!Array.isArray(values)) return writer.write(values);
  const [cut = false, ...inner] = cuts;
  if (inner.length === 0) return vector_text(values as Leaf[], cut, indent, writer);
  const parts = values.map((value) => nested_text(value, inner, indent + 1, writer));
  if (cut) parts.splice(parts.length / 2, 0, '...');
  return `[${parts.join(`,${'\n'.repeat(cuts.length - 1)}${' '.repeat(indent + 1)}`)}]`;
}

/** The part of a large tensor that a summary shows. */
function edges(tensor: Tensor): { shown: Tensor; cuts: boolean[] } {
  const { edgeitems } = current;
  const cuts: boolean[] = [];
  let shown = tensor;
  for (let dim = 0; dim < tensor.dim(); dim++) {
    const size = tensor.size(dim);
    const cut = size > 2 * edgeitems;
    cuts.push(cut);
    if (!cut) continue;
    const places = Array.from({ length: edgeitems }, (_, i) => i);
    const both = [...places, ...places.map((i) => size - edgeitems + i)];
    shown = shown.index_select(dim, shown.new_tensor(both, { dtype: int64 }));
  }
  return { shown, cuts };
}

function contents_text(tensor: Tensor, indent: number): string {
  const { dtype } = tensor;
  if (tensor.numel() === 0) return '[]';
  const whole = { shown: tensor, cuts: tensor.shape.map(() => false) };
  const { shown, cuts } = tensor.numel() > current.threshold ? edges(tensor) : whole;
  const values = shown.tolist() as Nested;
  return nested_text(values, cuts, indent, writer_for(leaves(values), dtype));
}

/** A part of a sparse tensor: `indices=tensor(...)`. */
function part_text(name: string, part: Tensor, indent: number): string {
  const prefix = `${name}=tensor(`;
  const size = part.numel() === 0 ? `, size=${python_size(part.shape)}` : '';
  return `${prefix}${contents_text(part.detach(), indent + prefix.length)}${size})`;
}

const compressed_names = new Map([
  [dtypes.sparse_csr, ['crow_indices', 'col_indices']],
  [dtypes.sparse_bsr, ['crow_indices', 'col_indices']],
  [dtypes.sparse_csc, ['ccol_indices', 'row_indices']],
  [dtypes.sparse_bsc, ['ccol_indices', 'row_indices']],
] as const);

function sparse_text(tensor: Tensor, indent: number): string {
  const names = compressed_names.get(tensor.layout as typeof dtypes.sparse_csr);
  const parts: [string, Tensor][] = names
    ? [
        [names[0], tensor[names[0]]()],
        [names[1], tensor[names[1]]()],
        ['values', tensor.values()],
      ]
    : [
        ['indices', tensor._indices()],
        ['values', tensor._values()],
      ];
  return parts.map(([name, part]) => part_text(name, part, indent)).join(`,\n${' '.repeat(indent)}`);
}

const per_channel = new Set([per_channel_affine, per_channel_symmetric, per_channel_affine_float_qparams]);

/** The suffixes of a quantized tensor. */
function quantization_suffixes(tensor: Tensor): string[] {
  const scheme = tensor.qscheme();
  const suffixes = [
    `size=${python_size(tensor.shape)}`,
    `dtype=${String(tensor.dtype)}`,
    `quantization_scheme=${String(scheme)}`,
  ];
  if (!per_channel.has(scheme))
    return [...suffixes, `scale=${float_repr(tensor.q_scale())}`, `zero_point=${String(tensor.q_zero_point())}`];
  return [
    ...suffixes,
    `scale=${String(tensor.q_per_channel_scales())}`,
    `zero_point=${String(tensor.q_per_channel_zero_points())}`,
    `axis=${String(tensor.q_per_channel_axis())}`,
  ];
}

/** The tensors of a nested one, each a step further in. */
function nested_parts(tensor: Tensor): string {
  const parts = no_grad(() => tensor.unbind(0)).map((part) => `  ${tensor_repr(part).replaceAll('\n', '\n  ')}`);
  return `[\n${parts.join(',\n')}\n]`;
}

function has_default_dtype(dtype: DType): boolean {
  const default_dtype = get_default_dtype();
  const complex = default_dtype === float64 ? complex128 : complex64;
  return dtype === default_dtype || dtype === complex || dtype === int64 || dtype === bool;
}

/** `repr(tensor)` in Python. */
export function tensor_repr(tensor: Tensor): string {
  const is_parameter = (tensor as { _is_param?: boolean })._is_param === true;
  const text = plain_repr(tensor);
  return is_parameter ? `Parameter containing:\n${text}` : text;
}

/** What notebooks say of a tensor above its elements. */
export function tensor_facts(tensor: Tensor): string[] {
  const facts = [tensor.constructor.name];
  // As in Python, a nested tensor has no shape.
  if (!tensor.is_nested) facts.push(`shape [${tensor.shape.join(', ')}]`);
  facts.push(String(tensor.dtype).replace('torch.', ''), native.device(tensor._h));
  if (tensor.requires_grad) facts.push('requires_grad');
  return facts;
}

/** Python writes `f'tangent={tangent}'`, and formats a tensor without dimensions as its number. */
function tangent_text(tangent: Tensor): string {
  if (tangent.dim() > 0 || tangent.is_meta) return String(tangent);
  return python_format(tangent.item() as number, '', tangent.dtype.is_floating_point);
}

/** `tensor`, or the name of a class of the program's own. */
function class_text(tensor: Tensor): string {
  const { name } = tensor.constructor;
  return name === 'Tensor' || name === 'Buffer' || (tensor as { _is_param?: boolean })._is_param === true
    ? 'tensor'
    : name;
}

function plain_repr(tensor: Tensor): string {
  const { dtype, layout } = tensor;
  const nested = tensor.is_nested;
  const prefix = nested ? 'nested_tensor(' : `${class_text(tensor)}(`;
  const indent = prefix.length;
  const suffixes: string[] = [];
  const device = native.device(tensor._h);
  if (device !== 'cpu') suffixes.push(`device='${device}'`);
  // Reading the values must not record a graph, nor fail where one cannot be extended.
  const values = tensor.detach();
  let contents: string;
  const sparse = layout !== strided;
  if (nested) {
    contents = nested_parts(tensor);
  } else if (tensor.is_quantized) {
    suffixes.push(...quantization_suffixes(values));
    contents = contents_text(values.dequantize(), indent);
  } else if (sparse) {
    suffixes.push(`size=${python_size(tensor.shape)}`, `nnz=${String(tensor._nnz())}`);
    if (!has_default_dtype(dtype)) suffixes.push(`dtype=${String(dtype)}`);
    contents = sparse_text(values, indent);
  } else if (tensor.is_meta) {
    suffixes.push(`size=${python_size(tensor.shape)}`);
    if (dtype !== get_default_dtype()) suffixes.push(`dtype=${String(dtype)}`);
    contents = '...';
  } else if (tensor.numel() === 0) {
    if (tensor.dim() !== 1) suffixes.push(`size=${python_size(tensor.shape)}`);
    if (dtype !== get_default_dtype()) suffixes.push(`dtype=${String(dtype)}`);
    contents = '[]';
  } else {
    if (current.edgeitems === 0) suffixes.push(`size=${python_size(tensor.shape)}`);
    if (!has_default_dtype(dtype)) suffixes.push(`dtype=${String(dtype)}`);
    contents = contents_text(values, indent);
  }
  if (sparse) suffixes.push(`layout=${String(layout)}`);
  const grad_fn = tensor.grad_fn;
  if (grad_fn !== null) suffixes.push(`grad_fn=${String(grad_fn)}`);
  else if (tensor.requires_grad) suffixes.push('requires_grad=True');
  const { tangent } = unpack_dual(tensor);
  if (tangent !== null) suffixes.push(`tangent=${tangent_text(tangent)}`);
  return with_suffixes(prefix + contents, suffixes, indent, layout === dtypes.sparse_coo);
}

function with_suffixes(text: string, suffixes: readonly string[], indent: number, on_new_line: boolean): string {
  let result = text;
  let line = text.length - text.lastIndexOf('\n') + 1;
  let forced = on_new_line;
  for (const suffix of suffixes) {
    if (forced || line + suffix.length + 2 > current.linewidth) {
      result += `,\n${' '.repeat(indent)}${suffix}`;
      line = indent + suffix.length;
      forced = false;
    } else {
      result += `, ${suffix}`;
      line += suffix.length + 2;
    }
  }
  return `${result})`;
}
