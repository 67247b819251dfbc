/** Which class results of tv_tensors have, against torchvision (tests/reference/vision/tv_tensors.py). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import * as torch from 'torch-node';
import type { Tensor } from 'torch-node';
import { tv_tensors } from 'torch-node/vision';
import { describe, expect, it } from 'vitest';

import { root } from '../package_root.js';

interface Case {
  readonly tensor: string;
  readonly call: string;
  readonly class: string;
  readonly text: string;
}

const cases = readFileSync(join(root, 'tests/reference/vision/tv_tensors.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Case);

const images = torch.arange(8).view(2, 1, 2, 2).float();
const tensors: Record<string, () => tv_tensors.TVTensor> = {
  Image: () => new tv_tensors.Image(images),
  Video: () => new tv_tensors.Video(images),
  Mask: () => new tv_tensors.Mask(images),
  BoundingBoxes: () => {
    const data = torch.tensor([[1, 2, 3, 4]], { dtype: torch.float32 });
    return new tv_tensors.BoundingBoxes(data, { format: 'XYWH', canvas_size: [10, 20], clamping_mode: 'hard' });
  },
  KeyPoints: () =>
    new tv_tensors.KeyPoints(torch.tensor([[1, 2]], { dtype: torch.float32 }), { canvas_size: [10, 20] }),
};
const calls: Record<string, (x: tv_tensors.TVTensor) => Tensor> = {
  clone: (x) => x.clone(),
  to_dtype: (x) => x.to(torch.float64),
  to_device: (x) => x.to('cpu', torch.int32),
  to_tensor: (x) => x.to(torch.ones(1, { dtype: torch.float64 })),
  to_same: (x) => x.to(torch.float32),
  detach: (x) => x.detach(),
  requires_grad_: (x) => x.requires_grad_(),
  deepcopy: (x) => torch.deepcopy(x),
  to_of_another: (x) => torch.ones(1, { dtype: torch.float64 }).to(x),
  torch_clone: (x) => torch.clone(x),
  float: (x) => x.double(),
  add: (x) => x.add(1),
};

describe('results of tv_tensors', () => {
  it.each(cases.map((one) => [one.tensor, one.call, one] as const))('%s, %s', (tensor, call, expected) => {
    const given = tensors[tensor]!();
    const result = calls[call]!(given);
    expect([result.constructor.name, String(result)]).toEqual([expected.class, expected.text]);
    if (result instanceof tv_tensors.TVTensor) expect(result).toBeInstanceOf(given.constructor);
  });

  it('keep their class by name, and their gradient', () => {
    const boxes = new tv_tensors.BoundingBoxes(torch.ones(1, 4), { format: 'XYXY', canvas_size: [5, 6] });
    const leaf = boxes.requires_grad_();
    const copied = leaf.clone({ memory_format: torch.contiguous_format }).to({ dtype: torch.float64 });
    expect(copied.canvas_size).toEqual(boxes.canvas_size);
    copied.sum().backward();
    expect(leaf.grad!.tolist()).toEqual([[1, 1, 1, 1]]);
    expect(leaf.detach().requires_grad).toBe(false);
  });
});
