/** What editors show of the package: completions, and the text for what the pointer is on. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Editor, open_editor } from './language_server.js';

/** Calls with the beginning of what is shown for the function. */
const calls: readonly [call: string, shown: string][] = [
  ['torch.add(x, 1)', '(alias) function add(input: Tensor | torch.Scalar, other: Tensor | torch.Scalar, options?: {'],
  ['torch.matmul(x, x)', '(alias) function matmul(input: Tensor, other: Tensor, options?: {'],
  ['torch.max(x, 1)', '(alias) function max(input: Tensor, dim: Int, keepdim?: boolean, options?: {'],
  ['torch.max(x)', '(alias) function max(input: Tensor, options?: {'],
  ['torch.clamp(x, 0, x)', '(alias) function clamp(input: Tensor, min?: Tensor | torch.Scalar | null, max?:'],
  ['torch.where(x, x, x)', '(alias) function where(condition: Tensor, input: Tensor, other: Tensor, options?: {'],
  ['torch.cat([x, x])', '(alias) function cat(tensors: readonly Tensor[], dim?: Int, options?: {'],
  ['torch.stack([x])', '(alias) function stack(tensors: readonly Tensor[], dim?: Int, options?: {'],
  ['torch.softmax(x, 0)', '(alias) function softmax(input: Tensor, dim: Int, dtype?: torch.DType | null,'],
  ['torch.zeros(2, 3)', '(alias) function zeros(...size: number[]): Tensor'],
  ['torch.arange(3)', '(alias) function arange(end: torch.Scalar, options?: {'],
  ['torch.var(x)', '(alias) function var_(input: Tensor, '],
  ['torch.tensor([2])', '(alias) function tensor(data: torch.TensorData, options?: torch.TensorOptions): Tensor'],
  ['torch.manual_seed(0)', '(alias) function manual_seed(seed: number | bigint): torch.Generator'],
  ['torch.fft.fft(x)', 'function fft(input: Tensor, n?: Int | null, dim?: Int, norm?: string | null, options?: {'],
  ['torch.linalg.svd(x)', 'function svd(A: Tensor, full_matrices?: boolean, options?: {'],
  ['torch.nn.functional.linear(x, x)', '(alias) function linear(input: Tensor, weight: Tensor, bias?: Tensor | null,'],
  ['x.add(1)', '(method) TensorMethods.add(other: Tensor | torch.Scalar, options?: {'],
  ['x.sum(0)', '(method) TensorMethods.sum(dim: Int | readonly Int[] | null, keepdim?: boolean, options?: {'],
  ['x.view(2, 3)', '(method) TensorMethods.view(...size: number[]): Tensor'],
];

const objects = ['torch', 'x', 'torch.nn', 'torch.nn.functional', 'torch.linalg', 'torch.fft', 'parameter'] as const;

const program = [
  "import * as torch from 'torch-node';",
  'declare const x: torch.Tensor;',
  'declare const parameter: torch.nn.Parameter;',
  ...calls.map(([call]) => `void ${call}; // ${call}`),
  ...objects.map((name) => `${name}.; // ${name}`),
].join('\n');

let editor: Editor;

beforeAll(async () => {
  editor = await open_editor(program);
});
afterAll(() => editor.close());

describe('completions', () => {
  const usual: Record<(typeof objects)[number], string[]> = {
    torch: ['add', 'cat', 'einsum', 'float32', 'nn', 'no_grad', 'ones', 'tensor', 'var'],
    x: ['add', 'backward', 'index', 'shape', 'sum', 'to', 'unbind'],
    'torch.nn': ['Conv2d', 'Linear', 'Module', 'Parameter', 'functional'],
    'torch.nn.functional': ['conv2d', 'cross_entropy', 'relu', 'scaled_dot_product_attention'],
    'torch.linalg': ['LinAlgError', 'inv', 'svd'],
    'torch.fft': ['fft', 'rfft'],
    parameter: ['add_', 'grad', 'requires_grad'],
  };

  // Python's `torch._inductor` is documented, and torch._VF is where the types of private names are.
  const allowed = ['_VF', '_inductor', '__version__'];

  it.each(objects)('of %s have the usual names, and none that begins with an underscore', async (name) => {
    const names = await editor.completions(name);
    expect(names).toEqual(expect.arrayContaining(usual[name]));
    expect(names.filter((label) => label.startsWith('_')).sort()).toEqual(name === 'torch' ? allowed.sort() : []);
  });
});

describe('a call shows a function with its parameters and what it does', () => {
  it.each(calls)('%s', async (call, shown) => {
    const text = await editor.hover(call);
    expect(text.replace(/^```typescript\n/, '').slice(0, shown.length)).toBe(shown);
    expect(text).toMatch(/irrors `(torch|Tensor)\./);
  });
});
