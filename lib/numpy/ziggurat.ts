/**
 * Normal numbers by the ziggurat method of Marsaglia and Tsang, with 256 layers of equal area, as numpy's `Generator` draws them. The
 * edges of the layers are computed with integers of 192 bits at the first draw (some milliseconds), so that their last bits are right.
 */
import { exp, log1p } from '../python/math.js';

/** What the method draws from. */
interface Bits {
  long(): bigint;
  float(): number;
}

/** Where the tail begins, and the area of each layer, as decimal digits. */
const TAIL = '36541528853610087963519472518';
const TAIL_POINT = 28;
const AREA = '00492867323397465493159091343184714888330530309356809813537150';
const LAYERS = 256;
const BITS = 192n;
const ONE = 1n << BITS;

const fixed = (digits: string, point: number): bigint => (BigInt(digits) << BITS) / 10n ** BigInt(point);
const times = (a: bigint, b: bigint): bigint => (a * b) >> BITS;
const over = (a: bigint, b: bigint): bigint => (a << BITS) / b;

/** The nearest double. */
function double(a: bigint): number {
  const kept = BigInt(Math.max(a.toString(2).length - 64, 0));
  // 64 bits and a sticky one: the conversion rounds once.
  const sticky = (a & ((1n << kept) - 1n)) === 0n ? 0n : 1n;
  return Number(((a >> kept) << 1n) | sticky) * 2 ** (Number(kept - BITS) - 1);
}

function square_root(a: bigint): bigint {
  const wide = a << BITS;
  let root = 1n << BigInt((wide.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (root + wide / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/** exp(-a). */
function decay(a: bigint): bigint {
  const small = a >> 8n;
  let [sum, term] = [ONE, ONE];
  for (let k = 1n; term !== 0n; k++) {
    term = -times(term, small) / k;
    sum += term;
  }
  for (let k = 0; k < 8; k++) sum = times(sum, sum);
  return sum;
}

/** -log(a) of a number below one, from that of doubles. */
function negative_log(a: bigint): bigint {
  let result = BigInt(Math.round(-Math.log(double(a)) * 2 ** 50)) << (BITS - 50n);
  // Each step triples the number of digits.
  for (let k = 0; k < 3; k++) {
    const power = decay(result);
    result += 2n * over(power - a, power + a);
  }
  return result;
}

/**
 * numpy's table of edges was made with doubles, each from the one before: how far each is from the right one, in units of the last place,
 * as found from what numpy draws.
 */
const OFF = `
-9 -130 -40 -33 -28 -26 -26 -22 -22 -11 -10 -9 -8 -8 -8 -8 -8 -9 -8 -8 -9 -9 -9 -10 -9 -8 -8 -7 -8 -8 -8 -7 -8 -8 -7
-7 -8 -8 -6 -6 -6 -5 -5 -6 -5 -6 -5 -5 -5 -5 -6 -6 -3 -4 -4 -4 -4 -4 -4 -4 -3 -4 -3 -3 -3 -3 -4 -3 -4 -3 -3 -4 -3 -2
-2 -3 -3 -3 -4 -3 -3 -3 -3 -3 -3 -3 -2 -2 -2 -2 -2 -1 -1 -1 -1 -1 -2 -2 -1 -2 -2 -2 -2 -2 -1 -2 -2 -2 -2 -2 -3 -3 -3
-2 -2 -2 -1 -1 -2 -2 -2 -2 -1 -1 -1 -1 -1 -2 -2 -2 -1 -1 -2 -2 -2 -2 -2 -2 -2 -2 -3 -4 -4 -4 -3 -3 -3 -3 -2 -2 -2 -1
-1 -1 -1 -1 0 0 0 0 0 -1 -1 0 -1 0 -1 -1 -1 0 0 0 1 2 3 3 3 2 2 1 0 0 0 0 0 0 0 0 -1 0 0 0 0 0 0 -1 -1 -1 -1 -1 -2
-1 -2 -2 -2 -2 -2 -2 -1 -1 -1 -1 -1 0 -1 -1 -1 0 0 0 -1 -1 0 0 0 0 0 0 -1 0 0 -1 0 -1 -1 -1 -1 -1 -1 -1 -1 0 1 0 1 1
1 1 1 1 0 0 0 1 1 0
`
  .trim()
  .split(/\s/)
  .map(Number);

/** The double that is some units of the last place away. */
function off_by(value: number, units: number): number {
  const double_of = new Float64Array([value]);
  new BigInt64Array(double_of.buffer)[0]! += BigInt(units);
  return double_of[0]!;
}

interface Layers {
  /** What a number of 52 bits is multiplied with. */
  readonly width: Float64Array;
  /** Below it, the product is inside the layer. */
  readonly inside: Float64Array;
  /** The density at the edge. */
  readonly height: Float64Array;
}

function made(): Layers {
  const [width, inside, height] = [0, 1, 2].map(() => new Float64Array(LAYERS)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const density = (x: bigint): bigint => decay(times(x, x) >> 1n);
  const area = fixed(AREA, AREA.length);
  let edge = fixed(TAIL, TAIL_POINT);
  const share = (part: bigint, whole: bigint): number => Number((part << 52n) / whole);
  const base = over(area, density(edge));
  inside[0] = share(edge, base);
  width[0] = double(base) / 2 ** 52;
  width[LAYERS - 1] = double(edge) / 2 ** 52;
  height[0] = 1;
  height[LAYERS - 1] = double(density(edge));
  for (let i = LAYERS - 2; i >= 1; i--) {
    const next = square_root(2n * negative_log(over(area, edge) + density(edge)));
    inside[i + 1] = share(next, edge);
    width[i] = double(next) / 2 ** 52;
    height[i] = double(density(next));
    edge = next;
  }
  return { width: width.map((value, i) => off_by(value, OFF[i]!)), inside, height };
}

let layers: Layers | undefined;
const tail = 3.6541528853610087963519472518;
const inverse_tail = 0.27366123732975827203338247596;

/** A number of the standard normal distribution. */
export function normal_number(bits: Bits): number {
  const { width, inside, height } = (layers ??= made());
  for (;;) {
    const long = bits.long();
    const layer = Number(long & 0xffn);
    const negative = ((long >> 8n) & 1n) === 1n;
    const steps = (long >> 9n) & 0xfffffffffffffn;
    const distance = Number(steps) * width[layer]!;
    const x = negative ? -distance : distance;
    if (Number(steps) < inside[layer]!) return x;
    if (layer === 0) {
      for (;;) {
        const beyond = -inverse_tail * log1p(-bits.float());
        const y = -log1p(-bits.float());
        if (y + y > beyond * beyond) return ((steps >> 8n) & 1n) === 1n ? -(tail + beyond) : tail + beyond;
      }
    }
    if ((height[layer - 1]! - height[layer]!) * bits.float() + height[layer]! < exp(-0.5 * x * x)) return x;
  }
}
