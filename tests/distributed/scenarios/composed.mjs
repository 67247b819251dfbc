// What tests/reference/distributed_composed.py does, with this package.
import { models_of } from './parallel.mjs';

/** @param {any} context what tests/distributed/rank.mjs has */
export function scenarios_of({ torch, given, note }) {
  const { distributed: dist, nn, optim } = torch;
  const { rank, in_one_group_with_python = false } = given;
  const { checkpoint, fsdp, tensor } = dist;
  const { Replicate, Shard, parallel } = tensor;
  const { ColwiseParallel, RowwiseParallel, SequenceParallel, PrepareModuleInput, parallelize_module } = parallel;
  const { fully_shard, MixedPrecisionPolicy } = fsdp;
  const F = nn.functional;
  const { Transformer, seeded } = models_of(torch);
  /** Which of the two groups of tensor parallel processes this one is in. */
  const row = Math.floor(rank / 2);

  /** No size is even. */
  class Mlp extends nn.Module {
    constructor() {
      super();
      this.up = new nn.Linear(6, 14);
      this.down = new nn.Linear(14, 5);
    }

    forward(x) {
      return this.down(F.gelu(this.up(x)));
    }
  }

  const cut_mlp = (mesh) =>
    parallelize_module(
      seeded(() => new Mlp()),
      mesh,
      { up: new ColwiseParallel(), down: new RowwiseParallel() },
    );

  const described_state = (model) =>
    Object.entries(model.state_dict()).map(([name, x]) => [name, String(x), x.to_local(), x.full_tensor()]);

  /** Each process along dp has data of its own; those along tp have the same. */
  const train = (model, optimizer, loss_of, { clip = true, steps = 3 } = {}) => {
    const found = [];
    for (let step = 0; step < steps; step++) {
      optimizer.zero_grad();
      const loss = loss_of(model);
      loss.backward();
      found.push(loss.detach());
      if (clip) {
        const norm = nn.utils.clip_grad_norm_(model.parameters(), 0.3);
        found.push([`(${norm.placements.join(', ')})`, norm.full_tensor()]);
      }
      optimizer.step();
    }
    return found;
  };

  const mlp_loss = (model) => F.mse_loss(model(torch.randn(3, 6)).float(), torch.randn(3, 5));
  const grid = (mesh_dim_names = ['dp', 'tp']) => dist.init_device_mesh('cpu', [2, 2], { mesh_dim_names });

  const composed = (mesh) => {
    const model = cut_mlp(mesh.get('tp'));
    fully_shard(model, { mesh: mesh.get('dp') });
    return [model, new optim.AdamW(model.parameters(), { lr: 0.05 })];
  };

  return {
    async fsdp_with_tp() {
      const mesh = grid();
      const cube = dist.init_device_mesh('cpu', [1, 2, 2], { mesh_dim_names: ['replicate', 'shard', 'across'] });
      const [dp, tp] = [mesh.get('dp'), mesh.get('tp')];
      const mp_policy = new MixedPrecisionPolicy({ param_dtype: torch.bfloat16, reduce_dtype: torch.float32 });
      for (const [name, [along, across, options]] of Object.entries({
        plain: [dp, tp, {}],
        freed: [dp, tp, { reshard_after_forward: true }],
        bfloat16: [dp, tp, { mp_policy }],
        hybrid: [cube.get(['replicate', 'shard']), cube.get('across'), {}],
      })) {
        note(`fsdp with tp ${name}`, () => {
          const model = cut_mlp(across);
          fully_shard(model.up, { mesh: along, ...options });
          fully_shard(model, { mesh: along, ...options });
          const optimizer =
            name === 'freed'
              ? new optim.SGD(model.parameters(), { lr: 0.1, momentum: 0.9 })
              : new optim.AdamW(model.parameters(), { lr: 0.05 });
          torch.manual_seed(10 + row);
          const losses = train(model, optimizer, mlp_loss, { clip: name !== 'bfloat16' });
          return [losses, described_state(model), [...model.parameters()].map((x) => x.grad.to_local())];
        });
      }
      note('fsdp with tp accumulated', () => {
        const model = cut_mlp(tp);
        fully_shard(model, { mesh: dp });
        torch.manual_seed(20 + row);
        for (const sync of [false, true]) {
          model.set_requires_gradient_sync(sync);
          mlp_loss(model).backward();
        }
        return [...model.parameters()].map((x) => x.grad.full_tensor());
      });
      note('fsdp with tp loaded', () => {
        const [model, other] = [cut_mlp(tp), cut_mlp(tp)];
        for (const each of [model, other]) fully_shard(each, { mesh: dp });
        torch.no_grad(() => {
          for (const x of model.parameters()) x.mul_(2);
        });
        other.load_state_dict(model.state_dict());
        return other(torch.ones(2, 6)).detach();
      });
      if (in_one_group_with_python) return;
      note('fsdp with tp transformer', () => {
        const model = seeded(() => new Transformer(2));
        const split = { input_layouts: new Shard(1) };
        const out = { output_layouts: new Shard(1) };
        parallelize_module(model, tp, {
          tokens: new RowwiseParallel({ input_layouts: new Replicate(), ...out }),
          norm: new SequenceParallel(),
          head: new ColwiseParallel({ ...split, output_layouts: new Replicate() }),
        });
        const to_local = (_, _inputs, x) => x.to_local();
        for (const block of model.blocks) {
          parallelize_module(block, tp, {
            first: new SequenceParallel(),
            second: new SequenceParallel(),
            attention: new PrepareModuleInput({ input_layouts: new Shard(1), desired_input_layouts: new Replicate() }),
            'attention.query': new ColwiseParallel(),
            'attention.key': new ColwiseParallel(),
            'attention.value': new ColwiseParallel(),
            'attention.out': new RowwiseParallel(out),
            up: new ColwiseParallel(split),
            down: new RowwiseParallel(out),
          });
          block.first.register_forward_hook(to_local);
          block.second.register_forward_hook(to_local);
          fully_shard(block, { mesh: dp });
        }
        model.norm.register_forward_hook(to_local);
        fully_shard(model, { mesh: dp });
        torch.manual_seed(30 + row);
        const loss_of = (of) => {
          const [x, y] = [torch.randint(12, [2, 4]), torch.randint(12, [2, 4])];
          return F.cross_entropy(of(x).flatten(0, 1), y.flatten());
        };
        const losses = train(model, new optim.AdamW(model.parameters(), { lr: 0.02 }), loss_of);
        return [losses, described_state(model)];
      });
    },

    async ddp_with_tp() {
      const mesh = grid(['data', 'model']);
      note('ddp with tp', () => {
        const model = cut_mlp(mesh.get('model'));
        const ddp = new nn.parallel.DistributedDataParallel(model, { device_mesh: mesh.get('data') });
        const parameters = [...ddp.parameters()];
        torch.manual_seed(60 + row);
        const losses = train(ddp, new optim.AdamW(parameters, { lr: 0.05 }), mlp_loss, { clip: false });
        return [losses, parameters.map((x) => x.detach()), parameters.map((x) => x.grad)];
      });
      note(
        'ddp with a grid',
        () => new nn.parallel.DistributedDataParallel(new nn.Linear(2, 1), { device_mesh: mesh }),
      );
    },

    async save_composed() {
      const [model, optimizer] = composed(grid());
      torch.manual_seed(40 + row);
      train(model, optimizer, mlp_loss);
      const found = checkpoint.save(
        { model, optimizer },
        { checkpoint_id: `${given.folder_of_checkpoints}/composed-node` },
      );
      note('composed pieces', () =>
        [...found.state_dict_metadata]
          .filter(([, entry]) => 'chunks' in entry)
          .map(([name, { chunks }]) => [name, chunks.map(({ offsets, sizes }) => [[...offsets], [...sizes]])]),
      );
    },

    async read_composed() {
      const mesh = grid();
      for (const source of ['node', 'python']) {
        const [model, optimizer] = composed(mesh);
        torch.manual_seed(50 + row);
        train(model, optimizer, mlp_loss, { steps: 1 });
        const options = { checkpoint_id: `${given.folder_of_checkpoints}/composed-${source}`, no_dist: true };
        checkpoint.load({ model, optimizer }, options);
        note(`composed read ${source}`, () => described_state(model));
        note(`composed go on ${source}`, () => [
          train(model, optimizer, mlp_loss, { steps: 1 }),
          described_state(model),
        ]);
        const whole = Object.fromEntries(
          Object.entries(model.state_dict()).map(([name, x]) => [name, torch.zeros(x.shape)]),
        );
        checkpoint.load({ model: whole }, options);
        note(`composed whole ${source}`, () => Object.values(whole));
      }
    },
  };
}
