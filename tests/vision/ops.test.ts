/** torchvision's operators, compared with what torchvision computes, which tests/reference/vision/ops.py wrote down. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as torch from 'torch-node';
import type { Tensor } from 'torch-node';
import * as vision from 'torch-node/vision';
import { describe, expect, it } from 'vitest';

import { root } from '../package_root.js';
import { python } from '../reference.js';
import { cases, compare, file } from './op_cases.js';

const { ops } = vision;
const { nn } = torch;

describe('computes what torchvision computes, with its gradients:', () => {
  it.each(cases.map((each, i) => [`${each.name} ${i} ${JSON.stringify(each.kwargs).slice(0, 60)}`, each] as const))(
    '%s',
    (_name, each) => {
      compare(each);
    },
  );

  // On a machine without another device the CPU does as one.
  it('as do the operators that other devices compose', () => {
    const composed = /^(nms|roi_|ps_roi|deform_conv2d)/;
    const script = `
      const torch = require('torch-node');
      const { ops } = require('torch-node/vision');
      const lines = require('node:fs').readFileSync(${JSON.stringify(file)}, 'utf8').trim().split('\\n');
      const cases = lines.map((line) => JSON.parse(line));
      const read = (value) => Array.isArray(value) ? value.map(read) : value?.dtype === undefined ? value :
        torch.tensor(value.data, { dtype: torch[value.dtype] }).view(value.shape);
      let compared = 0;
      for (const { name, args, kwargs, result, grads } of cases.filter(({ name }) => ${String(composed)}.test(name))) {
        const given = args.map(read);
        const named = Object.fromEntries(Object.entries(kwargs).map(([key, value]) => [key, read(value)]));
        const place = (key) => /^\\d+$/.test(key) ? given[Number(key)] : named[key];
        for (const key of Object.keys(grads)) place(key).requires_grad_();
        const found = ops[name](...given, named);
        const close = (a, b) => torch.testing.assert_close(a, b, { rtol: 2e-4, atol: 2e-4 });
        close(found.detach(), read(result));
        if (Object.keys(grads).length === 0) continue;
        // At the border of an image torchvision's gradient is not that of its average.
        if (name === 'ps_roi_pool' && named.spatial_scale !== 0.5) continue;
        if (found.grad_fn === null || /roi_align|RoI|Deform/i.test(found.grad_fn.name())) throw new Error(found.grad_fn?.name());
        found.backward(torch.arange(found.numel(), { dtype: found.dtype }).view(found.shape).mul(0.5).add(1));
        for (const key of Object.keys(grads)) close(place(key).grad, read(grads[key]));
        compared++;
      }
      console.log(compared);`;
    const ran = spawnSync(process.execPath, ['-e', script], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, TORCH_NODE_VISION_COMPOSED: '1' },
    });
    expect(ran.stderr).toBe('');
    expect(Number(ran.stdout)).toBeGreaterThan(15);
  });
});

describe('gradients agree with finite differences:', () => {
  const double = { dtype: torch.float64 } as const;
  const image = (channels: number): Tensor => torch.rand(1, channels, 5, 6, double).requires_grad_();
  const rois = torch.tensor([[0, 0.4, 0.3, 4.1, 3.7]], double);

  it.each([
    ['roi_align', 2, (x: Tensor) => ops.roi_align(x, rois, 2)],
    ['roi_pool', 2, (x: Tensor) => ops.roi_pool(x, rois, 2)],
    ['ps_roi_align', 4, (x: Tensor) => ops.ps_roi_align(x, rois, 2)],
    ['ps_roi_pool', 4, (x: Tensor) => ops.ps_roi_pool(x, rois, 2)],
  ] as const)('%s', (_name, channels, run) => {
    torch.manual_seed(0);
    expect(torch.autograd.gradcheck(run, [image(channels)])).toBe(true);
  });

  it('deform_conv2d', () => {
    torch.manual_seed(0);
    const rand = (...shape: number[]): Tensor => torch.rand(shape, double).requires_grad_();
    const inputs = [rand(1, 2, 4, 4), rand(1, 16, 3, 3), rand(2, 1, 2, 2), rand(2), rand(1, 8, 3, 3)];
    const run = (...[x, offset, weight, bias, mask]: Tensor[]): Tensor =>
      ops.deform_conv2d(x!, offset!, weight!, bias!, { mask: mask! });
    expect(torch.autograd.gradcheck(run, inputs)).toBe(true);
  });

  it('and have none themselves, as in torchvision', () => {
    const x = image(2);
    const [grad] = torch.autograd.grad(ops.roi_align(x, rois, 2).pow(2).sum(), x, { create_graph: true });
    expect(() => {
      grad!.sum().backward();
    }).toThrow(/double backwards on roi_align not supported/);
  });
});

describe('operators', () => {
  const boxes = torch
    .tensor([
      [0, 0, 10, 10],
      [1, 1, 11, 11],
    ])
    .float();
  const scores = torch.tensor([0.2, 0.9]);

  it('are found as torch.ops.torchvision', () => {
    const found = torch.ops['torchvision']!['nms']!(boxes, scores, 0.5) as Tensor;
    expect(found.tolist()).toEqual([1]);
    expect(torch.ops['torchvision']!['roi_pool']!['default']!.schema).toBe(
      'torchvision::roi_pool(Tensor input, Tensor rois, float spatial_scale, SymInt pooled_height, SymInt pooled_width) -> (Tensor, Tensor)',
    );
  });

  it('run in scripted models', () => {
    const folder = mkdtempSync(join(tmpdir(), 'torch-node-scripted-'));
    try {
      const model = join(folder, 'detector.pt');
      python('vision/scripted.py', [model]);
      const pooled = torch.jit.load(model)(torch.ones(1, 1, 12, 12), boxes, scores) as Tensor;
      expect(pooled.tolist()).toEqual(
        ops.roi_align(torch.ones(1, 1, 12, 12), [boxes.narrow(0, 1, 1)], 2, 1, 2, true).tolist(),
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('come back when a library could not be opened', () => {
    expect(() => {
      torch.ops.load_library('/missing/library.so');
    }).toThrow(/load_library/);
    expect(ops.nms(boxes, scores, 0.5).tolist()).toEqual([1]);
  });

  it('compute in float32 under autocast', () => {
    torch.autocast('cpu', { dtype: torch.bfloat16 }, () => {
      const pooled = ops.roi_align(
        torch.ones(1, 1, 4, 4, { dtype: torch.bfloat16 }),
        torch.tensor([[0, 0, 0, 3, 3]]).bfloat16(),
        1,
      );
      expect([pooled.dtype, pooled.item()]).toEqual([torch.bfloat16, 1]);
    });
  });

  it.each([
    [/boxes should be a 2d tensor, got 1D/, () => ops.nms(boxes.select(0, 0), scores, 0.5)],
    [/boxes should have 4 elements in dimension 1, got 3/, () => ops.nms(boxes.narrow(1, 0, 3), scores, 0.5)],
    [/scores should be a 1d tensor, got 2D/, () => ops.nms(boxes, scores.unsqueeze(0), 0.5)],
    [/same number of elements in dimension 0, got 2 and 1/, () => ops.nms(boxes, scores.narrow(0, 0, 1), 0.5)],
    [/dets should have the same type as scores/, () => ops.nms(boxes, scores.double(), 0.5)],
    [/"nms_kernel" not implemented for 'Half'/, () => ops.nms(boxes.half(), scores.half(), 0.5)],
    [
      /nms\(\): argument 'iou_threshold' must be float, not str/,
      () => ops.nms(boxes, scores, '1' as unknown as number),
    ],
    [/sampling_ratio must be at most 1024/, () => ops.roi_align(torch.ones(1, 1, 4, 4), [boxes], 2, 1, 2 ** 20)],
    [/not as Tensor\[K, 5\]|correct as Tensor\[K, 5\]/, () => ops.roi_align(torch.ones(1, 1, 4, 4), boxes, 2)],
    [/roi_align\(\).*indices of images/s, () => ops.roi_align(torch.ones(1, 1, 4, 4), torch.ones(1, 5).mul(3), 2)],
    [/indices of images/, () => ops.roi_pool(torch.ones(1, 1, 4, 4), torch.ones(1, 5).mul(-1), 2)],
    [
      /multiple of pooling height \* pooling width/,
      () => ops.ps_roi_align(torch.ones(1, 3, 4, 4), torch.zeros(1, 5), 2),
    ],
    [
      /multiple of pooling height \* pooling width/,
      () => ops.ps_roi_pool(torch.ones(1, 3, 4, 4), torch.zeros(1, 5), 0),
    ],
    [/N, C, H, W/, () => ops.roi_align(torch.ones(3, 4, 4), torch.zeros(1, 5), 2)],
    [
      /offset tensor at dimension 1 is not valid/,
      () => ops.deform_conv2d(torch.ones(1, 1, 4, 4), torch.ones(1, 4, 2, 2), torch.ones(1, 1, 3, 3)),
    ],
    [
      /offset output dims: \(2, 1\) - computed output dims: \(2, 2\)/,
      () => ops.deform_conv2d(torch.ones(1, 1, 4, 4), torch.ones(1, 18, 2, 1), torch.ones(1, 1, 3, 3)),
    ],
    [
      /stride_h: 0/,
      () => ops.deform_conv2d(torch.ones(1, 1, 4, 4), torch.ones(1, 18, 2, 2), torch.ones(1, 1, 3, 3), null, 0),
    ],
    [/Unsupported Bounding Box Conversions/, () => ops.box_convert(boxes, 'xyxy', 'xywhr')],
    [/Unsupported format 'a'/, () => ops.box_iou(boxes, boxes, 'a' as 'xyxy')],
    [/not enough values to unpack \(expected 4, got 3\)/, () => ops.box_convert(boxes.narrow(1, 0, 3), 'xyxy', 'xywh')],
  ] as const)('throw %s', (message, run) => {
    expect(run).toThrow(message);
  });

  it('refuse gradients of another shape', () => {
    const { torchvision } = torch.ops;
    const [grad, rois] = [torch.ones(1, 1, 1, 1), torch.zeros(1, 5)];
    expect(() => torchvision!['_roi_align_backward']!(grad, rois, 1, 8, 8, 1, 1, 4, 4, -1, false)).toThrow(
      /must have the shape/,
    );
    expect(() => torchvision!['_ps_roi_align_backward']!(grad, rois, grad, 1, 2, 2, -1, 1, 4, 4, 4)).toThrow(
      /must have the shape/,
    );
    expect(() => torchvision!['_ps_roi_pool_backward']!(grad, rois, grad, 1, 2, 2, 1, 4, 4, 4)).toThrow(
      /must have the shape/,
    );
    expect(() => torchvision!['_roi_pool_backward']!(grad, rois, grad.int().mul(99), 1, 1, 1, 1, 1, 4, 4)).toThrow(
      /index 99/,
    );
  });

  it('take what is far away or not a number without harm', () => {
    const x = torch.rand(1, 1, 4, 4);
    for (const value of [NaN, Infinity, -Infinity, 1e30]) {
      const rois = torch.tensor([[0, value, 0, 3, value]]).float();
      for (const pool of [ops.roi_align, ops.roi_pool, ops.ps_roi_align, ops.ps_roi_pool]) {
        expect([...pool(x, rois, 1).shape]).toEqual([1, 1, 1, 1]);
      }
      const offset = torch.full([1, 2, 4, 4], value);
      expect([...ops.deform_conv2d(x, offset, torch.ones(1, 1, 1, 1)).shape]).toEqual([1, 1, 4, 4]);
    }
  });
});

describe('modules', () => {
  it('load a state dict of BatchNorm2d into FrozenBatchNorm2d', () => {
    const learned = new nn.BatchNorm2d(2);
    learned(torch.rand(4, 2, 3, 3));
    const frozen = new ops.FrozenBatchNorm2d(2);
    expect(String(frozen.load_state_dict(learned.state_dict()))).toBe('<All keys matched successfully>');
    const x = torch.rand(1, 2, 3, 3);
    torch.testing.assert_close(frozen(x), learned.eval()(x).detach());
  });

  it('take functions as well as classes', () => {
    const block = new ops.Conv2dNormActivation(4, 8, {
      norm_layer: (channels) => new nn.GroupNorm(2, channels),
      activation_layer: (options: { inplace: boolean }) => new nn.Hardswish(options),
      padding: 'same',
    });
    expect(String(block)).toBe(
      'Conv2dNormActivation(\n  (0): Conv2d(4, 8, kernel_size=(3, 3), stride=(1, 1), padding=same, bias=False)\n' +
        '  (1): GroupNorm(2, 8, eps=1e-05, affine=True, bias=True)\n  (2): Hardswish()\n)',
    );
    expect(block.out_channels).toBe(8);
    expect([...block(torch.ones(1, 4, 5, 5)).shape]).toEqual([1, 8, 5, 5]);
  });

  it('keep the order of a Map in a FeaturePyramidNetwork, and load the names of version 1', () => {
    const fpn = new ops.FeaturePyramidNetwork([2, 3], 4, new ops.LastLevelP6P7(4, 4));
    const maps = fpn(
      new Map([
        ['z', torch.ones(1, 2, 8, 8)],
        ['a', torch.ones(1, 3, 4, 4)],
      ]),
    );
    expect([...maps.keys()]).toEqual(['z', 'a', 'p6', 'p7']);
    const old = Object.fromEntries(
      Object.entries(fpn.state_dict()).map(([name, value]) => [name.replace(/(blocks\.\d)\.0\./, '$1.'), value]),
    );
    expect(String(fpn.load_state_dict(old))).toBe('<All keys matched successfully>');
    expect(() => new ops.FeaturePyramidNetwork([2], 4, new nn.ReLU() as unknown as null)).toThrow(/ExtraFPNBlock/);
  });

  it('pool each box from its level', () => {
    const pool = new ops.MultiScaleRoIAlign(['0', '1'], 2, 2, { canonical_scale: 32, canonical_level: 3 });
    const maps = {
      '0': torch.ones(1, 1, 16, 16),
      '1': torch.full([1, 1, 8, 8], 2).float(),
      other: torch.ones(1, 1, 1, 1),
    };
    const boxes = torch
      .tensor([
        [0, 0, 20, 20],
        [0, 0, 60, 60],
      ])
      .float();
    expect(
      pool(maps, [boxes], [[64, 64]])
        .mean([1, 2, 3])
        .tolist(),
    ).toEqual([1, 2]);
    expect(pool.scales).toEqual([0.25, 0.125]);
  });

  it('draw what Python draws', () => {
    torch.manual_seed(3);
    expect(
      ops
        .drop_block2d(torch.rand(2, 2, 5, 5), 0.3, 3)
        .sum()
        .item(),
    ).toBeCloseTo(46.3619, 3);
    expect(
      ops
        .drop_block3d(torch.rand(2, 2, 5, 5, 4), 0.3, 3)
        .sum()
        .item(),
    ).toBeCloseTo(197.374, 2);
  });
});
