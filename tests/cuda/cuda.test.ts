/**
 * What needs a GPU: `npm run test:cuda` where libtorch is a CUDA build (TORCH_NODE_LIBTORCH) and there is a device. Not part
 * of `npm test`.
 */
import * as torch from 'torch-node';
import { nn, type Tensor } from 'torch-node';
import { beforeAll, describe, expect, it } from 'vitest';

beforeAll(() => {
  if (!torch.cuda.is_available()) {
    throw new Error(
      `There is no CUDA device for libtorch ${torch.__version__} (built for CUDA: ${String(torch.version.cuda)}): ` +
        'run this where a GPU is, with TORCH_NODE_LIBTORCH naming a CUDA build',
    );
  }
});

const close = (a: Tensor, b: Tensor): boolean => torch.allclose(a.cpu(), b.cpu(), 1e-4, 1e-5);

describe('devices', () => {
  it('are counted and named', () => {
    expect(torch.cuda.device_count()).toBeGreaterThan(0);
    expect(torch.cuda.get_device_name(0)).not.toBe('');
    expect(torch.version.cuda).toMatch(/^\d+\.\d+/);
  });

  it('hold tensors, there and back', () => {
    const x = torch.rand(100, 100);
    for (const there of [x.cuda(), x.to('cuda'), x.to('cuda:0'), x.to(torch.device('cuda', 0), torch.float32)]) {
      expect([there.is_cuda, String(there.device)]).toEqual([true, 'cuda:0']);
      expect(there.cpu().equal(x)).toBe(true);
    }
    expect(torch.ones(2, { device: 'cuda' }).tolist()).toEqual([1, 1]);
    expect(String(torch.ones(2, { device: 'cuda' }))).toBe("tensor([1., 1.], device='cuda:0')");
    expect(() => torch.ones(2).cuda().numpy()).toThrow(TypeError);
    expect(() => torch.ones(2).add(torch.ones(2).cuda())).toThrow(/same device/);
    expect(() => torch.ones(2).to('cuda:99')).toThrow(Error);
  });

  it('compute what the CPU computes', () => {
    const x = torch.rand(64, 64);
    const y = torch.rand(64, 64);
    expect(close(x.cuda().mm(y.cuda()), x.mm(y))).toBe(true);
    expect(close(torch.max(x.cuda(), 1)[0], torch.max(x, 1)[0])).toBe(true);
    expect(close(x.cuda().index(':', '1::2'), x.index(':', '1::2'))).toBe(true);
  });

  it('draw the same numbers for the same seed', () => {
    const draw = (): unknown => {
      torch.manual_seed(3);
      return torch.rand(8, { device: 'cuda' }).tolist();
    };
    expect(draw()).toEqual(draw());
  });
});

describe('files', () => {
  it('remember the device, unless told otherwise', () => {
    const chunks: Uint8Array[] = [];
    const x = torch.rand(3, 4).cuda();
    torch.save(
      { x, row: x.index(1) },
      {
        write: (chunk) => {
          chunks.push(chunk);
        },
      },
    );
    const bytes = Buffer.concat(chunks);
    const there = torch.load<{ x: Tensor; row: Tensor }>(bytes);
    expect([String(there.x.device), there.x.equal(x)]).toEqual(['cuda:0', true]);
    expect(there.row.untyped_storage().data_ptr()).toBe(there.x.untyped_storage().data_ptr());
    const here = torch.load<{ x: Tensor }>(bytes, { map_location: { 'cuda:0': 'cpu' } });
    expect([String(here.x.device), here.x.equal(x.cpu())]).toEqual(['cpu', true]);
    expect(() => torch.load(bytes, { map_location: 'cuda:99' })).toThrow(
      /CUDA device 99 but torch\.cuda\.device_count\(\) is/,
    );
  });
});

describe('autograd', () => {
  it('gives the gradients of the CPU', () => {
    const gradient = (device: string): Tensor => {
      const w = torch.linspace(-1, 1, 64).view(8, 8).to(device).requires_grad_();
      w.mm(w).tanh().sum().backward();
      return w.grad as Tensor;
    };
    expect(close(gradient('cuda'), gradient('cpu'))).toBe(true);
  });

  it('runs hooks on the thread that called backward, and passes their exceptions on', () => {
    const w = torch.ones([2], { device: 'cuda', requires_grad: true });
    const handle = w.register_hook((grad) => grad.mul(10));
    w.sum().backward();
    expect(w.grad?.tolist()).toEqual([10, 10]);
    handle.remove();
    w.register_hook(() => {
      throw new RangeError('from the hook');
    });
    expect(() => w.sum().backward()).toThrow(new RangeError('from the hook'));
  });
});

describe('training', () => {
  class RNN extends nn.Module {
    rnn = new nn.LSTM({ input_size: 28, hidden_size: 64, num_layers: 1, batch_first: true });
    out = new nn.Linear(64, 10);

    forward(x: Tensor): Tensor {
      const [r_out] = this.rnn(x, null);
      return this.out(r_out.index(':', -1, ':'));
    }
  }

  it.each([{}, { foreach: true }, { fused: true }, { foreach: true, capturable: true }])(
    'lowers the loss with Adam %j',
    (options) => {
      torch.manual_seed(1);
      const rnn = new RNN().to('cuda');
      const optimizer = new torch.optim.Adam(rnn.parameters(), { lr: 0.01, ...options });
      const loss_func = new nn.CrossEntropyLoss();
      const x = torch.rand(64, 28, 28, { device: 'cuda' });
      const y = torch.randint(0, 10, [64], { device: 'cuda' });
      const losses = Array.from({ length: 60 }, () => {
        const loss = loss_func(rnn(x), y);
        optimizer.zero_grad();
        loss.backward();
        optimizer.step();
        return loss.item();
      });
      expect(losses[59]).toBeLessThan((losses[0] as number) * 0.9);
    },
  );

  it('needs no more device memory the longer it runs', () => {
    // 20 GB go through, of which nothing is kept.
    for (let i = 0; i < 1250; i++) torch.zeros(1 << 22, { device: 'cuda' });
    expect(torch.memory_stats().live_bytes).toBeLessThan(8e9);
  });

  it('takes batches from page-locked memory', () => {
    const data = new torch.utils.data.TensorDataset(torch.arange(10));
    const batches = [...new torch.utils.data.DataLoader(data, { batch_size: 5, pin_memory: true })];
    expect(batches.map(([batch]) => batch.is_pinned())).toEqual([true, true]);
    expect(batches[0]?.[0].cuda().tolist()).toEqual([0, 1, 2, 3, 4]);
  });
});

/** The state of a module after some steps of training from the same start. */
function trained(
  make: () => nn.Module,
  input: Tensor,
  optimize: (model: nn.Module) => torch.optim.Optimizer,
  device: string,
): Tensor[] {
  torch.manual_seed(0);
  const model = make().to(device);
  const optimizer = optimize(model);
  for (let i = 0; i < 5; i++) {
    optimizer.zero_grad();
    const answer = (model as unknown as (x: Tensor) => Tensor)(input.to(device));
    answer.pow(2).mean().backward();
    optimizer.step();
  }
  return Object.values(model.state_dict()).filter((value) => value.dtype.is_floating_point);
}

describe('optimizers', () => {
  const names = [
    'Adadelta',
    'Adafactor',
    'Adagrad',
    'Adam',
    'AdamW',
    'Adamax',
    'ASGD',
    'Muon',
    'NAdam',
    'RAdam',
    'RMSprop',
    'Rprop',
    'SGD',
  ] as const;
  const make = (): nn.Module => new nn.Linear(6, 4, { bias: false });
  const x = torch.linspace(-1, 1, 48).view(8, 6);

  it.each(names)('%s changes weights as on the CPU', (name) => {
    const Kind = torch.optim[name] as unknown as new (
      params: Iterable<Tensor>,
      options: { lr: number },
    ) => torch.optim.Optimizer;
    const run = (device: string): Tensor[] =>
      trained(make, x, (model) => new Kind(model.parameters(), { lr: 0.01 }), device);
    const [there, here] = [run('cuda'), run('cpu')];
    // Muon computes in bfloat16.
    here.forEach((value, i) => {
      expect(torch.allclose((there[i] as Tensor).cpu(), value, 1e-3, name === 'Muon' ? 1e-3 : 1e-5)).toBe(true);
    });
  });
});

describe('modules', () => {
  const sgd = (model: nn.Module): torch.optim.Optimizer => new torch.optim.SGD(model.parameters(), { lr: 0.1 });
  const image = torch.linspace(-1, 1, 2 * 3 * 8 * 8).view(2, 3, 8, 8);
  const sequence = torch.linspace(-1, 1, 2 * 5 * 8).view(2, 5, 8);

  it.each<[name: string, make: () => nn.Module, input: Tensor]>([
    [
      'convolution and batch norm',
      () => new nn.Sequential(new nn.Conv2d(3, 4, 3), new nn.BatchNorm2d(4), new nn.ReLU(), new nn.MaxPool2d(2)),
      image,
    ],
    [
      'instance norm and upsampling',
      () => new nn.Sequential(new nn.InstanceNorm2d(3, { affine: true }), new nn.Upsample({ scale_factor: 2 })),
      image,
    ],
    [
      'a Transformer layer',
      () => new nn.TransformerEncoderLayer(8, 2, 16, { dropout: 0, batch_first: true }),
      sequence,
    ],
    ['lazy layers', () => new nn.Sequential(new nn.LazyLinear(4), new nn.Tanh()), sequence],
  ])('%s train as on the CPU', (_name, make, input) => {
    const warmed = (): nn.Module => {
      const model = make();
      torch.no_grad(() => (model as unknown as (x: Tensor) => Tensor)(input));
      return model;
    };
    const [there, here] = [trained(warmed, input, sgd, 'cuda'), trained(warmed, input, sgd, 'cpu')];
    here.forEach((value, i) => {
      expect(close(there[i] as Tensor, value)).toBe(true);
    });
  });

  it('are made on the default device', () => {
    const layer = torch.set_default_device('cuda', () => new nn.Linear(2, 3));
    expect([layer.weight.is_cuda, torch.set_default_device('cuda', () => torch.arange(3)).is_cuda]).toEqual([
      true,
      true,
    ]);
  });
});

describe('transforms', () => {
  it('differentiate forwards and over batches', () => {
    const x = torch.linspace(-1, 1, 6).view(2, 3);
    const energy = (row: Tensor): Tensor => row.sin().mul(row).sum();
    expect(close(torch.vmap(torch.func.grad(energy))(x.cuda()), torch.vmap(torch.func.grad(energy))(x))).toBe(true);
    expect(close(torch.func.hessian(energy)(x.cuda()), torch.func.hessian(energy)(x))).toBe(true);
  });
});

describe('mixed precision', () => {
  it('runs in float16 by default, and in bfloat16 where it is asked for', () => {
    const [a, b] = [torch.rand(8, 8, { device: 'cuda' }), torch.rand(8, 8, { device: 'cuda' })];
    {
      using _ = torch.autocast('cuda');
      expect([a.mm(b).dtype, a.mm(b).softmax(0).dtype, a.cpu().mm(b.cpu()).dtype]).toEqual([
        torch.float16,
        torch.float32,
        torch.float32,
      ]);
    }
    expect(torch.autocast('cuda', { dtype: torch.bfloat16 }, () => a.mm(b).dtype)).toBe(torch.bfloat16);
    expect(torch.autocast('cuda', () => a.mm(b)).equal(a.half().mm(b.half()))).toBe(true);
  });

  it.each([false, true])('trains with a scaler, fused: %s', (fused) => {
    torch.manual_seed(0);
    const model = new nn.Sequential(new nn.Linear(4, 16), new nn.ReLU(), new nn.Linear(16, 1)).to('cuda');
    const optimizer = new torch.optim.AdamW(model.parameters(), { lr: 0.05, fused });
    const scaler = new torch.GradScaler({ init_scale: 2 ** 40, growth_interval: 100 });
    const [x, y] = [torch.rand(64, 4, { device: 'cuda' }), torch.rand(64, 1, { device: 'cuda' })];
    const losses: number[] = [];
    for (let i = 0; i < 60; i++) {
      optimizer.zero_grad();
      const loss = torch.autocast('cuda', () => nn.functional.mse_loss(model(x) as Tensor, y));
      scaler.scale(loss).backward();
      scaler.unscale_(optimizer);
      nn.utils.clip_grad_norm_(model.parameters(), 10);
      scaler.step(optimizer);
      scaler.update();
      losses.push(loss.item() as number);
    }
    expect(scaler.get_scale()).toBeLessThan(2 ** 40);
    expect(losses.at(-1)!).toBeLessThan(losses[0]! / 2);
  });
});
