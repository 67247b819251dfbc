/** Sequences that fill a cube evenly: `torch.quasirandom`. */
import { arange, cat, mv, pow, randint, zeros } from './generated/functions.js';
import {
  _sobol_engine_draw,
  _sobol_engine_ff_,
  _sobol_engine_initialize_state_,
  _sobol_engine_scramble_,
} from './generated/functions.js';
import { method_signature, no_arguments, signature, type Arguments } from './_internal/signature.js';
import { Generator } from './random.js';
import { get_default_dtype, int64, type DType } from './types/dtype.js';
import type { Tensor } from './_tensor.js';

const MAXBIT = 30;
const MAXDIM = 21201;

interface EngineArguments {
  dimension: number;
  scramble?: boolean;
  seed?: number | bigint | null;
}
const ENGINE = signature<EngineArguments>('SobolEngine', 'dimension: int, scramble?: bool, seed?: int|None');

interface DrawOptions {
  /** The tensor to write into; it is resized. Default null. */
  out?: Tensor | null;
  /** The dtype of the points. Default null: the default dtype. */
  dtype?: DType | null;
}
const DRAW = method_signature<DrawOptions & { n?: number }>(
  'SobolEngine.draw',
  'n?: int, out?: Tensor|None, dtype?: dtype|None',
);
const DRAW_BASE2 = method_signature<DrawOptions & { m: number }>(
  'SobolEngine.draw_base2',
  'm: int, out?: Tensor|None, dtype?: dtype|None',
);
const FAST_FORWARD = method_signature<{ n: number }>('SobolEngine.fast_forward', 'n: int');

/**
 * A generator of Sobol sequences, also scrambled ones: points that fill the unit cube more evenly than random ones, for up to 21201
 * dimensions. Mirrors `torch.quasirandom.SobolEngine`.
 *
 * @param dimension - the number of dimensions, from 1 to 21201
 * @param scramble - whether the sequence is scrambled; default false
 * @param seed - the seed of the scrambling; default null, that of the default generator
 * @throws Error for another number of dimensions
 * @example
 * ```ts
 * const engine = new torch.quasirandom.SobolEngine(2);
 * print(engine.draw(3));
 * print(engine, new torch.quasirandom.SobolEngine(2, { scramble: true, seed: 5 }).draw(2));
 * ```
 * ```python
 * engine = torch.quasirandom.SobolEngine(2)
 * print(engine.draw(3))
 * print(engine, torch.quasirandom.SobolEngine(2, scramble=True, seed=5).draw(2))
 * ```
 */
export class SobolEngine {
  static readonly MAXBIT = MAXBIT;
  static readonly MAXDIM = MAXDIM;

  readonly dimension: number;
  readonly scramble: boolean;
  readonly seed: number | bigint | null;
  /** The direction numbers. */
  readonly sobolstate: Tensor;
  /** What the scrambling adds. */
  readonly shift: Tensor;
  /** The integers of the last point. */
  quasi: Tensor;
  /** How many points have been drawn. */
  num_generated = 0;
  private readonly first_point: Tensor;

  constructor(
    ...args: Arguments<
      [dimension: number, scramble?: boolean, seed?: number | bigint | null],
      EngineArguments,
      ['dimension', 'scramble', 'seed']
    >
  );
  constructor(...args: unknown[]) {
    const { dimension, scramble = false, seed = null } = ENGINE.read(args);
    if (dimension > MAXDIM || dimension < 1) {
      throw new Error(`Supported range of dimensionality for SobolEngine is [1, ${MAXDIM}]`);
    }
    this.dimension = dimension;
    this.scramble = scramble;
    this.seed = seed;
    const on_cpu = { dtype: int64, device: 'cpu' } as const;
    this.sobolstate = zeros([dimension, MAXBIT], on_cpu);
    _sobol_engine_initialize_state_(this.sobolstate, dimension);
    this.shift = scramble ? this.scrambled() : zeros([dimension], on_cpu);
    this.quasi = this.shift.clone();
    this.first_point = this.quasi.div(2 ** MAXBIT).reshape([1, -1]);
  }

  /** Scrambles the direction numbers. @returns what is added to them */
  private scrambled(): Tensor {
    const { dimension, seed } = this;
    const generator = seed === null ? null : new Generator().manual_seed(seed);
    const bits = (shape: number[]): Tensor => randint(0, 2, shape, { dtype: int64, device: 'cpu', generator });
    const shift = mv(bits([dimension, MAXBIT]), pow(2, arange(0, MAXBIT, { device: 'cpu' })) as Tensor);
    _sobol_engine_scramble_(this.sobolstate, bits([dimension, MAXBIT, MAXBIT]).tril(), dimension);
    return shift;
  }

  /**
   * The next `n` points. Mirrors `SobolEngine.draw`.
   * @param n - how many; default 1
   * @param out - the tensor to write into; default null
   * @param dtype - the dtype of the points; default null, the default dtype
   * @returns of shape `(n, dimension)`
   */
  draw(
    ...args: Arguments<
      [n?: number, out?: Tensor | null, dtype?: DType | null],
      DrawOptions & { n?: number },
      ['n', 'out', 'dtype']
    >
  ): Tensor;
  draw(...args: unknown[]): Tensor {
    const { n = 1, out = null, dtype } = DRAW.read(args);
    const points = this.next_points(n, dtype ?? get_default_dtype());
    this.num_generated += n;
    return out === null ? points : out.resize_as_(points).copy_(points);
  }

  /** The points after those drawn; the first one of all is kept apart. */
  private next_points(n: number, dtype: DType): Tensor {
    const drawn = (count: number, from: number): Tensor => {
      const [points, quasi] = _sobol_engine_draw(this.quasi, count, this.sobolstate, this.dimension, from, dtype);
      this.quasi = quasi;
      return points;
    };
    if (this.num_generated > 0) return drawn(n, this.num_generated - 1);
    const first = this.first_point.to(dtype);
    return n === 1 ? first : cat([first, drawn(n - 1, 0)], -2);
  }

  /**
   * The next `2 ** m` points. Mirrors `SobolEngine.draw_base2`.
   * @param m - the exponent
   * @param out - the tensor to write into; default null
   * @param dtype - the dtype of the points; default null, the default dtype
   * @throws Error when the number of points drawn so far would not be a power of two
   */
  draw_base2(
    ...args: Arguments<
      [m: number, out?: Tensor | null, dtype?: DType | null],
      DrawOptions & { m: number },
      ['m', 'out', 'dtype']
    >
  ): Tensor;
  draw_base2(...args: unknown[]): Tensor {
    const { m, out = null, dtype = null } = DRAW_BASE2.read(args);
    const n = 2 ** m;
    const total = this.num_generated + n;
    if (!Number.isInteger(Math.log2(total))) {
      throw new Error(
        "The balance properties of Sobol' points require n to be a power of 2. " +
          `${this.num_generated} points have been previously generated, then: n=${this.num_generated}+2**${m}=${total}. ` +
          "If you still want to do this, please use 'SobolEngine.draw()' instead.",
      );
    }
    return this.draw(n, out, dtype);
  }

  /** Begins again with the first point. Mirrors `SobolEngine.reset`. @returns this */
  reset(): this;
  reset(...none: unknown[]): this {
    no_arguments('SobolEngine.reset', none);
    this.quasi.copy_(this.shift);
    this.num_generated = 0;
    return this;
  }

  /** Leaves out the next `n` points. Mirrors `SobolEngine.fast_forward`. @returns this */
  fast_forward(n: number): this;
  fast_forward(options: { n: number }): this;
  fast_forward(...args: unknown[]): this {
    const { n } = FAST_FORWARD.read(args);
    const { quasi, sobolstate, dimension, num_generated } = this;
    if (num_generated === 0) _sobol_engine_ff_(quasi, n - 1, sobolstate, dimension, 0);
    else _sobol_engine_ff_(quasi, n, sobolstate, dimension, num_generated - 1);
    this.num_generated += n;
    return this;
  }

  toString(): string {
    const { dimension, scramble, seed } = this;
    const parts = [`dimension=${dimension}`];
    if (scramble) parts.push('scramble=True');
    if (seed !== null) parts.push(`seed=${seed}`);
    return `SobolEngine(${parts.join(', ')})`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}
