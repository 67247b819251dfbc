/** Versions that can be compared: `torch.torch_version`. */
import { native } from './_C/native.js';
import { kind_of } from './_internal/kind_of.js';
import { signature } from './_internal/signature.js';
import { is_plain_object } from './_internal/plain_object.js';

/** The parts of a version, each as a list that is compared item by item. */
type Key = readonly (readonly (number | string)[])[];

const FORM =
  /^v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(alpha|beta|preview|pre|a|b|c|rc)[-_.]?(\d*))?(?:-(\d+)|[-_.]?(?:post|rev|r)[-_.]?(\d*))?(?:[-_.]?dev[-_.]?(\d*))?(?:\+([a-z\d]+(?:[-_.][a-z\d]+)*))?$/;

const stages: Readonly<Record<string, number>> = { a: 0, alpha: 0, b: 1, beta: 1, c: 2, rc: 2, pre: 2, preview: 2 };
const [LOWEST, HIGHEST] = [-1, Number.POSITIVE_INFINITY];

/** The parts of a text as PEP 440 orders them; undefined for what is not a version. */
function key_of(text: string): Key | undefined {
  const match = FORM.exec(text.trim().toLowerCase());
  if (match === null) return undefined;
  const [, epoch = '0', release = '', stage, stage_number, post_dash, post, dev, local] = match as (
    | string
    | undefined
  )[];
  const numbers = release.split('.').map(Number);
  while (numbers.length > 1 && numbers[numbers.length - 1] === 0) numbers.pop();
  const after = post_dash ?? post;
  // A development version without a stage comes before all stages; a release after them.
  const first = after === undefined && dev !== undefined ? LOWEST : HIGHEST;
  return [
    [Number(epoch)],
    numbers,
    stage === undefined ? [first] : [stages[stage]!, Number(stage_number || 0)],
    [after === undefined ? LOWEST : Number(after || 0)],
    [dev === undefined ? HIGHEST : Number(dev || 0)],
    local === undefined ? [] : local.split(/[-_.]/).map((part) => (/^\d+$/.test(part) ? Number(part) : part)),
  ];
}

/** Of two items numbers come after texts, as among the parts of a local version. */
function compare_items(a: number | string, b: number | string): number {
  if (typeof a !== typeof b) return typeof a === 'number' ? 1 : -1;
  return a < b ? -1 : a > b ? 1 : 0;
}

function compare_lists(a: readonly (number | string)[], b: readonly (number | string)[]): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    const order = compare_items(a[i]!, b[i]!);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compare_keys(a: Key, b: Key): number {
  for (let i = 0; i < a.length; i++) {
    const order = compare_lists(a[i]!, b[i]!);
    if (order !== 0) return order;
  }
  return 0;
}

/** What a version can be compared with: a text, another version, or its numbers. */
export type VersionLike = string | TorchVersion | readonly (number | string)[];

const OF = signature<{ version: string }>('TorchVersion', 'version: str');

/**
 * A version as a text that compares as versions do, with texts and with lists of numbers. Mirrors
 * `torch.torch_version.TorchVersion`, whose operators are the methods `gt`, `ge`, `lt`, `le`, `eq` and `ne` here.
 *
 * @param version - a version, such as `torch.__version__`; what is not one compares as a text
 * @example
 * ```ts
 * const version = new torch.torch_version.TorchVersion('2.10.0+cpu');
 * print(version.gt('2.9'), version.ge([2, 11]), version.eq('2.10+cpu'), version.lt('2.10.1'));
 * ```
 * ```python
 * version = torch.torch_version.TorchVersion('2.10.0+cpu')
 * print(version > '2.9', version >= (2, 11), version == '2.10+cpu', version < '2.10.1')
 * ```
 */
export class TorchVersion extends String {
  constructor(version: string | { version: string });
  constructor(...args: unknown[]) {
    const [first] = args;
    super(OF.read(args.length === 1 && first instanceof TorchVersion ? [first.toString()] : args).version);
  }

  /** Less than 0 when this version comes before the other one, 0 for the same one. @throws TypeError for another value */
  private order(callee: string, args: readonly unknown[]): number {
    const [other, ...surplus] = args;
    if (surplus.length > 0) {
      throw new TypeError(`TorchVersion.${callee}() takes 2 positional arguments but ${args.length + 1} were given`);
    }
    const text = this.text_of(callee, other);
    const [own, its] = [key_of(this.toString()), key_of(text)];
    if (own !== undefined && its !== undefined) return compare_keys(own, its);
    return compare_items(this.toString(), text);
  }

  private text_of(callee: string, other: unknown): string {
    if (typeof other === 'string') return other;
    if (other instanceof TorchVersion) return other.toString();
    if (Array.isArray(other)) return other.join('.');
    if (is_plain_object(other)) {
      throw new TypeError(`TorchVersion.${callee}() got an unexpected keyword argument '${Object.keys(other)[0]}'`);
    }
    throw new TypeError(
      `TorchVersion.${callee}(): argument 'other' must be str or list of numbers, not ${kind_of(other)}`,
    );
  }

  /** Whether this version comes after another one: `version > other`. */
  gt(other: VersionLike): boolean;
  gt(...args: unknown[]): boolean {
    return this.order('gt', args) > 0;
  }

  /** Whether this version is another one or comes after it: `version >= other`. */
  ge(other: VersionLike): boolean;
  ge(...args: unknown[]): boolean {
    return this.order('ge', args) >= 0;
  }

  /** Whether this version comes before another one: `version < other`. */
  lt(other: VersionLike): boolean;
  lt(...args: unknown[]): boolean {
    return this.order('lt', args) < 0;
  }

  /** Whether this version is another one or comes before it: `version <= other`. */
  le(other: VersionLike): boolean;
  le(...args: unknown[]): boolean {
    return this.order('le', args) <= 0;
  }

  /** Whether both are the same version: `version == other`. */
  eq(other: VersionLike): boolean;
  eq(...args: unknown[]): boolean {
    return this.order('eq', args) === 0;
  }

  /** Whether both are different versions: `version != other`. */
  ne(other: VersionLike): boolean;
  ne(...args: unknown[]): boolean {
    return this.order('ne', args) !== 0;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `'${this.toString()}'`;
  }
}

/** The version of libtorch, as {@link TorchVersion}; `torch.__version__` is the text. */
export const __version__: TorchVersion = new TorchVersion(native.version_of_libtorch());
