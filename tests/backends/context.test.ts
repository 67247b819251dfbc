/** Switches of libtorch as a whole, the default device, and libtorch's warnings. */
import { spawnSync } from 'node:child_process';

import * as torch from 'torch-node';
import { afterEach, describe, expect, it } from 'vitest';

import { root } from '../package_root.js';
import { python } from '../reference.js';

afterEach(() => {
  torch.use_deterministic_algorithms(false);
  torch.set_default_device(null);
  torch.set_default_dtype(torch.float32);
});

describe('deterministic algorithms', () => {
  const without = (): unknown =>
    torch.ones(1, 1, 4).put_(torch.tensor([1, 1]), torch.tensor([1, 2], { dtype: torch.float32 }));

  it('make operators that have none throw', () => {
    without();
    torch.use_deterministic_algorithms(true);
    expect(torch.are_deterministic_algorithms_enabled()).toBe(true);
    expect(without).toThrow(/put_\(\): put_ does not have a deterministic implementation/);
  });

  it('have modes by number and by name', () => {
    torch.set_deterministic_debug_mode('warn');
    expect(torch.get_deterministic_debug_mode()).toBe(1);
    expect(torch.is_deterministic_algorithms_warn_only_enabled()).toBe(true);
    torch.set_deterministic_debug_mode(2);
    expect(torch.get_deterministic_debug_mode()).toBe(2);
    torch.use_deterministic_algorithms(true, { warn_only: true });
    expect(torch.get_deterministic_debug_mode()).toBe(1);
    expect(() => {
      torch.set_deterministic_debug_mode('loud' as 'warn');
    }).toThrow('expected `default`, `warn`, `error`, but got loud');
    expect(() => {
      torch.set_deterministic_debug_mode(7 as 1);
    }).toThrow('expected 0, 1, or 2, but got 7');
    expect(() => {
      torch.use_deterministic_algorithms(1 as unknown as boolean);
    }).toThrow(/'mode' must be bool, not int/);
  });
});

describe('switches', () => {
  it('keep what they are set to', () => {
    const { cudnn, mkldnn } = torch.backends;
    for (const [owner, key] of [
      [cudnn, 'benchmark'],
      [cudnn, 'allow_tf32'],
      [mkldnn, 'enabled'],
      [torch.backends.cuda.matmul, 'allow_tf32'],
    ] as const) {
      const switches = owner as Record<string, boolean>;
      const before = switches[key] as boolean;
      switches[key] = !before;
      expect(switches[key]).toBe(!before);
      switches[key] = before;
    }
    expect(() => {
      cudnn.enabled = 1 as unknown as boolean;
    }).toThrow('torch.backends.cudnn.enabled must be bool, not int');
  });

  it('say what Python says', () => {
    const { backends } = torch;
    expect({
      cpu: backends.cpu.get_cpu_capability(),
      mkl: backends.mkl.is_available(),
      mkldnn: backends.mkldnn.is_available(),
      openmp: backends.openmp.is_available(),
      cudnn: backends.cudnn.is_available(),
      cuda: backends.cuda.is_built(),
      benchmark: backends.cudnn.benchmark,
      deterministic: backends.cudnn.deterministic,
      flash: backends.cuda.flash_sdp_enabled(),
      precision: torch.get_float32_matmul_precision(),
      warn_always: torch.is_warn_always_enabled(),
    }).toEqual(python('context.py'));
  });

  it('choose the precision of products', () => {
    torch.set_float32_matmul_precision('medium');
    expect(torch.get_float32_matmul_precision()).toBe('medium');
    torch.set_float32_matmul_precision('highest');
    expect(() => {
      torch.set_float32_matmul_precision('low' as 'high');
    }).toThrow("must be 'highest', 'high' or 'medium', not 'low'");
  });

  it('make denormal numbers zero', () => {
    const tiny = torch.tensor([1e-310], { dtype: torch.float64 });
    expect(tiny.mul(1).item()).not.toBe(0);
    // Only where the processor cannot do it is there nothing to see, and then it says so.
    if (!torch.set_flush_denormal(true)) {
      expect(process.arch).not.toBe('x64');
      return;
    }
    const flushed = tiny.mul(1).eq(0).item<boolean>();
    torch.set_flush_denormal(false);
    expect(flushed).toBe(true);
  });
});

describe('the default device', () => {
  it('is where new tensors go that name none', () => {
    torch.set_default_device('meta');
    expect(torch.get_default_device().type).toBe('meta');
    const made = [
      torch.zeros(2),
      torch.rand([2], { dtype: torch.float64 }),
      torch.arange(3),
      torch.tensor([1, 2]),
      torch.fft.fftfreq(4),
      torch.as_tensor(new Float32Array(3)),
      new torch.nn.Linear(2, 3).weight,
      torch.asarray([1]),
      torch.eye(2, { device: null }),
    ];
    expect(made.map((tensor) => tensor.device.type)).toEqual(made.map(() => 'meta'));
    expect(torch.zeros(2, { device: 'cpu' }).device.type).toBe('cpu');
    expect(torch.zeros_like(torch.zeros(2, { device: 'cpu' })).device.type).toBe('cpu');
    torch.set_default_device(null);
    expect(torch.zeros(2).device.type).toBe('cpu');
  });

  it('holds for the time of a function', () => {
    expect(torch.set_default_device('meta', () => torch.ones(2)).is_meta).toBe(true);
    expect(() =>
      torch.set_default_device('meta', () => {
        throw new Error('mine');
      }),
    ).toThrow('mine');
    expect(torch.ones(2).is_meta).toBe(false);
  });

  it('is for the functions that PyTorch names', async () => {
    const theirs = python<{ constructors: string[] } & object>('context.py', ['constructors']);
    const { factories } = (await import('../../dist/types/default_device.js')) as unknown as {
      factories: ReadonlySet<string>;
    };
    const by_themselves = ['as_tensor', 'asarray', 'nested_tensor', 'scalar_tensor', 'tensor'];
    expect([...factories, ...by_themselves].sort()).toEqual(theirs.constructors.sort());
  });

  it('must exist', () => {
    expect(() => {
      torch.set_default_device('quantum');
    }).toThrow('quantum');
    if (!torch.cuda.is_available())
      expect(() => {
        torch.set_default_device('cuda');
      }).toThrow(/CUDA/);
  });
});

it('a legacy type sets the default dtype', () => {
  torch.set_default_tensor_type('torch.DoubleTensor');
  expect(torch.ones(1).dtype).toBe(torch.float64);
  expect(() => {
    torch.set_default_tensor_type('torch.NoTensor');
  }).toThrow("invalid type object: 'torch.NoTensor'");
});

it("libtorch's warnings are Node's, each once", () => {
  const script = `
    const torch = require('./dist/index.js');
    for (let i = 0; i < 3; i++) torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.qint8);
    process.on('warning', ({ name, message }) => console.log(name + ': ' + message));`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--no-warnings', '-e', script], {
    cwd: root,
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(stdout.match(/^UserWarning: torch\.quantize_per_tensor.*deprecated/gm)).toHaveLength(1);
  expect(status).toBe(0);
});
