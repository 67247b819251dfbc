/** Members of tensors from early versions of PyTorch, and classes that programs ask for with `instanceof`, compared with Python. */
import * as torch from 'torch-node';
import { expect, it } from 'vitest';

import { python } from './reference.js';

const x = torch.tensor([
  [1.5, 2],
  [3, 4],
]);
const rows: readonly (readonly [theirs: string, ours: () => unknown])[] = [
  ['str(x.resize(4))', () => String(x.resize(4))],
  ['str(x.resize(1, 4))', () => String(x.resize(1, 4))],
  ['str(x.resize_as(torch.ones(4)))', () => String(x.resize_as(torch.ones(4)))],
  ['x.volatile', () => x.volatile],
  ['str(x.new())', () => String(x.new())],
  ['list(x.double().new(2, 3).shape)', () => [...x.double().new(2, 3).shape]],
  ['str(x.double().new(2, 3).dtype)', () => String(x.double().new(2, 3).dtype)],
  ['str(x.new([1, 2]))', () => String(x.new([1, 2]))],
  ['list(x.new(x.shape).shape)', () => [...x.new(x.shape).shape]],
  ['x.new(x).data_ptr() == x.data_ptr()', () => x.new(x).data_ptr() === x.data_ptr()],
  ['x.const_data_ptr() == x.data_ptr()', () => x.const_data_ptr() === x.data_ptr()],
  ['str(torch.zeros(2, 2).module_load(x))', () => String(torch.zeros(2, 2).module_load(x))],
  [
    'torch.zeros(2, 2).module_load(x, assign=True).data_ptr() == x.data_ptr()',
    () => torch.zeros(2, 2).module_load(x, { assign: true }).data_ptr() === x.data_ptr(),
  ],
  ['[isinstance(5, torch.SymInt), isinstance(x.shape[0], torch.SymInt)]', () => [isSym(5), isSym(x.shape[0])]],
  [
    '[d.abbr for d in (torch.float32, torch.bfloat16, torch.int64, torch.uint8, torch.bool, torch.complex64, torch.bits8, torch.bits2x4, torch.int4)]',
    () =>
      [
        torch.float32,
        torch.bfloat16,
        torch.int64,
        torch.uint8,
        torch.bool,
        torch.complex64,
        torch.bits8,
        torch.bits2x4,
        torch.int4,
      ].map((dtype) => dtype.abbr),
  ],
  [
    '[d.abbr for d in (torch.float8_e4m3fn, torch.float4_e2m1fn_x2, torch.qint8, torch.float8_e8m0fnu)]',
    () => [torch.float8_e4m3fn, torch.float4_e2m1fn_x2, torch.qint8, torch.float8_e8m0fnu].map((dtype) => dtype.abbr),
  ],
];
const isSym = (value: unknown): boolean => value instanceof torch.SymInt;
const script = rows.map(([theirs]) => `import torch\nx = torch.tensor([[1.5, 2], [3, 4]])\nshow(${theirs})`);
const theirs = python<unknown[][]>('standard.py', [script]);

it.each(rows.map(([text, ours], i) => [text, ours, theirs[i]![0]] as const))('%s', (_, ours, expected) => {
  expect(ours()).toEqual(expected);
});

it("throws Python's text where resize would change the number of elements", () => {
  expect(() => x.resize(5)).toThrow(
    'requested resize to 5 (5 elements in total), but the given tensor has a size of 2x2 (4 elements)',
  );
});

it('makes no symbolic numbers', () => {
  expect(() => Reflect.construct(torch.SymInt, []) as unknown).toThrow(/^SymInt\(\): nothing is traced here/);
});

const removed = {
  eig: () => x.eig(),
  lstsq: () => x.lstsq(x),
  solve: () => x.solve(x),
  symeig: () => x.symeig(),
};
it.each(Object.entries(removed))("%s throws Python's text", (name, call) => {
  const argument = name === 'lstsq' || name === 'solve' ? 'x' : '';
  const [[answer]] = python<[[{ error: string }]]>('standard.py', [
    [`import torch\nx = torch.ones(2, 2)\nshow(x.${name}(${argument}))`],
  ]);
  expect(call).toThrow(answer.error.replace('RuntimeError: ', ''));
});
