/** Devices that the loaded libtorch does not have: Python's texts, in one line. */
import * as torch from 'torch-node';
import { describe, expect, it } from 'vitest';

import { python } from '../reference.js';

const x = (): torch.Tensor => torch.ones(2, 3);
/** Each with the same in Python. */
const makers: readonly (readonly [name: string, python: string, make: (device: string) => unknown])[] = [
  ['ones', 'torch.ones(3, device=D)', (device) => torch.ones(3, { device })],
  ['zeros_like', 'torch.zeros_like(X, device=D)', (device) => torch.zeros_like(x(), { device })],
  ['randn', 'torch.randn(3, device=D)', (device) => torch.randn(3, { device })],
  ['arange', 'torch.arange(3, device=D)', (device) => torch.arange(3, { device })],
  ['tensor', 'torch.tensor([1], device=D)', (device) => torch.tensor([1], { device })],
  ['as_tensor', 'torch.as_tensor([1], device=D)', (device) => torch.as_tensor([1], { device })],
  ['asarray', 'torch.asarray([1], device=D)', (device) => torch.asarray([1], { device })],
  ['new_tensor', 'X.new_tensor([1], device=D)', (device) => x().new_tensor([1], { device })],
  ['new_ones', 'X.new_ones(2, device=D)', (device) => x().new_ones([2], { device })],
  ['to', 'X.to(D)', (device) => x().to(device)],
  ['Linear', 'torch.nn.Linear(1, 1, device=D)', (device) => new torch.nn.Linear(1, 1, { device })],
];

function message_of(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return (error as Error).message;
  }
  return 'no error';
}

const has_module = torch.version.cuda === null ? ['cuda', 'xpu'] : ['xpu'];
const expected = python<{ error: string }[]>('said.py', [
  has_module.flatMap((device) => makers.map(([, text]) => text.replace('D)', `"${device}")`))),
]);

const hint =
  process.platform === 'darwin' ? /^There is no CUDA for macOS/ : /`npx torch-node install --cuda 13\.0` \(or 12\.8\)/;

describe('a device that was not built in', () => {
  has_module.forEach((device, i) => {
    it.each(makers.map(([name, , make], k) => [name, make, expected[i * makers.length + k]!.error] as const))(
      `${device}: %s`,
      (_name, make, text) => {
        const [first, ...more] = message_of(() => make(device)).split('\n');
        expect(first).toBe(text);
        expect(more).toEqual(device === 'cuda' ? [expect.stringMatching(hint)] : []);
      },
    );
  });

  it.each(['mps', 'vulkan', 'hip', 'opengl', 'ipu'])('%s, for which Python has no module', (device) => {
    const [said] = python<[{ error: string }]>('said.py', [[`X.to("${device}")`]]);
    for (const [, , make] of makers) expect(message_of(() => make(device))).toBe(said.error);
  });

  it.skipIf(torch.version.cuda !== null)('cuda: each way to ask for it says how to get a build with it', () => {
    const ways: readonly (() => unknown)[] = [
      () => x().cuda(),
      () => new torch.nn.Linear(1, 1).cuda(),
      () => torch.cuda.init(),
      () => torch.cuda.synchronize(),
      () => torch.cuda.set_device(0),
      () => torch.cuda.get_device_name(),
      () => torch.nested.nested_tensor([x()], { device: 'cuda' }),
      () => torch.ops.aten['_to_copy']!(x(), { device: 'cuda' }),
      () => new torch.Generator('cuda'),
      () => torch.device(0),
      () => torch.set_default_device('cuda'),
      () => x().untyped_storage().cuda(),
    ];
    for (const way of ways) {
      expect(message_of(way), String(way)).toMatch(hint);
      expect(message_of(way).split('\n'), String(way)).toHaveLength(2);
    }
  });

  it('is refused as the default', () => {
    if (torch.version.cuda !== null) return;
    expect(() => torch.set_default_device('cuda')).toThrow('Torch not compiled with CUDA enabled');
    expect(String(torch.get_default_device())).toBe('cpu');
  });
});

describe('an operator that a layout does not have', () => {
  it('is one line, without the places where others were registered', () => {
    const [said] = python<[{ error: string }]>('said.py', [['torch.linalg.inv(torch.ones(2, 2).to_sparse())']]);
    // Which internal keys count as backends depends on what else is loaded.
    const [theirs] = `linalg.inv(): ${said.error}`.split('[');
    const ours = message_of(() => torch.linalg.inv(torch.ones(2, 2).to_sparse()));
    expect(ours.split('[')[0]).toBe(theirs);
    expect(ours).toMatch(/\[CPU, [\w, ]+\]\.$/);
  });
});

describe('torch.linalg.LinAlgError', () => {
  it.each([
    ['inv', 'torch.linalg.inv(torch.zeros(2, 2))', () => torch.linalg.inv(torch.zeros(2, 2))],
    ['cholesky', 'torch.linalg.cholesky(-torch.eye(2))', () => torch.linalg.cholesky(torch.eye(2).neg())],
    [
      'solve',
      'torch.linalg.solve(torch.zeros(2, 2), torch.ones(2))',
      () => torch.linalg.solve(torch.zeros(2, 2), torch.ones(2)),
    ],
    ['Tensor.inverse', 'torch.zeros(2, 2).inverse()', () => torch.zeros(2, 2).inverse()],
  ] as const)('%s', (_name, text, run) => {
    const [said] = python<[{ error: string }]>('said.py', [[text]]);
    let error: unknown;
    try {
      run();
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(torch.linalg.LinAlgError);
    expect(error).toBeInstanceOf(Error);
    expect((error as Error).name).toBe('LinAlgError');
    expect((error as Error).message.replace(/^[\w.]+\(\): /, '')).toBe(said.error.replace(/^[\w.]+\(\): /, ''));
  });

  it("is no wider than Python's", () => {
    expect(() => torch.linalg.inv(torch.ones(2))).not.toThrow(torch.linalg.LinAlgError);
  });
});
