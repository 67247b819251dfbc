/** What editors show of the package: completions, and the text for what the pointer is on. */
import { createRequire } from 'node:module';
import * as torch from 'torch-node';
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

// The compiled package's own module, which tells what stands for a name that is not here.
const { is_absent } = createRequire(import.meta.url)('../../dist/absent/absent.js') as {
  is_absent(value: unknown): boolean;
};

/** Names of functions that are called, so that Python's classes of the name are left out. */
function functions_in(path: string, namespace: object, seen = new Set<unknown>()): string[] {
  return Object.entries(namespace).flatMap(([name, value]: [string, unknown]) => {
    if (name.startsWith('_') || name === 'default' || is_absent(value)) return [];
    if (typeof value === 'function') return /^[a-z]/.test(name) && !classes.has(value) ? [`${path}.${name}`] : [];
    const is_module = typeof value === 'object' && value !== null && '__esModule' in value;
    return is_module && !seen.has(value) ? functions_in(`${path}.${name}`, value, seen.add(value)) : [];
  });
}

const classes = new Set<unknown>([torch.device, torch.dtype, torch.layout, torch.memory_format, torch.qscheme]);
const functions = functions_in('torch', torch);

const program = [
  "import * as torch from 'torch-node';",
  'declare const x: torch.Tensor;',
  'declare const parameter: torch.nn.Parameter;',
  ...calls.map(([call]) => `void ${call}; // ${call}`),
  ...objects.map((name) => `${name}.; // ${name}`),
  ...functions.map((name) => `void ${name}(; // first form of ${name}`),
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

  // Python's `torch._inductor` and `torch._higher_order_ops` are documented, programs set `torch._dynamo.config`, and torch._VF is where the types of private
  // names are.
  const allowed = ['_VF', '_dynamo', '_higher_order_ops', '_inductor', '__version__'];

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

/** The parameters of what is shown, without what is nested in them; null for what is not a function. */
function parameters_of(shown: string): string | null {
  const code = shown.replace(/^```typescript\n(\(alias\) )?/, '');
  if (!code.startsWith('function ')) return null;
  let list = '';
  let depth = 0;
  for (const char of code.slice('function '.length).replaceAll('=>', '')) {
    if (')>}]'.includes(char)) depth--;
    if (char === ')' && depth === 0) return list;
    if (depth > 0) list += depth === 1 ? char : ' ';
    if ('(<{['.includes(char)) depth++;
  }
  return null;
}

describe('the first form of each function', () => {
  it('is found for the functions of all modules', () => {
    expect(functions.length).toBeGreaterThan(1000);
    const some = [
      'torch.full',
      'torch.nn.functional.relu',
      'torch.sparse.mm',
      'torch.linalg.svd',
      'torch.nn.init.eye_',
    ];
    expect(functions).toEqual(expect.arrayContaining([...some, 'torch.masked.var', 'torch.nn.utils.prune.identity']));
  });

  it('has its parameters one by one, by position, as people write them', async () => {
    const unreadable: string[] = [];
    const undeclared: string[] = [];
    for (const name of functions) {
      const shown = await editor.hover(`first form of ${name}`);
      if (shown.startsWith('```typescript\nany\n')) undeclared.push(name);
      const parameters = parameters_of(shown);
      // Those of a class that is called with them, as in Python.
      const of_another = name === 'torch.nn.utils.skip_init';
      const is_list_of_all = parameters === null || (/\.\.\.(args|options)\b/.test(parameters) && !of_another);
      if (is_list_of_all) unreadable.push(`${name}: ${shown.slice(0, 200)}`);
    }
    // The declarations that are published have all.
    expect(undeclared).toEqual([]);
    // Objects that can be called, classes of constraints, and classes with arguments, as in Python.
    const objects = /^torch\.distributions\.(?:\w+\.)?(?:identity_transform|biject_to|transform_to)$/;
    const constraints = /^torch\.distributions\.constraints\.\w+$/;
    const factories = /^torch\.ao\.quantization\.(?:default_|weight_observer|per_channel_weight)\w+$/;
    const functions_only = unreadable.filter((text) => {
      const [name] = text.split(': ') as [string];
      return !undeclared.includes(name) && !objects.test(name) && !constraints.test(name) && !factories.test(name);
    });
    expect(functions_only).toEqual([]);
  });
});
