// What tests/reference/distributed_pipelining.py does, with this package.

/** @param {any} context what tests/distributed/rank.mjs has */
export function scenarios_of({ torch, given, note }) {
  const { distributed: dist, nn, optim } = torch;
  const { rank, world_size: size } = given;
  const { PipelineStage, Schedule1F1B, ScheduleGPipe } = dist.pipelining;

  class Part extends nn.Module {
    constructor() {
      super();
      this.norm = new nn.LayerNorm(6);
      this.layer = new nn.Linear(6, 6);
    }

    forward(x) {
      return x.add(this.layer(this.norm(x)).tanh());
    }
  }

  class TwoWays extends nn.Module {
    constructor() {
      super();
      this.layer = new nn.Linear(6, 6);
    }

    forward(x, y = x) {
      if (rank === size - 1) return this.layer(x).add(y);
      return [this.layer(x).relu(), y.mul(2)];
    }
  }

  return {
    async pipeline() {
      const schedules = { ScheduleGPipe, Schedule1F1B };
      for (const [name, count, scale_grads] of [
        ['ScheduleGPipe', 4, true],
        ['ScheduleGPipe', 2, false],
        ['Schedule1F1B', 4, true],
        ['Schedule1F1B', 8, true],
        ['Schedule1F1B', 8, false],
      ]) {
        for (const Model of [Part, TwoWays]) {
          note(`${name} ${count} ${scale_grads} ${Model.name}`, () => {
            torch.manual_seed(rank);
            const model = new Model();
            const optimizer = new optim.AdamW(model.parameters(), { lr: 0.05 });
            const stage = new PipelineStage(model, rank, size, 'cpu');
            const schedule = new schedules[name](stage, count, nn.functional.mse_loss, { scale_grads });
            const seen = [];
            for (let step = 0; step < 3; step++) {
              torch.manual_seed(100 + step);
              const [x, target] = [torch.randn(16, 6), torch.randn(16, 6)];
              const losses = [];
              optimizer.zero_grad();
              const options = stage.is_last ? { target, losses } : {};
              const out = stage.is_first ? schedule.step(x, options) : schedule.step(options);
              seen.push([out === null ? null : out.detach(), losses.map((loss) => loss.detach())]);
              optimizer.step();
            }
            return [seen, [...model.parameters()].map((p) => p.detach())];
          });
        }
      }
      note('forward alone', () => {
        torch.manual_seed(rank);
        const stage = new PipelineStage(new Part(), rank, size, 'cpu');
        const schedule = new ScheduleGPipe(stage, 4);
        torch.manual_seed(200);
        const x = torch.randn(16, 6);
        return torch.no_grad(() => (stage.is_first ? schedule.step(x) : schedule.step()));
      });
      note('out of range', () => new PipelineStage(new Part(), size, size, 'cpu'));
      note('few', () => new Schedule1F1B(new PipelineStage(new Part(), rank, size, 'cpu'), size - 1));
      note('without gradients', () => {
        const schedule = new ScheduleGPipe(new PipelineStage(new Part(), rank, size, 'cpu'), 2, nn.functional.mse_loss);
        torch.no_grad(() => schedule.step(torch.ones(2, 6)));
      });
    },
  };
}
