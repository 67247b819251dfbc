/** The kernels of v2's functions against torchvision's, and kernels of classes of one's own. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import * as torch from 'torch-node';
import type { Tensor } from 'torch-node';
import { transforms, tv_tensors } from 'torch-node/vision';
import { describe, expect, it } from 'vitest';

import { root } from '../package_root.js';

// torchvision's values are from a processor on which MKL multiplies without AVX-512: with it, grids differ in the last bit.
process.env['MKL_ENABLE_INSTRUCTIONS'] = 'AVX2';

const { v2 } = transforms;
const F = v2.functional;

/** The same as in tests/reference/vision/kernels.py. */
function inputs(): Record<string, Tensor> {
  const { uint8 } = torch;
  torch.manual_seed(0);
  const boxes = torch.tensor([
    [2, 3, 20, 15],
    [10, 5, 39, 29],
  ]);
  const points = torch.tensor([
    [1, 2],
    [39, 29],
    [20.5, 10.25],
  ]);
  return {
    image: torch.randint(0, 256, [3, 12, 15], { dtype: uint8 }),
    float: torch.rand(3, 12, 15),
    video: torch.randint(0, 256, [2, 3, 9, 8], { dtype: uint8 }),
    mask: torch.randint(0, 3, [12, 15], { dtype: uint8 }),
    boxes: boxes.float(),
    points,
    displacement: torch.rand(1, 12, 15, 2).mul(0.2).sub(0.1),
    of_video: torch.rand(1, 9, 8, 2).mul(0.2).sub(0.1),
    of_boxes: torch.rand(1, 30, 40, 2).mul(0.2).sub(0.1),
    value: torch.tensor(7, { dtype: uint8 }),
    BoundingBoxes: new tv_tensors.BoundingBoxes(boxes.float(), { format: 'XYXY', canvas_size: [30, 40] }),
    KeyPoints: new tv_tensors.KeyPoints(points, { canvas_size: [30, 40] }),
  };
}

interface Case {
  readonly kernel: string;
  readonly args: unknown[];
  readonly options: Readonly<Record<string, unknown>>;
  readonly result: unknown;
}

const cases = readFileSync(join(root, 'tests', 'reference', 'vision', 'kernels_results.jsonl'), 'utf8')
  .trimEnd()
  .split('\n')
  .slice(1)
  .map((line) => JSON.parse(line) as Case);

interface Shown {
  readonly class: string;
  readonly dtype: string;
  readonly shape: number[];
  readonly sum: number;
  readonly values: number[];
}

/** A result in the form of the expected one; what is close enough is the expected number. */
function shown(value: unknown, expected: unknown): unknown {
  if (Array.isArray(expected)) return expected.map((each, i) => shown((value as unknown[])[i], each));
  if (typeof expected !== 'object') return value;
  const tensor = value as Tensor;
  const { sum, values } = expected as Shown;
  const flat = tensor.contiguous().flatten().double();
  const step = Math.max(Math.floor(flat.numel() / 12), 1);
  const near = (got: number, wanted: number): number =>
    Math.abs(got - wanted) <= 2e-5 * Math.max(1, Math.abs(wanted)) ? wanted : got;
  return {
    class: tensor.constructor.name,
    dtype: String(tensor.dtype),
    shape: [...tensor.shape],
    sum: near(flat.sum().item(), sum),
    values: values.map((wanted, i) => near(flat.index(i * step).item(), wanted)),
  };
}

const kernels = F as unknown as Record<string, (...args: unknown[]) => unknown>;

describe('kernels give what torchvision gives', () => {
  it.each(cases.map((each) => [`${each.kernel} ${JSON.stringify(each.args)}`, each] as const))('%s', (_name, each) => {
    const made = inputs();
    const argument = (value: unknown): unknown => {
      if (value === 'float32') return torch.float32;
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
      const { input, format } = value as { input?: string; format?: string };
      return input === undefined ? format : made[input];
    };
    const options = Object.fromEntries(Object.entries(each.options).map(([key, value]) => [key, argument(value)]));
    torch.manual_seed(1);
    const given = Object.keys(options).length > 0 ? [options] : [];
    const result = kernels[each.kernel]!(...each.args.map(argument), ...given);
    expect(shown(result, each.result)).toEqual(each.result);
  });

  it('take their input by torchvision’s name, and refuse others', () => {
    expect(F.crop_image({ image: torch.ones(1, 2, 2), top: 0, left: 0, height: 1, width: 1 }).shape).toEqual([1, 1, 1]);
    expect(() => kernels['crop_image']!({ inpt: torch.ones(1, 2, 2), top: 0 })).toThrow(
      "crop_image() got an unexpected keyword argument 'inpt'",
    );
    expect(() => kernels['resize_mask']!(3, [1, 1])).toThrow("resize_mask(): argument 'mask' must be Tensor, not int");
    expect(() => F.pad_bounding_boxes(torch.ones(1, 4), 'XYXY', [1], 2)).toThrow(
      'pad_bounding_boxes(): canvas_size must be (height, width)',
    );
    expect(F.pad_bounding_boxes.name).toBe('pad_bounding_boxes');
  });
});

describe('register_kernel', () => {
  class Depth extends tv_tensors.TVTensor {}
  class FineDepth extends Depth {}
  const depth = (): Depth => torch.tensor([[1, 2]]).as_subclass(Depth);
  const seen: unknown[] = [];

  it('runs the kernel for the class, and for those that extend it, in functions and transforms', () => {
    const flip = (inpt: Depth): Depth => tv_tensors.wrap(inpt.flip(-1), { like: inpt });
    expect(F.register_kernel('hflip', Depth)(flip)).toBe(flip);
    expect(String(F.horizontal_flip(depth()))).toBe('Depth([[2, 1]])');
    expect(String(new v2.RandomHorizontalFlip(1)(depth()))).toBe('Depth([[2, 1]])');
    expect(String(F.hflip(torch.tensor([[1, 2]]).as_subclass(FineDepth)))).toBe('FineDepth([[2, 1]])');
    const other = depth();
    expect(F.vertical_flip(other)).toBe(other);
  });

  it('gives the kernel the other arguments by name', () => {
    F.register_kernel(
      F.resize,
      Depth,
    )((inpt: Depth, given: object) => {
      seen.push(given);
      return inpt;
    });
    F.resize(depth(), [3, 4], { max_size: null });
    new v2.Resize([3, 4], 'nearest')(depth());
    expect(seen).toEqual([
      { size: [3, 4], interpolation: 'bilinear', max_size: null, antialias: true },
      { size: [3, 4], interpolation: 'nearest', max_size: null, antialias: true },
    ]);
  });

  it.each([
    ['functions of no such name', () => F.register_kernel('hop', Depth), "Could not find functional with name 'hop'"],
    ['functions from elsewhere', () => F.register_kernel(Math.sin, Depth), 'but got <function sin>'],
    [
      'classes of tv_tensors',
      () => F.register_kernel('hflip', tv_tensors.Mask),
      'Kernels cannot be registered for the builtin tv_tensor classes, but got Mask',
    ],
    [
      'other classes',
      () => F.register_kernel('hflip', torch.Tensor as unknown as typeof Depth),
      'Kernels can only be registered for subclasses of torchvision.tv_tensors.TVTensor, but got Tensor',
    ],
    [
      'what is no function',
      () => F.register_kernel('vflip', Depth)(5 as never),
      'register_kernel(): the kernel must be a function, not int',
    ],
    [
      'a second kernel',
      () => F.register_kernel('hflip', Depth)((inpt: Depth) => inpt),
      'Functional horizontal_flip already has a kernel registered for type Depth.',
    ],
  ])('refuses %s', (_name, call, message) => {
    expect(call).toThrow(message);
  });
});
