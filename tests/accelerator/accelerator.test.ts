/** Devices of any type: `torch.accelerator`, `torch.cpu`, `torch.mps`, ..., streams and events, switches of backends. */
import * as torch from 'torch-node';
import { afterAll, describe, expect, it } from 'vitest';

import { python } from '../reference.js';

type Case = readonly [python: string, run: () => unknown];

/** What was returned, as Python prints it, or the first line of the error. */
function answer(run: () => unknown): { value: string } | { error: string } {
  try {
    return { value: torch.python_repr(run() ?? null) };
  } catch (error) {
    return { error: (error as Error).message.split('\n')[0]! };
  }
}

/** Compares with Python what both say. */
function compare(cases: readonly Case[]): void {
  const expected = python<({ value: string } | { error: string })[]>('said.py', [cases.map(([text]) => text)]);
  it.each(cases.map(([text, run], i) => [text, run, expected[i]!] as const))('%s', (_text, run, said) => {
    expect(answer(run)).toEqual(said);
  });
}

const { accelerator, backends, cpu, mps, mtia, xpu } = torch;
const on_cpu = torch.version.cuda === null && process.platform !== 'darwin';

describe.skipIf(!on_cpu)('torch.accelerator without an accelerator', () => {
  compare([
    ['torch.accelerator.is_available()', () => accelerator.is_available()],
    ['torch.accelerator.device_count()', () => accelerator.device_count()],
    ['torch.accelerator.current_accelerator()', () => accelerator.current_accelerator()],
    ['torch.accelerator.current_accelerator(True)', () => accelerator.current_accelerator(true)],
    ['torch.accelerator.current_device_index()', () => accelerator.current_device_index()],
    ['torch.accelerator.current_device_idx()', () => accelerator.current_device_idx()],
    ['torch.accelerator.set_device_index(0)', () => accelerator.set_device_index(0)],
    ['torch.accelerator.set_device_index(None)', () => accelerator.set_device_index(null as never)],
    ['torch.accelerator.set_device_index("cpu")', () => accelerator.set_device_index('cpu')],
    ['torch.accelerator.set_device_idx("cuda:0")', () => accelerator.set_device_idx('cuda:0')],
    ['torch.accelerator.current_stream()', () => accelerator.current_stream()],
    ['torch.accelerator.current_stream("cpu")', () => accelerator.current_stream('cpu')],
    ['torch.accelerator.set_stream(torch.Stream("cpu"))', () => accelerator.set_stream(new torch.Stream('cpu'))],
    ['torch.accelerator.synchronize()', () => accelerator.synchronize()],
    ['torch.accelerator.synchronize(0)', () => accelerator.synchronize(0)],
    ['torch.accelerator.synchronize("cpu")', () => accelerator.synchronize('cpu')],
    ['torch.accelerator.device_index(None).__enter__()', () => accelerator.device_index(null, () => null)],
    ['torch.accelerator.device_index(0).__enter__()', () => accelerator.device_index(0, () => null)],
    ['torch.accelerator.empty_cache()', () => accelerator.empty_cache()],
    ['torch.accelerator.empty_host_cache()', () => accelerator.empty_host_cache()],
    ['torch.accelerator.get_memory_info()', () => accelerator.get_memory_info()],
    ['torch.accelerator.memory_allocated()', () => accelerator.memory_allocated()],
    ['torch.accelerator.max_memory_allocated("cpu")', () => accelerator.max_memory_allocated('cpu')],
    ['torch.accelerator.memory_reserved(0)', () => accelerator.memory.memory_reserved(0)],
    ['torch.accelerator.max_memory_reserved()', () => accelerator.max_memory_reserved()],
    ['torch.accelerator.memory_stats()', () => accelerator.memory_stats()],
    ['torch.accelerator.reset_peak_memory_stats()', () => accelerator.reset_peak_memory_stats()],
    ['torch.accelerator.reset_accumulated_memory_stats()', () => accelerator.reset_accumulated_memory_stats()],
    ['torch.accelerator.get_device_capability()', () => accelerator.get_device_capability()],
    ['torch.accelerator.get_device_capability("cuda")', () => accelerator.get_device_capability('cuda')],
  ]);

  it('says how to get a build that has one', () => {
    expect(() => accelerator.current_device_index()).toThrow(/`npx torch-node install --cuda/);
    expect(() => new torch.Stream('cuda')).toThrow(/`npx torch-node install --cuda/);
  });
});

describe('streams and events', () => {
  const stream = (): torch.Stream => new torch.Stream('cpu');
  const event = (): torch.Event => new torch.Event('cpu');
  compare([
    ['torch.Stream("cpu")', stream],
    ['torch.Stream(device="cpu", priority=1)', () => new torch.Stream({ device: 'cpu', priority: 1 })],
    ['torch.Stream("meta")', () => new torch.Stream('meta')],
    ['torch.Stream("foo")', () => new torch.Stream('foo')],
    ['torch.Stream(stream_id=3, device_index=0, device_type=1)', () => new torch.Stream(3, 0, 1)],
    [
      'torch.Stream(stream_id=3, device_index=1, device_type=1).device',
      () => new torch.Stream({ stream_id: 3, device_index: 1, device_type: 1 }).device,
    ],
    ['torch.Stream("cpu").device', () => stream().device],
    ['torch.Stream("cpu").device_index', () => stream().device_index],
    ['torch.Stream("cpu").device_type', () => stream().device_type],
    ['torch.Stream("cpu").stream_id', () => stream().stream_id],
    ['torch.Stream("cpu").query()', () => stream().query()],
    ['torch.Stream("cpu").synchronize()', () => stream().synchronize()],
    ['torch.Stream("cpu").is_capturing()', () => stream().is_capturing()],
    ['torch.Stream("cpu").native_handle', () => stream().native_handle],
    ['torch.Stream("cpu").record_event()', () => stream().record_event()],
    ['torch.Stream("cpu").record_event(torch.Event("cpu"))', () => stream().record_event(event())],
    ['torch.Stream("cpu").wait_stream(torch.Stream("cpu"))', () => stream().wait_stream(stream())],
    ['torch.Stream("cpu").wait_event(torch.Event("cpu"))', () => stream().wait_event(event())],
    ['torch.Stream("cpu") == torch.Stream("cpu")', () => stream().equals(stream())],
    ['torch.Stream("cpu") == torch.Stream("meta")', () => stream().equals(new torch.Stream('meta'))],
    ['torch.Stream("cpu") == None', () => stream().equals(null)],
    ['torch.Event("cpu")', event],
    ['torch.Event("cpu", enable_timing=True)', () => new torch.Event('cpu', { enable_timing: true })],
    ['torch.Event("meta").record()', () => new torch.Event('meta').record()],
    ['torch.Event("cpu").device', () => event().device],
    ['torch.Event("cpu").event_id', () => event().event_id],
    ['torch.Event("cpu").query()', () => event().query()],
    ['torch.Event("cpu").synchronize()', () => event().synchronize()],
    ['torch.Event("cpu").wait()', () => event().wait()],
    ['torch.Event("cpu").wait(torch.Stream("cpu"))', () => event().wait(stream())],
    ['torch.Event("cpu").record()', () => event().record()],
    ['torch.Event("cpu").record(torch.Stream("cpu"))', () => event().record(stream())],
    ['torch.Event("cpu").elapsed_time(torch.Event("cpu"))', () => event().elapsed_time(event())],
    [
      'E = lambda: torch.Event("cpu", enable_timing=True); E().elapsed_time(E())',
      () =>
        new torch.Event('cpu', { enable_timing: true }).elapsed_time(
          new torch.Event({ enable_timing: true, device: 'cpu' }),
        ),
    ],
    ['torch.Event("cpu").ipc_handle()', () => event().ipc_handle()],
    ['torch.Event.from_ipc_handle("cpu", b"")', () => torch.Event.from_ipc_handle('cpu', new Uint8Array())],
  ]);

  it.skipIf(!on_cpu)('are of the CPU by default where there is no accelerator', () => {
    expect([String(new torch.Stream().device), String(new torch.Event().device)]).toEqual(['cpu', 'cpu']);
  });

  it('of the CPU change nothing in a block of using', () => {
    using _ = stream();
    expect(torch.ones(2).sum().item()).toBe(2);
  });

  it('refuse numbers that no device has, and what is not one of them', () => {
    expect(() => new torch.Stream(0, 0, 99)).toThrow('99');
    expect(() => new torch.Stream(0, 1000, 0)).toThrow('1000');
    expect(() => stream().wait_event(null as never)).toThrow(
      "Stream.wait_event(): argument 'event' must be torch.Event, not None",
    );
    expect(() => structuredClone(stream())).toThrow('torch.Stream');
  });
});

describe('torch.cpu', () => {
  compare([
    ['torch.cpu.is_available()', () => cpu.is_available()],
    ['torch.cpu.is_initialized()', () => cpu.is_initialized()],
    ['torch.cpu.device_count()', () => cpu.device_count()],
    ['torch.cpu.current_device()', () => cpu.current_device()],
    ['torch.cpu.set_device("cpu")', () => cpu.set_device('cpu')],
    ['torch.cpu.synchronize()', () => cpu.synchronize()],
    ['torch.cpu.Stream().record_event()', () => new cpu.Stream().record_event()],
    ['torch.cpu.Stream(1).wait_stream(torch.cpu.Stream())', () => new cpu.Stream(1).wait_stream(new cpu.Stream())],
    ['torch.cpu.Event().query()', () => new cpu.Event().query()],
    ['torch.cpu.Event().wait()', () => new cpu.Event().wait()],
    [
      'sorted(torch.cpu.get_capabilities().items())',
      () =>
        Object.entries(cpu.get_capabilities())
          .sort()
          .map((e) => torch.serialization.Tuple.of(...e)),
    ],
  ]);

  it('has a current stream, also in a block', () => {
    const [outer, stream] = [cpu.current_stream(), new cpu.Stream()];
    {
      using _ = cpu.stream(stream);
      expect(cpu.current_stream()).toBe(stream);
      cpu.stream(null, () => {
        expect(cpu.current_stream()).toBe(stream);
      });
    }
    expect(cpu.current_stream()).toBe(outer);
    cpu.StreamContext(stream)(() => {
      expect(cpu.current_stream()).toBe(stream);
    })();
  });
});

describe('torch.get_device_module', () => {
  compare([
    ['torch.get_device_module("meta")', () => torch.get_device_module('meta')],
    ['torch.get_device_module("foo")', () => torch.get_device_module('foo')],
    ['torch.get_device_module(0)', () => torch.get_device_module(0)],
    [
      'torch.get_device_module(torch.device("cuda:1")) is torch.cuda',
      () => torch.get_device_module(torch.device('cuda:1')) === torch.cuda,
    ],
    ['torch.get_device_module("cpu") is torch.cpu', () => torch.get_device_module('cpu') === torch.cpu],
    ['torch.get_device_module("mps") is torch.mps', () => torch.get_device_module('mps') === torch.mps],
    [
      'torch.get_device_module("xpu") is torch.xpu',
      () => (torch.get_device_module({ device: 'xpu' }) as unknown) === torch.xpu,
    ],
    ['torch.get_device_module("mtia") is torch.mtia', () => torch.get_device_module('mtia') === torch.mtia],
  ]);
});

describe.skipIf(!on_cpu)('modules of devices that are not there', () => {
  const state = torch.get_rng_state();
  compare([
    ['torch.mps.is_available()', () => mps.is_available()],
    ['torch.mps.device_count()', () => mps.device_count()],
    ['torch.mps.synchronize()', () => mps.synchronize()],
    ['torch.mps.empty_cache()', () => mps.empty_cache()],
    ['torch.mps.current_allocated_memory()', () => mps.current_allocated_memory()],
    ['torch.mps.driver_allocated_memory()', () => mps.driver_allocated_memory()],
    ['torch.mps.recommended_max_memory()', () => mps.recommended_max_memory()],
    ['torch.mps.set_per_process_memory_fraction(0.5)', () => mps.set_per_process_memory_fraction(0.5)],
    ['torch.mps.set_per_process_memory_fraction(5.)', () => mps.set_per_process_memory_fraction(5)],
    ['torch.mps.manual_seed(0)', () => mps.manual_seed(0)],
    ['torch.mps.seed()', () => mps.seed()],
    ['torch.mps.get_rng_state()', () => mps.get_rng_state()],
    ['torch.mps.set_rng_state(torch.get_rng_state())', () => mps.set_rng_state(state)],
    ['torch.mps.profiler.start()', () => mps.profiler.start()],
    ['torch.mps.profiler.stop()', () => mps.profiler.stop()],
    ['torch.mps.Event()', () => new mps.Event()],
    ['torch.backends.mps.is_available()', () => backends.mps.is_available()],
    ['torch.backends.mps.is_built()', () => backends.mps.is_built()],
    ['torch.backends.mps.is_macos_or_newer(13, 0)', () => backends.mps.is_macos_or_newer(13, 0)],
    ['torch.backends.mps.is_macos13_or_newer()', () => backends.mps.is_macos13_or_newer()],
    ...['is_available', 'device_count', 'is_initialized', 'init', 'current_device', 'synchronize', 'empty_cache'].map(
      (name): Case => [`torch.xpu.${name}()`, () => (xpu as unknown as Record<string, () => unknown>)[name]!()],
    ),
    ...['is_available', 'device_count', 'is_initialized', 'init', 'current_device', 'synchronize', 'empty_cache'].map(
      (name): Case => [`torch.mtia.${name}()`, () => (mtia as unknown as Record<string, () => unknown>)[name]!()],
    ),
    ...['is_bf16_supported', 'seed', 'seed_all', 'initial_seed', 'get_rng_state', 'get_rng_state_all'].flatMap(
      (name): Case[] => [
        [`torch.xpu.${name}()`, () => (xpu as unknown as Record<string, () => unknown>)[name]!()],
        [`torch.mtia.${name}()`, () => (mtia as unknown as Record<string, () => unknown>)[name]!()],
      ],
    ),
    ...(['memory_allocated', 'max_memory_allocated'] as const).flatMap((name): Case[] => [
      [`torch.xpu.${name}()`, () => xpu[name]()],
      [`torch.mtia.${name}()`, () => mtia[name]()],
    ]),
    ['dict(torch.xpu.memory_stats())', () => xpu.memory_stats()],
    ['torch.xpu.manual_seed_all(0)', () => xpu.manual_seed_all(0)],
    ['torch.xpu.set_device(0)', () => xpu.set_device(0)],
    ['torch.xpu.set_rng_state(torch.get_rng_state())', () => xpu.set_rng_state(state)],
    ['torch.mtia.set_device(0)', () => mtia.set_device(0)],
    ['torch.mtia.set_rng_state(torch.get_rng_state())', () => mtia.set_rng_state(state)],
    ['torch.mtia.set_rng_state_all([])', () => mtia.set_rng_state_all([])],
    ['X.to("mtia")', () => torch.ones(2).to('mtia')],
  ]);
});

describe('torch.backends', () => {
  afterAll(() => {
    backends.mkldnn.fp32_precision = 'none';
    backends.mkldnn.conv.fp32_precision = 'none';
  });

  compare([
    ['torch.backends.quantized.engine', () => backends.quantized.engine],
    ['torch.backends.quantized.supported_engines', () => backends.quantized.supported_engines],
    [
      'torch.backends.quantized.engine = "qnnpack"; torch.backends.quantized.engine',
      () => {
        const before = backends.quantized.engine;
        backends.quantized.engine = 'qnnpack';
        const now = backends.quantized.engine;
        backends.quantized.engine = before;
        return now;
      },
    ],
    ['setattr(torch.backends.quantized, "engine", "foo")', () => (backends.quantized.engine = 'foo' as never)],
    [
      'setattr(torch.backends.quantized, "supported_engines", [])',
      () => ((backends.quantized as { supported_engines: unknown }).supported_engines = []),
    ],
    ['torch.backends.nnpack.is_available()', () => backends.nnpack.is_available()],
    ['torch.backends.nnpack.set_flags(True)', () => torch.serialization.Tuple.of(...backends.nnpack.set_flags(true))],
    ['torch.backends.mkldnn.is_acl_available()', () => backends.mkldnn.is_acl_available()],
    ['torch.backends.mkldnn.VERBOSE_ON_CREATION', () => backends.mkldnn.VERBOSE_ON_CREATION],
    ['torch.backends.mkl.VERBOSE_ON', () => backends.mkl.VERBOSE_ON],
    ['torch.backends.kleidiai.is_available()', () => backends.kleidiai.is_available()],
    ['torch.backends.miopen.immediate', () => backends.miopen.immediate],
    ['torch.backends.cudnn.version()', () => (on_cpu ? backends.cudnn.version() : null)],
    ['torch.backends.cudnn.benchmark_limit', () => (on_cpu ? backends.cudnn.benchmark_limit : null)],
    ['torch.backends.cudnn.is_acceptable(X)', () => backends.cudnn.is_acceptable(torch.ones(1))],
    [
      'torch.backends.cudnn.set_flags()[:5]',
      () => torch.serialization.Tuple.of(...backends.cudnn.set_flags().slice(0, 5)),
    ],
    ['torch.backends.cudnn.fp32_precision', () => backends.cudnn.fp32_precision],
    ['torch.backends.cudnn.conv.fp32_precision', () => backends.cudnn.conv.fp32_precision],
    ['torch.backends.cuda.matmul.fp32_precision', () => backends.cuda.matmul.fp32_precision],
    ['torch.backends.mkldnn.fp32_precision', () => backends.mkldnn.fp32_precision],
    [
      'torch.backends.mkldnn.conv.fp32_precision = "tf32"; torch.backends.mkldnn.conv.fp32_precision',
      () => {
        backends.mkldnn.conv.fp32_precision = 'tf32';
        return backends.mkldnn.conv.fp32_precision;
      },
    ],
    [
      'setattr(torch.backends.mkldnn, "fp32_precision", "foo")',
      () => (backends.mkldnn.fp32_precision = 'foo' as never),
    ],
    ['torch.backends.opt_einsum.is_available()', () => backends.opt_einsum.is_available()],
    ['torch.backends.opt_einsum.enabled', () => backends.opt_einsum.enabled],
    ['torch.backends.opt_einsum.strategy', () => backends.opt_einsum.strategy],
    ['torch.backends.opt_einsum.get_opt_einsum()', () => backends.opt_einsum.get_opt_einsum()],
    ['torch.backends.opt_einsum.set_flags(True, None)', () => backends.opt_einsum.set_flags(true)],
    [
      'torch.backends.opt_einsum.set_flags(None, "greedy")',
      () => backends.opt_einsum.set_flags({ _strategy: 'greedy' }),
    ],
    [
      'torch.backends.cuda.matmul.allow_bf16_reduced_precision_reduction',
      () => backends.cuda.matmul.allow_bf16_reduced_precision_reduction,
    ],
    [
      'torch.backends.cuda.matmul.allow_fp16_reduced_precision_reduction = False; torch.backends.cuda.matmul.allow_fp16_reduced_precision_reduction',
      () => {
        backends.cuda.matmul.allow_fp16_reduced_precision_reduction = false;
        const now = backends.cuda.matmul.allow_fp16_reduced_precision_reduction;
        backends.cuda.matmul.allow_fp16_reduced_precision_reduction = true;
        return now;
      },
    ],
    [
      'torch.backends.cuda.allow_fp16_bf16_reduction_math_sdp(True); torch.backends.cuda.fp16_bf16_reduction_math_sdp_allowed()',
      () => {
        backends.cuda.allow_fp16_bf16_reduction_math_sdp(true);
        const now = backends.cuda.fp16_bf16_reduction_math_sdp_allowed();
        backends.cuda.allow_fp16_bf16_reduction_math_sdp(false);
        return now;
      },
    ],
  ]);

  it('verbose() takes a level', () => {
    expect(backends.mkl.verbose(backends.mkl.VERBOSE_OFF, () => 5)).toBe(5);
    expect(() => backends.mkldnn.verbose('on' as never)).toThrow("verbose(): argument 'level' must be int, not str");
  });

  it('flags() sets switches for a while', () => {
    expect(backends.mkldnn.enabled).toBe(true);
    expect(backends.mkldnn.flags(() => backends.mkldnn.enabled)).toBe(false);
    expect(backends.mkldnn.enabled).toBe(true);
    {
      using _ = backends.cudnn.flags({ enabled: true, deterministic: true });
      expect([backends.cudnn.enabled, backends.cudnn.deterministic]).toEqual([true, true]);
    }
    expect(backends.cudnn.deterministic).toBe(false);
    expect(backends.flags(() => backends.mkldnn.matmul.fp32_precision, { fp32_precision: 'tf32' })).toBe('tf32');
    expect(backends.mkldnn.matmul.fp32_precision).toBe('none');
    const { cuda } = backends;
    expect(cuda.sdp_kernel({ enable_math: false, fn: () => cuda.math_sdp_enabled() })).toBe(false);
    expect(cuda.math_sdp_enabled()).toBe(true);
  });

  it('refuses other values', () => {
    expect(() => (backends.mkldnn.enabled = 1 as never)).toThrow('torch.backends.mkldnn.enabled must be bool, not int');
    expect(() => backends.mkldnn.set_flags({ _enabled: 1 as never })).toThrow(TypeError);
    expect(() => backends.cudnn.flags({ zzz: true } as never)).toThrow("unexpected keyword argument 'zzz'");
  });
});

describe('torch.version', () => {
  compare([
    ['torch.version.git_version', () => torch.version.git_version],
    ['torch.version.debug', () => torch.version.debug],
    ['torch.version.hip', () => torch.version.hip],
    ['torch.version.xpu', () => torch.version.xpu],
    ['torch.version.__version__.split("+")[0]', () => torch.version.__version__.split('+')[0]],
    ['torch.thread_safe_generator()', () => torch.thread_safe_generator()],
  ]);
});

/** Public names of modules, which Python's have too. */
describe('all names of Python', () => {
  const names = (path: string): string => `sorted(n for n in ${path}.__all__ if not n.startswith("_"))`;
  const modules: readonly [path: string, ours: object, left_out: readonly string[]][] = [
    ['torch.accelerator', accelerator, ['Graph']],
    ['torch.cpu', cpu, []],
    ['torch.mps', mps, ['compile_shader', 'load_metallib']],
    ['torch.random', torch.random, []],
    ['torch.version', torch.version, []],
    ['torch.backends.cpu', backends.cpu, []],
    ['torch.backends.nnpack', backends.nnpack, []],
  ];
  const listed = python<{ value: string }[]>('said.py', [modules.map(([path]) => names(path))]);
  it.each(modules.map(([path, ours, left_out], i) => [path, ours, left_out, listed[i]!.value] as const))(
    '%s',
    (_path, ours, left_out, value) => {
      const theirs = [...value.matchAll(/'(\w+)'/g)].map(([, name]) => name!);
      expect(theirs.length).toBeGreaterThan(0);
      expect(theirs.filter((name) => !(name in ours))).toEqual(left_out);
    },
  );
});
