/** Transforms v2 against what tests/reference/vision/v2.py has written of torchvision's. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import * as torch from 'torch-node';
import type { Tensor } from 'torch-node';
import { transforms, tv_tensors } from 'torch-node/vision';

import { root } from '../package_root.js';
import './rounding.js';

const { v2 } = transforms;

/** A transform, with what Python found for each sample. */
export interface V2Case {
  readonly class: string;
  readonly args: unknown[];
  readonly options: Readonly<Record<string, unknown>>;
  readonly seed: number;
  readonly text: string;
  readonly results: Readonly<Record<string, [unknown[], number]>>;
}

const folder = join(root, 'tests', 'reference', 'vision');
/** All transforms, in the order of the files. */
export const cases: readonly V2Case[] = ['v2_results.jsonl', 'v2_more_results.jsonl', 'v2_rest_results.jsonl'].flatMap(
  (file) =>
    readFileSync(join(folder, file), 'utf8')
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => JSON.parse(line) as V2Case),
);

/** The same as in tests/reference/vision/v2.py. */
function make_samples(): Record<string, unknown> {
  const { uint8, float32, int64 } = torch;
  torch.manual_seed(0);
  const made: Record<string, unknown> = {
    plain: torch.randint(0, 256, [3, 12, 15], { dtype: uint8 }),
    float: torch.rand(3, 12, 15),
    video: new tv_tensors.Video(torch.randint(0, 256, [2, 3, 9, 8], { dtype: uint8 })),
  };
  const image = torch.randint(0, 256, [3, 30, 40], { dtype: uint8 });
  const masks = torch.randint(0, 3, [4, 30, 40], { dtype: uint8 });
  const places = [
    [2, 3, 20, 15],
    [10, 5, 39, 29],
    [5, 25, 5, 28],
    [30, 20, 36, 28],
  ];
  const sizes = [
    [2, 3, 18, 12],
    [10, 5, 29, 24],
    [5, 25, 0, 3],
    [30, 20, 6, 8],
  ];
  for (const [name, values, dtype] of [
    ['XYXY', places, float32],
    ['XYWH', sizes, float32],
    ['CXCYWH', sizes, int64],
  ] as const) {
    made[name] = {
      image: new tv_tensors.Image(image),
      boxes: new tv_tensors.BoundingBoxes(values, { format: name, canvas_size: [30, 40], dtype }),
      masks: new tv_tensors.Mask(masks),
      points: new tv_tensors.KeyPoints(
        [
          [1, 2],
          [39, 29],
          [20.5, 10.25],
        ],
        { canvas_size: [30, 40] },
      ),
      labels: torch.tensor([1, 2, 3, 4]),
    };
  }
  const batch = torch.rand(4, 3, 6, 7);
  made['batch'] = [batch, torch.tensor([0, 2, 1, 2])];
  made['shares'] = [new tv_tensors.Image(batch), torch.rand(4, 3)];
  return made;
}

type Call = (...inputs: unknown[]) => unknown;
const classes = v2 as unknown as Record<string, new (...args: unknown[]) => Call>;

function argument(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(argument);
  if (typeof value !== 'object' || value === null) return value;
  const [[kind, inside]] = Object.entries(value) as [[string, never]];
  if (kind === 'mode') return v2.InterpolationMode[inside];
  if (kind === 'dtype') return torch[inside];
  if (kind === 'policy') return v2.AutoAugmentPolicy[inside];
  if (kind === 'matrix') return torch.eye(inside).mul(2).add(torch.eye(inside).flip(0).mul(0.5));
  if (kind === 'ramp') return torch.linspace(-1, 1, inside);
  const [name, ...args] = inside as [string, ...unknown[]];
  return new classes[name]!(...args.map(argument));
}

interface Shown {
  readonly class: string;
  readonly dtype: string;
  readonly shape: number[];
  readonly metadata?: string;
  readonly sum: number;
  readonly bytes?: string;
  readonly values?: number[];
}

/** A result in the form of the expected one. */
function shown(value: unknown, expected: unknown): unknown {
  if (Array.isArray(expected)) return expected.map((each, i) => shown((value as unknown[])[i], each));
  if (!('class' in (expected as object))) {
    return Object.fromEntries(
      Object.entries(expected as object).map(([key, each]) => [
        key,
        shown((value as Record<string, unknown>)[key], each),
      ]),
    );
  }
  const tensor = value as Tensor;
  const { metadata, bytes, values, sum } = expected as Shown;
  const flat = tensor.contiguous().flatten();
  const own: Record<string, unknown> = {
    class: tensor.constructor.name,
    dtype: String(tensor.dtype),
    shape: [...tensor.shape],
  };
  if (metadata !== undefined) own['metadata'] = /\][^\]]*$/.exec(String(tensor))![0].slice(1);
  if (bytes !== undefined) {
    const weights = torch.arange(flat.numel()).remainder(1009).add(1);
    own['sum'] = flat.to(torch.int64).mul(weights).sum().item();
    own['bytes'] = Buffer.from(flat.narrow(0, 0, Math.min(24, flat.numel())).tolist() as number[]).toString('base64');
    return own;
  }
  const step = Math.max(Math.floor(flat.numel() / 16), 1);
  own['values'] = values!.map((wanted, i) => {
    const got = flat
      .index(i * step)
      .to(torch.float64)
      .item<number>();
    return Math.abs(got - wanted) <= 2e-6 * Math.max(1, Math.abs(wanted)) ? wanted : got;
  });
  const total = flat.to(torch.float64).sum().item<number>();
  own['sum'] = Math.abs(total - sum) <= 1e-5 * Math.max(1, Math.abs(sum)) ? sum : total;
  return own;
}

const as_tuples = (text: string): string => text.replaceAll('(', '[').replaceAll(')', ']');

/** What differs in the text, the results and the random numbers of a transform. */
export function v2_differences(each: V2Case): string[] {
  const problems: string[] = [];
  const compare = (what: string, found: unknown, expected: unknown): void => {
    const [ours, theirs] = [JSON.stringify(found), JSON.stringify(expected)];
    if (ours !== theirs) problems.push(`${what}: ${ours} instead of ${theirs}`);
  };
  const options = Object.fromEntries(Object.entries(each.options).map(([key, value]) => [key, argument(value)]));
  const transform = new classes[each.class]!(
    ...each.args.map(argument),
    ...(Object.keys(options).length > 0 ? [options] : []),
  );
  compare('text', as_tuples(String(transform)), as_tuples(each.text));
  const samples = make_samples();
  for (const [which, [expected, next]] of Object.entries(each.results)) {
    const sample = samples[which];
    torch.manual_seed(each.seed);
    const results = expected.map(() =>
      Array.isArray(sample) ? transform(...(sample as unknown[])) : transform(sample),
    );
    for (const [i, result] of results.entries()) {
      compare(`${which} ${i}`, in_order(shown(result, expected[i])), in_order(expected[i]));
    }
    compare(`${which}: the next random number`, torch.rand(1).item(), next);
  }
  return problems;
}

/** A value whose keys are sorted. */
function in_order(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(in_order);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, in_order(each)]),
  );
}
