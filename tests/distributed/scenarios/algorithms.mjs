// What tests/reference/distributed_algorithms.py does, with this package.

/** @param {any} context what tests/distributed/rank.mjs has */
export function scenarios_of({ torch, given, note, results, described }) {
  const { distributed: dist, nn, optim } = torch;
  const { rank, world_size: size, folder_of_checkpoints: folder } = given;
  const { powerSGD_hook: power } = dist.algorithms.ddp_comm_hooks;
  const { model_averaging } = dist.algorithms;

  const make = () =>
    new nn.Sequential(new nn.Linear(12, 16), new nn.Tanh(), new nn.Linear(16, 12), new nn.Linear(12, 16));
  const weights = (model) => [...model.parameters()].map((p) => p.detach().clone());
  const step_of = (model, optimizer, step) => {
    torch.manual_seed(100 * step + rank);
    optimizer.zero_grad();
    nn.functional.mse_loss(model(torch.randn(4, 12)), torch.randn(4, 16)).backward();
    optimizer.step();
  };

  return {
    async algorithms() {
      for (const [name, hook, options] of [
        ['one', power.powerSGD_hook, { start_powerSGD_iter: 2 }],
        ['two', power.powerSGD_hook, { matrix_approximation_rank: 2, start_powerSGD_iter: 2 }],
        [
          'three',
          power.powerSGD_hook,
          { matrix_approximation_rank: 3, start_powerSGD_iter: 2, min_compression_rate: 1 },
        ],
        ['batched shapes', power.powerSGD_hook, { start_powerSGD_iter: 2, batch_tensors_with_same_shape: true }],
        [
          'cold',
          power.powerSGD_hook,
          { start_powerSGD_iter: 0, use_error_feedback: false, warm_start: false, random_seed: 5 },
        ],
        ['epsilon', power.powerSGD_hook, { start_powerSGD_iter: 3, orthogonalization_epsilon: 1e-6 }],
        ['square', power.batched_powerSGD_hook, { start_powerSGD_iter: 2 }],
        [
          'square two',
          power.batched_powerSGD_hook,
          { matrix_approximation_rank: 2, start_powerSGD_iter: 2, use_error_feedback: false },
        ],
      ]) {
        note(`powerSGD ${name}`, () => {
          torch.manual_seed(1);
          const model = new nn.parallel.DistributedDataParallel(make());
          const state = new power.PowerSGDState(null, options);
          model.register_comm_hook(state, hook);
          const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
          for (let step = 0; step < 6; step++) step_of(model, optimizer, step);
          return [weights(model), state.iter, [...state.compression_stats()]];
        });
      }
      note('powerSGD too early', () => new power.PowerSGDState(null, { start_powerSGD_iter: 1 }));
      for (const [name, averager_of] of [
        ['periodic', () => new model_averaging.averagers.PeriodicModelAverager(2, 1)],
        [
          'hierarchical',
          () =>
            new model_averaging.hierarchical_model_averager.HierarchicalModelAverager(
              new Map([
                [2, size / 2],
                [4, size],
              ]),
              { warmup_steps: 1 },
            ),
        ],
      ]) {
        note(`averager ${name}`, () => {
          torch.manual_seed(rank);
          const model = make();
          const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
          const averager = averager_of();
          const seen = [];
          for (let step = 0; step < 5; step++) {
            step_of(model, optimizer, step);
            averager.average_parameters(step % 2 ? model.parameters() : optimizer.param_groups);
            seen.push(weights(model)[0]);
          }
          return [seen, weights(model), averager.step];
        });
      }
      note('averager period', () => new model_averaging.averagers.PeriodicModelAverager(0));
      note(
        'averager sizes',
        () => new model_averaging.hierarchical_model_averager.HierarchicalModelAverager(new Map([[2, size + 1]])),
      );
      const { DTensor, Shard } = dist.tensor;
      const mesh = dist.init_device_mesh('cpu', [size]);
      const local = torch
        .arange(6)
        .reshape(2, 3)
        .add(10 * rank)
        .to(torch.float32);
      const state = { rows: DTensor.from_local(local, mesh, [new Shard(0)]), plain: torch.arange(3), step: 7 };
      const saved = dist.checkpoint.async_save(state, { checkpoint_id: `${folder}/async` });
      // What was copied does not change, and other collectives go on.
      local.zero_();
      const sum = torch.ones(1);
      dist.all_reduce(sum);
      await saved;
      const read = {
        rows: DTensor.from_local(torch.zeros(2, 3), mesh, [new Shard(0)]),
        plain: torch.zeros(3).long(),
        step: 0,
      };
      dist.checkpoint.load(read, { checkpoint_id: `${folder}/async` });
      results['async_save'] = described([sum, read.rows.to_local(), read.plain, read.step]);
    },
  };
}
