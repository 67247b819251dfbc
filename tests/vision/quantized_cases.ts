/** Models for quantization against what tests/reference/vision/quantized.py has written of torchvision's. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import * as torch from 'torch-node';
import { Tensor, type nn } from 'torch-node';
import { models } from 'torch-node/vision';

import { root } from '../package_root.js';
import { crc, described, difference, numbers, sha } from './model_cases.js';

interface Found {
  keys: string;
  described: string;
  printed: string;
  weights?: number;
  eval: number[][];
}

/** What Python found of a model. */
export interface QuantizedCase {
  config: Record<string, unknown>;
  made: Found;
  fused: Found;
  quantized: Found;
}

const [, ...rows] = readFileSync(join(root, 'tests/reference/vision/quantized.jsonl'), 'utf8').trim().split('\n');

/** All that Python found, by the names of models. */
export const golden: Readonly<Record<string, QuantizedCase>> = Object.fromEntries(
  rows.map((row) => {
    const { name, ...found } = JSON.parse(row) as QuantizedCase & { name: string };
    return [name, found];
  }),
);

function described_differences(what: string, model: nn.Module, expected: Found): string[] {
  const state_dict = model.state_dict() as Record<string, unknown>;
  const tensors = Object.entries(state_dict).filter((entry): entry is [string, Tensor] => entry[1] instanceof Tensor);
  const text = String(model).replaceAll('[', '(').replaceAll(']', ')');
  const found = {
    keys: sha(Object.keys(state_dict).join('\n')),
    described: sha(described(Object.fromEntries(tensors))),
    // Scales depend on the last bits of what was observed.
    printed: sha(text.replace(/\d+\.\d+(e-\d+)?/g, 'N')),
  };
  return (['keys', 'described', 'printed'] as const)
    .filter((key) => found[key] !== expected[key])
    .map((key) => `${what}: other ${key}`);
}

function output_of(name: string, model: nn.Module): number[][] {
  model.eval();
  torch.manual_seed(1);
  const size = name.includes('inception') ? 96 : 64;
  return numbers(torch.no_grad(() => model(torch.randn(2, 3, size, size)) as Tensor));
}

type Quantizable = nn.Module & { fuse_model(): void };

/** What differs in a model that is not quantized, before and after its layers were put together. */
export function float_differences(name: string, { config, made, fused }: QuantizedCase): string[] {
  torch.manual_seed(0);
  const model = models.get_model(name, config) as Quantizable;
  const problems = described_differences('made', model, made);
  if (crc(Object.values(model.state_dict())) !== made.weights) problems.push('other weights for a seed');
  problems.push(...difference('made', output_of(name, model), made.eval));
  model.fuse_model();
  problems.push(...described_differences('fused', model, fused));
  return [...problems, ...difference('fused', output_of(name, model), fused.eval)];
}

/** What differs in a quantized model. */
export function quantized_differences(name: string, { config, quantized }: QuantizedCase): string[] {
  torch.manual_seed(0);
  const model = models.get_model(name, { ...config, quantize: true });
  const problems = described_differences('quantized', model, quantized);
  return [...problems, ...difference('quantized', output_of(name, model), quantized.eval)];
}
