/** Bad input of every kind becomes an Error that names the operator, what was expected and what came. */
import * as torch from 'torch-node';
import { describe, expect, it } from 'vitest';

import { python } from '../reference.js';

const x = (): torch.Tensor => torch.ones(2, 3);
type Loose = (...args: unknown[]) => unknown;
const loose = torch as unknown as Record<string, Loose> & { ops: { aten: Record<string, Loose> } };

const cases: [title: string, run: () => unknown, kind: ErrorConstructor, message: RegExp][] = [
  [
    'a string for a tensor',
    () => loose['add']?.(x(), 'a'),
    TypeError,
    /add\(\): argument 'other' \(position 2\) must be Tensor, not str/,
  ],
  ['a number for a tensor', () => loose['mv']?.(x(), 3), TypeError, /mv\(\): .*must be Tensor, not int/],
  [
    'too many arguments',
    () => loose['relu']?.(x(), 1, 2),
    TypeError,
    /relu\(\) takes 1 positional argument but 3 were given/,
  ],
  ['a missing argument', () => loose['mv']?.(x()), TypeError, /mv\(\) missing 1 required positional arguments: "vec"/],
  ['an unknown option', () => loose['relu']?.(x(), { speed: 3 }), TypeError, /unexpected keyword argument 'speed'/],
  [
    'an argument given twice',
    () => loose['mv']?.(x(), x(), { vec: x() }),
    TypeError,
    /multiple values for argument 'vec'/,
  ],
  [
    'no overload that fits',
    () => loose['max']?.(x(), 'a', 'b'),
    TypeError,
    /max\(\) received an invalid combination of arguments - got \(Tensor, str, str\), but expected one of:\n \* /,
  ],
  [
    'a float for an int',
    () => loose['unsqueeze']?.(x(), 1.5),
    TypeError,
    /unsqueeze\(\): argument 'dim' \(position 2\) must be int, not float/,
  ],
  ['a function', () => loose['relu']?.(() => 1), TypeError, /must be Tensor, not function/],
  ['a list of strings for sizes', () => loose['zeros']?.(['a']), TypeError, /zeros\(\)/],
  [
    'shapes that do not fit',
    () => x().mm(x()),
    Error,
    /mm\(\): mat1 and mat2 shapes cannot be multiplied \(2x3 and 2x3\)/,
  ],
  [
    'sizes that do not broadcast',
    () => x().add(torch.ones(4)),
    Error,
    /add\(\): The size of tensor a \(3\) must match the size of tensor b \(4\)/,
  ],
  ['a dimension out of range', () => x().sum(5), RangeError, /sum\(\): Dimension out of range/],
  ['a dimension out of range in size', () => x().size(2), RangeError, /Dimension out of range/],
  [
    'dtypes that do not mix',
    () => x().mm(x().t().double()),
    Error,
    /mm\(\): expected m1 and m2 to have the same dtype/,
  ],
  ['a negative size', () => torch.zeros([-1]), Error, /^zeros: Dimension size must be non-negative/],
  ['more memory than there is', () => torch.ones([1e15]), Error, /ones\(\): .*can't allocate memory/],
  ['more elements than can be counted', () => torch.zeros([2 ** 40, 2 ** 40]), Error, /zeros\(\)/],
  ['item() of many elements', () => x().item(), Error, /a Tensor with 6 elements cannot be converted to Scalar/],
  ['reading a meta tensor', () => torch.zeros(2, { device: 'meta' }).tolist(), Error, /meta/],
  ['an unknown device', () => torch.zeros(2, { device: 'quantum' }), Error, /quantum/],
  [
    'ragged nested arrays',
    () => torch.tensor([[1, 2], [3]]),
    Error,
    /expected sequence of length 2 at dim 1 \(got 1\)/,
  ],
  ['a string in data', () => torch.tensor(['a'] as unknown as number[]), TypeError, /must hold numbers, not str/],
  ['null as data', () => torch.tensor(null as unknown as number), TypeError, /not NoneType/],
  ['a wrong dtype', () => torch.tensor([1], { dtype: 'float32' as unknown as torch.DType }), TypeError, /dtype/],
  [
    'numpy() with grad',
    () => torch.ones([2], { requires_grad: true }).numpy(),
    Error,
    /Can't call numpy\(\) on Tensor that requires grad/,
  ],
  ['writing to an expanded tensor', () => torch.ones(1).expand(3).add_(torch.arange(3)), Error, /add_\(\)/],
  [
    'an in-place change of a leaf',
    () => torch.ones([2], { requires_grad: true }).add_(1),
    Error,
    /leaf Variable that requires grad/,
  ],
  ['a matrix that has no inverse', () => torch.linalg.inv(torch.zeros(2, 2)), Error, /singular/],
  ['an iteration over a number', () => [...torch.tensor(1)], TypeError, /0-d tensor/],
  ['a bad legacy type', () => x().type('torch.NoTensor'), Error, /invalid type/],
  ['a resizable index', () => torch.nn.functional.one_hot(torch.tensor([5]), 3), Error, /Class values must be smaller/],
];

describe('errors', () => {
  it.each(cases)('%s', (_title, run, kind, message) => {
    let error: unknown;
    try {
      run();
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(kind);
    expect((error as Error).message).toMatch(message);
  });

  it('say the name once where libtorch says it, too', () => {
    const one = torch.ones(2, 2);
    const list = [[], [torch.ones(1, 2), torch.ones(2)]] as torch.Tensor[][];
    const named: [code: string, run: () => unknown][] = [
      ['torch.cat([])', () => torch.cat(list[0]!)],
      ['torch.cat([torch.ones(1, 2), torch.ones(2)])', () => torch.cat(list[1]!)],
      ['torch.linalg.inv(torch.zeros(2, 2))', () => torch.linalg.inv(torch.zeros(2, 2))],
      ['torch.linalg.cholesky(torch.zeros(2, 2))', () => torch.linalg.cholesky(torch.zeros(2, 2))],
      [
        'torch.linalg.solve(torch.zeros(2, 2), torch.ones(2))',
        () => torch.linalg.solve(torch.zeros(2, 2), torch.ones(2)),
      ],
      ['torch.linalg.inv(torch.zeros(2, 3))', () => torch.linalg.inv(torch.zeros(2, 3))],
      ['torch.linalg.multi_dot([torch.ones(2, 2)])', () => torch.linalg.multi_dot([one])],
      ['torch.meshgrid(torch.ones(2, 2))', () => torch.meshgrid(one)],
      ['torch.ones(2, 2).index_fill(0, torch.tensor([0.]), 1)', () => one.index_fill(0, torch.tensor([0]).float(), 1)],
      ['torch.ones(2, 2).index_select(0, torch.tensor([5]))', () => one.index_select(0, torch.tensor([5]))],
      ['torch.ones(2, 2).gather(0, torch.tensor([[0.]]))', () => one.gather(0, torch.tensor([[0]]).float())],
      ['torch.ones(2, 2).scatter(0, torch.tensor([[0.]]), 1)', () => one.scatter(0, torch.tensor([[0]]).float(), 1)],
      ['torch.ones(2, 2).scatter_(0, torch.tensor([[0.]]), 1)', () => one.scatter_(0, torch.tensor([[0]]).float(), 1)],
      ['torch.bincount(torch.tensor([-1]))', () => torch.bincount(torch.tensor([-1]))],
      ['torch.ones(2, 2).mean(dtype=torch.int64)', () => one.mean({ dtype: torch.int64 })],
      ['torch.ones(0).argmax()', () => torch.ones(0).argmax()],
      ['torch.ones(0).max()', () => torch.ones(0).max()],
      ['torch.ones(2, dtype=torch.int64).mean()', () => torch.ones(2, { dtype: torch.int64 }).mean()],
      ['torch.ones(2, 2).cross(torch.ones(2, 2))', () => one.cross(one)],
      ['torch.multinomial(torch.ones(2, 2), 5)', () => torch.multinomial(one, 5)],
    ];
    const theirs = python<[{ error: string }][]>('snippets.py', [named.map(([code]) => code)]);
    const wrong = named.flatMap(([code, run], i) => {
      let ours = '';
      try {
        run();
      } catch (error) {
        ours = (error as Error).message.split('\n')[0]!;
      }
      const name = /([\w]+)\([^()]*(?:\([^()]*\)[^()]*)*\)$/.exec(code)![1]!;
      const expected = theirs[i]![0].error.split('\n')[0]!;
      // Python's text, which begins with the name; others have it put before them.
      const begins = new RegExp(`^(?:torch\\.)?(?:linalg[._])?${name.replace(/_$/, '')}_?(?:\\(\\))?:`).test(expected);
      const right = begins ? ours === expected : ours.endsWith(`${name}(): ${expected}`);
      return right ? [] : [{ code, ours, expected }];
    });
    expect(wrong).toEqual([]);
    expect(theirs.filter(([{ error }], i) => error.includes(': ') && named[i] !== undefined).length).toBeGreaterThan(
      10,
    );
  });

  it('name the function that was called when an operator of another name fails', () => {
    const message = (run: () => unknown): string => {
      try {
        run();
      } catch (error) {
        return (error as Error).message.split('\n')[0]!;
      }
      return '';
    };
    const composed: [code: string, run: () => unknown][] = [
      [
        'torch.pca_lowrank(torch.ones(2, 3, dtype=torch.int32), 2)',
        () => torch.pca_lowrank(torch.ones(2, 3, { dtype: torch.int32 }), 2),
      ],
      [
        'torch.svd_lowrank(torch.ones(2, 3, dtype=torch.int32))',
        () => torch.svd_lowrank(torch.ones(2, 3, { dtype: torch.int32 })),
      ],
      [
        'torch.svd_lowrank(torch.ones(2, 3), M=torch.ones(5))',
        () => torch.svd_lowrank(torch.ones(2, 3), { M: torch.ones(5) }),
      ],
      [
        'torch.nested.nested_tensor([torch.ones(1, 2), torch.ones(2)])',
        () => torch.nested.nested_tensor([torch.ones(1, 2), torch.ones(2)]),
      ],
      [
        'torch.nested.as_nested_tensor([torch.ones(1, 2), torch.ones(2)])',
        () => torch.nested.as_nested_tensor([torch.ones(1, 2), torch.ones(2)]),
      ],
      [
        'torch.masked.sum(torch.ones(2, 3), mask=torch.ones(9) > 0)',
        () => torch.masked.sum(torch.ones(2, 3), { mask: torch.ones(9).gt(0) }),
      ],
      ['torch.ones(2, 2).to_mkldnn().int()', () => torch.ones(2, 2).to_mkldnn().int()],
      ['torch.ones(2, 2).to_mkldnn().type(torch.int8)', () => torch.ones(2, 2).to_mkldnn().type(torch.int8)],
      ['torch.signal.windows.hann(10 ** 15)', () => torch.signal.windows.hann(1e15)],
    ];
    const theirs = python<[{ error: string }][]>('snippets.py', [
      composed.map(([code]) => `import torch.masked\n${code}`),
    ]);
    for (const [i, [code, run]] of composed.entries()) {
      const name = /([\w]+)\((?:[^()]|\([^()]*\))*\)$/.exec(code)![1]!;
      // Without the name of the inner function, and the list of backends, which depends on the build.
      const text = theirs[i]![0]!.error.split('\n')[0]!
        .replace(/^\w+\(\): /, '')
        .replace(/ This could be because.*/, '');
      expect.soft(message(run).replace(/ This could be because.*/, ''), code).toBe(`${name}(): ${text}`);
    }
    const inverse = message(() => torch.linalg.inv(torch.zeros(2, 2)));
    expect(inverse).toMatch(/^linalg\.inv: /);
    expect(message(() => torch.nn.utils.get_total_norm([torch.ones(1), torch.ones(1, { device: 'meta' })]))).toMatch(
      /^get_total_norm\(\): /,
    );
  });

  it.skipIf(torch.cuda.is_available())('CUDA without CUDA gives the message of PyTorch', () => {
    expect(() => x().cuda()).toThrow(torch.version.cuda === null ? 'Torch not compiled with CUDA enabled' : /NVIDIA/);
    expect(() => x().to('cuda:0')).toThrow(Error);
    expect(torch.cuda.device_count()).toBe(0);
  });
});

describe('torch.ops', () => {
  it('reaches every operator of the dispatcher', () => {
    const ours = Object.keys(torch.ops.aten)
      .sort()
      .map((name) => [
        name,
        torch.ops.aten[name]!.overloads()
          .map((overload) => (overload === 'default' ? '' : overload))
          .sort(),
      ]);
    expect(Object.fromEntries(ours)).toEqual(python<Record<string, string[]>>('operator_names.py'));
  });

  it('calls a packet and a single overload', () => {
    expect((torch.ops.aten['add']!(x(), x()) as torch.Tensor).sum().item()).toBe(12);
    const overload = torch.ops.aten['add']?.['Tensor'];
    expect((overload!(x(), 1) as torch.Tensor).sum().item()).toBe(12);
    expect(overload?.schema).toContain('add.Tensor(Tensor self, Tensor other');
  });

  it('knows what does not exist', () => {
    expect(torch.ops.aten['no_such_operator']).toBeUndefined();
    expect(torch.ops.aten['add']?.['NoOverload']).toBeUndefined();
  });
});
