/** Rotated boxes against what tests/reference/vision/rotated.py has written of torchvision's. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import * as torch from 'torch-node';
import type { Tensor } from 'torch-node';
import { ops, transforms, tv_tensors } from 'torch-node/vision';
import { describe, expect, it } from 'vitest';

import { root } from '../package_root.js';

const F = transforms.v2.functional as unknown as Record<
  string,
  (boxes: Tensor, options: object) => tv_tensors.BoundingBoxes | [Tensor, Tensor]
>;

interface Case {
  function: string;
  format: 'XYWHR' | 'CXCYWHR' | 'XYXYXYXY';
  options: Record<string, unknown>;
  values: (number | null)[][];
  valid?: boolean[];
  canvas_size?: number[];
}

const file = join(root, 'tests/reference/vision/rotated.jsonl');
const [head, ...cases] = readFileSync(file, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as unknown) as [{ rows: number[][]; size: [number, number] }, ...Case[]];

const values_of = (format: Case['format']): Tensor =>
  ops.box_convert(torch.tensor(head.rows).float(), 'cxcywhr', format.toLowerCase() as 'xywhr');

const boxes_of = (format: Case['format']): tv_tensors.BoundingBoxes =>
  new tv_tensors.BoundingBoxes(values_of(format), { format, canvas_size: head.size });

/** Numbers that are equal but for rounding; angles of 180 and -180 degrees are the same. */
function expect_close(ours: Tensor, theirs: Case['values'], angles: boolean): void {
  expect(ours.shape[0]).toBe(theirs.length);
  const rows = ours.tolist() as number[][];
  for (const [i, row] of theirs.entries()) {
    for (const [j, value] of row.entries()) {
      const own = rows[i]![j]!;
      if (value === null) expect(own, `row ${i}`).toBeNaN();
      else if (angles && j === 4) expect(Math.abs(((own - value + 540) % 360) - 180), `angle ${i}`).toBeLessThan(0.01);
      else expect(Math.abs(own - value), `row ${i}, number ${j}: ${own} for ${value}`).toBeLessThan(2e-3);
    }
  }
}

describe('rotated boxes', () => {
  it.each(cases.map((each) => [each.function, each.format, each.options, each] as const))(
    '%s of %s %o are those of torchvision',
    (name, format, options, expected) => {
      const boxes = boxes_of(format);
      if (name === 'box_iou') {
        const values = values_of(format);
        expect_close(ops.box_iou(values, values, format.toLowerCase() as 'xywhr'), expected.values, false);
        return;
      }
      let given: object = options;
      if (name === 'elastic') {
        torch.manual_seed(0);
        given = {
          displacement: torch
            .rand(1, ...head.size, 2)
            .mul(0.2)
            .sub(0.1),
        };
      }
      const result = F[name]!(boxes, given);
      if (Array.isArray(result)) {
        expect(result[1].tolist()).toEqual(expected.valid);
        expect_close(result[0], expected.values, format !== 'XYXYXYXY');
        return;
      }
      expect([...result.canvas_size]).toEqual(expected.canvas_size);
      expect_close(result, expected.values, result.format.name !== 'XYXYXYXY');
    },
  );

  it('are refused where torchvision refuses them', () => {
    expect(() => new tv_tensors.BoundingBoxes([1, 2, 3, 4, 5], { format: 'XYWHR', canvas_size: [9, 9] })).toThrow(
      'Rotated bounding boxes should be floating point tensors, got torch.int64.',
    );
    expect(() =>
      transforms.v2.functional.convert_bounding_box_format(boxes_of('XYWHR'), { new_format: 'XYXY' }),
    ).toThrow('Cannot convert between rotated and unrotated bounding boxes.');
    expect(tv_tensors.is_rotated_bounding_format(tv_tensors.BoundingBoxFormat.XYXY)).toBe(false);
    expect(tv_tensors.is_rotated_bounding_format('CXCYWHR')).toBe(true);
  });
});
