// What worker_data.mjs exports, which is JavaScript, since workers load it without a compiler.
import type { Tensor, utils } from 'torch-node';

export class Noise extends utils.data.Dataset<[Tensor, number, number, number]> {
  constructor(length: unknown);
  readonly length: number;
  get(index: number): [Tensor, number, number, number];
}

export class Shards extends utils.data.IterableDataset<number> {
  constructor(n: number);
  n: number;
  readonly length: number;
  [Symbol.iterator](): Iterator<number>;
}

export class Failing extends utils.data.Dataset<number> {
  constructor(how: unknown);
  readonly length: number;
  get(index: number): number;
}

export class Point {
  constructor(x: number);
}

export class Holder extends utils.data.Dataset<number> {
  constructor(fields: Record<string, unknown>);
  self: unknown;
  readonly length: number;
  get(index: number): number;
}

export function described(items: unknown): unknown;
export function note_start(worker_id: number): void;
export function with_start(items: unknown): unknown;
export function fail_at_start(worker_id: number): never;
