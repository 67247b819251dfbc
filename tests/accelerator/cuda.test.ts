/** `torch.cuda` on a machine without a GPU: what each function answers or throws, compared with Python's CPU build. */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

import * as torch from 'torch-node';
import { nn, type Tensor } from 'torch-node';
import { describe, expect, it } from 'vitest';

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

const ask = (texts: readonly string[]): ({ value: string } | { error: string })[] => python('said.py', [texts]);

/** Compares with Python what both say. */
function compare(cases: readonly Case[]): void {
  const expected = ask(cases.map(([text]) => text));
  it.each(cases.map(([text, run], i) => [text, run, expected[i]!] as const))('%s', (_text, run, said) => {
    expect(answer(run)).toEqual(said);
  });
}

/** Compares that both throw, where Python says only that its module has no such attribute. */
function both_throw(cases: readonly Case[]): void {
  const expected = ask(cases.map(([text]) => text));
  it.each(cases.map(([text, run], i) => [text, run, expected[i]!] as const))('%s', (_text, run, said) => {
    expect(said).toHaveProperty('error');
    expect((said as { error: string }).error).toMatch(/has no attribute|not supported between|^'allocated_bytes/);
    expect(run).toThrow(/Torch not compiled with CUDA enabled/);
  });
}

const { cuda, backends } = torch;
const on_cpu = torch.version.cuda === null;

describe.skipIf(!on_cpu)('torch.cuda without a device', () => {
  describe('devices', () => {
    compare([
      ['torch.cuda.is_available()', () => cuda.is_available()],
      ['torch.cuda.device_count()', () => cuda.device_count()],
      ['torch.cuda.is_initialized()', () => cuda.is_initialized()],
      ['torch.cuda.init()', () => cuda.init()],
      ['torch.cuda.has_half', () => cuda.has_half],
      ['torch.cuda.has_magma', () => cuda.has_magma],
      ['len(torch.cuda.default_generators)', () => cuda.default_generators.length],
      ['torch.cuda.current_device()', () => cuda.current_device()],
      ['torch.cuda.set_device(-1)', () => cuda.set_device(-1)],
      ['torch.cuda.set_device("cpu")', () => cuda.set_device('cpu')],
      ['torch.cuda.set_device(None)', () => cuda.set_device(null as never)],
      ['torch.cuda.get_device_name()', () => cuda.get_device_name()],
      ['torch.cuda.get_device_name(0)', () => cuda.get_device_name(0)],
      ['torch.cuda.get_device_capability()', () => cuda.get_device_capability()],
      ['torch.cuda.get_device_properties(0)', () => cuda.get_device_properties(0)],
      ['torch.cuda.can_device_access_peer(0, 1)', () => cuda.can_device_access_peer(0, 1)],
      ['torch.cuda.get_arch_list()', () => cuda.get_arch_list()],
      ['torch.cuda.get_gencode_flags()', () => cuda.get_gencode_flags()],
      ['torch.cuda.is_bf16_supported()', () => cuda.is_bf16_supported()],
      [
        'torch.cuda.is_bf16_supported(including_emulation=False)',
        () => cuda.is_bf16_supported({ including_emulation: false }),
      ],
      ['torch.cuda.is_tf32_supported()', () => cuda.is_tf32_supported()],
      ['torch.cuda.synchronize()', () => cuda.synchronize()],
      ['torch.cuda.ipc_collect()', () => cuda.ipc_collect()],
      ['torch.cuda.current_blas_handle()', () => cuda.current_blas_handle()],
      ['torch.cuda.current_solver_handle()', () => cuda.current_solver_handle()],
      ['torch.cuda.set_sync_debug_mode("warn")', () => cuda.set_sync_debug_mode('warn')],
      ['torch.cuda.get_sync_debug_mode()', () => cuda.get_sync_debug_mode()],
      ['torch.cuda.device(0).__enter__()', () => cuda.device(0, () => null)],
      ['torch.cuda.device(-1).__enter__(); torch.ones(2)', () => cuda.device(-1, () => torch.ones(2))],
      ['torch.cuda.device("cpu")', () => cuda.device('cpu', () => null)],
      ['torch.cuda.device_of(X).__enter__(); torch.ones(2)', () => cuda.device_of(torch.ones(2), () => torch.ones(2))],
      ['torch.cuda.cudart()', () => cuda.cudart()],
      ['torch.cuda.cudaStatus.SUCCESS', () => cuda.cudaStatus.SUCCESS],
      ['torch.cuda.cudaStatus.ERROR_NOT_READY', () => cuda.cudaStatus.ERROR_NOT_READY],
    ]);
    both_throw([['torch.cuda.set_device(0)', () => cuda.set_device(0)]]);

    it('has the constants and classes of errors', () => {
      expect(torch.OutOfMemoryError).toBe(cuda.OutOfMemoryError);
      expect(new cuda.DeferredCudaCallError('x')).toBeInstanceOf(Error);
      expect(new cuda.OutOfMemoryError('x')).toMatchObject({ name: 'OutOfMemoryError', message: 'x' });
    });
  });

  describe('random numbers', () => {
    compare([
      ['torch.cuda.manual_seed(1)', () => cuda.manual_seed(1)],
      ['torch.cuda.manual_seed_all(1)', () => cuda.manual_seed_all(1)],
      ['torch.cuda.seed()', () => cuda.seed()],
      ['torch.cuda.seed_all()', () => cuda.seed_all()],
      ['torch.cuda.initial_seed()', () => cuda.initial_seed()],
      ['torch.cuda.get_rng_state()', () => cuda.get_rng_state()],
      ['torch.cuda.get_rng_state(0)', () => cuda.get_rng_state(0)],
      ['torch.cuda.get_rng_state_all()', () => cuda.get_rng_state_all()],
      [
        'torch.cuda.set_rng_state(torch.zeros(8, dtype=torch.uint8))',
        () => cuda.set_rng_state(torch.zeros(8, { dtype: torch.uint8 })),
      ],
      ['torch.cuda.set_rng_state_all([])', () => cuda.set_rng_state_all([])],
      ['torch.cuda.random.initial_seed()', () => cuda.random.initial_seed()],
    ]);
  });

  describe('streams and events', () => {
    const stream = (): torch.Stream => new torch.Stream('cpu');
    compare([
      ['torch.cuda.Stream()', () => new cuda.Stream()],
      ['torch.cuda.Stream(0, priority=-1)', () => new cuda.Stream(0, { priority: -1 })],
      ['torch.cuda.Event()', () => new cuda.Event()],
      ['torch.cuda.Event(enable_timing=True)', () => new cuda.Event({ enable_timing: true })],
      ['torch.cuda.current_stream()', () => cuda.current_stream()],
      ['torch.cuda.default_stream()', () => cuda.default_stream()],
      ['torch.cuda.get_stream_from_external(1)', () => cuda.get_stream_from_external(1)],
      ['torch.cuda.set_stream(None)', () => cuda.set_stream(null)],
      ['torch.cuda.stream(None).__enter__()', () => cuda.stream(null, () => null)],
      ['torch.cuda.stream(torch.Stream("cpu")).__enter__()', () => cuda.stream(stream(), () => null)],
      ['torch.cuda.streams.Stream is torch.cuda.Stream', () => cuda.streams.Stream === cuda.Stream],
    ]);
    both_throw([['torch.cuda.set_stream(torch.Stream("cpu"))', () => cuda.set_stream(stream())]]);

    it('are those of all devices', () => {
      expect(cuda.Stream.prototype).toBeInstanceOf(torch.Stream);
      expect(cuda.ExternalStream.prototype).toBeInstanceOf(cuda.Stream);
      expect(cuda.Event.prototype).toBeInstanceOf(torch.Event);
      expect(() => new cuda.ExternalStream(1)).toThrow('torch.cuda.Stream requires CUDA support');
    });

    it('need no CUDA to select no stream', () => {
      using _ = new cuda.StreamContext(null);
      expect(torch.ones(2).tolist()).toEqual([1, 1]);
    });
  });

  describe('memory', () => {
    compare([
      ['dict(torch.cuda.memory_stats())', () => cuda.memory_stats()],
      ['torch.cuda.memory_stats_as_nested_dict()', () => cuda.memory_stats_as_nested_dict()],
      ['dict(torch.cuda.host_memory_stats())', () => cuda.host_memory_stats()],
      ['torch.cuda.host_memory_stats_as_nested_dict()', () => cuda.host_memory_stats_as_nested_dict()],
      ['torch.cuda.memory_allocated()', () => cuda.memory_allocated()],
      ['torch.cuda.max_memory_allocated()', () => cuda.max_memory_allocated()],
      ['torch.cuda.memory_reserved()', () => cuda.memory_reserved()],
      ['torch.cuda.max_memory_reserved(0)', () => cuda.max_memory_reserved(0)],
      ['torch.cuda.memory_cached()', () => cuda.memory_cached()],
      ['torch.cuda.max_memory_cached()', () => cuda.max_memory_cached()],
      ['torch.cuda.empty_cache()', () => cuda.empty_cache()],
      ['torch.cuda.caching_allocator_enable()', () => cuda.caching_allocator_enable()],
      ['torch.cuda.mem_get_info()', () => cuda.mem_get_info()],
      ['torch.cuda.list_gpu_processes()', () => cuda.list_gpu_processes()],
      ['torch.cuda.set_per_process_memory_fraction(0.5)', () => cuda.set_per_process_memory_fraction(0.5)],
      ['torch.cuda.get_per_process_memory_fraction()', () => cuda.get_per_process_memory_fraction()],
      ['torch.cuda.caching_allocator_alloc(16)', () => cuda.caching_allocator_alloc(16)],
      ['torch.cuda.MemPool()', () => new cuda.MemPool()],
      ['torch.cuda.memory.memory_allocated()', () => cuda.memory.memory_allocated()],
    ]);
    both_throw([
      ['torch.cuda.reset_peak_memory_stats()', () => cuda.reset_peak_memory_stats()],
      ['torch.cuda.reset_accumulated_memory_stats()', () => cuda.reset_accumulated_memory_stats()],
      ['torch.cuda.reset_max_memory_allocated()', () => cuda.reset_max_memory_allocated()],
      ['torch.cuda.reset_max_memory_cached()', () => cuda.reset_max_memory_cached()],
      ['torch.cuda.reset_peak_host_memory_stats()', () => cuda.reset_peak_host_memory_stats()],
      ['torch.cuda.reset_accumulated_host_memory_stats()', () => cuda.reset_accumulated_host_memory_stats()],
      ['torch.cuda.memory_summary()', () => cuda.memory_summary()],
      ['torch.cuda.memory_snapshot()', () => cuda.memory_snapshot()],
      ['torch.cuda.get_allocator_backend()', () => cuda.get_allocator_backend()],
      ['torch.cuda.caching_allocator_delete(1)', () => cuda.caching_allocator_delete(1)],
      ['torch.cuda.memory.caching_allocator_disabled().__enter__()', () => cuda.caching_allocator_disabled(() => null)],
    ]);
  });

  describe('NVML', () => {
    compare([
      ['torch.cuda.utilization()', () => cuda.utilization()],
      ['torch.cuda.memory_usage()', () => cuda.memory_usage()],
      ['torch.cuda.device_memory_used()', () => cuda.device_memory_used()],
      ['torch.cuda.temperature()', () => cuda.temperature()],
      ['torch.cuda.power_draw()', () => cuda.power_draw()],
      ['torch.cuda.clock_rate()', () => cuda.clock_rate()],
    ]);
  });

  describe('graphs', () => {
    compare([
      ['torch.cuda.CUDAGraph()', () => new cuda.CUDAGraph()],
      ['torch.cuda.graph_pool_handle()', () => cuda.graph_pool_handle()],
      ['torch.cuda.is_current_stream_capturing()', () => cuda.is_current_stream_capturing()],
      [
        'torch.cuda.make_graphed_callables(torch.sin, (torch.ones(1),))',
        () => cuda.make_graphed_callables(torch.sin, [torch.ones(1)]),
      ],
      [
        'torch.cuda.make_graphed_callables(torch.sin, (1,))',
        () => cuda.make_graphed_callables(torch.sin as never, [1]),
      ],
      [
        'm = torch.nn.Linear(1, 1); m.register_buffer("b", torch.ones(1, requires_grad=True)); torch.cuda.make_graphed_callables(m, (torch.ones(1),))',
        () => {
          const m = new nn.Linear(1, 1);
          m.register_buffer('b', torch.ones([1], { requires_grad: true }));
          return cuda.make_graphed_callables(m, [torch.ones(1)]);
        },
      ],
      [
        'm = torch.nn.Linear(1, 1); _ = m.register_forward_hook(print); torch.cuda.make_graphed_callables(m, (torch.ones(1),))',
        () => {
          const m = new nn.Linear(1, 1);
          m.register_forward_hook(() => undefined);
          return cuda.make_graphed_callables(m, [torch.ones(1)]);
        },
      ],
    ]);

    it('capture a step of training only where there is a device', () => {
      const model = new nn.Linear(2, 1);
      const optimizer = new torch.optim.SGD(model.parameters(), { lr: 0.1 });
      const sample = [torch.ones(4, 2), torch.ones(4, 1)];
      const make = (batch: readonly Tensor[]) => (): unknown =>
        cuda.make_graphed_step(model, nn.functional.mse_loss as never, optimizer, batch);
      expect(make(sample)).toThrow('Torch not compiled with CUDA enabled');
      expect(make([torch.ones(1)])).toThrow("'sample' must have the model's inputs and, at its end, the target");
    });
  });

  describe('packages', () => {
    const gelu = 'template <typename T> T f(T x) { return x;}';
    compare([
      ['torch.cuda.nvtx.range_push("a")', () => cuda.nvtx.range_push('a')],
      ['torch.cuda.nvtx.range_pop()', () => cuda.nvtx.range_pop()],
      ['torch.cuda.nvtx.mark("a")', () => cuda.nvtx.mark('a')],
      ['torch.cuda.nvtx.range("a").__enter__()', () => cuda.nvtx.range('a', () => null)],
      ['torch.cuda.profiler.start()', () => cuda.profiler.start()],
      ['torch.cuda.profiler.stop()', () => cuda.profiler.stop()],
      ['torch.cuda.profiler.profile().__enter__()', () => cuda.profiler.profile(() => null)],
      ['torch.cuda.nccl.is_available([X])', () => cuda.nccl.is_available([torch.ones(2)])],
      ['torch.cuda.nccl.SUM', () => cuda.nccl.SUM],
      [
        'torch.cuda.gds.gds_register_buffer(X.untyped_storage())',
        () => cuda.gds.gds_register_buffer(torch.ones(2).untyped_storage()),
      ],
      [
        'torch.cuda.gds.gds_deregister_buffer(X.untyped_storage())',
        () => cuda.gds.gds_deregister_buffer(torch.ones(2).untyped_storage()),
      ],
      ['torch.cuda.gds.GdsFile(torch.__file__, 0)', () => new cuda.gds.GdsFile(fileURLToPath(import.meta.url), 0)],
      ['torch.cuda.comm.broadcast(X)', () => cuda.comm.broadcast(torch.ones(2))],
      [
        'torch.cuda.comm.scatter(X, devices=[0], out=[X])',
        () => cuda.comm.scatter(torch.ones(2), { devices: [0], out: [torch.ones(2)] }),
      ],
      [
        'torch.cuda.comm.scatter(X, chunk_sizes=[1], out=[X])',
        () => cuda.comm.scatter(torch.ones(2), { chunk_sizes: [1], out: [torch.ones(2)] }),
      ],
      [
        'torch.cuda.comm.gather([X], destination=0, out=X)',
        () => cuda.comm.gather([torch.ones(2)], { destination: 0, out: torch.ones(2) }),
      ],
      ['torch.cuda.comm.reduce_add([X], 0)', () => cuda.comm.reduce_add([torch.ones(2, 3)], 0)],
      [
        'torch.cuda.comm.reduce_add_coalesced([[X], [X]], 0)',
        () => cuda.comm.reduce_add_coalesced([[torch.ones(2)], [torch.ones(2)]], 0),
      ],
      ['torch.cuda.GreenContext.create(num_sms=1)', () => cuda.GreenContext.create({ num_sms: 1 })],
      ['torch.cuda.GreenContext.max_workqueue_concurrency()', () => cuda.GreenContext.max_workqueue_concurrency()],
      ['torch.cuda.jiterator._create_jit_fn("x")', () => cuda.jiterator._create_jit_fn('x')],
      [`torch.cuda.jiterator._create_jit_fn("${gelu}")(X)`, () => cuda.jiterator._create_jit_fn(gelu)(torch.ones(1))],
    ]);
    both_throw([
      ['torch.cuda.nccl.version()', () => cuda.nccl.version()],
      ['torch.cuda.nccl.unique_id()', () => cuda.nccl.unique_id()],
      ['torch.cuda.nccl.init_rank(1, bytes(128), 0)', () => cuda.nccl.init_rank(1, new Uint8Array(128), 0)],
      ['torch.cuda.nccl.all_reduce([X])', () => cuda.nccl.all_reduce([torch.ones(2)])],
      ['torch.cuda.nccl.reduce([X])', () => cuda.nccl.reduce([torch.ones(2)])],
      ['torch.cuda.nccl.broadcast([X])', () => cuda.nccl.broadcast([torch.ones(2)])],
      ['torch.cuda.nccl.all_gather([X], [X])', () => cuda.nccl.all_gather([torch.ones(2)], [torch.ones(2)])],
      ['torch.cuda.nccl.reduce_scatter([X], [X])', () => cuda.nccl.reduce_scatter([torch.ones(2)], [torch.ones(2)])],
      ['torch.cuda.comm.broadcast(X, [0])', () => cuda.comm.broadcast(torch.ones(2), [0])],
      ['torch.cuda.comm.broadcast_coalesced([X], [0])', () => cuda.comm.broadcast_coalesced([torch.ones(2)], [0])],
      ['torch.cuda.comm.scatter(X, [0])', () => cuda.comm.scatter(torch.ones(2), [0])],
      ['torch.cuda.comm.gather([X])', () => cuda.comm.gather([torch.ones(2)])],
      ['torch.cuda.tunable.enable()', () => cuda.tunable.enable()],
      ['torch.cuda.tunable.is_enabled()', () => cuda.tunable.is_enabled()],
      ['torch.cuda.tunable.get_results()', () => cuda.tunable.get_results()],
      ['torch.cuda.tunable.get_filename()', () => cuda.tunable.get_filename()],
      ['torch.cuda.tunable.set_max_tuning_duration(1)', () => cuda.tunable.set_max_tuning_duration(1)],
      ['torch.cuda.tunable.tune_gemm_in_file("a")', () => cuda.tunable.tune_gemm_in_file('a')],
    ]);
  });

  describe('legacy types', () => {
    const names = ['Float', 'Double', 'Half', 'BFloat16', 'Byte', 'Char', 'Short', 'Int', 'Long', 'Bool'] as const;
    compare(names.map((name) => [`torch.cuda.${name}Tensor`, () => cuda[`${name}Tensor`]]));

    it('make tensors on the device, or say that there is none', () => {
      expect(() => new (cuda.FloatTensor as unknown as new (size: number) => Tensor)(2)).toThrow(/CUDA/);
      expect(() => new cuda.FloatStorage(2)).toThrow(/CUDA/);
      expect(cuda.LongStorage.dtype).toBe(torch.int64);
      expect(new torch.FloatStorage(2)).not.toBeInstanceOf(cuda.FloatStorage);
      expect(() => cuda.FloatStorage.from_buffer(new Uint8Array(4))).toThrow(
        new Error('from_buffer: Not available for CUDA storage'),
      );
    });
  });

  describe('torch.backends', () => {
    compare([
      ['torch.backends.cusparselt.is_available()', () => backends.cusparselt.is_available()],
      ['torch.backends.cusparselt.version()', () => backends.cusparselt.version()],
      ['torch.backends.cusparselt.get_max_alg_id()', () => backends.cusparselt.get_max_alg_id()],
      ['str(torch.backends.cuda.preferred_linalg_library())', () => backends.cuda.preferred_linalg_library()],
      ['str(torch.backends.cuda.preferred_blas_library())', () => backends.cuda.preferred_blas_library()],
      ['torch.backends.cuda.preferred_linalg_library("x")', () => backends.cuda.preferred_linalg_library('x')],
      ['torch.backends.cuda.preferred_blas_library("x")', () => backends.cuda.preferred_blas_library('x')],
      ['torch.backends.cuda.cufft_plan_cache[0]', () => backends.cuda.cufft_plan_cache.at(0)],
      ['torch.backends.cuda.cufft_plan_cache.size', () => backends.cuda.cufft_plan_cache.size],
      ['torch.backends.cuda.cufft_plan_cache.max_size', () => backends.cuda.cufft_plan_cache.max_size],
    ]);
  });

  it('says how to get a build that has CUDA', () => {
    for (const run of [() => cuda.init(), () => cuda.mem_get_info(), () => cuda.tunable.is_enabled()]) {
      expect(run).toThrow(/`npx torch-node install --cuda/);
    }
  });
});

const inner = createRequire(import.meta.url);

describe('products that TunableOp recorded', () => {
  const { call_of } = inner('../../dist/cuda/recorded_products.js') as {
    call_of(line: string, device: string): { name: string; args: Tensor[]; bias?: Tensor; out_dtype?: unknown } | null;
  };
  const lines = [
    'GemmTunableOp_float_NT,nt_25_24_26_ld_25_26_25',
    'GemmTunableOp_tf32_NN,nn_8_9_7_ld_8_7_8',
    'GemmTunableOp_double_TN,tn_5_1_6_ld_6_6_5',
    'GemmTunableOp_Half_TN,tn_5_4_6_ld_40_30_50',
    'GemmTunableOp_BFloat16_TT,tt_1_4_6_ld_6_4_1',
    'GemmTunableOp_c10::complex<float>_NN,nn_1_4_6_ld_1_6_1',
    'GemmTunableOp_int_NN,nn_2_4_6_ld_2_6_2',
    'GemmStridedBatchedTunableOp_float_TN,tn_5_4_6_B_3_ld_6_6_5',
    'GemmStridedBatchedTunableOp_double_NT,nt_5_4_6_B_2_ld_50_40_50',
    'GemmStridedBatchedTunableOp_double_NT,nt_5_1_6_B_2_ld_5_6_5',
    'GemmAndBiasTunableOp_float_TN,tn_5_4_6_ld_6_6_5',
    'GemmAndBiasTunableOp_float_NN,nn_5_4_6_ld_5_6_5',
    'ScaledGemmTunableOp_Float8_e4m3fn_Float8_e5m2_BFloat16_TN,tn_32_16_64_ld_64_64_32_rw_0_bias_None',
    'ScaledGemmTunableOp_Float8_e4m3fn_Float8_e4m3fn_float_TN,tn_32_16_64_ld_64_64_32_rw_1_bias_BFloat16',
    'ScaledGemmTunableOp_Float8_e4m3fn_Float8_e4m3fn_Float8_e4m3fn_TN,tn_32_16_64_ld_96_96_32_rw_1_bias_Half',
    'ScaledGemmTunableOp_Float8_e4m3fn_Float8_e4m3fn_float_NN,nn_32_16_64_ld_32_64_32_rw_1_bias_None',
    'OtherTunableOp_float_NN,nn_2_4_6_ld_2_6_2',
    'GemmTunableOp_float_NN,nn_2_4_6_2_6_2_0_0_0',
  ];
  const theirs = python<unknown[]>('recorded_products.py', [lines]);
  const described = (x: Tensor): unknown => [
    String(x.dtype),
    [...x.shape],
    x.stride(),
    String(x.to(torch.complex128).sum()),
  ];

  it.each(lines.map((line, i) => [line, theirs[i]]))('%s is what it is in Python', (line, said) => {
    torch.manual_seed(0);
    const before = backends.cuda.matmul.allow_tf32;
    let ours: unknown;
    try {
      const call = call_of(line as string, 'cpu');
      const { name, args, bias, out_dtype } = call ?? { name: null, args: [] };
      ours = [name, args.map(described), bias ? described(bias) : null, out_dtype ? String(out_dtype) : null];
    } catch (error) {
      ours = (error as Error).message;
    } finally {
      backends.cuda.matmul.allow_tf32 = before;
    }
    expect(ours).toEqual(said);
  });
});

describe('the table of memory', () => {
  const { memory_table } = inner('../../dist/cuda/memory_table.js') as {
    memory_table(stats: Record<string, number>, device: number, abbreviated: boolean): string;
  };

  it.each([false, true])('is the one of Python (abbreviated: %s)', (abbreviated) => {
    // Numbers of all sizes, such that each unit comes up.
    const metrics = ['allocated_bytes', 'active_bytes', 'requested_bytes', 'reserved_bytes', 'inactive_split_bytes'];
    const counts = ['allocation', 'active', 'segment', 'inactive_split'];
    const stats: Record<string, number> = { num_ooms: 3, num_alloc_retries: 12 };
    let value = 7;
    const next = (): number => (value = (value * 48271) % 2147483647);
    for (const [i, metric] of [...metrics, ...counts].entries()) {
      for (const pool of ['all', 'large_pool', 'small_pool']) {
        for (const column of ['current', 'peak', 'allocated', 'freed']) {
          stats[`${metric}.${pool}.${column}`] = next() % 10 ** (3 + ((i * 3) % 7));
        }
      }
    }
    for (const metric of ['oversize_allocations', 'oversize_segments']) {
      for (const column of ['current', 'peak', 'allocated', 'freed']) stats[`${metric}.${column}`] = next() % 5000;
    }
    const source =
      `torch.cuda.memory.memory_stats = lambda device=None: ${JSON.stringify(stats)}; ` +
      `torch.cuda.memory.memory_summary(2, ${abbreviated ? 'True' : 'False'})`;
    const [said] = ask([source]);
    expect(torch.python_repr(memory_table(stats, 2, abbreviated))).toBe((said as { value: string }).value);
  });
});

describe('CUDA_VISIBLE_DEVICES', () => {
  const { visible_devices } = inner('../../dist/cuda/nvml.js') as {
    visible_devices(variable: string | undefined, uuids: () => string[]): number[];
  };
  const variables = ['', '0', '1,0', '0, 2,3', '1,1', '2,-1,3', '1gpu2,2ampere', 'x,1', '+1'];
  const expected = ask(
    variables.map(
      (text) =>
        `import os; os.environ['CUDA_VISIBLE_DEVICES'] = ${JSON.stringify(text)}; torch.cuda._parse_visible_devices()`,
    ),
  );

  it.each(variables.map((text, i) => [text, expected[i]!] as const))('%j is read as in Python', (text, said) => {
    expect({ value: torch.python_repr(visible_devices(text, () => [])) }).toEqual(said);
  });

  it('names devices by the beginnings of their UUIDs', () => {
    const uuids = ['GPU-abc1', 'GPU-abd2', 'GPU-fff3'];
    const source = (text: string): string =>
      `torch.cuda._transform_uuid_to_ordinals(${JSON.stringify(text.split(','))}, ${JSON.stringify(uuids)})`;
    const texts = ['GPU-abc1,GPU-fff', 'GPU-ab', 'GPU-abd,GPU-abd2', 'GPU-fff3,GPU-x,GPU-abc'];
    const said = ask(texts.map(source));
    expect(texts.map((text) => ({ value: torch.python_repr(visible_devices(text, () => uuids)) }))).toEqual(said);
  });

  it('leaves it out for all devices', () => {
    expect(visible_devices(undefined, () => []).slice(0, 3)).toEqual([0, 1, 2]);
  });
});
