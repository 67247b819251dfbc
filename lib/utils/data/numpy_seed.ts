/** The seed of numpy's generator in a worker: that of numpy's `SeedSequence` for the words of the seed and the number of the worker. */

const XSHIFT = 16;

/** Multiplies by a constant that changes with each word. */
function hasher(constant: number, multiplier: number): (word: number) => number {
  let current = constant;
  return (word) => {
    const mixed = word ^ current;
    current = Math.imul(current, multiplier);
    const product = Math.imul(mixed, current);
    return (product ^ (product >>> XSHIFT)) >>> 0;
  };
}

function mix(x: number, y: number): number {
  const difference = Math.imul(0xca01f9dd, x) - Math.imul(0x4973f715, y);
  return (difference ^ (difference >>> XSHIFT)) >>> 0;
}

/** Four words of 32 bits, as Python's DataLoader gives them to `np.random.seed`. */
export function numpy_seed(base_seed: bigint, worker_id: number): number[] {
  const entropy = [worker_id, Number(base_seed & 0xffffffffn), Number(base_seed >> 32n), 0];
  const hash = hasher(0x43b0d7e5, 0x931e8875);
  const pool = entropy.map(hash);
  for (let from = 0; from < pool.length; from++) {
    for (let to = 0; to < pool.length; to++) {
      if (from !== to) pool[to] = mix(pool[to]!, hash(pool[from]!));
    }
  }
  return pool.map(hasher(0x8b51f9dd, 0x58f38ded));
}
