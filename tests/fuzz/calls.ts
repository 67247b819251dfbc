/** Random calls of operators, mostly wrong ones, from a seed. */
import * as torch from 'torch-node';
import { Tensor } from 'torch-node';

/** Random numbers that are the same for the same seed (mulberry32). */
export class Dice {
  constructor(private state: number) {}

  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  below(n: number): number {
    return Math.floor(this.next() * n);
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }
}

const dtypes = [
  torch.float32,
  torch.float64,
  torch.int64,
  torch.int32,
  torch.bool,
  torch.uint8,
  torch.complex64,
  torch.bfloat16,
  torch.float16,
];
const shapes = [[], [0], [1], [3], [2, 3], [3, 2], [3, 3], [2, 0, 3], [1, 2, 3], [2, 3, 4, 5], [1, 1, 1, 1, 1]];
// Either small enough to be filled, or too large for any machine.
const integers = [0, 1, 2, 3, 5, 7, -1, -2, -7, 64, -(2 ** 31), 2 ** 40, 2 ** 53 - 1, -(2 ** 53 - 1)];
const numbers = [0.5, -1.5, NaN, Infinity, -Infinity, 1e-300, 1e300, -0];
const strings = [
  '',
  'sum',
  'mean',
  'none',
  'floor',
  'trunc',
  'ij',
  'reflect',
  'cpu',
  'cuda',
  'meta',
  'left',
  'fro',
  '\0',
  'é'.repeat(99),
];

/** How many there are of something: a few, and now and then more than any operator has places for. */
function count(dice: Dice, few: number): number {
  return dice.below(30) === 0 ? dice.below(2000) : dice.below(few);
}

function plain_tensor(dice: Dice): Tensor {
  const dtype = dice.pick(dtypes);
  const tensor = torch.ones(dice.pick(shapes), { dtype });
  switch (dice.below(6)) {
    case 0:
      return tensor.mul(0);
    case 1:
      return dtype.is_floating_point ? tensor.mul(NaN) : tensor;
    case 2:
      return dtype.is_floating_point ? tensor.requires_grad_() : tensor;
    case 3:
      return tensor.dim() > 1 ? tensor.transpose(0, 1) : tensor;
    case 4:
      return tensor.dim() > 0 ? tensor.expand(tensor.shape) : tensor.expand(4);
    default:
      return tensor;
  }
}

const shared = new Float32Array(6);

function tensor(dice: Dice): Tensor {
  switch (dice.below(14)) {
    case 0:
      return torch.ones(dice.pick(shapes), { device: 'meta' });
    case 1: {
      const gone = torch.ones(2, 2);
      gone.dispose();
      return gone;
    }
    case 2:
      return torch.from_numpy(shared);
    case 3:
      return torch.eye(3).to_sparse();
    case 4:
      return torch.eye(3).to_sparse_csr();
    case 5:
      return torch.randint(-9, 9, dice.pick(shapes.filter((shape) => !shape.includes(0))));
    default:
      return plain_tensor(dice);
  }
}

function value(dice: Dice, depth = 0): unknown {
  switch (dice.below(depth > 1 ? 9 : 14)) {
    case 0:
    case 1:
    case 2:
    case 3:
      return tensor(dice);
    case 4:
    case 5:
      return dice.pick(integers);
    case 6:
      return dice.pick(numbers);
    case 7:
      return dice.pick([true, false, null, undefined]);
    case 8:
      return dice.pick<unknown>([
        dice.pick(strings),
        dice.pick(dtypes),
        torch.strided,
        torch.sparse_coo,
        torch.channels_last,
        torch.device('meta'),
        2n ** 70n,
        -(2n ** 63n),
        new torch.Complex(1, NaN),
        Symbol('x'),
        () => 1,
        new Date(0),
        new Float64Array(3),
        new Map(),
      ]);
    case 9:
      return Array.from({ length: count(dice, 5) }, () => dice.pick(integers));
    default:
      return Array.from({ length: dice.below(5) }, () => value(dice, depth + 1));
  }
}

/** A tensor that fits with others of its kind, more often than not. */
function fitting_tensor(dice: Dice): Tensor {
  switch (dice.below(5)) {
    case 0:
      return tensor(dice);
    case 1:
      return torch.randint(0, 3, [3]);
    case 2:
      return torch.ones([3, 3], { requires_grad: true });
    default:
      return torch.ones(
        dice.pick([
          [3, 3],
          [2, 3, 3],
          [1, 3, 6, 6],
        ]),
      );
  }
}

/** A value for an argument of a schema: `Tensor`, `int[2]`, `Scalar?`, ... */
function of_type(dice: Dice, type: string): unknown {
  if (type.endsWith('?') && dice.below(3) === 0) return null;
  const plain = type.replace(/\?$/, '').replace(/\(\w+( -> \w*)?!?\)/, '');
  const list = /^(.*)\[\d*\]$/.exec(plain);
  if (list) return Array.from({ length: count(dice, 4) }, () => of_type(dice, list[1] as string));
  switch (plain) {
    case 'Tensor':
      return fitting_tensor(dice);
    case 'int':
    case 'SymInt':
      return dice.below(5) === 0 ? dice.pick(integers) : dice.below(4);
    case 'float':
      return dice.below(3) === 0 ? dice.pick(numbers) : 0.5;
    case 'Scalar':
      return dice.pick([...numbers, ...integers, true]);
    case 'bool':
      return dice.below(2) === 0;
    case 'str':
      return dice.pick(strings);
    case 'ScalarType':
      return dice.pick(dtypes);
    case 'Layout':
      return torch.strided;
    case 'Device':
      return torch.device('cpu');
    case 'Generator':
      return new torch.Generator();
    case 'MemoryFormat':
      return torch.channels_last;
    default:
      return null;
  }
}

interface Argument {
  readonly name: string;
  readonly type: string;
  readonly by_name: boolean;
}

/** The arguments of `add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor`. */
function arguments_of(schema: string): Argument[] {
  const inside = schema.slice(schema.indexOf('(') + 1, schema.lastIndexOf(') ->'));
  const found: Argument[] = [];
  let by_name = false;
  // Commas also stand in the defaults of lists.
  for (const part of inside.split(/, (?![^[]*\])/)) {
    const [, type, name] = /^(\S+(?:\([^)]*\))?\S*) (\w+)/.exec(part) ?? [];
    if (part === '*') by_name = true;
    else if (type !== undefined && name !== undefined) found.push({ name, type, by_name });
  }
  return found;
}

function schemas_of(name: string, key: string): string[] {
  const space = /^torch\.(linalg|fft|special)\./.exec(name)?.[1];
  const packet = torch.ops.aten[space ? `${space}_${key}` : key];
  return packet ? packet.overloads().map((overload) => packet[overload]?.schema ?? '') : [];
}

/** Arguments as a schema wants them; now and then one of another kind. */
function fitting(dice: Dice, schema: string, method: boolean): unknown[] {
  const wanted = arguments_of(schema).slice(method ? 1 : 0);
  const make = (type: string): unknown => (dice.below(12) === 0 ? value(dice) : of_type(dice, type));
  const args = wanted.filter(({ by_name }) => !by_name).map(({ type }) => make(type));
  const named = wanted.filter(({ by_name, type }) => by_name && (!type.endsWith('?') || dice.below(4) === 0));
  if (named.length > 0) args.push(Object.fromEntries(named.map(({ name, type }) => [name, make(type)])));
  return args;
}

export interface FuzzCall {
  readonly text: string;
  run(): unknown;
}

function described(given: unknown): string {
  if (given instanceof Tensor)
    return String(given).startsWith('tensor(<')
      ? '<disposed>'
      : `${given.dtype.name}[${given.shape.join(',')}]@${given.device.type}/${given.layout.name}`;
  if (Array.isArray(given)) return `[${given.map(described).join(', ')}]`;
  if (typeof given === 'object' && given !== null && Object.getPrototypeOf(given) === Object.prototype) {
    return `{${Object.entries(given)
      .map(([key, item]) => `${key}: ${described(item)}`)
      .join(', ')}}`;
  }
  return typeof given === 'bigint' ? `${given}n` : String(given);
}

type Namespace = Record<string, unknown>;

function functions_of(name: string, space: object): [string, object, string][] {
  // Properties of tensors are computed: only what is a function as it stands may be looked at.
  const is_function = (key: string): boolean =>
    space === Tensor.prototype
      ? typeof Object.getOwnPropertyDescriptor(space, key)?.value === 'function'
      : typeof (space as Namespace)[key] === 'function';
  return (
    Object.getOwnPropertyNames(space)
      // Names with an underscore in front are libtorch's own, which checks nothing there.
      .filter((key) => /^[a-z]/.test(key) && is_function(key))
      .map((key) => [`${name}.${key}`, space, key])
  );
}

/** Functions that change the process, wait for a user or read files, rather than compute. */
const not_called =
  /^torch\.(scope|keep|hand_over|print|set_.*|use_.*|save|load|manual_seed|seed|inference_mode|no_grad|enable_grad|from_file|range|zip|enumerate|is_tensor)$|^Tensor\.(dispose|constructor|wait|record_stream)$|from_file/;

/** All functions that may be called. */
export function targets(skipped: ReadonlySet<string>): [string, object, string][] {
  return [
    ...functions_of('torch', torch),
    ...functions_of('Tensor', Tensor.prototype),
    ...functions_of('torch.linalg', torch.linalg),
    ...functions_of('torch.fft', torch.fft),
    ...functions_of('torch.special', torch.special),
    ...functions_of('torch.nn.functional', torch.nn.functional),
  ].filter(([name, , key]) => !not_called.test(name) && !skipped.has(key));
}

const option_names = [
  'dim',
  'out',
  'dtype',
  'keepdim',
  'device',
  'layout',
  'size',
  'p',
  'reduction',
  'weight',
  'nonsense',
];

/** Arguments of any kind and number. */
function wild(dice: Dice): unknown[] {
  const args: unknown[] =
    dice.below(20) === 0
      ? Array<unknown>(dice.below(2000)).fill(value(dice))
      : Array.from({ length: dice.below(5) }, () => value(dice));
  if (dice.below(3) > 0) args.unshift(tensor(dice));
  if (dice.below(4) === 0)
    args.push(
      Object.fromEntries([
        [dice.pick(option_names), value(dice)],
        [dice.pick(option_names), value(dice)],
      ]),
    );
  return args;
}

/** The next call. */
export function random_call(dice: Dice, list: readonly [string, object, string][]): FuzzCall {
  const [name, space, key] = dice.pick(list);
  const method = name.startsWith('Tensor.');
  const schema = dice.below(4) === 0 ? undefined : dice.pick(schemas_of(name, key));
  const args = schema === undefined ? wild(dice) : fitting(dice, schema, method);
  const self = method ? fitting_tensor(dice) : space;
  const text = `${method ? `(${described(self)}).${key}` : name}(${args.map(described).join(', ')})`;
  return { text, run: () => ((space as Namespace)[key] as (...given: unknown[]) => unknown).apply(self, args) };
}
