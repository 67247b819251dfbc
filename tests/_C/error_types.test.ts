/** Types of tensors in errors: Python's names, not those of C++. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as torch from 'torch-node';
import { afterAll, expect, it } from 'vitest';

import { python } from '../reference.js';

const folder = mkdtempSync(join(tmpdir(), 'torch-node-errors-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function changed(): torch.Tensor {
  const y = torch.ones(3, { requires_grad: true }).exp();
  y.add_(1);
  return y;
}

const made = '(lambda y: (y.add_(1), y)[1])(torch.ones(3, requires_grad=True).exp())';
const cases: [python: string, ours: () => unknown][] = [
  [
    `${made}.sum().backward()`,
    () => {
      changed().sum().backward();
    },
  ],
  [
    `torch.autograd.backward(${made}.sum())`,
    () => {
      torch.autograd.backward(changed().sum());
    },
  ],
  [
    '(lambda x: torch.autograd.grad((lambda y: (y.add_(1), y.sum())[1])(x.exp()), x))(torch.ones(3, requires_grad=True))',
    () => {
      const x = torch.ones(3, { requires_grad: true });
      const y = x.exp();
      y.add_(1);
      return torch.autograd.grad(y.sum(), x);
    },
  ],
  [
    'torch.nn.functional.embedding(torch.ones(2), torch.ones(3, 3))',
    () => torch.nn.functional.embedding(torch.ones(2), torch.ones(3, 3)),
  ],
  ['torch.bincount(torch.ones(2).double())', () => torch.bincount(torch.ones(2).to(torch.float64))],
];

it('are those of Python', () => {
  const file = join(folder, 'texts.json');
  writeFileSync(file, JSON.stringify(cases.map(([text]) => text)));
  const expected = python<{ error?: string }[]>('python_texts.py', [file]);
  cases.forEach(([text, ours], i) => {
    expect(expected[i]!.error, text).toBeDefined();
    let message = '';
    try {
      ours();
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message.replace(/^\w+\(\): /, ''), text).toBe(expected[i]!.error);
  });
});
