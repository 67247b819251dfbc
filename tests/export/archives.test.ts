import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import torch, { type Tensor } from 'torch-node';

/** What archives/make.py has written with other versions of PyTorch. */
interface Run {
  args: unknown[];
  outputs: unknown[];
  gradients: Record<string, unknown>;
}

const folder = join(__dirname, 'archives');
const versions = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'expected.json')));
const { tree_leaves } = torch.utils._pytree;

/** Lists of numbers as tensors of the dtype of the program's inputs. */
function tensors(value: unknown, like: unknown): unknown {
  if (like instanceof torch.Tensor) return torch.tensor(value as number[], { dtype: like.dtype });
  return (value as unknown[]).map((element, i) => tensors(element, (like as unknown[])[i]));
}

const lists = (values: readonly unknown[]): unknown[] =>
  values.map((value) => (value instanceof torch.Tensor ? value.tolist() : value));

describe('archives of other versions of PyTorch', () => {
  it('are of all minor versions from 2.8 on, but for that of the reference', () => {
    const minors = versions.map((version) => Number(version.split('.')[1]));
    expect(minors.toSorted((a, b) => a - b)).toEqual([8, 9, 10, 11, 12, 14]);
  });

  for (const version of versions) {
    const expected = JSON.parse(readFileSync(join(folder, version, 'expected.json'), 'utf8')) as Record<string, Run[]>;
    it.each(Object.keys(expected))(`of ${version}: %s runs and trains`, (name) => {
      for (const { args, outputs, gradients } of expected[name]!) {
        const program = torch.export.load(join(folder, version, `${name}.pt2`));
        const module = program.module();
        const found = tree_leaves(module(...(tensors(args, program.example_inputs![0]) as unknown[]))) as Tensor[];
        const sums = found.filter(({ requires_grad }) => requires_grad).map((output) => output.sum());
        if (sums.length > 0) sums.reduce((sum, output) => sum.add(output)).backward();
        // Kernels of another version may round otherwise in the last bits.
        const close = (a: unknown, b: unknown): void =>
          torch.testing.assert_close(torch.tensor(a as number[]), torch.tensor(b as number[]));
        lists(found).forEach((value, i) => close(value, outputs[i]));
        for (const [name_of_parameter, parameter] of module.named_parameters()) {
          // Of parameters in a branch that did not run Python has zeros.
          const zeros = torch.zeros_like(parameter);
          close((parameter.grad ?? zeros).tolist(), gradients[name_of_parameter] ?? zeros.tolist());
        }
      }
    });
  }
});
