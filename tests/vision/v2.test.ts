/** Transforms v2 of images with masks, boxes and points, against torchvision's: the same numbers for the same seed. */
import * as torch from 'torch-node';
import type { Tensor } from 'torch-node';
import { transforms, tv_tensors } from 'torch-node/vision';
import { describe, expect, it } from 'vitest';

import { cases, v2_differences } from './v2_cases.js';

const { v2 } = transforms;

describe('as in torchvision', () => {
  it.each(
    cases.map((each) => [`${each.class} ${JSON.stringify(each.args)} ${JSON.stringify(each.options)}`, each] as const),
  )('%s', (_name, each) => {
    expect(v2_differences(each)).toEqual([]);
  });
});

describe('tv_tensors', () => {
  const boxes = new tv_tensors.BoundingBoxes([[1, 2, 3, 4]], { format: 'xyxy', canvas_size: [10, 20] });

  it('print what they are', () => {
    expect(String(boxes)).toBe(
      'BoundingBoxes([[1, 2, 3, 4]], format=BoundingBoxFormat.XYXY, canvas_size=(10, 20), clamping_mode=soft)',
    );
    expect(String(new tv_tensors.Image(torch.zeros(1, 2, 3)))).toBe('Image([[[0., 0., 0.],\n        [0., 0., 0.]]], )');
    expect(String(new tv_tensors.KeyPoints([[1.5, 2]], { canvas_size: [3, 4] }))).toBe(
      'KeyPoints([[1.5000, 2.0000]], canvas_size=(3, 4))',
    );
  });

  it('are plain tensors after operators, and share the gradient of their data', () => {
    expect(boxes.add(1)).not.toBeInstanceOf(tv_tensors.TVTensor);
    const data = torch.ones([1, 2, 2], { requires_grad: true });
    const image = new v2.Resize([4, 4])(new tv_tensors.Image(data));
    expect(image).toBeInstanceOf(tv_tensors.Image);
    image.sum().backward();
    expect(data.grad!.sum().item()).toBeCloseTo(16, 5);
    const own = new tv_tensors.Image(torch.ones(1, 1, 1), { requires_grad: true });
    expect([own.requires_grad, own.is_leaf]).toEqual([true, true]);
  });

  it.each([
    ['flat images', () => new tv_tensors.Image(torch.ones(2)), 'Tensor must be 2D or higher, got 1D tensor.'],
    ['videos of three dimensions', () => new tv_tensors.Video(torch.ones(2, 2, 2)), 'at least 4 dimensions'],
    [
      'boxes of three dimensions',
      () => new tv_tensors.BoundingBoxes(torch.ones(1, 1, 4), { format: 'XYXY', canvas_size: [1, 1] }),
      'Expected a 1D or 2D tensor, got 3D',
    ],
    [
      'boxes of no format',
      () => new tv_tensors.BoundingBoxes(torch.ones(1, 5), { format: 'XYR', canvas_size: [1, 1] }),
      "'XYR' is not a BoundingBoxFormat: XYXY, XYWH, CXCYWH, XYWHR, CXCYWHR, XYXYXYXY",
    ],
    ['points of three numbers', () => new tv_tensors.KeyPoints(torch.ones(2, 3), { canvas_size: [1, 1] }), '(..., 2)'],
  ])('refuse %s', (_name, make, message) => {
    expect(make).toThrow(message);
  });

  it('are wrapped with the fields of others', () => {
    const wrapped = tv_tensors.wrap(torch.zeros(1, 4), { like: boxes, format: 'XYWH' });
    expect([String(wrapped.format), [...wrapped.canvas_size]]).toEqual(['BoundingBoxFormat.XYWH', [10, 20]]);
  });
});

describe('samples', () => {
  it('may be nested; only the first plain tensor is an image where there is none', () => {
    const sample = { a: [torch.ones(1, 4, 4), torch.ones(3)], text: 'x', n: 3, nothing: null };
    const { a, ...others } = new v2.CenterCrop(2)(sample);
    expect([a.map((tensor) => [...tensor.shape]), others]).toEqual([
      [[1, 2, 2], [3]],
      { text: 'x', n: 3, nothing: null },
    ]);
  });

  it('may be several arguments', () => {
    const [image, label] = new v2.Resize([2, 2])(torch.ones(1, 4, 4), 3);
    expect([[...image.shape], label]).toEqual([[1, 2, 2], 3]);
  });

  it('have dtypes by class', () => {
    const to = new v2.ToDtype(
      new Map<unknown, torch.DType | null>([
        [tv_tensors.Mask, torch.int64],
        ['others', null],
      ]),
    );
    const [mask, image] = to(new tv_tensors.Mask(torch.ones(2, 2)), new tv_tensors.Image(torch.ones(1, 2, 2)));
    expect([mask.dtype, image.dtype].map(String)).toEqual(['torch.int64', 'torch.float32']);
    const strict = new v2.ToDtype(new Map([[tv_tensors.Mask, torch.int64]]));
    expect(() => strict(torch.ones(1, 2, 2))).toThrow('No dtype was specified for type Tensor');
  });

  it.each([
    ['no transforms', () => new v2.Compose([]), 'Pass at least one transform'],
    ['a probability of 2', () => new v2.RandomHorizontalFlip(2), 'in the interval [0.0, 1.0]'],
    ['no inputs', () => (new v2.Identity() as () => unknown)(), 'at least one input'],
    ['a large crop', () => new v2.RandomCrop(9)(torch.ones(1, 4, 4)), 'Required crop size (9, 9) is larger'],
    ['no boxes', () => new v2.SanitizeBoundingBoxes({ labels_getter: null })(torch.ones(1, 2, 2)), 'No bounding boxes'],
    ['a negative alpha', () => new v2.CutMix({ alpha: -1 }), 'Expected parameter concentration'],
    ['no labels', () => new v2.MixUp({ num_classes: 2 })({ x: torch.ones(1, 1, 2, 2) }), 'Could not infer where'],
    [
      'other batches',
      () => new v2.MixUp({ num_classes: 2 })(torch.ones(3, 1, 2, 2), torch.zeros(2).long()),
      'does not match the batch size of the labels',
    ],
    [
      'different sizes',
      () => new v2.RandomCrop(1)(new tv_tensors.Image(torch.ones(1, 4, 4)), new tv_tensors.Mask(torch.ones(3, 3))),
      'Found multiple HxW dimensions in the sample: (4, 4), (3, 3)',
    ],
  ])('that cannot be transformed (%s) are errors', (_name, call, message) => {
    expect(call).toThrow(message);
  });
});

describe('the rest of v2', () => {
  const { functional: F } = v2;
  const image = torch.arange(18).view(2, 3, 3).to(torch.uint8);
  const points = new tv_tensors.KeyPoints(
    [
      [
        [0, 0],
        [2, 2],
      ],
      [
        [0, 0],
        [3, 2],
      ],
    ],
    { canvas_size: [3, 3] },
  );
  const boxes = new tv_tensors.BoundingBoxes([0, 0, 1, 1], { format: 'XYXY', canvas_size: [3, 3] });

  it('runs functions on leaves of some classes', () => {
    const double = (x: Tensor): Tensor => x.mul(2);
    const transform = new v2.Lambda(double, tv_tensors.Image, tv_tensors.Mask);
    expect(String(transform)).toBe("Lambda(double, types=['Image', 'Mask'])");
    expect(
      String(
        new v2.Lambda(
          (
            () => (x: Tensor) =>
              x
          )(),
        ),
      ),
    ).toBe("Lambda(types=['object'])");
    const [one, other] = transform(new tv_tensors.Image(image), torch.ones(1));
    expect([one.flatten().tolist().slice(0, 3), other.tolist()]).toEqual([[0, 2, 4], [1]]);
    const plus_one = new v2.Lambda((x: Tensor | number) => (typeof x === 'number' ? x + 1 : x.add(1)));
    expect(plus_one({ a: torch.zeros(1), b: torch.zeros(1), c: 3 })).toEqual({
      a: torch.ones(1),
      b: torch.zeros(1),
      c: 4,
    });
    const numbers = new v2.Lambda((x: number) => -x, Number);
    expect(numbers({ a: 3, b: 'x' })).toEqual({ a: -3, b: 'x' });
    expect(() => new v2.Lambda(double, 'Image' as never)).toThrow(TypeError);
  });

  it('converts plain tensors as the transforms of images do', () => {
    const pictures = [new v2.PILToTensor(), new v2.ToTensor(), new v2.ToPILImage()] as const;
    const [kept, floats, picture] = pictures.map((each) => each(image.select(0, 0))) as [Tensor, Tensor, Tensor];
    expect(kept.equal(image.narrow(0, 0, 1))).toBe(true);
    expect(floats.equal(image.narrow(0, 0, 1).div(255))).toBe(true);
    expect(picture.equal(image.narrow(0, 0, 1))).toBe(true);
    expect(String(new v2.ToPILImage('RGB'))).toBe('ToPILImage(mode=RGB)');
    expect(F.to_tensor(image).equal(image.div(255))).toBe(true);
    expect(F.convert_image_dtype(image, torch.float32).equal(image.mul(1 / 255))).toBe(true);
    const kind = new v2.ToPILImage()(new tv_tensors.Image(image.narrow(0, 0, 1)));
    expect(kind).not.toBeInstanceOf(tv_tensors.TVTensor);
  });

  it('cuts parts out of videos and lets points pass', () => {
    const parts = new v2.FiveCrop(2)(new tv_tensors.Image(image));
    expect(parts.map((part) => part instanceof tv_tensors.Image)).toEqual([true, true, true, true, true]);
    const sample = new v2.TenCrop([1, 1])({ a: image, points });
    expect([(sample.a as Tensor[]).length, sample.points === points]).toEqual([10, true]);
    for (const wrong of [boxes, new tv_tensors.Mask(torch.ones(3, 3))]) {
      expect(() => new v2.FiveCrop(2)(wrong)).toThrow("BoundingBoxes'es and Mask's are not supported by FiveCrop()");
      expect(() => F.ten_crop(wrong, 2)).toThrow(TypeError);
    }
    expect(() => F.five_crop(image, [4, 4])).toThrow('is bigger than input size');
    expect(() => new v2.TenCrop([1, 2, 3])).toThrow('Please provide only two dimensions (h, w) for size.');
  });

  it('removes groups of points that are not within the image', () => {
    const [left, valid] = F.sanitize_keypoints(points);
    expect([[...left.shape], valid.tolist()]).toEqual([
      [1, 2, 2],
      [true, false],
    ]);
    expect(
      F.sanitize_keypoints(
        torch.tensor([
          [2.9, 3],
          [2.9, 2.9],
          [0, -0.1],
        ]),
        [3, 3],
      )[1].tolist(),
    ).toEqual([false, true, false]);
    const { labels } = new v2.SanitizeKeyPoints('default')({ points, labels: torch.tensor([7, 8]) });
    expect(labels.tolist()).toEqual([7]);
    expect(() => new v2.SanitizeKeyPoints('default')({ points, labels: torch.ones(3) })).toThrow(
      'must match the number of labels',
    );
    expect(() => F.sanitize_keypoints(torch.ones(1, 2))).toThrow('canvas_size cannot be None');
    expect(() => F.sanitize_keypoints(points, [3, 3])).toThrow('canvas_size must be None');
    expect(() => new v2.SanitizeKeyPoints()({ image })).toThrow('No keypoints were found in the sample');
  });

  it('says what is in a sample', () => {
    const { Mask, Image } = tv_tensors;
    const sample = [new Image(image), points, 3];
    expect([v2.has_any(sample, Mask), v2.has_any(sample, Mask, Image), v2.has_all(sample, Mask, Image)]).toEqual([
      false,
      true,
      false,
    ]);
    expect(v2.check_type(3, [Number])).toBe(true);
    expect(v2.check_type(image, [Image, F.is_pure_tensor])).toBe(true);
    expect([v2.query_chw([image, points]), v2.query_size([image, points])]).toEqual([
      [2, 3, 3],
      [3, 3],
    ]);
    expect(() => v2.query_chw([torch.zeros(1, 2, 2), torch.zeros(3, 2, 2)])).toThrow(
      "Found multiple CxHxW dimensions in the sample: '(1, 2, 2)', '(3, 2, 2)'",
    );
    expect(() => v2.query_chw([3])).toThrow('No image or video was found in the sample');
    expect(() => v2.get_bounding_boxes([image])).toThrow('No bounding boxes were found in the sample');
    expect([v2.get_bounding_boxes([3, boxes]) === boxes, v2.get_keypoints(sample) === points]).toEqual([true, true]);
    expect([F.get_dimensions(image), F.get_num_channels(image), F.get_image_num_channels(image)]).toEqual([
      [2, 3, 3],
      2,
      2,
    ]);
    expect([F.get_image_size(torch.zeros(3, 4, 5)), F.get_num_frames(torch.zeros(7, 3, 4, 5))]).toEqual([[5, 4], 7]);
    expect(() => F.get_dimensions(new Mask(torch.ones(3, 3)))).toThrow('but got Mask instead');
    expect(() => F.get_num_frames(image)).toThrow(RangeError);
  });

  it('draws parameters as the transforms of images do', () => {
    const draws = (module: typeof v2 | typeof transforms): unknown[] => {
      torch.manual_seed(3);
      return [
        module.RandomCrop.get_params(torch.zeros(3, 9, 9), [4, 5]),
        module.RandomResizedCrop.get_params(torch.zeros(3, 9, 9), [0.1, 0.9], [0.5, 2]),
        module.RandomRotation.get_params([-30, 30]),
        module.RandomPerspective.get_params(20, 30, 0.5),
        module.RandomAffine.get_params([-30, 30], [0.1, 0.2], [0.5, 2], [1, 2], [9, 9]),
        module.GaussianBlur.get_params(0.1, 2),
        module.ElasticTransform.get_params([3, 3], [1, 1], [20, 20]),
        module.ColorJitter.get_params([0.5, 1.5], null, null, [-0.1, 0.1]),
        module.RandomErasing.get_params(torch.zeros(3, 9, 9), [0.1, 0.9], [0.5, 2]),
        module.AutoAugment.get_params(25),
      ].map(String);
    };
    expect(draws(v2)).toEqual(draws(transforms));
  });
});
