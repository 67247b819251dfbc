/** Models against what tests/reference/vision/models.py has written of torchvision's. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

import * as torch from 'torch-node';
import { nn, type Tensor } from 'torch-node';
import { models } from 'torch-node/vision';

import { root } from '../package_root.js';

/** What Python found of a model. */
export interface ModelCase {
  config: Record<string, unknown>;
  keys: number;
  described: string;
  parameters: number;
  printed: string;
  weights?: number;
  shape?: number[];
  eval?: number[][];
  train?: number[][];
  detected?: number[][];
  losses?: number[][];
  gradients?: number[][];
}

const [, ...rows] = readFileSync(join(root, 'tests/reference/vision/models.jsonl'), 'utf8').trim().split('\n');

/** All that Python found, by the names of models. */
export const golden: Readonly<Record<string, ModelCase>> = Object.fromEntries(
  rows.map((row) => {
    const { name, ...found } = JSON.parse(row) as ModelCase & { name: string };
    return [name, found];
  }),
);

/** Outputs may differ by this part of the largest number beside them: the versions of libtorch differ. */
export const TOLERANCE = 2e-4;

/** The first digits of a hash. */
export const sha = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

/** Names, shapes and dtypes of a state dict. */
export function described(state_dict: Readonly<Record<string, Tensor>>): string {
  return Object.entries(state_dict)
    .map(([key, value]) => `${key} [${value.shape.join(', ')}] ${String(value.dtype)}`)
    .join('\n');
}

/** A checksum of the bytes of tensors. */
export function crc(tensors: Iterable<Tensor>): number {
  let value = 0;
  for (const tensor of tensors) {
    const bytes = tensor.detach().contiguous().view(-1).view(torch.uint8).numpy().data as Uint8Array;
    value = crc32(bytes, value);
  }
  return value;
}

/** The tensors of an output, in order. */
function tensors_in(output: unknown): Tensor[] {
  if (output instanceof torch.Tensor) return [output];
  const items = Array.isArray(output) ? (output as unknown[]) : Object.values(output as object);
  return items.flatMap(tensors_in);
}

export function numbers(output: unknown): number[][] {
  return tensors_in(output).map((tensor) => {
    const flat = tensor.detach().double().flatten();
    if (flat.numel() === 0) return [];
    const spread = flat.numel() > 1 ? flat.std().item<number>() : 0;
    const places = torch.linspace(0, flat.numel() - 1, 4).long();
    return [flat.mean().item(), spread, ...(flat.index_select(0, places).tolist() as number[])];
  });
}

/** Where outputs differ by more than the tolerance, in words. */
export function difference(what: string, ours: number[][], theirs: number[][], floor = 0): string[] {
  if (ours.length !== theirs.length) return [`${what}: ${ours.length} tensors instead of ${theirs.length}`];
  return theirs.flatMap((row, i) => {
    const largest = Math.max(floor, ...row.map(Math.abs));
    const off = Math.max(...row.map((value, j) => Math.abs(value - ours[i]![j]!)));
    // Written so that NaN is a difference.
    return off <= TOLERANCE * largest ? [] : [`${what} ${i}: ${ours[i]!.join(' ')} instead of ${row.join(' ')}`];
  });
}

function output_of(model: nn.Module, { shape }: ModelCase): unknown {
  torch.manual_seed(1);
  const inputs = torch.randn(shape!);
  // As often as tests/reference/vision/models.py updates the flow.
  if (model instanceof models.optical_flow.RAFT)
    return model(inputs.narrow(0, 0, 1), inputs.narrow(0, 1, 1), { num_flow_updates: 3 });
  return model(inputs);
}

/** What differs in the names and shapes of a model, which is made without memory. */
export function skeleton_differences(name: string, expected: ModelCase): string[] {
  const model = torch.device('meta', () => models.get_model(name, expected.config));
  const state_dict = model.state_dict();
  const found = {
    keys: Object.keys(state_dict).length,
    described: sha(described(state_dict)),
    parameters: [...model.parameters()].reduce((sum, parameter) => sum + parameter.numel(), 0),
    printed: sha(String(model).replaceAll('[', '(').replaceAll(']', ')')),
  };
  return (['keys', 'described', 'parameters', 'printed'] as const)
    .filter((what) => found[what] !== expected[what])
    .map((what) => `${what}: ${found[what]} instead of ${expected[what]}`);
}

// ---- Detection ----------------------------------------------------------------------------------

/** Two images of different sizes, and what is to be found in them. */
function scenes(): { images: Tensor[]; targets: Record<string, Tensor>[] } {
  torch.manual_seed(1);
  const images = [torch.rand(3, 100, 140), torch.rand(3, 120, 90)];
  const mask = (count: number, height: number, width: number): Tensor =>
    torch.zeros([count, height, width], { dtype: torch.uint8 });
  const masks = [mask(2, 100, 140), mask(1, 120, 90)];
  masks[0]!.index_put_([0, '10:60', '20:70'], 1);
  masks[0]!.index_put_([1, '40:90', '60:130'], 1);
  masks[1]!.index_put_([0, '20:110', '15:80'], 1);
  const points = torch.tensor([
    [25, 20, 1],
    [60, 30, 1],
    [40, 50, 0],
    [65, 55, 1],
    [21, 11, 1],
  ]);
  const moved = torch.stack([points, points.add(torch.tensor([40, 30, 0]))]).float();
  const others = torch
    .tensor([
      [
        [20, 30, 1],
        [70, 40, 1],
        [50, 60, 1],
        [30, 90, 0],
        [60, 100, 1],
      ],
    ])
    .float();
  const boxes = [
    [
      [20, 10, 70, 60],
      [60, 40, 130, 90],
    ],
    [[15, 20, 80, 110]],
  ].map((each) => torch.tensor(each).float());
  const labels = [torch.tensor([1, 1]), torch.tensor([1])];
  const targets = [0, 1].map((i) => ({
    boxes: boxes[i]!,
    labels: labels[i]!,
    masks: masks[i]!,
    keypoints: [moved, others][i]!,
  }));
  return { images, targets };
}

type Detector = nn.Module & {
  (images: Tensor[]): models.detection.Detection[];
  (images: Tensor[], targets: Record<string, Tensor>[]): Record<string, Tensor>;
};

/** What differs in detections, losses and gradients. */
function detection_differences(model: Detector, expected: ModelCase): string[] {
  model.eval();
  const found: models.detection.Detection[] = torch.no_grad(() => model(scenes().images));
  const best = found.flatMap((image) => [
    ...(['boxes', 'scores', 'masks', 'keypoints'] as const).flatMap((key) =>
      image[key] === undefined ? [] : [image[key].index(':1')],
    ),
    torch.tensor([image.boxes.size(0)]),
  ]);
  const problems = difference('detected', numbers(best), expected.detected!);
  model.train();
  const { images, targets } = scenes();
  const losses: Tensor[] = Object.values(model(images, targets));
  losses.reduce((sum, loss) => sum.add(loss)).backward();
  const trained = [...model.parameters()].filter(({ grad }) => grad !== null);
  const some = torch
    .linspace(0, trained.length - 1, 6)
    .long()
    .tolist() as number[];
  problems.push(...difference('losses', numbers(losses), expected.losses!));
  // A bias before a normalization has a gradient of zero but for rounding.
  const gradients = numbers(some.map((i) => trained[i]!.grad));
  problems.push(...difference('gradients', gradients, expected.gradients!, 1e-5));
  return problems;
}

/** What differs in the weights that a seed gives, and in outputs. */
export function output_differences(name: string, expected: ModelCase): string[] {
  if (expected.weights === undefined) return [];
  torch.manual_seed(0);
  const model = models.get_model(name, expected.config);
  const weights = crc(Object.values(model.state_dict()));
  const problems = weights === expected.weights ? [] : ['other weights for a seed'];
  if (expected.detected !== undefined) return [...problems, ...detection_differences(model as Detector, expected)];
  const { heads } = model as nn.Module & { heads?: { head: nn.Linear } };
  if (heads !== undefined) nn.init.normal_(heads.head.weight, { std: 0.02 });
  torch.no_grad(() => {
    model.eval();
    problems.push(...difference('eval', numbers(output_of(model, expected)), expected.eval!));
    model.train();
    // What dropout and stochastic depth draw goes on behind what the input has drawn.
    problems.push(...difference('train', numbers(output_of(model, expected)), expected.train!));
  });
  return problems;
}
