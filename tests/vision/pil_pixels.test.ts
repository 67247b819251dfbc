/** Colors and places of images that stand for those of PIL, against torchvision with images of PIL: bytes are equal. */
import * as torch from 'torch-node';
import type { Tensor } from 'torch-node';
import { datasets, transforms } from 'torch-node/vision';
import { describe, expect, it } from 'vitest';

import { cases_in, digest, image, mode_named, noise, type Found } from './pil_images.js';

const { v2, AutoAugmentPolicy } = transforms;
const cubic = transforms.InterpolationMode.BICUBIC;

interface CallCase {
  readonly image: [height: number, width: number, channels: number, kind?: string];
  readonly call: string;
  readonly given: Record<string, unknown>;
  readonly found: Found | string;
  readonly libraries: readonly ('v1' | 'v2')[];
}
interface ClassCase {
  readonly class: string;
  readonly given: Record<string, unknown>;
  readonly library: 'v1' | 'v2';
  readonly found: Found[];
}
const cases = cases_in<CallCase | ClassCase>('pil_pixels_results.jsonl');
const calls = cases.filter((each): each is CallCase => 'call' in each);
const classes = cases.filter((each): each is ClassCase => 'class' in each);

/** Arguments of JSON, where modes and policies are named. */
function arguments_of({ interpolation, policy, ...others }: Record<string, unknown>): Record<string, unknown> {
  const made: Record<string, unknown> = others;
  if (interpolation !== undefined) made['interpolation'] = mode_named(interpolation as string);
  if (policy !== undefined) {
    made['policy'] = Object.values(AutoAugmentPolicy).find((each: { value?: string }) => each.value === policy);
  }
  return made;
}

type Named = Record<string, (given: object) => Tensor>;
const functions = { v1: transforms.functional, v2: v2.functional } as unknown as Record<'v1' | 'v2', Named>;

function result_of(run: () => Tensor): Found | string {
  try {
    return digest(run());
  } catch (error) {
    return (error as Error).message;
  }
}

describe('functions', () => {
  const names = [...new Set(calls.map((each) => each.call))];
  it.each(names)('%s', (name) => {
    for (const { image: of, call, given, found, libraries } of calls.filter((each) => each.call === name)) {
      for (const library of libraries) {
        const img = image(...of);
        const before = digest(img);
        const run = functions[library][call]!;
        const result = result_of(() => run({ [library === 'v1' ? 'img' : 'inpt']: img, ...arguments_of(given) }));
        expect(result, `${library} ${call} of ${of} ${JSON.stringify(given)}`).toEqual(found);
        expect(digest(img)).toEqual(before);
      }
    }
  });
  it('are many', () => {
    expect(names.length).toBeGreaterThan(20);
    expect(calls.length).toBeGreaterThan(1500);
  });
});

type Constructors = Record<string, new (...given: object[]) => (img: Tensor) => Tensor>;
const libraries = { v1: transforms, v2 } as unknown as Record<'v1' | 'v2', Constructors>;

describe('classes, with what they draw', () => {
  it.each(classes)('$library $class $given', ({ class: name, given, library, found }) => {
    torch.manual_seed(7);
    const transform = new libraries[library][name]!(...(Object.keys(given).length > 0 ? [arguments_of(given)] : []));
    expect(found.map(() => digest(transform(image(50, 70, 3, 'dim'))))).toEqual(found);
  });
});

describe('images without a dimension of channels, as of MNIST', () => {
  const flat = (): Tensor => image(20, 30, 1).squeeze_(0);
  const names = ['invert', 'autocontrast', 'equalize', 'hflip', 'vflip', 'rgb_to_grayscale'];
  const given: Record<string, object> = {
    adjust_brightness: { brightness_factor: 1.5 },
    adjust_contrast: { contrast_factor: 1.5 },
    adjust_hue: { hue_factor: 0.2 },
    rotate: { angle: 30 },
    affine: { angle: 3, translate: [1, 2], scale: 1.5, shear: 3 },
    elastic: { displacement: torch.zeros(1, 20, 30, 2) },
    gaussian_blur: { kernel_size: 3 },
    resize: { size: [7, 9] },
    pad: { padding: 3 },
    ...Object.fromEntries(names.map((name) => [name, {}])),
  };
  it.each(Object.keys(given))('%s', (name) => {
    const run = functions.v2[name === 'hflip' ? 'horizontal_flip' : name === 'vflip' ? 'vertical_flip' : name]!;
    const found = run({ inpt: flat(), ...given[name] });
    expect(found.dim()).toBe(2);
    expect(digest(found)).toEqual(digest(run({ inpt: image(20, 30, 1), ...given[name] })));
    // It stands for an image of PIL: others are not rotated so.
    expect(() => transforms.functional.rotate(found, 10, { interpolation: cubic })).not.toThrow();
  });
});

describe('what torchvision computes with as with tensors', () => {
  const displacement = torch.full([1, 50, 70, 2], 0.05);
  it.each<[string, object]>([
    ['gaussian_blur', { kernel_size: 5 }],
    ['elastic', { displacement }],
    ['erase', { i: 3, j: 4, h: 5, w: 6, v: torch.zeros(3, 1, 1) }],
  ])('%s', (name, given) => {
    const run = functions.v2[name]!;
    const found = run({ inpt: image(50, 70, 3), ...given });
    expect(digest(found)).toEqual(digest(run({ inpt: noise(50, 70, 3), ...given })));
    expect(() => transforms.functional.rotate(found, 10, { interpolation: cubic })).not.toThrow();
  });
  it.each(['v1', 'v2'] as const)('AugMix of %s', (library) => {
    const mix = new libraries[library]['AugMix']!({});
    torch.manual_seed(3);
    const found = mix(image(50, 70, 3));
    torch.manual_seed(3);
    expect(digest(found)).toEqual(digest(mix(noise(50, 70, 3))));
    expect(() => transforms.functional.rotate(found, 10, { interpolation: cubic })).not.toThrow();
  });
});

describe('images on their way to other threads', () => {
  const turned = (img: Tensor): Found => digest(transforms.functional.rotate(img, 10, { interpolation: cubic }));
  const items = [image(20, 30, 3), noise(20, 30, 3), image(9, 8, 1).squeeze_(0)];

  it('stand for images of PIL where they come from workers, and where they were in a dataset that went there', () => {
    const loader = new torch.utils.data.DataLoader(items, { batch_size: null, num_workers: 1 });
    const [first, second, third] = [...loader] as [Tensor, Tensor, Tensor];
    expect(turned(first)).toEqual(turned(items[0]!));
    expect(() => turned(second)).toThrow('unsupported with Tensor input');
    expect(turned(third)).toEqual(turned(items[2]!));
    const invert = new v2.RandomRotation([10, 10], { interpolation: 'bicubic' });
    const dataset = new datasets.FakeData({ size: 2, image_size: [3, 9, 8], transform: invert });
    const read = (num_workers: number): unknown[] =>
      [...new torch.utils.data.DataLoader(dataset, { batch_size: null, num_workers })].map((item) =>
        turned((item as unknown as [Tensor])[0]),
      );
    expect(read(2)).toEqual(read(0));
  });

  it('stand for them after hand_over', () => {
    const message = structuredClone(torch.hand_over(items));
    const [first, second] = torch.take_over<[Tensor, Tensor]>(message);
    expect(turned(first)).toEqual(turned(items[0]!));
    expect(() => turned(second)).toThrow('unsupported with Tensor input');
  });
});

describe('images in samples of v2', () => {
  it('are transformed, whatever tensors are beside them', () => {
    const [label, img, other] = [torch.tensor([3, 4]), image(20, 30, 3), image(20, 30, 1)];
    const sample = new v2.RandomHorizontalFlip(1)([label, img, other]);
    expect(sample.map((each) => each.tolist())).toEqual(
      [label, img.flip(-1), other.flip(-1)].map((each) => each.tolist()),
    );
  });
});
