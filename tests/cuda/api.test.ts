/** `torch.cuda` where there is a GPU; what needs the second addon is left out where that was not built. */
import { createRequire } from 'node:module';

import * as torch from 'torch-node';
import { nn, type Tensor } from 'torch-node';
import { describe, expect, it } from 'vitest';

const { cuda } = torch;
const { has_cuda_native } = createRequire(import.meta.url)('../../dist/_C/cuda_native.js') as {
  has_cuda_native(): boolean;
};
const second = has_cuda_native();
const close = (a: Tensor, b: Tensor): boolean => torch.allclose(a.cpu(), b.cpu(), 1e-4, 1e-5);
const on_gpu = (...size: number[]): Tensor => torch.rand(size, { device: 'cuda' });

describe('devices', () => {
  it('are initialized and selected', () => {
    cuda.init();
    expect(cuda.is_initialized()).toBe(true);
    const last = cuda.device_count() - 1;
    cuda.device(last, () => {
      expect(cuda.current_device()).toBe(last);
    });
    cuda.device_of(on_gpu(1), () => {
      expect(cuda.current_device()).toBe(0);
    });
    expect(() => cuda.get_device_name(99)).toThrow('Invalid device id');
    expect(cuda.get_arch_list().length).toBeGreaterThan(0);
    expect(cuda.default_generators.length).toBe(cuda.device_count());
  });

  it.runIf(second)('have properties', () => {
    const properties = cuda.get_device_properties(0);
    expect(properties.warp_size).toBe(32);
    expect(properties.total_memory).toBe(cuda.mem_get_info(0)[1]);
    expect(cuda.get_device_capability(0)).toEqual([properties.major, properties.minor]);
    expect(String(properties)).toMatch(/^_CudaDeviceProperties\(name='/);
    expect(cuda.can_device_access_peer(0, 0)).toBe(false);
    expect(cuda.is_bf16_supported()).toBe(true);
    cuda.set_sync_debug_mode('error');
    try {
      expect(() => on_gpu(1).item()).toThrow(/synchroniz/);
    } finally {
      cuda.set_sync_debug_mode('default');
    }
    expect(cuda.current_blas_handle()).toBeGreaterThan(0n);
    cuda.check_error(cuda.cudart().cudaProfilerStop());
    expect(() => cuda.check_error(2)).toThrow(cuda.CudaError);
  });
});

describe('random numbers', () => {
  it('repeat with a seed and a state', () => {
    cuda.manual_seed(3);
    const first = torch.rand(4, { device: 'cuda' }).tolist();
    cuda.manual_seed_all(3);
    expect(torch.rand(4, { device: 'cuda' }).tolist()).toEqual(first);
    expect(cuda.initial_seed()).toBe(3);
    const states = cuda.get_rng_state_all();
    const next = torch.rand(4, { device: 'cuda' }).tolist();
    cuda.set_rng_state_all(states);
    expect(torch.rand(4, { device: 'cuda' }).tolist()).toEqual(next);
    cuda.seed_all();
    expect(cuda.initial_seed()).not.toBe(3);
  });
});

describe('streams and events', () => {
  it('select where work goes', () => {
    const side = new cuda.Stream();
    expect(cuda.default_stream().stream_id).toBe(0);
    const y = cuda.stream(side, () => {
      expect(cuda.current_stream().equals(side)).toBe(true);
      return torch.ones(4, { device: 'cuda' }).mul(2);
    });
    expect(cuda.current_stream().equals(cuda.default_stream())).toBe(true);
    cuda.current_stream().wait_stream(side);
    expect(y.tolist()).toEqual([2, 2, 2, 2]);
    expect(String(side)).toMatch(/^<torch\.cuda\.Stream device=cuda:0 cuda_stream=0x[0-9a-f]+>$/);
    expect(new cuda.ExternalStream(side.cuda_stream).cuda_stream).toBe(side.cuda_stream);
    expect(cuda.get_stream_from_external(side.cuda_stream).query()).toBe(true);
  });

  it('measure time', () => {
    const [start, end] = [new cuda.Event(true), new cuda.Event(true)];
    expect(String(start)).toBe('<torch.cuda.Event uninitialized>');
    start.record();
    on_gpu(500, 500).mm(on_gpu(500, 500));
    end.record();
    end.synchronize();
    expect(start.elapsed_time(end)).toBeGreaterThan(0);
    expect(end.query()).toBe(true);
  });

  it.runIf(second)('sleep while they wait, and go to other processes', () => {
    const event = new cuda.Event({ blocking: true, interprocess: true });
    event.record();
    event.synchronize();
    expect(event.query()).toBe(true);
    expect(event.ipc_handle()).toHaveLength(64);
    const [least, greatest] = cuda.Stream.priority_range();
    expect(greatest).toBeLessThanOrEqual(least);
    expect(new cuda.Stream(0, greatest).priority).toBe(greatest);
  });
});

describe('memory', () => {
  it('is counted', () => {
    cuda.reset_peak_memory_stats();
    const before = cuda.memory_allocated();
    const x = torch.zeros(1 << 20, { device: 'cuda' });
    expect(cuda.memory_allocated() - before).toBeGreaterThanOrEqual(4 << 20);
    expect(cuda.max_memory_allocated()).toBeGreaterThanOrEqual(cuda.memory_allocated());
    expect(cuda.memory_reserved()).toBeGreaterThanOrEqual(cuda.memory_allocated());
    expect(cuda.memory_stats()['num_ooms']).toBe(0);
    expect(cuda.memory_summary().split('\n').length).toBeGreaterThan(30);
    expect(x.numel()).toBe(1 << 20);
    cuda.empty_cache();
    expect(() => torch.empty(2 ** 46, { device: 'cuda' })).toThrow(torch.OutOfMemoryError);
  });

  it.runIf(second)('is allocated, bounded and shown', () => {
    const pointer = cuda.caching_allocator_alloc(1 << 20);
    expect(pointer).toBeGreaterThan(0n);
    cuda.caching_allocator_delete(pointer);
    expect(cuda.get_allocator_backend()).toBe('native');
    cuda.set_per_process_memory_fraction(0.5);
    expect(cuda.get_per_process_memory_fraction()).toBeCloseTo(0.5);
    cuda.set_per_process_memory_fraction(1);
    const [segment] = cuda.memory_snapshot();
    expect(segment!.blocks.reduce((sum, block) => sum + block.size, 0)).toBe(segment!.total_size);
    const pool = new cuda.MemPool();
    const x = cuda.use_mem_pool(pool, { fn: () => torch.ones(8, { device: 'cuda' }) });
    expect(x.tolist()).toEqual(Array(8).fill(1));
    expect(pool.snapshot().length).toBeGreaterThan(0);
    expect(Object.keys(cuda.host_memory_stats())).toContain('num_host_alloc');
  });
});

describe.runIf(second)('graphs', () => {
  it('replay what was captured', () => {
    const x = torch.ones(4, { device: 'cuda' });
    const g = new cuda.CUDAGraph();
    const y = cuda.graph(g, {
      fn: () => {
        expect(cuda.is_current_stream_capturing()).toBe(true);
        return x.mul(2).add(1);
      },
    });
    x.fill_(5);
    g.replay();
    expect(y.tolist()).toEqual([11, 11, 11, 11]);
    expect(g.pool()).toHaveLength(2);
    g.reset();
  });

  it('draw new random numbers at each replay', () => {
    const g = new cuda.CUDAGraph();
    const y = cuda.graph(g, { fn: () => torch.rand(4, { device: 'cuda' }) });
    g.replay();
    const first = y.tolist();
    g.replay();
    expect(y.tolist()).not.toEqual(first);
  });

  it('end with an Error when the work cannot be captured', () => {
    const x = torch.ones(4, { device: 'cuda' });
    expect(() => cuda.graph(new cuda.CUDAGraph(), { fn: () => x.sum().item() })).toThrow(Error);
    expect(torch.ones(2, { device: 'cuda' }).tolist()).toEqual([1, 1]);
  });

  it('have a backward pass', () => {
    torch.manual_seed(0);
    const model = new nn.Sequential(new nn.Linear(4, 8), new nn.ReLU(), new nn.Linear(8, 2)).to('cuda');
    const x = on_gpu(3, 4);
    // A graph that is still alive, and was made on another stream, ends a capture, as in Python. The frame of a function keeps what
    // it has computed alive, so this is one of its own.
    const run_once = (): { want: Tensor; gradients: Tensor[] } => {
      const out = model(x) as Tensor;
      out.sum().backward();
      return { want: out.detach(), gradients: [...model.parameters()].map((p) => p.grad!.clone()) };
    };
    const { want, gradients } = run_once();
    const graphed = cuda.make_graphed_callables(model, [torch.rand(3, 4, { device: 'cuda' })]);
    for (const p of model.parameters()) p.grad = null;
    const got = graphed(x) as Tensor;
    expect(close(got, want)).toBe(true);
    got.sum().backward();
    [...model.parameters()].forEach((p, i) => {
      expect(close(p.grad!, gradients[i]!)).toBe(true);
    });
    model.eval();
    expect(close(graphed(x) as Tensor, want)).toBe(true);
  });

  it.each([
    ['SGD', (model: nn.Module) => new torch.optim.SGD(model.parameters(), { lr: 0.1, momentum: 0.9, dampening: 0.5 })],
    ['Adam', (model: nn.Module) => new torch.optim.Adam(model.parameters(), { lr: 0.01, capturable: true })],
  ])('make steps with %s as the program written out', (_name, optimizer_of) => {
    const train = (graphed: boolean): Tensor[] => {
      torch.manual_seed(1);
      const model = new nn.Linear(6, 1).to('cuda');
      const optimizer = optimizer_of(model);
      const [x, y] = [on_gpu(16, 6), on_gpu(16, 1)];
      const written_out = (a: Tensor, b: Tensor): Tensor => {
        optimizer.zero_grad();
        const loss = nn.functional.mse_loss(model(a), b);
        loss.backward();
        optimizer.step();
        return loss.detach();
      };
      const step = graphed ? cuda.make_graphed_step(model, nn.functional.mse_loss, optimizer, [x, y]) : written_out;
      const losses = Array.from({ length: 8 }, (_, i) => {
        if (i === 6) for (const group of optimizer.param_groups) (group as { lr: number }).lr = 0.001;
        return step(x.mul(i + 1), y);
      });
      return [...losses, ...model.parameters()];
    };
    const [graphed, plain] = [train(true), train(false)];
    graphed.forEach((value, i) => {
      expect(close(value, plain[i]!)).toBe(true);
    });
  });

  it('refuse what they would not do', () => {
    const model = new nn.Linear(2, 1).to('cuda');
    const sample = [on_gpu(4, 2), on_gpu(4, 1)];
    const adam = new torch.optim.Adam(model.parameters());
    expect(() => cuda.make_graphed_step(model, nn.functional.mse_loss, adam, sample)).toThrow(/capturable: true/);
    const sgd = new torch.optim.SGD(model.parameters(), { lr: 0.1 });
    expect(() => cuda.make_graphed_step(model, nn.functional.mse_loss, sgd, [torch.ones(4, 2), sample[1]!])).toThrow(
      /must be on a CUDA device/,
    );
    const step = cuda.make_graphed_step(model, nn.functional.mse_loss, sgd, sample);
    expect(() => step(on_gpu(3, 2), sample[1]!)).toThrow(/must be of shape \[4, 2\]/);
    model.register_forward_hook(() => undefined);
    expect(() => cuda.make_graphed_step(model, nn.functional.mse_loss, sgd, sample)).toThrow(
      /hooks run at the capture/,
    );
  });
});

describe('several devices', () => {
  it('give and take parts of a tensor', () => {
    const x = torch.arange(8);
    const parts = cuda.comm.scatter(x, [0, 0]);
    expect(parts.map((part) => part.tolist())).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
    ]);
    expect(cuda.comm.gather(parts, 0, 'cpu').equal(x)).toBe(true);
    expect(cuda.comm.broadcast(x.cuda(), [0])[0]!.cpu().equal(x)).toBe(true);
    expect(cuda.comm.reduce_add([x.cuda(), x.cuda()], 0).cpu().equal(x.mul(2))).toBe(true);
  });
});

describe.runIf(second)('packages', () => {
  it('mark ranges for profilers', () => {
    expect(cuda.nvtx.range('work', () => 3)).toBe(3);
    cuda.nvtx.mark('here');
    cuda.nvtx.range_end(cuda.nvtx.range_start('there'));
    expect(cuda.profiler.profile(() => 4)).toBe(4);
  });

  it('tune products', () => {
    const { tunable } = cuda;
    tunable.set_max_tuning_duration(17);
    expect(tunable.get_max_tuning_duration()).toBe(17);
    expect(tunable.is_enabled()).toBe(false);
    expect(tunable.get_validators().length).toBeGreaterThan(0);
    expect(tunable.read_file('missing.csv')).toBe(false);
  });

  it('compile elementwise functions', () => {
    const code = 'template <typename T> T f(T x, T y, T alpha) { return x * y + alpha; }';
    const f = cuda.jiterator._create_jit_fn(code, { alpha: 1 });
    const [x, y] = [on_gpu(5), on_gpu(5)];
    expect(close(f(x, y, { alpha: 2 }), x.mul(y).add(2))).toBe(true);
  });

  it('reduce by NCCL', () => {
    const x = on_gpu(4);
    expect(cuda.nccl.is_available([x])).toBe(true);
    const sum = torch.zeros_like(x);
    cuda.nccl.all_reduce([x], [sum]);
    expect(close(sum, x)).toBe(true);
    expect(cuda.nccl.version().length).toBeGreaterThanOrEqual(3);
    expect(cuda.nccl.unique_id()).toHaveLength(128);
  });
});
