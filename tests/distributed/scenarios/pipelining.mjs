// What tests/reference/distributed_pipelining.py does, with this package.

/** @param {any} context what tests/distributed/rank.mjs has */
export function scenarios_of({ torch, given, note }) {
  const { distributed: dist, nn, optim } = torch;
  const { rank, world_size: size } = given;
  const { PipelineStage, Schedule1F1B, ScheduleGPipe } = dist.pipelining;

  /** A stage in the middle of others that takes two tensors and gives two. */
  class Joined extends nn.Module {
    constructor(index, stages) {
      super();
      this.layer = new nn.Linear(6, 6);
      this.norm = new nn.LayerNorm(6);
      this.is_last = index === stages - 1;
    }

    forward(x, y = x) {
      const z = this.norm(this.layer(x).tanh()).add(y);
      return this.is_last ? z : [z, y.mul(x)];
    }
  }

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
      const in_v = (i) => [rank, 2 * size - 1 - rank][i];
      const in_turn = (i) => rank + i * size;
      for (const [name, local, count, scale_grads, index_of] of [
        ['ScheduleLoopedBFS', 2, 4, true, in_turn],
        ['ScheduleInterleaved1F1B', 2, 8, true, in_turn],
        ['ScheduleInterleaved1F1B', 3, 4, false, in_turn],
        ['ScheduleInterleavedZeroBubble', 2, 8, true, in_turn],
        ['ScheduleInterleavedZeroBubble', 3, 4, true, in_turn],
        ['ScheduleZBVZeroBubble', 2, 2, true, in_v],
        ['ScheduleZBVZeroBubble', 2, 8, false, in_v],
        ['ScheduleDualPipeV', 2, 8, true, in_v],
        ['ScheduleDualPipeV', 2, 16, true, in_v],
      ]) {
        note(`${name} ${local} ${count} ${scale_grads}`, () => {
          const indices = Array.from({ length: local }, (_, i) => index_of(i));
          const stages = indices.map((index) => {
            torch.manual_seed(index);
            return new PipelineStage(new Joined(index, local * size), index, local * size, 'cpu');
          });
          const parameters = stages.flatMap((stage) => [...stage.submod.parameters()]);
          const optimizer = new optim.AdamW(parameters, { lr: 0.05 });
          const schedule = new dist.pipelining[name](stages, count, nn.functional.mse_loss, { scale_grads });
          const seen = [];
          for (let step = 0; step < 2; step++) {
            torch.manual_seed(100 + step);
            const [x, target] = [torch.randn(16, 6), torch.randn(16, 6)];
            const losses = [];
            optimizer.zero_grad();
            const is_last = indices.includes(local * size - 1);
            const options = is_last ? { target, losses } : {};
            const out = indices.includes(0) ? schedule.step(x, options) : schedule.step(options);
            seen.push([out === null ? null : out.detach(), losses.map((loss) => loss.detach())]);
            seen.push(parameters.map((p) => p.grad.clone()));
            optimizer.step();
          }
          return [seen, parameters.map((p) => p.detach())];
        });
      }
      const two = () => [0, 1].map((i) => new PipelineStage(new Part(), in_turn(i), 2 * size, 'cpu'));
      note('uneven rounds', () => new dist.pipelining.ScheduleInterleaved1F1B(two(), 2 * size + 1));
      note(
        'uneven rounds without bubbles',
        () => new dist.pipelining.ScheduleInterleavedZeroBubble(two(), 2 * size + 1),
      );
      note('one stage for two', () => new dist.pipelining.ScheduleZBVZeroBubble(two().slice(0, 1), 4));
      note('few for both ways', () => new dist.pipelining.ScheduleDualPipeV(two(), 1));
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
