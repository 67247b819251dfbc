// What tests/reference/distributed_named_states.py does, with this package.

/** @param {any} context what tests/distributed/rank.mjs has */
export function scenarios_of({ torch, given, note }) {
  const { distributed: dist, nn, optim } = torch;
  const { rank } = given;
  const { DTensor } = dist.tensor;
  const { state_dict } = dist.checkpoint;
  const { StateDictOptions } = state_dict;

  /** One parameter is frozen, and one is shared. */
  class Model extends nn.Module {
    constructor() {
      super();
      this.first = new nn.Linear(3, 5);
      this.norm = new nn.BatchNorm1d(5);
      this.second = new nn.Linear(5, 5);
      this.second.bias = this.first.bias;
      this.norm.bias.requires_grad = false;
    }

    forward(x) {
      return this.second(this.norm(this.first(x)).tanh());
    }
  }

  const kinds = {
    plain: (model) => model,
    ddp: (model) => new nn.parallel.DistributedDataParallel(model),
    sharded: (model) => dist.fsdp.fully_shard(model, { mesh: dist.init_device_mesh('cpu', [dist.get_world_size()]) }),
  };

  const made = (kind, seed, Optimizer = optim.AdamW) => {
    torch.manual_seed(seed);
    const model = kinds[kind](new Model());
    return [model, new Optimizer(model.parameters(), { lr: 0.05 })];
  };

  const train = (model, optimizer, steps = 2) => {
    const losses = [];
    for (let step = 0; step < steps; step++) {
      torch.manual_seed(10 * step);
      const loss = model(torch.randn(4, 3)).square().mean();
      loss.backward();
      losses.push(loss.detach());
      optimizer.step();
      optimizer.zero_grad();
    }
    return losses;
  };

  const told = (value) => {
    if (value instanceof DTensor) return ['DTensor', [...value.shape], value.to_local()];
    if (value instanceof torch.Tensor || typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map(told);
    return Object.entries(value).map(([key, item]) => [key, told(item)]);
  };

  const told_states = ([model, { state, param_groups }]) => [
    told(model),
    told(state ?? {}),
    (param_groups ?? []).map(({ params, lr, weight_decay }) => [params, lr, weight_decay]),
  ];

  const options_of = {
    default: new StateDictOptions(),
    full: new StateDictOptions({ full_state_dict: true }),
    'full on the cpu': new StateDictOptions({ full_state_dict: true, cpu_offload: true }),
    'not frozen': new StateDictOptions({ ignore_frozen_params: true, strict: false }),
    flat: new StateDictOptions({ flatten_optimizer_state_dict: true }),
  };

  return {
    named_states() {
      for (const kind of Object.keys(kinds)) {
        for (const [name, options] of Object.entries(options_of)) {
          if (name === 'flat') continue;
          const [model, optimizer] = made(kind, 1);
          train(model, optimizer);
          note(`${kind} ${name}`, () => told_states(state_dict.get_state_dict(model, optimizer, { options })));
        }
        const [model, optimizer] = made(kind, 1);
        note(`${kind} before a step`, () => told(state_dict.get_optimizer_state_dict(model, optimizer).state));
        train(model, optimizer);
        for (const name of ['default', 'full']) {
          const options = options_of[name];
          const [model_state_dict, optim_state_dict] = state_dict.get_state_dict(model, optimizer, { options });
          const [other, others] = made(kind, 2);
          const keys = state_dict.set_state_dict(other, others, { model_state_dict, optim_state_dict, options });
          note(`${kind} ${name} read`, () => [keys.missing_keys, keys.unexpected_keys, train(other, others)]);
        }
      }
      const { full } = options_of;
      const [model, optimizer] = made('plain', 1);
      train(model, optimizer);
      const [model_state_dict, optim_state_dict] = state_dict.get_state_dict(model, optimizer, { options: full });
      const sending = new StateDictOptions({ full_state_dict: true, broadcast_from_rank0: true });
      for (const kind of ['plain', 'sharded']) {
        const [other, others] = made(kind, 2);
        state_dict.set_model_state_dict(other, rank === 0 ? model_state_dict : {}, { options: sending });
        state_dict.set_optimizer_state_dict(other, others, rank === 0 ? optim_state_dict : {}, { options: sending });
        note(`${kind} sent`, () => [train(other, others), told_states(state_dict.get_state_dict(other, others))]);
      }
      const flat = state_dict.get_optimizer_state_dict(model, optimizer, { options: options_of.flat });
      note('flat', () =>
        Object.keys(flat)
          .sort()
          .filter((name) => /exp_avg|step|\.lr$/.test(name)),
      );
      const [other, others] = made('plain', 1);
      state_dict.set_optimizer_state_dict(other, others, flat, { options: options_of.flat });
      note('flat read', () => train(other, others));
      const { 'first.weight': _, ...state } = optim_state_dict.state;
      const { param_groups } = optim_state_dict;
      note('no parameter', () => state_dict.set_optimizer_state_dict(other, others, { state, param_groups }));
      note('no state', () => state_dict.set_optimizer_state_dict(other, others, { state: {}, param_groups }));
      note('no model', () => state_dict.set_model_state_dict(other, {}));
      note('no options', () => new StateDictOptions({ broadcast_from_rank0: true }));
    },
  };
}
