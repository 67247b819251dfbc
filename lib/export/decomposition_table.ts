/** Which operators of an exported program are decomposed. What they are made of, in decompositions.ts, is read when it is asked for. */
import { native } from '../_C/native.js';
import { no_arguments, signature } from '../_internal/signature.js';
import { find_operator } from '../library/operators.js';
import { is_overload, type Overload, overload_named } from '../_ops.js';

/** A function that does what an operator does by others: it takes the arguments of the operator. */
export type Decomposition = (...args: never[]) => unknown;

/** The operators that are decomposed, and what they are made of. */
export type DecompositionTable = ReadonlyMap<Overload, Decomposition>;

/** Operators that libtorch makes of others and Python keeps as they are. */
const kept = new Set(['upsample_bilinear2d.vec', 'upsample_nearest2d.vec', '_fused_rms_norm']);

/** Those that cannot be kept, since they draw random numbers, change buffers, or return what they were given. */
const never_kept = new Set(
  ['_batch_norm_impl_index', 'alpha_dropout', 'atleast_1d', 'atleast_2d', 'atleast_3d', 'batch_norm', 'cartesian_prod']
    .concat(['conj_physical', 'dim', 'dropout', 'feature_alpha_dropout', 'feature_dropout', 'is_contiguous', 'numel'])
    .concat(['is_contiguous.memory_format', 'storage_offset', 'sym_numel', 'sym_storage_offset', 'unsafe_chunk']),
);

/** Whether an operator that libtorch makes of others can be a part of a program that is decomposed. */
export const can_be_kept = (qualified: string): boolean => !never_kept.has(qualified.replace(/^aten::/, ''));

const natural = new WeakSet<Decomposition>();

/** Whether a decomposition is libtorch's own. */
export const decomposes_as_libtorch = (its: Decomposition): boolean => natural.has(its);

const COPY = signature<object>('copy', '');
const POP = signature<{ key: Overload; default?: unknown }>('pop', 'key: any, default?: any');
const UPDATE = signature<{ other: Iterable<readonly [Overload, Decomposition]> }>('update', 'other: any');

/**
 * Which operators `run_decompositions` replaces, and by what: a Map from overloads of `torch.ops` to functions. Mirrors
 * `torch.export.CustomDecompTable`; {@link default_decompositions} makes one.
 *
 * To keep an operator, delete it; to decompose one in another way, set a function, which gets the arguments of the operator.
 *
 * @example
 * ```ts
 * const table = torch.export.default_decompositions();
 * table.delete(torch.ops['aten']!['linear']!['default']!);
 * const program = torch.export.export(new nn.Linear(3, 2), [torch.ones(1, 3)]);
 * const [kept] = program.run_decompositions(table).graph.nodes.filter(({ op }) => op === 'call_function');
 * print(kept!.name);
 * ```
 * ```python
 * table = torch.export.default_decompositions()
 * del table[torch.ops.aten.linear.default]
 * program = torch.export.export(torch.nn.Linear(3, 2), (torch.ones(1, 3),))
 * kept = [node for node in program.run_decompositions(table).graph.nodes if node.op == 'call_function'][0]
 * print(kept.name)
 * ```
 */
export class CustomDecompTable extends Map<Overload, Decomposition> {
  constructor(...none: []) {
    no_arguments('CustomDecompTable', none);
    super();
  }

  override set(key: Overload, value: Decomposition): this {
    if (!is_overload(key))
      throw new TypeError('CustomDecompTable: a key must be an overload, such as torch.ops.aten.silu.default');
    if (typeof value !== 'function') throw new TypeError('CustomDecompTable: a value must be a function');
    return super.set(key, value);
  }

  /** Another table with the same entries. */
  copy(...none: []): CustomDecompTable;
  copy(...args: unknown[]): CustomDecompTable {
    COPY.read(args);
    const other = new CustomDecompTable();
    other.update(this);
    return other;
  }

  /**
   * Takes an entry out, and returns it.
   * @throws Error when there is none, and no default
   */
  pop<T = Decomposition>(key: Overload, ...otherwise: [default_?: T]): Decomposition | T;
  pop(...args: unknown[]): unknown {
    const { key, default: otherwise } = POP.read(args);
    const found = this.get(key);
    this.delete(key);
    if (found === undefined && args.length < 2) throw new Error(`pop(): the table has no ${String(key)}`);
    return found ?? otherwise;
  }

  /** Sets all entries of another table. */
  update(other: Iterable<readonly [Overload, Decomposition]>): void;
  update(...args: unknown[]): void {
    for (const [key, value] of UPDATE.read(args).other) this.set(key, value);
  }
}

const NONE = signature<object>('default_decompositions', '');

function overload_or_null(qualified: string): Overload | null {
  return find_operator(qualified) === undefined ? null : overload_named(qualified);
}

/** A decomposition of an operator that libtorch makes of others. */
function by_libtorch(overload: Overload): Decomposition {
  const call = (...args: unknown[]): unknown => overload(...args);
  natural.add(call);
  return call;
}

/**
 * The table that {@link ExportedProgram.run_decompositions} uses by default: what libtorch makes of others, and what else is not
 * among the core operators. Mirrors `torch.export.default_decompositions`.
 *
 * Of Python's table it has those that programs of inference use: operators of backward passes, and `_copy` variants with an `out`, are
 * not in it, nor are `upsample_trilinear3d`, `hann_window`, `logspace`, `max_unpool2d` and other seldom ones: they stay as they are.
 *
 * @example
 * ```ts
 * const table = torch.export.default_decompositions();
 * print(table.has(torch.ops['aten']!['silu']!['default']!), table.has(torch.ops['aten']!['relu']!['default']!));
 * ```
 * ```python
 * table = torch.export.default_decompositions()
 * print(torch.ops.aten.silu.default in table, torch.ops.aten.relu.default in table)
 * ```
 */
export function default_decompositions(...none: []): CustomDecompTable;
export function default_decompositions(...args: unknown[]): CustomDecompTable {
  NONE.read(args);
  const found = new CustomDecompTable();
  const { core } = require('./decompositions.js') as typeof import('./decompositions.js');
  for (const [name, decomposition] of Object.entries(core)) {
    const overload = overload_or_null(`aten::${name}`);
    if (overload !== null) found.set(overload, decomposition);
  }
  for (const qualified of native.overloads_of('')) {
    if (!qualified.startsWith('aten::') || kept.has(qualified.slice(6))) continue;
    const [name, overload = ''] = qualified.split('.') as [string, string?];
    if (!can_be_kept(qualified) || !native.is_composite(name, overload)) continue;
    const schema = native.schema_of(name, overload) ?? '';
    // Views and operators in place are always made of others.
    if (/\(\w+(!| ->|\))/.test(schema.slice(schema.indexOf('(') + 1))) continue;
    const its = overload_named(qualified);
    if (!found.has(its)) found.set(its, by_libtorch(its));
  }
  return found;
}
