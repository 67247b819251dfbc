/** What notebooks are given of values: the printed form, and the same as HTML. */
import * as torch from 'torch-node';
import { nn } from 'torch-node';
import * as np from 'torch-node/numpy';
import { expect, it } from 'vitest';

const shown = (value: object): Record<string, string> =>
  (value as Record<symbol, () => Record<string, string>>)[Symbol.for('Jupyter.display')]!();

/** The texts of an HTML fragment of `div` and `pre` alone, as a browser reads them. */
function texts(html: string): string[] {
  const rest = html.replace(/<(\/?)(?:div|pre)(?: style="[^"<>]*")?>/g, '\0');
  expect(rest).not.toMatch(/[<>"]/);
  const entities: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"' };
  return rest
    .replace(/&\w+;/g, (entity) => entities[entity]!)
    .split('\0')
    .filter((text) => text !== '');
}

it.each<[kind: string, value: () => torch.Tensor, facts: string]>([
  ['a number', () => torch.tensor(2.5), 'Tensor · shape [] · float32 · cpu'],
  ['a matrix', () => torch.arange(6).view(2, 3), 'Tensor · shape [2, 3] · int64 · cpu'],
  [
    'one with a graph, whose name has angle brackets',
    () => torch.ones(2, { requires_grad: true }).mul(2),
    'Tensor · shape [2] · float32 · cpu · requires_grad',
  ],
  ['a parameter', () => new nn.Parameter(torch.zeros(3)), 'Parameter · shape [3] · float32 · cpu · requires_grad'],
  ['one that is summarized', () => torch.zeros(1000, 1000), 'Tensor · shape [1000, 1000] · float32 · cpu'],
  ['one without elements', () => torch.zeros(0, 3), 'Tensor · shape [0, 3] · float32 · cpu'],
  ['one without storage', () => torch.zeros(2, { device: 'meta' }), 'Tensor · shape [2] · float32 · meta'],
  ['a sparse one', () => torch.eye(2).to_sparse(), 'Tensor · shape [2, 2] · float32 · cpu'],
  [
    'a quantized one',
    () => torch.quantize_per_tensor(torch.ones(2), 0.5, 1, torch.quint8),
    'Tensor · shape [2] · quint8 · cpu',
  ],
  ['one of several', () => torch.nested.nested_tensor([torch.ones(2), torch.ones(3)]), 'Tensor · float32 · cpu'],
  ['one that waits for its shape', () => new nn.UninitializedParameter(), 'UninitializedParameter'],
])('shows a tensor: %s', (_, value, facts) => {
  const tensor = value();
  const { 'text/plain': plain, 'text/html': html, ...others } = shown(tensor);
  expect(others).toEqual({});
  expect(plain).toBe(String(tensor));
  expect(texts(html!)).toEqual([facts, plain]);
  expect(html!.length).toBeLessThan(2000);
});

it('shows a tensor that was freed', () => {
  const tensor = torch.ones(2);
  tensor.dispose();
  expect(texts(shown(tensor)['text/html']!)).toEqual(['tensor(<disposed>)']);
});

it('shows arrays', () => {
  const array = np.arange(4000).reshape(2, 2000);
  expect(shown(array)['text/plain']).toBe(array.repr());
  expect(texts(shown(array)['text/html']!)).toEqual(['ndarray · shape [2, 2000] · int64', array.repr()]);
});

it('shows modules, with what they learn', () => {
  class Marked extends nn.Module {
    layer = new nn.Linear(2, 3);
    lazy = new nn.LazyLinear(4);
    override extra_repr(): string {
      return '<b>"&amp;"</b>';
    }
  }
  const model = new Marked();
  const known = new nn.Sequential(new nn.Linear(2, 3), new nn.ReLU());
  expect(shown(known)['text/plain']).toBe(String(known));
  expect(texts(shown(known)['text/html']!)).toEqual(['Sequential · 9 parameters', String(known)]);
  for (const parameter of known.parameters()) parameter.requires_grad_(false);
  expect(texts(shown(known)['text/html']!)[0]).toBe('Sequential · 9 parameters · 0 of them trainable');
  expect(texts(shown(model)['text/html']!)).toEqual([
    'Marked · 9 parameters · 2 tensors without a shape yet',
    String(model),
  ]);
});
