import { describe, expect, it } from 'vitest';
import torch, { nn, type Tensor } from 'torch-node';

import { side_by_side } from './side_by_side.js';

const { deepcopy } = torch;

describe('deepcopy of tensors', () => {
  side_by_side({
    'copies values, gradients and flags': {
      py: `
        t = torch.ones(2, requires_grad=True)
        t.sum().backward()
        c = copy.deepcopy(t)
        c.grad.fill_(5)
        show(c, c.grad, t.grad, c.is_leaf)
        p = nn.Parameter(torch.ones(2), requires_grad=False)
        show(copy.deepcopy(p))
        p = nn.Parameter(torch.ones(2))
        p.sum().backward()
        show(copy.deepcopy(p), copy.deepcopy(p).grad)`,
      ts: (show) => {
        const t = torch.ones(2, { requires_grad: true });
        t.sum().backward();
        const c = deepcopy(t);
        c.grad!.fill_(5);
        show(c, c.grad, t.grad, c.is_leaf);
        show(deepcopy(new nn.Parameter(torch.ones(2), { requires_grad: false })));
        const p = new nn.Parameter(torch.ones(2));
        p.sum().backward();
        show(deepcopy(p), deepcopy(p).grad);
      },
    },
    'keeps strides, and storages that are shared': {
      py: `
        base = torch.arange(6.)
        a, b = base.view(2, 3).t(), base[2:]
        c, d, e = copy.deepcopy([a, b, a])
        d.fill_(9)
        show(c, d, c is e, list(c.stride()), d.storage_offset(), base, d.untyped_storage().nbytes())`,
      ts: (show) => {
        const base = torch.arange(6, { dtype: torch.float32 });
        const [a, b] = [base.view(2, 3).t(), base.index('2:')];
        const [c, d, e] = deepcopy([a, b, a]) as [Tensor, Tensor, Tensor];
        d.fill_(9);
        show(c, d, c === e, c.stride(), d.storage_offset(), base, 24);
      },
    },
    'refuses what has a history': {
      py: 'copy.deepcopy(torch.ones(1, requires_grad=True) * 2)',
      ts: () => deepcopy(torch.ones(1, { requires_grad: true }).mul(2)),
    },
    'of other kinds': {
      py: `
        for t in (torch.tensor([1 + 2j]).conj(), torch.tensor([True]), torch.tensor([1.5], dtype=torch.float64),
                  torch.empty(0, 3), torch.tensor(5), torch.ones(1, 2).expand(3, 2)):
            c = copy.deepcopy(t)
            show(c.resolve_conj(), list(c.stride()), c.is_conj())
        show(copy.deepcopy(torch.eye(2).to_sparse()).to_dense(), copy.deepcopy(torch.ones(2, device="meta")).is_meta)`,
      ts: (show) => {
        const tensors = [
          torch.tensor([new torch.Complex(1, 2)]).conj(),
          torch.tensor([true]),
          torch.tensor([1.5], { dtype: torch.float64 }),
          torch.empty(0, 3),
          torch.tensor(5),
          torch.ones(1, 2).expand(3, 2),
        ];
        for (const t of tensors) {
          const c = deepcopy(t);
          show(c.resolve_conj(), c.stride(), c.is_conj());
        }
        show(deepcopy(torch.eye(2).to_sparse()).to_dense(), deepcopy(torch.ones(2, { device: 'meta' })).is_meta);
      },
    },
  });

  it('of tensors without memory, or with more than size and strides, does no harm', () => {
    const zeros = torch.ops.aten._efficientzerotensor!([2]) as Tensor;
    const quantized = torch.quantize_per_tensor(torch.ones(2), 0.5, 0, torch.quint8);
    expect([deepcopy(zeros).tolist(), deepcopy(quantized).dequantize().tolist()]).toEqual([
      [0, 0],
      [1, 1],
    ]);
    const gone = torch.ones(1);
    gone.dispose();
    expect(() => deepcopy(gone)).toThrow(/was disposed/);
    expect(() => deepcopy([], 3 as never)).toThrow("deepcopy(): argument 'memo' must be Map, not int");
  });

  it('keeps classes and properties of tensors', () => {
    const buffer = new nn.Buffer(torch.ones(2), { persistent: false });
    const marked = Object.assign(torch.ones(1), { tags: ['a'] });
    const [copy, also] = deepcopy([buffer, marked] as const);
    expect([copy instanceof nn.Buffer, copy.persistent, also.tags]).toEqual([true, false, ['a']]);
    expect(also.tags).not.toBe(marked.tags);
  });
});

describe('deepcopy of modules', () => {
  side_by_side({
    'is independent, and tied parameters stay tied': {
      py: `
        m = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2), nn.Linear(2, 2), nn.ParameterList([torch.ones(1)]),
                          nn.ParameterDict({"a": torch.ones(1)}), nn.ModuleDict({"x": nn.ReLU()}))
        m[2].weight = m[0].weight
        m[1].eval()
        c = copy.deepcopy(m)
        with torch.no_grad():
            c[0].weight.fill_(3)
        show(c, c.state_dict(), m.state_dict(), c[0].weight is c[2].weight, [each.training for each in c.modules()])
        show([name for name, _ in c.named_parameters()])`,
      ts: (show) => {
        const [first, norm, last] = [new nn.Linear(2, 2), new nn.BatchNorm1d(2), new nn.Linear(2, 2)];
        const m = new nn.Sequential(
          first,
          norm,
          last,
          new nn.ParameterList([torch.ones(1)]),
          new nn.ParameterDict({ a: torch.ones(1) }),
          new nn.ModuleDict({ x: new nn.ReLU() }),
        );
        last.weight = first.weight;
        norm.eval();
        const c = deepcopy(m);
        const [c0, c2] = [c[0], c[2]] as [nn.Linear, nn.Linear];
        torch.no_grad(() => c0.weight.fill_(3));
        show(
          c,
          c.state_dict(),
          m.state_dict(),
          c0.weight === c2.weight,
          [...c.modules()].map((each) => each.training),
        );
        show([...c.named_parameters()].map(([name]) => name));
      },
    },
    'trains on as the original would': {
      py: `
        m = nn.LSTM(2, 3)
        c = copy.deepcopy(m)
        x = torch.randn(4, 1, 2)
        for each in (m, c):
            out, _ = each(x)
            out.sum().backward()
            show([p.grad for p in each.parameters()])`,
      ts: (show) => {
        const m = new nn.LSTM(2, 3);
        const c = deepcopy(m);
        const x = torch.randn(4, 1, 2);
        for (const each of [m, c]) {
          const [out] = each(x);
          out.sum().backward();
          show([...each.parameters()].map((p) => p.grad));
        }
      },
    },
    'takes hooks along': {
      py: `
        m = nn.Linear(1, 1)
        handle = m.register_forward_hook(lambda module, args, output: show(module is c, output))
        c = copy.deepcopy(m)
        handle.remove()
        c(torch.ones(1, 1))
        m(torch.ones(1, 1))`,
      ts: (show) => {
        const m = new nn.Linear(1, 1);
        let c: nn.Linear | null = null;
        const handle = m.register_forward_hook((module, _args, output) => show(module === c, output));
        c = deepcopy(m);
        handle.remove();
        c(torch.ones(1, 1));
        m(torch.ones(1, 1));
      },
    },
    'refuses weights that a hook has computed': {
      py: 'copy.deepcopy(nn.utils.weight_norm(nn.Linear(2, 2)))',
      ts: () => deepcopy(nn.utils.weight_norm(new nn.Linear(2, 2))),
    },
  });

  it('is callable, of the same class, and refers to itself', () => {
    class Net extends nn.Module {
      inner = new nn.Linear(1, 1);
      list = [this.inner];
      self: nn.Module = this;
      options = { sizes: [1, 2], dtype: torch.float64, device: torch.device('cpu') };

      forward(x: Tensor): Tensor {
        return this.inner(x).add(1);
      }
    }
    const net = new Net();
    const copy = deepcopy(net);
    expect([copy instanceof Net, copy.constructor === Net, Object.keys(copy)]).toEqual([true, true, Object.keys(net)]);
    expect([copy.self === copy, copy.list[0] === copy.inner, copy.inner === net.inner]).toEqual([true, true, false]);
    expect([copy.options.dtype === torch.float64, String(copy.options.device), copy.options === net.options]).toEqual([
      true,
      'cpu',
      false,
    ]);
    expect(copy(torch.ones(1, 1)).item()).toBe(net(torch.ones(1, 1)).item());
  });
});

describe('deepcopy of optimizers', () => {
  side_by_side({
    'has copies of the parameters and of the state': {
      py: `
        m = nn.Linear(2, 1)
        o = torch.optim.Adam(m.parameters(), lr=0.1)
        m(torch.ones(1, 2)).sum().backward()
        o.step()
        c = copy.deepcopy(o)
        show(repr(c), c.param_groups[0]["params"], [c.state[p]["exp_avg"] for p in c.param_groups[0]["params"]])
        m2, o2 = copy.deepcopy((m, o))
        m2(torch.ones(1, 2)).sum().backward()
        o2.step()
        show(m.state_dict(), m2.state_dict())`,
      ts: (show) => {
        const m = new nn.Linear(2, 1);
        const o = new torch.optim.Adam(m.parameters(), { lr: 0.1 });
        m(torch.ones(1, 2)).sum().backward();
        o.step();
        const c = deepcopy(o);
        const { params } = c.param_groups[0]!;
        show(
          String(c),
          params,
          params.map((p) => c.state.get(p)!.exp_avg),
        );
        const [m2, o2] = deepcopy([m, o] as const);
        m2(torch.ones(1, 2)).sum().backward();
        o2.step();
        show(m.state_dict(), m2.state_dict());
      },
    },
  });

  it('leaves the hooks behind, as in Python', () => {
    const o = new torch.optim.SGD([new nn.Parameter(torch.ones(1))], { lr: 1 });
    let steps = 0;
    o.register_step_pre_hook(() => {
      steps++;
    });
    deepcopy(o).step();
    expect(steps).toBe(0);
    o.step();
    expect(steps).toBe(1);
  });
});

describe('deepcopy of everything else', () => {
  it('copies containers of any kind, with what is shared and what is circular', () => {
    const shared = { n: 1 };
    const value = {
      list: [shared, shared],
      map: new Map<unknown, unknown>([
        ['k', shared],
        [shared, 2],
      ]),
      set: new Set([shared]),
      date: new Date(5),
      pattern: /x/g,
      bytes: new Uint8Array([1, 2, 3]).subarray(1),
      nothing: null,
      big: 5n,
    };
    const circular = { value, self: null as unknown };
    circular.self = circular;
    const copy = deepcopy(circular);
    expect(copy.value).toEqual(value);
    expect(copy.self).toBe(copy);
    const [first, second] = copy.value.list as [object, object];
    expect([
      first === second,
      copy.value.map.get('k') === first,
      copy.value.set.has(first as typeof shared),
      first === shared,
    ]).toEqual([true, true, true, false]);
    copy.value.bytes[0] = 9;
    expect([...value.bytes]).toEqual([2, 3]);
  });

  it('keeps classes, accessors and functions', () => {
    class Point {
      constructor(public x: number) {}
      get double(): number {
        return this.x * 2;
      }
      log = (): number => this.x;
    }
    const point = new Point(2);
    const copy = deepcopy(point);
    copy.x = 5;
    expect([copy instanceof Point, copy.double, copy.log === point.log, point.x]).toEqual([true, 10, true, 2]);
  });

  it('asks objects that know how', () => {
    class Counted {
      #count = 1;
      get count(): number {
        return this.#count;
      }
      __deepcopy__(): Counted {
        const copy = new Counted();
        copy.#count = this.#count + 1;
        return copy;
      }
    }
    expect(deepcopy([new Counted()])[0]!.count).toBe(2);
  });

  it('copies generators with their state, and arrays of numbers', () => {
    const generator = new torch.Generator().manual_seed(3);
    torch.rand(2, { generator });
    const copy = deepcopy(generator);
    expect(torch.rand(2, { generator: copy }).tolist()).toEqual(torch.rand(2, { generator }).tolist());
    const array = torch.ones(2).numpy();
    const other = deepcopy(array);
    other.data[0] = 5;
    expect([...(array.data as Float32Array)]).toEqual([1, 1]);
  });
});
