/** torch.testing.assert_close beside Python's: what it lets pass, and the texts and classes of what it throws. */
import * as torch from 'torch-node';
import { AssertionError, type AssertCloseOptions } from 'torch-node/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { python } from '../reference.js';

const { assert_close } = torch.testing;
const t = torch.tensor;
const { float32, float64, float16, bfloat16, int32, uint8, uint64, int64, complex64, float8_e4m3fn } = torch;

interface Case {
  /** What Python compares: the arguments of assert_close. */
  readonly py: string;
  readonly js: () => void;
}

const close = (actual: unknown, expected: unknown, options?: AssertCloseOptions) => (): void => {
  assert_close(actual, expected, options);
};

const coo = (indices: number[][], values: number[], size: number[]): torch.Tensor =>
  torch.sparse_coo_tensor(t(indices), t(values, { dtype: float32 }), size);
const csr = (crow: number[], col: number[], values: number[], size: number[]): torch.Tensor =>
  torch.sparse_csr_tensor(t(crow), t(col), t(values, { dtype: float32 }), size);
const f32 = (data: torch.TensorData): torch.Tensor => t(data, { dtype: float32 });
const quantized = (values: number[], scale: number): torch.Tensor =>
  torch.quantize_per_tensor(f32(values), scale, 0, torch.quint8);

const cases: Record<string, Case> = {
  'equal tensors': { py: 't([1., 2.]), t([1., 2.])', js: close(f32([1, 2]), f32([1, 2])) },
  'close tensors': { py: 't([1., 2.]), t([1., 2.000001])', js: close(f32([1, 2]), f32([1, 2.000001])) },
  'unequal floats': { py: 't([1., 2., 3.]), t([1., 4., 5.])', js: close(f32([1, 2, 3]), f32([1, 4, 5])) },
  'a matrix': {
    py: 't([[1., 2.], [3., 4.]]), t([[1., 2.], [3.5, 4.]])',
    js: close(
      f32([
        [1, 2],
        [3, 4],
      ]),
      f32([
        [1, 2],
        [3.5, 4],
      ]),
    ),
  },
  float64: {
    py: 't([0.1, 0.2], dtype=torch.float64), t([0.1, 0.2000001], dtype=torch.float64)',
    js: close(t([0.1, 0.2], { dtype: float64 }), t([0.1, 0.2000001], { dtype: float64 })),
  },
  float16: {
    py: 't([1., 2.], dtype=torch.float16), t([1., 2.01], dtype=torch.float16)',
    js: close(t([1, 2], { dtype: float16 }), t([1, 2.01], { dtype: float16 })),
  },
  bfloat16: {
    py: 't([1., 2.], dtype=torch.bfloat16), t([1., 2.1], dtype=torch.bfloat16)',
    js: close(t([1, 2], { dtype: bfloat16 }), t([1, 2.1], { dtype: bfloat16 })),
  },
  integers: { py: 't([1, 2, 3]), t([1, 2, 4])', js: close(t([1, 2, 3]), t([1, 2, 4])) },
  'uint8 below zero': {
    py: 't([1], dtype=torch.uint8), t([3], dtype=torch.uint8)',
    js: close(t([1], { dtype: uint8 }), t([3], { dtype: uint8 })),
  },
  booleans: { py: 't([True, False]), t([True, True])', js: close(t([true, false]), t([true, true])) },
  complex: {
    py: 't([1 + 2j, 3j]), t([1 + 2j, 4j])',
    js: close(
      t([torch.complex_number(1, 2), torch.complex_number(0, 3)]),
      t([torch.complex_number(1, 2), torch.complex_number(0, 4)]),
    ),
  },
  '0-d tensors': { py: 't(1.5), t(2.5)', js: close(t(1.5), t(2.5)) },
  '0-d integers': { py: 't(1), t(2)', js: close(t(1), t(2)) },
  '0-d booleans': { py: 't(True), t(False)', js: close(t(true), t(false)) },
  '0-d complex': {
    py: 't(1 + 2j), t(1 + 3.5j)',
    js: close(t(torch.complex_number(1, 2)), t(torch.complex_number(1, 3.5))),
  },
  '0-d zero': { py: 't(1e-3), t(0.)', js: close(t(1e-3), f32(0)) },
  NaN: { py: 't([1., float("nan")]), t([1., float("nan")])', js: close(f32([1, NaN]), f32([1, NaN])) },
  'NaN that are equal': {
    py: 't([1., float("nan")]), t([1., float("nan")]), equal_nan=True',
    js: close(f32([1, NaN]), f32([1, NaN]), { equal_nan: true }),
  },
  '0-d NaN': { py: 't(float("nan")), t(float("nan"))', js: close(t(NaN), t(NaN)) },
  infinity: { py: 't([float("inf"), 1.]), t([1., 1.])', js: close(f32([Infinity, 1]), f32([1, 1])) },
  'equal infinities': { py: 't([float("inf")]), t([float("inf")])', js: close(f32([Infinity]), f32([Infinity])) },
  'an empty tensor': { py: 'torch.empty(0, 3), torch.empty(0, 3)', js: close(torch.empty(0, 3), torch.empty(0, 3)) },
  'the shape': { py: 't([1., 2.]), t([[1., 2.]])', js: close(f32([1, 2]), f32([[1, 2]])) },
  'the dtype': {
    py: 't([1., 2.]), t([1., 2.], dtype=torch.float64)',
    js: close(f32([1, 2]), t([1, 2], { dtype: float64 })),
  },
  'no check of the dtype': {
    py: 't([1., 2.]), t([1, 3]), check_dtype=False',
    js: close(f32([1, 2]), t([1, 3]), { check_dtype: false }),
  },
  'uint64 beside int32': {
    py: 't([1], dtype=torch.uint64), t([2], dtype=torch.int32), check_dtype=False',
    js: close(t([1], { dtype: uint64 }), t([2], { dtype: int32 }), { check_dtype: false }),
  },
  'the device': { py: 't([1.]), t([1.]).to("meta")', js: close(f32([1]), f32([1]).to('meta')) },
  'no check of the device': {
    py: 't([1.]), t([2.]).to("meta"), check_device=False',
    js: close(f32([1]), f32([2]).to('meta'), { check_device: false }),
  },
  'the strides': { py: 'torch.ones(2, 3), torch.ones(3, 2).T', js: close(torch.ones(2, 3), torch.ones(3, 2).T) },
  'a check of the strides': {
    py: 'torch.ones(2, 3), torch.ones(3, 2).T, check_stride=True',
    js: close(torch.ones(2, 3), torch.ones(3, 2).T, { check_stride: true }),
  },
  'the layout': { py: 'torch.ones(2), torch.ones(2).to_sparse()', js: close(torch.ones(2), torch.ones(2).to_sparse()) },
  'no check of the layout': {
    py: 'torch.ones(2), t([1., 2.]).to_sparse(), check_layout=False',
    js: close(torch.ones(2), f32([1, 2]).to_sparse(), { check_layout: false }),
  },
  'both tolerances': {
    py: 't([1.]), t([1.2]), rtol=0.1, atol=0.5',
    js: close(f32([1]), f32([1.2]), { rtol: 0.1, atol: 0.5 }),
  },
  'tolerances that are passed': {
    py: 't([1.]), t([2.]), rtol=1e-5, atol=0.25',
    js: close(f32([1]), f32([2]), { rtol: 1e-5, atol: 0.25 }),
  },
  'no tolerance': {
    py: 't([1.]), t([1.0000001]), rtol=0, atol=0',
    js: close(f32([1]), f32([1.0000001]), { rtol: 0, atol: 0 }),
  },
  'one zero tolerance': {
    py: 't([1.]), t([2.]), rtol=0, atol=0.1',
    js: close(f32([1]), f32([2]), { rtol: 0, atol: 0.1 }),
  },
  'rtol alone': { py: 't([1.]), t([1.]), rtol=0.1', js: close(f32([1]), f32([1]), { rtol: 0.1 }) },
  'atol alone': { py: '[t([1.])], [t([1.])], atol=0.1', js: close([f32([1])], [f32([1])], { atol: 0.1 }) },
  'a message': { py: 't([1.]), t([2.]), msg="Argh"', js: close(f32([1]), f32([2]), { msg: 'Argh' }) },
  'a message of a function': {
    py: '[t([1.])], [t([2.])], msg=lambda m: f"Header\\n{m}\\nFooter"',
    js: close([f32([1])], [f32([2])], { msg: (text) => `Header\n${text}\nFooter` }),
  },
  'a message for another length': { py: '[1], [], msg="Argh"', js: close([1], [], { msg: 'Argh' }) },

  ints: { py: '1, 2', js: close(1, 2) },
  'large ints': { py: '2**63, 2**63 + 1', js: close(2n ** 63n, 2n ** 63n + 1n) },
  floats: { py: '1.5, 2.25', js: close(1.5, 2.25) },
  'close floats': { py: '1.5, 1.5 + 1e-9', js: close(1.5, 1.5 + 1e-9) },
  'floats beside zero': { py: '1e-9, 1e-10, rtol=0, atol=0', js: close(1e-9, 1e-10, { rtol: 0, atol: 0 }) },
  'NaN numbers': { py: 'float("nan"), float("nan")', js: close(NaN, NaN) },
  'equal NaN numbers': { py: 'float("nan"), float("nan"), equal_nan=True', js: close(NaN, NaN, { equal_nan: true }) },
  'an int beside a complex': { py: '1, 1 + 1j', js: close(1, torch.complex_number(1, 1)) },
  'complex numbers': {
    py: '1 + 2.5j, 1 + 3.5j',
    js: close(torch.complex_number(1, 2.5), torch.complex_number(1, 3.5)),
  },
  bools: { py: 'True, False', js: close(true, false) },
  'equal bools': { py: 'True, True', js: close(true, true) },
  'None beside a number': { py: 'None, 1', js: close(null, 1) },
  'None twice': { py: 'None, None', js: close(null, null) },
  'a tensor beside a number': { py: 't(1.), 1.5', js: close(f32(1), 1.5) },
  'a tensor beside a list': { py: 't([1.]), [1.5]', js: close(f32([1]), [1.5]) },
  'a text': { py: '"a", "b"', js: close('a', 'b') },
  'an array beside a tensor': { py: 't([1.]).numpy(), t([1.])', js: close(f32([1]).numpy(), f32([1])) },
  arrays: { py: 't([1.]).numpy(), t([2.]).numpy()', js: close(f32([1]).numpy(), f32([2]).numpy()) },
  'typed arrays': {
    py: 'np.array([1., 2.]), np.array([1., 3.])',
    js: close(new Float64Array([1, 2]), new Float64Array([1, 3])),
  },
  'a parameter': { py: 'nn.Parameter(t([1.])), t([2.])', js: close(new torch.nn.Parameter(f32([1])), f32([2])) },
  'a parameter, strictly': {
    py: 'nn.Parameter(t([1.])), t([1.]), allow_subclasses=False',
    js: close(new torch.nn.Parameter(f32([1])), f32([1]), { allow_subclasses: false }),
  },
  'a dict beside a list': { py: '{}, []', js: close({}, []) },

  sequences: {
    py: '[t([1.]), 2.5, t(3)], [t([1.]), 3.5, t(3)]',
    js: close([f32([1]), 2.5, t(3)], [f32([1]), 3.5, t(3)]),
  },
  'the length of sequences': { py: '[1, 2], [1]', js: close([1, 2], [1]) },
  'an inner length': { py: '[[1], [1, 2]], [[1], [1]]', js: close([[1], [1, 2]], [[1], [1]]) },
  mappings: {
    py: '{"b": t([1.]), "a": [1, 2]}, {"a": [1, 3], "b": t([1.])}',
    js: close({ b: f32([1]), a: [1, 2] }, { a: [1, 3], b: f32([1]) }),
  },
  'the keys of mappings': {
    py: '{"b": 1, "a": 1, "z": 0}, {"a": 1, "d": 2, "c": 3}',
    js: close({ b: 1, a: 1, z: 0 }, { a: 1, d: 2, c: 3 }),
  },
  Maps: { py: '{1: 2.5}, {1: 3.5}', js: close(new Map([[1, 2.5]]), new Map([[1, 3.5]])) },
  'an object beside a Map': { py: '{"a": 1}, {"a": 2}', js: close({ a: 1 }, new Map([['a', 2]])) },
  'deep inside': { py: '{"a": [{"b": 1}]}, {"a": [{"b": 2}]}', js: close({ a: [{ b: 1 }] }, { a: [{ b: 2 }] }) },

  'sparse COO values': {
    py: 'torch.sparse_coo_tensor([[0, 1]], [1., 2.], (3,)), torch.sparse_coo_tensor([[0, 1]], [1., 3.], (3,))',
    js: close(coo([[0, 1]], [1, 2], [3]), coo([[0, 1]], [1, 3], [3])),
  },
  'sparse COO indices': {
    py: 'torch.sparse_coo_tensor([[0, 1]], [1., 2.], (3,)), torch.sparse_coo_tensor([[0, 2]], [1., 2.], (3,))',
    js: close(coo([[0, 1]], [1, 2], [3]), coo([[0, 2]], [1, 2], [3])),
  },
  'sparse COO counts': {
    py: 'torch.sparse_coo_tensor([[0]], [1.], (3,)), torch.sparse_coo_tensor([[0, 2]], [1., 2.], (3,))',
    js: close(coo([[0]], [1], [3]), coo([[0, 2]], [1, 2], [3])),
  },
  'sparse COO dimensions': {
    py: 'torch.sparse_coo_tensor([[0]], t([[1., 2.]]), (3, 2)), torch.sparse_coo_tensor([[0], [1]], [1.], (3, 2))',
    js: close(torch.sparse_coo_tensor(t([[0]]), f32([[1, 2]]), [3, 2]), coo([[0], [1]], [1], [3, 2])),
  },
  'sparse CSR values': {
    py: 'torch.sparse_csr_tensor([0, 1, 2], [0, 1], [1., 2.], (2, 2)), torch.sparse_csr_tensor([0, 1, 2], [0, 1], [1., 3.], (2, 2))',
    js: close(csr([0, 1, 2], [0, 1], [1, 2], [2, 2]), csr([0, 1, 2], [0, 1], [1, 3], [2, 2])),
  },
  'sparse CSR compressed indices': {
    py: 'torch.sparse_csr_tensor([0, 1, 2], [0, 1], [1., 2.], (2, 2)), torch.sparse_csr_tensor([0, 2, 2], [0, 1], [1., 2.], (2, 2))',
    js: close(csr([0, 1, 2], [0, 1], [1, 2], [2, 2]), csr([0, 2, 2], [0, 1], [1, 2], [2, 2])),
  },
  'sparse CSC plain indices': {
    py: 't([[1., 0.], [0., 2.]]).to_sparse_csc(), t([[1., 2.], [0., 0.]]).to_sparse_csc()',
    js: close(
      f32([
        [1, 0],
        [0, 2],
      ]).to_sparse_csc(),
      f32([
        [1, 2],
        [0, 0],
      ]).to_sparse_csc(),
    ),
  },
  'sparse CSC counts': {
    py: 't([[1., 0.], [0., 2.]]).to_sparse_csc(), t([[1., 2.], [3., 0.]]).to_sparse_csc()',
    js: close(
      f32([
        [1, 0],
        [0, 2],
      ]).to_sparse_csc(),
      f32([
        [1, 2],
        [3, 0],
      ]).to_sparse_csc(),
    ),
  },
  'quantized values': {
    py: 'q([1., 2.], 0.1), q([1., 3.], 0.1)',
    js: close(quantized([1, 2], 0.1), quantized([1, 3], 0.1)),
  },
  'one quantized': { py: 'q([1., 2.], 0.1), t([1., 2.])', js: close(quantized([1, 2], 0.1), f32([1, 2])) },
  'quantization schemes': {
    py: 'q([1., 2.], 0.1), torch.quantize_per_channel(t([1., 2.]), t([0.1, 0.1]), t([0, 0]), 0, torch.quint8)',
    js: close(
      quantized([1, 2], 0.1),
      torch.quantize_per_channel(f32([1, 2]), f32([0.1, 0.1]), t([0, 0]), 0, torch.quint8),
    ),
  },
  float8: {
    py: 't([1., 2., 3.]).to(torch.float8_e4m3fn), t([1., 4., 5.]).to(torch.float8_e4m3fn)',
    js: close(f32([1, 2, 3]).to(float8_e4m3fn), f32([1, 4, 5]).to(float8_e4m3fn)),
  },
  'float8 with tolerances': {
    py: 't([1.]).to(torch.float8_e4m3fn), t([1.]).to(torch.float8_e4m3fn), rtol=0.1, atol=0.0625',
    js: close(f32([1]).to(float8_e4m3fn), f32([1]).to(float8_e4m3fn), { rtol: 0.1, atol: 0.0625 }),
  },
  'nested tensors': {
    py: 'torch.nested.nested_tensor([t([1.])]), torch.nested.nested_tensor([t([2.])])',
    js: close(torch.nested.nested_tensor([f32([1])]), torch.nested.nested_tensor([f32([2])])),
  },
  'a layout without support': {
    py: 't([[1.]]).to_mkldnn(), t([[1.]]).to_mkldnn()',
    js: close(f32([[1]]).to_mkldnn(), f32([[1]]).to_mkldnn()),
  },
  'tensors with a history': {
    py: 't([1.], requires_grad=True) * 2, t([3.])',
    js: close(t([1], { dtype: float32, requires_grad: true }).mul(2), f32([3])),
  },
  'int64 beyond doubles': {
    py: 't([2**62]), t([2**62 + 1])',
    js: close(t([2n ** 62n], { dtype: int64 }), t([2n ** 62n + 1n], { dtype: int64 })),
  },
  complex64: {
    py: 't([1j], dtype=torch.complex64), t([1j + 1e-7], dtype=torch.complex64)',
    js: close(
      t([torch.complex_number(0, 1)], { dtype: complex64 }),
      t([torch.complex_number(1e-7, 1)], { dtype: complex64 }),
    ),
  },
};

const prelude = `
import numpy as np
t = torch.tensor
def q(values, scale):
    return torch.quantize_per_tensor(t(values), scale, 0, torch.quint8)
def answer(function):
    try:
        function()
    except Exception as error:
        show([type(error).__name__, str(error)])
    else:
        show(None)
`;

/** What is thrown: Python's class and text. */
type Thrown = [kind: string, text: string] | null;

function thrown(run: () => void): Thrown {
  try {
    run();
    return null;
  } catch (error) {
    return [(error as Error).name, (error as Error).message];
  }
}

/** Python's ValueError and RuntimeError are plain errors here. */
function expected_of([kind, text]: [string, string]): Thrown {
  return [kind === 'ValueError' || kind === 'RuntimeError' ? 'Error' : kind, text];
}

describe('torch.testing.assert_close', () => {
  let answers: Record<string, Thrown>;
  beforeAll(() => {
    const sources = Object.values(cases).map(
      ({ py }) => `${prelude}\nanswer(lambda: torch.testing.assert_close(${py}))`,
    );
    const shown = python<[Thrown][]>('snippets.py', [sources]);
    answers = Object.fromEntries(Object.keys(cases).map((name, i) => [name, shown[i]![0]]));
  });

  it.each(Object.keys(cases))('answers as Python: %s', (name) => {
    const answer = answers[name]!;
    expect(thrown(cases[name]!.js)).toEqual(answer && expected_of(answer));
  });

  it('has cases that pass and cases that fail', () => {
    const failing = Object.values(answers).filter((answer) => answer !== null).length;
    expect([failing > 50, failing < Object.keys(cases).length - 8]).toEqual([true, true]);
  });

  it('throws an AssertionError that assertion libraries know', () => {
    const error = (() => {
      try {
        assert_close(1, 2);
      } catch (caught) {
        return caught;
      }
      return undefined;
    })();
    expect(error).toBeInstanceOf(AssertionError);
    expect(error).toMatchObject({ name: 'AssertionError', code: 'ERR_ASSERTION' });
  });

  it('counts a number as int only beside another integer', () => {
    expect(() => {
      assert_close(2, 2 + 1e-9);
    }).not.toThrow();
    expect(() => {
      assert_close(2 ** 30, 2 ** 30 + 1);
    }).toThrow('Scalars are not equal!');
  });

  it('refuses what is not an option', () => {
    expect(() => {
      assert_close(1, 1, { rtoll: 1 } as never);
    }).toThrow(new TypeError("assert_close() got an unexpected keyword argument 'rtoll'"));
    expect(() => {
      assert_close(1, 1, { equal_nan: 1 } as never);
    }).toThrow(new TypeError("assert_close(): argument 'equal_nan' must be bool, not int"));
    expect(() => {
      assert_close(1, 1, 2 as never);
    }).toThrow(new TypeError('assert_close() takes 2 positional arguments but 3 were given'));
  });
});

describe('torch.testing.assert_allclose', () => {
  it('has the tolerances and the text of Python, and says that it is deprecated', () => {
    const sources = ['1e-4', '1e-3'].map(
      (difference) => `${prelude}
answer(lambda: torch.testing.assert_allclose(t([1., float("nan")]), [1 + ${difference}, float("nan")]))`,
    );
    const answered = python<[Thrown][]>('snippets.py', [sources]).map(([answer]) => answer);
    const warnings: string[] = [];
    const listen = (warning: Error): void => {
      warnings.push(`${warning.name}: ${warning.message}`);
    };
    process.on('warning', listen);
    const here = [1e-4, 1e-3].map((difference) =>
      thrown(() => {
        torch.testing.assert_allclose(f32([1, NaN]), [1 + difference, NaN]);
      }),
    );
    expect(here).toEqual(answered);
    return new Promise<void>((resolve) =>
      setImmediate(() => {
        process.off('warning', listen);
        expect(warnings.join('\n')).toMatch(
          /^FutureWarning: `torch.testing.assert_allclose\(\)` is deprecated since 1\.12/,
        );
        resolve();
      }),
    );
  });
});

describe('torch.testing.make_tensor', () => {
  const { make_tensor } = torch.testing;
  const { uint16, int8, complex128, bool, float8_e5m2 } = torch;
  const drawn: Record<string, { py: string; js: () => torch.Tensor }> = {
    float32: {
      py: '2, 3, dtype=torch.float32, device="cpu"',
      js: () => make_tensor(2, 3, { dtype: float32, device: 'cpu' }),
    },
    'a list of sizes': {
      py: '(4,), dtype=torch.float64, device="cpu"',
      js: () => make_tensor([4], { dtype: float64, device: 'cpu' }),
    },
    bounds: {
      py: '9, dtype=torch.float32, device="cpu", low=-1, high=1',
      js: () => make_tensor(9, { dtype: float32, device: 'cpu', low: -1, high: 1 }),
    },
    int8: { py: '9, dtype=torch.int8, device="cpu"', js: () => make_tensor(9, { dtype: int8, device: 'cpu' }) },
    uint8: { py: '9, dtype=torch.uint8, device="cpu"', js: () => make_tensor(9, { dtype: uint8, device: 'cpu' }) },
    uint16: {
      py: '9, dtype=torch.uint16, device="cpu", low=3.5, high=70000',
      js: () => make_tensor(9, { dtype: uint16, device: 'cpu', low: 3.5, high: 70000 }),
    },
    int64: {
      py: '3, dtype=torch.int64, device="cpu", low=-2**70, high=2**70',
      js: () => make_tensor(3, { dtype: int64, device: 'cpu', low: -(2n ** 70n), high: 2n ** 70n }),
    },
    bool: { py: '9, dtype=torch.bool, device="cpu"', js: () => make_tensor(9, { dtype: bool, device: 'cpu' }) },
    complex128: {
      py: '3, dtype=torch.complex128, device="cpu"',
      js: () => make_tensor(3, { dtype: complex128, device: 'cpu' }),
    },
    float8: {
      py: '3, dtype=torch.float8_e5m2, device="cpu"',
      js: () => make_tensor(3, { dtype: float8_e5m2, device: 'cpu' }),
    },
    'the whole range': {
      py: '3, dtype=torch.float64, device="cpu", low=float("-inf"), high=float("inf")',
      js: () => make_tensor(3, { dtype: float64, device: 'cpu', low: -Infinity, high: Infinity }),
    },
    gaps: {
      py: '2, 3, dtype=torch.float32, device="cpu", noncontiguous=True',
      js: () => make_tensor(2, 3, { dtype: float32, device: 'cpu', noncontiguous: true }),
    },
    'one element': {
      py: '1, dtype=torch.float32, device="cpu", noncontiguous=True',
      js: () => make_tensor(1, { dtype: float32, device: 'cpu', noncontiguous: true }),
    },
    'no zero': {
      py: '9, dtype=torch.bool, device="cpu", exclude_zero=True',
      js: () => make_tensor(9, { dtype: bool, device: 'cpu', exclude_zero: true }),
    },
    'a memory format': {
      py: '1, 2, 2, 2, dtype=torch.float32, device="cpu", memory_format=torch.channels_last',
      js: () => make_tensor(1, 2, 2, 2, { dtype: float32, device: 'cpu', memory_format: torch.channels_last }),
    },
    requires_grad: {
      py: '2, dtype=torch.float32, device="cpu", requires_grad=True',
      js: () => make_tensor(2, { dtype: float32, device: 'cpu', requires_grad: true }),
    },
  };
  const refused: Record<string, { py: string; js: () => torch.Tensor }> = {
    'equal bounds': {
      py: '2, dtype=torch.int8, device="cpu", low=1, high=1',
      js: () => make_tensor(2, { dtype: int8, device: 'cpu', low: 1, high: 1 }),
    },
    NaN: {
      py: '2, dtype=torch.float32, device="cpu", low=float("nan")',
      js: () => make_tensor(2, { dtype: float32, device: 'cpu', low: NaN }),
    },
    'outside of the dtype': {
      py: '2, dtype=torch.int8, device="cpu", low=200, high=300',
      js: () => make_tensor(2, { dtype: int8, device: 'cpu', low: 200, high: 300 }),
    },
    'outside of float16': {
      py: '2, dtype=torch.float16, device="cpu", low=100000, high=300000',
      js: () => make_tensor(2, { dtype: float16, device: 'cpu', low: 100000, high: 300000 }),
    },
    'gradients of integers': {
      py: '2, dtype=torch.int8, device="cpu", requires_grad=True',
      js: () => make_tensor(2, { dtype: int8, device: 'cpu', requires_grad: true }),
    },
    'two formats': {
      py: '2, dtype=torch.float32, device="cpu", noncontiguous=True, memory_format=torch.channels_last',
      js: () =>
        make_tensor(2, { dtype: float32, device: 'cpu', noncontiguous: true, memory_format: torch.channels_last }),
    },
    'a quantized dtype': {
      py: '2, dtype=torch.qint8, device="cpu"',
      js: () => make_tensor(2, { dtype: torch.qint8, device: 'cpu' }),
    },
  };

  it('draws what Python draws', () => {
    const sources = Object.values(drawn).map(
      ({ py }) => `x = torch.testing.make_tensor(${py})
show([repr(x), list(x.stride()), x.requires_grad])`,
    );
    const answers = python<[unknown][]>('snippets.py', [sources]).map(([answer]) => answer);
    const here = Object.values(drawn).map(({ js }) => {
      torch.manual_seed(1);
      const x = js();
      return [String(x), x.stride(), x.requires_grad];
    });
    expect(Object.fromEntries(Object.keys(drawn).map((name, i) => [name, here[i]]))).toEqual(
      Object.fromEntries(Object.keys(drawn).map((name, i) => [name, answers[i]])),
    );
  });

  it('refuses what Python refuses', () => {
    const sources = Object.values(refused).map(
      ({ py }) => `${prelude}\nanswer(lambda: torch.testing.make_tensor(${py}))`,
    );
    const answers = python<[Thrown][]>('snippets.py', [sources]).map(([answer]) => answer);
    const here = Object.values(refused).map(({ js }) => thrown(js));
    expect(Object.fromEntries(Object.keys(refused).map((name, i) => [name, here[i]]))).toEqual(
      Object.fromEntries(Object.keys(refused).map((name, i) => [name, answers[i] && expected_of(answers[i])])),
    );
  });
});
