/** The cases of tests/reference/vision/, with what torchvision makes of them. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import * as torch from 'torch-node';
import type { Tensor } from 'torch-node';
import { random } from 'torch-node/python';
import * as vision from 'torch-node/vision';

import './rounding.js';

const folder = join(dirname(fileURLToPath(import.meta.url)), '..', 'reference', 'vision');

export interface Case {
  readonly function?: string;
  readonly class?: string;
  readonly image: string;
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly seed?: number;
  readonly times?: number;
}

export interface Expected {
  readonly result: unknown;
  readonly text?: string;
  readonly next?: number;
}

const lines = (name: string): unknown[] =>
  readFileSync(join(folder, name), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);

/** Cases with their results, by the function or class. */
export function cases_of(name: string): Map<string, [Case, Expected][]> {
  const expected = lines(`${name}_results.jsonl`).slice(1) as Expected[];
  const by_callee = new Map<string, [Case, Expected][]>();
  for (const [i, each] of (lines(`${name}_cases.jsonl`) as Case[]).entries()) {
    const callee = (each.function ?? each.class)!;
    by_callee.set(callee, [...(by_callee.get(callee) ?? []), [each, expected[i]!]]);
  }
  return by_callee;
}

/** The same as in tests/reference/vision/transforms.py. */
function make_images(): Record<string, Tensor> {
  const { uint8, int16, float64, int64 } = torch;
  torch.manual_seed(0);
  return {
    rgb: torch.randint(0, 256, [3, 11, 13], { dtype: uint8 }),
    gray: torch.randint(0, 256, [1, 9, 8], { dtype: uint8 }),
    batch: torch.randint(0, 256, [2, 3, 8, 7], { dtype: uint8 }),
    float: torch.rand(3, 10, 12),
    float64: torch.rand(3, 10, 12, { dtype: float64 }),
    int16: torch.randint(0, 32768, [3, 7, 9], { dtype: int16 }),
    int64: torch.randint(0, 2 ** 50, [3, 3, 3], { dtype: int64 }),
    dark: torch.randint(10, 90, [3, 40, 40], { dtype: uint8 }),
    flat: torch.full([3, 6, 6], 77, { dtype: uint8 }),
    primary: torch.tensor([0, 100, 255], { dtype: uint8 }).index(torch.arange(81).view(3, 3, 9).remainder(3)),
    large: torch.randint(0, 256, [3, 40, 48], { dtype: uint8 }),
  };
}

const images = make_images();

const image_of = ({ image }: Case): Tensor => images[image]!.clone();

function displacement(image: Tensor, size: number): Tensor {
  const [height, width] = image.shape.slice(-2) as [number, number];
  const values = torch.arange(height * width * 2, { dtype: torch.float32 }).view(1, height, width, 2);
  return values.mul(0.7).sin().mul(size);
}

type Constructor = new (...args: unknown[]) => (image: Tensor) => unknown;
const loose = vision.transforms as unknown as Record<string, Constructor> & Record<string, object>;

/** An argument as it is in JSON. */
function argument(value: unknown, image: Tensor): unknown {
  if (Array.isArray(value)) return value.map((each) => argument(each, image));
  if (typeof value !== 'object' || value === null) return value;
  const [[kind, inside]] = Object.entries(value) as [[string, never]];
  switch (kind) {
    case 'mode':
      return vision.transforms.InterpolationMode[inside];
    case 'policy':
      return (loose['AutoAugmentPolicy'] as unknown as Record<string, unknown>)[inside];
    case 'tensor':
      return torch.tensor(inside);
    case 'dtype':
      return torch[inside];
    case 'displacement':
      return displacement(image, inside);
    case 'tuple':
      return inside;
    default: {
      const [name, ...args] = inside as [string, ...unknown[]];
      return new loose[name]!(...args.map((each) => argument(each, image)));
    }
  }
}

interface Shown {
  readonly dtype: string;
  readonly shape: number[];
  readonly bytes?: string;
  readonly values?: (number | string)[];
  readonly sum?: number | string;
}

const close = (a: number, b: number | string): boolean =>
  typeof b === 'string'
    ? (Number.isNaN(a) ? 'nan' : a > 0 ? 'inf' : '-inf') === b && !Number.isFinite(a)
    : Object.is(a, b) || Math.abs(a - b) <= 1e-5 * Math.max(1, Math.abs(a), Math.abs(b));

/** How a result differs from the expected one; undefined when it does not. */
function difference(got: unknown, expected: unknown): string | undefined {
  if (Array.isArray(expected)) {
    if (!Array.isArray(got) || got.length !== expected.length) return `${String(got)} instead of a list`;
    return expected.map((each, i) => difference(got[i], each)).find((text) => text !== undefined);
  }
  if (typeof expected !== 'object' || expected === null) {
    return got === expected ? undefined : `${String(got)} instead of ${String(expected)}`;
  }
  const { dtype, shape, bytes, values, sum } = expected as Shown;
  if (!torch.is_tensor(got)) return `${String(got)} instead of a tensor`;
  if (String(got.dtype) !== dtype) return `${String(got.dtype)} instead of ${dtype}`;
  if (String([...got.shape]) !== String(shape))
    return `shape [${String([...got.shape])}] instead of [${String(shape)}]`;
  const flat = got.contiguous().flatten();
  if (bytes !== undefined) {
    const wanted = Buffer.from(bytes, 'base64');
    const differ = [...wanted].flatMap((byte, i) => {
      const own = flat.index(i).item<number>();
      return own === byte ? [] : [[i, own, byte]];
    });
    return differ.length === 0
      ? undefined
      : `${differ.length} of ${wanted.length} bytes differ: ${JSON.stringify(differ.slice(0, 3))}`;
  }
  const step = Math.max(Math.floor(flat.numel() / 12), 1);
  const every = [...values!.keys()].map((i) =>
    flat
      .index(i * step)
      .to(torch.float64)
      .item<number>(),
  );
  const wrong = every.findIndex((value, i) => !close(value, values![i]!));
  if (wrong !== -1) return `element ${wrong * step} is ${every[wrong]} instead of ${values![wrong]}`;
  const total = flat.to(torch.float64).sum().item<number>();
  return close(total, sum!) ? undefined : `the sum is ${total} instead of ${sum}`;
}

/** The arguments of a case: those by position, then those by name. */
function arguments_of(each: Case, image: Tensor): unknown[] {
  const args = each.args.map((value) => argument(value, image));
  const named = Object.entries(each.kwargs).map(([key, value]) => [key, argument(value, image)]);
  return named.length > 0 ? [...args, Object.fromEntries(named)] : args;
}

const functions = vision.transforms.functional as unknown as Record<string, (...args: unknown[]) => unknown>;

/** What differs in the results of a function. */
export function function_differences(name: string, cases: readonly [Case, Expected][]): string[] {
  return cases.flatMap(([each, { result }]) => {
    const image = image_of(each);
    let text: string | undefined;
    try {
      text = difference(functions[name]!(image, ...arguments_of(each, image)), result);
    } catch (error) {
      text = String(error);
    }
    return text === undefined ? [] : [`${JSON.stringify(each)}: ${text}`];
  });
}

/** What differs in the text, the results and the random numbers of a class. */
export function class_differences(name: string, cases: readonly [Case, Expected][]): string[] {
  return cases.flatMap(([each, expected]) => {
    const image = image_of(each);
    const texts: string[] = [];
    try {
      const transform = new loose[name]!(...arguments_of(each, image));
      if (String(transform) !== expected.text) texts.push(`prints ${String(transform)} instead of ${expected.text}`);
      torch.manual_seed(each.seed!);
      random.seed(each.seed!);
      const results = (expected.result as unknown[]).map(() => transform(image));
      results.forEach((result, i) => {
        const text = difference(result, (expected.result as unknown[])[i]);
        if (text !== undefined) texts.push(`call ${i}: ${text}`);
      });
      const next = torch.rand(1).item<number>();
      if (next !== expected.next) texts.push(`draws other numbers: ${next} instead of ${expected.next}`);
    } catch (error) {
      texts.push(String((error as Error).stack).slice(0, 300));
    }
    return texts.map((text) => `${JSON.stringify(each)}: ${text}`);
  });
}
