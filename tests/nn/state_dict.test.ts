import { describe, expect, it } from 'vitest';
import torch, { nn, type Tensor } from 'torch-node';

import { after, side_by_side } from './side_by_side.js';

const COUNTER = `
class Counter(nn.Module):
    def __init__(self, start=0):
        super().__init__()
        self.count = start
        self.inner = nn.Linear(1, 1)
    def get_extra_state(self):
        return {"count": self.count}
    def set_extra_state(self, state):
        self.count = state["count"]
`;

class Counter extends nn.Module {
  inner = new nn.Linear(1, 1);

  constructor(public count = 0) {
    super();
  }

  override get_extra_state(): unknown {
    return { count: this.count };
  }

  override set_extra_state(state: unknown): void {
    this.count = (state as { count: number }).count;
  }
}

const py = (body: string): string => after(COUNTER, body);

describe('extra state', () => {
  side_by_side({
    'is part of the state dict, and taken back': {
      py: py(`
        m = nn.Sequential(Counter(5), Counter(6))
        state = m.state_dict()
        show(state)
        n = nn.Sequential(Counter(), Counter())
        show(str(n.load_state_dict(state)), n[0].count, n[1].count)`),
      ts: (show) => {
        const m = new nn.Sequential(new Counter(5), new Counter(6));
        const state = m.state_dict();
        show(state);
        const [a, b] = [new Counter(), new Counter()];
        show(String(new nn.Sequential(a, b).load_state_dict(state)), a.count, b.count);
      },
    },
    'is missed': {
      py: py('Counter().load_state_dict({"inner.weight": torch.ones(1, 1), "inner.bias": torch.ones(1)})'),
      ts: () => new Counter().load_state_dict({ 'inner.weight': torch.ones(1, 1), 'inner.bias': torch.ones(1) }),
    },
    'is unexpected': {
      py: py('nn.ReLU().load_state_dict({"_extra_state": 3})'),
      ts: () => new nn.ReLU().load_state_dict({ _extra_state: 3 as never }),
    },
  });
});

describe('state dict hooks', () => {
  side_by_side({
    'run before and after each module is read': {
      py: `
        m = nn.Sequential(nn.Linear(1, 1), nn.BatchNorm1d(1))
        m.register_state_dict_pre_hook(lambda module, prefix, keep_vars: show("pre", prefix, keep_vars))
        m[0].register_state_dict_pre_hook(lambda module, prefix, keep_vars: show("pre", prefix, keep_vars))
        def after(module, state_dict, prefix, local_metadata):
            show("post", prefix, list(state_dict), local_metadata)
            local_metadata["more"] = 1
            state_dict.pop(prefix + "bias")
        m[0].register_state_dict_post_hook(after)
        m[1].register_state_dict_post_hook(after)
        state = m.state_dict(keep_vars=True)
        show(state, state._metadata)`,
      ts: (show) => {
        const [linear, norm] = [new nn.Linear(1, 1), new nn.BatchNorm1d(1)];
        const m = new nn.Sequential(linear, norm);
        m.register_state_dict_pre_hook((_module, prefix, keep_vars) => show('pre', prefix, keep_vars));
        linear.register_state_dict_pre_hook((_module, prefix, keep_vars) => show('pre', prefix, keep_vars));
        const after = (_module: nn.Module, state: nn.StateDict, prefix: string, local: { version?: number }): void => {
          show('post', prefix, Object.keys(state), local);
          Object.assign(local, { more: 1 });
          delete state[`${prefix}bias`];
        };
        linear.register_state_dict_post_hook(after);
        norm.register_state_dict_post_hook(after);
        const state = m.state_dict({ keep_vars: true });
        show(state);
        const { _metadata } = state as unknown as { _metadata: Record<string, object> };
        // JavaScript puts names that are numbers first.
        show(['', '0', '1'].map((name) => [name, _metadata[name]]).map(([name, its]) => [name, its]));
      },
    },
    'must not return anything afterwards': {
      py: `
        m = nn.Linear(1, 1)
        m.register_state_dict_post_hook(lambda m, s, p, l: {})
        m.state_dict()`,
      ts: () => {
        const m = new nn.Linear(1, 1);
        m.register_state_dict_post_hook((() => ({})) as never);
        m.state_dict();
      },
    },
    'run before and after a module takes its tensors, and may change all': {
      py: `
        m = nn.Sequential(nn.Linear(1, 1), nn.Linear(1, 1))
        def rename(module, state_dict, prefix, local_metadata, strict, missing, unexpected, errors):
            show(type(module).__name__, list(state_dict), prefix, local_metadata.get("version"), strict, missing, unexpected, errors)
            if prefix + "kernel" in state_dict:
                state_dict[prefix + "weight"] = state_dict.pop(prefix + "kernel")
        for each in m: each.register_load_state_dict_pre_hook(rename)
        def after(module, keys):
            show(type(module).__name__, keys.missing_keys, keys.unexpected_keys)
            keys.missing_keys.clear()
        m.register_load_state_dict_post_hook(after)
        handle = m[0].register_load_state_dict_post_hook(lambda m, keys: show("first", keys.missing_keys))
        show(str(m.load_state_dict({"0.kernel": torch.ones(1, 1), "1.weight": torch.ones(1, 1), "1.bias": torch.ones(1)})))
        handle.remove()
        show(m.state_dict(), str(m.load_state_dict({}, strict=False)))`,
      ts: (show) => {
        const list = [new nn.Linear(1, 1), new nn.Linear(1, 1)];
        const m = new nn.Sequential(...list);
        for (const each of list) {
          each.register_load_state_dict_pre_hook(
            (module, state, prefix, local, strict, missing, unexpected, errors) => {
              show(module._get_name(), Object.keys(state), prefix, local.version, strict, missing, unexpected, errors);
              const kernel = state[`${prefix}kernel`];
              if (kernel === undefined) return;
              delete state[`${prefix}kernel`];
              state[`${prefix}weight`] = kernel;
            },
          );
        }
        m.register_load_state_dict_post_hook((module, keys) => {
          show(module._get_name(), keys.missing_keys, keys.unexpected_keys);
          keys.missing_keys.length = 0;
        });
        const handle = list[0]!.register_load_state_dict_post_hook((_m, keys) => show('first', keys.missing_keys));
        show(
          String(
            m.load_state_dict({ '0.kernel': torch.ones(1, 1), '1.weight': torch.ones(1, 1), '1.bias': torch.ones(1) }),
          ),
        );
        handle.remove();
        show(m.state_dict(), String(m.load_state_dict({}, { strict: false })));
      },
    },
    'must not return anything after loading': {
      py: `
        m = nn.ReLU()
        m.register_load_state_dict_post_hook(lambda m, keys: keys)
        m.load_state_dict({})`,
      ts: () => {
        const m = new nn.ReLU();
        m.register_load_state_dict_post_hook(((_m: nn.Module, keys: unknown) => keys) as never);
        m.load_state_dict({});
      },
    },
  });
});

describe('assigned state dicts', () => {
  side_by_side({
    'keep what requires gradients, and take everything else': {
      py: `
        m = nn.Sequential(nn.Linear(2, 1), nn.BatchNorm1d(1))
        m[0].weight.requires_grad_(False)
        state = {name: tensor.double() for name, tensor in m.state_dict().items()}
        state["0.bias"] = nn.Parameter(state["0.bias"], requires_grad=False)
        show(str(m.load_state_dict(state, assign=True)))
        show(dict(m.named_parameters()), dict(m.named_buffers()), m[0].bias is state["0.bias"])`,
      ts: (show) => {
        const linear = new nn.Linear(2, 1);
        const m = new nn.Sequential(linear, new nn.BatchNorm1d(1));
        linear.weight.requires_grad_(false);
        const state = Object.fromEntries(
          Object.entries(m.state_dict()).map(([name, tensor]) => [name, tensor.double()]),
        );
        state['0.bias'] = new nn.Parameter(state['0.bias']!, { requires_grad: false });
        show(String(m.load_state_dict(state, { assign: true })));
        show(
          Object.fromEntries(m.named_parameters()),
          Object.fromEntries(m.named_buffers()),
          linear.bias === state['0.bias'],
        );
      },
    },
  });
});

describe('walks', () => {
  side_by_side({
    'over shared parts, with prefixes and duplicates': {
      py: `
        shared = nn.BatchNorm1d(1)
        m = nn.Sequential(shared, nn.Sequential(shared, nn.ReLU()), None if False else nn.Identity())
        m.register_parameter("none", None)
        m.register_buffer("mean", torch.zeros(1), persistent=False)
        for duplicates in (True, False):
            show([n for n, _ in m.named_parameters("p", remove_duplicate=duplicates)])
            show([n for n, _ in m.named_buffers(remove_duplicate=duplicates)])
            show([n for n, _ in m.named_modules(prefix="p", remove_duplicate=duplicates)])
        show([n for n, _ in m.named_children()], len(list(m.modules())), len(list(m.buffers(recurse=False))))`,
      ts: (show) => {
        const shared = new nn.BatchNorm1d(1);
        const m = new nn.Sequential(shared, new nn.Sequential(shared, new nn.ReLU()), new nn.Identity());
        m.register_parameter('none', null);
        m.register_buffer('mean', torch.zeros(1), { persistent: false });
        const names = (pairs: Iterable<[string, unknown]>): string[] => [...pairs].map(([name]) => name);
        for (const remove_duplicate of [true, false]) {
          show(names(m.named_parameters('p', { remove_duplicate })));
          show(names(m.named_buffers({ remove_duplicate })));
          show(names(m.named_modules({ prefix: 'p', remove_duplicate })));
        }
        show(names(m.named_children()), [...m.modules()].length, [...m.buffers({ recurse: false })].length);
      },
    },
  });
});

describe('casts', () => {
  side_by_side({
    'touch what Python touches': {
      py: `
        def kinds(m): return [str(t.dtype) for t in m.state_dict().values()]
        for cast in ("half", "bfloat16", "double", "float"):
            show(kinds(getattr(nn.BatchNorm1d(1), cast)()))
        show(kinds(nn.BatchNorm1d(1).requires_grad_(False).type(torch.int32)))
        m = nn.Linear(1, 1)
        m(torch.ones(1, 1)).sum().backward()
        show(m.double().weight.grad, m.to_empty(device="meta").weight.is_meta)`,
      ts: (show) => {
        const kinds = (m: nn.Module): string[] => Object.values(m.state_dict()).map((tensor) => String(tensor.dtype));
        for (const cast of ['half', 'bfloat16', 'double', 'float'] as const) show(kinds(new nn.BatchNorm1d(1)[cast]()));
        show(kinds(new nn.BatchNorm1d(1).requires_grad_(false).type(torch.int32)));
        const m = new nn.Linear(1, 1);
        m(torch.ones(1, 1)).sum().backward();
        show(m.double().weight.grad, m.to_empty({ device: 'meta' }).weight.is_meta);
      },
    },
  });

  it("do not lose a parameter's identity", () => {
    const m = new nn.Linear(1, 1);
    const { weight }: { weight: Tensor } = m;
    expect(m.double().weight).toBe(weight);
    expect(m.share_memory().weight).toBe(weight);
  });
});
